"""Lists of different lengths in one array."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.model.market import Ints

Mask = npt.NDArray[np.bool_]


def pointer(lengths: Ints) -> Ints:
    """int64[k+1]: list i, of the given length, is ``pointer[i]:pointer[i+1]``."""
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)


def ranges(first: Ints, lengths: Ints) -> Ints:
    """int64[sum of lengths]: first[0], first[0] + 1, ... (lengths[0] numbers), first[1], ..."""
    start = pointer(lengths)
    return np.arange(start[-1], dtype=np.int64) + np.repeat(first - start[:-1], lengths)


def distinct(numbers: npt.NDArray[np.integer], size: int) -> tuple[Ints, Ints]:
    """Which of the numbers below `size` occur (ascending), and the place of each of `numbers` among them."""
    occurs = np.zeros(size, dtype=np.bool_)
    occurs[numbers] = True
    values = np.flatnonzero(occurs)
    return values, (np.cumsum(occurs) - 1)[numbers]
