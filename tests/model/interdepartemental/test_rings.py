"""Moves that keep every head count fall apart into rings: each once, each taking the place of the one before."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from engine.model.interdepartemental.rings import rings_of


def rings(moves: list[tuple[int, int]]) -> list[list[int]]:
    ends = np.array(moves, dtype=np.int64).reshape(-1, 2)
    return rings_of(ends[:, 0], ends[:, 1])


def test_an_exchange_of_two_is_preferred_to_a_longer_ring() -> None:
    assert sorted(map(len, rings([(0, 1), (1, 2), (2, 0), (1, 0), (0, 1)]))) == [2, 3]


def test_the_second_takes_the_place_that_the_first_left() -> None:
    moves = [(0, 1), (1, 2), (2, 0)]
    (ring,) = rings(moves)
    assert all(moves[after][1] == moves[before][0] for before, after in pairwise(ring))
    assert moves[ring[0]][1] == moves[ring[-1]][0]


def test_nobody_moves_in_no_ring() -> None:
    assert rings([]) == []


@pytest.mark.parametrize("seed", range(20))
def test_every_move_is_in_one_ring(seed: int) -> None:
    rng = np.random.default_rng(seed)
    goals = rng.permutation(60) % 8
    starts = goals[rng.permutation(60)]
    moves = [(int(s), int(g)) for s, g in zip(starts, goals, strict=True) if s != g]
    told = rings(moves)
    assert sorted(move for ring in told for move in ring) == list(range(len(moves)))
    for ring in told:
        assert all(moves[after][1] == moves[before][0] for before, after in pairwise(ring))
        assert moves[ring[0]][1] == moves[ring[-1]][0]
