"""What became of each candidate, in words that compare: how good it is for him."""

from __future__ import annotations

import polars as pl

from engine.compare.areas import with_areas
from engine.compare.side import Side

FATES = ("wish_1", "wish_2", "wish_3", "wish_4_on", "extended", "kept", "unassigned", "excluded", "withheld")
"""First, second, third, later wish; extension; own post kept; nothing; request set aside; result withheld."""

SATISFIED = FATES[:4]

OWN_POST, EXTENSION, NOTHING = -100_000, -200_000, -300_000
"""What is worth less than any wish: one's own post, a post by extension, none."""


def fates_of(side: Side, level: str) -> pl.DataFrame:
    """One row per candidate of a run.

    Returns
    -------
    polars.DataFrame: the columns of the table ``people``; origin, arrival (areas); status, rank, place_id, post_id;
    fate (of `FATES`); moved (has another post than before, or one where there was none); worth (larger is better for
    the candidate; null where the result is withheld)
    """
    rows = side.people.join(
        side.outcomes.select("candidate_id", "status", "rank", "place_id", "post_id"), on="candidate_id"
    )
    return with_areas(rows, level).with_columns(
        fate=_fate(), moved=pl.col("status").is_in(["assigned", "extended"]), worth=_worth()
    )


def _fate() -> pl.Expr:
    rank = pl.col("rank")
    told = pl.when(rank <= 3).then(pl.format("wish_{}", rank)).otherwise(pl.lit(FATES[3]))
    return pl.when(pl.col("status") == "assigned").then(told).otherwise("status")


def _worth() -> pl.Expr:
    """A better wish is worth more than a later one, any wish more than the own post, that more than an extension."""
    status = pl.col("status")
    stays = (status == "kept") | ((status == "excluded") & pl.col("holder"))
    return (
        pl.when(status == "withheld")
        .then(None)
        .when(status == "assigned")
        .then(-pl.col("rank"))
        .when(stays)
        .then(OWN_POST)
        .when(status == "extended")
        .then(EXTENSION)
        .otherwise(NOTHING)
        .cast(pl.Int64)
    )
