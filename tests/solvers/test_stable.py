"""`stable` against plain Python, against all stable matchings, and its properties (cases A and H of the algorithms)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.market import Market
from engine.solvers.errors import UnsupportedMarket
from engine.solvers.stable import stable
from tests.solvers import oracle
from tests.solvers.markets import market_of, markets, random_market, renumbered, stretched

properties = settings(max_examples=200, deadline=None, derandomize=True)


def held(market: Market) -> tuple[int, ...]:
    return tuple(stable(market).contract.tolist())


def ranks(market: Market) -> np.ndarray:
    return np.array(oracle.ranks(market, held(market)), dtype=np.int64)


# Agreement


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (3000, {}),
        (300, {"max_candidates": 60, "max_posts": 8, "max_wishes": 8, "max_spare": 5}),
        (20, {"max_candidates": 2000, "max_posts": 40, "max_wishes": 20, "max_spare": 60}),
    ],
    ids=["small", "medium", "large"],
)
def test_the_outcome_and_the_number_of_proposals_are_those_of_plain_deferred_acceptance(count, sizes):
    rng = np.random.default_rng(1)
    for _ in range(count):
        market = random_market(rng, **sizes)
        market.check()
        expected, proposals = oracle.deferred_acceptance(market)
        matching = stable(market)
        assert tuple(matching.contract.tolist()) == expected
        assert matching.counters["proposals"] == proposals


def test_no_stable_matching_is_better_for_any_candidate():
    rng = np.random.default_rng(2)
    for _ in range(600):
        market = random_market(rng, max_candidates=4, max_posts=3, max_wishes=2)
        every = [oracle.ranks(market, other) for other in oracle.stable_matchings(market)]
        assert ranks(market).tolist() == [min(column) for column in zip(*every, strict=True)]


def test_priorities_may_use_all_of_int64():
    rng = np.random.default_rng(3)
    for _ in range(500):
        market = stretched(random_market(rng), rng)
        assert held(market) == oracle.deferred_acceptance(market)[0]


def test_the_post_of_each_candidate_is_that_of_his_contract():
    rng = np.random.default_rng(4)
    for _ in range(200):
        market = random_market(rng)
        matching = stable(market)
        expected = [-1 if c < 0 else oracle.post_of(market, c) for c in matching.contract]
        assert matching.post.tolist() == expected
        assert matching.post.dtype == np.int32


# Properties


@properties
@given(markets())
def test_nobody_has_a_claim(market):
    assert oracle.is_feasible(market, held(market))
    assert not oracle.claims(market, held(market))


@properties
@given(markets())
def test_nobody_falls_below_his_stay(market):
    assert not oracle.below_stay(market, held(market))


@properties
@given(markets(), st.data())
def test_the_order_of_candidates_changes_neither_outcome_nor_counters(market, data):
    order = data.draw(st.permutations(range(market.num_candidates)))
    other = renumbered(market, order)
    assert ranks(other).tolist() == ranks(market)[list(order)].tolist()
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


# Cases


def test_a_holder_nobody_wants_to_replace_blocks_an_exchange():
    s1, s2, s3, stay = 0, 1, 2, 100
    # Priorities of s1: t3 t2 t1, of s2: t3 t1 t2, of s3: t1 t2 t3; each keeps his own post before all.
    t1 = [(s2, 2), (s1, stay)]
    t2 = [(s1, 2), (s2, stay)]
    t3 = [(s1, 3), (s2, 3), (s3, stay)]
    assert stable(market_of([t1, t2, t3], [1, 1, 1], stays=[0, 1, 2])).post.tolist() == [s1, s2, s3]


def test_a_mover_frees_his_seat_at_once_and_sets_off_a_chain():
    length = 500
    chain = [[(i + 1, 1), (i, 9)] for i in range(length)]
    matching = stable(market_of(chain, [1] * (length + 1), stays=range(length)))
    assert matching.post.tolist() == list(range(1, length + 1))


def test_a_closing_seat_closes_when_its_holder_leaves_and_not_before():
    newcomer, phantom = [(0, 1)], [(0, 5)]
    leaves = market_of([[(1, 1), (0, 9)], newcomer, phantom], [1, 1], stays=[0])
    assert stable(leaves).post.tolist() == [1, -1, 0]
    stays = market_of([[(1, 1), (0, 9)], newcomer, phantom], [1, 0], stays=[0])
    assert stable(stays).post.tolist() == [0, -1, -1]


def test_a_zone_asked_for_twice_counts_with_the_priority_of_each_wish():
    weak_then_strong = [(0, 1), (1, 1), (0, 5)]
    rival = [(0, 3)]
    matching = stable(market_of([weak_then_strong, rival], [1, 0]))
    assert matching.contract.tolist() == [2, -1]


def test_a_post_without_seats_takes_nobody_however_strong():
    strongest = np.iinfo(np.int64).max
    assert stable(market_of([[(0, strongest), (1, 0)]], [0, 1])).post.tolist() == [1]


def test_posts_with_more_seats_than_contracts_take_no_more_memory_than_these():
    largest = np.iinfo(np.int32).max
    market = market_of([[(0, 1)], [(0, 2), (1, 1)], []], [largest] * 10_000)
    assert stable(market).post.tolist() == [0, 0, -1]


def test_a_post_of_many_seats_keeps_the_strongest():
    priority = np.random.default_rng(5).permutation(5_000)
    matching = stable(market_of([[(0, int(p))] for p in priority], [1_234]))
    assert (matching.contract >= 0).tolist() == (priority >= 5_000 - 1_234).tolist()


@pytest.mark.parametrize("seats", [[], [1, 0]])
@pytest.mark.parametrize("wishes", [[], [[], []]])
def test_a_market_without_wishes_places_nobody(wishes, seats):
    matching = stable(market_of(wishes, seats))
    assert matching.contract.tolist() == [-1] * len(wishes)
    assert matching.counters["proposals"] == 0


def test_counters_say_how_often_who_came_to_the_seats_gave_way():
    # Round 1: a and b ask for post 0, b gives way; round 2: b asks for post 1, displacing nobody.
    matching = stable(market_of([[(0, 2)], [(0, 1), (1, 1)]], [1, 1]))
    assert matching.counters == {"proposals": 3, "displacements": 1, "rounds": 2}
    assert (matching.stop, matching.worth, matching.bound) == ("finished", "stable", None)


def test_the_arrays_of_the_market_are_left_as_they_were_and_may_be_read_only():
    market = random_market(np.random.default_rng(6), max_candidates=50)
    expected = held(market)
    for array in vars(market).values():
        array.flags.writeable = False
    assert held(market) == expected


def test_arrays_that_are_views_with_steps_give_the_same_outcome():
    market = random_market(np.random.default_rng(7), max_candidates=50)
    stepped = Market(**{name: np.repeat(array, 2)[::2] for name, array in vars(market).items()})
    assert held(stepped) == held(market)


# Refusals


def test_linked_candidates_are_refused_by_number():
    market = market_of([[], [], []], [1])
    with pytest.raises(UnsupportedMarket, match="candidate 1 is linked"):
        stable(replace(market, link=np.array([-1, 0, 0], dtype=np.int32)))


def test_a_zone_of_several_posts_is_served():
    market = market_of([[(1, 1)], [(1, 2)], [(1, 3)]], [1, 1, 0], zone_post=[0, 1, 2])
    matching = stable(replace(market, zone_ptr=np.array([0, 1, 3])))
    assert matching.contract.tolist() == [-1, -1, 2]
    assert matching.post.tolist() == [-1, -1, 1]
