"""Which posts hang together, which block each candidate belongs to, and which zone contains which.

Zones with the same posts are one inside the other.
"""

from __future__ import annotations

import numpy as np

from engine.jit import inner, kernel
from engine.model.market import Ints, ShortInts

NOWHERE = -1  # a candidate none of whose wishes covers a post, a zone without parent
SINGLE, NESTED, GENERAL = range(3)  # kinds of blocks, as in `blocks.Kind`


@kernel
def join(
    wish_ptr: Ints, wish_zone: ShortInts, zones: ShortInts, zone_ptr: Ints, zone_post: ShortInts, num_posts: int
) -> ShortInts:
    """int32[m]: the first post of the block of each post. Union-find; the smaller root becomes the root of both."""
    root = np.arange(num_posts).astype(np.int32)
    for z in zones:
        for e in range(zone_ptr[z] + 1, zone_ptr[z + 1]):
            _unite(root, zone_post[zone_ptr[z]], zone_post[e])
    for i in range(len(wish_ptr) - 1):
        before = NOWHERE
        for z in wish_zone[wish_ptr[i] : wish_ptr[i + 1]]:
            if zone_ptr[z] < zone_ptr[z + 1]:
                p = zone_post[zone_ptr[z]]
                if before != NOWHERE:
                    _unite(root, before, p)
                before = p
    for p in range(num_posts):  # roots come before those they stand for
        root[p] = root[root[p]]
    return root


@inner
def _unite(root: ShortInts, p: int, q: int) -> None:
    p, q = _find(root, p), _find(root, q)
    if p < q:
        root[q] = p
    else:
        root[p] = q


@inner
def _find(root: ShortInts, p: int) -> int:
    while root[p] != p:
        root[p] = root[root[p]]
        p = root[p]
    return p


@kernel
def block_of_candidates(
    wish_ptr: Ints, wish_zone: ShortInts, zone_ptr: Ints, zone_post: ShortInts, number: ShortInts, kind: ShortInts
) -> ShortInts:
    """int32[n]: the block of each candidate. A block with a wish for an empty zone is not of single posts."""
    blocks = np.full(len(wish_ptr) - 1, NOWHERE, np.int32)
    for i in range(len(blocks)):
        some_empty = False
        for z in wish_zone[wish_ptr[i] : wish_ptr[i + 1]]:
            if zone_ptr[z] == zone_ptr[z + 1]:
                some_empty = True
            elif blocks[i] == NOWHERE:
                blocks[i] = number[zone_post[zone_ptr[z]]]
        if some_empty and blocks[i] != NOWHERE:
            kind[blocks[i]] = NESTED
    return blocks


@kernel
def nest(
    zones: ShortInts, zone_ptr: Ints, zone_post: ShortInts, number: ShortInts, kind: ShortInts
) -> tuple[ShortInts, ShortInts]:
    """int32[z], int32[z]: the parent and the block of each zone; set the kind of the blocks.

    Zones come widest first, and each post remembers the last one that covered it. If a zone finds the same memory on
    all its posts, that zone contains it, and none before crosses it unless some two before cross; else one does.
    """
    last = np.full(len(number), NOWHERE, np.int32)
    parent = np.full(len(zone_ptr) - 1, NOWHERE, np.int32)
    blocks = np.full(len(zone_ptr) - 1, NOWHERE, np.int32)
    for z in zones:
        first, end = zone_ptr[z], zone_ptr[z + 1]
        if first == end:
            continue
        blocks[z] = number[zone_post[first]]
        parent[z] = last[zone_post[first]]
        if end - first > 1:
            kind[blocks[z]] = max(kind[blocks[z]], NESTED)
        for p in zone_post[first:end]:
            if last[p] != parent[z]:
                kind[blocks[z]] = GENERAL
            last[p] = z
    return parent, blocks
