"""Round steps (1, 2, 5, 10, 20, 50 ...) for the classes of points and counts: they hold for 14 as for 1,054."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import polars as pl

from engine.report.words import Words

MANTISSAS = (1, 2, 5)


def round_steps(low: int, high: int, most: int, unit: int = 1) -> tuple[int, ...]:
    """Steps of the series 1-2-5 inside ]low, high], `most` of them at most.

    Parameters
    ----------
    unit : smallest step (1000 where values are thousandths of a point).

    Where there would be too many by far, every other is left out; where there still are too many, the smallest.
    """
    series = [mantissa * 10**power * unit for power in range(10) for mantissa in MANTISSAS]
    steps = [step for step in series if low < step <= high]
    while len(steps) > 2 * most:
        steps = steps[::-2][::-1]
    return tuple(steps[-most:])


def class_of(value: int, steps: Sequence[int]) -> int:
    """Which class a value falls in: 0 below the first step, len(steps) from the last on."""
    return bisect_right(steps, value)


def count_by_class(values: pl.Series, steps: Sequence[int]) -> list[int]:
    """How many whole values fall in each class."""
    classes = np.searchsorted(np.array(steps, dtype=np.int64), values.to_numpy(), side="right")
    return [int(count) for count in np.bincount(classes, minlength=len(steps) + 1)]


def shade_of(position: int, classes: int, shades: int) -> int:
    """Which of some shades, from light to dark, a class has: few classes are spread over all of them."""
    return position if classes > shades or classes < 2 else position * (shades - 1) // (classes - 1)


def class_labels(steps: Sequence[int], words: Words, *, points: bool) -> tuple[str, ...]:
    """What each class holds, in words: below a, a to b, b and more."""
    write = words.points if points else words.number
    if not steps:
        return (words("class_all"),)
    between = (words("class_between", low=write(low), high=write(high)) for low, high in pairwise(steps))
    return (words("class_below", high=write(steps[0])), *between, words("class_from", low=write(steps[-1])))
