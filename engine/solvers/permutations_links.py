"""Circulations that keep side conditions too: linked candidates on the same rank, gains already reached.

Multipliers of a linear program put a price on the conditions, so that the plain network gives a bound close to what
can be reached (Lagrange). Whatever the multipliers are, the bound holds: it is computed in whole numbers. Where the
program does not end in a circulation that reaches the bound, CP-SAT decides, on the arcs that can still matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from engine.model.market import Ints
from engine.solvers.limits import Limits, cp_solver
from engine.solvers.permutations_network import FREE, Decisions, Network, fits

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SCALE = 12
"""Multipliers are in twelfths of a gain: halves, thirds and quarters are the ones that occur."""


@dataclass(frozen=True, eq=False)
class Sides:
    """Side conditions: ``rows @ flow == value``.

    Attributes
    ----------
    rows : scipy.sparse.csr_array, int64[r, a]
    value : int64[r]
    """

    rows: csr_array
    value: Ints

    def hold(self, flow: Ints) -> bool:
        return bool((self.rows @ flow == self.value).all())

    def and_also(self, row: Ints, value: int) -> Sides:
        """One more condition."""
        from scipy.sparse import csr_array, vstack

        return Sides(csr_array(vstack([self.rows, csr_array(row.reshape(1, -1))])), np.append(self.value, value))


@dataclass(frozen=True, eq=False)
class Problem:
    """A network, its side conditions, and what is decided of its flow (int8[a])."""

    network: Network
    sides: Sides
    decided: Decisions

    def deciding(self, decided: Decisions) -> Problem:
        return replace(self, decided=decided)

    def remainder(self) -> Remainder:
        from scipy.sparse import coo_array, csr_array, vstack

        network, sides = self.network, self.sides
        arcs = np.flatnonzero(self.decided == FREE)
        flow = np.where(self.decided == 1, 1, 0).astype(np.int64)
        ends = np.concatenate((network.head[arcs], network.tail[arcs]))
        signs, columns = np.repeat(np.array([1, -1]), len(arcs)), np.tile(np.arange(len(arcs)), 2)
        incidence = coo_array((signs, (ends, columns)), shape=(network.num_nodes, len(arcs)))
        owed = np.concatenate((-network.excess(flow), sides.value - sides.rows @ flow))
        return Remainder(arcs, flow, csr_array(vstack([incidence.tocsr(), sides.rows[:, arcs]])), owed)


@dataclass(frozen=True, eq=False)
class Remainder:
    """What is left to decide.

    Attributes
    ----------
    arcs : int64[k]
        Those that are free.
    flow : int64[a]
        What is decided, 0 on the free ones.
    rows : scipy.sparse.csr_array, int64[v + r, k]
        Conservation at each node, then the side conditions.
    owed : int64[v + r]
        What each row has to come to on the free arcs.
    """

    arcs: Ints
    flow: Ints
    rows: csr_array
    owed: Ints


@dataclass(frozen=True, eq=False)
class Answer:
    """What CP-SAT found: a flow or none, and whether that settles the question."""

    flow: Ints | None
    is_settled: bool


def prices(problem: Problem, gain: Ints, limits: Limits) -> tuple[Ints, Ints | None]:
    """Multipliers of the side conditions, and the circulation that the linear program ends in, if it is one.

    Returns
    -------
    multipliers : int64[r]
        In units of 1 / `SCALE`. Zeros where the program did not end in time, or the numbers would be too large.
    flow : int64[a] or None
        None unless it is whole and keeps the conditions.
    """
    from scipy.optimize import linprog

    rest, network, sides = problem.remainder(), problem.network, problem.sides
    without = np.zeros(len(sides.value), dtype=np.int64)
    if not len(rest.arcs) or not limits.seconds:
        return without, None
    program = {"A_eq": rest.rows, "b_eq": rest.owed, "bounds": (0, 1), "method": "highs-ds"}
    solved = linprog(-gain[rest.arcs], **program, options={"time_limit": limits.seconds})
    if solved.status != 0:
        return without, None
    flow = rest.flow.copy()
    flow[rest.arcs] = np.rint(solved.x)
    is_whole = not network.excess(flow).any() and sides.hold(flow)
    multipliers = np.rint(-SCALE * solved.eqlin.marginals[network.num_nodes :]).astype(np.int64)
    largest = int(np.abs(SCALE * gain - sides.rows.T @ multipliers).max())
    return multipliers if fits(largest, network.num_nodes) else without, flow if is_whole else None


def search(problem: Problem, gain: Ints, least: int, hint: Ints, limits: Limits) -> Answer:
    """The circulation of the largest gain that keeps the conditions and gains at least `least`, by CP-SAT.

    Deterministic for a seed and a number of workers, unless the time runs out.
    """
    from ortools.sat.python import cp_model

    if not limits.seconds:
        return Answer(None, False)
    rest, model = problem.remainder(), cp_model.CpModel()
    used = [model.new_bool_var("") for _ in rest.arcs]
    for variable, value in zip(used, hint[rest.arcs].tolist(), strict=True):
        model.add_hint(variable, value)
    for first, last, value in zip(rest.rows.indptr, rest.rows.indptr[1:], rest.owed.tolist(), strict=False):
        terms = [used[column] for column in rest.rows.indices[first:last]]
        model.add(cp_model.LinearExpr.weighted_sum(terms, rest.rows.data[first:last].tolist()) == value)
    gained = cp_model.LinearExpr.weighted_sum(used, gain[rest.arcs].tolist()) + int(gain @ rest.flow)
    model.add(gained >= least)
    model.maximize(gained)
    solver = cp_solver(limits)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, status == cp_model.INFEASIBLE)
    flow = rest.flow.copy()
    flow[rest.arcs] = [solver.boolean_value(variable) for variable in used]
    return Answer(flow, status == cp_model.OPTIMAL)
