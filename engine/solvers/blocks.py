"""The blocks of a market, the kind of each, and the groups that are solved together.

A block is what hangs together: posts that a zone wished for covers, and posts that one candidate wishes for. Blocks
never meet, so each is solved in the way its zones allow. Blocks of one kind make one group.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from engine.model.market import Ints, Market, ShortInts

NOWHERE = -1  # a candidate none of whose wishes covers a post, a zone without parent


class Kind(IntEnum):
    """What the zones of a block are like.

    SINGLE : every zone wished for is one post.
    NESTED : any two zones wished for are apart, or one contains the other; a zone may be empty.
    GENERAL : zones overlap, or name a post twice.
    """

    SINGLE = 0
    NESTED = 1
    GENERAL = 2


@dataclass(frozen=True, eq=False)
class Blocks:
    """The blocks of a market.

    Attributes
    ----------
    of_candidate : int32[n]
        The block of each candidate, or -1 if his wishes cover no post. Blocks are numbered by their first posts, so
        the numbers do not depend on the order of candidates.
    of_zone : int32[z]
        The block of each zone, or -1 if it is empty or not wished for.
    kind : int32[b]
    zones : int32[]
        The zones wished for, those of most posts first, and among equals by number.
    parent : int32[z]
        The smallest zone wished for that contains each one, the later one in `zones` of those with the same posts; -1
        for none. In a nested block; elsewhere without meaning.
    """

    of_candidate: ShortInts
    of_zone: ShortInts
    kind: ShortInts
    zones: ShortInts
    parent: ShortInts

    def of_posts(self, market: Market) -> ShortInts:
        """int32[m]: the block of each post, or -1 if no wish covers it."""
        of_entry = np.repeat(self.of_zone, np.diff(market.zone_ptr))
        wished = of_entry != NOWHERE  # a zone that nobody wishes for may cover posts that others cover
        of_post = np.full(market.num_posts, NOWHERE, dtype=np.int32)
        of_post[market.zone_post[wished]] = of_entry[wished]
        return of_post


@dataclass(frozen=True, eq=False)
class Group:
    """All blocks of one kind as a market of their own, with the zones and posts of the whole.

    Attributes
    ----------
    kind : Kind
    market : Market
        Its candidates are in the order of their blocks, and inside a block those whose first wish is strongest first.
    block_ptr : int64[b+1]
        Candidates of each block.
    candidates, contracts : int64[n], int64[k]
        Their numbers in the whole market.
    zones : int32[]
        The zones wished for in these blocks, empty ones included, those of most posts first.
    parent : int32[z]
        As in `Blocks`.
    """

    kind: Kind
    market: Market
    block_ptr: Ints
    candidates: Ints
    contracts: Ints
    zones: ShortInts
    parent: ShortInts


def blocks_of(market: Market) -> Blocks:
    """Find the blocks of a market. Linear in contracts and in the posts of the zones.

    Parameters
    ----------
    market : Market
        Checked. Fewer than 2**31 candidates and zones.
    """
    from engine.jit import sealed
    from engine.solvers.blocks_kernel import block_of_candidates, join, nest

    wish_ptr, wish_zone = sealed(market.wish_ptr), sealed(market.wish_zone)
    zone_ptr, zone_post = sealed(market.zone_ptr), sealed(market.zone_post)
    zones = _widest_first(_wished(wish_zone, market.num_zones), zone_ptr)
    root = join(wish_ptr, wish_zone, zones, zone_ptr, zone_post, market.num_posts)
    is_root = root == np.arange(market.num_posts)
    number = (np.cumsum(is_root, dtype=np.int32) - 1)[root]
    kind = np.zeros(int(is_root.sum()), dtype=np.int32)
    of_candidate = block_of_candidates(wish_ptr, wish_zone, zone_ptr, zone_post, number, kind)
    parent, of_zone = nest(zones, zone_ptr, zone_post, number, kind)
    return Blocks(of_candidate, of_zone, kind, zones, parent)


def groups(market: Market) -> Iterator[Group]:
    """The groups of a market, one per kind that occurs. Candidates whose wishes cover no post are in none."""
    blocks = blocks_of(market)
    order = _strongest_first(market, blocks)
    kind = blocks.kind[blocks.of_candidate[order]]
    for each in Kind:
        candidates = order[kind == each]
        if len(candidates):
            yield _group(market, each, candidates, blocks)


def _strongest_first(market: Market, blocks: Blocks) -> Ints:
    """Candidates in the order of a `Group`, which their numbers do not enter: in a block priorities are strict."""
    somewhere = np.flatnonzero(blocks.of_candidate != NOWHERE)
    first = market.wish_priority[market.wish_ptr[somewhere]]
    strongest_first = somewhere[np.argsort(first)[::-1]]
    return strongest_first[np.argsort(blocks.of_candidate[strongest_first], kind="stable")]


def _group(market: Market, kind: Kind, candidates: Ints, blocks: Blocks) -> Group:
    num_wishes = np.diff(market.wish_ptr)[candidates]
    wish_ptr = np.concatenate(([0], np.cumsum(num_wishes)))
    shift = market.wish_ptr[candidates] - wish_ptr[:-1]
    contracts = np.arange(wish_ptr[-1]) + np.repeat(shift, num_wishes)
    blocks_alone = Market(
        wish_ptr=wish_ptr,
        wish_zone=market.wish_zone[contracts],
        wish_priority=market.wish_priority[contracts],
        zone_ptr=market.zone_ptr,
        zone_post=market.zone_post,
        seats=market.seats,
        stay=np.where(market.stay[candidates] >= 0, wish_ptr[1:] - 1, -1),
        link=market.link[candidates],
    )
    changes = np.flatnonzero(np.diff(blocks.of_candidate[candidates])) + 1
    block_ptr = np.concatenate(([0], changes, [len(candidates)]))
    block = blocks.of_zone[blocks.zones]
    zones = blocks.zones[(block == NOWHERE) | (blocks.kind[block] == kind)]
    return Group(kind, blocks_alone, block_ptr, candidates, contracts, zones, blocks.parent)


def _wished(wish_zone: ShortInts, num_zones: int) -> ShortInts:
    """int32[]: the zones that occur in a wish."""
    occurs = np.zeros(num_zones, dtype=np.bool_)
    occurs[wish_zone] = True
    return np.flatnonzero(occurs).astype(np.int32)


def _widest_first(zones: ShortInts, zone_ptr: Ints) -> ShortInts:
    width = zone_ptr[zones + 1] - zone_ptr[zones]
    return zones[np.argsort(-width, kind="stable")]


def shares(market: Market, candidates: Ints, num_shares: int) -> list[Ints]:
    """Candidates in shares of whole blocks with about as many contracts each; without those who wish for no post.

    Parameters
    ----------
    candidates : int64[a], ascending
    num_shares : int
        At most so many; none is empty.
    """
    block = blocks_of(market).of_candidate[candidates]
    candidates, block = candidates[block != NOWHERE], block[block != NOWHERE]
    size = np.bincount(block, weights=np.diff(market.wish_ptr)[candidates])
    share = np.minimum(np.cumsum(size) * num_shares / max(size.sum(), 1), num_shares - 1).astype(np.int64)
    groups = (candidates[share[block] == s] for s in range(num_shares))
    return [some for some in groups if len(some)]
