"""Which posts each wish covers (DESIGN 4): a zone is what (discipline, kind, code, school type) resolves to.

ETB, ZRE and POST name one thing; COM, GEO, DPT and ACA cover the schools of the zone with ordinary posts of the
candidate's discipline, ZRD and ZRA the ZRs; in the inter and interdépartemental movements ACA and DPT are places
themselves. Zones are read off the columns of `places`, or given place by place in the table `zones`. Names that cover
the same posts are the same zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from engine.model.market import Ints, ShortInts

NAME = ["kind", "code", "school_type"]
ZONE = ["discipline", *NAME]

PLACE_KIND = {"ETB": "ETB", "ZRE": "ZR", "ACA": "ACA", "DPT": "DPT"}
"""Kinds of wishes that name a place, with the kind of the place."""

SCHOOL_COLUMN = {"COM": "commune", "GEO": "grouping", "DPT": "department", "ACA": "academy"}
"""Kinds of wishes that cover schools, with the column of `places` that says which zone a school is in."""

ZR_COLUMN = {"ZRD": "department", "ZRA": "academy"}
"""The same for the ZRs."""


class Territory(Protocol):
    """What zones are made of: a campaign, or its tables while they are being checked."""

    @property
    def places(self) -> pl.DataFrame: ...

    @property
    def posts(self) -> pl.DataFrame: ...

    @property
    def zones(self) -> pl.DataFrame: ...


@dataclass(frozen=True, eq=False)
class Zones:
    """The zones of a campaign.

    Attributes
    ----------
    names : discipline, kind, code, school_type, zone (Int32): one row per name that covers a post
    empty : discipline, kind, code, school_type: the names that cover none (`engine.model.emptiness` says why)
    members : zone, post (row of campaign.posts): one row per post of a zone, sorted
    ptr, post : int64[z+1], int32[]: the same as arrays; posts of zone z are ``post[ptr[z]:ptr[z+1]]``
    asked : int32[r]: the zone of every row asked for, in their order; -1 where its name covers no post
    """

    names: pl.DataFrame
    empty: pl.DataFrame
    members: pl.DataFrame
    ptr: Ints
    post: ShortInts
    asked: ShortInts


def zones_of(campaign: Territory, asked: pl.DataFrame) -> Zones:
    """The zones behind the names asked for, numbered in the order of their posts; names in the order of `asked`.

    Parameters
    ----------
    asked : columns discipline, kind, code, school_type; rows may repeat.
    """
    names, name_of_row = _names(asked)
    covered = _covered(campaign, names).sort("name", "post")
    lists = covered.group_by("name", maintain_order=True).agg("post")
    zones = lists.group_by("post").agg("name").sort("post").with_row_index("zone")
    zones = zones.with_columns(pl.col("zone").cast(pl.Int32))
    numbers = zones.select("zone", "name").explode("name")
    members = zones.select("zone", "post").explode("post")
    zone_of_name = np.full(names.height, -1, dtype=np.int32)
    zone_of_name[numbers["name"].to_numpy()] = numbers["zone"].to_numpy()
    return Zones(
        names=names.join(numbers, on="name", maintain_order="left").select(*ZONE, "zone"),
        empty=names.join(numbers, on="name", how="anti", maintain_order="left").select(ZONE),
        members=members,
        ptr=np.concatenate(([0], np.cumsum(zones["post"].list.len().to_numpy()))).astype(np.int64),
        post=members["post"].to_numpy().astype(np.int32),
        asked=zone_of_name[name_of_row],
    )


def _names(asked: pl.DataFrame) -> tuple[pl.DataFrame, Ints]:
    """The distinct names in the order they come, numbered (name), and the number of the name of every row."""
    key = np.zeros(asked.height, dtype=np.int64)
    for column in (asked[name] for name in ZONE):  # texts are looked up once, then a name is one whole number
        values = column.drop_nulls().unique()
        codes = column.cast(pl.Enum(values)).to_physical().cast(pl.Int64) + 1
        key = key * (len(values) + 1) + codes.fill_null(0).to_numpy()
    first, number = _first_of_each(key)
    return asked.select(ZONE)[first].with_row_index("name"), number


def _first_of_each(key: Ints) -> tuple[Ints, Ints]:
    """int64[u], int64[r]: the rows where a key comes first, in their order, and which of them each row is alike to."""
    size = int(key.max(initial=-1)) + 1
    if size > 4 * len(key):  # a table of all keys would be mostly empty
        _, first, number = np.unique(key, return_index=True, return_inverse=True)
        rank = np.empty(len(first), dtype=np.int64)
        rank[np.argsort(first)] = np.arange(len(first))
        return np.sort(first), rank[number]
    row_of_key = np.full(size, -1)
    row_of_key[key[::-1]] = np.arange(len(key))[::-1]
    first = np.sort(row_of_key[row_of_key >= 0])
    rank = np.empty(size, dtype=np.int64)
    rank[key[first]] = np.arange(len(first))
    return first, rank[key]


def places_of_zones(campaign: Territory) -> pl.DataFrame:
    """The places of every zone that can be named: columns kind, code, place_id."""
    places = campaign.places
    schools, replacement = places.filter(pl.col("kind") == "ETB"), places.filter(pl.col("kind") == "ZR")
    parts = [_zone(wish, places.filter(pl.col("kind") == kind), "place_id") for wish, kind in PLACE_KIND.items()]
    parts += [_zone(kind, schools, column) for kind, column in SCHOOL_COLUMN.items()]
    parts += [_zone(kind, replacement, column) for kind, column in ZR_COLUMN.items()]
    parts.append(campaign.zones.select(kind="zone_kind", code="zone_code", place_id="place_id"))
    return pl.concat(parts).drop_nulls().unique()


def _zone(kind: str, places: pl.DataFrame, column: str) -> pl.DataFrame:
    return places.select(kind=pl.lit(kind), code=pl.col(column), place_id=pl.col("place_id"))


def covering_names(campaign: Territory) -> pl.DataFrame:
    """Every name that covers a post: discipline, kind, code, school_type (null, and each type there are posts in)."""
    offered = _offered(campaign).select("discipline", "kind", "code", school_type="place_type").unique()
    untyped = offered.with_columns(school_type=pl.lit(None, pl.String)).unique()
    alone = campaign.posts.select(
        "discipline", kind=pl.lit("POST"), code="post_id", school_type=pl.lit(None, pl.String)
    )
    return pl.concat([untyped, offered.drop_nulls(), alone])


def _covered(campaign: Territory, names: pl.DataFrame) -> pl.DataFrame:
    """Pairs name, post (row of the table posts), each once: what every name covers.

    Parameters
    ----------
    names : name (a number), discipline, kind, code, school_type
    """
    posts = campaign.posts.select("discipline", code="post_id").with_row_index("post")
    of_type = pl.col("school_type").is_null() | (pl.col("school_type") == pl.col("place_type"))
    covered = names.join(_offered(campaign), on=["discipline", "kind", "code"]).filter(of_type)
    alone = names.filter(pl.col("kind") == "POST").join(posts, on=["discipline", "code"])
    return pl.concat([covered.select("name", "post"), alone.select("name", "post")])


def _offered(campaign: Territory) -> pl.DataFrame:
    """The ordinary posts of every zone but POST: kind, code, post (row of the table posts), discipline, place_type."""
    posts = campaign.posts.with_row_index("post").filter(pl.col("profile").fill_null("ordinary") == "ordinary")
    typed = campaign.places.select("place_id", place_type="school_type")
    taught = posts.select("post", "place_id", "discipline").join(typed, on="place_id")
    return places_of_zones(campaign).join(taught, on="place_id").drop("place_id")
