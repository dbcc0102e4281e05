"""A profile: the TOML file that describes a synthetic population, every figure with what it is worth.

A figure is `published` (its source is named), `derived` from published ones, or `assumed`. The tags are those of the
project's list of references, repeated in ``docs/populations.md``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Status = Literal["published", "derived", "assumed"]
Value = TypeVar("Value")


class ScenarioError(ValueError):
    """A profile, a scale or a target folder that cannot be used; the message says why and what to try."""


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


class Discipline(Record):
    """A discipline de mouvement: its name, its kind of corps and how many take part (weights, not counts)."""

    name: str
    corps: Literal["lettres_et_sciences", "plp", "eps", "cpe", "psyen"] = "lettres_et_sciences"
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


class Profile(Record):
    """Everything the generator knows of a population."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    movement: Literal["inter"]
    rulebook: str
    session: int = Field(ge=2023)
    seed: int = Field(ge=0)
    options: dict[str, str]
    population: Population
    places: Places
    careers: Careers
    families: Families
    bonuses: Bonuses
    choices: Choices
    seats: Seats
    outcome: Outcome

    @model_validator(mode="after")
    def _weights_are_weights(self) -> Profile:
        """Every table of weights is non-negative with a positive sum; utilities may be negative."""
        for name, weights in _weight_tables(self):
            if min(weights) < 0 or sum(weights) <= 0:
                raise ValueError(f"{name}: weights must be 0 or more, and not all 0")
        return self


def load_profile(profile: str | Path, others: Sequence[str] = ()) -> Profile:
    """Read a profile by the name of one that ships (``"inter-2025"``) or by the path of a TOML file.

    Parameters
    ----------
    others : names that the caller would take too, for the message.

    Raises
    ------
    ScenarioError
        Unknown name, unreadable file, or values the model refuses: all of them are listed.
    """
    try:
        text = profile_text(profile, others)
        return Profile.model_validate(tomllib.loads(text))
    except OSError as error:
        raise ScenarioError(f'profile "{profile}" cannot be read: {error.strerror}.') from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f'profile "{profile}" is not UTF-8 TOML: {error}.') from error
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise ScenarioError(f'profile "{profile}" is refused:\n' + "\n".join(lines)) from error


def profile_text(profile: str | Path, others: Sequence[str] = ()) -> str:
    """The TOML text of a profile, by name or path."""
    if str(profile) in shipped_profiles():
        return (files("scenarios") / "profiles" / f"{profile}.toml").read_text(encoding="utf-8")
    path = Path(profile)
    if path.suffix != ".toml":
        known = ", ".join([*shipped_profiles(), *others])
        raise ScenarioError(f'no profile is named "{profile}". There are: {known}; or give the path of a TOML file.')
    return path.read_text(encoding="utf-8")


def shipped_profiles() -> list[str]:
    """Names of the profiles that come with the package, sorted."""
    entries = (files("scenarios") / "profiles").iterdir()
    return sorted(entry.name.removesuffix(".toml") for entry in entries if entry.name.endswith(".toml"))


def _weight_tables(profile: Profile) -> list[tuple[str, list[float]]]:
    """Name and values of every table of weights of a profile."""
    found: list[tuple[str, list[float]]] = []
    for section in ("population", "places", "careers", "families", "bonuses", "choices", "seats"):
        part: Record = getattr(profile, section)
        for name in type(part).model_fields:
            value: Any = getattr(part, name).value
            if isinstance(value, dict) and name not in ("disciplines", "attractiveness"):
                found.append((f"{section}.{name}", list(value.values())))
    return found
