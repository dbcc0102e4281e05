"""What became of linked requests: served on which wish, refused for one member's sake or for all."""

from __future__ import annotations

import polars as pl

from engine.model.campaign import Campaign
from engine.model.refusals import ANOTHER, NO_ROOM

LINK_FATES = ("wish_1", "wish_2", "wish_3", "extended", "one_short", "no_room", "refused", "excluded", "withheld")
"""First, second, later wish; extension; refused: on some wish only some would have entered, or all but not together,
or on every wish nobody would; request set aside; result withheld."""

SERVED = LINK_FATES[:4]


def fates_of_links(campaign: Campaign, outcomes: pl.DataFrame, wishes: pl.DataFrame) -> pl.DataFrame:
    """One row per link, sorted: link_id, members, fate (of `LINK_FATES`).

    Parameters
    ----------
    outcomes, wishes : tables of a run
    """
    reasons = wishes.group_by("candidate_id").agg(
        one_short=(pl.col("reason") == ANOTHER).any(), no_room=(pl.col("reason") == NO_ROOM).any()
    )
    rows = campaign.links.join(outcomes, on="candidate_id").join(reasons, on="candidate_id", how="left")
    by_link = rows.group_by("link_id").agg(
        pl.col("status", "rank").first(),
        pl.len().alias("members"),
        pl.col("one_short", "no_room").fill_null(False).any(),
    )
    return by_link.select("link_id", "members", _fate().alias("fate")).sort("link_id")


def _fate() -> pl.Expr:
    assigned = pl.col("status") == "assigned"
    return (
        pl.when(assigned)
        .then(pl.format("wish_{}", pl.col("rank").clip(upper_bound=3)))
        .when(pl.col("status").is_in(["extended", "excluded", "withheld"]))
        .then("status")
        .when("one_short")
        .then(pl.lit("one_short"))
        .when("no_room")
        .then(pl.lit("no_room"))
        .otherwise(pl.lit("refused"))
    )
