"""What `exchange` and `trade` share: who owns which seat, who may point to it, and the rounds of cycles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine.model.market import Ints, Market, MarketError, Matching, ShortInts
from engine.solvers.arrays import Mask, pointer, ranges
from engine.solvers.blocks import NOWHERE, blocks_of
from engine.solvers.errors import UnsupportedMarket
from engine.solvers.pins import on_vacant_seats, only

if TYPE_CHECKING:
    from engine.solvers.trading_kernel import Members


def trading(
    market: Market, standing: Ints | None, closing: Mask | None, pinned: Mask | None, *, over_weaker: bool
) -> Matching:
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
    pinned : bool[n], optional
        Candidates whom a decision places. Those for whom a seat is vacant take it before the first round; as long as
        one of the others is not served, nobody may point to the holders of the posts he may have.
    over_weaker : bool
        Whether a candidate may only point to a holder whose standing is below the priority of his wish.

    Returns
    -------
    Matching
        Nobody is below his stay. Counters: rounds, cycles.
    """
    _require_unlinked(market)
    waits = np.zeros(market.num_candidates, dtype=np.bool_) if closing is None else closing
    if pinned is None:
        return _traded(market, standing, waits, over_weaker)
    waits = waits | pinned
    contract, post = on_vacant_seats(market, waits)
    served = contract >= 0
    rest, contracts = only(market, ~served[market.candidate_of_contract()])
    left = market.seats - np.bincount(post[served], minlength=market.num_posts)
    found = _traded(replace(rest, seats=left.astype(np.int32)), standing, waits & ~served, over_weaker)
    held = np.where(served, contract, contracts[found.contract])
    return replace(found, contract=held, post=np.where(served, post, found.post))


def _traded(market: Market, standing: Ints | None, waits: Mask, over_weaker: bool) -> Matching:
    """The rounds, with those who wait for a seat that falls free (bool[n])."""
    from engine.jit import sealed
    from engine.solvers.trading_kernel import DONE, Holders, State, Wishes, Zones, trading_cycles

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
        waited_for=_waited_for(market, waits),
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
            waits=sealed(waits),
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


def _waited_for(market: Market, waits: Mask) -> ShortInts:
    """int32[m]: how many wait for a seat of each post."""
    asked = np.flatnonzero(waits[market.candidate_of_contract()])
    zone = market.wish_zone[asked]
    post = market.zone_post[ranges(market.zone_ptr[zone], np.diff(market.zone_ptr)[zone])]
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
