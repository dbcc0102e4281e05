"""All services a block admits, as arrays: what each is worth to the objective, which lots and schools it uses."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.model.market import Ints
from engine.model.tzr.blocks import Block
from engine.solvers.arrays import Mask

MAX_STEPS = 40_000_000
"""Pieces the search for the services of one kind tries before it is held to be too long."""

MAX_SERVICES = 400_000
"""Services of one kind that are kept; where there are more, only nearer schools are combined."""

MEAN_PIECES = 6


@dataclass(frozen=True, eq=False)
class Pool:
    """Services that TZR of a block may have.

    Attributes
    ----------
    kind : int64[v], the kind of TZR each is for
    hours : int64[v], thousandths of an hour
    ptr, lot : int64[v+1], int64[], the lots of each, once for each piece
    complete : whether all there can be are listed
    """

    kind: Ints
    hours: Ints
    ptr: Ints
    lot: Ints
    complete: bool

    def __len__(self) -> int:
        return len(self.kind)

    def only(self, kept: Mask | Ints) -> Pool:
        """The services kept, in their order."""
        rows = np.flatnonzero(kept) if kept.dtype == np.bool_ else kept
        length = np.diff(self.ptr)[rows]
        ptr = np.concatenate(([0], np.cumsum(length)))
        cells = np.repeat(self.ptr[rows] - ptr[:-1], length) + np.arange(int(length.sum()))
        return replace(self, kind=self.kind[rows], hours=self.hours[rows], ptr=ptr, lot=self.lot[cells])

    def sums(self, values: Ints) -> Ints:
        """int64[v]: for each service the sum of a value of its lots."""
        total = np.concatenate(([0], np.cumsum(values[self.lot])))
        return total[self.ptr[1:]] - total[self.ptr[:-1]]

    def liked(self, block: Block, i: int) -> tuple[Ints, Ints]:
        """The services a TZR may have, the one he likes best first, and the rank of each.

        A service lies within the first preferences that cover all its schools; then the nearer to the school of
        attachment the better, all schools together; then the fewer schools.
        """
        rows = np.flatnonzero(self.kind == block.kind[i])
        own = self.only(rows)
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

    def lots_of(self, service: int) -> Ints:
        return self.lot[self.ptr[service] : self.ptr[service + 1]]

    def fits(self, stock: Ints) -> Mask:
        """bool[v]: whether there are pieces enough of all its lots."""
        own = np.repeat(np.arange(len(self)), np.diff(self.ptr))
        again = np.concatenate(([False], (self.lot[1:] == self.lot[:-1]) & (own[1:] == own[:-1])))
        start = np.flatnonzero(~again)
        wanted = np.diff(np.append(start, len(self.lot)))
        short = np.repeat(wanted, wanted) > stock[self.lot]
        fitting = np.ones(len(self), dtype=np.bool_)
        fitting[own[short]] = False
        return fitting


def pool_of(block: Block, max_schools: int, max_metres: int) -> Pool:
    """The services of a block: within the hours of each kind, in at most so many schools, none too far from another.

    Where there are too many to list, the schools of a service are held nearer to each other, and the pool says that it
    is not complete.
    """
    radius, complete = max_metres, True
    while True:
        parts = [_of_kind(block, kind, max_schools, radius) for kind in range(len(block.low))]
        if None not in parts:
            return _joined(block, [part for part in parts if part is not None], complete=complete)
        complete = False
        radius //= 2
        if radius < 1000:
            max_schools, radius = max(max_schools - 1, 1), max_metres


def _of_kind(block: Block, kind: int, max_schools: int, radius: int) -> tuple[Ints, Ints] | None:
    """ptr and lots of the services of one kind; None where there are too many."""
    from engine.solvers.services_kernel import list_services

    ptr = np.zeros(MAX_SERVICES + 1, dtype=np.int64)
    lot = np.empty(MAX_SERVICES * MEAN_PIECES, dtype=np.int64)
    near = block.apart <= radius
    low, high = int(block.low[kind]), int(block.high[kind])
    reach = np.ascontiguousarray(block.reach[kind])
    arrays = (block.school, block.hours, block.pieces, reach, near)
    found, cells = list_services(*arrays, low, high, max_schools, MAX_STEPS, ptr, lot)
    return None if found < 0 else (ptr[: found + 1].copy(), lot[:cells].copy())


def _joined(block: Block, parts: list[tuple[Ints, Ints]], *, complete: bool) -> Pool:
    lengths = np.concatenate([np.diff(ptr) for ptr, _ in parts])
    kind = np.repeat(np.arange(len(parts)), [len(ptr) - 1 for ptr, _ in parts])
    ptr, lot = np.concatenate(([0], np.cumsum(lengths))), np.concatenate([lots for _, lots in parts])
    pool = Pool(kind, np.zeros(len(kind), dtype=np.int64), ptr, lot, complete)
    return replace(pool, hours=pool.sums(block.hours))
