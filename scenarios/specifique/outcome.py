"""Figures of an outcome on specific posts that were published, measured on the tables of a run."""

from __future__ import annotations

import polars as pl


def measure(outcomes: pl.DataFrame) -> dict[str, float]:
    """The figures named in `scenarios.specifique.profile.Outcome`.

    Parameters
    ----------
    outcomes : candidate_id, status
    """
    retained = outcomes.filter(pl.col("status") == "assigned").height
    return {"appointments": float(retained), "success": retained / outcomes.height}
