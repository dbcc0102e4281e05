"""The choice of services as a constraint program (CP-SAT): so many of each service, no lot or kind of TZR overdrawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from engine.model.market import Ints
from engine.solvers.services_pool import Pool

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar

SEED = 1

SHORT = 1.0
"""Effort up to which a search is begun without simplifying its model."""


@dataclass(frozen=True)
class Limits:
    """When a search stops.

    Attributes
    ----------
    deadline : by the clock of `time.perf_counter`
    effort : deterministic units of work (about seconds) of one search
    """

    deadline: float
    effort: float

    def within(self, effort: float) -> Limits:
        """The same deadline with less effort."""
        return replace(self, effort=min(effort, self.effort))

    @property
    def seconds(self) -> float:
        return max(self.deadline - perf_counter(), 0.0)


@dataclass(frozen=True, eq=False)
class Found:
    """What a search found: how many of each service (None: nothing), and whether it ended."""

    uses: Ints | None
    proven: bool


def most_worth(pool: Pool, worth: Ints, pieces: Ints, staff: Ints, bound: int, limits: Limits) -> Found:
    """The choice of services worth most.

    Parameters
    ----------
    worth : int64[v], of each service
    pieces, staff : int64[l], int64[k], how many there are of each lot and kind of TZR
    bound : no choice is worth more
    """
    from ortools.sat.python import cp_model

    model, uses = _model(pool, pieces, staff)
    total = cp_model.LinearExpr.weighted_sum(uses, worth.tolist())
    model.add(total <= bound)
    model.maximize(total)
    return _solved(model, uses, limits, presolve=limits.effort > SHORT)


def first_possible(
    pool: Pool, worth: Ints, pieces: Ints, staff: Ints, least: int, wanted: Ints, limits: Limits
) -> Found:
    """A choice worth `least` at least with the first possible of some services in it.

    Parameters
    ----------
    wanted : services, the most wanted first
    """
    from ortools.sat.python import cp_model

    model, uses = _model(pool, pieces, staff)
    model.add(cp_model.LinearExpr.weighted_sum(uses, worth.tolist()) >= least)
    taken = [model.new_bool_var("") for _ in wanted]
    for variable, service in zip(taken, wanted.tolist(), strict=True):
        model.add(uses[service] >= variable)
    model.add_exactly_one(taken)
    model.minimize(cp_model.LinearExpr.weighted_sum(taken, list(range(len(taken)))))
    return _solved(model, uses, limits, presolve=False)


def _model(pool: Pool, pieces: Ints, staff: Ints) -> tuple[CpModel, list[IntVar]]:
    """A variable for each service: how many TZR have it."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    fewest = np.minimum.reduceat(pieces[pool.lot], pool.ptr[:-1]) if len(pool) else pool.kind
    most = np.minimum(fewest, staff[pool.kind])
    uses = [model.new_bool_var("") if bound == 1 else model.new_int_var(0, bound, "") for bound in most.tolist()]
    owner = np.repeat(np.arange(len(pool)), np.diff(pool.ptr))
    for limit, members in ((pieces, (pool.lot, owner)), (staff, (pool.kind, np.arange(len(pool))))):
        group, member = members
        order = np.argsort(group, kind="stable")
        first = np.searchsorted(group[order], np.arange(len(limit) + 1))
        for row, bound in enumerate(limit.tolist()):
            rows = member[order[first[row] : first[row + 1]]].tolist()
            if not rows:
                continue
            if bound == 1:
                model.add_at_most_one(uses[i] for i in rows)
            else:
                model.add(cp_model.LinearExpr.sum([uses[i] for i in rows]) <= bound)
    return model, uses


def _solved(model: CpModel, uses: list[IntVar], limits: Limits, *, presolve: bool) -> Found:
    """What a search finds; simplifying a small model first takes longer than the search."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = SEED
    solver.parameters.cp_model_presolve = presolve
    solver.parameters.max_time_in_seconds = limits.seconds
    solver.parameters.max_deterministic_time = limits.effort
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Found(None, proven=status == cp_model.INFEASIBLE)
    values = np.array([solver.value(variable) for variable in uses], dtype=np.int64)
    return Found(values, proven=status == cp_model.OPTIMAL)
