"""`serial` over seats: vacancy chains in the order of first wishes, against the plain version and by trying all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from engine.model.market import Market
from engine.solvers.errors import UnsupportedMarket
from engine.solvers.mechanisms import solve
from engine.solvers.serial import serial
from tests.solvers import zone_markets
from tests.solvers.markets import market_of
from tests.solvers.zone_markets import FAMILIES, random_market, random_mixture, zone_market
from tests.solvers.zone_oracle import Held, Oracle, placed

families = pytest.mark.parametrize("family", FAMILIES)


def plain(market: Market) -> Held:
    """At every moment the first in the order who can have something better takes the best of what can be seated."""
    oracle = Oracle(market)
    order = sorted(
        (i for i, listed in enumerate(oracle.lists) if len(listed)),
        key=lambda i: -oracle.priority[oracle.lists[i].start],
    )
    held = market.stay.tolist()
    while (wish := next((c for i in order for c in open_wishes(oracle, held, i)), None)) is not None:
        held[next(i for i, listed in enumerate(oracle.lists) if wish in listed)] = wish
    return tuple(held)


def open_wishes(oracle: Oracle, held: Sequence[int], i: int) -> list[int]:
    better = range(oracle.lists[i].start, held[i] if held[i] >= 0 else oracle.lists[i].stop)
    return [c for c in better if oracle.seat([*placed(held), c]) is not None]


def found(market: Market) -> Held:
    return tuple(serial(market).contract.tolist())


def one_score(market: Market, rng: np.random.Generator) -> Market:
    """The same market, all wishes of a candidate carrying the same points; seats to be closed and stays as before."""
    lists = list(zip(market.wish_ptr[:-1].tolist(), market.wish_ptr[1:].tolist(), strict=True))
    priority = market.wish_priority.copy()
    for strength, i in enumerate(rng.permutation(len(lists)).tolist()):
        first, end = lists[i]
        wishes = slice(first, end - (market.stay[i] >= 0))
        if (priority[wishes] < market.num_contracts).all():
            priority[wishes] = strength * market.num_contracts + np.arange(len(priority[wishes]))[::-1]
        else:
            priority[wishes] += market.num_contracts * len(lists)
    stays = market.stay[market.stay >= 0]
    priority[stays] += 2 * market.num_contracts * (len(lists) + 1)
    return replace(market, wish_priority=priority)


# Cases


def test_the_points_of_the_first_wish_decide_whose_turn_it_is():
    market = market_of([[(0, 1), (1, 90)], [(1, 20)]], [0, 1])
    assert serial(market).post.tolist() == [-1, 1]


def test_a_seat_left_is_offered_to_the_first_in_the_order_who_wants_it():
    # t0 waits for post 0, whose holder t1 comes after him and leaves for post 1; t2 comes last and wants post 0, too.
    market = market_of([[(0, 9)], [(1, 5), (0, 100)], [(0, 3)]], [1, 1], [1])
    assert serial(market).post.tolist() == [0, 1, -1]


def test_who_has_moved_may_move_on_to_a_seat_left_later():
    market = market_of([[(0, 9), (1, 9)], [(2, 5), (0, 100)], [(1, 3)]], [1, 1, 1], [1])
    matching = serial(market)
    assert matching.post.tolist() == [0, 2, 1]
    assert matching.counters == {"moved": 4, "offered": 1}


def test_two_holders_cannot_exchange_without_a_free_seat():
    market = market_of([[(1, 2), (0, 100)], [(0, 1), (1, 101)]], [1, 1], [0, 1])
    assert serial(market).post.tolist() == [0, 1]


def test_others_move_up_inside_their_zones():
    market = zone_market([[(0, 3)], [(1, 2)]], [[0, 1], [0]], [1, 1])
    assert sorted(serial(market).post.tolist()) == [0, 1]


def test_a_seat_left_inside_a_zone_serves_who_wants_another_post_of_it():
    # t0 sits in the zone {0, 1}; t1 wants post 0 and has to wait for h, who leaves post 1 for post 2.
    zones = [[0, 1], [0], [1], [2]]
    market = zone_market([[(0, 9)], [(1, 8)], [(3, 1), (2, 100)]], zones, [1, 1, 1], [2])
    matching = serial(market)
    assert matching.contract.tolist() == [0, 1, 2]
    assert matching.post.tolist() == [1, 0, 2]


# Against the plain version


@families
def test_the_outcome_is_that_of_the_plain_version(family):
    rng = np.random.default_rng(1)
    for _ in range(600):
        market = random_market(rng, family, max_spare=2)
        assert found(market) == plain(market)


@given(zone_markets.markets())
def test_the_outcome_is_that_of_the_plain_version_in_any_market(market):
    assert found(market) == plain(market)


@families
def test_larger_markets_agree_too(family):
    rng = np.random.default_rng(2)
    for _ in range(25):
        market = random_market(rng, family, max_candidates=40, max_posts=15, max_wishes=8)
        assert found(market) == plain(market)


def test_blocks_of_all_kinds_side_by_side_agree_too():
    rng = np.random.default_rng(3)
    for _ in range(40):
        market = random_mixture(rng)
        assert found(market) == plain(market)


# What it promises


@families
def test_with_one_priority_for_all_wishes_of_a_candidate_there_is_no_claim(family):
    rng, moved = np.random.default_rng(4), 0
    for _ in range(600):
        market = one_score(random_market(rng, family, max_spare=2), rng)
        held = found(market)
        assert Oracle(market).claims(held) == []
        moved += held != tuple(market.stay.tolist())
    assert moved > 300


# Refusals


def test_linked_candidates_are_refused_where_there_are_no_quotas():
    market = market_of([[(0, 1)], [(0, 2)]], [1])
    with pytest.raises(UnsupportedMarket, match="within quotas of entry and exit only, and candidate 0 is linked"):
        solve(replace(market, link=np.zeros(2, dtype=np.int32)), "serial")
