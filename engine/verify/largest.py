"""How many candidates can move by permutation at most: the bound of a linear program, found apart from any solver.

A set of moves keeps the head counts if as many start from every département as end there. As a linear program, each move
at most once and one of a candidate's at most, its largest value is whole where nobody is linked: the conditions are those
of a network. Linked candidates make the move of the same rank or none; then the value is a bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.model.market import Ints
from engine.verify.audit import Audit
from engine.verify.lists import MAIN, Mask
from engine.verify.seating import Seating

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]

SLACK = 1e-6  # of the linear program, whose numbers are floats


@dataclass(frozen=True, eq=False)
class Largest:
    """Bounds on what permutations can give.

    Attributes
    ----------
    moves : how many can move at most
    ranks : the least sum of the ranks they get, where so many move
    """

    moves: int
    ranks: int


def largest(audit: Audit, before: Seating) -> Largest:
    """What the permutations after a seating can give at most."""
    lists = audit.lists
    people = lists.candidate < lists.num_people
    wanted = (lists.phase == MAIN) & people & lists.better_than(before.contract) & audit.judged[lists.candidate]
    moves = np.flatnonzero(wanted & (before.post[lists.candidate] >= 0))
    moves = moves[_leads_back(audit, before, moves)]
    if not len(moves):
        return Largest(0, 0)
    conditions, equal = _conditions(audit, before, moves)
    ranks = (moves - lists.ptr[lists.candidate[moves]] + 1).astype(np.float64)
    most = floor(-_least(-np.ones(len(moves)), conditions, equal) + SLACK)
    return Largest(most, round(_least(ranks, conditions, equal, num_moves=most)))


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


def _conditions(audit: Audit, before: Seating, moves: Ints) -> tuple[csr_array, csr_array]:
    """At most one move each; as many from every département as to it, and those of a link alike."""
    from scipy.sparse import coo_array, vstack

    lists, columns = audit.lists, np.arange(len(moves))
    owner = lists.candidate[moves]
    ones = np.ones(len(moves))
    _, person = np.unique(owner, return_inverse=True)
    once = coo_array((ones, (person, columns)))
    rows, both = np.concatenate((before.post[owner], _goal(audit, moves))), np.tile(columns, 2)
    shape = (lists.num_posts, len(moves))
    kept = coo_array((np.concatenate((ones, -ones)), (rows, both)), shape=shape)
    linked = np.flatnonzero(lists.link[owner] >= 0)
    offer = lists.link[owner[linked]] * len(lists.candidate) + moves[linked] - lists.ptr[owner[linked]]
    linked, offer = linked[np.argsort(offer, kind="stable")], np.sort(offer)
    pairs = np.flatnonzero(np.diff(offer) == 0)
    signs = np.concatenate((np.ones(len(pairs)), -np.ones(len(pairs))))
    ends = np.concatenate((linked[pairs], linked[pairs + 1]))
    alike = coo_array((signs, (np.tile(np.arange(len(pairs)), 2), ends)), shape=(len(pairs), len(moves)))
    return once.tocsr(), vstack([kept, alike]).tocsr()


def _least(cost: Floats, conditions: csr_array, equal: csr_array, num_moves: int | None = None) -> float:
    """The least cost of moves; of exactly so many, where told."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, vstack

    right = np.zeros(equal.shape[0])
    if num_moves is not None:
        equal = vstack([equal, coo_array(np.ones((1, len(cost))))]).tocsr()
        right = np.append(right, num_moves)
    solved = linprog(
        cost,
        A_ub=conditions,
        b_ub=np.ones(conditions.shape[0]),
        A_eq=equal,
        b_eq=right,
        bounds=(0, 1),
        method="highs-ds",
    )
    return float(solved.fun)
