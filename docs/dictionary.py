"""Writes docs/data-dictionary.md from the declared schemas: `python -m docs.dictionary`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dataframely as dy
from pydantic import BaseModel

from engine import pipeline, runfolder
from engine.compare import side
from engine.compare.results import COMPARISON_SCHEMAS
from engine.model import conformity, contracts, reading, settings
from engine.model import links as linked
from engine.model.checks import (
    adjustment,
    candidates,
    coordinates,
    links,
    measures,
    places,
    references,
    registry,
    requests,
    whereabouts,
    zonetable,
)
from engine.model.defects import Rule
from engine.model.interdepartemental import quotas
from engine.model.results import RESULT_SCHEMAS
from engine.model.rulebook import Rulebook, rulebooks
from engine.model.schemas import REQUIRED_COLUMNS, REQUIRED_TABLES, SCHEMAS, column_metadata
from engine.model.settings import Options, Settings
from engine.variants import numbers, people, variant, vary, where
from engine.variants import rules as changed
from engine.variants.variant import CandidateChange, Condition, NumberChange, Population, Quotas, Variant
from engine.year import ledger, plan
from engine.year import tables as link_tables
from engine.year.plan import Link, Year
from engine.year.tables import LINK_SCHEMAS

PAGE = Path(__file__).parent / "data-dictionary.md"
INTRODUCTION = """# Data dictionary

Generated from the schemas by `make docs`; a test holds it to them. An asterisk marks the key of a table.

## Campaign folder

`campaign.toml` and the tables below, each `NAME.parquet` or `NAME.csv` (UTF-8, commas, a header; both at once is
refused).
Identifiers and codes are text. An empty cell is absent. Columns beyond these are kept and ignored, with a note.
"""


def dictionary() -> str:
    """The page as text."""
    parts = [INTRODUCTION, *_settings()]
    for name, schema in SCHEMAS.items():
        optional = "" if name in REQUIRED_TABLES else " (optional)"
        parts += _table(f"{name}{optional}", schema, REQUIRED_COLUMNS[name])
    parts += _named_columns()
    parts.append(
        "## Run folder\n\nPoints are decimals with three places in the files. The rows of every table are sorted.\n"
    )
    for name, schema in RESULT_SCHEMAS.items():
        parts += _table(name, schema, tuple(schema.columns()))
    parts += _variant()
    parts += _comparison()
    parts += _year()
    parts += _checks()
    return "\n".join(parts)


def _settings() -> Iterator[str]:
    yield "### campaign.toml\n\n| key | meaning |\n|---|---|"
    for name, field in Settings.model_fields.items():
        yield f"| {field.alias or name} | {field.description or 'which movement'} |"
    yield "\nOptions, each with the rulebook's default where it has one, else this one:\n"
    yield "| option | default | meaning |\n|---|---|---|"
    for name, field in Options.model_fields.items():
        yield f"| {name} | {field.default} | {field.description} |"
    yield ""


def _table(title: str, schema: type[dy.Schema], required: tuple[str, ...]) -> Iterator[str]:
    yield f"### {title}\n\n{schema.__doc__ or ''}\n\n| column | type | meaning |\n|---|---|---|"
    for name, column in schema.columns().items():
        star = "*" if column.primary_key else ""
        needed = "" if name in required else " Optional."
        yield f"| {name}{star} | {_type(column)} | {_sentence(column)}{needed} |"
    yield ""


def _type(column: dy.Column) -> str:
    if "unit" in column_metadata(column):
        return "hours" if str(column_metadata(column)["unit"]).startswith("hours") else "points"
    return {"String": "text", "Int64": "whole number", "Float64": "number", "Bool": "true or false", "Date": "date"}[
        type(column).__name__
    ]


def _sentence(column: dy.Column) -> str:
    values = column_metadata(column).get("values")
    text = column.description or ""
    return f"{text[:1].upper()}{text[1:]}." + (f" One of: {', '.join(values)}." if values else "")


def _named_columns() -> Iterator[str]:
    yield "### Columns of candidates that a rulebook names\n\n| rulebook | column | type | meaning |\n|---|---|---|---|"
    for name in rulebooks():
        for column, schema in Rulebook.load(name).named_columns().items():
            yield f"| {name} | {column} | {_type(schema)} | {_sentence(schema)} |"
    yield ""


def _variant() -> Iterator[str]:
    yield "## Variant\n\n`variant.toml`. [Variants](compare.md) tells what each part does.\n"
    yield "| key | meaning |\n|---|---|"
    parts: dict[str, type[BaseModel]] = {"": Variant, "quotas.": Quotas, "eligibility.": Condition}
    parts |= {"population.": Population, "population.candidates.": CandidateChange}
    parts |= {"population.seats., quotas.entry., quotas.exit.": NumberChange}
    for prefix, form in parts.items():
        lead = [part.strip() for part in prefix.split(",")]
        for name, field in form.model_fields.items():
            yield f"| {', '.join(f'{before}{name}' for before in lead)} | {field.description} |"
    yield ""


def _comparison() -> Iterator[str]:
    yield "## Comparison\n\nThe folder that `mouvement compare` writes. Points are decimals with three places.\n"
    for name, schema in COMPARISON_SCHEMAS.items():
        yield from _table(name, schema, tuple(schema.columns()))


def _year() -> Iterator[str]:
    yield "## Year folder\n\n`year.toml`, and the campaign folders it names. [A year](year.md) tells what links do.\n"
    yield "| key | meaning |\n|---|---|"
    for name, field in Year.model_fields.items():
        yield f"| {field.alias or name} | {field.description} |"
    for name, field in Link.model_fields.items():
        yield f"| links: {field.alias or name} | {field.description} |"
    yield "\nBeside the tables of a campaign that links lead into, all optional:\n"
    for name, schema in LINK_SCHEMAS.items():
        yield from _table(name, schema, tuple(schema.columns()))


def _checks() -> Iterator[str]:
    yield "## Checks of the input\n\nEvery defect names the rule it breaks.\n\n| rule | what it says |\n|---|---|"
    own = (adjustment, candidates, coordinates, links, measures, places, references, registry, requests, whereabouts)
    checks = (*own, zonetable)
    years = (plan, link_tables, ledger)
    runs = (pipeline, runfolder, side, variant, changed, where, numbers, people, vary)
    modules = (settings, reading, conformity, *checks, contracts, linked, quotas, *runs, *years)
    rules = {item for module in modules for item in vars(module).values() if isinstance(item, Rule)}
    for rule in sorted(rules, key=lambda rule: ("FCRVY".index(rule.name[0]), int(rule.name[1:]))):
        yield f"| {rule.name} | {rule.sentence} |"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(dictionary(), encoding="utf-8")
