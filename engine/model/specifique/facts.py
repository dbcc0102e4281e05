"""What is looked at: facts of each candidate, and of each wish those of the request it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from engine.model.sessionrules import SessionRules
from engine.model.zones import places_of_zones

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

COMPARED = ("corps", "function", "teaching_years", "recruitment_discipline")
"""Columns of a candidate that a request is judged by."""

NO_STRATEGY = pl.lit(None, pl.String)


def candidate_facts(campaign: Campaign, _: SessionRules) -> pl.DataFrame:
    """The candidates, sorted by candidate_id, with evidence (list of criteria without evidence) and family_refusal
    (null: no family strategy counts in these movements)."""
    candidates = campaign.candidates.sort("candidate_id")
    return candidates.with_columns(evidence=pl.col("evidence_missing").str.split(" "), family_refusal=NO_STRATEGY)


def wish_facts(campaign: Campaign, candidates: pl.DataFrame, _: SessionRules) -> pl.DataFrame:
    """The wishes, sorted by candidate_id and rank, with the facts of their requests.

    Added columns: candidate (row of the candidate in `candidates`), type, wanted_discipline, wanted_stream, letter,
    file, request_opinion (all of the request; null for a wish of none), position (of the wish in its request, from 1),
    `COMPARED`, in_disability_zone, in_family_reach (nowhere).
    """
    rows = candidates.select("candidate_id").with_row_index("candidate")
    wishes = campaign.wishes.sort("candidate_id", "rank")
    wishes = wishes.join(rows, on="candidate_id", how="left", maintain_order="left")
    wishes = wishes.join(_requests(campaign), on=["candidate_id", "request"], how="left", maintain_order="left")
    wishes = wishes.hstack(candidates.select(COMPARED).select(pl.all().gather(wishes["candidate"])))
    return wishes.with_columns(
        _in_disability_zone(campaign, wishes, candidates),
        position=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("candidate_id", "request"),
        in_family_reach=pl.lit(False),
    )


def _requests(campaign: Campaign) -> pl.DataFrame:
    return campaign.requests.select(
        "candidate_id",
        "request",
        "type",
        "letter",
        "file",
        wanted_discipline="discipline",
        wanted_stream="preference",
        request_opinion="opinion",
    )


def _in_disability_zone(campaign: Campaign, wishes: pl.DataFrame, candidates: pl.DataFrame) -> pl.Series:
    """Boolean per wish: all its places are in académies for which the bonus is granted."""
    zones = candidates.select(academy=pl.col("disability_zones").str.split(" ")).with_row_index("candidate")
    granted = zones.drop_nulls().explode("academy").unique()
    where = campaign.places.select("place_id", "academy")
    inside = places_of_zones(campaign).join(where, on="place_id").select("kind", "code", "academy").unique()
    asked = wishes.with_row_index("wish").select("wish", "candidate", "kind", "code").join(inside, on=["kind", "code"])
    outside = asked.join(granted, on=["candidate", "academy"], how="anti")
    covered = asked.join(outside, on="wish", how="anti")["wish"].unique()
    return pl.int_range(wishes.height, dtype=pl.UInt32, eager=True).is_in(covered.implode()).alias("in_disability_zone")
