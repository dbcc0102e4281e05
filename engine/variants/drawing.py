"""Draws of a variant: from its seed, the name of the draw and an identifier alone, so never from the order of rows."""

from __future__ import annotations

import polars as pl

from engine.model.priorities import lots


def drawn(ids: pl.Series, seed: int, draw: str) -> pl.Series:
    """Float64 per identifier: uniform in [0, 1). Who is drawn at a share is drawn at every larger one."""
    named = pl.select(pl.format("{}\n{}", pl.lit(draw), ids)).to_series()
    return (lots(named, seed).cast(pl.Float64) / 2**64).clip(upper_bound=1 - 2**-53)
