"""Why a wish covers no post: the reason it stays in the output with, inadmissible (DESIGN 5: nothing disappears).

A wish may lawfully name a zone that offers its candidate nothing: a discipline is not taught everywhere, and not every
discipline has zones de remplacement. So the campaign is not refused; each such wish says which of these it is.
"""

from __future__ import annotations

import polars as pl

from engine.model.zones import PLACE_KIND, ZONE, ZR_COLUMN, Territory, places_of_zones

ANOTHER_DISCIPLINE = "post_of_another_discipline"
NO_ZR = "discipline_without_zr"
NO_SUCH_SCHOOL = "school_type_not_in_zone"
SPECIFIC_ONLY = "specific_posts_only"
NO_POSTS = "zone_without_posts"

ZR_KINDS = ("ZRE", *ZR_COLUMN)


def emptiness(campaign: Territory, empty: pl.DataFrame) -> pl.DataFrame:
    """Why names of zones cover no post.

    Parameters
    ----------
    empty : distinct rows with columns discipline, kind, code, school_type (`engine.model.zones.Zones.empty`)

    Returns
    -------
    polars.DataFrame with columns discipline, kind, code, school_type, reason (code of ``reasons.toml``): of several
    that are true the first of: a post of another discipline, a discipline without ZR in the académie, no school of the
    type in the zone, only specific posts there, no post of the discipline there.
    """
    names = empty.select(ZONE).with_row_index("name")
    within = places_of_zones(campaign).join(campaign.places.select("place_id", place_type="school_type"), on="place_id")
    found = (
        (names.filter(pl.col("kind") == "POST"), ANOTHER_DISCIPLINE),
        (_without_zr(campaign, names), NO_ZR),
        (_without_such_school(names, within), NO_SUCH_SCHOOL),
        (_specific_only(campaign, names, within), SPECIFIC_ONLY),
        (names, NO_POSTS),
    )
    reasons = pl.concat(rows.select("name", reason=pl.lit(reason)) for rows, reason in found)
    return names.join(reasons.unique("name", keep="first", maintain_order=True), on="name").select(*ZONE, "reason")


def _without_zr(campaign: Territory, names: pl.DataFrame) -> pl.DataFrame:
    """Names of ZRs in an académie where no ZR has a post of the discipline."""
    asked = names.filter(pl.col("kind").is_in(ZR_KINDS))
    located = _academies_of_zr_zones(campaign)
    served = campaign.posts.join(campaign.places.filter(pl.col("kind") == "ZR"), on="place_id")
    served = served.select("discipline", pl.col("academy").fill_null("")).unique()
    reached = asked.join(located, on=["kind", "code"]).join(served, on=["discipline", "academy"], how="semi")
    return asked.join(reached, on="name", how="anti")


def _academies_of_zr_zones(campaign: Territory) -> pl.DataFrame:
    """kind, code, academy ("" where the places name none): a ZRD or ZRA lies where any place bears its code."""
    academies = campaign.places.select("place_id", pl.col("academy").fill_null(""))
    bearing = [
        campaign.places.select(kind=pl.lit(kind), code=column, place_id="place_id")
        for kind, column in (("ZRE", "place_id"), *ZR_COLUMN.items())
    ]
    by_table = places_of_zones(campaign).filter(pl.col("kind").is_in(ZR_KINDS))
    return pl.concat([by_table, *bearing]).join(academies, on="place_id").select("kind", "code", "academy").unique()


def _without_such_school(names: pl.DataFrame, within: pl.DataFrame) -> pl.DataFrame:
    """Names that ask for a type of school the zone has none of."""
    typed = names.filter(pl.col("school_type").is_not_null())
    keys = ["kind", "code", "school_type"]
    return typed.join(within, left_on=keys, right_on=["kind", "code", "place_type"], how="anti")


def _specific_only(campaign: Territory, names: pl.DataFrame, within: pl.DataFrame) -> pl.DataFrame:
    """Names of zones where the discipline has posts that only a wish for the post itself reaches."""
    specific = campaign.posts.filter(pl.col("profile") == "specific").select("place_id", "discipline").unique()
    covered = names.filter(pl.col("kind").is_in([*PLACE_KIND, "COM", "GEO"]))
    covered = covered.join(within, on=["kind", "code"]).join(specific, on=["place_id", "discipline"], how="semi")
    return covered.filter(pl.col("school_type").is_null() | (pl.col("school_type") == pl.col("place_type")))
