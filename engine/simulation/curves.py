"""Points against probability: for each académie (or département), how likely so many points are to enter.

For a zone and a discipline the probability is the share of draws whose cutoff lies below the points, or in which a seat
is free; at the very points of the cutoff, where age and lot decide, half of a draw counts. A curve of a zone is the
mean of its disciplines, each as heavy as it has candidates who ask for the zone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.simulation.experiment import Experiment
from engine.simulation.gather import Gathered
from engine.simulation.seeds import Floats

WIDEST = ("ACA", "DPT")
"""The kinds of zone that have a curve: the first of them that candidates ask for."""

STEPS = 60
"""Points of a curve, from the least to the largest cutoff."""

SCHEMA = {"kind": pl.String, "code": pl.String, "points": pl.Int64, "probability": pl.Float64, "asked_by": pl.Int64}


def chance(points: npt.ArrayLike, values: Floats, draws: Floats, free: float, total: float) -> tuple[Floats, Floats]:
    """The share of draws in which points enter, and the share in which they equal the cutoff.

    Parameters
    ----------
    points : thousandths, of any shape
    values, draws : the cutoffs in points that occurred, in order, and in how many draws
    free, total : draws with a free seat, and all of them
    """
    below = np.append(0.0, np.cumsum(draws))
    left = np.searchsorted(values, points, side="left")
    right = np.searchsorted(values, points, side="right")
    sure: Floats = (free + below[left]) / total
    tied: Floats = (below[right] - below[left]) / total
    return sure, tied


def curves(experiment: Experiment, gathered: Gathered) -> pl.DataFrame:
    """kind, code, points, probability, asked_by: the curve of each zone of the widest kind, all school types."""
    asked = _asked(experiment)
    if asked.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    grid = _grid(gathered.cutoff_values.join(asked, on=["discipline", "kind", "code"], how="semi"))
    cutoffs = gathered.cutoffs.filter(pl.col("school_type").is_null()).join(asked, on=["discipline", "kind", "code"])
    occurred = gathered.cutoff_values.filter(pl.col("school_type").is_null()).sort("cutoff_points")
    values = dict(occurred.group_by("discipline", "kind", "code", maintain_order=True))
    rows = []
    for (kind, code), parts in cutoffs.sort("kind", "code").group_by(["kind", "code"], maintain_order=True):
        weight, total = parts["asked_by"].to_numpy(), np.zeros(len(grid))
        for row in parts.sort("discipline").iter_rows(named=True):
            found = values.get((row["discipline"], kind, code))
            total += row["asked_by"] * _curve(grid, found, row)
        curve = {"points": grid, "probability": np.round(total / weight.sum(), 6)}
        rows.append(
            pl.DataFrame(curve).with_columns(
                kind=pl.lit(kind, pl.String), code=pl.lit(code, pl.String), asked_by=pl.lit(int(weight.sum()), pl.Int64)
            )
        )
    return pl.concat([pl.DataFrame(schema=SCHEMA), *(row.select(*SCHEMA) for row in rows)])


def _curve(grid: npt.NDArray[np.int64], occurred: pl.DataFrame | None, row: dict[str, float]) -> Floats:
    """The probability at each point of the grid, equals counted by half."""
    values, draws = (
        (np.zeros(0), np.zeros(0))
        if occurred is None
        else (occurred["cutoff_points"].to_numpy(), occurred["draws"].to_numpy())
    )
    sure, tied = chance(grid, values, draws, row["share_free"] * row["draws"], row["draws"])
    return sure + tied / 2


def _asked(experiment: Experiment) -> pl.DataFrame:
    """How many candidates ask for each zone of the widest kind with an admissible wish: discipline, kind, code."""
    wishes = experiment.scored.wishes.filter(pl.col("admissible") & pl.col("school_type").is_null())
    widest = next((kind for kind in WIDEST if (wishes["kind"] == kind).any()), "")
    disciplines = experiment.campaign.candidates.select("candidate_id", "discipline")
    people = wishes.filter(pl.col("kind") == widest).join(disciplines, on="candidate_id")
    return people.group_by("discipline", "kind", "code").agg(asked_by=pl.col("candidate_id").n_unique().cast(pl.Int64))


def _grid(values: pl.DataFrame) -> npt.NDArray[np.int64]:
    """int64: evenly spaced points from 0 to beyond nearly all cutoffs; those of rare priority are far away."""
    if values.is_empty():
        return np.zeros(1, np.int64)
    ordered = values.sort("cutoff_points")
    draws = np.cumsum(ordered["draws"].to_numpy())
    last = int(ordered["cutoff_points"][int(np.searchsorted(draws, 0.99 * draws[-1]))])
    step = max(1000, -(-last // STEPS // 1000) * 1000)
    return np.arange(0, last + 2 * step, step, dtype=np.int64)
