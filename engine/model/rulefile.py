"""One rule file: one legal block, its values keyed by the first session they hold for, each with its source.

This module knows the form of the files and refuses what does not have it, naming file and key. What the values mean
is the business of the criteria; which of them hold in a session, that of `engine.model.rulebook`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.model.points import PointsError, format_points, parse_points

Confidence = Literal["read", "derived", "recalled"]
FLAGS = ("in_force", "kept_in_extension")
"""Keys every block may have: whether it exists in a session, whether its points count in extension."""

Form = TypeVar("Form", bound=BaseModel)


class RulebookError(ValueError):
    """A rulebook cannot be used; the message lists every defect with its file and key."""


@dataclass(frozen=True)
class Step:
    """A threshold: from this échelon on, after these full years, these points (thousandths)."""

    points: int
    echelon: int = 0
    years: int = 0


Value = int | bool | date | tuple[str, ...] | tuple[int, ...] | tuple[Step, ...] | Mapping[str, tuple[str, ...]] | None


@dataclass(frozen=True)
class RuleValue:
    """One value of one block with all that is known about it. `value` is None where the rule does not exist."""

    block: str
    name: str
    session_from: int
    value: Value
    text: str
    unit: str
    source: str
    source_title: str
    confidence: Confidence
    note: str


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Source(_Form):
    """Where a value was read: a title a person recognises, the year of the rentrée it is for, its public address.

    Pages of several years have the first in `first_year`, the last in `year`.
    """

    title: str
    first_year: int | None = None
    year: int | None = None
    address: str = ""


class Entry(_Form):
    """A value, from a session on. `absent` says that the rule does not exist from then on."""

    session: int = Field(alias="from")
    value: Any = None
    absent: bool = False
    source: str
    confidence: Confidence
    note: str = ""


class RuleFile(_Form):
    """One legal block as written."""

    title: str
    criterion: str | None = None
    covers: str
    columns: tuple[str, ...] = Field(default=(), strict=False)
    units: dict[str, str] = {}
    values: dict[str, list[Entry]]
    note: str = ""


class NamedColumn(_Form):
    """A column of candidates that this rulebook reads beside the common ones."""

    type: Literal["code", "integer"]
    description: str
    max: int = 50


class Manifest(_Form):
    """``rulebook.toml``: what the rulebook is, its sessions, its defaults for options, the extra columns it reads."""

    title: str
    movement: str
    first_session: int
    last_session: int
    options: dict[str, str] = {}
    columns: dict[str, NamedColumn] = {}
    note: str = ""


def read_form(path: Traversable, form: type[Form]) -> Form:
    """Read one TOML file as `form`. Numbers with a decimal point stay exact.

    Raises
    ------
    RulebookError
        With one line per defect, each naming the file and the key.
    """
    content = read_toml(path)
    try:
        return form.model_validate(content)
    except ValidationError as error:
        lines = (f"{path.name}: {_address(e['loc'])}: {e['msg']}" for e in error.errors())
        raise RulebookError("\n".join(lines)) from None


def read_toml(path: Traversable) -> dict[str, Any]:
    """Content of one TOML file, decimals exact. Raises RulebookError where it is not TOML in UTF-8."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulebookError(f"{path.name}: {error}") from None


def defects(name: str, file: RuleFile, sources: Mapping[str, Source], sessions: range) -> Iterator[str]:
    """Every defect of a block that its form alone does not show."""
    if file.criterion not in (None, name):
        yield f"{name}.toml: criterion: {file.criterion!r} is not the name of the file, {name!r}"
    if file.criterion and "kept_in_extension" not in file.values:
        yield f"{name}.toml: values.kept_in_extension: missing; does the criterion count in extension?"
    for key in file.units.keys() - file.values.keys():
        yield f"{name}.toml: units.{key}: there is no such value"
    start = _first_session_in_force(file, sessions)
    for key, entries in file.values.items():
        first = sessions.start if key == "in_force" else start
        for defect in _timeline_defects(entries, first, sessions):
            yield f"{name}.toml: values.{key}{defect}"
        unit = unit_of(file, key)
        for i, entry in enumerate(entries):
            for defect in _entry_defects(entry, unit, sources):
                yield f"{name}.toml: values.{key}[{i}]{defect}"


def unit_of(file: RuleFile, key: str) -> str:
    """Unit of a value; empty where the file forgot it."""
    return "flag" if key in FLAGS else file.units.get(key, "")


def parse_value(value: object, unit: str) -> Value:
    """A value as its unit wants it, points in thousandths. Raises ValueError with the reason."""
    if unit not in _PARSERS:
        raise ValueError(f"unit {unit!r} is unknown; known: {', '.join(_PARSERS)}")
    return _PARSERS[unit](value)


def value_text(value: Value, unit: str) -> str:
    """A value for a person."""
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case int():
            return format_points(value) if unit == "points" else str(value)
        case date():
            return value.isoformat()
        case Mapping():
            return "; ".join(f"{key}: {' '.join(codes)}" for key, codes in value.items())
        case _:
            return " ".join(_item_text(item) for item in value) or "none"


def _item_text(item: str | int | Step) -> str:
    if isinstance(item, Step):
        echelon = f"échelon {item.echelon}" if item.echelon else ""
        years = f"{item.years} years" if item.years else ""
        return f"[{', '.join(filter(None, (echelon, years)))}: {format_points(item.points)}]"
    return item if isinstance(item, str) else format_points(item)


def _first_session_in_force(file: RuleFile, sessions: range) -> int:
    in_force = [entry.session for entry in file.values.get("in_force", ()) if entry.value is True]
    return min(in_force, default=sessions.start)


def _timeline_defects(entries: list[Entry], first: int, sessions: range) -> Iterator[str]:
    if not entries or entries[0].session > first:
        yield f": the first value must hold from session {first} on"
    for i, entry in enumerate(entries):
        if entry.session not in sessions:
            yield f"[{i}].from: session {entry.session} is outside {sessions.start} to {sessions.stop - 1}"
        if i and entry.session <= entries[i - 1].session:
            yield f"[{i}].from: session {entry.session} does not come after {entries[i - 1].session}"


def _entry_defects(entry: Entry, unit: str, sources: Mapping[str, Source]) -> Iterator[str]:
    if entry.source not in sources:
        yield f".source: {entry.source!r} is not in sources.toml"
    if entry.absent and entry.value is not None:
        yield ": both a value and absent"
    if not entry.absent:
        try:
            parse_value(entry.value, unit)
        except ValueError as error:
            yield f".value: {error}"


def _address(loc: tuple[int | str, ...]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return text.removeprefix(".") or "file"


def _points(value: object) -> int:
    if isinstance(value, str) or not isinstance(value, int | Decimal):
        raise PointsError(f"{value!r} is not a number of points")
    return parse_points(value)


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is not a whole number from 0")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")
    return value


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"{value!r} is not a date")
    return value


def _items(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is not a list")
    return value


def _series(value: object) -> tuple[int, ...]:
    return tuple(_points(item) for item in _items(value))


def _codes(value: object) -> tuple[str, ...]:
    items = _items(value)
    if not all(isinstance(item, str) for item in items):
        raise ValueError(f"{value!r} is not a list of codes (text)")
    return tuple(items)


def _steps(value: object) -> tuple[Step, ...]:
    return tuple(_step(item) for item in _items(value))


def _step(item: object) -> Step:
    if not isinstance(item, dict) or "points" not in item or item.keys() - {"points", "echelon", "years"}:
        raise ValueError(f"{item!r} is not a step with points and echelon or years")
    return Step(_points(item["points"]), _count(item.get("echelon", 0)), _count(item.get("years", 0)))


def _code_lists(value: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is not a table of lists of codes")
    return {key: _codes(codes) for key, codes in value.items()}


_PARSERS: dict[str, Callable[[object], Value]] = {
    "points": _points,
    "points_series": _series,
    "steps": _steps,
    "years": _count,
    "half_years": _count,
    "children": _count,
    "wishes": _count,
    "flag": _flag,
    "date": _day,
    "codes": _codes,
    "code_lists": _code_lists,
}
