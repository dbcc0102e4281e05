"""The moves permutations choose among: those that can lie on a cycle of places, split into parts that never meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from engine.model.market import Ints, Market, Matching
from engine.solvers.arrays import Mask
from engine.solvers.requests import Requests

if TYPE_CHECKING:
    from scipy.sparse import coo_array


@dataclass(frozen=True, eq=False)
class Moves:
    """Moves that somebody would rather make than stay where he is; stronger candidates first, better ranks first.

    Attributes
    ----------
    contract, candidate, unit, rank : int64[c]
        The wish, whose it is, his request, and its place in his list.
    start, goal : int64[c]
        The place he is in and the one he asks for.
    points, standing : int64[c]
        Of the wish; standing is its place in the order of priorities, the larger the stronger.
    """

    contract: Ints
    candidate: Ints
    unit: Ints
    rank: Ints
    start: Ints
    goal: Ints
    points: Ints
    standing: Ints

    def only(self, which: Mask) -> Moves:
        return Moves(**{field.name: getattr(self, field.name)[which] for field in fields(self)})


def possible_moves(market: Market, matching: Matching, points: Ints, requests: Requests) -> Moves:
    """Every move that may be part of an exchange.

    A move from one place to another is part of a cycle only where moves lead back; and one of linked candidates only
    where all members have theirs.
    """
    moves = _wanted(market, matching, points, requests)
    size = np.bincount(requests.unit)
    while True:
        group = _strong_groups(moves, market.num_posts)
        keeps = group[moves.start] == group[moves.goal]
        offer = _offers(moves)
        together = np.bincount(offer, weights=keeps)[offer] == size[moves.unit] if len(offer) else keeps
        if (keeps & together).all():
            return moves
        moves = moves.only(keeps & together)


def components(moves: Moves, num_posts: int) -> Iterator[Moves]:
    """The moves in parts that share neither a place nor a request, in the order of their first places."""
    from scipy.sparse.csgraph import connected_components

    units = num_posts + moves.unit
    ends = (np.concatenate((moves.start, moves.start)), np.concatenate((moves.goal, units)))
    size = num_posts + int(moves.unit.max(initial=-1)) + 1
    _, label = connected_components(_graph(*ends, size), directed=False)
    of_move = label[moves.start]
    for number in np.unique(of_move):
        yield moves.only(of_move == number)


def _wanted(market: Market, matching: Matching, points: Ints, requests: Requests) -> Moves:
    last = np.where(matching.contract >= 0, matching.contract, market.wish_ptr[1:])
    place = matching.post[requests.owner]
    better = requests.is_wish & (np.arange(market.num_contracts) < last[requests.owner])
    contract = np.flatnonzero(better & (place >= 0) & (place != requests.post))
    standing = np.empty(market.num_contracts, dtype=np.int64)
    standing[np.argsort(market.wish_priority, kind="stable")] = np.arange(market.num_contracts)
    strongest = np.full(market.num_candidates, -1, dtype=np.int64)
    np.maximum.at(strongest, requests.owner[contract], standing[contract])
    contract = contract[np.lexsort((contract, -strongest[requests.owner[contract]]))]
    owner = requests.owner[contract]
    return Moves(
        contract=contract,
        candidate=owner,
        unit=requests.unit[owner],
        rank=requests.rank[contract],
        start=matching.post[owner].astype(np.int64),
        goal=requests.post[contract].astype(np.int64),
        points=points[contract],
        standing=standing[contract],
    )


def _strong_groups(moves: Moves, num_posts: int) -> Ints:
    """int64[m]: places from each of which moves lead to each other have the same number."""
    from scipy.sparse.csgraph import connected_components

    graph = _graph(moves.start, moves.goal, num_posts)
    group: Ints = connected_components(graph, directed=True, connection="strong")[1]
    return group


def _offers(moves: Moves) -> Ints:
    """int64[c]: the moves of one request at one rank have the same number."""
    return np.unique(moves.unit * (moves.rank.max(initial=0) + 1) + moves.rank, return_inverse=True)[1].astype(np.int64)


def _graph(tail: Ints, head: Ints, size: int) -> coo_array:
    from scipy.sparse import coo_array

    return coo_array((np.ones(len(tail), dtype=np.int64), (tail, head)), shape=(size, size))
