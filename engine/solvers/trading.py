"""What `exchange` and `trade` share: who owns which seat, who may point to it, and the rounds of cycles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.model.market import Ints, Market, MarketError, Matching, ShortInts
from engine.solvers.arrays import Mask, pointer
from engine.solvers.blocks import NOWHERE, blocks_of
from engine.solvers.errors import UnsupportedMarket

if TYPE_CHECKING:
    from engine.solvers.trading_kernel import Members


def trading(market: Market, standing: Ints | None, closing: Mask | None, *, over_weaker: bool) -> Matching:
    """The outcome of trading cycles from the posts held.

    Parameters
    ----------
    market : Market
        Without links. A stay names the post its candidate holds.
    standing : int64[n], optional
        Of each holder, the priority he would have among those who ask for his post. None: the weakest of his wishes, as
        all of them carry at least the points that do not depend on where one asks to go.
    closing : bool[n], optional
        Candidates who stand for a seat to be closed. As long as one is not served, nobody may point to the holders of
        its post: whoever leaves it leaves a seat to be closed.
    over_weaker : bool
        Whether a candidate may only point to a holder whose standing is below the priority of his wish.

    Returns
    -------
    Matching
        Nobody is below his stay. Counters: rounds, cycles.
    """
    from engine.jit import sealed
    from engine.solvers.trading_kernel import DONE, Holders, State, Wishes, Zones, trading_cycles

    _require_unlinked(market)
    n, holds = market.num_candidates, market.stay >= 0
    stay_priority = np.zeros(n, dtype=np.int64)
    stay_priority[holds] = market.wish_priority[market.stay[holds]]
    standing = _weakest_wishes(market) if standing is None else _checked(market, standing)
    home = _homes(market)
    owners = np.flatnonzero(holds)
    owners = owners[np.lexsort((stay_priority[owners], standing[owners], home[owners]))]
    at_home = np.bincount(home[owners], minlength=market.num_posts)
    end = market.wish_ptr[1:] - holds
    owner = market.candidate_of_contract()
    asked = np.flatnonzero(np.arange(market.num_contracts) < end[owner])
    asked = asked[np.lexsort((~market.wish_priority[asked], market.wish_zone[asked]))]
    by_post = np.argsort(market.zone_post, kind="stable")
    of_entry = np.repeat(np.arange(market.num_zones, dtype=np.int32), np.diff(market.zone_ptr))
    first = pointer(np.bincount(market.wish_zone[asked], minlength=market.num_zones))
    state = State(
        status=np.zeros(n, np.int32),
        cursor=market.wish_ptr[:-1].copy(),
        wish=np.full(n, -1, np.int64),
        post=np.full(n, -1, np.int32),
        through=np.full(n, -1, np.int64),
        to_close=_to_close(market, closing),
        vacant=(market.seats - at_home).astype(np.int32),
        holder=np.full(market.num_posts, -1, np.int64),
        owner=np.full(market.num_posts, -1, np.int64),
        own_from=np.zeros(market.num_posts, np.int64),
        head=first[:-1].copy(),
        queue=np.empty(n + 1, np.int32),
        strongest=np.empty(len(asked), np.int64),
    )
    rounds, cycles = trading_cycles(
        _members(market),
        Wishes(
            ptr=sealed(market.wish_ptr),
            end=sealed(end),
            zone=sealed(market.wish_zone),
            priority=sealed(market.wish_priority),
            owner=sealed(owner),
            closes=sealed(np.zeros(n, dtype=np.bool_) if closing is None else closing),
        ),
        Zones(
            ptr=sealed(market.zone_ptr),
            post=sealed(market.zone_post),
            first=sealed(first),
            wish=sealed(asked),
            post_ptr=sealed(pointer(np.bincount(market.zone_post, minlength=market.num_posts))),
            of_post=sealed(of_entry[by_post]),
        ),
        Holders(ptr=sealed(pointer(at_home)), who=sealed(owners), home=sealed(home), standing=sealed(standing)),
        state,
        over_weaker,
    )
    moved = state.status == DONE
    contract = np.where(moved, state.wish, market.stay)
    post = np.where(moved, state.post, home).astype(np.int32)
    return Matching(contract, post, stop="finished", worth="feasible", counters={"rounds": rounds, "cycles": cycles})


def _members(market: Market) -> Members:
    """The candidates and the posts of every block; who wishes for no post is in none."""
    from engine.jit import sealed
    from engine.solvers.trading_kernel import Members

    blocks = blocks_of(market)
    of_post = blocks.of_posts(market)
    people, posts = (np.argsort(of, kind="stable")[(of == NOWHERE).sum() :] for of in (blocks.of_candidate, of_post))
    people_ptr, posts_ptr = (
        pointer(np.bincount(of[of != NOWHERE], minlength=len(blocks.kind))) for of in (blocks.of_candidate, of_post)
    )
    return Members(sealed(people_ptr), sealed(people), sealed(posts_ptr), sealed(posts))


def _homes(market: Market) -> ShortInts:
    """int32[n]: the post each candidate holds, or -1."""
    home = np.full(market.num_candidates, -1, dtype=np.int32)
    holds = np.flatnonzero(market.stay >= 0)
    home[holds] = market.zone_post[market.zone_ptr[market.wish_zone[market.stay[holds]]]]
    return home


def _to_close(market: Market, closing: Mask | None) -> ShortInts:
    """int32[m]: how many seats of each post are to be closed."""
    phantoms = (
        np.zeros(0, dtype=np.int64) if closing is None else np.flatnonzero(closing & (np.diff(market.wish_ptr) > 0))
    )
    post = market.zone_post[market.zone_ptr[market.wish_zone[market.wish_ptr[phantoms]]]]
    return np.bincount(post, minlength=market.num_posts).astype(np.int32)


def _weakest_wishes(market: Market) -> Ints:
    """int64[n]: the priority of everybody's weakest wish; that of his stay where he has none."""
    weakest = np.full(market.num_candidates, np.iinfo(np.int64).max)
    owner = market.candidate_of_contract()
    wishes = market.stay[owner] != np.arange(market.num_contracts)
    np.minimum.at(weakest, owner[wishes], market.wish_priority[wishes])
    return weakest


def _checked(market: Market, standing: Ints) -> Ints:
    if standing.shape != (market.num_candidates,):
        raise MarketError(f"standing has {len(standing)} entries for {market.num_candidates} candidates")
    return standing


def _require_unlinked(market: Market) -> None:
    if market.has_links:
        first = np.flatnonzero(market.link >= 0)[0]
        raise UnsupportedMarket(f"trading does not serve linked candidates, and candidate {first} is linked")
