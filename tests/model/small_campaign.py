"""Small inter campaigns for tests: one post per académie, the candidates and wishes a test names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import dataframely as dy
import polars as pl

from engine.model.campaign import Campaign, canonical
from engine.model.geography import academies
from engine.model.rulebook import Rulebook
from engine.model.schemas import SCHEMAS, empty_table
from engine.model.settings import Settings

DISCIPLINE = "L1300"


def small_campaign(
    session: int, *candidates: dict[str, Any], rulebook: str = "inter", extension: list[dict[str, Any]] | None = None
) -> Campaign:
    """Candidates with their facts, ``wishes`` (codes or whole rows), for holders ``held``: their académie, for linked
    ones ``link``."""
    rules = Rulebook.load(rulebook).at(session)
    people = [_person(i, row) for i, row in enumerate(candidates)]
    wishes = [row for i, person in enumerate(candidates) for row in _wishes(_id(i, person), person.get("wishes", ()))]
    codes = list(academies(session))
    tables: dict[str, list[dict[str, Any]]] = {
        "places": [{"place_id": code, "kind": "ACA", "academy": code} for code in codes],
        "posts": [{"post_id": f"P{code}", "place_id": code, "discipline": DISCIPLINE, "seats": 1} for code in codes],
        "candidates": people,
        "wishes": wishes,
        "links": links_of({_id(i, person): person for i, person in enumerate(candidates)}),
        "extension": extension or [],
    }
    settings = Settings(schema=1, id="small", movement="inter", rulebook=rulebook, session=session, seed=1)
    frames = {name: _frame(name, tables.get(name, []), rules.named_columns) for name in SCHEMAS}
    return Campaign(settings, rules, **frames)


def _id(number: int, row: dict[str, Any]) -> str:
    return str(row.get("candidate_id", f"C{number}"))


def _person(number: int, row: dict[str, Any]) -> dict[str, Any]:
    facts = {"candidate_id": _id(number, row), "discipline": DISCIPLINE, "birth_date": dt.date(1980, 1, 1), **row}
    if "held" in facts:
        facts["held_post"] = f"P{facts['held']}"
    return {name: value for name, value in facts.items() if name not in ("held", "link", "wishes")}


def links_of(candidates: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of links, from candidates some of which name their ``link``."""
    return [{"link_id": row["link"], "candidate_id": name} for name, row in candidates.items() if "link" in row]


def _wishes(candidate_id: str, wishes: Any) -> list[dict[str, Any]]:
    rows = [{"kind": "ACA", "code": wish} if isinstance(wish, str) else wish for wish in wishes]
    return [{"candidate_id": candidate_id, "rank": rank, **row} for rank, row in enumerate(rows, start=1)]


def _frame(name: str, rows: list[dict[str, Any]], named_columns: Mapping[str, dy.Column]) -> pl.DataFrame:
    extra = {column: definition.dtype for column, definition in named_columns.items()}
    schema = {**empty_table(name).schema, **(extra if name == "candidates" else {})}
    return canonical(name, pl.DataFrame(rows, schema=schema), named_columns)
