"""Cutoffs against walks taken post by post and against the choice itself; what the ends of the scale mean."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.cutoffs import FREE, NOBODY, post_cutoffs, zone_cutoffs
from engine.model.market import Market
from tests.solvers.zone_markets import FAMILIES, markets, random_market, zone_market, zones_of
from tests.solvers.zone_oracle import Oracle


def granted(market: Market, rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """Contracts that can be seated at once, at most one per candidate, and the post of each; not stable as a rule."""
    oracle = Oracle(market)
    contracts: list[int] = []
    for first, end in pairwise(market.wish_ptr.tolist()):
        if end > first:
            contract = int(rng.integers(first, end))
            if oracle.seat([*contracts, contract]) is not None:
                contracts.append(contract)
    seating = oracle.seat(contracts)
    assert seating is not None
    post = {contract: post for (post, _), contract in seating.items()}
    return contracts, [post[contract] for contract in contracts]


def cutoffs_of(market: Market, contracts: list[int], posts: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Cutoffs of posts and of zones."""
    zone, priority = market.wish_zone[contracts], market.wish_priority[contracts]
    shape = market.zone_ptr, market.zone_post
    of_posts = post_cutoffs(*shape, market.seats, zone, np.array(posts, dtype=np.int32), priority)
    return of_posts, zone_cutoffs(*shape, of_posts)


def walk(market: Market, contracts: list[int], posts: list[int], start: int) -> int:
    """The definition of DESIGN 7, word by word."""
    zones, met, ahead = zones_of(market), {start}, [start]
    while ahead:
        here = ahead.pop()
        seated = [contract for contract, post in zip(contracts, posts, strict=True) if post == here]
        if len(seated) < market.seats[here]:
            return int(FREE)
        for contract in seated:
            ahead += set(zones[market.wish_zone[contract]]) - met
            met.update(zones[market.wish_zone[contract]])
    priorities = [int(market.wish_priority[c]) for c, post in zip(contracts, posts, strict=True) if post in met]
    return min(priorities, default=int(NOBODY))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    "limits", [{}, {"max_candidates": 40, "max_posts": 15, "max_spare": 2}], ids=["small", "medium"]
)
def test_the_cutoff_of_a_post_is_what_a_walk_from_it_meets(family, limits):
    rng = np.random.default_rng(1)
    for _ in range(200):
        market = random_market(rng, family, **limits)
        contracts, posts = granted(market, rng)
        of_posts, of_zones = cutoffs_of(market, contracts, posts)
        assert of_posts.tolist() == [walk(market, contracts, posts, post) for post in range(market.num_posts)]
        lowest = [min((of_posts[post] for post in zone), default=NOBODY) for zone in zones_of(market)]
        assert of_zones.tolist() == lowest


@settings(max_examples=200, deadline=None, derandomize=True)
@given(markets(), st.randoms(use_true_random=False))
def test_a_contract_beats_the_cutoff_of_its_zone_if_and_only_if_the_choice_would_keep_it(market, random):
    contracts, posts = granted(market, np.random.default_rng(random.randrange(2**32)))
    _, of_zones = cutoffs_of(market, contracts, posts)
    oracle = Oracle(market)
    for contract in set(range(market.num_contracts)) - set(contracts):
        beats = market.wish_priority[contract] > of_zones[market.wish_zone[contract]]
        assert beats == (contract in oracle.choice([*contracts, contract]))


@pytest.mark.parametrize("family", FAMILIES)
def test_cutoffs_do_not_depend_on_the_seating_nor_on_the_order_of_contracts(family):
    rng = np.random.default_rng(2)
    for _ in range(100):
        market = random_market(rng, family, max_candidates=15, max_posts=6)
        contracts, posts = granted(market, rng)
        expected = cutoffs_of(market, contracts, posts)[0].tolist()
        backwards = Oracle(market).seat(reversed(contracts))
        assert backwards is not None
        post = {contract: post for (post, _), contract in backwards.items()}
        assert cutoffs_of(market, contracts, [post[contract] for contract in contracts])[0].tolist() == expected
        assert cutoffs_of(market, contracts[::-1], posts[::-1])[0].tolist() == expected


def test_a_free_seat_reached_through_another_zone_makes_a_full_post_free():
    market = zone_market([[(0, 5)], [(1, 7)]], [[0, 1], [1, 2], [2]], [1, 1, 1])
    of_posts, of_zones = cutoffs_of(market, [0, 1], [0, 1])
    assert of_posts.tolist() == of_zones.tolist() == [FREE] * 3


def test_the_weakest_contract_that_could_go_is_the_cutoff_of_all_that_reach_it_and_of_nothing_else():
    # Post 0 is held through {0, 1}, post 1 by a contract for it alone: post 0 reaches post 1, not the other way.
    market = zone_market([[(0, 5)], [(1, 7)]], [[0, 1], [1]], [1, 1])
    of_posts, of_zones = cutoffs_of(market, [0, 1], [0, 1])
    assert of_posts.tolist() == [5, 7]
    assert of_zones.tolist() == [5, 7]
    market = zone_market([[(0, 7)], [(1, 5)]], [[0, 1], [1]], [1, 1])
    assert cutoffs_of(market, [0, 1], [0, 1])[0].tolist() == [5, 5]


def test_nobody_enters_a_post_without_seats_or_a_zone_without_posts():
    market = zone_market([[(1, 5)]], [[], [0], [1], [0, 1]], [0, 1])
    of_posts, of_zones = cutoffs_of(market, [], [])
    assert of_posts.tolist() == [NOBODY, FREE]
    assert of_zones.tolist() == [NOBODY, NOBODY, FREE, FREE]


def test_a_market_without_zones_or_posts_has_no_cutoffs():
    of_posts, of_zones = cutoffs_of(zone_market([], [], []), [], [])
    assert of_posts.tolist() == of_zones.tolist() == []
