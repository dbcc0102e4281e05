"""What links of a year are judged by: each campaign before and after it was composed, and what it gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

GAINED = ("assigned", "extended")
"""Statuses of those who leave a campaign with another post than they came with."""


@dataclass(frozen=True, eq=False)
class Stage:
    """A campaign of a year.

    Attributes
    ----------
    name, movement : of the campaign
    before : its tables as they stand in its folder: places, posts, candidates, wishes, incumbents (candidate_id,
        post_id: who holds a post without taking part)
    given : places, posts, candidates, wishes it was run on
    outcomes : candidate_id, status, place_id, post_id
    """

    name: str
    movement: str
    before: Mapping[str, pl.DataFrame]
    given: Mapping[str, pl.DataFrame]
    outcomes: pl.DataFrame

    @property
    def gained(self) -> pl.DataFrame:
        """candidate_id, place_id, post_id of those who obtained a post here."""
        rows = self.outcomes.filter(pl.col("status").is_in(GAINED))
        return rows.select("candidate_id", "place_id", "post_id")


@dataclass(frozen=True, eq=False)
class Handover:
    """A link of a year: from one campaign to a later one, by its name."""

    link: str
    source: Stage
    target: Stage


def coming(link: Handover) -> pl.DataFrame:
    """candidate_id, place_id: of those who obtained a post before, whom a link brings into the campaign."""
    places = link.target.before["places"]
    if link.link == "entrants":
        here = places.select(place_id="academy").drop_nulls().unique()
        return academies(link).join(here, on="place_id", how="semi")
    if link.link == "replacement":
        zones = places.filter(pl.col("kind") == "ZR").select("place_id")
        return link.source.gained.join(zones, on="place_id", how="semi").select("candidate_id", "place_id")
    return link.source.gained.select("candidate_id", "place_id").clear()


def academies(link: Handover) -> pl.DataFrame:
    """candidate_id, place_id: the académie each entered, by its code."""
    named = link.source.given["places"].select("place_id", "academy")
    rows = link.source.gained.join(named, on="place_id", how="left")
    return rows.select("candidate_id", place_id=pl.coalesce("academy", "place_id"))


def targets(links: Sequence[Handover]) -> list[tuple[Stage, list[Handover]]]:
    """Each campaign that links lead into, with those."""
    names = sorted({link.target.name for link in links})
    return [(into[0].target, into) for into in ([link for link in links if link.target.name == name] for name in names)]
