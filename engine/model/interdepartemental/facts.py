"""What the criteria of the interdépartemental look at: facts of each candidate and of each wish."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from engine.model.interdepartemental.family import family_refusal, granted_half_years
from engine.model.interdepartemental.links import link_facts
from engine.model.interdepartemental.neighbours import (
    academy_of_departments,
    are_among,
    touching,
    touching_academies,
)
from engine.model.sessionrules import SessionRules

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

COMPARED = ("family_place", "overseas_interests", "own_department")
"""Columns of a candidate that are compared with the département asked for."""


def candidate_facts(campaign: Campaign, rules: SessionRules) -> pl.DataFrame:
    """The candidates with what the criteria derive from them, sorted by candidate_id.

    Added columns: own_department (of the post held), first_department (asked for by the wish of rank 1, else null),
    family_place (département the family situation points to), own_academy and family_academy (of these two),
    academies_apart (they do not touch), evidence (list of criteria without evidence), link_id and lists_differ
    (`link_facts`), family_refusal (reason or null), granted_half_years (of separation).
    """
    candidates = campaign.candidates.sort("candidate_id")
    return (
        candidates.join(_departments_of_posts(campaign), on="held_post", how="left", maintain_order="left")
        .join(_first_wishes(campaign), on="candidate_id", how="left", maintain_order="left")
        .join(link_facts(campaign), on="candidate_id", how="left", maintain_order="left")
        .with_columns(evidence=pl.col("evidence_missing").str.split(" "), family_place=_family_place())
        .with_columns(*_in_academies(rules), pl.col("lists_differ").fill_null(False))
        .with_columns(_academies_apart(rules))
        .with_columns(family_refusal=family_refusal(rules), granted_half_years=granted_half_years(rules))
    )


def wish_facts(campaign: Campaign, candidates: pl.DataFrame, rules: SessionRules) -> pl.DataFrame:
    """The wishes with what the criteria derive from them, sorted by candidate_id, rank.

    Added columns: candidate (row of the candidate in `candidates`), department (the code of a wish for a département,
    else null), in_family_reach, in_disability_zone, and the columns of the candidate that wishes are compared with.
    """
    rows = candidates.select("candidate_id").with_row_index("candidate")
    wishes = (
        campaign.wishes.sort("candidate_id", "rank")
        .join(rows, on="candidate_id", how="left", maintain_order="left")
        .with_columns(department=pl.when(pl.col("kind") == "DPT").then("code"))
    )
    compared = candidates.select(COMPARED).select(pl.all().gather(wishes["candidate"]))
    near = (pl.col("family_place") == pl.col("department")) | are_among(touching(rules), "family_place", "department")
    return wishes.hstack(compared).with_columns(
        in_family_reach=near.fill_null(False), in_disability_zone=_in_disability_zone(wishes, candidates)
    )


def _departments_of_posts(campaign: Campaign) -> pl.DataFrame:
    named = pl.when(pl.col("kind") == "DPT").then("place_id")
    places = campaign.places.select("place_id", own_department=pl.coalesce(named, "department"))
    return campaign.posts.join(places, on="place_id", how="left").select("own_department", held_post="post_id")


def _first_wishes(campaign: Campaign) -> pl.DataFrame:
    first = campaign.wishes.filter((pl.col("rank") == 1) & (pl.col("kind") == "DPT"))
    return first.select("candidate_id", first_department="code")


def _family_place() -> pl.Expr:
    alone = pl.when(pl.col("family") == "parent_isole").then("first_department")
    return pl.when(pl.col("family").is_not_null()).then(pl.coalesce("spouse_department", alone))


def _academies_apart(rules: SessionRules) -> pl.Expr:
    near = are_among(touching_academies(rules), "own_academy", "family_academy")
    return (~near).fill_null(False).alias("academies_apart")


def _in_academies(rules: SessionRules) -> list[pl.Expr]:
    academy = academy_of_departments(rules.session)
    columns = {"own_academy": "own_department", "family_academy": "family_place"}
    return [
        pl.col(column).replace_strict(academy, default=None, return_dtype=pl.String).alias(name)
        for name, column in columns.items()
    ]


def _in_disability_zone(wishes: pl.DataFrame, candidates: pl.DataFrame) -> pl.Series:
    listed = candidates.select(department=pl.col("disability_zones").str.split(" ")).with_row_index("candidate")
    zones = listed.drop_nulls().explode("department").unique().with_columns(listed=True)
    keys = wishes.select("candidate", "department")
    return keys.join(zones, on=["candidate", "department"], how="left", maintain_order="left")["listed"].fill_null(
        False
    )
