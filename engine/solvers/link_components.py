"""Parts of a market that no block and no link joins: each can be solved without a look at the others."""

from __future__ import annotations

import numpy as np

from engine.model.market import Ints, Market, ShortInts
from engine.solvers.blocks import NOWHERE, blocks_of

UNLINKED = -1  # the component of a candidate who has no link in reach


def linked_components(market: Market) -> tuple[Ints, int]:
    """The connected components of the graph of blocks and links, as far as there are links in them.

    Returns
    -------
    of_candidate : int64[n]
        The component of each candidate, or -1. Components are numbered by their first posts.
    num_components : int
    """
    block = blocks_of(market).of_candidate
    of_block, num_components = _joined(block, market.link)
    of_candidate = _with_mates(np.append(of_block, UNLINKED)[block], market.link)
    linked = np.zeros(num_components + 1, dtype=np.bool_)
    linked[of_candidate[market.link >= 0]] = True
    linked[UNLINKED] = False
    return np.where(linked, np.cumsum(linked) - 1, UNLINKED)[of_candidate], int(linked.sum())


def of_component(market: Market, component: Ints, number: int) -> Ints:
    """int64[], ascending: the contracts of the candidates of a component, given that of each candidate."""
    return np.flatnonzero(np.repeat(component == number, np.diff(market.wish_ptr)))


def _with_mates(component: Ints, link: ShortInts) -> Ints:
    """Put linked candidates whose wishes cover no post, hence in no block, into the component of their links."""
    of_link = np.full(link.max(initial=-1) + 1, UNLINKED)
    linked = link >= 0
    np.maximum.at(of_link, link[linked], component[linked])
    component[linked] = of_link[link[linked]]
    return component


def _joined(block: ShortInts, link: ShortInts) -> tuple[Ints, int]:
    """int64[b]: the component of each block; and how many there are."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    members = np.flatnonzero((link >= 0) & (block != NOWHERE))
    members = members[np.argsort(link[members], kind="stable")]
    together = link[members][1:] == link[members][:-1]
    ends = block[members][:-1][together], block[members][1:][together]
    num_blocks = int(block.max(initial=NOWHERE)) + 1
    graph = coo_array((np.ones(len(ends[0]), dtype=np.int8), ends), shape=(num_blocks, num_blocks))
    num_components, of_block = connected_components(graph, directed=False)
    return of_block.astype(np.int64), int(num_components)
