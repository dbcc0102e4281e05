"""Where a candidate enters the extension table: at his first wish, or at the zone of the table that holds it.

A school, a commune, a groupement, a ZR has no line of its own in the tables read: it enters at its département, and a
département without a line at its académie.
"""

from __future__ import annotations

import polars as pl

from engine.model.campaign import Campaign
from engine.model.links import memberships
from engine.model.zones import places_of_zones

WHOLE_ACADEMY = ("ACA", "ZRA")


def extension_origins(campaign: Campaign, table: pl.DataFrame) -> pl.DataFrame:
    """The line of the extension table at which each candidate enters.

    Of the first wish itself, its département and its académie, the first that the table has a line for. A zone over
    several départements counts for the one with most of its places (the first code among equals). Who made no wish
    enters at the académie of his training year, else at the only one of the campaign. Linked candidates enter together.

    Parameters
    ----------
    table : columns origin_kind, origin_code (`engine.extension.table.extension_order`)

    Returns
    -------
    polars.DataFrame with columns candidate_id, origin_kind, origin_code, sorted; who cannot enter has no row.
    """
    steps = pl.concat([_at_first_wish(campaign), _without_wish(campaign)])
    lines = table.select("origin_kind", "origin_code").unique()
    known = steps.join(lines, on=["origin_kind", "origin_code"], how="semi").sort("candidate_id", "step")
    origins = known.unique("candidate_id", keep="first", maintain_order=True).drop("step")
    return _shared_in_links(campaign, origins).sort("candidate_id")


def _shared_in_links(campaign: Campaign, origins: pl.DataFrame) -> pl.DataFrame:
    """Origins, all members of a link given that of the first of them who has one: they are extended together.

    Their first wishes are the same; where they made none, their training years may lie apart.
    """
    of_link = memberships(campaign).join(origins, on="candidate_id").sort("candidate_id")
    of_link = of_link.unique("link_id", keep="first", maintain_order=True).drop("candidate_id")
    shared = memberships(campaign).join(of_link, on="link_id").select(origins.columns)
    return pl.concat([shared, origins.join(shared, on="candidate_id", how="anti")])


def _at_first_wish(campaign: Campaign) -> pl.DataFrame:
    """Origins to try for each first wish, in order: itself, its département, its académie."""
    first = campaign.wishes.filter(pl.col("rank") == 1).select("candidate_id", "kind", "code")
    itself = first.select("candidate_id", origin_kind="kind", origin_code="code", step=pl.lit(0))
    around = first.join(_where(campaign, first), on=["kind", "code"])
    narrow = around.filter(~pl.col("kind").is_in(WHOLE_ACADEMY))
    department = narrow.select("candidate_id", origin_kind=pl.lit("DPT"), origin_code="department", step=pl.lit(1))
    academy = around.select("candidate_id", origin_kind=pl.lit("ACA"), origin_code="academy", step=pl.lit(2))
    return pl.concat([itself, department, academy]).drop_nulls()


def _where(campaign: Campaign, asked: pl.DataFrame) -> pl.DataFrame:
    """The département and the académie of every zone asked for: kind, code, department, academy."""
    posts = campaign.posts.select(kind=pl.lit("POST"), code="post_id", place_id="place_id")
    held = pl.concat([places_of_zones(campaign).select("kind", "code", "place_id"), posts])
    held = held.join(asked.select("kind", "code").unique(), on=["kind", "code"], how="semi")
    located = held.join(campaign.places.select("place_id", "department", "academy"), on="place_id")
    counted = located.group_by("kind", "code", "department", "academy").agg(places=pl.len())
    keys = ["kind", "code", "places", "department", "academy"]
    ordered = counted.sort(keys, descending=[False, False, True, False, False])
    return ordered.unique(["kind", "code"], keep="first", maintain_order=True).drop("places")


def _without_wish(campaign: Campaign) -> pl.DataFrame:
    """Origins of those who made no wish."""
    silent = campaign.candidates.join(campaign.wishes, on="candidate_id", how="anti")
    training = silent.select("candidate_id", origin_kind=pl.lit("ACA"), origin_code="training_academy", step=pl.lit(3))
    here = campaign.places["academy"].drop_nulls().unique()
    only = silent.select(
        "candidate_id",
        origin_kind=pl.lit("ACA"),
        origin_code=pl.lit(here[0] if len(here) == 1 else None, pl.String),
        step=pl.lit(4),
    )
    return pl.concat([training, only]).drop_nulls()
