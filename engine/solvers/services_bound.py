"""How much a block can be worth at most: prices of needs and TZR (linear programming duals), made exact.

The prices a linear program finds are rounded to whole numbers, and those of the TZR raised until every service costs
what it is worth at least. Then no choice of services is worth more than all needs and TZR cost together, whatever the
rounding; and a service that costs more than it is worth by d loses d of that bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.model.market import Ints
from engine.solvers.arrays import Mask
from engine.solvers.services_pool import Pool

SCALE = 10_000
"""Prices are whole numbers of this part of a unit of worth."""

AT_ONCE = 3_000
"""Services given to the linear program at first, and added at a time."""


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices under which no service is worth more than it costs.

    Attributes
    ----------
    lot, kind : int64[l], int64[k], in `SCALE` parts of a unit of worth
    total : what all pieces and all TZR cost together: `SCALE` times the bound
    loss : int64[v], what each service costs above its worth
    """

    lot: Ints
    kind: Ints
    total: int
    loss: Ints

    @property
    def bound(self) -> int:
        """No choice of services is worth more."""
        return self.total // SCALE

    def can_reach(self, worth: int) -> Mask:
        """bool[v]: services that may be part of a choice worth so much."""
        return self.loss <= self.total - SCALE * worth


def prices_of(pool: Pool, worth: Ints, pieces: Ints, staff: Ints) -> Prices:
    """Prices for a pool.

    Parameters
    ----------
    worth : int64[v], of each service
    pieces, staff : int64[l], int64[k], how many there are of each lot and kind of TZR
    """
    active = np.zeros(len(pool), dtype=np.bool_)
    active[np.unique(np.linspace(0, len(pool) - 1, min(AT_ONCE, len(pool))).astype(np.int64))] = True
    while True:
        found = _exact(pool, worth, pieces, staff, _duals(pool, worth, pieces, staff, np.flatnonzero(active)), active)
        new = np.flatnonzero(~active & (found.loss < 0))
        if not len(new):
            return found
        if len(new) > AT_ONCE:
            new = new[np.argsort(found.loss[new], kind="stable")[:AT_ONCE]]
        active[new] = True


def _duals(pool: Pool, worth: Ints, pieces: Ints, staff: Ints, rows: Ints) -> Ints:
    """int64[l]: rounded prices of the lots under which the services `rows` are worth no more than they cost."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, vstack

    some = pool.only(rows)
    uses = csr_array((np.ones(len(some.lot)), some.lot, some.ptr), shape=(len(some), len(pieces))).T
    fills = csr_array((np.ones(len(some)), some.kind, np.arange(len(some) + 1)), shape=(len(some), len(staff))).T
    limits = np.concatenate((pieces, staff)).astype(np.float64)
    matrix = vstack((uses, fills)).tocsc()
    matrix.sum_duplicates()
    solved = linprog(-worth[rows].astype(np.float64), A_ub=matrix, b_ub=limits, method="highs-ds")
    duals = -solved.ineqlin.marginals[: len(pieces)]
    prices: Ints = np.maximum(np.rint(SCALE * duals), 0).astype(np.int64)
    return prices


def _exact(pool: Pool, worth: Ints, pieces: Ints, staff: Ints, lot: Ints, active: Mask) -> Prices:
    """Prices of the TZR high enough for the active services; losses of the others may be negative."""
    short = SCALE * worth - pool.sums(lot)
    kind = np.zeros(len(staff), dtype=np.int64)
    np.maximum.at(kind, pool.kind[active], short[active])
    total = int((pieces * lot).sum() + (staff * kind).sum())
    return Prices(lot, kind, total, kind[pool.kind] - short)
