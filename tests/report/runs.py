"""Runs made by hand, so that the report is tested on results of every kind without a solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from engine.model.campaign import Campaign, canonical
from engine.model.market import Matching
from engine.model.outcome import Outcome
from engine.model.rulebook import Rulebook
from engine.model.schemas import SCHEMAS, empty_table
from engine.model.scoring import Scored
from engine.model.settings import Options, Settings
from engine.runs import Run
from engine.verify.sentences import sentence
from engine.verify.verdict import Property, Verdict, checked, not_applicable, violations

ACADEMIES = {"14": "Rennes", "17": "Nantes", "24": "Créteil", "25": "Versailles"}

OUTCOMES = {
    "candidate_id": pl.String,
    "status": pl.String,
    "rank": pl.Int64,
    "kind": pl.String,
    "code": pl.String,
    "place_id": pl.String,
    "post_id": pl.String,
    "phase": pl.String,
    "reason": pl.String,
    "before_rank": pl.Int64,
    "before_post_id": pl.String,
}
WISHES = {
    "candidate_id": pl.String,
    "rank": pl.Int64,
    "kind": pl.String,
    "code": pl.String,
    "school_type": pl.String,
    "points": pl.Int64,
    "admissible": pl.Boolean,
    "cutoff_points": pl.Int64,
    "result": pl.String,
    "missing_points": pl.Int64,
    "reason": pl.String,
}
CUTOFFS = {
    "discipline": pl.String,
    "kind": pl.String,
    "code": pl.String,
    "school_type": pl.String,
    "post_id": pl.String,
    "seats": pl.Int64,
    "wanted_by": pl.Int64,
    "entered": pl.Int64,
    "left": pl.Int64,
    "closed": pl.Int64,
    "cutoff_points": pl.Int64,
    "cutoff_kind": pl.String,
    "last_candidate_id": pl.String,
}
CHAINS = {
    "chain_id": pl.Int64,
    "position": pl.Int64,
    "candidate_id": pl.String,
    "post_id": pl.String,
    "freed_by": pl.String,
    "ring": pl.Boolean,
}


@dataclass(frozen=True)
class Person:
    """A candidate and what became of him.

    Attributes
    ----------
    wishes : (code, result, missing points) in the order of the ranks; a code like ``COM:63113`` has its kind before it
    before : rank of the wish and place he had before improvement
    """

    name: str
    discipline: str
    status: str
    held: str | None = None
    place: str | None = None
    rank: int | None = None
    mandatory: bool = False
    family: str | None = None
    reason: str | None = None
    wishes: Sequence[tuple[str, str, int | None]] = ()
    before: tuple[int | None, str] | None = None


@dataclass(frozen=True)
class Bar:
    """What became of a post: its cutoff in thousandths, how many entered."""

    discipline: str
    place: str
    entered: int
    points: int | None = None
    kind: str = "wish"
    seats: int = 5


@dataclass(frozen=True)
class Story:
    """A campaign and its result, told briefly."""

    people: Sequence[Person]
    bars: Sequence[Bar]
    places: dict[str, str] = field(default_factory=lambda: dict(ACADEMIES))
    kind: str = "ACA"
    movement: str = "inter"
    rulebook: str = "none"
    properties: tuple[Property, ...] = (
        checked("P1", sentence("p1_title"), [sentence("p1_seated", people=8, posts=7)]),
        not_applicable("P4", sentence("p4_title"), sentence("none_linked")),
    )
    stop: str = "finished"
    options: Mapping[str, Any] = field(default_factory=dict)


def ordinary() -> Story:
    """Two disciplines, four académies, every fate and every kind of cutoff."""
    people = (
        Person(
            "a", "L1300", "assigned", "24", "14", 1, family="rapprochement_conjoints", wishes=[("14", "obtained", None)]
        ),
        Person("b", "L1300", "assigned", "14", "17", 2, wishes=[("25", "refused", 30_000), ("17", "obtained", None)]),
        Person("c", "L1300", "kept", "25", "25", wishes=[("14", "refused", 150_200), ("17", "refused", 0)]),
        Person("d", "L1300", "extended", None, "24", mandatory=True, wishes=[("14", "refused", 800_000)]),
        Person(
            "e", "L0422", "excluded", "14", "14", reason="cancelled_detachment", wishes=[("24", "inadmissible", None)]
        ),
        Person("f", "L0422", "assigned", None, "24", 1, mandatory=True, wishes=[("24", "obtained", None)]),
        Person("g", "L0422", "unassigned", None, None, mandatory=True, reason="every_wish_refused"),
        Person(
            "h",
            "L0422",
            "assigned",
            None,
            "17",
            3,
            wishes=[("14", "inadmissible", None), ("25", "refused", None), ("17", "obtained", None)],
        ),
    )
    bars = (
        Bar("L1300", "14", 3, 164_200),
        Bar("L1300", "17", 2, 1_054_200),
        Bar("L1300", "24", 1, 14_000, "free"),
        Bar("L1300", "25", 0, None, "stay"),
        Bar("L0422", "24", 1, 77_777),
        Bar("L0422", "17", 1, 88_888),
        Bar("L0422", "14", 0, None, "no_seat", 0),
    )
    return Story(people, bars)


def make(story: Story, *, withheld: Sequence[str] = ()) -> Run:
    """The run of a story; disciplines in `withheld` are left out as a failed verdict leaves them out."""
    verdict = Verdict((*story.properties, *_failures(withheld)))
    kept = [bar for bar in story.bars if bar.discipline not in withheld]
    campaign = _campaign(story)
    tables = Outcome(
        pl.DataFrame([_outcome(person, story.kind, withheld) for person in story.people], schema=OUTCOMES),
        pl.DataFrame([row for person in story.people for row in _wishes(person, story.kind, withheld)], schema=WISHES),
        pl.DataFrame([_cutoff(bar, story.kind) for bar in kept], schema=CUTOFFS),
        pl.DataFrame(_chains(story, withheld), schema=CHAINS),
    )
    scored = Scored(pl.DataFrame(), pl.DataFrame(), pl.DataFrame(), ("a note of the scoring",))
    none = np.empty(0, dtype=np.int64)
    matching = Matching(
        none, none.astype(np.int32), "time_limit" if story.stop == "time_limit" else "finished", "stable"
    )
    return Run(campaign, scored, Options(**story.options), tables, verdict, {}, {}, matching)


def _failures(withheld: Sequence[str]) -> tuple[Property, ...]:
    if not withheld:
        return ()
    rows = pl.DataFrame({"discipline": list(withheld)})
    claimed = violations(rows, "claims_free", contract="discipline")
    return (checked("P3", sentence("p3_title"), [sentence("p3_better_zones", better=1)], claimed),)


def _campaign(story: Story) -> Campaign:
    rules = Rulebook.load(story.rulebook).at(2025)
    places = [{"place_id": code, "kind": story.kind, "label": label} for code, label in story.places.items()]
    known = {(bar.discipline, bar.place): bar for bar in story.bars}
    wanted = {
        *known,
        *((p.discipline, at) for p in story.people for at in (p.held, p.place, p.before and p.before[1]) if at),
    }
    posts = [
        {
            "post_id": f"{d}-{at}",
            "place_id": at,
            "discipline": d,
            "seats": known[d, at].seats if (d, at) in known else 0,
        }
        for d, at in sorted(wanted)
    ]
    people = [_candidate(person) for person in story.people]
    wishes = [
        {"candidate_id": person.name, "rank": rank, **_zone(code, story.kind)}
        for person in story.people
        for rank, (code, _, _) in enumerate(person.wishes, 1)
    ]
    rows: dict[str, list[dict[str, Any]]] = {"places": places, "posts": posts, "candidates": people, "wishes": wishes}
    frames = {name: _frame(name, rows.get(name, [])) for name in SCHEMAS}
    settings = Settings(
        schema=1, id="by-hand", movement=story.movement, rulebook=story.rulebook, session=2025, seed=7, options={}
    )
    return Campaign(settings, rules, **frames, notes=("a note on the input",))


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return canonical(name, pl.DataFrame(rows, schema=dict(empty_table(name).schema)), {})


def _candidate(person: Person) -> dict[str, Any]:
    return {
        "candidate_id": person.name,
        "discipline": person.discipline,
        "held_post": f"{person.discipline}-{person.held}" if person.held else None,
        "mandatory": person.mandatory,
        "family": person.family,
    }


def _zone(code: str, kind: str) -> dict[str, str]:
    named, _, own = code.rpartition(":")
    return {"kind": named or kind, "code": own}


def _outcome(person: Person, kind: str, withheld: Sequence[str]) -> dict[str, Any]:
    if person.discipline in withheld:
        return {"candidate_id": person.name, "status": "withheld", "reason": "verdict_failed"}
    post = f"{person.discipline}-{person.place}" if person.place else None
    return {
        "candidate_id": person.name,
        "status": person.status,
        "rank": person.rank,
        "place_id": person.place,
        "post_id": post,
        "reason": person.reason,
        "before_rank": person.before[0] if person.before else None,
        "before_post_id": f"{person.discipline}-{person.before[1]}" if person.before else None,
        **(_zone(person.wishes[person.rank - 1][0], kind) if person.rank and person.wishes else {}),
    }


def _wishes(person: Person, kind: str, withheld: Sequence[str]) -> list[dict[str, Any]]:
    hidden = person.discipline in withheld
    return [
        {
            "candidate_id": person.name,
            "rank": rank,
            **_zone(code, kind),
            "admissible": result != "inadmissible",
            "result": "withheld" if hidden else result,
            "missing_points": None if hidden else missing,
            "reason": {"refused": "points_short", "inadmissible": "own_zone"}.get(result),
        }
        for rank, (code, result, missing) in enumerate(person.wishes, 1)
    ]


def _cutoff(bar: Bar, kind: str) -> dict[str, Any]:
    return {
        "discipline": bar.discipline,
        "kind": kind,
        "code": bar.place,
        "post_id": f"{bar.discipline}-{bar.place}",
        "seats": bar.seats,
        "wanted_by": bar.entered + 1,
        "entered": bar.entered,
        "left": 0,
        "closed": 0,
        "cutoff_points": bar.points,
        "cutoff_kind": bar.kind,
        "last_candidate_id": None,
    }


def _chains(story: Story, withheld: Sequence[str]) -> list[dict[str, Any]]:
    """All movers in one chain: each takes the seat the one before left."""
    moved = [p for p in story.people if p.status in ("assigned", "extended") and p.discipline not in withheld]
    return [
        {
            "chain_id": 1,
            "position": number,
            "candidate_id": person.name,
            "post_id": f"{person.discipline}-{person.place}",
            "freed_by": moved[number - 2].name if number > 1 else None,
            "ring": False,
        }
        for number, person in enumerate(moved, 1)
    ]
