"""Permutations told as rings: who takes the place of whom, in rings as short as one finds.

A set of moves that keeps every head count falls apart into rings, in many ways. This takes exchanges of two first, then
for one département after the other the shortest ring through it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Arc = tuple[int, int]


def rings_of(start: Ints, goal: Ints) -> list[list[int]]:
    """The moves as rings.

    Parameters
    ----------
    start, goal : int64[k], places; as many moves start from each as end there

    Returns
    -------
    list of rings: each a list of moves, the second taking the place that the first left, and so on; the first takes
    that of the last
    """
    movers: dict[Arc, deque[int]] = {}
    for move, arc in enumerate(zip(start.tolist(), goal.tolist(), strict=True)):
        movers.setdefault(arc, deque()).append(move)
    left = Counter({arc: len(queue) for arc, queue in movers.items()})
    rings = []
    for arcs, times in _rounds(left):
        for _ in range(times):
            ring = [movers[arc].popleft() for arc in arcs]
            rings.append([ring[0], *ring[:0:-1]])
    return rings


def _rounds(left: Counter[Arc]) -> Iterator[tuple[list[Arc], int]]:
    """Closed ways and how often each can be gone with the moves left, which are used up."""
    for arc in sorted(left):
        back = arc[::-1]
        if arc < back and left[arc] and left[back]:
            yield [arc, back], _take(left, [arc, back])
    onward: dict[int, list[int]] = {}
    for tail, head in sorted(left):
        onward.setdefault(tail, []).append(head)
    for arc in sorted(left):
        while left[arc]:
            way = [arc, *_shortest(left, onward, arc[1], arc[0])]
            yield way, _take(left, way)


def _take(left: Counter[Arc], way: list[Arc]) -> int:
    times = min(left[arc] for arc in way)
    for arc in way:
        left[arc] -= times
    return times


def _shortest(left: Counter[Arc], onward: dict[int, list[int]], start: int, goal: int) -> list[Arc]:
    """The fewest arcs left from a place to another; one is: what leads into a place is matched by what leads out."""
    came_from = {start: start}
    ahead = deque([start])
    while goal not in came_from:
        place = ahead.popleft()
        for head in onward[place]:
            if head not in came_from and left[place, head]:
                came_from[head] = place
                ahead.append(head)
    way = [goal]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return list(zip(way[:0:-1], way[-2::-1], strict=True))
