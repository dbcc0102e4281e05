"""Names of places, posts and zones for a person: the label or the public name, with the code."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from engine.model.campaign import Campaign
from engine.model.geography import academies, departments

TERRITORY = {"ACA": "ACA", "ZRA": "ACA", "DPT": "DPT", "ZRD": "DPT"}
"""Kinds of wishes whose code is that of an académie or of a département."""


def place_name(campaign: Campaign, place_id: str) -> str:
    """The label of a place, or the public name of its code, with the code."""
    rows = campaign.places.filter(pl.col("place_id") == place_id)
    label = rows["label"].drop_nulls()
    name = label[0] if len(label) else territory_name(campaign, rows["kind"][0] if rows.height else "", place_id)
    return f"{name} ({place_id})" if name else place_id


def post_name(campaign: Campaign, post_id: str) -> str:
    """The name of the place of a post; the post's own identifier where several posts are there in its discipline."""
    rows = campaign.posts.filter(pl.col("post_id") == post_id)
    if rows.is_empty():
        return post_id
    place, discipline = rows["place_id"][0], rows["discipline"][0]
    there = campaign.posts.filter((pl.col("place_id") == place) & (pl.col("discipline") == discipline))
    name = place_name(campaign, place)
    return name if there.height == 1 else f"{name}, {post_id}"


def zone_name(campaign: Campaign, zone: Mapping[str, str | None]) -> str:
    """The name of the zone that kind and code tell, without its type of school."""
    kind, code = str(zone["kind"]), str(zone["code"])
    if kind in ("ETB", "ZRE"):
        return place_name(campaign, code)
    if kind == "POST":
        return post_name(campaign, code)
    name = territory_name(campaign, TERRITORY.get(kind, ""), code)
    return f"{name} ({code})" if name else code


def territory_name(campaign: Campaign, kind: str, code: str) -> str | None:
    """The public name of an académie (ACA) or of a département (DPT); None for anything else."""
    if kind == "ACA":
        academy = academies(campaign.settings.session).get(code)
        return academy.name if academy else None
    return departments().get(code) if kind == "DPT" else None
