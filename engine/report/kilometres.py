"""How far it is, as the crow flies, from post to post and from a post to what was asked for."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.model.campaign import Campaign
from engine.model.geography import EARTH_RADIUS_KM
from engine.model.zones import NAME, places_of_zones
from engine.report.bars import count_picture
from engine.report.parts import Picture
from engine.report.scale import class_labels, count_by_class
from engine.report.words import Words

STEPS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
"""Kilometres at which classes of distances begin."""


def km_between(rows: pl.DataFrame, where: pl.DataFrame, start: str, goal: str) -> pl.Series:
    """Kilometres between two columns of places, whole; null where one of the two lies nowhere.

    Parameters
    ----------
    where : `engine.report.location.located`
    """
    ends = []
    for column in (start, goal):
        named = where.select(pl.col("place_id").alias(column), "lat", "lon")
        ends.append(rows.select(column).join(named, on=column, how="left", maintain_order="left"))
    return _crow_fly(*ends)


def km_to_zone(campaign: Campaign, where: pl.DataFrame, rows: pl.DataFrame) -> pl.Series:
    """Kilometres from a place to the nearest place of a zone, whole; 0 inside, null where it cannot be told.

    Parameters
    ----------
    where : `engine.report.location.located`
    rows : place_id, and the name of a zone: kind, code, school_type
    """
    asked = rows.select("place_id", *NAME).unique()
    covered = _places_covered(campaign, asked.select(NAME).unique())
    ways = asked.join(covered, on=NAME, nulls_equal=True)
    ways = ways.with_columns(km=km_between(ways, where, "place_id", "goal"))
    nearest = ways.group_by("place_id", *NAME).agg(pl.col("km").min())
    found = rows.join(nearest, on=["place_id", *NAME], how="left", nulls_equal=True, maintain_order="left")
    return found["km"]


def median(distances: pl.Series) -> int:
    """The middle distance, the lower one where there are two."""
    return int(distances.sort()[(distances.len() - 1) // 2])


def km_picture(distances: pl.Series, words: Words, *, unit: str, axis: str, subject: str, colour: str) -> Picture:
    """Distances by class, those inside one commune apart. Parameters as in `engine.report.bars.count_picture`."""
    apart = distances.filter(distances > 0)
    low, high = (int(end or 0) for end in (apart.min(), apart.max()))  # type: ignore[arg-type]
    reached = [step for step in STEPS if low < step <= high]
    labels = class_labels(reached or STEPS[:1], words, points=False)[: len(reached) + 1]
    counted = count_by_class(apart, reached)
    here = distances.len() - apart.len()
    counts = {words("no_distance"): here} if here else {}
    counts |= {label: counted[at] for at, label in enumerate(labels)}
    return count_picture(counts, words, unit=unit, axis=axis, subject=subject, colour=colour)


def _places_covered(campaign: Campaign, names: pl.DataFrame) -> pl.DataFrame:
    """The places of zones: kind, code, school_type, goal."""
    posts = campaign.posts.select(kind=pl.lit("POST"), code="post_id", place_id="place_id")
    covered = pl.concat([places_of_zones(campaign).select("kind", "code", "place_id"), posts])
    types = campaign.places.select("place_id", place_type="school_type")
    rows = names.join(covered, on=["kind", "code"]).join(types, on="place_id")
    fits = pl.col("school_type").is_null() | (pl.col("school_type") == pl.col("place_type"))
    return rows.filter(fits).select(*NAME, goal="place_id")


def _crow_fly(start: pl.DataFrame, goal: pl.DataFrame) -> pl.Series:
    """Along great circles (haversine formula)."""
    lat, lon = ([np.radians(end[axis].cast(pl.Float64).to_numpy()) for end in (start, goal)] for axis in ("lat", "lon"))
    half = np.sin((lat[1] - lat[0]) / 2) ** 2 + np.cos(lat[0]) * np.cos(lat[1]) * np.sin((lon[1] - lon[0]) / 2) ** 2
    km = np.rint(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1))))
    return pl.Series("km", km, nan_to_null=True).cast(pl.Int64)
