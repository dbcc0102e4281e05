"""Who teaches where for the year: most need covered, then most TZR employed, then each in the order of points.

Three steps for each block, each with its proof where time allows:

1. every service there can be (`engine.solvers.services_pool`), and prices that bound what any choice of them is worth
   (`engine.solvers.services_bound`);
2. the choice that covers most hours and, of these, employs most TZR (CP-SAT);
3. the TZR one after the other, the strongest first: each has the service he likes best among those that leave the hours
   covered, the number employed and what those before him have as they are (CP-SAT).

He likes a service better whose schools are all within an earlier preference, then one nearer to his school of
attachment (all its schools together), then one in fewer schools.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Literal

import numpy as np

from engine.model.market import Ints
from engine.model.tzr.blocks import UNRANKED, Block
from engine.solvers.arrays import Mask
from engine.solvers.services_bound import SCALE, Prices, prices_of
from engine.solvers.services_model import Limits, first_possible, most_worth
from engine.solvers.services_pool import Pool, pool_of

BATCH = 48
"""Services wanted that are looked at in one search."""


@dataclass(frozen=True)
class ServiceOptions:
    """How services are chosen.

    Attributes
    ----------
    max_schools, max_metres : of one service
    time_limit_s : for all blocks together
    effort : deterministic units of work of one search (about seconds)
    workers : blocks solved at a time
    """

    max_schools: int
    max_metres: int
    time_limit_s: float
    effort: float = 20.0
    workers: int = 2


@dataclass(frozen=True, eq=False)
class Services:
    """The services chosen for a block.

    Attributes
    ----------
    lots : for each TZR the lots of his service, once for each piece; none where he has no service
    offered, open : bool[n, r+1], whether some service for the TZR lies within his first preferences up to that rank
        (0: whatever it lies in), with all needs of the block, and with those left by the stronger
    listed : bool[l], whether some service there can be has a piece of the lot
    hours, employed : thousandths of an hour covered, TZR with a service
    hours_bound, employed_bound : no choice covers more hours; none that covers as many employs more
    lot_price, kind_price : int64[l], int64[k], prices that prove a bound (`engine.solvers.services_bound`)
    price_units : thousandths of an hour that are one unit of worth, what that unit is worth, and the scale of prices
    settled : how many TZR have the best service they can, proven
    num_services : services there can be (those that were listed)
    stop : finished, or time_limit
    """

    lots: tuple[Ints, ...]
    offered: Mask
    open: Mask
    listed: Mask
    hours: int
    employed: int
    hours_bound: int
    employed_bound: int
    lot_price: Ints
    kind_price: Ints
    price_units: tuple[int, int, int]
    settled: int
    num_services: int
    stop: Literal["finished", "time_limit"]

    @property
    def proven(self) -> bool:
        return self.hours == self.hours_bound and self.employed == self.employed_bound


def assign_services(blocks: Sequence[Block], options: ServiceOptions) -> list[Services]:
    """The services of every block; the largest blocks are begun first, so that two workers end at about one time."""
    deadline = perf_counter() + options.time_limit_s
    sizes = [len(block.tzr) * len(block.hours) for block in blocks]
    by_size = sorted(range(len(blocks)), key=lambda i: (-sizes[i], i))
    limits = Limits(deadline, options.effort)
    with ThreadPoolExecutor(max_workers=options.workers) as threads:
        jobs = {i: threads.submit(services_of, blocks[i], options, limits) for i in by_size}
    return [jobs[i].result() for i in range(len(blocks))]


def services_of(block: Block, options: ServiceOptions, limits: Limits) -> Services:
    """The services of one block."""
    search = _Search(block, pool_of(block, options.max_schools, options.max_metres), limits)
    search.cover()
    search.choose()
    return search.result()


class _Search:
    """The state of the three steps on one block."""

    def __init__(self, block: Block, pool: Pool, limits: Limits) -> None:
        self.block, self.pool, self.limits = block, pool, limits
        self.every = pool  # whatever becomes of the others
        self.stock, self.staff = block.pieces.copy(), block.staff
        self.unit = int(np.gcd.reduce(block.hours))
        self.weight = len(block.tzr) + 1
        self.worth = pool.hours // self.unit * self.weight + 1
        self.uses = np.zeros(len(pool), dtype=np.int64)
        self.least, self.bound = 0, 0
        self.num_services = len(pool)
        self.stopped = False
        self.settled = 0
        self.listed = np.isin(np.arange(len(block.hours)), pool.lot)
        self.lots: list[Ints] = []
        self.prices = Prices(np.zeros_like(block.pieces), np.zeros_like(block.low), 0, np.zeros_like(pool.kind))
        ranks = int(block.rank[block.rank < UNRANKED].max(initial=0)) + 1
        self.offered, self.open = np.zeros((2, len(block.tzr), ranks), dtype=np.bool_)

    def cover(self) -> None:
        """Most hours, then most TZR; what may still be part of such a choice stays in the pool."""
        if not len(self.pool):
            return
        self._offer()
        self.prices = prices_of(self.pool, self.worth, self.stock, self.staff)
        self.bound = self.prices.bound
        if not self.pool.complete:
            self.bound = self._capacity()
        found = most_worth(self.pool, self.worth, self.stock, self.staff, self.bound, self.limits)
        if found.uses is not None:
            self.uses = found.uses
        self.least = int((self.uses * self.worth).sum())
        if found.proven and self.pool.complete:
            self.bound = self.least
        self.stopped = not found.proven
        self._keep(self.prices.can_reach(self.least) | (self.uses > 0))

    def choose(self) -> None:
        """Each TZR in the order of points takes the best service he can have."""
        for i in range(len(self.block.tzr)):
            self._mark(self.open, i, self._liked(i, self.every.only(self.every.fits(self.stock)))[1])
            chosen = self._best(i) if len(self.pool) else None
            self.staff[self.block.kind[i]] -= 1
            if chosen is None:
                self.settled += not len(self.pool) and not self.stopped
                self.lots.append(np.empty(0, dtype=np.int64))
                continue
            self.lots.append(self.pool.lots_of(chosen).copy())
            np.subtract.at(self.stock, self.lots[-1], 1)
            self.uses[chosen] -= 1
            self.least -= int(self.worth[chosen])
            self._keep((self.pool.fits(self.stock) & self._can_reach()) | (self.uses > 0))

    def result(self) -> Services:
        given = [int(self.block.hours[lots].sum()) for lots in self.lots]
        hours, employed = sum(given), sum(map(bool, given))
        most, count = divmod(self.bound, self.weight)
        most *= self.unit
        return Services(
            lots=tuple(self.lots),
            offered=self.offered,
            open=self.open,
            listed=self.listed,
            hours=hours,
            employed=employed,
            hours_bound=most,
            employed_bound=count if most == hours else len(self.lots),
            lot_price=self.prices.lot,
            kind_price=self.prices.kind,
            price_units=(self.unit, self.weight, SCALE),
            settled=self.settled,
            num_services=self.num_services,
            stop="time_limit" if self.stopped else "finished",
        )

    def _capacity(self) -> int:
        """What no choice is worth more than, whatever services there are."""
        block = self.block
        hours = min(int((block.hours * block.pieces).sum()), int((block.high * block.staff).sum()))
        return hours // self.unit * self.weight + len(block.tzr)

    def _offer(self) -> None:
        for i in range(len(self.block.tzr)):
            self._mark(self.offered, i, self._liked(i, self.every)[1])

    def _mark(self, table: Mask, i: int, ranks: Ints) -> None:
        table[i, 0] = len(ranks) > 0
        for rank in range(1, table.shape[1]):
            table[i, rank] = bool((ranks <= rank).any())

    def _liked(self, i: int, pool: Pool) -> tuple[Ints, Ints]:
        """The services of a pool that a TZR may have, the one he likes best first, and the rank of each."""
        block = self.block
        rows = np.flatnonzero(pool.kind == block.kind[i])
        own = pool.only(rows)
        if not len(own):
            return rows, rows
        school = block.school[own.lot]
        other = np.append(True, school[1:] != school[:-1])
        other[own.ptr[:-1]] = True
        rank = np.maximum.reduceat(block.rank[i, school], own.ptr[:-1])
        metres = np.add.reduceat(np.where(other, block.metres[i, school], 0), own.ptr[:-1])
        schools = np.add.reduceat(other.astype(np.int64), own.ptr[:-1])
        order = np.lexsort((rows, schools, metres, rank))
        return rows[order], rank[order]

    def _best(self, i: int) -> int | None:
        liked, _ = self._liked(i, self.pool)
        held = np.flatnonzero(self.uses[liked] > 0)
        better = liked[: held[0]] if len(held) else liked
        for start in range(0, len(better), BATCH):
            wanted = better[start : start + BATCH]
            if self.limits.seconds <= 0:
                self.stopped = True
                break
            found = first_possible(self.pool, self.worth, self.stock, self.staff, self.least, wanted, self.limits)
            if found.uses is not None:
                self.uses = found.uses
                self.settled += found.proven
                return int(wanted[np.flatnonzero(found.uses[wanted] > 0)[0]])
            if not found.proven:
                self.stopped = True
                break
        else:
            self.settled += 1
        return int(liked[held[0]]) if len(held) else None

    def _can_reach(self) -> Mask:
        """bool[v]: services that may be part of a choice worth what is still to be reached."""
        total = int((self.stock * self.prices.lot).sum() + (self.staff * self.prices.kind).sum())
        return replace(self.prices, total=total).can_reach(self.least)

    def _keep(self, kept: Mask) -> None:
        self.pool, self.worth, self.uses = self.pool.only(kept), self.worth[kept], self.uses[kept]
        self.prices = replace(self.prices, loss=self.prices.loss[kept])
