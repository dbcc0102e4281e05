"""From draws to the tables of a campaign folder (DESIGN 4 and 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from engine.model.geography import academies
from scenarios.careers import Career
from scenarios.draws import Ints, Words
from scenarios.people import NOWHERE, People
from scenarios.profile import Profile
from scenarios.situations import Bonuses, Family
from scenarios.territory import Territory


@dataclass(frozen=True, eq=False)
class Drawn:
    """Everything drawn for a population, before it is written.

    Attributes
    ----------
    ranking : int64[n, a], indices of académies, best first
    length : int64[n], how many of them are wishes
    seats : int64[d, a]
    """

    people: People
    career: Career
    family: Family
    bonuses: Bonuses
    ranking: Ints
    length: Ints
    seats: Ints


def campaign_tables(profile: Profile, land: Territory, drawn: Drawn) -> dict[str, pl.DataFrame]:
    """The tables `places`, `posts`, `candidates` and `wishes` of a population."""
    return {
        "places": _places(profile),
        "posts": _posts(profile, land, drawn),
        "candidates": _candidates(profile, land, drawn),
        "wishes": _wishes(land, drawn),
    }


def _places(profile: Profile) -> pl.DataFrame:
    rows = [academies(profile.session)[code] for code in sorted(academies(profile.session))]
    return pl.DataFrame(
        {
            "place_id": [row.code for row in rows],
            "kind": ["ACA"] * len(rows),
            "label": [row.name for row in rows],
            "academy": [row.code for row in rows],
            "lat": [row.lat for row in rows],
            "lon": [row.lon for row in rows],
        }
    )


def _posts(profile: Profile, land: Territory, drawn: Drawn) -> pl.DataFrame:
    """One post per discipline and académie, also where no seat is vacant: somebody may leave."""
    disciplines = list(profile.population.disciplines.value)
    return pl.DataFrame(
        {
            "post_id": [f"{discipline}-{code}" for discipline in disciplines for code in land.codes],
            "place_id": list(land.codes) * len(disciplines),
            "discipline": [discipline for discipline in disciplines for _ in land.codes],
            "seats": drawn.seats.ravel(),
            "profile": "ordinary",
        }
    )


def _candidates(profile: Profile, land: Territory, drawn: Drawn) -> pl.DataFrame:
    people, career, family, bonuses = drawn.people, drawn.career, drawn.family, drawn.bonuses
    disciplines = _words(list(profile.population.disciplines.value), people.discipline)
    columns = {
        "candidate_id": candidate_ids(len(people)),
        "discipline": disciplines,
        "held_post": _held_post(land, people, disciplines),
        "mandatory": people.mandatory,
        "category": as_text(people.category),
        "birth_date": pl.Series(career.birth_date),
        "corps": as_text(career.corps),
        "grade": as_text(career.grade),
        "echelon": career.echelon,
        "echelon_years": career.echelon_years,
        "post_years": career.post_years,
        "former_post_years": career.former_post_years,
        "family": as_text(family.strategy),
        "spouse_academy": _words(land.codes, family.academy),
        "spouse_department": as_text(family.department),
        "service_department": as_text(family.service_department),
        "children": family.children,
        "separation_years": family.separation_years,
        "separation_half_years": family.separation_half_years,
        "disability_zones": _words(land.codes, np.where(bonuses.disability, drawn.ranking[:, 0], NOWHERE)),
        "boe": bonuses.boe,
        "priority_education": as_text(bonuses.priority_education),
        "priority_education_years": bonuses.priority_education_years,
        "trainee_points": bonuses.trainee_points,
        "training_academy": _words(land.codes, people.training),
        "former_contract_echelon": bonuses.former_contract_echelon,
        "reinstatement_academy": _words(land.codes, bonuses.reinstatement),
        "overseas_interests": _words(land.codes, bonuses.overseas_interests),
        "preferential_years": bonuses.preferential_years,
    }
    return pl.DataFrame(columns)


def _wishes(land: Territory, drawn: Drawn) -> pl.DataFrame:
    candidate, position = np.nonzero(np.arange(drawn.ranking.shape[1]) < drawn.length[:, None])
    return pl.DataFrame(
        {
            "candidate_id": candidate_ids(len(drawn.length)).gather(candidate),
            "rank": position + 1,
            "kind": pl.repeat("ACA", len(candidate), eager=True),
            "code": _words(land.codes, drawn.ranking[candidate, position]),
        }
    )


def candidate_ids(count: int) -> pl.Series:
    """Identifiers of `count` candidates: their number from 1, in six digits or more."""
    width = max(6, len(str(count)))
    return pl.int_range(1, count + 1, eager=True).cast(pl.String).str.zfill(width).alias("candidate_id")


def _held_post(land: Territory, people: People, disciplines: pl.Series) -> pl.Series:
    places = _words(land.codes, people.held)
    return disciplines + "-" + places  # null where nothing is held


def _words(words: tuple[str, ...] | list[str], index: Ints) -> pl.Series:
    """The word of each index, null for `NOWHERE`."""
    position = pl.Series(index)
    return pl.Series(words, dtype=pl.String).gather(position.set(position == NOWHERE, None))


def as_text(words: Words) -> pl.Series:
    """The words as a column; None is null."""
    return pl.Series(words.tolist(), dtype=pl.String)
