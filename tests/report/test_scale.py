"""Round steps of classes: few, increasing, inside the range."""

from __future__ import annotations

import polars as pl
import pytest

from engine.report.scale import class_labels, class_of, count_by_class, round_steps, shade_of
from engine.report.words import words


def test_cutoffs_from_the_floor_to_above_a_thousand_have_six_steps() -> None:
    steps = round_steps(14_000, 1_500_000, 6, unit=1000)
    assert steps == (20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
    assert [class_of(points, steps) for points in (14_000, 20_000, 999_999, 1_500_000)] == [0, 1, 5, 6]


@pytest.mark.parametrize(("low", "high", "most"), [(0, 0, 6), (5, 5, 6), (0, 10**9, 3), (-50, 7, 4), (1, 2, 1)])
def test_steps_are_few_and_inside_the_range(low: int, high: int, most: int) -> None:
    steps = round_steps(low, high, most)
    assert len(steps) <= most
    assert list(steps) == sorted(set(steps))
    assert all(low < step <= high for step in steps)


def test_there_is_one_label_more_than_steps() -> None:
    assert class_labels((), words("en"), points=False) == ("all values",)
    assert class_labels((2, 5), words("en"), points=False) == ("below 2", "2 to 5", "5 or more")
    assert class_labels((1_000_000,), words("fr"), points=True) == ("moins de 1\u202f000", "1\u202f000 et plus")


def test_counting_by_class_agrees_with_the_class_of_each() -> None:
    steps = (2, 5, 10)
    values = [0, 1, 2, 4, 5, 9, 10, 11]
    classes = [class_of(value, steps) for value in values]
    assert count_by_class(pl.Series(values), steps) == [classes.count(n) for n in range(4)]
    assert count_by_class(pl.Series([], dtype=pl.Int64), ()) == [0]


def test_few_classes_are_spread_over_all_shades() -> None:
    assert [shade_of(n, 3, 7) for n in range(3)] == [0, 3, 6]
    assert [shade_of(n, 7, 7) for n in range(7)] == list(range(7))
    assert shade_of(0, 1, 7) == 0
