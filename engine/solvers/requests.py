"""Requests to change place: what the two phases of the interdépartemental see of a market.

Every zone is one post, which stands for the seats of a place (a département). A candidate's stay says where he is; his
other contracts are his wishes. Candidates who are linked make one request and move together or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.model.market import Ints, Market, MarketError, ShortInts
from engine.solvers.arrays import Mask
from engine.solvers.errors import UnsupportedMarket

NOWHERE = -1


@dataclass(frozen=True, eq=False)
class Requests:
    """A market as requests.

    Attributes
    ----------
    owner : int64[k]
        The candidate of each contract.
    rank : int64[k]
        Its place in his list, from 1.
    post : int32[k]
        The post it asks for.
    is_wish : bool[k]
        False for stays.
    home : int32[n]
        The post each candidate holds, or -1.
    unit : int64[n]
        The request of each candidate: one number per link, and one for everybody else. In the order of candidates.
    """

    owner: Ints
    rank: Ints
    post: ShortInts
    is_wish: Mask
    home: ShortInts
    unit: Ints


def requests_of(market: Market) -> Requests:
    """The requests of a market.

    Raises
    ------
    UnsupportedMarket
        If a zone is not exactly one post.
    MarketError
        If a wish is for the post its candidate holds, or linked candidates do not ask for the same in the same order.
    """
    if not market.has_single_post_zones:
        raise UnsupportedMarket("requests to change place need zones of one post each, and some zone is not")
    owner = market.candidate_of_contract()
    post = market.zone_post[market.wish_zone]
    is_wish = np.ones(market.num_contracts, dtype=np.bool_)
    holders = np.flatnonzero(market.stay >= 0)
    is_wish[market.stay[holders]] = False
    home = np.full(market.num_candidates, NOWHERE, dtype=np.int32)
    home[holders] = post[market.stay[holders]]
    idle = np.flatnonzero(is_wish & (post == home[owner]))
    if len(idle):
        raise MarketError(f"contract {idle[0]} is a wish for the post that candidate {owner[idle[0]]} holds")
    _require_same_lists(market, post, is_wish)
    rank = np.arange(market.num_contracts, dtype=np.int64) - market.wish_ptr[owner] + 1
    return Requests(owner, rank, post, is_wish, home, _units(market.link))


def _units(link: ShortInts) -> Ints:
    linked = link >= 0
    groups, group = np.unique(link[linked], return_inverse=True)
    key = np.arange(len(link), dtype=np.int64)
    first = np.full(len(groups), len(link), dtype=np.int64)
    np.minimum.at(first, group, key[linked])
    key[linked] = first[group]
    return np.unique(key, return_inverse=True)[1].astype(np.int64)


def _require_same_lists(market: Market, post: ShortInts, is_wish: Mask) -> None:
    lists: dict[int, tuple[int, list[int], bool]] = {}
    for candidate in np.flatnonzero(market.link >= 0):
        mine = slice(market.wish_ptr[candidate], market.wish_ptr[candidate + 1])
        asked, holds = post[mine][is_wish[mine]].tolist(), bool(market.stay[candidate] >= 0)
        other, wanted, held = lists.setdefault(int(market.link[candidate]), (int(candidate), asked, holds))
        if (asked, holds) != (wanted, held):
            raise MarketError(f"candidates {other} and {candidate} are linked and do not ask for the same")
