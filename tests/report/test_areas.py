"""Areas: the places themselves while they are few, else the territory they lie in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from engine.model.campaign import Campaign
from engine.model.schemas import empty_table
from engine.report.areas import areas_of
from tests.report.runs import Bar, Story, make, ordinary


def with_places(count: int, **columns: Any) -> Campaign:
    """A campaign of `count` schools with one post each."""
    names = [f"S{number:03d}" for number in range(count)]
    story = Story((), [Bar("L1300", name, 0, None, "free") for name in names], dict.fromkeys(names, "School"), "ETB")
    campaign = make(story).campaign
    return replace(campaign, places=campaign.places.with_columns(**columns))


def test_few_places_are_areas_with_ile_de_france_first() -> None:
    areas = areas_of(make(ordinary()).campaign)
    assert areas.kind == "ACA"
    assert areas.are_places
    assert list(areas.labels.values()) == ["Créteil", "Versailles", "Nantes", "Rennes"]
    assert areas.ile_de_france == ("24", "25")


def test_many_schools_are_taken_by_departement_where_all_have_one() -> None:
    departments = pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit("75")).otherwise(pl.lit("63"))
    areas = areas_of(with_places(90, department=departments, academy=pl.lit("01")))
    assert areas.kind == "DPT"
    assert list(areas.labels.values()) == ["Paris", "Puy-de-Dôme"]
    assert areas.ile_de_france == ("75",)
    assert areas.of_post.height == 90


def test_many_schools_of_nowhere_stay_what_they_are() -> None:
    areas = areas_of(with_places(90))
    assert areas.are_places
    assert len(areas.labels) == 90


def test_places_with_one_name_are_told_apart() -> None:
    assert list(areas_of(with_places(2)).labels.values()) == ["School (S000)", "School (S001)"]


def test_a_campaign_without_posts_has_no_area() -> None:
    campaign = replace(make(ordinary()).campaign, posts=empty_table("posts"))
    assert areas_of(campaign).labels == {}
