"""One candidate's decision gathered from the tables of a run: his wishes, their points criterion by criterion, the
cutoffs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from engine.extension.contracts import extension_contracts
from engine.extension.origins import extension_origins
from engine.extension.table import SYNTHETIC, extension_order
from engine.model.campaign import Campaign
from engine.model.geography import academies, departments
from engine.model.scoring import score


class UnknownCandidate(LookupError):
    """No candidate of the campaign has this identifier."""


@dataclass(frozen=True)
class CriterionLine:
    """One line of the breakdown of a wish's points (thousandths); `reason` says why a bonus was refused."""

    criterion: str
    title: str
    points: int
    source: str
    reason: str | None


@dataclass(frozen=True)
class WishLine:
    """One wish: what was asked, what it was worth, what became of it. Points are thousandths."""

    rank: int
    zone: str
    points: int | None
    result: str
    cutoff_points: int | None
    missing_points: int | None
    reason: str | None
    num_entered: int
    breakdown: tuple[CriterionLine, ...]


@dataclass(frozen=True)
class ExtensionLine:
    """One zone examined by extension, in table order, up to the one obtained. Points are thousandths."""

    zone: str
    cutoff_points: int | None
    obtained: bool


@dataclass(frozen=True)
class ExtensionPath:
    """How extension went for a candidate: from where, with which points, over which zones, by which source."""

    origin: str
    points: int
    zones: tuple[ExtensionLine, ...]
    is_synthetic: bool


@dataclass(frozen=True)
class Decision:
    """What a candidate asked, what he has, and why."""

    candidate_id: str
    discipline: str
    held: str | None
    mandatory: bool
    status: str
    rank: int | None
    obtained: str | None
    reason: str | None
    extension: ExtensionPath | None
    wishes: tuple[WishLine, ...]
    sources: Mapping[str, str]


def decision(campaign: Campaign, tables: Mapping[str, pl.DataFrame], candidate_id: str) -> Decision:
    """The decision of one candidate.

    Parameters
    ----------
    tables : outcomes, wishes, cutoffs, criteria of a run; points in thousandths.

    Raises
    ------
    UnknownCandidate
        If the campaign has no such candidate; the message names one that is close.
    """
    person = _person(campaign, candidate_id)
    rows = tables["outcomes"].filter(pl.col("candidate_id") == candidate_id).to_dicts()
    if not rows:
        raise UnknownCandidate(f"candidate {candidate_id} is not in the run: was it made from this campaign?")
    outcome = rows[0]
    held = person["held_post"]
    wishes = _wishes(campaign, tables, candidate_id, person["discipline"])
    return Decision(
        candidate_id=candidate_id,
        discipline=person["discipline"],
        held=_place_of_post(campaign, held) if held else None,
        mandatory=bool(person["mandatory"]),
        status=outcome["status"],
        rank=outcome["rank"],
        obtained=_place_of_post(campaign, outcome["post_id"]) if outcome["post_id"] else None,
        reason=outcome["reason"],
        extension=_extension(campaign, tables, outcome) if outcome["status"] == "extended" else None,
        wishes=wishes,
        sources=_sources(campaign, wishes),
    )


def place_name(campaign: Campaign, place_id: str) -> str:
    """The label of a place, or the public name of its code, with the code."""
    labels = campaign.places.filter(pl.col("place_id") == place_id)["label"].drop_nulls()
    if len(labels):
        return f"{labels[0]} ({place_id})"
    academy = academies(campaign.settings.session).get(place_id)
    name = academy.name if academy else departments().get(place_id)
    return f"{name} ({place_id})" if name else place_id


def _person(campaign: Campaign, candidate_id: str) -> dict[str, Any]:
    rows = campaign.candidates.filter(pl.col("candidate_id") == candidate_id).to_dicts()
    if rows:
        return rows[0]
    from difflib import get_close_matches

    close = get_close_matches(candidate_id, campaign.candidates["candidate_id"].head(50_000).to_list(), 1)
    hint = f" Maybe {close[0]}?" if close else ""
    raise UnknownCandidate(f"there is no candidate {candidate_id} in {campaign.settings.id}.{hint}")


def _place_of_post(campaign: Campaign, post_id: str) -> str:
    places = campaign.posts.filter(pl.col("post_id") == post_id)["place_id"]
    return place_name(campaign, places[0]) if len(places) else post_id


def _wishes(
    campaign: Campaign, tables: Mapping[str, pl.DataFrame], candidate_id: str, discipline: str
) -> tuple[WishLine, ...]:
    own = tables["wishes"].filter(pl.col("candidate_id") == candidate_id).sort("rank")
    entered = tables["cutoffs"].filter(pl.col("discipline") == discipline).select("kind", "code", "entered")
    own = own.join(entered, on=["kind", "code"], how="left", maintain_order="left")
    criteria = tables["criteria"].filter(pl.col("candidate_id") == candidate_id)
    return tuple(
        WishLine(
            rank=row["rank"],
            zone=f"{row['kind']} {_zone_name(campaign, row)}",
            points=row["points"],
            result=row["result"],
            cutoff_points=row["cutoff_points"],
            missing_points=row["missing_points"],
            reason=row["reason"],
            num_entered=row["entered"] or 0,
            breakdown=_breakdown(campaign, criteria.filter(pl.col("rank") == row["rank"])),
        )
        for row in own.iter_rows(named=True)
    )


def _extension(campaign: Campaign, tables: Mapping[str, pl.DataFrame], outcome: Mapping[str, Any]) -> ExtensionPath:
    """The zones of the table before and at the one obtained, each with the cutoff it had."""
    name = outcome["candidate_id"]
    person = campaign.candidates.filter(pl.col("candidate_id") == name)
    wishes = campaign.wishes.filter(pl.col("candidate_id") == name)
    alone = replace(campaign, candidates=person, wishes=wishes)
    added = extension_contracts(alone, score(alone, campaign.rules)).sort("position")
    cutoffs = tables["cutoffs"].filter(pl.col("discipline") == person["discipline"][0])
    met = added.join(cutoffs.select("kind", "code", "cutoff_points"), on=["kind", "code"], maintain_order="left")
    rows = met.to_dicts()
    reached = next((n for n, row in enumerate(rows) if row["code"] == outcome["code"]), len(rows) - 1)
    lines = [
        ExtensionLine(f"{row['kind']} {_zone_name(campaign, row)}", row["cutoff_points"], obtained=n == reached)
        for n, row in enumerate(rows[: reached + 1])
    ]
    table = extension_order(alone)
    entered = table.join(extension_origins(alone, table), on=["origin_kind", "origin_code"])
    examined = entered.filter(pl.col("position") <= rows[reached]["position"])
    return ExtensionPath(
        origin=place_name(campaign, entered["origin_code"][0]),
        points=rows[0]["points"],
        zones=tuple(lines),
        is_synthetic=SYNTHETIC in examined["source"].to_list(),
    )


def _zone_name(campaign: Campaign, row: Mapping[str, str | None]) -> str:
    code = str(row["code"])
    name = place_name(campaign, code) if row["kind"] in ("ACA", "DPT", "ETB", "ZRE") else code
    return f"{name}, {row['school_type']}" if row["school_type"] else name


def _breakdown(campaign: Campaign, criteria: pl.DataFrame) -> tuple[CriterionLine, ...]:
    lines = [
        CriterionLine(
            row["criterion"], _title(campaign, row["criterion"]), row["points"], row["source"] or "", row["reason"]
        )
        for row in criteria.iter_rows(named=True)
    ]
    return tuple(sorted(lines, key=lambda line: (line.reason is not None, -line.points, line.criterion)))


def _title(campaign: Campaign, criterion: str) -> str:
    block = campaign.rules.blocks.get(criterion)
    return block.title if block else criterion


def _sources(campaign: Campaign, wishes: tuple[WishLine, ...]) -> dict[str, str]:
    """Title of every source the breakdowns name, by tag."""
    tags = {tag for wish in wishes for line in wish.breakdown for tag in line.source.split()}
    titles = {value.source: value.source_title for value in campaign.rules.values_used}
    return {tag: titles[tag] for tag in sorted(tags) if tag in titles}
