"""Pieces of a market: some of its contracts as a market of their own, and what the administration makes of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.model.cutoffs import post_cutoffs, zone_cutoffs
from engine.model.market import Ints, Market, Matching, ShortInts
from engine.solvers.arrays import distinct, pointer, ranges
from engine.solvers.blocks import blocks_of
from engine.solvers.stable import stable


@dataclass(frozen=True, eq=False)
class Piece:
    """A market made of some contracts of another, with the zones and posts that these need.

    Attributes
    ----------
    market : Market
    candidates, contracts : int64[], ascending
        The outside number of each candidate and contract.
    """

    market: Market
    candidates: Ints
    contracts: Ints

    def outside(self, held: Ints) -> Ints:
        """The outside numbers of contracts, -1 staying -1."""
        return np.append(self.contracts, -1)[held]

    def inside(self, held: Ints) -> Ints:
        """int64[n]: the contract each candidate holds here, or -1, given outside numbers for everybody."""
        mine = held[self.candidates]
        place = np.minimum(np.searchsorted(self.contracts, mine), len(self.contracts) - 1)
        return np.where(self.contracts[place] == mine, place, -1)

    def within(self, other: Piece) -> Piece:
        """The same piece, cut out of another piece, with the numbers that are outside of that one."""
        return Piece(self.market, other.candidates[self.candidates], other.contracts[self.contracts])


def piece(market: Market, contracts: Ints, link: ShortInts) -> Piece:
    """The piece made of these contracts, in ascending order. Candidates without any of them are left out.

    Parameters
    ----------
    link : int32[n]
        The links to see, which may be fewer than those of the market.
    """
    owner = market.candidate_of_contract()[contracts]
    candidates, own = distinct(owner, market.num_candidates)
    zones, wish_zone = distinct(market.wish_zone[contracts], market.num_zones)
    width = np.diff(market.zone_ptr)[zones]
    posts, zone_post = distinct(market.zone_post[ranges(market.zone_ptr[zones], width)], market.num_posts)
    wish_ptr = pointer(np.bincount(own, minlength=len(candidates)))
    last = contracts[wish_ptr[1:] - 1]
    small = Market(
        wish_ptr=wish_ptr,
        wish_zone=wish_zone.astype(np.int32),
        wish_priority=market.wish_priority[contracts],
        zone_ptr=pointer(width),
        zone_post=zone_post.astype(np.int32),
        seats=market.seats[posts],
        stay=np.where(market.stay[candidates] == last, wish_ptr[1:] - 1, -1),
        link=link[candidates],
    )
    return Piece(small, candidates, contracts)


def accepted(market: Market, contracts: Ints) -> tuple[Ints, Matching]:
    """The contracts held when candidates ask for these alone, links put aside, and the matching of those who ask.

    Parameters
    ----------
    contracts : int64[], ascending
    """
    num_wishes = np.bincount(market.candidate_of_contract()[contracts], minlength=market.num_candidates)
    asked = stable(_only(market, contracts, pointer(num_wishes)))
    return np.append(contracts, -1)[asked.contract], asked


def choice(market: Market, contracts: Ints) -> Ints:
    """Those of the contracts that the administration keeps when offered all at once (DESIGN 7), in the same order.

    Deferred acceptance where each contract is a candidate of its own proposes all of them, and keeps the choice.
    """
    kept = stable(_only(market, contracts, np.arange(len(contracts) + 1))).contract
    return contracts[kept >= 0]


def clusters(market: Market) -> ShortInts:
    """int32[k]: the cluster of each contract, that is, of posts that zones join; or -1 for a zone without posts.

    The choice from contracts of several clusters is made of the choices in each.
    """
    every = np.arange(market.num_contracts + 1)
    return blocks_of(_only(market, every[:-1], every)).of_candidate


def seating(market: Market, held: Ints) -> ShortInts:
    """int32[n]: a post for every candidate, or -1, given the contract of each; all of these can be seated at once."""
    placed = np.flatnonzero(held >= 0)
    post = np.full(market.num_candidates, -1, dtype=np.int32)
    post[placed] = stable(_only(market, held[placed], np.arange(len(placed) + 1))).post
    return post


def _only(market: Market, contracts: Ints, wish_ptr: Ints) -> Market:
    nobody = np.full(len(wish_ptr) - 1, -1)
    return Market(
        wish_ptr=wish_ptr,
        wish_zone=market.wish_zone[contracts],
        wish_priority=market.wish_priority[contracts],
        zone_ptr=market.zone_ptr,
        zone_post=market.zone_post,
        seats=market.seats,
        stay=nobody,
        link=nobody.astype(np.int32),
    )


def cutoffs_of_zones(market: Market, contract: Ints, post: ShortInts) -> Ints:
    """int64[z]: the cutoff of every zone, given the contract and the post of every candidate."""
    placed = contract >= 0
    held = contract[placed]
    at_posts = post_cutoffs(
        market.zone_ptr,
        market.zone_post,
        market.seats,
        market.wish_zone[held],
        post[placed],
        market.wish_priority[held],
    )
    return zone_cutoffs(market.zone_ptr, market.zone_post, at_posts)
