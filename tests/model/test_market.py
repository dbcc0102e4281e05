"""The arrays of a market: what `check` refuses, and the market as a matrix."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.model.market import Market, MarketError

# Three candidates, four zones over three posts. Zone 2 is posts 0 and 2, zone 3 is no post at all.
# Candidate 0: zone 1, then zone 2. Candidate 1: nothing. Candidate 2: zone 2, then zone 0, his own post.
MARKET = Market(
    wish_ptr=np.array([0, 2, 2, 4]),
    wish_zone=np.array([1, 2, 2, 0], dtype=np.int32),
    wish_priority=np.array([10, 20, 30, 40]),
    zone_ptr=np.array([0, 1, 2, 4, 4]),
    zone_post=np.array([0, 1, 0, 2], dtype=np.int32),
    seats=np.array([1, 0, 5], dtype=np.int32),
    stay=np.array([-1, -1, 3]),
    link=np.array([-1, -1, -1], dtype=np.int32),
)


def short(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int32)


def long(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_a_sound_market_passes():
    MARKET.check()


@pytest.mark.parametrize(
    ("array", "value", "sentence"),
    [
        ("wish_ptr", long(), "wish_ptr must start at 0"),
        ("wish_ptr", long(1, 2, 2, 4), "wish_ptr must start at 0"),
        ("wish_ptr", long(0, 3, 2, 4), "wish_ptr must .* never decrease"),
        ("wish_ptr", long(0, 2, 2, 5), "wish_ptr must .* end at 4"),
        ("wish_zone", short(1, 2, 2), "wish_ptr must .* end at 3"),
        ("wish_zone", short(1, -1, 2, 0), r"wish_zone\[1\] = -1 is outside 0\.\.3"),
        ("wish_zone", short(1, 2, 4, 0), r"wish_zone\[2\] = 4 is outside 0\.\.3"),
        ("wish_priority", long(1, 2, 3), "wish_priority has 3 entries, 4 expected"),
        ("zone_ptr", long(0, 1, 2, 4, 5), "zone_ptr must .* end at 4"),
        ("zone_ptr", long(0, 2, 1, 4, 4), "zone_ptr must .* never decrease"),
        ("zone_post", short(0, 1, 0, 3), r"zone_post\[3\] = 3 is outside 0\.\.2"),
        ("seats", short(1, -1, 5), r"seats\[1\] = -1 is outside"),
        ("stay", long(-1, -1), "stay has 2 entries, 3 expected"),
        ("stay", long(0, -1, 3), r"stay\[0\] is not the last contract"),
        ("stay", long(-1, 1, 3), "contract of a candidate without contracts"),
        ("link", short(-1, -1, -1, -1), "link has 4 entries, 3 expected"),
        ("wish_priority", np.array([1.5, 2, 3, 4]), "wish_priority is float64, and an array of int64 is expected"),
        ("seats", long(1, 0, 5), "seats is int64, and an array of int32 is expected"),
    ],
)
def test_a_broken_array_is_named(array, value, sentence):
    with pytest.raises(MarketError, match=sentence):
        replace(MARKET, **{array: value}).check()


def test_strict_priorities_pass_and_ties_or_weak_stays_are_named():
    MARKET.check_strict()
    with pytest.raises(MarketError, match=r"wish_priority\[1\] and wish_priority\[2\] are equal in zone 2"):
        replace(MARKET, wish_priority=long(10, 20, 20, 40)).check_strict()
    with pytest.raises(MarketError, match=r"wish_priority\[3\] is a stay, and weaker"):
        replace(MARKET, wish_zone=short(0, 2, 2, 0), wish_priority=long(90, 20, 30, 40)).check_strict()


def test_a_renumbered_market_is_the_same_market():
    order = long(2, 0, 1)
    again, contracts = MARKET.renumbered(order)
    again.check()
    assert again.wish_ptr.tolist() == [0, 2, 4, 4]
    assert contracts.tolist() == [2, 3, 0, 1]
    assert again.stay.tolist() == [1, -1, -1]
    assert again.wish_priority.tolist() == [30, 40, 10, 20]


def test_the_matrix_holds_the_rank_of_the_best_wish_that_covers_each_post():
    matrix = MARKET.matrix("rank")
    assert matrix.shape == (3, 3)
    assert matrix.toarray().tolist() == [[2, 1, 2], [0, 0, 0], [1, 0, 1]]


def test_the_matrix_of_priorities_has_the_same_entries():
    matrix = MARKET.matrix("priority")
    assert matrix.dtype == np.int64
    assert matrix.toarray().tolist() == [[20, 10, 20], [0, 0, 0], [30, 0, 30]]
    assert matrix.nnz == MARKET.matrix("rank").nnz == 5


def test_counts_and_kinds_are_read_off_the_arrays():
    sizes = MARKET.num_candidates, MARKET.num_contracts, MARKET.num_zones, MARKET.num_posts
    assert sizes == (3, 4, 4, 3)
    assert MARKET.candidate_of_contract().tolist() == [0, 0, 2, 2]
    assert not MARKET.has_single_post_zones
    assert replace(MARKET, zone_ptr=np.arange(5)).has_single_post_zones
    assert not MARKET.has_links
    assert replace(MARKET, link=short(0, 0, -1)).has_links
