"""The profile of a TZR population: disciplines, needs, preferences, attachments."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scenarios.figures import ByCode, ByCount, Careers, CorpsKind, Count, Figure, Header, Number, Record
from scenarios.intra.profile import Schools, SchoolType


class TzrDiscipline(Record):
    """A discipline: its share of the TZR (weight), and the types of schools that teach it, by weight."""

    name: str
    corps: CorpsKind = "lettres_et_sciences"
    weight: float = Field(gt=0)
    schools: dict[SchoolType, float]
    small_zones: bool = False
    """Its zones de remplacement are smaller than the département."""


class TzrPopulation(Record):
    """How many TZR there are, in which académie and disciplines."""

    academy: Figure[str]
    tzr: Count
    disciplines: Figure[dict[str, TzrDiscipline]]
    zr_years: ByCount
    part_time_share: Number
    part_time_tenths: ByCount
    children: ByCount


class Needs(Record):
    """What schools need: how many needs per TZR, of what kind and how many hours."""

    per_tzr: Number
    outside_share: Number
    kinds: ByCode
    post_hours: ByCount
    fraction_half_hours: ByCount


class Preferences(Record):
    """What TZR ask for."""

    numbers: ByCount
    kinds: ByCode
    reach_km: Number
    typed_share: Number
    unattached_share: Number
    change_share: Number
    late_share: Number


class TzrProfile(Header):
    """Everything the generator knows of a TZR population."""

    movement: Literal["tzr"]
    session: int = Field(ge=2011)
    population: TzrPopulation
    schools: Schools
    careers: Careers
    needs: Needs
    preferences: Preferences
