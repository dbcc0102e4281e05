"""Values of rule files: what each unit admits, how it is read, how it is shown.

Points are kept in int64 thousandths; everything is exact and immutable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from engine.model.points import LARGEST, PointsError, format_points, parse_points
from engine.model.schemas import CORPS, WISH_KINDS
from engine.model.written import in_toml

Confidence = Literal["read", "derived", "recalled"]
"""How sure the value of a rule file is."""

Certainty = Confidence | Literal["assumed"]
"""The same for a value in force, which a variant may have put in the place of that of the file."""


@dataclass(frozen=True)
class Step:
    """A threshold: from this échelon on, after these full years, these points (thousandths)."""

    points: int
    echelon: int = 0
    years: int = 0


CodeLists = Mapping[str, tuple[str, ...]]
KindPoints = Mapping[str, int]
"""Thousandths of a point by kind of wish (COM, DPT ...), or of an hour by corps."""

Value = int | bool | str | date | tuple[str, ...] | tuple[int, ...] | tuple[Step, ...] | CodeLists | KindPoints | None


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
    confidence: Certainty
    note: str

    @property
    def told_confidence(self) -> str:
        """How sure the value is, as manifests and lists say it."""
        return "assumed (variant)" if self.confidence == "assumed" else self.confidence


def parse_value(value: object, unit: str) -> Value:
    """A value as its unit wants it, points in thousandths. Raises ValueError with the reason."""
    if unit not in _PARSERS:
        raise ValueError(f"unit {in_toml(unit)} is unknown; known: {', '.join(_PARSERS)}")
    return _PARSERS[unit](value)


def value_text(value: Value, unit: str) -> str:
    """A value for a person."""
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case int():
            return format_points(value) if unit in ("points", "hours") else str(value)
        case str():
            return value
        case date():
            return value.isoformat()
        case Mapping():
            return "; ".join(f"{key}: {_listed(item)}" for key, item in value.items())
        case _:
            return " ".join(_item_text(item) for item in value) or "none"


def _listed(item: tuple[str, ...] | int) -> str:
    return format_points(item) if isinstance(item, int) else " ".join(item)


def _item_text(item: str | int | Step) -> str:
    if isinstance(item, Step):
        echelon = f"échelon {item.echelon}" if item.echelon else ""
        years = f"{item.years} years" if item.years else ""
        return f"[{', '.join(filter(None, (echelon, years)))}: {format_points(item.points)}]"
    return item if isinstance(item, str) else format_points(item)


def _points(value: object) -> int:
    if isinstance(value, str) or not isinstance(value, int | Decimal):
        raise PointsError(f"{in_toml(value)} is not a number of points")
    return parse_points(value)


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{in_toml(value)} is not a whole number from 0")
    if value >= LARGEST:
        raise ValueError(f"{in_toml(value)} is larger than the engine can hold")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{in_toml(value)} is neither true nor false")
    return value


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"{in_toml(value)} is not a date")
    return value


def _items(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{in_toml(value)} is not a list")
    return value


def _series(value: object) -> tuple[int, ...]:
    return tuple(_points(item) for item in _items(value))


def _codes(value: object) -> tuple[str, ...]:
    items = _items(value)
    if not all(isinstance(item, str) for item in items):
        raise ValueError(f"{in_toml(value)} is not a list of codes (text)")
    return tuple(items)


def _steps(value: object) -> tuple[Step, ...]:
    return tuple(_step(item) for item in _items(value))


def _step(item: object) -> Step:
    if not isinstance(item, dict) or "points" not in item or item.keys() - {"points", "echelon", "years"}:
        raise ValueError(f"{in_toml(item)} is not a step with points and echelon or years")
    return Step(_points(item["points"]), _count(item.get("echelon", 0)), _count(item.get("years", 0)))


def _code(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{in_toml(value)} is not a code (text)")
    return value


def _code_lists(value: object) -> CodeLists:
    if not isinstance(value, dict):
        raise ValueError(f"{in_toml(value)} is not a table of lists of codes")
    return {key: _codes(codes) for key, codes in value.items()}


def _kind_points(value: object) -> KindPoints:
    if not isinstance(value, dict) or value.keys() - set(WISH_KINDS):
        raise ValueError(f"{in_toml(value)} is not a table of points by kind of wish ({', '.join(WISH_KINDS)})")
    return {kind: _points(points) for kind, points in value.items()}


def _hours_by_corps(value: object) -> KindPoints:
    if not isinstance(value, dict) or value.keys() - set(CORPS):
        raise ValueError(f"{in_toml(value)} is not a table of hours by corps ({', '.join(CORPS)})")
    return {corps: _points(hours) for corps, hours in value.items()}


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
    "code": _code,
    "codes": _codes,
    "code_lists": _code_lists,
    "points_by_kind": _kind_points,
    "hours": _points,
    "hours_by_corps": _hours_by_corps,
    "schools": _count,
    "kilometres": _count,
}

EXAMPLES = {
    "points": "120.5",
    "points_series": "[100, 150.5]",
    "steps": "[{ echelon = 4, years = 2, points = 98 }]",
    "flag": "true",
    "date": "2025-03-28",
    "code": '"27"',
    "codes": '["27", "31"]',
    "code_lists": '{ 27 = ["02", "05"] }',
    "points_by_kind": "{ COM = 50, DPT = 90.2 }",
    "hours": "18",
    "hours_by_corps": "{ certifie = 18, agrege = 15 }",
} | dict.fromkeys(("years", "half_years", "children", "wishes", "schools", "kilometres"), "3")
"""A value of each unit as TOML writes it."""
