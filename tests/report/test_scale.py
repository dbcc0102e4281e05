"""Round steps of classes: few, increasing, inside the range."""

from __future__ import annotations

import pytest

from engine.report.scale import class_labels, class_of, round_steps
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
