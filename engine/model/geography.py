"""Académies and départements: codes, names, seats, membership, and which of them touch.

The facts are in ``geography.toml``. Codes are text everywhere (``"02"``, ``"2A"``).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt
from typing import Protocol

ILE_DE_FRANCE = ("01", "24", "25")
EARTH_RADIUS_KM = 6371.0
INNER_PARIS = ("75", "92", "93", "94")  # one entity for the count of years of separation (circulars, RULES 1.3)


@dataclass(frozen=True)
class Academy:
    """One académie. `lat`, `lon` are degrees (WGS84) of the city of its seat."""

    code: str
    name: str
    seat: str
    lat: float
    lon: float
    departments: tuple[str, ...]
    overseas: bool = False
    first_session: int = 0
    last_session: int = 9999


@dataclass(frozen=True)
class Department:
    """One département. `lat`, `lon` are degrees (WGS84) of the city of its seat, the chef-lieu."""

    code: str
    name: str
    seat: str
    lat: float
    lon: float


class Located(Protocol):
    """What has a seat on the map: an académie, a département."""

    @property
    def lat(self) -> float: ...

    @property
    def lon(self) -> float: ...


@cache
def all_academies() -> tuple[Academy, ...]:
    """Every académie code that was ever in force, in the order of codes."""
    rows = _facts()["academies"]
    return tuple(Academy(code=code, **{**row, "departments": tuple(row["departments"])}) for code, row in rows.items())


@cache
def academies(session: int) -> dict[str, Academy]:
    """Académies in force in a session (year of the rentrée), by code: 31 until 2022, 30 from 2023 on."""
    return {a.code: a for a in all_academies() if a.first_session <= session <= a.last_session}


@cache
def departments() -> dict[str, str]:
    """Name of each of the 101 départements, by code."""
    return {code: row["name"] for code, row in _facts()["departments"].items()}


@cache
def all_departments() -> dict[str, Department]:
    """Each of the 101 départements with its seat, by code."""
    rows = _facts()["departments"].items()
    return {code: Department(code, row["name"], row["seat"], row["lat"], row["lon"]) for code, row in rows}


@cache
def touching_departments() -> dict[str, frozenset[str]]:
    """Départements that share a land border with each département, by code."""
    return {code: frozenset(row["touches"]) for code, row in _facts()["departments"].items()}


def academy_of_department(department: str, session: int) -> str:
    """Code of the académie that holds a département in a session. Raises KeyError for an unknown code."""
    for academy in academies(session).values():
        if department in academy.departments:
            return academy.code
    raise KeyError(department)


def distance_km(a: Located, b: Located) -> float:
    """Great-circle distance between two seats, in kilometres."""
    lat_a, lon_a, lat_b, lon_b = map(radians, (a.lat, a.lon, b.lat, b.lon))
    h = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(h))


@cache
def _facts() -> dict[str, dict[str, dict]]:  # type: ignore[type-arg]
    return tomllib.loads((files("engine.model") / "geography.toml").read_text(encoding="utf-8"))
