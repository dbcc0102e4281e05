"""Services that could be made of some needs, looked through one by one: is one better, is one worth its price."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.jit import kernel

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@kernel
def better_service(
    school: Ints,
    hours: Ints,
    near: Mask,
    rank: Ints,
    metres: Ints,
    low: int,
    high: int,
    max_schools: int,
    own: Ints,
    max_steps: int,
) -> int:
    """Whether some needs make a service with more hours than one's own, or as many and better liked.

    Parameters
    ----------
    school, hours : of each need; needs of a school are neighbours
    near : bool[s, s], which schools may be in one service
    rank, metres : of each school: the preference that covers it, the distance from the school of attachment
    own : hours, rank, metres, number of schools of one's own service; hours 0 for none

    Returns
    -------
    1 if there is one, 0 if not, -1 if that would take too long.
    """
    count = len(hours)
    path = np.empty(count + 1, np.int64)
    following = np.zeros(count + 2, np.int64)
    depth, total, steps = 0, 0, 0
    while True:
        steps += 1
        if steps > max_steps:
            return -1
        need = following[depth]
        if need == count:
            if depth == 0:
                return 0
            depth -= 1
            total -= hours[path[depth]]
            continue
        following[depth] = need + 1
        if total + hours[need] > high:
            continue
        path[depth] = need
        worst, far, schools, apart = 0, 0, 0, False
        for i in range(depth + 1):
            here = school[path[i]]
            if i > 0 and school[path[i - 1]] == here:
                continue
            schools += 1
            worst = max(worst, rank[here])
            far += metres[here]
            for j in range(i):
                if not near[school[path[j]], here]:
                    apart = True
        if apart or schools > max_schools:
            continue
        total += hours[need]
        depth += 1
        following[depth] = need + 1
        if total < low or total < own[0]:
            continue
        if total > own[0]:
            return 1
        if worst != own[1]:
            if worst < own[1]:
                return 1
        elif far != own[2]:
            if far < own[2]:
                return 1
        elif schools < own[3]:
            return 1


@kernel
def largest_gain(
    school: Ints,
    hours: Ints,
    price: Ints,
    near: Mask,
    low: int,
    high: int,
    max_schools: int,
    per_hour: int,
    apiece: int,
    unit: int,
    max_steps: int,
) -> tuple[int, bool]:
    """How much the worth of a service exceeds the prices of its needs at most.

    Parameters
    ----------
    price : of each need
    per_hour, apiece, unit : a service is worth ``per_hour`` for each ``unit`` of its hours, and ``apiece``

    Returns
    -------
    The largest excess, 0 where there is none above, and whether all services were looked at.
    """
    count = len(hours)
    path = np.empty(count + 1, np.int64)
    following = np.zeros(count + 2, np.int64)
    depth, total, cost, steps, best = 0, 0, 0, 0, 0
    while True:
        steps += 1
        if steps > max_steps:
            return best, False
        need = following[depth]
        if need == count:
            if depth == 0:
                return best, True
            depth -= 1
            total -= hours[path[depth]]
            cost -= price[path[depth]]
            continue
        following[depth] = need + 1
        if total + hours[need] > high:
            continue
        path[depth] = need
        schools, apart = 0, False
        for i in range(depth + 1):
            here = school[path[i]]
            if i > 0 and school[path[i - 1]] == here:
                continue
            schools += 1
            for j in range(i):
                if not near[school[path[j]], here]:
                    apart = True
        if apart or schools > max_schools:
            continue
        total += hours[need]
        cost += price[need]
        depth += 1
        following[depth] = need + 1
        if total >= low:
            best = max(best, total // unit * per_hour + apiece - cost)
