"""One candidate's decision gathered from the tables of a run: his wishes, their points criterion by criterion, what
they covered and the cutoffs; the exchange that improved it, the way of its extension, the measure that took his post.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from engine.explain.change import Change, change_of
from engine.explain.cover import Cover, covers
from engine.explain.exchange import Exchange, exchange_of
from engine.explain.naming import place_name, post_name, zone_name
from engine.explain.over_time import Event, timeline
from engine.explain.phases import Gate, Phases, phases_of
from engine.explain.rulings import Ruling, rulings_of
from engine.explain.standing import RequestLine, Standings, requests_of, standings_of
from engine.explain.together import Together, together_of
from engine.explain.way import ExtensionPath, extension_path
from engine.model.campaign import Campaign
from engine.model.links import Counted


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
    """One wish: what was asked, what it was worth, what became of it. Points are thousandths.

    Attributes
    ----------
    improved : whether improvement gave it, so that its points may be below the cutoff
    cover : the posts it covers, where they are several
    request, standings : for specific posts, the request it belongs to, and where he stands on each post
    gates : at the interdépartemental, the quotas that stopped it
    """

    rank: int
    zone: str
    school_type: str | None
    points: int | None
    result: str
    cutoff_points: int | None
    missing_points: int | None
    reason: str | None
    improved: bool
    cover: Cover | None
    gates: tuple[Gate, ...]
    breakdown: tuple[CriterionLine, ...]
    request: RequestLine | None = None
    standings: Standings | None = None


@dataclass(frozen=True)
class Measure:
    """The measure by which a candidate lost his post, and the code of the reason why it was him."""

    place: str
    reason: str


@dataclass(frozen=True)
class Decision:
    """What a candidate asked, what he has, and why."""

    candidate_id: str
    discipline: str
    held: str | None
    measure: Measure | None
    mandatory: bool
    status: str
    rank: int | None
    obtained: str | None
    reason: str | None
    exchange: Exchange | None
    extension: ExtensionPath | None
    phases: Phases | None
    together: Together | None
    rulings: tuple[Ruling, ...]
    change: Change | None
    events: tuple[Event, ...]
    wishes: tuple[WishLine, ...]
    sources: Mapping[str, str]


def decision(
    campaign: Campaign,
    tables: Mapping[str, pl.DataFrame],
    candidate_id: str,
    *,
    residual: bool = False,
    link_points: Counted = "own",
) -> Decision:
    """The decision of one candidate.

    Parameters
    ----------
    tables : outcomes, wishes, cutoffs, criteria of a run; points in thousandths.
    residual : whether the run extended wishes after the mechanism, on the seats still free.
    link_points : with which points the run ranked linked candidates.

    Raises
    ------
    UnknownCandidate
        If the campaign has no such candidate; the message names one that is close.
    """
    person = person_of(campaign, candidate_id)
    rows = tables["outcomes"].filter(pl.col("candidate_id") == candidate_id).to_dicts()
    if not rows:
        raise UnknownCandidate(f"candidate {candidate_id} is not in the run: was it made from this campaign?")
    outcome = rows[0]
    held = person["held_post"]
    exchange = exchange_of(campaign, tables, candidate_id)
    phases = phases_of(campaign, tables, outcome)
    wishes = _wishes(campaign, tables, outcome, person["discipline"], exchange, phases.gates if phases else {})
    return Decision(
        candidate_id=candidate_id,
        discipline=person["discipline"],
        held=post_name(campaign, held) if held else None,
        measure=_measure(campaign, candidate_id),
        mandatory=bool(person["mandatory"]),
        status=outcome["status"],
        rank=outcome["rank"],
        obtained=post_name(campaign, outcome["post_id"]) if outcome["post_id"] else None,
        reason=outcome["reason"],
        exchange=exchange,
        extension=extension_path(campaign, tables["cutoffs"], outcome, residual=residual, link_points=link_points)
        if outcome["status"] == "extended"
        else None,
        phases=phases,
        together=_together(campaign, tables, candidate_id, link_points),
        rulings=rulings_of(campaign, candidate_id),
        change=change_of(campaign, tables, candidate_id),
        events=timeline(campaign, candidate_id),
        wishes=wishes,
        sources=sources_of(campaign, tuple(line for wish in wishes for line in wish.breakdown)),
    )


def _together(
    campaign: Campaign, tables: Mapping[str, pl.DataFrame], candidate_id: str, link_points: Counted
) -> Together | None:
    """The link of a candidate; where requests are examined in turns, without what cutoffs would have given."""
    told = together_of(campaign, tables, candidate_id, link_points)
    by_turns = "departments" in tables and tables["departments"]["exit_quota"].null_count() == 0
    return replace(told, refused=(), alone=(), outlooks=()) if told and by_turns else told


def person_of(campaign: Campaign, candidate_id: str) -> dict[str, Any]:
    """The row of a candidate. Raises UnknownCandidate, with the name of one that is close."""
    rows = campaign.candidates.filter(pl.col("candidate_id") == candidate_id).to_dicts()
    if rows:
        return rows[0]
    from difflib import get_close_matches

    close = get_close_matches(candidate_id, campaign.candidates["candidate_id"].head(50_000).to_list(), 1)
    hint = f" Maybe {close[0]}?" if close else ""
    raise UnknownCandidate(f"there is no candidate {candidate_id} in {campaign.settings.id}.{hint}")


def _measure(campaign: Campaign, candidate_id: str) -> Measure | None:
    if campaign.designated is None:
        return None
    rows = campaign.designated.filter(pl.col("candidate_id") == candidate_id).to_dicts()
    return Measure(place_name(campaign, rows[0]["closed_place"]), rows[0]["reason"]) if rows else None


def _wishes(
    campaign: Campaign,
    tables: Mapping[str, pl.DataFrame],
    outcome: Mapping[str, Any],
    discipline: str,
    exchange: Exchange | None,
    gates: Mapping[int, tuple[Gate, ...]],
) -> tuple[WishLine, ...]:
    name = outcome["candidate_id"]
    own = tables["wishes"].filter(pl.col("candidate_id") == name).sort("rank").to_dicts()
    requests, standings = requests_of(campaign, name), standings_of(campaign, tables, name)
    covered = {} if requests else covers(campaign, tables["cutoffs"], own, discipline, outcome["post_id"])
    criteria = tables["criteria"].filter(pl.col("candidate_id") == name)
    return tuple(
        WishLine(
            rank=row["rank"],
            zone=f"{row['kind']} {zone_name(campaign, row)}",
            school_type=row["school_type"],
            points=row["points"],
            result=row["result"],
            cutoff_points=row["cutoff_points"],
            missing_points=row["missing_points"],
            reason=row["reason"],
            improved=row["result"] == "obtained" and exchange is not None and exchange.better,
            cover=covered.get(row["rank"]),
            gates=gates.get(row["rank"], ()),
            breakdown=breakdown_of(campaign, criteria.filter(pl.col("rank") == row["rank"])),
            request=requests.get(row["rank"]),
            standings=standings.get(row["rank"]),
        )
        for row in own
    )


def breakdown_of(campaign: Campaign, criteria: pl.DataFrame) -> tuple[CriterionLine, ...]:
    """The lines of a breakdown, most points first, refusals last."""
    lines = [
        CriterionLine(
            row["criterion"], _title(campaign, row["criterion"]), row["points"], row["source"] or "", row["reason"]
        )
        for row in criteria.iter_rows(named=True)
    ]
    return tuple(sorted(lines, key=lambda line: (line.points == 0, -line.points, line.criterion)))


def _title(campaign: Campaign, criterion: str) -> str:
    block = campaign.rules.blocks.get(criterion)
    return block.title if block else criterion


def sources_of(campaign: Campaign, lines: tuple[CriterionLine, ...]) -> dict[str, str]:
    """Title of every source that lines of a breakdown name, by tag."""
    tags = {tag for line in lines for tag in line.source.split()}
    titles = {value.source: value.source_title for value in campaign.rules.values_used}
    return {tag: titles[tag] for tag in sorted(tags) if tag in titles}
