"""Schools of attachment, changes asked for, and up to five preferences on the own zone, the most precise first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from scenarios.draws import Flags, Floats, Ints, Streams, pick
from scenarios.tzr.ground import Ground
from scenarios.tzr.people import People
from scenarios.tzr.profile import TzrProfile

KINDS = ("ETB", "COM", "GEO", "DPT", "ZRE")
COLUMNS = {"ETB": "place_id", "COM": "commune", "GEO": "grouping", "DPT": "department"}
NOWHERE = -1


@dataclass(frozen=True, eq=False)
class Attachments:
    """int64[n] each: the school of attachment, and the one asked for in its place, or `NOWHERE`."""

    school: Ints
    asked: Ints


@dataclass(frozen=True, eq=False)
class Preferences:
    """rows : number of the TZR (row), rank, kind, code, school_type; late : bool[n], sent after the server closed."""

    rows: pl.DataFrame
    late: Flags


def draw_attachments(profile: TzrProfile, ground: Ground, people: People, streams: Streams) -> Attachments:
    """A school of the zone that teaches the discipline; who is new on the zone has none, some ask for another."""
    plan, count = profile.preferences, len(people)
    school = _within(ground, people, streams.uniform("attachment", count))
    asked = _within(ground, people, streams.uniform("attachment_asked", count))
    new = streams.flags("unattached", count, plan.unattached_share.value)
    changes = streams.flags("attachment_change", count, plan.change_share.value) & ~new
    return Attachments(np.where(new, NOWHERE, school), np.where(changes & (asked != school), asked, NOWHERE))


def _within(ground: Ground, people: People, uniform: Floats) -> Ints:
    """int64[n]: a school of each TZR's zone, by how much his discipline is taught there."""
    chosen = np.empty(len(people), dtype=np.int64)
    for discipline, zone in sorted({*zip(people.discipline.tolist(), people.zone.tolist(), strict=True)}):
        members = np.flatnonzero((people.discipline == discipline) & (people.zone == zone))
        chosen[members] = pick(uniform[members], _weights(ground, discipline, zone))
    return chosen


def _weights(ground: Ground, discipline: int, zone: int) -> Floats:
    """float64[s]: how much a discipline is taught in each school of a zone, 0 outside."""
    schools = np.arange(ground.zone.shape[1])
    inside = ground.zone_of(np.full(len(schools), discipline), schools) == zone
    weights: Floats = np.where(inside, ground.weight[discipline], 0.0)
    return weights


def draw_preferences(
    profile: TzrProfile, ground: Ground, people: People, attached: Attachments, streams: Streams
) -> Preferences:
    """Draw the lists: zones around schools near the school of attachment, each asked for once."""
    plan, count = profile.preferences, len(people)
    most = max(plan.numbers.value)
    length = streams.number("preferences", count, plan.numbers.value)
    kinds = streams.label("preference_kind", count * most, plan.kinds.value).reshape(count, most)
    near = streams.uniform("preference_school", count, most)
    typed = streams.flags("preference_typed", count * most, plan.typed_share.value).reshape(count, most)
    rows: list[tuple[int, int, str, str, str | None]] = []
    for i in range(count):
        weights = _weights(ground, int(people.discipline[i]), int(people.zone[i]))
        if attached.school[i] != NOWHERE:
            goals = np.arange(len(weights))
            weights = weights * np.exp(-ground.kilometres(int(attached.school[i]), goals) / plan.reach_km.value)
        schools = pick(near[i], weights)
        drawn = zip(kinds[i, : length[i]].tolist(), schools.tolist(), typed[i].tolist(), strict=False)
        asked = {_asked(ground, people, i, *one) for one in drawn}
        by_precision = sorted(asked, key=lambda zone: (KINDS.index(zone[0]), zone[2] is None, zone[1], zone[2] or ""))
        rows += [(i, rank, *zone) for rank, zone in enumerate(by_precision, 1)]
    schema = {"row": pl.Int64, "rank": pl.Int64, "kind": pl.String, "code": pl.String, "school_type": pl.String}
    return Preferences(
        pl.DataFrame(rows, schema=schema, orient="row"), streams.flags("late", count, plan.late_share.value)
    )


def _asked(ground: Ground, people: People, i: int, kind: str, school: int, typed: bool) -> tuple[str, str, str | None]:
    """Kind, code and type of a preference around a school."""
    if kind == "ZRE":
        return kind, ground.zones[people.zone[i]], None
    facts = ground.schools.row(school, named=True)
    return kind, facts[COLUMNS[kind]], facts["school_type"] if typed and kind != "ETB" else None
