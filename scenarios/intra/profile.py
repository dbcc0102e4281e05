"""The profile of an intra-académique population: schools and zones, posts, who takes part, what they ask for."""

from __future__ import annotations

import re
from typing import ClassVar, Literal, NamedTuple, get_args

from pydantic import Field, field_validator, model_validator

from scenarios.figures import (
    ByCode,
    ByCount,
    Careers,
    CorpsKind,
    Count,
    Figure,
    Header,
    Links,
    Number,
    Record,
    Target,
)

SchoolType = Literal["CLG", "LYC", "LP", "SEP", "SEGPA"]
Situation = Literal["holder", "replacement", "entrant", "carte_scolaire"]

SCHOOL_TYPES: tuple[SchoolType, ...] = get_args(SchoolType)
REPLACEMENT = "ZR"
PLACE_TYPES = (*SCHOOL_TYPES, REPLACEMENT)
KINDS = ("POST", "ETB", "COM", "GEO", "DPT", "ACA", "ZRE", "ZRD", "ZRA")
TYPED_KINDS = ("COM", "GEO", "DPT", "ACA")
SITUATIONS: tuple[Situation, ...] = get_args(Situation)

SEGMENT = re.compile(rf"^({'|'.join(KINDS)}) (\d+)(?:-(\d+))?$")


class Segment(NamedTuple):
    """Between `least` and `most` wishes of one kind, the candidate's best ones."""

    kind: str
    least: int
    most: int


class WishList(Record):
    """A way of making a list: ``"ETB 3-8, COM 1-2, GEO 1"``, and how many make it so (weight)."""

    weight: float = Field(ge=0)
    wishes: str

    @field_validator("wishes")
    @classmethod
    def _is_a_list_of_segments(cls, text: str) -> str:
        for part in text.split(", "):
            found = SEGMENT.match(part)
            if found is None or int(found[2]) > int(found[3] or found[2]):
                raise ValueError(f'"{part}" is none of "ETB 3" or "ETB 3-8", with a kind of {", ".join(KINDS)}')
        return text

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The parts of the list in their order."""
        matches = [SEGMENT.match(part) for part in self.wishes.split(", ")]
        return tuple(Segment(m[1], int(m[2]), int(m[3] or m[2])) for m in matches if m is not None)


class Discipline(Record):
    """A discipline de mouvement: name, kind of corps, and mean number of posts in a school of each type."""

    name: str
    corps: CorpsKind = "lettres_et_sciences"
    posts: dict[SchoolType, float]
    small_zones: bool = False
    """Its zones de remplacement are smaller than the département."""
    recruitment: dict[str, list[str]] = Field(default_factory=dict)
    """Disciplines of recruitment open to it by corps, where a text restricts them (SII)."""


class Population(Record):
    """How many take part, in which académies and disciplines."""

    academies: Figure[list[str]]
    holders: Count
    mandatory: Count
    mandatory_categories: ByCode
    measures_share: Number
    disciplines: Figure[dict[str, Discipline]]


class Schools(Record):
    """How many schools there are where none are read, and how they lie in communes and zones."""

    colleges: Count
    lycees: Count
    polyvalent_lycees: Count
    professional_lycees: Count
    communes_per_college: Number
    commune_size_exponent: Number
    department_reach: Number
    department_reach_km: Figure[tuple[float, float]]
    lycees_in_towns: Number
    segpa_share: Number
    rep_share: Number
    rep_plus_share: Number
    communes_per_grouping: Number
    groupings_per_zone: Number


class Posts(Record):
    """Posts beside the ordinary ones of a school."""

    unevenness: Number
    replacement_share: Number
    specific_share: Number


class Families(Record):
    """Family strategies; the spouse or the child is where the candidate would like to be."""

    holders: ByCode
    mandatory: ByCode
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
    trainee_points_share: Number
    former_contract_share: Number
    former_contract_echelons: ByCount
    reinstatement_share: Number
    certified_in_lp_share: Number


class Choices(Record):
    """What people ask for: random utility of a school, in units of the scale of its Gumbel noise, and lists."""

    home_reach_km: Number
    distance_per_10_km: Number
    town: Number
    town_for_mandatory: Number
    appeal: Figure[dict[SchoolType, float]]
    family_department: Number
    priority_education: Number
    noise_of_schools: Number
    replacement_propensity: Number
    type_asked: Figure[dict[SchoolType | Literal["any"], float]]
    lycee_for_agreges: Number
    specific_share: Number
    lists: Figure[dict[Situation, list[WishList]]]

    @model_validator(mode="after")
    def _everybody_makes_a_list(self) -> Choices:
        missing = [name for name in SITUATIONS if not sum(row.weight for row in self.lists.value.get(name, []))]
        if missing:
            raise ValueError(f"lists: none for {', '.join(missing)}")
        return self


class Seats(Record):
    """Which seats are vacant."""

    slack: Number
    replacement_share: Number
    appeal: Number
    unevenness: Number
    closing_share: Number
    specific_share: Number


class Measures(Record):
    """Posts closed where somebody holds them (table of closures), GRETA, and opinions on specific posts."""

    closures: Count
    volunteers_share: Number
    adapted: Count
    greta_share: Number
    initial_education_share: Number
    opinions: ByCode


class IntraOutcome(Record):
    """What the run of the campaign is held to by tests; nothing here is read by the generator."""

    chains: Target
    entrants_on_replacement: Target
    entrants_extended: Target
    entrants_on_wish_1_or_2: Target
    entrants_beyond_wish_10: Target
    holders_of_schools_who_stay: Target
    replacement_who_stay_on_replacement: Target


class IntraProfile(Header):
    """Everything the generator knows of an intra-académique population."""

    signed: ClassVar[frozenset[str]] = frozenset({"appeal"})

    movement: Literal["intra"]
    session: int = Field(ge=2016)
    population: Population
    schools: Schools
    posts: Posts
    careers: Careers
    families: Families
    links: Links
    bonuses: Bonuses
    choices: Choices
    seats: Seats
    measures: Measures
    outcome: IntraOutcome | None = None
