"""How many candidates can move by permutation at most: linear programs, which share nothing with the solvers.

A set of moves keeps the head counts if as many start from every département as end there. As a linear program, each
move at most once and one of a candidate's at most, its largest value is whole where nobody is linked: the conditions
are those of a network. Linked candidates make the move of the same rank or none; then the value is a bound, and where
the result stays below it branch and bound looks for the largest whole value.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.model.market import Ints
from engine.verify.audit import Audit
from engine.verify.lists import MAIN, NOTHING, Mask
from engine.verify.seating import Seating

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]

SLACK = 1e-6  # of the programs, whose numbers are floats
SECONDS = 20  # of branch and bound


@dataclass(frozen=True, eq=False)
class Largest:
    """Bounds on what permutations can give.

    Attributes
    ----------
    moves : how many can move at most
    ranks : the least sum of the ranks they get, where so many move
    is_exact : whether some set of moves is known to give as much; else less may be the best
    """

    moves: int
    ranks: int
    is_exact: bool

    def is_reached(self, moves: int, ranks: int) -> bool:
        return moves >= self.moves and ranks <= self.ranks


@dataclass(frozen=True, eq=False)
class Program:
    """The moves somebody prefers to what he has, as columns of a linear program.

    Attributes
    ----------
    ranks : float64[c], of the wish of each move
    decided : float64[c], 1 where a move has to be made, since a decision asks for it
    once : rows of who moves once at most
    equal : rows of what must be 0: arrivals beside departures of each département, moves of one rank of a link
    has_links : whether there are any of the second kind
    """

    ranks: Floats
    decided: Floats
    once: csr_array
    equal: csr_array
    has_links: bool

    def largest(self, *, whole: bool = False) -> Largest:
        """The bounds; the best whole values if `whole`, unless the time runs out."""
        if not len(self.ranks):
            return Largest(0, 0, is_exact=True)
        least, is_exact = self._least(-np.ones(len(self.ranks)), None, whole)
        most = floor(-least + SLACK)
        if whole and not is_exact:
            return Largest(most, 0, is_exact)
        least, is_exact = self._least(self.ranks, most, whole)
        return Largest(most, ceil(least - SLACK), is_exact)

    def _least(self, cost: Floats, num_moves: int | None, whole: bool) -> tuple[float, bool]:
        """A lower bound on the cost of moves, of exactly so many where told, and whether it is their least cost."""
        from scipy.optimize import Bounds, LinearConstraint, linprog, milp

        rows, right = self.equal, np.zeros(self.equal.shape[0])
        if num_moves is not None:
            from scipy.sparse import csr_array, vstack

            rows, right = vstack([rows, csr_array(np.ones((1, len(cost))))]).tocsr(), np.append(right, num_moves)
        ones = np.ones(self.once.shape[0])
        if not whole:
            bounds = np.column_stack((self.decided, np.ones(len(cost))))
            solved = linprog(cost, self.once, ones, rows, right, bounds=bounds, method="highs-ds")
            return float(solved.fun), not self.has_links
        conditions = (LinearConstraint(self.once, -np.inf, ones), LinearConstraint(rows, right, right))
        limits = {"time_limit": SECONDS, "mip_rel_gap": 0}
        bounds = Bounds(self.decided, np.ones(len(cost)))
        found = milp(cost, integrality=np.ones(len(cost)), bounds=bounds, constraints=conditions, options=limits)
        return float(found.mip_dual_bound), found.status == 0


def program_of(audit: Audit, before: Seating, decided: Ints) -> Program:
    """The permutations that can follow a seating.

    Parameters
    ----------
    decided : candidates who move by permutation for a decision's sake; each has one move
    """
    lists = audit.lists
    people = lists.candidate < lists.num_people
    wanted = (lists.phase == MAIN) & people & lists.better_than(before.contract) & audit.judged[lists.candidate]
    moves = np.flatnonzero(wanted & (before.post[lists.candidate] >= 0))
    moves = _of_all_members(audit, moves[_leads_back(audit, before, moves)])
    ranks = (moves - lists.ptr[lists.candidate[moves]] + 1).astype(np.float64)
    asked = np.isin(lists.candidate[moves], decided).astype(np.float64)
    return Program(ranks, asked, *_conditions(audit, before, moves))


def _goal(audit: Audit, moves: Ints) -> Ints:
    lists = audit.lists
    goal: Ints = lists.zone_post[lists.zone_ptr[lists.zone[moves]]].astype(np.int64)
    return goal


def _leads_back(audit: Audit, before: Seating, moves: Ints) -> Mask:
    """bool[]: whether other moves lead from where each ends back to where it starts."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    start, goal, m = before.post[audit.lists.candidate[moves]], _goal(audit, moves), audit.lists.num_posts
    graph = coo_array((np.ones(len(moves), dtype=np.int8), (start, goal)), shape=(m, m))
    part = connected_components(graph, connection="strong")[1]
    back: Mask = part[start] == part[goal]
    return back


def _offers(audit: Audit, moves: Ints) -> Ints:
    """int64[]: one number for the moves of one rank of a link; -1 for those of who is not linked."""
    lists = audit.lists
    link = lists.link[lists.candidate[moves]]
    return np.where(link >= 0, link * len(lists.candidate) + moves - lists.ptr[lists.candidate[moves]], NOTHING)


def _of_all_members(audit: Audit, moves: Ints) -> Ints:
    """Those of these moves that every member of the link can make with the others."""
    members = np.bincount(audit.lists.link[audit.linked], minlength=1)
    offer, link = _offers(audit, moves), audit.lists.link[audit.lists.candidate[moves]]
    _, number, count = np.unique(offer, return_inverse=True, return_counts=True)
    whole: Ints = moves[(offer < 0) | (count[number] == members[link])]
    return whole


def _conditions(audit: Audit, before: Seating, moves: Ints) -> tuple[csr_array, csr_array, bool]:
    """At most one move each; as many from every département as to it, and those of a link alike."""
    from scipy.sparse import coo_array, vstack

    lists, columns = audit.lists, np.arange(len(moves))
    owner = lists.candidate[moves]
    ones = np.ones(len(moves))
    _, person = np.unique(owner, return_inverse=True)
    once = coo_array((ones, (person, columns)), shape=(len(np.unique(owner)), len(moves)))
    rows, both = np.concatenate((before.post[owner], _goal(audit, moves))), np.tile(columns, 2)
    shape = (lists.num_posts, len(moves))
    kept = coo_array((np.concatenate((ones, -ones)), (rows, both)), shape=shape)
    offer = _offers(audit, moves)
    linked = np.flatnonzero(offer >= 0)
    linked, offer = linked[np.argsort(offer[linked], kind="stable")], np.sort(offer[linked])
    pairs = np.flatnonzero(np.diff(offer) == 0)
    signs = np.concatenate((np.ones(len(pairs)), -np.ones(len(pairs))))
    ends = np.concatenate((linked[pairs], linked[pairs + 1]))
    alike = coo_array((signs, (np.tile(np.arange(len(pairs)), 2), ends)), shape=(len(pairs), len(moves)))
    return once.tocsr(), vstack([kept, alike]).tocsr(), len(pairs) > 0
