"""Lexicographic circulations: the best for a first gain, among these the best for a second one, and so on.

Level by level, no gain is weighed against another. What a level leaves open is exactly what the next one may choose
among: every arc that no best circulation uses otherwise is decided.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.model.market import Ints
from engine.solvers.limits import Limits
from engine.solvers.permutations_links import SCALE, Problem, Sides, prices, search
from engine.solvers.permutations_network import FREE, LARGEST, Best, Decisions, Network, best_circulation

FIRST_WIDTH = 64
"""Arcs that the second search has more than the first; each later one has twice as many more."""


@dataclass(frozen=True, eq=False)
class Found:
    """What a search ended in.

    Attributes
    ----------
    flow : int64[a]
    is_proven : bool
        No circulation is better at any level.
    bound : int
        On the gain of the first level.
    searches : int
        Calls of CP-SAT.
    """

    flow: Ints
    is_proven: bool
    bound: int
    searches: int


@dataclass(frozen=True, eq=False)
class _Level:
    """One level: its flow and gain, a bound on the gain, what the flow loses against the bound of the network (in units
    of 1 / `SCALE`), what is decided for the levels that follow, and how often CP-SAT was called."""

    flow: Ints
    value: int
    bound: int
    gap: int
    decided: Decisions
    searches: int


def lexicographic(network: Network, gains: tuple[Ints, ...], sides: Sides | None, limits: Limits) -> Found:
    """The best circulation, level by level.

    Parameters
    ----------
    network : Network
    gains : int64[a] for each level
    sides : side conditions that a flow of zeros keeps, or None
    limits : Limits

    Returns
    -------
    Found
        Not proven where the time ran out: then the best circulation met.
    """
    flow = np.zeros(len(network.tail), dtype=np.int64)
    decided = np.full(len(network.tail), FREE, dtype=np.int8)
    bound, searches = 0, 0
    for number, gain in enumerate(gains):
        if sides is None:
            level = _plain(network, gain, decided)
        else:
            level = _with_sides(Problem(network, sides, decided), gains[number:], flow, limits)
        flow, decided, searches = level.flow, level.decided, searches + level.searches
        bound = bound if number else level.bound
        if level.bound > level.value:
            return Found(flow, False, bound, searches)
        if level.gap and sides is not None:
            sides = sides.and_also(gain, level.value)
    return Found(flow, True, bound, searches)


def _plain(network: Network, gain: Ints, decided: Decisions) -> _Level:
    best = best_circulation(network, gain, decided)
    return _Level(best.flow, best.value, best.value, 0, _decided(best, 0, decided), 0)


def _with_sides(problem: Problem, gains: tuple[Ints, ...], known: Ints, limits: Limits) -> _Level:
    """The best circulation of one level that keeps side conditions.

    Parameters
    ----------
    gains : int64[a] of this level, and of those that follow
    known : int64[a]
        A circulation that respects the decisions and keeps the conditions.
    """
    gain, sides = gains[0], problem.sides
    multipliers, whole = prices(problem, gain, limits)
    best = best_circulation(problem.network, SCALE * gain - sides.rows.T @ multipliers, problem.decided)
    upper = best.value + int(multipliers @ sides.value)
    bound, searches = upper // SCALE, 0
    met = [known, *([] if whole is None else [whole]), *([best.flow] if sides.hold(best.flow) else [])]
    flow = max(met, key=lambda one: int(gain @ one))
    if bound > gain @ flow:
        flow = _vertex(problem.deciding(_decided(best, upper % SCALE, problem.decided)), gains, flow, limits)
    if bound > gain @ flow:
        flow, bound, searches = _searched(problem, gain, flow, best, upper, limits)
    value = int(gain @ flow)
    gap = upper - SCALE * value
    return _Level(flow, value, bound, gap, _decided(best, gap, problem.decided), searches)


def _vertex(problem: Problem, gains: tuple[Ints, ...], flow: Ints, limits: Limits) -> Ints:
    """A better flow, if a program for one of the gains that follow ends in one.

    Many circulations have the same gain, and a program may end between them; few have the same points.
    """
    for later in gains[:0:-1]:
        _, whole = prices(problem, later, limits)
        if whole is not None and gains[0] @ whole > gains[0] @ flow:
            return whole
    return flow


def _searched(
    problem: Problem, gain: Ints, flow: Ints, best: Best, upper: int, limits: Limits
) -> tuple[Ints, int, int]:
    """A better flow if there is one, a bound on the gain (its own, unless the time ran out), and the searches made.

    A circulation that loses at most so much against the bound uses no arc otherwise that loses more. So the search is
    for those first that lose next to nothing, on few arcs, then for those that may lose more, until nothing better than
    what is known is left.

    Parameters
    ----------
    flow : int64[a]
        The best one known.
    best : of the network with the conditions priced
    upper : the bound that it gives, in units of 1 / `SCALE`
    """
    value, bound, allowed, width, searches = int(gain @ flow), upper // SCALE, upper % SCALE, FIRST_WIDTH, 0
    while bound > value:
        searches += 1
        least = max(-((allowed - upper) // SCALE), value + 1)
        narrow = problem.deciding(_decided(best, allowed, problem.decided))
        answer = search(narrow, gain, least, best.flow, limits)
        if answer.flow is not None:
            return answer.flow, int(gain @ answer.flow) if answer.is_settled else bound, searches
        if not answer.is_settled:
            return flow, bound, searches
        bound, width = least - 1, 2 * width
        allowed = min(_wider(best, allowed, width), upper - SCALE * (value + 1))
    return flow, bound, searches


def _wider(best: Best, allowed: int, width: int) -> int:
    """The loss that has to be allowed for so many arcs more."""
    beyond = np.sort(best.loss[best.loss > allowed])[:width]
    return max(allowed + SCALE, int(beyond.max(initial=0)) if len(beyond) == width else LARGEST)


def _decided(best: Best, allowed: int, decided: Decisions) -> Decisions:
    """The decisions, and those on arcs that lose more than is allowed when they are used otherwise than in `best`."""
    loses = (decided == FREE) & (best.loss > allowed)
    return np.where(loses, best.flow, decided).astype(np.int8)
