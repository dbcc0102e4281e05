"""Exchanges after which there is still no post claim: stable improvement cycles over zones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.model.market import Ints, Market, Matching, ShortInts
from engine.solvers.arrays import Mask, ranges
from engine.solvers.blocks import blocks_of


class Moves(NamedTuple):
    """What a candidate may do, int64[] each: from the post he sits on to one (perhaps the same) with a contract."""

    source: Ints
    target: Ints
    candidate: Ints
    contract: Ints

    def some(self, chosen: Ints | Mask) -> Moves:
        return Moves(*(column[chosen] for column in self))


def exchange(market: Market, matching: Matching) -> tuple[Ints, ShortInts, dict[str, float]]:
    """Carry out the exchanges that `improve` defines, until none is left.

    In each round every strongly connected component of the graph of moves carries out one exchange: components share
    neither posts nor candidates, and an exchange only adds moves elsewhere. Blocks without one drop out.

    Returns
    -------
    contract : int64[n]
    post : int32[n]
    counters : exchanges, rounds
    """
    contract, post, block = matching.contract.copy(), matching.post.copy(), blocks_of(market).of_candidate
    active, count, rounds = np.ones(market.num_candidates, dtype=np.bool_), 0, 0
    while found := _disjoint_exchanges(market, contract, post, active):
        for moves in found:
            contract[moves.candidate], post[moves.candidate] = moves.contract, moves.target
        active = np.isin(block, block[[moves.candidate[0] for moves in found]])
        count, rounds = count + len(found), rounds + 1
    return contract, post, {"exchanges": count, "rounds": rounds}


def _disjoint_exchanges(market: Market, contract: Ints, post: ShortInts, active: Mask) -> list[Moves]:
    """One exchange in each strongly connected component of moves that has one: through its strongest wish."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    moves, better = _moves(market, contract, post, active)
    edges = (np.ones(len(moves.source), dtype=np.int8), (moves.source, moves.target))
    component = connected_components(coo_array(edges, shape=(market.num_posts,) * 2), connection="strong")[1]
    inside = component[moves.source] == component[moves.target]
    moves, better = moves.some(inside), better[inside]
    heads = np.flatnonzero(better)
    heads = heads[np.lexsort((moves.target[heads], ~market.wish_priority[moves.contract[heads]]))]
    _, first = np.unique(component[moves.target[heads]], return_index=True)
    return [_shortest_exchange(moves, head) for head in heads[first]]


def _moves(market: Market, contract: Ints, post: ShortInts, active: Mask) -> tuple[Moves, Mask]:
    """Moves that make no post claim, one for each pair of posts, and whether they make their candidate better off.

    They come in the order of their posts. Of moves between the same two, one that makes somebody better off is kept
    rather than one that does not, then that of the stronger contract.
    """
    strongest = _strongest_wishes(market, contract, active)
    gains, shifts = _gains(market, post, strongest), _shifts(market, contract, post, strongest, active)
    moves = Moves(*(np.concatenate(columns) for columns in zip(gains, shifts, strict=True)))
    better = np.arange(len(moves.source)) < len(gains.source)
    order = np.lexsort((~market.wish_priority[moves.contract], ~better, moves.target, moves.source))
    kept = order[_first_of_each(moves.source[order], moves.target[order])]
    return moves.some(kept), better[kept]


def _strongest_wishes(market: Market, contract: Ints, active: Mask) -> Ints:
    """int64[m]: of the wishes for better that cover each post, the strongest, or -1."""
    end = np.where(contract >= 0, contract, market.wish_ptr[1:])[active]
    start = market.wish_ptr[:-1][active]
    wishes = ranges(start, end - start)
    # What is written last stays: they are written weakest first, to their zones and from there to posts.
    wishes = wishes[np.lexsort((market.wish_zone[wishes], market.wish_priority[wishes]))]
    of_zone = np.full(market.num_zones, -1, dtype=np.int64)
    of_zone[market.wish_zone[wishes]] = wishes
    zones = np.flatnonzero(of_zone >= 0)
    zones = zones[np.lexsort((zones, market.wish_priority[of_zone[zones]]))]
    width = np.diff(market.zone_ptr)[zones]
    of_post = np.full(market.num_posts, -1, dtype=np.int64)
    of_post[market.zone_post[ranges(market.zone_ptr[zones], width)]] = np.repeat(of_zone[zones], width)
    return of_post


def _gains(market: Market, post: ShortInts, strongest: Ints) -> Moves:
    """The strongest of those who would be better off on a post may enter it."""
    target = np.flatnonzero(strongest >= 0)
    contract = strongest[target]
    candidate = np.searchsorted(market.wish_ptr, contract, side="right") - 1
    moves = Moves(post[candidate].astype(np.int64), target, candidate, contract)
    return moves.some(post[candidate] >= 0)


def _shifts(market: Market, contract: Ints, post: ShortInts, strongest: Ints, active: Mask) -> Moves:
    """Who holds a zone may shift to any other of its posts where nobody as strong as he would be better off."""
    candidate = np.flatnonzero(active & (contract >= 0))
    zone = market.wish_zone[contract[candidate]]
    # Of those who hold the same zone on the same post, the strongest can do what any of them can.
    order = np.lexsort((~market.wish_priority[contract[candidate]], zone, post[candidate]))
    order = order[_first_of_each(post[candidate][order], zone[order])]
    width = np.diff(market.zone_ptr)[zone[order]]
    target = market.zone_post[ranges(market.zone_ptr[zone[order]], width)].astype(np.int64)
    candidate = np.repeat(candidate[order], width)
    moves = Moves(post[candidate].astype(np.int64), target, candidate, contract[candidate])
    unwanted = strongest[target] < 0
    stronger = market.wish_priority[moves.contract] > market.wish_priority[strongest[target]]
    return moves.some((unwanted | stronger) & (moves.source != target))


def _first_of_each(*sorted_columns: npt.NDArray[np.integer]) -> Mask:
    """Whether a row differs from the one before it; rows that are alike stand together."""
    fresh = np.ones(len(sorted_columns[0]), dtype=np.bool_)
    fresh[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in sorted_columns])
    return fresh


def _shortest_exchange(moves: Moves, head: int) -> Moves:
    """One move and the fewest others that make room for it, the last of them to the post it leaves."""
    start, goal = int(moves.target[head]), int(moves.source[head])
    came: dict[int, int] = {}  # the move by which each post is first met
    queue, met = [start], {start}
    for p in queue:  # grows; ends at the latest when the whole component is met, and the goal is in it
        if goal in met:
            break
        for move in range(*np.searchsorted(moves.source, (p, p + 1))):
            q = int(moves.target[move])
            if q not in met:
                met.add(q)
                came[q] = move
                queue.append(q)
    chosen = [head]
    while goal != start:
        chosen.append(came[goal])
        goal = int(moves.source[came[goal]])
    return moves.some(np.array(chosen))
