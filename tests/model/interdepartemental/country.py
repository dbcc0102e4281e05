"""Small interdépartemental campaigns for tests: some départements, a post in each, and the candidates a test names."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from engine.model.campaign import Campaign, canonical
from engine.model.rulebook import Rulebook
from engine.model.schemas import SCHEMAS, empty_table
from engine.model.settings import Settings
from tests.model.intra.academies import facts_of

DEPARTMENTS = ("01", "06", "13", "2A", "22", "29", "35", "38", "56", "62", "63", "69", "75", "77", "93", "971", "976")


def country(session: int, *candidates: str | dict[str, Any], **tables: list[dict[str, Any]]) -> Campaign:
    """A campaign of the first degree.

    Parameters
    ----------
    candidates : facts in words (``echelon=5 boe home=75 wishes=29&22``) or as a dictionary; `home` is the département
        held, 75 where none is given, and `wishes` the départements asked for (or rows of the table)
    tables : rows of other tables, such as links
    """
    rules = Rulebook.load("interdepartemental").at(session)
    people = [facts_of(row) if isinstance(row, str) else dict(row) for row in candidates]
    rows: dict[str, list[dict[str, Any]]] = {
        "places": [{"place_id": code, "kind": "DPT"} for code in DEPARTMENTS],
        "posts": [{"post_id": f"P-{c}", "place_id": c, "discipline": "1D", "seats": 1} for c in DEPARTMENTS],
        "candidates": [_person(number, row) for number, row in enumerate(people)],
        "wishes": [wish for number, row in enumerate(people) for wish in _wishes(f"C{number}", row.get("wishes", ()))],
        **tables,
    }
    settings = Settings(
        schema=1, id="small", movement="interdepartemental", rulebook="interdepartemental", session=session, seed=1
    )
    columns = {column: definition.dtype for column, definition in rules.named_columns.items()}
    frames = {}
    for name in SCHEMAS:
        schema = {**empty_table(name).schema, **(columns if name == "candidates" else {})}
        frames[name] = canonical(name, pl.DataFrame(rows.get(name, []), schema=schema), rules.named_columns)
    return Campaign(settings, rules, **frames)


def linked(*candidates: str, link: str = "L") -> list[dict[str, Any]]:
    return [{"link_id": link, "candidate_id": candidate} for candidate in candidates]


def _person(number: int, row: dict[str, Any]) -> dict[str, Any]:
    home = row.get("home", "75")
    facts = {
        "candidate_id": f"C{number}",
        "discipline": "1D",
        "birth_date": dt.date(1980, 1, 1),
        "held_post": None if home == "none" else f"P-{home}",
        **row,
    }
    if "profile_post_years" in facts:
        facts["profile_post_years"] = int(facts["profile_post_years"])
    return {name: value for name, value in facts.items() if name not in ("home", "wishes")}


def _wishes(candidate_id: str, wishes: Any) -> list[dict[str, Any]]:
    listed = wishes.split() if isinstance(wishes, str) else wishes
    named = [{"kind": "DPT", "code": wish} if isinstance(wish, str) else wish for wish in listed]
    return [{"candidate_id": candidate_id, "rank": rank, **row} for rank, row in enumerate(named, start=1)]
