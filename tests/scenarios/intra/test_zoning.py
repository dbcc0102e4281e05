"""Communes are gathered around towns: the largest, then those both large and far; never across départements."""

from __future__ import annotations

import numpy as np

from scenarios.intra.zoning import gather


def line(*kilometres: float) -> np.ndarray:
    return np.array([[x, 0.0, 0.0] for x in kilometres])


def test_communes_join_the_nearest_town() -> None:
    size = np.array([100.0, 1, 50, 1])
    assert gather(line(0, 10, 100, 90), size, np.zeros(4, np.int64), np.array([2])).tolist() == [0, 0, 1, 1]


def test_towns_are_not_next_to_each_other() -> None:
    size = np.array([100.0, 90, 20])
    assert gather(line(0, 1, 50), size, np.zeros(3, np.int64), np.array([2])).tolist() == [0, 0, 1]


def test_départements_are_gathered_apart() -> None:
    group = np.array([0, 0, 1, 1])
    assert gather(line(0, 1, 1, 2), np.ones(4), group, np.array([1, 2])).tolist() == [0, 0, 1, 2]


def test_as_many_towns_as_communes_leave_each_alone() -> None:
    found = gather(line(0, 5, 9), np.array([1.0, 3, 2]), np.zeros(3, np.int64), np.array([3]))
    assert sorted(found.tolist()) == [0, 1, 2]
