"""The profile of an inter-académique population: how many take part, where they are, what they ask for."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from scenarios.figures import (
    ByCode,
    ByCount,
    Careers,
    CorpsKind,
    Count,
    Figure,
    Header,
    Limit,
    Links,
    Number,
    Record,
    Target,
)


class Discipline(Record):
    """A discipline de mouvement: its name, its kind of corps and how many take part (weights, not counts)."""

    name: str
    corps: CorpsKind = "lettres_et_sciences"
    holders: float = Field(ge=0)
    mandatory: float = Field(ge=0)


class Population(Record):
    """How many take part, in which disciplines."""

    holders: Count
    mandatory: Count
    holder_categories: ByCode
    mandatory_categories: ByCode
    disciplines: Figure[dict[str, Discipline]]


class Places(Record):
    """One weight per académie, for each thing that differs between académies."""

    inhabitants: ByCode
    attractiveness: ByCode
    holders_ile_de_france_share: Number
    holders_ile_de_france: ByCode
    holders_elsewhere: ByCode
    training: ByCode
    needs: ByCode
    priority_education_share: ByCode


class Families(Record):
    """Family strategies, and where they point to."""

    holders: ByCode
    mandatory: ByCode
    spouse_at_home_share: Number
    spouse_distance_scale_km: Number
    children: ByCount
    separation_years: ByCount
    trainee_separation_share: Number
    half_year_share: Number


class Bonuses(Record):
    """Shares of candidates with a situation that earns points outside family and career."""

    disability_share: Number
    boe_share: Number
    preferential_share: Number
    preferential_years: ByCount
    overseas_interests_share: Number
    trainee_points_share: Number
    former_contract_share: Number
    former_contract_echelons: ByCount
    reinstatement_share: Number


class Choices(Record):
    """Random utility of an académie, in units of the scale of its Gumbel noise."""

    home_pull: Number
    trained_at_home_share: Number
    attractiveness: Number
    attractiveness_for_mandatory: Number
    home: Number
    training: Number
    distance_per_100_km: Number
    distance_cap_km: Number
    holder_wishes: ByCount
    mandatory_wishes: ByCount


class Seats(Record):
    """How many seats each académie offers in each discipline."""

    slack: Number
    attractiveness: Number
    dispersion: Number
    closing_share: Number
    closing_seats: ByCount


class Outcome(Record):
    """Published results the campaign is held to by tests; nothing here is read by the generator."""

    holders_moved: Target
    movers_on_wish_1: Target
    mandatory_on_wish_1: Target
    holders_from_ile_de_france: Target
    creteil_leaving_per_entering: Target
    rennes_entering_per_leaving: Target
    trainees_who_change_academy: Target
    family_satisfied: Target
    others_satisfied: Limit
    lowest_cutoff: Target
    highest_cutoff: Limit
    mandatory_placed: Target


class Profile(Header):
    """Everything the generator knows of an inter-académique population."""

    signed: ClassVar[frozenset[str]] = frozenset({"attractiveness"})

    movement: Literal["inter"]
    session: int = Field(ge=2023)
    population: Population
    places: Places
    careers: Careers
    families: Families
    links: Links
    bonuses: Bonuses
    choices: Choices
    seats: Seats
    outcome: Outcome
