"""Every service there can be: sets of pieces of few schools whose hours fit, by search in depth over plain arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.jit import kernel

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@kernel
def list_services(
    school: Ints,
    hours: Ints,
    pieces: Ints,
    reach: Mask,
    near: Mask,
    low: int,
    high: int,
    max_schools: int,
    max_steps: int,
    ptr: Ints,
    lot: Ints,
) -> tuple[int, int]:
    """List the services of one kind of TZR, a lot once for each of its pieces, lots in order.

    The search adds one piece at a time, never of a lot before the last one, so that each set of pieces is met once.

    Parameters
    ----------
    school, hours, pieces, reach : per lot; lots of a school are neighbours
    near : bool[s, s], which schools may be in one service
    max_steps : pieces tried at most
    ptr, lot : scratch that is written: services are ``lot[ptr[i]:ptr[i+1]]``; ``ptr[0]`` is 0

    Returns
    -------
    The number of services, and that of cells of `lot`; -1 for the first where the search or the scratch was too small.
    """
    num_lots = len(hours)
    depth_limit = 1
    for i in range(num_lots):
        depth_limit += pieces[i]
    path = np.empty(depth_limit, np.int64)  # the lot of each piece taken
    cursor = np.zeros(depth_limit + 1, np.int64)  # the next lot to try at each depth
    schools = np.zeros(depth_limit + 1, np.int64)  # how many schools the first pieces are in
    used = np.zeros(num_lots, np.int64)
    depth, total, found, cells, steps = 0, 0, 0, 0, 0
    while depth >= 0:
        steps += 1
        if steps > max_steps:
            return -1, cells
        t = cursor[depth]
        if t >= num_lots:
            depth -= 1
            if depth >= 0:
                last = path[depth]
                total -= hours[last]
                used[last] -= 1
                cursor[depth] = last + 1
            continue
        fits = reach[t] and used[t] < pieces[t] and total + hours[t] <= high
        count = schools[depth]
        if fits and (depth == 0 or school[path[depth - 1]] != school[t]):
            count += 1
            fits = count <= max_schools
            for i in range(depth):
                if not near[school[path[i]], school[t]]:
                    fits = False
        if not fits:
            cursor[depth] += 1
            continue
        path[depth] = t
        used[t] += 1
        total += hours[t]
        depth += 1
        cursor[depth] = t
        schools[depth] = count
        if total >= low:
            if found + 1 >= len(ptr) or cells + depth > len(lot):
                return -1, cells
            for i in range(depth):
                lot[cells + i] = path[i]
            cells += depth
            found += 1
            ptr[found] = cells
    return found, cells
