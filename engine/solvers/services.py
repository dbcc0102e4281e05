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

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Literal

import numpy as np

from engine.model.market import Ints
from engine.model.tzr.blocks import UNRANKED, Block
from engine.solvers.arrays import Mask
from engine.solvers.services_bound import SCALE, Prices, prices_of
from engine.solvers.services_cover import EFFORT, PART, choices, greedy, improved, left_over
from engine.solvers.services_model import Limits, first_possible, most_worth
from engine.solvers.services_polish import polished
from engine.solvers.services_pool import Pool, pool_of

BATCH = 48
"""Services wanted that are looked at in one search."""

EXACT = 1_200
"""Services a block may have left for a search over all of them at once."""

COVER_SHARE = 0.6
"""Part of the time that covering needs may take, before TZR choose."""

SHARES = 3.0
"""How many times its share of that time, by its TZR, a block may take: one that is hard leaves some to the others."""

ROUNDS = 2
"""Parts of a choice that are made anew for each TZR, before it is left as it is."""

LEAST_S = 10.0
"""Seconds that every block may take: work ends a small one long before, whatever else the machine does."""

PROOF_EFFORT = 5.0
CHOICE_EFFORT = 1.0


@dataclass(frozen=True)
class ServiceOptions:
    """How services are chosen.

    Attributes
    ----------
    max_schools, max_metres : of one service
    time_limit_s : for all blocks together
    gap : part of the hours of all blocks together that may stay short of their bound: once it is no larger, only what
        can be searched whole is improved further
    effort : deterministic units of work of one search (about seconds)
    workers : blocks solved at a time
    """

    max_schools: int
    max_metres: int
    time_limit_s: float
    gap: float = 0.0
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
    rounds : parts of the choice that were made anew for each TZR to cover more; 0 where the gap was small enough before
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
    rounds: int
    num_services: int
    stop: Literal["finished", "time_limit"]

    @property
    def proven(self) -> bool:
        return self.hours == self.hours_bound and self.employed == self.employed_bound


def assign_services(blocks: Sequence[Block], options: ServiceOptions) -> list[Services]:
    """The services of every block; the largest blocks are begun first, so that two workers end at about one time."""
    start = perf_counter()
    sizes = [len(block.tzr) * len(block.hours) for block in blocks]
    by_size = sorted(range(len(blocks)), key=lambda i: (-sizes[i], i))
    cover = Limits(start + COVER_SHARE * options.time_limit_s, options.effort)
    per_tzr = SHARES * COVER_SHARE * options.time_limit_s * options.workers / max(sum(len(b.tzr) for b in blocks), 1)
    choose = Limits(start + options.time_limit_s, options.effort)
    with ThreadPoolExecutor(max_workers=options.workers) as threads:
        first = {i: threads.submit(begun, blocks[i], options, cover) for i in by_size}
        searches = {i: first[i].result() for i in by_size}
        rounds = 0 if _gap(searches.values()) <= options.gap else ROUNDS  # the same for all: no block waits for luck
        for done in [threads.submit(_cover_in_share, searches[i], cover, per_tzr, rounds) for i in by_size]:
            done.result()
        chosen = {i: threads.submit(searches[i].choose, choose) for i in by_size}
        return [chosen[i].result() for i in range(len(blocks))]


def _gap(searches: Iterable[Search]) -> float:
    """Part of the hours of all blocks together by which their first choices are short of their bounds."""
    hours = [search.cover_and_bound for search in searches]
    most = sum(bound for _, bound in hours)
    return (most - sum(covered for covered, _ in hours)) / max(most, 1)


def _cover_in_share(search: Search, limits: Limits, per_tzr: float, rounds: int) -> None:
    own = perf_counter() + max(per_tzr * len(search.block.tzr), LEAST_S)
    share = replace(limits, deadline=min(limits.deadline, own)) if rounds else limits  # a proof alone is never long
    search.cover(share, rounds)


def services_of(block: Block, options: ServiceOptions, limits: Limits, rounds: int = ROUNDS) -> Services:
    """The services of one block.

    Parameters
    ----------
    rounds : as in `Services`
    """
    return covered_block(block, options, limits, rounds).choose(limits)


def covered_block(block: Block, options: ServiceOptions, limits: Limits, rounds: int = ROUNDS) -> Search:
    """A block whose needs are covered as well as can be, before its TZR choose."""
    search = begun(block, options, limits)
    search.cover(limits, rounds)
    return search


def begun(block: Block, options: ServiceOptions, limits: Limits) -> Search:
    """A block with its services, their prices and a first choice of them."""
    search = Search(block, pool_of(block, options.max_schools, options.max_metres))
    search.begin(limits)
    return search


class Search:
    """The state of the three steps on one block: what of it is still free, and a choice of services for that.

    With `everybody_first` employing one more TZR is worth more than all hours; nobody changes services in the end, and
    the bounds told have no meaning.
    """

    def __init__(self, block: Block, pool: Pool, *, everybody_first: bool = False) -> None:
        self.block, self.pool = block, pool
        self.every = pool  # whatever becomes of the others
        self.stock, self.staff = block.pieces.copy(), block.staff
        self.unit = int(np.gcd.reduce(block.hours))
        self.may_change = not everybody_first
        self.weight = 1 if everybody_first else len(block.tzr) + 1
        self.head = 1 + int((block.hours * block.pieces).sum()) // self.unit if everybody_first else 1
        self.worth = self._worth(pool)
        self.uses = np.zeros(len(pool), dtype=np.int64)
        self.prices = Prices(np.zeros_like(block.pieces), np.zeros_like(block.low), 0, np.zeros_like(pool.kind))
        self.least, self.bound = 0, 0
        self.stopped = False
        self.covers_most = True
        self.settled, self.rounds = 0, ROUNDS
        self.lots: list[Ints] = []
        ranks = int(block.rank[block.rank < UNRANKED].max(initial=0)) + 1
        self.offered, self.open = np.zeros((2, len(block.tzr), ranks), dtype=np.bool_)

    def _worth(self, pool: Pool) -> Ints:
        """int64[v]: an hour is worth more than all TZR together, or one of them more than all hours."""
        return pool.hours // self.unit * self.weight + self.head

    def begin(self, limits: Limits) -> None:
        """Prices, and a first choice of services."""
        if not len(self.pool):
            return
        self.prices = prices_of(self.pool, self.worth, self.stock, self.staff)
        self.bound = self.prices.bound if self.pool.complete else self._capacity()
        self.uses = greedy(self.pool, self.prices, self.stock, self.staff)
        self._improve(len(self.block.tzr) // 2, limits)

    @property
    def cover_and_bound(self) -> tuple[int, int]:
        """Thousandths of an hour that the choice covers, and that none covers more than."""
        return int((self.uses * self.pool.hours).sum()), self.bound // self.weight * self.unit

    def cover(self, limits: Limits, rounds: int = ROUNDS) -> None:
        """Most hours, then most TZR; what cannot be part of such a choice leaves the pool.

        Parameters
        ----------
        rounds : parts of the choice that are made anew for each TZR, and ten times as many for the block; with 0 only
            what can be searched whole is improved
        """
        self.rounds = rounds
        if not len(self.pool):
            return
        self._improve(rounds * (10 + len(self.block.tzr)), limits)
        self.least = int((self.uses * self.worth).sum())
        if self.least < self.bound and self.pool.complete:
            self._prove(limits)
        self.covers_most = self.least == self.bound
        self.stopped |= not self.covers_most and limits.seconds <= 0
        self._keep(self.prices.can_reach(self.least) | (self.uses > 0))

    def _improve(self, rounds: int, limits: Limits) -> None:
        arrays = (self.block, self.pool, self.worth, self.prices, self.uses)
        self.uses = improved(*arrays, self.bound, rounds, limits)

    def _prove(self, limits: Limits) -> None:
        """Look among all services that may be part of a better choice, where they are few enough."""
        rows = np.flatnonzero(self.prices.can_reach(self.least + 1))
        if len(rows) > EXACT:
            return
        some, effort = self.pool.only(rows), limits.within(PROOF_EFFORT)
        found = most_worth(some, self.worth[rows], self.stock, self.staff, self.bound, effort)
        if found.uses is not None and int((found.uses * self.worth[rows]).sum()) > self.least:
            self.uses = np.zeros_like(self.uses)
            self.uses[rows] = found.uses
            self.least = int((self.uses * self.worth).sum())
        if found.proven:
            self.bound = self.least

    def choose(self, limits: Limits) -> Services:
        """Each TZR in the order of points takes the best service he can have."""
        for i in range(len(self.block.tzr)):
            whole = self.every.liked(self.block, i)[1]
            self._mark(self.offered, i, whole)
            self._mark(self.open, i, self.every.only(self.every.fits(self.stock)).liked(self.block, i)[1])
            self._take(i, self._best(i, limits))
        if self.may_change and (self.settled < len(self.lots) or not self.covers_most):
            self.lots = polished(self.block, self.every, self.lots)
        return self._result()

    def _take(self, i: int, chosen: int | None) -> None:
        self.staff[self.block.kind[i]] -= 1
        if chosen is None:
            self.lots.append(np.empty(0, dtype=np.int64))
            return
        self.lots.append(self.pool.lots_of(chosen).copy())
        np.subtract.at(self.stock, self.lots[-1], 1)
        self.uses[chosen] -= 1
        self.least -= int(self.worth[chosen])
        self._keep((self.pool.fits(self.stock) & self._can_reach()) | (self.uses > 0))

    def _best(self, i: int, limits: Limits) -> int | None:
        """The best service a TZR can have, as far as is found; counted as settled where it is proven."""
        liked, _ = self.pool.liked(self.block, i)
        held = np.flatnonzero(self.uses[liked] > 0)
        own = int(liked[held[0]]) if len(held) else None
        better = liked[: held[0]] if len(held) else liked
        if not len(better):
            self.settled += 1
            return own
        if limits.seconds <= 0:
            self.stopped = True
            return own
        if len(self.pool) <= EXACT:
            return self._proven(better, own, limits.within(CHOICE_EFFORT))
        return self._nearby(better, own, limits)

    def _proven(self, better: Ints, own: int | None, limits: Limits) -> int | None:
        """The first of some services that can be had, by searches over all of the block; else his own."""
        arrays = (self.pool, self.worth, self.stock, self.staff, self.least)
        for start in range(0, len(better), BATCH):
            wanted = better[start : start + BATCH]
            found = first_possible(*arrays, wanted, limits)
            if found.uses is not None:
                self.uses = found.uses
                self.settled += found.proven
                return int(wanted[np.flatnonzero(found.uses[wanted] > 0)[0]])
            if not found.proven:
                return own
        self.settled += 1
        return own

    def _nearby(self, better: Ints, own: int | None, limits: Limits) -> int | None:
        """The first of some services that can be had when a few others are dealt out again; else his own."""
        chosen = np.repeat(np.arange(len(self.pool)), self.uses)
        place = self.block.school[self.pool.lot[self.pool.ptr[:-1]]]
        metres = self.block.apart[place[better[0]], place[chosen]]
        order = np.lexsort((metres, chosen != (-1 if own is None else own)))
        part = chosen[order[:PART]]
        kept = self.uses.copy()
        np.subtract.at(kept, part, 1)
        stock, staff = left_over(self.pool, self.stock, self.staff, kept)
        rows = choices(self.pool, self.prices, stock, staff, part)
        wanted = np.flatnonzero(np.isin(rows, better[:BATCH]))
        wanted = wanted[np.argsort(np.argsort(better)[np.searchsorted(np.sort(better), rows[wanted])])]
        if not len(wanted):
            return own
        some, worth = self.pool.only(rows), self.worth[rows]
        found = first_possible(some, worth, stock, staff, int(self.worth[part].sum()), wanted, limits.within(EFFORT))
        if found.uses is None:
            return own
        kept[rows] += found.uses
        self.uses = kept
        self.least = int((self.uses * self.worth).sum())
        taken = int(rows[wanted[np.flatnonzero(found.uses[wanted] > 0)[0]]])
        self.settled += taken == better[0]
        return taken

    def _capacity(self) -> int:
        """What no choice is worth more than, whatever services there are."""
        block = self.block
        hours = min(int((block.hours * block.pieces).sum()), int((block.high * block.staff).sum()))
        return hours // self.unit * self.weight + self.head * len(block.tzr)

    def _mark(self, table: Mask, i: int, ranks: Ints) -> None:
        table[i, 0] = len(ranks) > 0
        for rank in range(1, table.shape[1]):
            table[i, rank] = bool((ranks <= rank).any())

    def _can_reach(self) -> Mask:
        """bool[v]: services that may be part of a choice worth what is still to be reached."""
        total = int((self.stock * self.prices.lot).sum() + (self.staff * self.prices.kind).sum())
        return replace(self.prices, total=total).can_reach(self.least)

    def _keep(self, kept: Mask) -> None:
        self.pool, self.worth, self.uses = self.pool.only(kept), self.worth[kept], self.uses[kept]
        self.prices = replace(self.prices, loss=self.prices.loss[kept])

    def _result(self) -> Services:
        given = [int(self.block.hours[lots].sum()) for lots in self.lots]
        hours, employed = sum(given), sum(map(bool, given))
        most, count = divmod(self.bound, self.weight)
        return Services(
            lots=tuple(self.lots),
            offered=self.offered,
            open=self.open,
            listed=np.isin(np.arange(len(self.block.hours)), self.every.lot),
            hours=hours,
            employed=employed,
            hours_bound=most * self.unit,
            employed_bound=count if most * self.unit == hours else len(self.lots),
            lot_price=self.prices.lot,
            kind_price=self.prices.kind,
            price_units=(self.unit, self.weight, SCALE),
            settled=self.settled,
            rounds=self.rounds,
            num_services=len(self.every),
            stop="time_limit" if self.stopped else "finished",
        )
