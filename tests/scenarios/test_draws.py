"""Draws: proportions, exact totals, and streams that do not disturb each other."""

from __future__ import annotations

import numpy as np
import pytest

from scenarios.draws import Streams, apportion, choose, gumbel, pick, pick_within, sums


def test_a_stream_is_the_same_at_every_call_and_differs_by_subject_and_seed() -> None:
    drawn = Streams(7).uniform("children", 5)
    assert (drawn == Streams(7).uniform("children", 5)).all()
    assert (drawn != Streams(7).uniform("spouse", 5)).all()
    assert (drawn != Streams(8).uniform("children", 5)).all()


def test_a_longer_stream_starts_as_the_shorter_one() -> None:
    assert (Streams(1).uniform("post_years", 9)[:4] == Streams(1).uniform("post_years", 4)).all()


def test_an_index_is_drawn_in_proportion_to_its_weight() -> None:
    counts = np.bincount(Streams(0).pick("any", 100_000, [1, 0, 3]), minlength=3)
    assert counts[1] == 0
    assert counts[2] / 100_000 == pytest.approx(0.75, abs=0.01)


def test_the_ends_of_the_interval_fall_on_weights_that_are_not_zero() -> None:
    ends = np.array([0.0, np.nextafter(1.0, 0.0)])
    assert pick(ends, np.array([0.0, 2.0, 5.0, 0.0])).tolist() == [1, 2]


def test_rows_of_weights_are_drawn_from_row_by_row() -> None:
    weights = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0]])
    drawn = Streams(3).pick_rows("any", weights, np.array([0, 1] * 500))
    assert set(drawn[::2]) == {1}
    assert set(drawn[1::2]) == {0, 2}


def test_groups_of_weights_are_drawn_from_group_by_group() -> None:
    weights, ptr = np.array([0.0, 2.0, 5.0, 0.0, 1.0]), np.array([0, 2, 2, 5])
    ends = np.array([0.0, np.nextafter(1.0, 0.0)] * 2)
    assert pick_within(ends, weights, ptr, np.array([0, 0, 2, 2])).tolist() == [1, 1, 2, 4]
    drawn = pick_within(Streams(0).uniform("any", 60_000), weights, ptr, np.full(60_000, 2))
    assert np.mean(drawn == 2) == pytest.approx(5 / 6, abs=0.01)


def test_sums_of_groups_are_0_where_a_group_is_empty() -> None:
    assert sums(np.array([1, 2, 5]), np.array([0, 2, 2, 3])).tolist() == [3, 0, 5]


@pytest.mark.parametrize(("total", "expected"), [(0, [0, 0, 0]), (1, [0, 0, 1]), (10, [2, 3, 5]), (11, [2, 3, 6])])
def test_whole_numbers_are_apportioned_by_largest_remainders(total: int, expected: list[int]) -> None:
    assert apportion(total, np.array([0.2, 0.3, 0.5])).tolist() == expected


def test_gumbel_noise_is_finite_at_the_ends() -> None:
    assert np.isfinite(gumbel(np.array([0.0, np.nextafter(1.0, 0.0)]))).all()


def test_words_stay_words() -> None:
    assert choose(["06", "2A"], np.array([1, 0])).tolist() == ["2A", "06"]
