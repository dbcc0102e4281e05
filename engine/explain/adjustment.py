"""What one TZR is told: his place in the order, his service school by school, each preference, his attachment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from engine.explain.change import Change, change_of
from engine.explain.decision import CriterionLine, UnknownCandidate, breakdown_of, person_of, sources_of
from engine.explain.naming import place_name, zone_name
from engine.explain.over_time import Event, timeline
from engine.explain.rulings import Ruling, rulings_of
from engine.model.campaign import Campaign


@dataclass(frozen=True)
class SchoolLine:
    """A school of the service: its name, hours (thousandths), needs given there."""

    name: str
    hours: int
    needs: tuple[str, ...]


@dataclass(frozen=True)
class PreferenceLine:
    """One preference: what was asked, what became of it and why."""

    rank: int
    zone: str
    school_type: str | None
    result: str
    reason: str | None


@dataclass(frozen=True)
class Attachment:
    """The school of attachment: before, asked for, from now on, and the code of the reason."""

    before: str | None
    asked: tuple[str, ...]
    now: str | None
    reason: str | None


@dataclass(frozen=True)
class Rivals:
    """The TZR of the same discipline and zone: how many, the place of this one, how many have a service."""

    number: int
    place: int
    employed: int
    hours_open: int


@dataclass(frozen=True)
class ServiceDecision:
    """What a TZR owes, asked for and has, and why. Hours and points are thousandths."""

    candidate_id: str
    discipline: str
    zone: str
    owed: int
    status: str
    hours: int | None
    kilometres: float | None
    rank: int | None
    reason: str | None
    schools: tuple[SchoolLine, ...]
    preferences: tuple[PreferenceLine, ...]
    attachment: Attachment
    rivals: Rivals
    points: int
    breakdown: tuple[CriterionLine, ...]
    change: Change | None
    events: tuple[Event, ...]
    rulings: tuple[Ruling, ...]
    sources: Mapping[str, str]


def service_decision(campaign: Campaign, tables: Mapping[str, pl.DataFrame], candidate_id: str) -> ServiceDecision:
    """The decision of one TZR.

    Parameters
    ----------
    tables : outcomes, wishes, criteria, tzr, needs of a run; points and hours in thousandths.

    Raises
    ------
    UnknownCandidate
        If the campaign or the run has no such candidate; the message names one that is close.
    """
    person = person_of(campaign, candidate_id)
    rows = [tables[name].filter(pl.col("candidate_id") == candidate_id).to_dicts() for name in ("outcomes", "tzr")]
    if not all(rows):
        raise UnknownCandidate(f"candidate {candidate_id} is not in the run: was it made from this campaign?")
    (outcome, *_), (facts, *_) = rows
    own = tables["criteria"].filter((pl.col("candidate_id") == candidate_id) & (pl.col("rank") == 1))
    breakdown = breakdown_of(campaign, own)
    return ServiceDecision(
        candidate_id=candidate_id,
        discipline=person["discipline"],
        zone=place_name(campaign, facts["zone"]),
        owed=facts["owed"],
        status=outcome["status"],
        hours=facts["hours"],
        kilometres=None if facts["metres"] is None else facts["metres"] / 1000,
        rank=outcome["rank"],
        reason=outcome["reason"],
        schools=_schools(campaign, tables["needs"], candidate_id),
        preferences=_preferences(campaign, tables["wishes"], candidate_id),
        attachment=_attachment(campaign, facts),
        rivals=_rivals(tables, person["discipline"], facts, campaign),
        points=facts["points"],
        breakdown=breakdown,
        change=change_of(campaign, tables, candidate_id),
        events=timeline(campaign, candidate_id),
        rulings=rulings_of(campaign, candidate_id),
        sources=sources_of(campaign, breakdown),
    )


def _schools(campaign: Campaign, needs: pl.DataFrame, candidate_id: str) -> tuple[SchoolLine, ...]:
    """The schools of the service, the one with most hours first."""
    own = needs.filter(pl.col("candidate_id") == candidate_id).sort("need_id")
    there = own.group_by("place_id", maintain_order=True).agg(pl.col("hours").sum(), "need_id")
    ordered = there.sort("hours", "place_id", descending=[True, False])
    return tuple(
        SchoolLine(place_name(campaign, row["place_id"]), row["hours"], tuple(row["need_id"]))
        for row in ordered.iter_rows(named=True)
    )


def _preferences(campaign: Campaign, wishes: pl.DataFrame, candidate_id: str) -> tuple[PreferenceLine, ...]:
    own = wishes.filter(pl.col("candidate_id") == candidate_id).sort("rank")
    return tuple(
        PreferenceLine(
            row["rank"], f"{row['kind']} {zone_name(campaign, row)}", row["school_type"], row["result"], row["reason"]
        )
        for row in own.iter_rows(named=True)
    )


def _attachment(campaign: Campaign, facts: Mapping[str, Any]) -> Attachment:
    rows = campaign.attachments.filter(
        (pl.col("candidate_id") == facts["candidate_id"]) & (pl.col("position") > 0)
    ).sort("position")
    before, now = (facts[name] and place_name(campaign, facts[name]) for name in ("attached_before", "attached"))
    asked = tuple(place_name(campaign, place) for place in rows["place_id"])
    return Attachment(before, asked, now, facts["attachment_reason"])


def _rivals(
    tables: Mapping[str, pl.DataFrame], discipline: str, facts: Mapping[str, Any], campaign: Campaign
) -> Rivals:
    names = campaign.candidates.filter(pl.col("discipline") == discipline).select("candidate_id")
    here = tables["tzr"].filter(pl.col("zone") == facts["zone"]).join(names, on="candidate_id", how="semi")
    block = pl.lit(facts["block"], pl.Int64)
    open_needs = tables["needs"].filter(pl.col("candidate_id").is_null() & (pl.col("block") == block))
    return Rivals(
        number=here.height,
        place=here.filter(pl.col("order") <= facts["order"]).height,
        employed=here["hours"].count(),
        hours_open=int(open_needs["hours"].sum()),
    )
