"""The profile of an interdépartemental population: how many ask, where they are, what they ask for, quotas."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from scenarios.figures import ByCode, ByCount, Careers, Count, Header, Limit, Number, Record, Target


class Pairs(Record):
    """Linked requests: how many pairs, and how many of them come from two départements."""

    pairs: Count
    two_departments_share: Number


class Population(Record):
    """How many requests there are."""

    requests: Count
    corps: ByCode


class Places(Record):
    """One number per département, for each thing that differs between départements."""

    inhabitants: ByCode
    attractiveness: ByCode
    ile_de_france_share: Number
    ile_de_france: ByCode
    leaving: ByCode
    priority_education_share: ByCode


class Families(Record):
    """Family strategies, and where they point to."""

    strategies: ByCode
    spouse_at_home_share: Number
    spouse_distance_scale_km: Number
    children: ByCount
    separation_years: ByCount
    half_year_share: Number


class Bonuses(Record):
    """Shares of candidates with a situation that earns points outside family and career."""

    disability_share: Number
    boe_share: Number
    renewal_share: Number
    renewal_years: ByCount
    overseas_interests_share: Number
    profile_post_share: Number
    locally_contracted_share: Number


class Choices(Record):
    """Random utility of a département, in units of the scale of its Gumbel noise."""

    home_pull: Number
    attractiveness: Number
    home: Number
    distance_per_100_km: Number
    distance_cap_km: Number
    wishes: ByCount


class Quotas(Record):
    """How many may enter and leave each département by mutation."""

    mutations: Count
    entry_attractiveness: Number
    entry_unevenness: Number
    exit_exponent: Number
    exit_factors: ByCode
    exit_unevenness: Number


class Outcome(Record):
    """Published results the campaign is held to by tests; nothing here is read by the generator."""

    satisfied: Target
    movers_on_wish_1: Target
    requests_from_ile_de_france: Target
    movers_from_ile_de_france: Target
    paris_satisfied: Target
    family_satisfied: Target
    departments_up_to_15_percent: Target
    departments_from_80_percent: Target
    brittany_among_highest_entry: Limit
    highest_exit_in_ile_de_france: Limit


class InterdepartementalProfile(Header):
    """Everything the generator knows of an interdépartemental population."""

    signed: ClassVar[frozenset[str]] = frozenset({"attractiveness"})

    movement: Literal["interdepartemental"]
    session: int = Field(ge=2016)
    population: Population
    places: Places
    careers: Careers
    families: Families
    bonuses: Bonuses
    choices: Choices
    quotas: Quotas
    links: Pairs
    outcome: Outcome
