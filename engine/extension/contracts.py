"""The wishes that extension adds for mandatory candidates: which zones, in which order, with how many points.

Zones come in the order of the table that starts at the first wish; points are the lowest of the wishes made, without
what is not kept in extension (seed 002; RULES 1.5). A zone the candidate asked for himself is not added again:
extension never has more points than his own wish for it.
"""

from __future__ import annotations

import polars as pl

from engine.extension.origins import extension_origins
from engine.extension.table import extension_order
from engine.model.campaign import Campaign
from engine.model.priorities import order_columns
from engine.model.scoring import Scored
from engine.model.zones import NAME


def extension_contracts(campaign: Campaign, scored: Scored) -> pl.DataFrame:
    """Added wishes of every mandatory candidate whose request is admissible and who holds no post.

    Returns
    -------
    polars.DataFrame with columns candidate_id, position (from 1, in table order), kind, code, school_type, points
    (thousandths), tie_1..; in no order. Linked candidates have the same zones at the same positions.
    """
    points = extension_points(scored)
    table = extension_order(campaign).drop("source")
    concerned = _concerned(campaign, scored).join(extension_origins(campaign, table), on="candidate_id")
    zones = concerned.join(points, on="candidate_id").join(table, on=["origin_kind", "origin_code"])
    own = scored.wishes.filter("admissible").select("candidate_id", *NAME)
    zones = zones.join(own, on=["candidate_id", *NAME], how="anti", nulls_equal=True)
    return zones.select("candidate_id", "position", *NAME, "points", *order_columns(points))


def extension_points(scored: Scored) -> pl.DataFrame:
    """Points of each candidate in extension, and his tie-breaks there: the lowest of his admissible wishes.

    A candidate without admissible wishes has what does not depend on a wish, and comes last among equals.

    Returns
    -------
    polars.DataFrame with columns candidate_id, points, tie_1..
    """
    ties = order_columns(scored.wishes)
    lowest = (
        scored.wishes.filter("admissible")
        .group_by("candidate_id")
        .agg(pl.col("kept_points").min().alias("points"), *[_lowest(tie) for tie in ties])
    )
    everyone = scored.requests.select("candidate_id", "kept_points_without_wishes")
    last = {tie: scored.wishes[tie].min() or 0 for tie in ties}
    return everyone.join(lowest, on="candidate_id", how="left").select(
        "candidate_id",
        points=pl.coalesce("points", "kept_points_without_wishes"),
        **{tie: pl.col(tie).fill_null(last[tie]) for tie in ties},
    )


def _concerned(campaign: Campaign, scored: Scored) -> pl.DataFrame:
    admitted = scored.requests.filter("admissible").select("candidate_id")
    obliged = campaign.candidates.filter(pl.col("mandatory") & pl.col("held_post").is_null())
    return obliged.select("candidate_id").join(admitted, on="candidate_id")


def _lowest(column: str) -> pl.Expr:
    """The lowest of a candidate's wishes; a precedence that an opinion gives on one post is worth nothing elsewhere."""
    return (pl.col(column).clip(upper_bound=0) if column == "precedence" else pl.col(column)).min()
