"""`serial` within quotas: who enters and leaves, in which order, links together; case G of the algorithms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.model.market import MarketError
from engine.solvers.errors import UnsupportedMarket
from engine.solvers.quotas import Quotas, examination, last_moved
from engine.solvers.requests import requests_of
from engine.solvers.serial import serial
from engine.solvers.stable import stable
from tests.solvers.transfers import plain_serial, random_requests, renumbered, requests_market

AIN, ISERE, RHONE = range(3)


def quotas(entry: list[int], exit_: list[int]) -> Quotas:
    return Quotas(np.array(entry, dtype=np.int64), np.array(exit_, dtype=np.int64))


def placed(market, entry, exit_, **more) -> list[int]:
    return serial(market, quotas(entry, exit_), **more).post.tolist()


# Cases


def test_g_one_may_leave_x_and_one_may_enter_y() -> None:
    x, y = 0, 1
    market, points = requests_market([[(y, 300)], [(y, 400)], [(x, 50)]], [x, x, y], places=2)
    limits = quotas([0, 1], [1, 0])
    matching = serial(market, limits)
    assert matching.post.tolist() == [x, y, y]
    last = last_moved(market, matching, examination(market, requests_of(market)))
    assert [points[c] if c >= 0 else None for c in last.entry] == [None, 400]
    assert [points[c] if c >= 0 else None for c in last.exit] == [400, None]


def test_each_takes_the_best_wish_whose_entry_is_open() -> None:
    market, _ = requests_market([[(ISERE, 30), (RHONE, 30)], [(ISERE, 50)]], [AIN, AIN], places=3)
    assert placed(market, [0, 1, 1], [2, 0, 0]) == [RHONE, ISERE]
    assert placed(market, [0, 1, 0], [2, 0, 0]) == [AIN, ISERE]


def test_nobody_leaves_a_place_that_may_let_go_no_more() -> None:
    market, _ = requests_market([[(ISERE, 30)], [(ISERE, 50)], [(ISERE, 10)]], [AIN, AIN, RHONE], places=3)
    assert placed(market, [0, 3, 0], [1, 0, 1]) == [AIN, ISERE, ISERE]


def test_somebody_who_leaves_opens_no_seat() -> None:
    market, _ = requests_market([[(ISERE, 50)], [(AIN, 30)]], [AIN, ISERE], places=2)
    assert placed(market, [0, 1], [1, 1]) == [ISERE, ISERE]


def test_the_points_of_the_first_wish_decide_whose_turn_it_is() -> None:
    asked = [[(RHONE, 10), (ISERE, 900)], [(ISERE, 20)]]
    market, _ = requests_market(asked, [AIN, AIN], places=3)
    assert placed(market, [0, 1, 0], [2, 0, 0]) == [AIN, ISERE]


def test_at_equal_rank_all_first_wishes_come_before_all_second_ones() -> None:
    asked = [[(RHONE, 90), (ISERE, 90)], [(ISERE, 20)]]
    market, _ = requests_market(asked, [AIN, AIN], places=3)
    assert placed(market, [0, 1, 0], [2, 0, 0], order="points") == [ISERE, AIN]
    assert placed(market, [0, 1, 0], [2, 0, 0], order="rank") == [AIN, ISERE]


def test_whoever_is_nowhere_needs_no_exit() -> None:
    market, _ = requests_market([[(ISERE, 10)]], [None], places=2)
    assert placed(market, [0, 1], [0, 0]) == [ISERE]
    assert placed(market, [0, 0], [0, 0]) == [-1]


def test_linked_candidates_move_together_or_not_at_all() -> None:
    asked = [[(ISERE, 80), (RHONE, 80)]] * 2 + [[(ISERE, 10)]]
    market, _ = requests_market(asked, [AIN, AIN, AIN], places=3, links=[(0, 1)])
    assert placed(market, [0, 2, 0], [3, 0, 0]) == [ISERE, ISERE, AIN]
    assert placed(market, [0, 1, 2], [3, 0, 0]) == [RHONE, RHONE, ISERE]
    assert placed(market, [0, 1, 1], [3, 0, 0]) == [AIN, AIN, ISERE]
    assert placed(market, [0, 2, 0], [1, 0, 0]) == [AIN, AIN, ISERE]


def test_linked_candidates_may_come_from_different_places() -> None:
    market, _ = requests_market([[(ISERE, 80)]] * 2, [AIN, RHONE], places=3, links=[(0, 1)])
    assert placed(market, [0, 2, 0], [1, 0, 1]) == [ISERE, ISERE]
    assert placed(market, [0, 2, 0], [2, 0, 0]) == [AIN, RHONE]


def test_three_may_be_linked() -> None:
    market, _ = requests_market([[(ISERE, 80)]] * 3, [AIN] * 3, places=2, links=[(0, 1, 2)])
    assert placed(market, [0, 3], [3, 0]) == [ISERE] * 3
    assert placed(market, [0, 2], [3, 0]) == [AIN] * 3


def test_of_linked_candidates_the_weakest_counts() -> None:
    asked = [[(ISERE, 900)], [(ISERE, 10)], [(ISERE, 50)]]
    market, _ = requests_market(asked, [AIN] * 3, places=2, links=[(0, 1)])
    assert placed(market, [0, 2], [3, 0]) == [AIN, AIN, ISERE]


def test_with_one_net_balance_the_mutations_are_stable_and_the_last_are_the_weakest() -> None:
    asked = [[(ISERE, 300)], [(ISERE, 400)], [(AIN, 50)]]
    market, points = requests_market(asked, [AIN, AIN, ISERE], places=2)
    balanced = replace(market, seats=market.seats + np.array([0, 1], dtype=np.int32))
    matching = stable(balanced)
    assert matching.post.tolist() == [ISERE, ISERE, AIN]
    last = last_moved(balanced, matching, -balanced.wish_priority)
    assert points[last.entry].tolist() == [50, 300]
    assert points[last.exit].tolist() == [300, 50]


def test_an_empty_market_is_served() -> None:
    market, _ = requests_market([], [], places=2)
    matching = serial(market, quotas([1, 1], [1, 1]))
    assert matching.contract.tolist() == []
    assert last_moved(market, matching, examination(market, requests_of(market))).entry.tolist() == [-1, -1]


# Against the plain version


@pytest.mark.parametrize("order", ["points", "rank"])
def test_the_outcome_is_that_of_the_plain_version(order: str) -> None:
    rng = np.random.default_rng(3)
    for _ in range(400):
        market, _ = random_requests(rng, most=12, places=4, linked=0.3)
        entry, exit_ = rng.integers(0, 4, 4), rng.integers(0, 4, 4)
        found = serial(market, Quotas(entry, exit_), order)
        assert found.contract.tolist() == plain_serial(market, entry, exit_, order == "rank")


def test_the_numbers_of_candidates_have_no_effect() -> None:
    rng = np.random.default_rng(4)
    for _ in range(100):
        market, points = random_requests(rng, most=12, places=4, linked=0.3)
        limits = Quotas(rng.integers(0, 3, 4), rng.integers(0, 3, 4))
        order = rng.permutation(market.num_candidates)
        other, _ = renumbered(market, points, order)
        assert serial(other, limits).post.tolist() == serial(market, limits).post[order].tolist()


def test_priorities_may_use_all_of_int64() -> None:
    market, _ = requests_market([[(ISERE, 1)], [(ISERE, 2)]], [AIN, AIN], places=2)
    ends = np.array([np.iinfo(np.int64).min, -1, 0, np.iinfo(np.int64).max])
    assert placed(replace(market, wish_priority=ends), [0, 1], [2, 0]) == [AIN, ISERE]


def test_the_cutoffs_reproduce_the_outcome() -> None:
    """Where a quota is used up, whoever comes after the last to enter, or to leave, is refused, and nobody before."""
    rng = np.random.default_rng(5)
    for _ in range(200):
        market, _ = random_requests(rng, most=15, places=4)
        limits = Quotas(rng.integers(0, 4, 4), rng.integers(0, 4, 4))
        matching, requests = serial(market, limits), requests_of(market)
        examined = examination(market, requests)
        last = last_moved(market, matching, examined)
        moved = matching.contract[requests.is_wish[matching.contract]]
        entered = np.bincount(requests.post[moved], minlength=4)
        left = np.bincount(requests.home[requests.owner[moved]], minlength=4)
        in_until = np.where(entered < limits.entry, len(examined), np.where(entered, examined[last.entry], -1))
        out_until = np.where(left < limits.exit, len(examined), np.where(left, examined[last.exit], -1))
        for i, stay in enumerate(market.stay):
            wishes = range(market.wish_ptr[i], stay)
            open_ = [c for c in wishes if examined[c] <= min(in_until[requests.post[c]], out_until[requests.home[i]])]
            assert matching.contract[i] == next(iter(open_), stay)


# Refusals


def test_zones_of_several_posts_are_refused() -> None:
    market, _ = requests_market([[(1, 5)]], [0], places=2)
    wide = replace(market, zone_ptr=np.array([0, 1, 3]), zone_post=np.array([0, 1, 0], dtype=np.int32))
    with pytest.raises(UnsupportedMarket, match="zones of one post"):
        serial(wide, quotas([1, 1], [1, 1]))


def test_a_wish_for_the_post_held_is_refused() -> None:
    market, _ = requests_market([[(1, 5), (0, 4)]], [0], places=2)
    with pytest.raises(MarketError, match="contract 1 is a wish for the post that candidate 0 holds"):
        serial(market, quotas([1, 1], [1, 1]))


@pytest.mark.parametrize("asked", [[[(1, 5)], [(2, 5)]], [[(1, 5), (2, 5)], [(1, 5)]]])
def test_linked_candidates_with_other_lists_are_refused(asked: list[list[tuple[int, int]]]) -> None:
    market, _ = requests_market(asked, [0, 0], places=3, links=[(0, 1)])
    with pytest.raises(MarketError, match="candidates 0 and 1 are linked and do not ask for the same"):
        serial(market, quotas([1, 1, 1], [1, 1, 1]))


@pytest.mark.parametrize(
    ("entry", "exit_", "message"),
    [
        ([1], [1, 1], r"quotas\.entry has shape \(1,\), \(2,\) expected"),
        ([1, 1], [1, 1, 1], r"quotas\.exit has shape \(3,\), \(2,\) expected"),
        ([1, 1], [1, -2], r"quotas\.exit\[1\] is negative"),
    ],
)
def test_quotas_fit_the_market(entry: list[int], exit_: list[int], message: str) -> None:
    market, _ = requests_market([[(1, 5)]], [0], places=2)
    with pytest.raises(MarketError, match=message):
        serial(market, quotas(entry, exit_))
