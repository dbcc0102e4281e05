"""Points needed: the cutoffs of a run beside those of the first."""

from __future__ import annotations

import polars as pl

from engine.compare.side import Side

KEY = ("discipline", "kind", "code", "school_type", "post_id", "way")
SHOWN = ("seats", "wanted_by", "entered", "cutoff_points", "cutoff_kind")

ENTRY, EXIT = WAYS = ("entry", "exit")
"""What a cutoff lets through: who enters; at the interdépartemental, with quotas of exit, also who leaves."""

SPECIFIC = "POST"
"""The kind of wish that names a specific post: who is retained there is no matter of points."""


def cutoffs_of(side: Side) -> pl.DataFrame:
    """Every cutoff of a run, with the columns of `KEY` and `SHOWN`.

    At the interdépartemental the cutoffs are the two that are published of each département, those of the mutations:
    where its quota of entry is used up, what it took to enter; where its quota of exit is, what it took to leave. Who
    entered (or left) is then counted in the mutations alone, for the permutations move no cutoff.
    """
    entries = side.cutoffs.with_columns(way=pl.lit(ENTRY))
    if side.departments is None:
        return entries.select(*KEY, *SHOWN)
    moved = side.departments.select("post_id", "entry_quota", "entered_mutations")
    entries = entries.join(moved, on="post_id", how="left", maintain_order="left").with_columns(
        seats=pl.coalesce("entry_quota", "seats"), entered=pl.coalesce("entered_mutations", "entered")
    )
    return pl.concat([table.select(*KEY, *SHOWN) for table in (entries, _exits(side.departments))])


def _exits(departments: pl.DataFrame) -> pl.DataFrame:
    """The cutoffs of exit: nobody is held back where there is no quota of exit, and no row says so."""
    used_up = pl.col("left_mutations") >= pl.col("exit_quota")
    points = pl.when(used_up).then("exit_cutoff_points")
    kind = (
        pl.when(~used_up).then(pl.lit("free")).when(points.is_null()).then(pl.lit("no_seat")).otherwise(pl.lit("wish"))
    )
    return departments.filter(pl.col("exit_quota").is_not_null()).select(
        "discipline",
        "post_id",
        kind=pl.lit("DPT"),
        code="department",
        school_type=pl.lit(None, pl.String),
        way=pl.lit(EXIT),
        seats="exit_quota",
        wanted_by="asking_out",
        entered="left_mutations",
        cutoff_points=points,
        cutoff_kind=kind,
    )


def cutoffs_beside(first: pl.DataFrame, run: pl.DataFrame) -> pl.DataFrame:
    """Every cutoff of either run: how much harder or easier it was to enter, or to leave.

    Parameters
    ----------
    first, run : `cutoffs_of`

    Returns
    -------
    polars.DataFrame: the columns of `KEY`; those of `SHOWN` in the run and in the first (before_...); difference
    (thousandths of a point, null unless both are points); change (harder, easier, same; null where nobody entered on
    points in one of them, and no seat was free, and for specific posts); sorted
    """
    before = first.select(*KEY, pl.col(SHOWN).name.prefix("before_"))
    rows = run.select(*KEY, *SHOWN).join(before, on=KEY, how="full", coalesce=True, nulls_equal=True)
    free, was_free = pl.col("cutoff_kind") == "free", pl.col("before_cutoff_kind") == "free"
    by_points, was_by_points = (
        (pl.col(f"{of}cutoff_kind") == "wish") & (pl.col("kind") != SPECIFIC) for of in ("", "before_")
    )
    difference = pl.when(by_points & was_by_points).then(pl.col("cutoff_points") - pl.col("before_cutoff_points"))
    change = (
        pl.when((difference > 0) | (was_free & by_points))
        .then(pl.lit("harder"))
        .when((difference < 0) | (free & was_by_points))
        .then(pl.lit("easier"))
        .when((difference == 0) | (free & was_free & (pl.col("kind") != SPECIFIC)))
        .then(pl.lit("same"))
    )
    return rows.with_columns(difference=difference, change=change).sort(KEY, nulls_last=False)
