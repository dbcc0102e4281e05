"""What profiles are made of: figures that say what they are worth, and what every profile begins with.

A figure is `published` (its source is named), `derived` from published ones, or `assumed`. The tags of sources are
those of the project's list of references, repeated in ``docs/populations.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

Status = Literal["published", "derived", "assumed"]
Value = TypeVar("Value")


class ScenarioError(ValueError):
    """A profile, a geography, a scale or a target folder that cannot be used; the message says why and what to try."""


class Record(BaseModel):
    """Base of what a profile holds: frozen, and no key that nothing reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Figure(Record, Generic[Value]):
    """A value, what it is worth and where it comes from."""

    value: Value
    status: Status
    source: str = Field(min_length=1)


class Target(Figure[float]):
    """A figure the outcome of the campaign is held to, within `tolerance` either way."""

    tolerance: float = Field(gt=0)


class Limit(Figure[float]):
    """A figure the outcome stays above (`at_least`) or below (`at_most`)."""

    bound: Literal["at_least", "at_most"]


Number = Figure[float]
Count = Figure[int]
ByCode = Figure[dict[str, float]]
ByCount = Figure[dict[int, float]]
"""Weights of whole numbers: TOML keys are text, they become int."""

CorpsKind = Literal["lettres_et_sciences", "plp", "eps", "cpe", "psyen"]


class Header(Record):
    """What every profile begins with: the settings of the campaign it makes."""

    signed: ClassVar[frozenset[str]] = frozenset()
    """Names of tables that are no weights: their values may be negative."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    movement: Literal["inter", "intra", "interdepartemental", "specifique", "tzr"]
    rulebook: str
    session: int
    seed: int = Field(ge=0)
    options: dict[str, str]

    @model_validator(mode="after")
    def _weights_are_weights(self) -> Header:
        """Every table of weights is non-negative with a positive sum."""
        for name, weights in _weight_tables(self):
            if min(weights) < 0 or sum(weights) <= 0:
                raise ValueError(f"{name}: weights must be 0 or more, and not all 0")
        return self


class Careers(Record):
    """Seniority, échelon, grade and age."""

    post_years: ByCount
    earlier_years: ByCount
    mandatory_post_years: ByCount
    trainee_earlier_years: ByCount
    echelon_after_years: Figure[list[float]]
    trainee_echelons: ByCount
    hors_classe_after_years: Number
    hors_classe_share: Number
    exceptionnelle_after_years: Number
    exceptionnelle_share: Number
    years_per_upper_echelon: Count
    upper_echelons: Count
    agrege_share: Number
    age_at_entry: ByCount
    oldest: Count
    rep_plus_share: Number


class Links(Record):
    """Linked requests: how many pairs, and how many of them are spouses."""

    pairs: Count
    spouses_share: Number


def _weight_tables(profile: Header) -> Iterator[tuple[str, list[float]]]:
    """Name and values of every table of weights of a profile."""
    for section in type(profile).model_fields:
        part = getattr(profile, section)
        for name in type(part).model_fields if isinstance(part, Record) else ():
            value = getattr(getattr(part, name), "value", None)
            if name not in profile.signed and isinstance(value, dict) and _is_numbers(value):
                yield f"{section}.{name}", list(value.values())


def _is_numbers(table: dict[object, object]) -> bool:
    return all(isinstance(value, int | float) for value in table.values())
