"""The school of attachment of each TZR: kept, or changed where one asked for has a need (seed 002, VIII)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from engine.model.tzr.reach import schools_of_zones, zone_of_tzr

if TYPE_CHECKING:
    from engine.model.campaign import Campaign


def attachments(campaign: Campaign) -> pl.DataFrame:
    """The attachment of every TZR of the campaign.

    Returns
    -------
    polars.DataFrame
        candidate_id, before (school of attachment so far, or null), asked (number of schools asked for), place_id (in
        force from now on, or null), reason (change_granted, change_not_on_need, no_attachment, or null where it was
        kept without a request); sorted by candidate_id.
    """
    people = campaign.candidates.select("candidate_id").sort("candidate_id")
    rows = campaign.attachments
    held = rows.filter(pl.col("position") == 0).select("candidate_id", before="place_id")
    asked = rows.filter(pl.col("position") > 0)
    numbers = asked.group_by("candidate_id").agg(asked=pl.len().cast(pl.Int64))
    changed = _granted(campaign, asked)
    table = people
    for part in (held, numbers, changed):
        table = table.join(part, on="candidate_id", how="left", maintain_order="left")
    return table.select(
        "candidate_id",
        "before",
        pl.col("asked").fill_null(0),
        place_id=pl.coalesce("granted", "before"),
        reason=_reason(),
    )


def _granted(campaign: Campaign, asked: pl.DataFrame) -> pl.DataFrame:
    """candidate_id, granted: the first school asked for, of the zone, where the discipline has a need."""
    if not campaign.rules.flag("attachment", "change_on_need"):
        return asked.select("candidate_id", granted="place_id").clear()
    zoned = asked.join(zone_of_tzr(campaign), on="candidate_id")
    needed = zoned.join(schools_of_zones(campaign), on=["zone", "place_id"], how="semi").join(
        campaign.needs, on=["place_id", "discipline"], how="semi"
    )
    first = needed.sort("candidate_id", "position").unique("candidate_id", keep="first", maintain_order=True)
    return first.select("candidate_id", granted="place_id")


def _reason() -> pl.Expr:
    return (
        pl.when(pl.col("granted").is_not_null())
        .then(pl.lit("change_granted"))
        .when(pl.col("asked") > 0)
        .then(pl.lit("change_not_on_need"))
        .when(pl.col("before").is_null())
        .then(pl.lit("no_attachment"))
    )
