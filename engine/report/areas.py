"""The areas a report counts by: the places themselves while they are few, else the territory they lie in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import polars as pl

from engine.model.campaign import Campaign
from engine.model.geography import ILE_DE_FRANCE, academies, all_academies, departments

MOST = 40
"""More columns than that fit no page."""

LEVELS = ("place_id", "grouping", "department", "academy")


@dataclass(frozen=True, eq=False)
class Areas:
    """A way to cut the places of a campaign.

    Attributes
    ----------
    kind : ACA, DPT, grouping, commune or place: what an area is
    are_places : whether areas are the places themselves
    of_post : post_id, area
    labels : name of each area, by code, in the order of the report: Île-de-France first, then by name
    ile_de_france : codes of the areas of Île-de-France; empty where areas are neither académies nor départements
    """

    kind: str
    are_places: bool
    of_post: pl.DataFrame
    labels: dict[str, str]
    ile_de_france: tuple[str, ...]


def areas_of(campaign: Campaign, most: int = MOST) -> Areas:
    """The finest cut of the places of the campaign's posts into at most `most` areas; else the coarsest there is."""
    used = campaign.places.join(campaign.posts.select("place_id").unique(), on="place_id", maintain_order="left")
    complete = [level for level in LEVELS if used[level].null_count() == 0]
    few = [level for level in complete if used[level].n_unique() <= most]
    return _areas(campaign, used, few[0] if few else complete[-1])


def areas_at(campaign: Campaign, level: str) -> Areas:
    """The cut at one level (a column of `places`). Places that name nothing there are left out; among communes, a zone
    de remplacement is an area of its own."""
    used = campaign.places.join(campaign.posts.select("place_id").unique(), on="place_id", maintain_order="left")
    if level == "commune":
        alone = pl.col("commune").is_null() & (pl.col("kind") == "ZR")
        used = used.with_columns(commune=pl.when(alone).then("place_id").otherwise("commune"))
    return _areas(campaign, used.drop_nulls(level), level)


def _areas(campaign: Campaign, places: pl.DataFrame, level: str) -> Areas:
    kind = _kind(places, level)
    codes = places[level].unique().to_list()
    names = _names(kind, campaign.settings.session) | _written(_themselves(places, level))
    first = _ile_de_france(kind)
    plain = {code: f"commune {code}" if level == "commune" else code for code in codes}  # communes come without names
    named = _distinct(plain | {code: names[code] for code in codes if code in names})
    labels = dict(sorted(named.items(), key=lambda item: (item[0] not in first, item[1], item[0])))
    of_post = campaign.posts.select("post_id", "place_id").join(places.select("place_id", area=level), on="place_id")
    present = tuple(code for code in labels if code in first)
    return Areas(kind, level == "place_id", of_post.select("post_id", "area"), labels, present)


def _themselves(places: pl.DataFrame, level: str) -> pl.DataFrame:
    """The places that are areas: an académie and a département may have the same code, and are not the same."""
    of_kind = {"department": "DPT", "academy": "ACA"}
    alike = pl.col("kind") == of_kind[level] if level in of_kind else pl.lit(True)
    return places.filter((pl.col("place_id") == pl.col(level)) & alike)


def _distinct(labels: dict[str, str]) -> dict[str, str]:
    """Labels that occur twice get their code, so that nobody takes one area for another."""
    seen = Counter(labels.values())
    return {code: label if seen[label] == 1 else f"{label} ({code})" for code, label in labels.items()}


def _kind(places: pl.DataFrame, level: str) -> str:
    if level == "place_id":
        kinds = places["kind"].unique().to_list()
        return str(kinds[0]) if kinds in (["ACA"], ["DPT"]) else "place"
    return {"department": "DPT", "academy": "ACA"}.get(level, level)


def _written(places: pl.DataFrame) -> dict[str, str]:
    named = places.drop_nulls("label")
    return dict(zip(named["place_id"].to_list(), named["label"].to_list(), strict=True))


def _names(kind: str, session: int) -> dict[str, str]:
    if kind == "ACA":
        return {code: academy.name for code, academy in academies(session).items()}
    return departments() if kind == "DPT" else {}


def _ile_de_france(kind: str) -> frozenset[str]:
    if kind == "ACA":
        return frozenset(ILE_DE_FRANCE)
    inside = [academy for academy in all_academies() if academy.code in ILE_DE_FRANCE]
    return frozenset(code for academy in inside for code in academy.departments) if kind == "DPT" else frozenset()
