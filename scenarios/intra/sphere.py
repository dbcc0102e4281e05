"""Where things lie: points of a sphere and the straight distances between them, which are those as the crow flies but
for a few metres inside an académie."""

from __future__ import annotations

import numpy as np
import polars as pl

from scenarios.draws import Floats

RADIUS_KM = 6371.0
KM_PER_DEGREE = np.pi * RADIUS_KM / 180


def points(table: pl.DataFrame) -> Floats:
    """float64[n, 3]: rows with lat and lon (degrees) as points, in kilometres from the centre of the Earth."""
    lat, lon = (np.radians(table[name].to_numpy()) for name in ("lat", "lon"))
    return RADIUS_KM * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def distances(a: Floats, b: Floats) -> Floats:
    """float64[n, m]: kilometres between the points of two tables."""
    square = np.zeros((len(a), len(b)))
    for axis in range(a.shape[1]):
        square += (a[:, None, axis] - b[None, :, axis]) ** 2
    return np.sqrt(square)
