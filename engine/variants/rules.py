"""Rule values a variant changes: their names as `mouvement rules` shows them, and the rules that result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import polars as pl

from engine.model.campaign import Campaign
from engine.model.defects import Rule, defects, no_defects
from engine.model.rulebook import Rulebook, RuleValue, SessionRules, dotted_name
from engine.model.rulefile import unit_of
from engine.model.rulevalues import Value, parse_value, value_text

V2 = Rule("V2", "A rule that a variant changes is a value of the campaign's rulebook, as `mouvement rules` names it.")
V3 = Rule("V3", "A rule value is of the unit of the rule it replaces.")

SOURCE = "variant"
IN_FORCE = "in_force"
"""A value every block may have: whether it exists."""

ABSENT = {"absent": True}
"""What a person writes where the rule is not to exist."""


def changed_rules(campaign: Campaign, written: Mapping[str, Any], name: str) -> tuple[SessionRules, pl.DataFrame]:
    """The rules of a campaign with the values of a variant, and the defects of these.

    Parameters
    ----------
    written : the table ``[rules]``, nested or not: rulebook, block, value
    name : of the variant
    """
    rules, table = campaign.rules, f"variant {name}"
    if not written:
        return rules, no_defects()
    if rules.is_none:
        problem = "changes rules, and the campaign has none: its points come with the wishes."
        return rules, defects(V2, table, column="rules", problem=problem)
    book = Rulebook.load(rules.rulebook)
    values, found = list[RuleValue](), [no_defects()]
    for path, value in _leaves(written, rules.rulebook.split("/"), book):
        wrong = _unknown(book, path, table)
        if wrong is None:
            told = _value(book, rules, path, value, name)
            wrong = told if isinstance(told, pl.DataFrame) else None
            values += [told] if isinstance(told, RuleValue) else []
        found += [wrong] if wrong is not None else []
    return book.with_values(values).at(rules.session), pl.concat(found)


def _leaves(
    written: Mapping[str, Any], prefix: list[str], book: Rulebook, before: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value with the path written: the rulebook may lead it in whole, in part or not at all."""
    for key, value in written.items():
        path = (*before, key)
        if prefix and key == prefix[0] and isinstance(value, Mapping):
            yield from _leaves(value, prefix[1:], book, path)
        elif key in book.files and isinstance(value, Mapping):
            yield from (((*path, inner), item) for inner, item in value.items())
        elif isinstance(value, Mapping) and value and value != ABSENT:
            yield from _leaves(value, [], book, path)
        else:
            yield path, value


def _unknown(book: Rulebook, path: tuple[str, ...], table: str) -> pl.DataFrame | None:
    """The defect of a path that names no value of the rulebook, with the nearest names."""
    block, key = path[-2:] if len(path) > 1 else ("", path[-1])
    parts, lead = book.name.split("/"), list(path[:-2])
    known = block in book.files and (key in book.files[block].values or key == IN_FORCE)
    if known and lead == parts[: len(lead)]:
        return None
    names = {f"{b}.{k}": dotted_name(book.name, b, k) for b, file in book.files.items() for k in file.values}
    wanted = ".".join(path)
    if known:
        problem, near = f"is led by a rulebook that is not {book.name}, the campaign's.", [f"{block}.{key}"]
    else:
        problem = f"is no rule of {book.name}."
        near = _near(block, key, list(names))
    hint = f"Maybe {' or '.join(names[item] for item in near)}?" if near else f"See: mouvement rules {book.name}."
    return defects(V2, table, column=f"rules.{wanted}", problem=problem, hint=hint)


def _near(block: str, key: str, names: list[str]) -> list[str]:
    """The names nearest to what was written: of the same block first, else by the whole, else by the value alone."""
    inside = [name for name in names if block and name.startswith(f"{block}.")]
    by_key = [name for name in names if name.split(".")[1] == key]
    return (
        get_close_matches(f"{block}.{key}", names, 1, 0.85)
        or get_close_matches(f"{block}.{key}", inside, 3, 0.5)
        or get_close_matches(f"{block}.{key}", names, 3, 0.6)
        or get_close_matches(f"{block}.{key}", by_key, 3, 0.3)
        or inside[:3]
    )


def _value(
    book: Rulebook, rules: SessionRules, path: tuple[str, ...], written: Any, name: str
) -> RuleValue | pl.DataFrame:
    """The value as the rulebook holds values, or the defect of what was written."""
    block, key = path[-2:]
    unit = unit_of(book.files[block], key)
    try:
        value: Value = None if written == ABSENT else parse_value(_exact(written, unit), unit)
    except ValueError as error:
        told, whole = str(error), f"rules.{'.'.join(path)}"
        return defects(V3, f"variant {name}", column=whole, value=str(written), problem=f"is of unit {unit}: {told}.")
    return RuleValue(
        block=block,
        name=key,
        session_from=rules.session,
        value=value,
        text=value_text(value, unit),
        unit=unit,
        source=SOURCE,
        source_title=f"variant {name}",
        confidence="assumed",
        note=_instead_of(book.at(rules.session), block, key),
    )


def _instead_of(rules: SessionRules, block: str, key: str) -> str:
    known = rules.blocks[block].values.get(key) if block in rules.blocks else None
    return (
        f"instead of {known.text}, {known.confidence} in {known.source}" if known else "the session has no such value"
    )


def _exact(written: Any, unit: str) -> Any:
    """What was written with numbers exact and days as days, be it read from TOML or from JSON."""
    if isinstance(written, float):
        return Decimal(repr(written))
    if isinstance(written, list | tuple):
        return [_exact(item, unit) for item in written]
    if isinstance(written, Mapping):
        return {key: _exact(item, unit) for key, item in written.items()}
    if unit == "date" and isinstance(written, str):
        return date.fromisoformat(written)
    return written
