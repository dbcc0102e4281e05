"""Rule values a variant changes: their names as `mouvement rules` shows them, and the rules that result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from engine.model.campaign import Campaign
from engine.model.defects import Rule, defects, no_defects
from engine.model.rulebook import Rulebook, RuleValue, SessionRules, dotted_name
from engine.model.rulefile import unit_of
from engine.model.rulevalues import EXAMPLES, Value, parse_value, value_text
from engine.model.written import shown
from engine.variants.nearest import nearest
from engine.variants.variant import Written

V2 = Rule("V2", "A rule that a variant changes is a value of the campaign's rulebook, as `mouvement rules` names it.")
V3 = Rule("V3", "A rule value is of the unit of the rule it replaces.")

SOURCE = "variant"
IN_FORCE = "in_force"
"""A value every block may have: whether it exists."""

ABSENT = {"absent": True}
"""What a person writes where the rule is not to exist."""


def changed_rules(campaign: Campaign, written: Written) -> tuple[SessionRules, pl.DataFrame]:
    """The rules of a campaign with the values of a variant that can be, and the defects of the others.

    Its table ``[rules]`` is nested or not: rulebook, block, value.
    """
    rules, table, changes = campaign.rules, written.table, written.variant.rules
    if not changes:
        return rules, no_defects()
    if rules.is_none:
        problem = "changes rules, and the campaign has none: its points come with the wishes."
        return rules, defects(V2, table, column="rules", problem=problem, hint="Leave [rules] out.")
    book = Rulebook.load(rules.rulebook)
    values, found = list[RuleValue](), [no_defects()]
    said = dict[tuple[str, ...], tuple[str, ...]]()
    for path, value in _leaves(changes, rules.rulebook.split("/"), book):
        first = said.setdefault(path[-2:], path)
        wrong = _unknown(book, rules, path, table) if first is path else _again(path, first, table)
        if wrong is None:
            told = _value(book, rules, path, value, written)
            wrong = told if isinstance(told, pl.DataFrame) else None
            values += [told] if isinstance(told, RuleValue) else []
        found += [wrong] if wrong is not None else []
    return book.with_values(values).at(rules.session), pl.concat(found)


def _leaves(
    written: Mapping[str, Any], prefix: list[str], book: Rulebook, before: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value with the path written: the rulebook may lead it in whole, in part or not at all.

    A path may be written as tables, or between quotes as one name with its dots.
    """
    for name, content in written.items():
        key, _, rest = name.partition(".")
        value = {rest: content} if rest else content
        path = (*before, key)
        if prefix and key == prefix[0] and isinstance(value, Mapping):
            yield from _leaves(value, prefix[1:], book, path)
        elif key in book.files and isinstance(value, Mapping):
            yield from (((*path, inner), item) for inner, item in value.items())
        elif isinstance(value, Mapping) and value and value != ABSENT:
            yield from _leaves(value, [], book, path)
        else:
            yield path, value


def _unknown(book: Rulebook, rules: SessionRules, path: tuple[str, ...], table: str) -> pl.DataFrame | None:
    """The defect of a path that names no value of the rulebook, with the nearest names."""
    block, key = path[-2:] if len(path) > 1 else ("", path[-1])
    parts, lead = book.name.split("/"), list(path[:-2])
    known = block in book.files and (key in book.files[block].values or key == IN_FORCE)
    if known and lead == parts[: len(lead)]:
        return None
    if known:
        problem, near = f"is led by a rulebook that is not {book.name}, the campaign's.", [(block, key)]
    else:
        problem, near = f"is no rule of {book.name}.", nearest(book, ".".join(path))
    names = (f"{dotted_name(book.name, *name)} ({_now(book, rules, *name)})" for name in near)
    hint = f"Maybe {' or '.join(names)}?" if near else f"See: mouvement rules {book.name}."
    return defects(V2, table, column=f"rules.{'.'.join(path)}", problem=problem, hint=hint)


def _again(path: tuple[str, ...], first: tuple[str, ...], table: str) -> pl.DataFrame:
    """The defect of a value that is written a second time."""
    problem, hint = f"is written before as {'.'.join(first)}.", "Leave one of them."
    return defects(V2, table, column=f"rules.{'.'.join(path)}", problem=problem, hint=hint)


def _now(book: Rulebook, rules: SessionRules, block: str, key: str) -> str:
    """What a value is in the session, and of which unit."""
    value = rules.blocks[block].values.get(key) if block in rules.blocks else None
    text = "not in force" if value is None else f"now {value.text}"
    return f"{text}, unit {unit_of(book.files[block], key)}"


def _value(
    book: Rulebook, rules: SessionRules, path: tuple[str, ...], changed: Any, written: Written
) -> RuleValue | pl.DataFrame:
    """The value as the rulebook holds values, or the defect of what was written."""
    block, key = path[-2:]
    unit = unit_of(book.files[block], key)
    try:
        value: Value = None if changed == ABSENT else parse_value(_exact(changed, unit), unit)
    except ValueError as error:
        problem, hint = f"is of unit {unit}: {error}.", f"Write for example {EXAMPLES[unit]}, or {{ absent = true }}."
        column = f"rules.{'.'.join(path)}"
        return defects(V3, written.table, column=column, value=shown(changed), problem=problem, hint=hint)
    return RuleValue(
        block=block,
        name=key,
        session_from=rules.session,
        value=value,
        text=value_text(value, unit),
        unit=unit,
        source=SOURCE,
        source_title=f"variant {written.variant.id}",
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
    return _day_of(written) if unit == "date" and isinstance(written, str) else written


def _day_of(written: str) -> Any:
    """The day a text names; the text itself where it names none."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return written
