"""Points needed: the cutoffs of a run beside those of the first."""

from __future__ import annotations

import polars as pl

KEY = ("discipline", "kind", "code", "school_type", "post_id")
SHOWN = ("seats", "wanted_by", "entered", "cutoff_points", "cutoff_kind")


def cutoffs_beside(first: pl.DataFrame, run: pl.DataFrame) -> pl.DataFrame:
    """Every cutoff of either run: how much harder or easier it was to enter.

    Returns
    -------
    polars.DataFrame: the columns of `KEY`; those of `SHOWN` in the run and in the first (before_...); difference
    (thousandths of a point, null unless both are points); change (harder, easier, same; null where nobody entered on
    points in one of them, and no seat was free); sorted
    """
    before = first.select(*KEY, pl.col(SHOWN).name.prefix("before_"))
    rows = run.select(*KEY, *SHOWN).join(before, on=KEY, how="full", coalesce=True, nulls_equal=True)
    free, was_free = pl.col("cutoff_kind") == "free", pl.col("before_cutoff_kind") == "free"
    by_points = (pl.col("cutoff_kind") == "wish") & (pl.col("before_cutoff_kind") == "wish")
    difference = pl.when(by_points).then(pl.col("cutoff_points") - pl.col("before_cutoff_points"))
    entered_on_points = pl.col("cutoff_kind") == "wish"
    was_on_points = pl.col("before_cutoff_kind") == "wish"
    change = (
        pl.when((difference > 0) | (was_free & entered_on_points))
        .then(pl.lit("harder"))
        .when((difference < 0) | (free & was_on_points))
        .then(pl.lit("easier"))
        .when((difference == 0) | (free & was_free))
        .then(pl.lit("same"))
    )
    return rows.with_columns(difference=difference, change=change).sort(KEY, nulls_last=False)
