"""Which posts each wish covers (DESIGN 4): a zone is what (discipline, kind, code, school type) resolves to.

ETB, ZRE and POST name one thing; COM, GEO, DPT and ACA cover the schools of the zone with ordinary posts of the
candidate's discipline, ZRD and ZRA the ZRs; in the inter and interdépartemental movements ACA and DPT are places
themselves. Names that cover the same posts are the same zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from engine.model.market import Ints, ShortInts

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

NAME = ["kind", "code", "school_type"]
ZONE = ["discipline", *NAME]


@dataclass(frozen=True, eq=False)
class Zones:
    """The zones of a campaign.

    Attributes
    ----------
    names : discipline, kind, code, school_type, zone (Int32): one row per name; a name without posts has no row
    members : zone, post (row of campaign.posts): one row per post of a zone, sorted
    ptr, post : int64[z+1], int32[]: the same as arrays; posts of zone z are ``post[ptr[z]:ptr[z+1]]``
    """

    names: pl.DataFrame
    members: pl.DataFrame
    ptr: Ints
    post: ShortInts


def zones_of(campaign: Campaign, asked: pl.DataFrame) -> Zones:
    """The zones behind the names asked for.

    Parameters
    ----------
    asked : columns discipline, kind, code, school_type; rows may repeat.
    """
    posts = campaign.posts.select("post_id").with_row_index("post")
    covered = zone_posts(campaign, asked.select(ZONE).unique()).join(posts, on="post_id")
    named = covered.group_by(ZONE).agg(posts=pl.col("post").sort())
    key = pl.col("posts").cast(pl.List(pl.String)).list.join(" ")
    named = named.with_columns(zone=key.rank("dense").cast(pl.Int32) - 1)
    members = named.unique("zone").select("zone", post="posts").explode("post").sort("zone", "post")
    counts = np.bincount(members["zone"].to_numpy(), minlength=0)
    ptr = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return Zones(named.select(*ZONE, "zone").sort(ZONE), members, ptr, members["post"].to_numpy().astype(np.int32))


def zone_posts(campaign: Campaign, asked: pl.DataFrame) -> pl.DataFrame:
    """The posts of every zone asked for.

    Parameters
    ----------
    asked : distinct rows with columns discipline, kind, code, school_type.

    Returns
    -------
    polars.DataFrame, columns discipline, kind, code, school_type, post_id: one row per post of a zone, in no order.
    A zone without posts has no row.
    """
    ordinary = campaign.posts.filter(pl.col("profile").fill_null("ordinary") == "ordinary")
    typed = ordinary.join(campaign.places.select("place_id", place_type="school_type"), on="place_id")
    covered = (
        asked.join(places_of_zones(campaign), on=["kind", "code"])
        .join(typed.select("place_id", "discipline", "post_id", "place_type"), on=["place_id", "discipline"])
        .filter(pl.col("school_type").is_null() | (pl.col("school_type") == pl.col("place_type")))
    )
    posts = campaign.posts.select("discipline", kind=pl.lit("POST"), code="post_id", post_id="post_id")
    named = asked.join(posts, on=["discipline", "kind", "code"])
    columns = [*ZONE, "post_id"]
    return pl.concat([covered.select(columns), named.select(columns)]).unique()


def places_of_zones(campaign: Campaign) -> pl.DataFrame:
    """The places of every zone that can be named: columns kind, code, place_id."""
    places = campaign.places
    schools, replacement = places.filter(pl.col("kind") == "ETB"), places.filter(pl.col("kind") == "ZR")
    parts = [_zone("ETB", schools, "place_id"), _zone("ZRE", replacement, "place_id")]
    parts += [_zone(kind, places.filter(pl.col("kind") == kind), "place_id") for kind in ("ACA", "DPT")]
    columns = {"COM": "commune", "GEO": "grouping", "DPT": "department", "ACA": "academy"}
    parts += [_zone(kind, schools, column) for kind, column in columns.items()]
    parts += [_zone("ZRD", replacement, "department"), _zone("ZRA", replacement, "academy")]
    parts.append(campaign.zones.select(kind="zone_kind", code="zone_code", place_id="place_id"))
    return pl.concat(parts).drop_nulls().unique()


def _zone(kind: str, places: pl.DataFrame, column: str) -> pl.DataFrame:
    return places.select(kind=pl.lit(kind), code=pl.col(column), place_id=pl.col("place_id"))
