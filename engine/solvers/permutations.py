"""Permutations (phase P): exchanges between places that keep the head count of each.

Whoever was not moved, or was moved on a wish other than his first, may go from where he is to where he would rather be.
The moves chosen form a circulation: as many arrive in every place as leave it. First as many of those whom a decision
places move as can, then as many candidates as possible
move, then the sum of the ranks they get is the least, then the sum of their points is the largest, then that of their
standings in the order of priority, which says who comes first among equal points. Linked candidates move together, to
the wish of the same rank, or not at all.

Places that no cycle of wishes joins are apart. Without links a component is a plain network (`permutations_levels`);
with links CP-SAT decides what the network leaves open (`permutations_links`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from engine.model.market import Ints, Market, MarketError, Matching
from engine.solvers.arrays import Mask
from engine.solvers.limits import Limits
from engine.solvers.permutations_levels import Found, lexicographic
from engine.solvers.permutations_links import Sides
from engine.solvers.permutations_moves import Moves, components, possible_moves
from engine.solvers.permutations_network import Network
from engine.solvers.requests import Requests, requests_of


@dataclass(frozen=True)
class PermutationOptions:
    """What the caller may decide.

    Parameters
    ----------
    time_limit_s : float
        Seconds for all components with links; the others are not searched.
    seed, workers : int
        Of CP-SAT. The outcome is the same for the same two, unless the time runs out.
    """

    time_limit_s: float = 60.0
    seed: int = 0
    workers: int = 1


DEFAULT_OPTIONS = PermutationOptions()


def permutations(
    market: Market,
    matching: Matching,
    points: Ints,
    options: PermutationOptions = DEFAULT_OPTIONS,
    pinned: Mask | None = None,
    had: Ints | None = None,
) -> Matching:
    """The largest set of exchanges after a first phase.

    Parameters
    ----------
    market : Market
        Zones are single posts, each a place.
    matching : Matching
        Where everybody is after the mutations (`engine.solvers.quotas`, or `engine.solvers.stable`). Whoever is nowhere
        has no place to exchange.
    points : int64[k]
        Thousandths of a point of each contract, as they count here: for a link the mean where the rulebook says so.
    options : PermutationOptions
    pinned : bool[n], optional
        Candidates whom a decision places: as many of them move as can, before anything else is looked at.
    had : int64[n], optional
        The contract that each had in an outcome before, -1 for nothing, -2 for what is not there any more. Of the sets
        with most moves and the best ranks one is made that leaves as many as possible with what they had.

    Returns
    -------
    Matching
        With the moves of this phase made. Worth `optimal`, or `feasible` where the time ran out. The bound is on the
        number of candidates who move in this phase where as many pinned ones do. Counters: moves looked at, components,
        moved, searches (CP-SAT).

    Raises
    ------
    UnsupportedMarket, MarketError
        As `engine.solvers.requests.requests_of`; MarketError also where linked candidates are not on the same rank, or
        points do not fit the market.
    ValueError
        If points are so large that sums of them could leave int64.
    """
    requests = requests_of(market)
    _require_fitting(market, matching, points, requests)
    moves = possible_moves(market, matching, points, requests)
    limits = Limits(perf_counter() + options.time_limit_s, options.seed, options.workers)
    pinned = np.zeros(market.num_candidates, dtype=np.bool_) if pinned is None else pinned
    contract, post = matching.contract.copy(), matching.post.copy()
    parts = [
        (part, _circulation(part, pinned[part.candidate], _kept(part, matching, had), limits))
        for part in components(moves, market.num_posts)
    ]
    for part, found in parts:
        made = part.only(found.flow == 1)
        contract[made.candidate] = made.contract
        post[made.candidate] = made.goal
    is_proven = all(found.is_proven for _, found in parts)
    return Matching(
        contract,
        post,
        stop="finished" if is_proven else "time_limit",
        worth="optimal" if is_proven else "feasible",
        bound=sum(found.bound for _, found in parts),
        counters={
            "moves": len(moves.contract),
            "components": len(parts),
            "moved": sum(int(found.flow.sum()) for _, found in parts),
            "searches": sum(found.searches for _, found in parts),
        },
    )


def _kept(moves: Moves, matching: Matching, had: Ints | None) -> tuple[Ints, ...]:
    """int64[c]: by how many each move changes the number of candidates who have what they had; none if nobody asks."""
    if had is None:
        return ()
    back, away = moves.contract == had[moves.candidate], matching.contract[moves.candidate] == had[moves.candidate]
    return (back.astype(np.int64) - away,)


def _circulation(moves: Moves, decided: Mask, kept: tuple[Ints, ...], limits: Limits) -> Found:
    """The moves to make in one part; the flow has one entry per move.

    A move that is decided (bool[c]) is worth more than the moves of everybody. The bound is on the number who move
    where as many decided moves are made.

    Parameters
    ----------
    kept : gains that come after ranks and before points
    """
    network = _network(moves)
    num_moves = len(moves.contract)
    everybody = len(np.unique(moves.candidate))
    gains = (1 + everybody * decided, -moves.rank, *kept, moves.points, moves.standing)
    levels = tuple(np.pad(gain, (0, len(network.tail) - num_moves)) for gain in gains)
    found = lexicographic(network, levels, _together(moves, len(network.tail)), limits)
    flow = found.flow[:num_moves]
    return replace(found, flow=flow, bound=found.bound - everybody * int(flow[decided].sum()))


def _network(moves: Moves) -> Network:
    """The moves as arcs from place to place, in their order.

    Whoever may make several moves has a node that they start from, and one more arc, from where he is to that node.
    """
    places = np.unique(np.concatenate((moves.start, moves.goal)))
    start, goal = np.searchsorted(places, moves.start), np.searchsorted(places, moves.goal)
    begins = np.flatnonzero(np.diff(moves.candidate, prepend=-1))  # the moves of a candidate lie together
    choices = np.diff(np.append(begins, len(goal)))
    chooses = choices > 1
    node = np.where(chooses, len(places) + np.cumsum(chooses) - 1, -1)
    own_node = np.repeat(node, choices)
    return Network(
        num_places=len(places),
        num_nodes=len(places) + int(chooses.sum()),
        tail=np.concatenate((np.where(own_node >= 0, own_node, start), start[begins[chooses]])),
        head=np.concatenate((goal, node[chooses])),
    )


def _together(moves: Moves, num_arcs: int) -> Sides | None:
    """Linked candidates make the move of the same rank or none: each as the one before him; None without links."""
    from scipy.sparse import csr_array

    _, first, unit = np.unique(moves.unit, return_index=True, return_inverse=True)
    order = np.lexsort((moves.rank, first[unit]))
    same = (np.diff(first[unit[order]]) == 0) & (np.diff(moves.rank[order]) == 0)
    pairs = np.flatnonzero(same)
    if not len(pairs):
        return None
    rows = np.tile(np.arange(len(pairs)), 2)
    arcs = np.concatenate((order[pairs], order[pairs + 1]))
    signs = np.repeat(np.array([1, -1], dtype=np.int64), len(pairs))
    conditions = csr_array((signs, (rows, arcs)), shape=(len(pairs), num_arcs))
    return Sides(conditions, np.zeros(len(pairs), dtype=np.int64))


def _require_fitting(market: Market, matching: Matching, points: Ints, requests: Requests) -> None:
    if points.shape != (market.num_contracts,):
        raise MarketError(f"points has shape {points.shape}, ({market.num_contracts},) expected")
    rank = np.where(matching.contract >= 0, requests.rank[matching.contract], 0) if len(points) else matching.contract
    members = np.flatnonzero(market.link >= 0)
    members = members[np.argsort(market.link[members], kind="stable")]
    apart = np.flatnonzero((np.diff(market.link[members]) == 0) & (np.diff(rank[members]) != 0))
    if len(apart):
        one, other = members[apart[0]], members[apart[0] + 1]
        raise MarketError(f"candidates {one} and {other} are linked and do not have the same")
