"""The académie and the département of every place, whatever places are in the movement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from engine.model.geography import academies

if TYPE_CHECKING:
    from engine.model.campaign import Campaign


def whereabouts(campaign: Campaign) -> pl.DataFrame:
    """Where each place lies.

    Returns
    -------
    polars.DataFrame: place_id, academy, department; null where the campaign does not say and its code does not tell
    """
    inside = {code: a.code for a in academies(campaign.settings.session).values() for code in a.departments}
    kind = pl.col("kind")
    department = pl.when(kind == "DPT").then("place_id").otherwise("department")
    academy = pl.when(kind == "ACA").then("place_id").otherwise("academy")
    told = department.replace_strict(inside, default=None, return_dtype=pl.String)
    return campaign.places.select("place_id", academy=pl.coalesce(academy, told), department=department)


def posts_with_whereabouts(campaign: Campaign) -> pl.DataFrame:
    """The posts, in their order, with the académie and the département of their place."""
    return campaign.posts.join(whereabouts(campaign), on="place_id", how="left", maintain_order="left")
