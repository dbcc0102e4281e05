"""Means, intervals and quantiles of draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.simulation.seeds import Floats

QUANTILES = {"q025": 0.025, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q975": 0.975}
LEVEL = 0.95
Z = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""


def half_width(values: Sequence[float] | Floats) -> float:
    """Half of the width of the 95 % interval of the mean of independent draws, by Student's t; infinite for one."""
    from scipy.special import stdtrit

    n = len(values)
    if n < 2:
        return float("inf")
    return float(stdtrit(n - 1, (1 + LEVEL) / 2) * np.std(values, ddof=1) / np.sqrt(n))


def wilson(successes: npt.ArrayLike, trials: npt.ArrayLike) -> tuple[Floats, Floats]:
    """The 95 % interval of a probability from how often something happened (Wilson 1927).

    Parameters
    ----------
    successes, trials : of any one shape; fractions of successes are lawful

    Returns
    -------
    low, high : float64; 0 and 1 where nothing was tried
    """
    x, n = np.asarray(successes, np.float64), np.asarray(trials, np.float64)
    some = np.maximum(n, 1)
    share, z2 = x / some, Z * Z
    middle = (share + z2 / (2 * some)) / (1 + z2 / some)
    half = Z / (1 + z2 / some) * np.sqrt(share * (1 - share) / some + z2 / (4 * some * some))
    low = np.where(x <= 0, 0.0, np.maximum(middle - half, 0.0))
    high = np.where(x >= n, 1.0, np.minimum(middle + half, 1.0))
    return np.where(n > 0, low, 0.0), np.where(n > 0, high, 1.0)


def quantiles_of_columns(values: npt.NDArray[np.int64], there: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """int64[q, z]: quantiles of each column: the least value that as large a share of them reaches or stays below.

    Parameters
    ----------
    values, there : int64[d, z], bool[d, z]: what is not there is left out; a column without any gives 0
    """
    counts = there.sum(axis=0)
    ordered = np.sort(np.where(there, values, np.iinfo(np.int64).max), axis=0)
    shares = np.array(list(QUANTILES.values()))
    place = np.maximum(np.ceil(shares[:, None] * counts).astype(np.int64) - 1, 0)
    found = np.take_along_axis(ordered, place, axis=0) if len(values) else np.zeros(place.shape, np.int64)
    return np.where(counts > 0, found, 0)
