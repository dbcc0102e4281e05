"""The wishes that extension adds for mandatory candidates: which zones, in which order, with how many points.

Zones come in the order of the table that starts at the first wish; points are the lowest of the wishes made, without
what is not kept in extension (seed 002; RULES 1.5). A zone the candidate asked for himself is not added again:
extension never has more points than his own wish for it.
"""

from __future__ import annotations

import polars as pl

from engine.extension.table import extension_order
from engine.model.campaign import Campaign
from engine.model.priorities import tie_columns
from engine.model.scoring import Scored


def extension_contracts(campaign: Campaign, scored: Scored) -> pl.DataFrame:
    """Added wishes of every mandatory candidate whose request is admissible and who holds no post.

    Returns
    -------
    polars.DataFrame with columns candidate_id, position (from 1, in table order), kind, code, school_type, points
    (thousandths), tie_1..; in no order.
    """
    points = extension_points(scored)
    concerned = _concerned(campaign, scored).join(_origins(campaign), on="candidate_id").join(points, on="candidate_id")
    zones = concerned.join(extension_order(campaign).drop("source"), on=["origin_kind", "origin_code"])
    own = scored.wishes.filter("admissible").select("candidate_id", "kind", "code")
    zones = zones.join(own, on=["candidate_id", "kind", "code"], how="anti")
    return zones.select("candidate_id", "position", "kind", "code", "school_type", "points", *tie_columns(points))


def extension_points(scored: Scored) -> pl.DataFrame:
    """Points of each candidate in extension, and his tie-breaks there: the lowest of his admissible wishes.

    A candidate without admissible wishes has what does not depend on a wish, and comes last among equals.

    Returns
    -------
    polars.DataFrame with columns candidate_id, points, tie_1..
    """
    ties = tie_columns(scored.wishes)
    lowest = (
        scored.wishes.filter("admissible")
        .group_by("candidate_id")
        .agg(pl.col("kept_points").min().alias("points"), *[pl.col(tie).min() for tie in ties])
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


def _origins(campaign: Campaign) -> pl.DataFrame:
    """Where the table is entered: at the first wish; for who made none, at the académie of his training year."""
    first = campaign.wishes.filter(pl.col("rank") == 1).select("candidate_id", origin_kind="kind", origin_code="code")
    training = campaign.candidates.filter(pl.col("training_academy").is_not_null()).select(
        "candidate_id", origin_kind=pl.lit("ACA"), origin_code="training_academy"
    )
    return pl.concat([first, training.join(first, on="candidate_id", how="anti")])
