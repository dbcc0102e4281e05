"""Zones that are ordered lists: a wish for one stands for its parts, the first the most wanted.

In some académies a groupement is the ordered list of its communes (Rouen 2015, R37: ``wishes.geo_is_ordered``). The
order is that of the column ``position`` of the table `zones`; any zone of that table may have one.
"""

from __future__ import annotations

import polars as pl

from engine.model.zones import NAME, PLACE_KIND, Territory

WISH_KIND = {place: wish for wish, place in PLACE_KIND.items()}
PARTS = {**dict.fromkeys(NAME, pl.String), "part": pl.Int64, "part_kind": pl.String, "part_code": pl.String}
TABLE_ZONE = ["zone_kind", "zone_code"]


def ordered_parts(campaign: Territory, asked: pl.DataFrame) -> pl.DataFrame:
    """The parts of every ordered zone asked for, in their order.

    A part is a commune where one position has all its schools, else one place.

    Parameters
    ----------
    asked : columns kind, code, school_type; rows may repeat, and may name zones that are not ordered.

    Returns
    -------
    polars.DataFrame with columns kind, code, school_type (the wish), part (Int64, from 1), part_kind, part_code: one
    row per part, sorted; a zone that is not ordered has none. A part is asked for with the school type of the wish.
    """
    listed = campaign.zones.filter(pl.col("position").is_not_null())
    if listed.is_empty():
        return pl.DataFrame(schema=PARTS)
    parts = parts_of(campaign.places, listed).rename({"zone_kind": "kind", "zone_code": "code"})
    named = asked.select(NAME).unique().join(parts, on=["kind", "code"])
    return named.select(list(PARTS)).sort("kind", "code", "school_type", "part")


def parts_of(places: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """The parts of ordered zones, one row per position.

    Parameters
    ----------
    places : the table of places
    listed : rows of the table zones, each with a position

    Returns
    -------
    polars.DataFrame with columns zone_kind, zone_code, part, part_kind, part_code: the commune of the schools at a
    position if they are all it has, the place if it is one; both null where they are several and no whole commune
    """
    schools = places.filter(pl.col("kind") == "ETB")
    sizes = schools.drop_nulls("commune").group_by("commune").agg(schools=pl.len())
    known = places.select("place_id", "commune", place_kind="kind").join(sizes, on="commune", how="left")
    rows = listed.join(known, on="place_id").sort("place_id")
    at_position = rows.group_by(*TABLE_ZONE, part="position").agg(
        pl.len().alias("places"),
        pl.col("place_id").first(),
        pl.col("place_kind").replace(WISH_KIND).first(),
        pl.col("commune", "schools").first(),
        pl.col("commune").n_unique().alias("communes"),
    )
    whole = (pl.col("communes") == 1) & (pl.col("places") == pl.col("schools")) & (pl.col("place_kind") == "ETB")
    one = pl.col("places") == 1
    return at_position.select(
        *TABLE_ZONE,
        "part",
        part_kind=pl.when(whole.fill_null(False)).then(pl.lit("COM")).when(one).then("place_kind"),
        part_code=pl.when(whole.fill_null(False)).then("commune").when(one).then("place_id"),
    )
