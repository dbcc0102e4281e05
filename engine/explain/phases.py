"""The two phases of the interdépartemental for one candidate: his turn, the gates that stopped him, what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from engine.explain.naming import place_name
from engine.model.campaign import Campaign

MOVEMENT = "interdepartemental"
Way = Literal["entry", "exit"]
WAYS: tuple[Way, ...] = ("entry", "exit")
STOPPED_BY: dict[Way, tuple[str, ...]] = {
    "entry": ("entry_short", "entry_and_exit_short", "no_entry"),
    "exit": ("exit_short", "entry_and_exit_short", "no_exit"),
}
"""Reasons of refusals that speak of each of the two gates."""


@dataclass(frozen=True)
class Gate:
    """The entry of a département or the exit of one, in the mutations. Points are thousandths.

    Attributes
    ----------
    way : entry or exit
    place : the département
    quota, used : how many could go through, and how many did
    cutoff_points : the cutoff published: points of the wish granted to the last to go through; None = nobody
    turn_points : points by which that request was examined
    missing : how many of these the candidate lacked; None where points decided nothing, 0 = lost on a tie
    """

    way: Way
    place: str
    quota: int
    used: int
    cutoff_points: int | None
    turn_points: int | None
    missing: int | None


@dataclass(frozen=True)
class Phases:
    """How the phases went for a candidate.

    Attributes
    ----------
    turn_points : points by which his request was examined, None where it was not
    by_first : whether these are those of his first wish, and not of each wish
    origin : the gate he would have left by; None where he is nowhere, or départements have one net balance
    rank : of the wish the mutations gave, None for none
    moved_in : mutation, permutation, or None
    gates : by rank of each refused wish, the gates that stopped it
    """

    turn_points: int | None
    by_first: bool
    origin: Gate | None
    rank: int | None
    moved_in: str | None
    gates: Mapping[int, tuple[Gate, ...]]


def phases_of(campaign: Campaign, tables: Mapping[str, pl.DataFrame], outcome: Mapping[str, Any]) -> Phases | None:
    """The phases as one candidate met them; None in other movements.

    Parameters
    ----------
    tables : those of a run, `departments` among them
    outcome : the candidate's row of the outcomes
    """
    if campaign.settings.movement != MOVEMENT or "departments" not in tables:
        return None
    mine = tables["wishes"].filter(pl.col("candidate_id") == outcome["candidate_id"]).sort("rank")
    turns = dict(mine.filter("admissible").select("rank", "points").iter_rows())
    by_first = campaign.rules.is_none or campaign.rules.code("mutations", "order") == "points"
    lead = min(turns) if turns else None
    rows = {row["department"]: row for row in tables["departments"].iter_rows(named=True)}
    home = _home(campaign, outcome["candidate_id"])
    gates: dict[int, tuple[Gate, ...]] = {}
    for wish in mine.filter(pl.col("result") == "refused").iter_rows(named=True):
        turn = turns.get(lead if by_first and lead is not None else wish["rank"])
        stopped = [way for way in WAYS if wish["reason"] in STOPPED_BY[way]]
        places = {"entry": wish["code"], "exit": home}
        gates[wish["rank"]] = tuple(_gate(campaign, rows[places[way]], way, turn) for way in stopped)
    moved = outcome["phase"] if outcome["phase"] in ("mutation", "permutation") else None
    return Phases(
        turn_points=turns[lead] if lead is not None else None,
        by_first=by_first,
        origin=_gate(campaign, rows[home], "exit", None) if home in rows and _has_quotas(rows[home]) else None,
        rank=outcome["rank"] if moved == "mutation" else outcome["before_rank"],
        moved_in=moved,
        gates=gates,
    )


def _has_quotas(row: Mapping[str, Any]) -> bool:
    return row["exit_quota"] is not None


def _home(campaign: Campaign, candidate_id: str) -> str:
    held = campaign.candidates.filter(pl.col("candidate_id") == candidate_id).select(post_id="held_post")
    places = held.join(campaign.posts, on="post_id")["place_id"]
    return str(places[0]) if len(places) else ""


def _gate(campaign: Campaign, row: Mapping[str, Any], way: Way, turn: int | None) -> Gate:
    """A gate as somebody whose turn came with so many points met it."""
    last = row[f"{way}_turn_points"]
    used = row["entered_mutations" if way == "entry" else "left_mutations"]
    short = max(last - turn, 0) if last is not None and turn is not None else None
    place = place_name(campaign, row["department"])
    return Gate(way, place, row[f"{way}_quota"], used, row[f"{way}_cutoff_points"], last, short)
