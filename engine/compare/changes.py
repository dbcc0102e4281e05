"""Winners and losers between two runs, person by person."""

from __future__ import annotations

import polars as pl

CHANGES = ("better", "worse", "elsewhere", "same", "entered", "left_out", "withheld")
"""Better or worse off; something as good elsewhere; the same; takes part in the second only, in the first only; the
result of one run is withheld."""

SHOWN = ("status", "rank", "place_id", "post_id")
FACTS = ("discipline", "category", "family", "holder", "mandatory", "age", "origin")


def changes_between(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """One row per candidate of either run: what the second changes for him.

    A better ranked wish is a gain, so is any wish in the place of the own post, the own post in the place of one given
    by extension, anything in the place of nothing.

    Parameters
    ----------
    first, second : `engine.compare.fates.fates_of`

    Returns
    -------
    polars.DataFrame: candidate_id, change (of `CHANGES`), the columns of `FACTS` (of the second run where he takes part
    in it), and status, rank, place_id, post_id in the first (before_...) and in the second; sorted by candidate
    """
    before = first.select(
        "candidate_id", pl.lit(True).alias("in_first"), pl.col("worth", *SHOWN, *FACTS).name.prefix("before_")
    )
    now = second.select("candidate_id", pl.lit(True).alias("in_second"), "worth", *SHOWN, *FACTS)
    both = before.join(now, on="candidate_id", how="full", coalesce=True).sort("candidate_id")
    facts = [pl.when("in_second").then(fact).otherwise(f"before_{fact}").alias(fact) for fact in FACTS]
    return both.select("candidate_id", _change().alias("change"), *facts, *(f"before_{name}" for name in SHOWN), *SHOWN)


def _change() -> pl.Expr:
    now, before = pl.col("worth"), pl.col("before_worth")
    return (
        pl.when(pl.col("in_first").is_null())
        .then(pl.lit("entered"))
        .when(pl.col("in_second").is_null())
        .then(pl.lit("left_out"))
        .when(now.is_null() | before.is_null())
        .then(pl.lit("withheld"))
        .when(now > before)
        .then(pl.lit("better"))
        .when(now < before)
        .then(pl.lit("worse"))
        .when(pl.col("post_id").ne_missing(pl.col("before_post_id")))
        .then(pl.lit("elsewhere"))
        .otherwise(pl.lit("same"))
    )
