"""`stable` over zones against plain Python, against all stable outcomes, and its properties (cases C and H of the
algorithms)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.cutoffs import post_cutoffs, zone_cutoffs
from engine.model.market import Market, Matching
from engine.solvers.blocks import Kind, groups
from engine.solvers.stable import _general, stable
from tests.solvers import markets as single_markets
from tests.solvers import oracle
from tests.solvers.markets import renumbered, stretched
from tests.solvers.zone_markets import FAMILIES, markets, random_market, random_mixture, zone_market, zones_of
from tests.solvers.zone_oracle import Oracle

properties = settings(max_examples=200, deadline=None, derandomize=True)
families = pytest.mark.parametrize("family", FAMILIES)
SIZES = {
    "small": (800, {}),
    "medium": (60, {"max_candidates": 25, "max_posts": 10, "max_wishes": 8, "max_spare": 2}),
    "large": (3, {"max_candidates": 250, "max_posts": 60, "max_wishes": 12, "max_spare": 4}),
}
sizes = pytest.mark.parametrize(("count", "limits"), SIZES.values(), ids=SIZES)


def held(market: Market) -> tuple[int, ...]:
    return tuple(stable(market).contract.tolist())


def ranks(market: Market) -> np.ndarray:
    return np.array(oracle.ranks(market, held(market)), dtype=np.int64)


def is_seating(market: Market, matching: Matching) -> bool:
    """Whether everybody who holds a contract, and nobody else, sits on a seat of its zone, used once."""
    zones, seated = zones_of(market), matching.post >= 0
    inside = all(
        post in zones[market.wish_zone[contract]]
        for contract, post in zip(matching.contract[seated], matching.post[seated], strict=True)
    )
    taken = np.bincount(matching.post[seated], minlength=market.num_posts)
    return inside and (seated == (matching.contract >= 0)).all() and bool((taken <= market.seats).all())


# Agreement


@families
@sizes
def test_the_outcome_and_the_number_of_proposals_are_those_of_plain_deferred_acceptance(family, count, limits):
    rng = np.random.default_rng(1)
    for _ in range(count):
        market = random_market(rng, family, **limits)
        market.check()
        matching = stable(market)
        assert (tuple(matching.contract.tolist()), matching.counters["proposals"]) == Oracle(
            market
        ).deferred_acceptance()
        assert is_seating(market, matching)


@sizes
def test_blocks_of_all_kinds_side_by_side_are_each_solved_as_if_alone(count, limits):
    rng = np.random.default_rng(2)
    for _ in range(max(2, count // 20)):
        market = random_mixture(rng, **limits)
        matching = stable(market)
        assert (tuple(matching.contract.tolist()), matching.counters["proposals"]) == Oracle(
            market
        ).deferred_acceptance()
        assert is_seating(market, matching)


@families
def test_no_stable_outcome_is_better_for_any_candidate(family):
    rng = np.random.default_rng(3)
    for _ in range(300):
        market = random_market(rng, family, max_candidates=4, max_posts=4, max_wishes=2)
        every = [oracle.ranks(market, other) for other in Oracle(market).stable_outcomes()]
        assert ranks(market).tolist() == [min(column) for column in zip(*every, strict=True)]


@sizes
def test_nested_zones_give_the_same_outcome_by_the_way_of_overlapping_ones(count, limits):
    rng = np.random.default_rng(4)
    for _ in range(count):
        market = random_market(rng, "nested", **limits)
        for group in groups(market):
            assert group.kind != Kind.GENERAL
            general, post, _ = _general(group)
            expected = stable(group.market)
            assert general.tolist() == expected.contract.tolist()
            assert is_seating(group.market, replace(expected, post=post))


@sizes
def test_zones_of_one_post_give_the_same_outcome_as_zones_that_name_the_post_twice(count, limits):
    rng = np.random.default_rng(5)
    for _ in range(count):
        market = single_markets.random_market(rng, **limits)
        double = zone_market([], [2 * zone for zone in zones_of(market)], market.seats)
        double = replace(market, zone_ptr=double.zone_ptr, zone_post=double.zone_post)
        assert held(double) == held(market)
        assert all(group.kind == Kind.GENERAL for group in groups(double))


@families
def test_priorities_may_use_all_of_int64(family):
    rng = np.random.default_rng(6)
    for _ in range(300):
        market = stretched(random_market(rng, family), rng)
        assert held(market) == Oracle(market).deferred_acceptance()[0]


# Properties


@properties
@given(markets())
def test_nobody_has_a_claim(market):
    assert Oracle(market).is_feasible(held(market))
    assert not Oracle(market).claims(held(market))


@properties
@given(markets())
def test_nobody_falls_below_his_stay(market):
    assert not Oracle(market).below_stay(held(market))


@properties
@given(markets(), st.data())
def test_the_order_of_candidates_changes_nothing_not_even_who_sits_where(market, data):
    order = list(data.draw(st.permutations(range(market.num_candidates))))
    other = renumbered(market, order)
    assert ranks(other).tolist() == ranks(market)[order].tolist()
    assert stable(other).post.tolist() == stable(market).post[order].tolist()
    assert stable(other).counters == stable(market).counters


@properties
@given(markets().filter(lambda market: market.num_contracts > 0), st.data())
def test_a_raised_score_never_hurts_its_owner(market, data):
    contract = data.draw(st.integers(0, market.num_contracts - 1))
    level = market.wish_priority // market.num_contracts
    stronger = market.wish_priority >= market.wish_priority[contract]
    rivals = market.wish_priority[stronger & (level == level[contract])]
    priority = 2 * market.wish_priority
    priority[contract] = 2 * data.draw(st.sampled_from(rivals.tolist())) + 1
    owner = market.candidate_of_contract()[contract]
    raised = replace(market, wish_priority=priority)
    assert ranks(raised)[owner] <= ranks(market)[owner]


@properties
@given(markets(), st.data())
def test_an_added_seat_never_hurts_anybody(market, data):
    seats = market.seats.copy()
    seats[data.draw(st.integers(0, market.num_posts - 1))] += 1
    assert (ranks(replace(market, seats=seats)) <= ranks(market)).all()


@properties
@given(markets())
def test_removing_an_unplaced_candidate_never_hurts_anybody(market):
    before = ranks(market)
    for gone in np.flatnonzero(stable(market).contract < 0):
        others = np.delete(np.arange(market.num_candidates), gone)
        assert (ranks(renumbered(market, others)) <= before[others]).all()


@properties
@given(markets())
def test_cutoffs_reproduce_the_outcome(market):
    matching = stable(market)
    placed = matching.contract >= 0
    contract = matching.contract[placed]
    of_posts = post_cutoffs(
        market.zone_ptr,
        market.zone_post,
        market.seats,
        market.wish_zone[contract],
        matching.post[placed],
        market.wish_priority[contract],
    )
    enters = market.wish_priority >= zone_cutoffs(market.zone_ptr, market.zone_post, of_posts)[market.wish_zone]
    lists = zip(market.wish_ptr[:-1], market.wish_ptr[1:], strict=True)
    first = [next((c for c in range(start, end) if enters[c]), -1) for start, end in lists]
    assert matching.contract.tolist() == first


# Cases


def test_zones_leave_nobody_on_the_wrong_seat():
    p, q, both = [0], [1], [0, 1]
    two = zone_market([[(2, 100)], [(0, 50)]], [p, q, both], [1, 1])
    assert stable(two).post.tolist() == [1, 0]
    three = zone_market([[(2, 100)], [(0, 50)], [(1, 60)]], [p, q, both], [1, 1])
    assert stable(three).post.tolist() == [0, -1, 1]


def test_zones_that_overlap_leave_nobody_on_the_wrong_seat():
    # A chain of zones {0, 1}, {1, 2}, ...: the last to come wants post 0 alone, and all others move up one.
    length = 50
    zones = [[i, i + 1] for i in range(length)] + [[0]]
    wishes = [[(i, length - i)] for i in range(length)] + [[(length, 0)]]
    assert stable(zone_market(wishes, zones, [1] * (length + 1))).post.tolist() == [*range(1, length + 1), 0]


def test_a_holder_who_leaves_by_a_zone_sets_off_a_chain():
    # a keeps post 0 unless he gets into {1, 2}; b wants post 0.
    a, b = [(3, 1), (0, 9)], [(0, 2)]
    assert stable(zone_market([a, b], [[0], [1], [2], [1, 2]], [1, 0, 1], stays=[0])).post.tolist() == [2, 0]
    assert stable(zone_market([a, b], [[0], [1], [2], [1, 2]], [1, 0, 0], stays=[0])).post.tolist() == [0, -1]


def test_candidates_sent_home_one_after_the_other_all_get_home():
    # Everybody holds post i and asks for {i, i + 1} first; the last seat of the row is taken by a stranger.
    length = 300
    zones = [[i] for i in range(length + 1)] + [[i, i + 1] for i in range(length)]
    wishes = [[(length + 1 + i, i), (i, 1000 + i)] for i in range(length)] + [[(length, 999)]]
    matching = stable(zone_market(wishes, zones, [1] * (length + 1), stays=range(length)))
    assert matching.post.tolist() == list(range(length + 1))


@pytest.mark.parametrize("zones", [[[]], [[], [0, 1]], [[], [0, 1], [1, 2]]], ids=["alone", "nested", "general"])
def test_a_zone_without_posts_is_granted_to_nobody(zones):
    strongest = np.iinfo(np.int64).max
    wishes = [[(0, strongest), *((zone, 10 - zone) for zone in range(1, len(zones)))], [(len(zones) - 1, 1)]]
    assert 0 not in [market_zone(stable(zone_market(wishes, zones, [1, 1, 1])), c) for c in range(2)]
    assert stable(zone_market(wishes, zones, [1, 1, 1])).contract[0] == (1 if len(zones) > 1 else -1)


def market_zone(matching: Matching, candidate: int) -> int:
    return int(matching.contract[candidate])


@pytest.mark.parametrize("zones", [[[0], [0, 1]], [[0, 1], [1, 2]]], ids=["nested", "general"])
def test_zones_without_seats_are_granted_to_nobody(zones):
    strongest = np.iinfo(np.int64).max
    market = zone_market([[(1, strongest), (0, 1)], [(0, 2)]], zones, [0, 0, 0])
    assert stable(market).contract.tolist() == [-1, -1]


def test_seats_beyond_all_wishes_are_no_burden():
    largest = np.iinfo(np.int32).max
    for zones in ([[0, 1], [0]], [[0, 1], [1, 2]]):
        market = zone_market([[(0, 1)], [(1, 2)], [(0, 3)]], zones, [largest] * 3)
        assert (stable(market).contract >= 0).all()


def test_counters_say_what_each_kind_of_block_took():
    nested = stable(zone_market([[(0, 2)], [(0, 1), (1, 1)], [(1, 3)]], [[0, 1], [1]], [1, 1]))
    assert nested.counters == {"proposals": 4, "displacements": 2}
    general = stable(zone_market([[(0, 2)], [(0, 1), (1, 0)], [(1, 3)]], [[0, 1], [1, 2]], [1, 1, 0]))
    assert set(general.counters) == {"proposals", "displacements", "rounds", "walks", "entries"}
    assert (general.stop, general.worth, general.bound) == ("finished", "stable", None)


def test_the_arrays_of_the_market_are_left_as_they_were_and_may_be_read_only_and_stepped():
    market = random_mixture(np.random.default_rng(7), max_candidates=20)
    expected = held(market)
    stepped = Market(**{name: np.repeat(array, 2)[::2] for name, array in vars(market).items()})
    for array in vars(stepped).values():
        array.flags.writeable = False
    assert held(stepped) == expected
