"""Communes gathered around towns: the groupements de communes and the zones de remplacement of a département."""

from __future__ import annotations

import numpy as np

from scenarios.draws import Floats, Ints


def gather(position: Floats, size: Floats, group: Ints, counts: Ints) -> Ints:
    """int64[n]: around which town each point lies; towns are numbered from 0 over all groups.

    Parameters
    ----------
    position : float64[n, 3] (`scenarios.intra.sphere`)
    size : float64[n], inhabitants
    group : int64[n], ascending: points of different groups (départements) are never gathered
    counts : int64[g], how many towns each group has: one at least, and no more than its points
    """
    label = np.empty(len(group), dtype=np.int64)
    ptr = np.searchsorted(group, np.arange(len(counts) + 1))
    first = np.cumsum(counts) - counts
    for g, count in enumerate(counts):
        here = slice(ptr[g], ptr[g + 1])
        label[here] = first[g] + _nearest_town(position[here], size[here], int(count))
    return label


def _nearest_town(position: Floats, size: Floats, count: int) -> Ints:
    """The largest point is a town; then, again and again, the one that is both large and far from all towns."""
    away = np.full((len(position), count), np.inf)
    town = int(np.argmax(size))
    for number in range(count):
        away[:, number] = np.linalg.norm(position - position[town], axis=1)
        town = int(np.argmax(away.min(axis=1) * np.sqrt(size)))
    nearest: Ints = away.argmin(axis=1)
    return nearest
