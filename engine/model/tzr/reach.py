"""Which schools a TZR may teach in: those of his zone de remplacement, and those a preference covers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import polars as pl

from engine.model.zones import Territory, places_of_zones

if TYPE_CHECKING:
    from engine.model.campaign import Campaign


class Ground(Territory, Protocol):
    """The tables that zones and posts of TZR are read off: a campaign, or its tables while they are checked."""

    @property
    def candidates(self) -> pl.DataFrame: ...


def zone_of_tzr(campaign: Ground) -> pl.DataFrame:
    """candidate_id, discipline, zone: the ZR each candidate holds a post of, null where he holds none."""
    posts = campaign.posts.select(held_post="post_id", zone="place_id").unique("held_post")
    held = campaign.candidates.select("candidate_id", "discipline", "held_post")
    return held.join(posts, on="held_post", how="left", maintain_order="left").drop("held_post")


def schools_of_zones(campaign: Ground) -> pl.DataFrame:
    """zone, place_id: the schools of every ZR, by the table `zones`."""
    covered = campaign.zones.filter(pl.col("zone_kind") == "ZRE").select(zone="zone_code", place_id="place_id")
    return covered.drop_nulls().unique().sort("zone", "place_id")


def reached_places(campaign: Campaign, named: pl.DataFrame) -> pl.DataFrame:
    """The schools that preferences cover inside the zone of who makes them: the rows of `named` with place_id.

    Parameters
    ----------
    named : kind, code, school_type, zone, and other columns
    """
    covered = places_of_zones(campaign).select("kind", "code", "place_id")
    types = campaign.places.filter(pl.col("kind") == "ETB").select("place_id", place_type="school_type")
    rows = named.join(covered, on=["kind", "code"]).join(types, on="place_id")
    of_type = pl.col("school_type").is_null() | (pl.col("school_type") == pl.col("place_type"))
    return rows.filter(of_type).drop("place_type").join(schools_of_zones(campaign), on=["zone", "place_id"], how="semi")
