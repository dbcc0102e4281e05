"""CP-SAT on a linked market: the fewest claims, then the best ranks.

Workers take turns in fixed steps: the answer depends on the market, the seed and the number of workers alone, unless
the time limit cuts the search short.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from engine.model.market import Ints, Market
from engine.solvers.arrays import Mask
from engine.solvers.limits import Limits, cp_solver
from engine.solvers.link_joints import Joints
from engine.solvers.link_model import Model

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpSolver

RANKS_EFFORT = 2.0  # deterministic seconds of CP-SAT for better ranks, once claims are as few as they can be


class Search(NamedTuple):
    """What to look for.

    Attributes
    ----------
    market, joints : a linked market
    sure : bool[k], contracts of unlinked candidates that are held whatever happens
    excused : bool[n], those who may have claims, all members of a link or none
    rank : int64[k], the rank of each contract, less those of the candidate's whole list
    hint : int64[n], the contracts of some outcome
    at_least, at_most : int, it is known that there are so many claims, and no more are of interest
    """

    market: Market
    joints: Joints
    sure: Mask
    excused: Mask
    rank: Ints
    hint: Ints
    at_least: int
    at_most: int


@dataclass(frozen=True, eq=False)
class Answer:
    """What CP-SAT found.

    Attributes
    ----------
    held : int64[n], or None
        An outcome of the kind looked for, the best found.
    num_claims : int
        How many of those excused may claim something there.
    bound : int
        No outcome without claims of others has fewer claims of those excused, as far as was known or is proven now.
        Above `Search.at_most`, none of the kind looked for exists.
    branches : int
    """

    held: Ints | None
    num_claims: int
    bound: int
    branches: int


def fewest_claims(search: Search, limits: Limits) -> Answer:
    """The outcome with the fewest claims, where nobody but those excused has any; among such, the best ranks."""
    model = Model(search.market, search.joints, search.sure, search.excused)
    claims = model.num_claims()
    model.cp.add_linear_constraint(claims, search.at_least, search.at_most)
    model.cp.minimize(claims)
    model.hint(search.hint)
    first = _solve(model, limits)
    if first.held is None:
        return Answer(None, 0, search.at_most + 1 if first.refuted else search.at_least, first.branches)
    model.cp.add(claims <= first.value)
    model.cp.minimize(model.weighted(search.rank))
    model.hint(first.held)
    second = _solve(model, limits, RANKS_EFFORT)
    held = first.held if second.held is None else second.held
    return Answer(held, first.value, first.bound, first.branches + second.branches)


class _Solved(NamedTuple):
    held: Ints | None
    refuted: bool
    value: int
    bound: int
    branches: int


def _solve(model: Model, limits: Limits, effort: float | None = None) -> _Solved:
    from ortools.sat.python import cp_model

    solver = _solver(limits)
    if effort is not None:
        solver.parameters.max_deterministic_time = effort
    status = solver.solve(model.cp)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):  # reading values would fail
        return _Solved(None, status == cp_model.INFEASIBLE, 0, 0, solver.num_branches)
    value, bound = round(solver.objective_value), ceil(solver.best_objective_bound - 1e-6)
    return _Solved(model.contracts_held(solver), False, value, bound, solver.num_branches)


def _solver(limits: Limits) -> CpSolver:
    """With all clauses and few sums, no relaxation helps; a short presolve finds most of what a long one does."""
    solver = cp_solver(limits)
    solver.parameters.linearization_level = 0
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    solver.parameters.max_presolve_iterations = 1
    return solver
