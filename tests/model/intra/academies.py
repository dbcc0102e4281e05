"""Small intra campaigns for tests: two départements with schools, lycées, a ZR each, and what a test adds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import dataframely as dy
import polars as pl

from engine.model.campaign import Campaign, canonical
from engine.model.rulebook import Rulebook
from engine.model.schemas import SCHEMAS, empty_table
from engine.model.settings import Settings
from tests.model.small_campaign import links_of

DISCIPLINE = "L1300"
COUNTS = {name for name, column in SCHEMAS["candidates"].columns().items() if column.dtype.is_integer()}

# place, kind, type, commune, groupement, département, académie, éducation prioritaire
PLACES = [
    ("CLG-RIOM", "ETB", "CLG", "63300", "GEO-RIOM", "63", "06", None),
    ("LYC-RIOM", "ETB", "LYC", "63300", "GEO-RIOM", "63", "06", None),
    ("CLG-VOLVIC", "ETB", "CLG", "63470", "GEO-RIOM", "63", "06", "REP"),
    ("CLG-CLERMONT", "ETB", "CLG", "63113", "GEO-CLERMONT", "63", "06", "REP+"),
    ("LYC-CLERMONT", "ETB", "LYC", "63113", "GEO-CLERMONT", "63", "06", None),
    ("LP-CLERMONT", "ETB", "LP", "63113", "GEO-CLERMONT", "63", "06", None),
    ("CLG-YDES", "ETB", "CLG", "15265", "GEO-MAURIAC", "15", "06", None),
    ("LYC-AURILLAC", "ETB", "LYC", "15014", "GEO-AURILLAC", "15", "06", None),
    ("ZR-NORD", "ZR", None, None, None, "63", "06", None),
    ("ZR-SUD", "ZR", None, None, None, "63", "06", None),
    ("ZR-CANTAL", "ZR", None, None, None, "15", "06", None),
]
COLUMNS = ("place_id", "kind", "school_type", "commune", "grouping", "department", "academy", "priority_education")


def academy(
    session: int, *candidates: dict[str, Any], rulebook: str = "intra/clermont-ferrand", **tables: list[dict[str, Any]]
) -> Campaign:
    """Candidates with their facts, their ``wishes`` (``COM:63300``, ``DPT:63:LYC``, or rows), the place ``held``
    and the name of their ``link``.

    Every place has an ordinary post ``P-place`` of the discipline, with one vacant seat; `tables` adds rows to a table,
    or replaces places and posts.
    """
    rules = Rulebook.load(rulebook).at(session)
    places = tables.pop("places", [dict(zip(COLUMNS, row, strict=True)) for row in PLACES])
    rows: dict[str, list[dict[str, Any]]] = {
        "places": places,
        "posts": tables.pop("posts", [post(place["place_id"]) for place in places]),
        "candidates": [_person(i, row) for i, row in enumerate(candidates)],
        "links": links_of({f"C{i}": row for i, row in enumerate(candidates)}),
        "wishes": [wish for i, row in enumerate(candidates) for wish in _wishes(f"C{i}", row.get("wishes", ()))],
    }
    for name, added in tables.items():
        rows[name] = rows.get(name, []) + added
    settings = Settings(schema=1, id="small", movement="intra", rulebook=rulebook, session=session, seed=1)
    return Campaign(
        settings, rules, **{name: _frame(name, rows.get(name, []), rules.named_columns) for name in SCHEMAS}
    )


def post(place: str, discipline: str = DISCIPLINE, **facts: Any) -> dict[str, Any]:
    return {"post_id": f"P-{place}", "place_id": place, "discipline": discipline, "seats": 1, **facts}


def facts_of(words: str) -> dict[str, Any]:
    """Facts of a candidate from words: ``name=value``, a name alone for what is true, ``&`` for a blank."""
    parts = (word.partition("=") for word in words.split())
    return {name: _value(name, text) if sign else True for name, sign, text in parts}


def _value(name: str, text: str) -> str | int:
    return int(text) if name in COUNTS else text.replace("&", " ")


def _person(number: int, row: dict[str, Any]) -> dict[str, Any]:
    facts = {"candidate_id": f"C{number}", "discipline": DISCIPLINE, "birth_date": dt.date(1980, 1, 1), **row}
    if "held" in facts:
        facts["held_post"] = f"P-{facts['held']}"
    return {name: value for name, value in facts.items() if name not in ("held", "link", "wishes")}


def _wishes(candidate_id: str, wishes: Any) -> list[dict[str, Any]]:
    named = [_wish(wish) if isinstance(wish, str) else wish for wish in wishes]
    return [{"candidate_id": candidate_id, "rank": rank, **row} for rank, row in enumerate(named, start=1)]


def _wish(text: str) -> dict[str, Any]:
    kind, code, *school_type = text.split(":")
    return {"kind": kind, "code": code, "school_type": school_type[0] if school_type else None}


def _frame(name: str, rows: list[dict[str, Any]], named_columns: Mapping[str, dy.Column]) -> pl.DataFrame:
    extra = {column: definition.dtype for column, definition in named_columns.items()}
    schema = {**empty_table(name).schema, **(extra if name == "candidates" else {})}
    return canonical(name, pl.DataFrame(rows, schema=schema), named_columns)
