"""`permutations`: the largest set of exchanges, against all of them and HiGHS; cases G and W5 of the algorithms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.market import Ints, Market, MarketError, Matching
from engine.solvers import permutations_network
from engine.solvers.permutations import PermutationOptions, permutations
from engine.solvers.permutations_kernel import lower_prices
from engine.solvers.permutations_network import FREE, LARGEST, NO_CYCLE, Network, best_circulation, fits
from engine.solvers.quotas import Quotas
from engine.solvers.serial import serial
from tests.solvers.transfers import (
    best_by_branch_and_bound,
    better_lists,
    circulations,
    random_requests,
    renumbered,
    requests_market,
    score,
    stays,
    together,
)

LYON, LILLE, MARSEILLE = range(3)


def after(asked, homes, places, links=(), before: Matching | None = None) -> list[int]:
    market, points = requests_market(asked, homes, places, links)
    return permutations(market, before or stays(market), points).post.tolist()


def made(before: Matching, later: Matching) -> list[int]:
    """The contract of each candidate's move, -1 for those who did not move."""
    return np.where(later.contract != before.contract, later.contract, -1).tolist()


def solved(market: Market, points: Ints, before: Matching) -> tuple[int, int, int, int]:
    """The score of the outcome, which has to be proven, to keep head counts and links and to improve everybody."""
    later = permutations(market, before, points)
    assert (later.stop, later.worth) == ("finished", "optimal")
    assert (np.bincount(later.post, minlength=9) == np.bincount(before.post, minlength=9)).all()
    moved = made(before, later)
    assert all(c < 0 or c in better for c, better in zip(moved, better_lists(market, before), strict=True))
    assert together(market, moved)
    assert later.bound == later.counters["moved"] == sum(c >= 0 for c in moved)
    held = later.contract >= 0
    assert (market.zone_post[market.wish_zone[later.contract[held]]] == later.post[held]).all()
    return score(market, before, points, moved)


# Cases


def test_w5_three_teachers_go_round() -> None:
    asked = [[(LILLE, 10)], [(MARSEILLE, 10)], [(LYON, 10)]]
    assert after(asked, [LYON, LILLE, MARSEILLE], 3) == [LILLE, MARSEILLE, LYON]


def test_w5_a_teacher_of_paris_goes_to_lyon_as_soon_as_one_of_lyon_wants_paris() -> None:
    paris, rhone = 0, 1
    assert after([[(rhone, 900)], []], [paris, rhone], 2) == [paris, rhone]
    assert after([[(rhone, 900)], [(paris, 1)]], [paris, rhone], 2) == [rhone, paris]


def test_g_weaker_candidates_swap_and_the_cutoffs_of_the_mutations_stay() -> None:
    x, y = 0, 1
    market, points = requests_market([[(y, 300)], [(y, 400)], [(x, 50)]], [x, x, y], places=2)
    first = serial(market, Quotas(np.array([0, 1]), np.array([1, 0])))
    assert first.post.tolist() == [x, y, y]
    assert permutations(market, first, points).post.tolist() == [y, y, x]


def test_whoever_was_moved_on_wish_three_may_go_on_to_wish_one() -> None:
    market, points = requests_market([[(1, 9), (2, 9), (3, 9)], [(3, 9)]], [0, 1], places=4)
    first = serial(market, Quotas(np.array([0, 0, 0, 1]), np.array([1, 0, 0, 0])))
    assert first.post.tolist() == [3, 1]
    assert permutations(market, first, points).post.tolist() == [1, 3]


def test_whoever_has_his_first_wish_is_not_moved_again() -> None:
    market, points = requests_market([[(1, 9), (2, 9)], [(0, 9)], [(1, 9)]], [0, 1, 2], places=3)
    first = serial(market, Quotas(np.array([0, 1, 0]), np.array([1, 0, 0])))
    assert first.post.tolist() == [1, 1, 2]
    assert permutations(market, first, points).post.tolist() == [1, 1, 2]


def test_a_teacher_who_is_nowhere_has_nothing_to_exchange() -> None:
    assert after([[(1, 9)], [(0, 9)]], [None, 1], 2) == [-1, 1]


def test_most_candidates_come_before_better_ranks() -> None:
    asked = [[(1, 9), (2, 9)], [(0, 9), (2, 9)], [(0, 9)]]
    assert after(asked, [0, 1, 2], 3) == [1, 2, 0]


def test_better_ranks_come_before_points() -> None:
    asked = [[(2, 900), (1, 900)], [(1, 5)], [(0, 5)]]
    assert after(asked, [0, 0, 1], 3) == [0, 1, 0]


def test_more_points_come_before_fewer() -> None:
    assert after([[(1, 5)], [(1, 9)], [(0, 1)]], [0, 0, 1], 2) == [0, 1, 0]


def test_equal_points_are_told_apart_by_priority() -> None:
    asked, homes = [[(1, 5)], [(1, 5)], [(0, 1)]], [0, 0, 1]
    market, points = requests_market(asked, homes, 2)
    assert permutations(market, stays(market), points).post.tolist() == [1, 0, 0]
    turned = replace(market, wish_priority=market.wish_priority[[2, 1, 0, 3, 4, 5]])
    assert permutations(turned, stays(turned), points).post.tolist() == [0, 1, 0]


def test_a_link_exchanges_with_two_or_not_at_all() -> None:
    pair = [[(1, 5)], [(1, 5)]]
    assert after([*pair, [(0, 5)]], [0, 0, 1], 2, links=[(0, 1)]) == [0, 0, 1]
    assert after([*pair, [(0, 5)], [(0, 5)]], [0, 0, 1, 1], 2, links=[(0, 1)]) == [1, 1, 0, 0]
    assert after([*pair, [(0, 5)]], [0, 0, 1], 2) == [1, 0, 0]


def test_linked_candidates_of_two_places_meet_in_a_third() -> None:
    asked = [[(2, 5)], [(2, 5)], [(0, 5)], [(1, 5)]]
    assert after(asked, [0, 1, 2, 2], 3, links=[(0, 1)]) == [2, 2, 0, 1]
    assert after(asked[:3], [0, 1, 2], 3, links=[(0, 1)]) == [0, 1, 2]


def test_a_link_moves_to_wishes_of_the_same_rank() -> None:
    asked = [[(1, 5), (2, 5)]] * 2 + [[(0, 5)], [(0, 5)]]
    assert after(asked, [0, 0, 1, 2], 3, links=[(0, 1)]) == [0, 0, 1, 2]
    assert after(asked, [0, 0, 2, 2], 3, links=[(0, 1)]) == [2, 2, 0, 0]


def test_a_link_that_was_moved_on_wish_two_goes_on_to_wish_one() -> None:
    asked = [[(1, 5), (2, 5)]] * 2 + [[(2, 5)], [(2, 5)]]
    market, points = requests_market(asked, [0, 0, 1, 1], 3, links=[(0, 1)])
    first = serial(market, Quotas(np.array([0, 0, 2]), np.array([2, 0, 0])))
    assert first.post.tolist() == [2, 2, 1, 1]
    assert permutations(market, first, points).post.tolist() == [1, 1, 2, 2]


def test_nobody_moves_where_no_wishes_lead_back() -> None:
    market, points = requests_market([[(1, 9)], [(2, 9)]], [0, 1], places=3)
    matching = permutations(market, stays(market), points)
    assert matching.post.tolist() == [0, 1]
    assert matching.counters == {"moves": 0, "components": 0, "moved": 0, "searches": 0}


def test_a_market_without_candidates_is_solved() -> None:
    assert after([], [], 2) == []


# Against every circulation, and HiGHS


@pytest.mark.parametrize("linked", [0.0, 0.5])
def test_no_circulation_is_better_at_any_level(linked: float) -> None:
    rng = np.random.default_rng(6)
    for _ in range(150):
        market, points = random_requests(rng, most=7, places=3, linked=linked)
        before = stays(market)
        best = max(score(market, before, points, chosen) for chosen in circulations(market, before))
        assert solved(market, points, before) == best


@pytest.mark.parametrize("linked", [0.0, 0.5])
def test_no_circulation_is_better_after_mutations(linked: float) -> None:
    rng = np.random.default_rng(7)
    for _ in range(100):
        market, points = random_requests(rng, most=8, places=4, linked=linked)
        before = serial(market, Quotas(rng.integers(0, 2, 4), rng.integers(0, 2, 4)))
        best = max(score(market, before, points, chosen) for chosen in circulations(market, before))
        assert solved(market, points, before) == best


@pytest.mark.parametrize(("linked", "most", "places"), [(0.0, 120, 9), (0.2, 60, 6), (0.6, 40, 4), (0.9, 60, 9)])
def test_branch_and_bound_finds_nothing_better(linked: float, most: int, places: int) -> None:
    rng = np.random.default_rng(8)
    for _ in range(12):
        market, points = random_requests(rng, most=most, places=places, linked=linked, wishes=4)
        before = serial(market, Quotas(rng.integers(0, 3, places), rng.integers(0, 3, places)))
        assert solved(market, points, before) == best_by_branch_and_bound(market, before, points)


def test_links_are_searched_for_where_the_network_leaves_them_open() -> None:
    rng = np.random.default_rng(8)
    searches = []
    for _ in range(30):
        market, points = random_requests(rng, most=40, places=4, linked=0.6)
        searches.append(permutations(market, stays(market), points).counters["searches"])
    assert min(searches) == 0
    assert max(searches) > 1


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.sampled_from([0.0, 0.4]))
def test_the_numbers_of_candidates_have_no_effect(seed: int, linked: float) -> None:
    rng = np.random.default_rng(seed)
    market, points = random_requests(rng, most=15, places=4, linked=linked)
    order = rng.permutation(market.num_candidates)
    other, other_points = renumbered(market, points, order)
    found = permutations(market, stays(market), points).post
    assert permutations(other, stays(other), other_points).post.tolist() == found[order].tolist()


def test_doing_it_again_moves_nobody() -> None:
    rng = np.random.default_rng(9)
    for _ in range(40):
        market, points = random_requests(rng, most=20, places=4, linked=0.3)
        once = permutations(market, stays(market), points)
        again = permutations(market, once, points)
        assert again.counters["moved"] == 0
        assert again.post.tolist() == once.post.tolist()


# Time, sizes, refusals


def hard_to_link() -> tuple[Market, Ints]:
    """Three pairs one way and five single candidates the other way: the network alone takes a pair apart."""
    asked = [[(1, 5)]] * 6 + [[(0, 5)]] * 5
    return requests_market(asked, [0] * 6 + [1] * 5, 2, links=[(0, 1), (2, 3), (4, 5)])


def test_what_is_known_when_the_time_runs_out_is_returned_with_its_bound() -> None:
    market, points = hard_to_link()
    early = permutations(market, stays(market), points, PermutationOptions(time_limit_s=0))
    assert (early.stop, early.worth) == ("time_limit", "feasible")
    assert early.counters["moved"] <= 8 <= early.bound
    assert (np.bincount(early.post) == [6, 5]).all()
    late = permutations(market, stays(market), points)
    assert (late.stop, late.worth, late.bound, late.counters["moved"]) == ("finished", "optimal", 8, 8)


def test_the_outcome_is_the_same_for_a_seed_and_a_number_of_workers() -> None:
    market, points = random_requests(np.random.default_rng(10), most=40, places=4, linked=0.6)
    options = PermutationOptions(seed=5, workers=2)
    first, second = (permutations(market, stays(market), points, options) for _ in range(2))
    assert first.contract.tolist() == second.contract.tolist()


def test_points_too_large_for_a_proof_are_refused() -> None:
    market, points = requests_market([[(1, 5)], [(0, 5)]], [0, 1], 2)
    with pytest.raises(ValueError, match="is too large for a network of 2 nodes"):
        permutations(market, stays(market), points * (LARGEST // 10))


def test_links_taken_apart_by_the_first_phase_are_refused() -> None:
    market, points = requests_market([[(1, 5)]] * 2, [0, 0], 2, links=[(0, 1)])
    apart = replace(stays(market), contract=np.array([0, 3]), post=np.array([1, 0], dtype=np.int32))
    with pytest.raises(MarketError, match="candidates 0 and 1 are linked and do not have the same"):
        permutations(market, apart, points)


def test_points_of_another_market_are_refused() -> None:
    market, points = requests_market([[(1, 5)]], [0], 2)
    with pytest.raises(MarketError, match=r"points has shape \(1,\), \(2,\) expected"):
        permutations(market, stays(market), points[:1])


# The network


def ring() -> Network:
    """0 -> 1 -> 0, and a second arc 0 -> 1."""
    return Network(2, 2, np.array([0, 0, 1]), np.array([1, 1, 0]))


def test_a_loss_is_what_the_best_other_circulation_lacks() -> None:
    best = best_circulation(ring(), np.array([5, 3, 1]), np.full(3, FREE, dtype=np.int8))
    assert (best.flow.tolist(), best.value, best.loss.tolist()) == ([1, 0, 1], 6, [2, 2, 6])


def test_decided_arcs_stay_as_they_are() -> None:
    best = best_circulation(ring(), np.array([5, 3, 1]), np.array([0, FREE, 1], dtype=np.int8))
    assert (best.flow.tolist(), best.value) == ([0, 1, 1], 4)
    assert best.loss[1] >= NO_CYCLE


def test_losses_are_those_of_all_circulations() -> None:
    rng = np.random.default_rng(11)
    for _ in range(100):
        tail, head = rng.integers(0, 3, 7), rng.integers(0, 3, 7)
        gain = rng.integers(-3, 6, 7)
        flows = np.array([[n >> arc & 1 for arc in range(7)] for n in range(128)])
        flows = flows[[not Network(3, 3, tail, head).excess(flow).any() for flow in flows]]
        best = best_circulation(Network(3, 3, tail, head), gain, np.full(7, FREE, dtype=np.int8))
        assert best.value == (flows @ gain).max()
        for arc in range(7):
            others = flows[flows[:, arc] != best.flow[arc]]
            assert (best.loss[arc] < NO_CYCLE) == (len(others) > 0)
            if len(others):
                assert best.loss[arc] == best.value - (others @ gain).max()


def test_a_circulation_that_is_not_the_cheapest_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permutations_network, "_cheapest", lambda network, arcs, cost, supply: np.zeros(3, dtype=int))
    with pytest.raises(RuntimeError, match="is not the cheapest"):
        best_circulation(ring(), np.array([5, 3, 1]), np.full(3, FREE, dtype=np.int8))


def test_prices_prove_the_cheapest_circulation() -> None:
    tail, head, cost = np.array([0, 1, 2]), np.array([1, 2, 0]), np.array([-4, 1, 2])
    price = np.zeros(3, dtype=np.int64)
    assert lower_prices(tail, head, cost, np.ones(3, dtype=np.int64), price)
    assert (cost + price[tail] - price[head] <= 0).all()
    assert not lower_prices(tail, head, cost, np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64))


def test_what_fits_is_bounded_by_the_size_of_the_network() -> None:
    assert fits(LARGEST // 12, 1)
    assert not fits(LARGEST // 12 + 1, 1)
    assert not fits(LARGEST // 12, 2)
