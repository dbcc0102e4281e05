"""Many searches in short sorted stretches of one array."""

from __future__ import annotations

import numpy as np

from engine.jit import kernel
from engine.model.market import Ints, ShortInts


@kernel
def found_between(first: Ints, end: Ints, values: ShortInts, wanted: ShortInts) -> Ints:
    """int64[k]: where in ``values[first[k]:end[k]]``, which ascends, ``wanted[k]`` is; -1 for nowhere."""
    place = np.full(len(wanted), -1, np.int64)
    for k in range(len(wanted)):
        low, high = first[k], end[k]
        while low < high:
            middle = (low + high) // 2
            if values[middle] < wanted[k]:
                low = middle + 1
            else:
                high = middle
        if low < end[k] and values[low] == wanted[k]:
            place[k] = low
    return place
