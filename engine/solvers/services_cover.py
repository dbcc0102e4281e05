"""A choice of services worth as much as can be: greedy, then parts of it chosen anew (large neighbourhood search).

A part is a few services near to each other: given up together, their lots and those left over are dealt out again as
well as can be (CP-SAT). It never gets worse, and it ends when the bound is reached or after so many parts.
"""

from __future__ import annotations

import numpy as np

from engine.model.market import Ints
from engine.model.tzr.blocks import Block
from engine.solvers.services_bound import Prices
from engine.solvers.services_model import Limits, most_worth
from engine.solvers.services_pool import Pool

SEED = 1
PART = 4
"""Services given up together at first."""

WIDER_AFTER = 15
"""Parts tried before one service more is given up together."""

LARGEST = 300
"""Services a part is chosen from at most: those that lose least by the prices."""

EFFORT = 0.1

STALE = 25
"""Parts tried one after the other without any gain before the search ends."""

JITTER_M = 8_000
"""How much chance there is in what is near."""


def greedy(pool: Pool, prices: Prices, pieces: Ints, staff: Ints) -> Ints:
    """int64[v]: how many of each service, taking what loses least by the prices while it fits."""
    uses, stock, left = np.zeros(len(pool), dtype=np.int64), pieces.copy(), staff.copy()
    scattered = np.random.default_rng(SEED).permutation(len(pool))
    rows = np.lexsort((scattered, prices.loss))
    rows = rows[staff[pool.kind[rows]] > 0]
    some = pool.only(rows)
    while len(some):
        uses[rows[0]] += 1
        np.subtract.at(stock, some.lots_of(0), 1)
        left[some.kind[0]] -= 1
        kept = some.fits(stock) & (left[some.kind] > 0)
        some, rows = some.only(kept), rows[kept]
    return uses


def improved(
    block: Block, pool: Pool, worth: Ints, prices: Prices, uses: Ints, bound: int, rounds: int, limits: Limits
) -> Ints:
    """int64[v]: a choice worth no less than `uses`, after so many parts or when the bound is reached."""
    chance = np.random.default_rng(SEED + rounds)
    place = block.school[pool.lot[pool.ptr[:-1]]]
    gained = 0
    for tried in range(rounds):
        missing = bound - int((uses * worth).sum())
        chosen = np.repeat(np.arange(len(pool)), uses)
        if missing <= 0 or limits.seconds <= 0 or not len(chosen) or tried - gained > STALE:
            break
        middle = place[chosen[chance.integers(len(chosen))]]
        metres = block.apart[middle, place[chosen]] + chance.integers(JITTER_M, size=len(chosen))
        part = chosen[np.argsort(metres, kind="stable")[: PART + tried // WIDER_AFTER]]
        uses = dealt_again(pool, worth, prices, block, uses, part, missing, limits)
        if int((uses * worth).sum()) > bound - missing:
            gained = tried
    return uses


def dealt_again(
    pool: Pool, worth: Ints, prices: Prices, block: Block, uses: Ints, part: Ints, missing: int, limits: Limits
) -> Ints:
    """int64[v]: the choice with a part of it chosen anew, where that is worth no less."""
    kept = uses.copy()
    np.subtract.at(kept, part, 1)
    stock, staff = left_over(pool, block.pieces, block.staff, kept)
    rows = choices(pool, prices, stock, staff, part)
    old = int(worth[part].sum())
    found = most_worth(pool.only(rows), worth[rows], stock, staff, old + missing, limits.within(EFFORT))
    if found.uses is None or int((found.uses * worth[rows]).sum()) < old:
        return uses
    kept[rows] += found.uses
    return kept


def left_over(pool: Pool, pieces: Ints, staff: Ints, uses: Ints) -> tuple[Ints, Ints]:
    """int64[l], int64[k]: pieces and TZR that a choice leaves."""
    times = np.repeat(uses, np.diff(pool.ptr))
    stock = pieces - np.bincount(pool.lot, weights=times, minlength=len(pieces)).astype(np.int64)
    return stock, staff - np.bincount(pool.kind, weights=uses, minlength=len(staff)).astype(np.int64)


def choices(pool: Pool, prices: Prices, stock: Ints, staff: Ints, part: Ints) -> Ints:
    """Services that what is left over admits, those that lose least where they are many; `part` among them."""
    rows = np.flatnonzero(pool.fits(stock) & (staff[pool.kind] > 0))
    if len(rows) > LARGEST:
        rows = rows[np.argsort(prices.loss[rows], kind="stable")[:LARGEST]]
    return np.union1d(rows, part)
