"""What the runs of a comparison were told differently: options, rule values, and the rest of their variants."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.compare.alike import Common
from engine.compare.side import Side
from engine.model.rulebook import dotted_name


@dataclass(frozen=True)
class Difference:
    """Something that is not the same in all runs.

    Attributes
    ----------
    kind : option, rule, or the part of the variant: quotas, eligibility, population
    name : of the option or the rule; of the change in its part
    values : in each run, in their order; "" where a run has none
    """

    kind: str
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Remark:
    """Something a reader of a comparison must know: the key of its sentence and the values in it."""

    key: str
    values: Mapping[str, str | int]


def differences(sides: Sequence[Side]) -> tuple[Difference, ...]:
    """Options, rules and parts of variants that are not the same in all runs, in this order."""
    books = {str(side.settings["rulebook"]) for side in sides}
    told = [dict(_told(side, named=len(books) == 1)) for side in sides]
    keys = sorted({key for some in told for key in some}, key=lambda key: (_KINDS.index(key[0]), key[1]))
    rows = (Difference(kind, name, tuple(some.get((kind, name), "") for some in told)) for kind, name in keys)
    return tuple(row for row in rows if len(set(row.values)) > 1)


def remarks(sides: Sequence[Side]) -> tuple[Remark, ...]:
    """Why the runs may not be comparable, run by run against the first; verdicts that fail; frontiers out of reach."""
    found = [remark for side in sides[1:] for remark in _against(sides[0], side)]
    for side in sides:
        if not side.holds:
            found.append(Remark("verdict_fails", {"name": side.name}))
        if side.told.get("stopped"):
            found.append(Remark("stopped", {"name": side.name}))
    beyond = {name for side in sides if side.frontier for name in side.frontier.beyond}
    found += [Remark(f"frontier_{name}", {}) for name in sorted(beyond)]
    return tuple(found)


_KINDS = ("option", "rule", "quotas", "eligibility", "population")


def _told(side: Side, *, named: bool) -> Iterator[tuple[tuple[str, str], str]]:
    """What a run was told, by kind and name; names of rules are led by their rulebook where all have the same."""
    if side.told.get("least_change"):
        yield ("option", "least_change"), "true"
    for name, value in side.told["options"].items():
        yield ("option", name), _text(value)
    book = str(side.settings["rulebook"])
    for value in side.told["rule_values"]:
        key = (value["block"], value["name"])
        yield ("rule", dotted_name(book, *key) if named else ".".join(key)), str(value["value"])
    for kind, name, change in _parts(side.told.get("variant") or {}):
        yield (kind, name), _text(change)


def _parts(variant: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """The changes of quotas, eligibility and population in a variant, numbered."""
    lists = {("eligibility", "requires"): variant.get("eligibility", ())}
    lists |= {("quotas", way): variant.get("quotas", {}).get(way, ()) for way in ("entry", "exit")}
    lists |= {("population", of): variant.get("population", {}).get(of, ()) for of in ("candidates", "seats")}
    for (kind, name), changes in lists.items():
        for number, change in enumerate(changes, start=1):
            yield kind, f"{name} {number}" if len(changes) > 1 else name, change


def _text(value: Any) -> str:
    """A value as a person would write it, a table without its braces."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key} = {_inside(item)}" for key, item in value.items())
    return value if isinstance(value, str) else json.dumps(value)


def _inside(value: Any) -> str:
    """A value inside a table, as TOML writes it but for the quotes."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_inside(item)}" for key, item in value.items()) + " }"
    return "[" + ", ".join(map(_inside, value)) + "]" if isinstance(value, list | tuple) else _text(value)


_SETTINGS = ("id", "movement", "rulebook", "session", "seed")


def _against(first: Side, side: Side) -> Iterator[Remark]:
    """What keeps a run from being compared with the first candidate by candidate."""
    shared = Common.of(first, side)
    names = {"first": first.name, "second": side.name}
    counts = {"common": shared.common, "first_only": shared.first_only, "second_only": shared.second_only}
    if side.base_digest == first.base_digest:
        if shared.first_only or shared.second_only:
            yield Remark("other_people", {**names, **counts})
        return
    known = {key: (first.settings.get(key), side.settings.get(key)) for key in _SETTINGS}
    changed = [f"{key}: {one}, {other}" for key, (one, other) in known.items() if one != other]
    key = "other_settings" if changed else "other_tables"
    yield Remark(key, {**names, **counts, "changed": "; ".join(changed)})
    if shared.others:
        yield Remark("other_disciplines", {**names, "common": shared.common, "others": shared.others})
