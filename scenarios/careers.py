"""Careers: seniority, échelon, grade, corps, date of birth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from scenarios.draws import Flags, Ints, Streams, Words
from scenarios.figures import Careers

DAYS_A_YEAR = 365


class Participants(Protocol):
    """What a career depends on, one entry per candidate."""

    @property
    def mandatory(self) -> Flags: ...

    @property
    def category(self) -> Words: ...

    def __len__(self) -> int: ...


@dataclass(frozen=True, eq=False)
class Career:
    """One entry per candidate, with the columns of DESIGN 5.

    Attributes
    ----------
    corps, grade : object[n]
    echelon, echelon_years : int64[n]
    post_years : int64[n], 0 for stagiaires
    former_post_years : int64[n], stagiaires who were titulaires of another corps
    birth_date : datetime64[D][n]
    """

    corps: Words
    grade: Words
    echelon: Ints
    echelon_years: Ints
    post_years: Ints
    former_post_years: Ints
    birth_date: npt.NDArray[np.datetime64]


def draw_careers(careers: Careers, session: int, kinds: Words, people: Participants, streams: Streams) -> Career:
    """Draw the career of everybody.

    Parameters
    ----------
    session : year of the rentrée, in which everybody has his age
    kinds : object[n], kind of corps of each candidate's discipline
    """
    count = len(people)
    trainee = people.category != "titulaire"
    former = people.category == "stagiaire_ex_titulaire"
    post_years = _post_years(careers, people, streams)
    earlier = np.where(
        trainee,
        streams.number("trainee_earlier_years", count, careers.trainee_earlier_years.value),
        streams.number("earlier_years", count, careers.earlier_years.value),
    )
    service = post_years + earlier
    grade = np.where(trainee, "normale", _grade(careers, service, streams))
    echelon, echelon_years = _echelon(careers, service, grade)
    as_trainee = streams.number("trainee_echelon", count, careers.trainee_echelons.value)
    return Career(
        corps=_corps(careers, kinds, streams),
        grade=grade,
        echelon=np.where(trainee & ~former, as_trainee, echelon),
        echelon_years=np.where(trainee, 0, echelon_years),
        post_years=np.where(trainee, 0, post_years),
        former_post_years=np.where(former, post_years, 0),
        birth_date=_birth_date(careers, session, service, streams),
    )


def _post_years(careers: Careers, people: Participants, streams: Streams) -> Ints:
    """Years in the post held, or in the former one; 0 for those who had none."""
    held = streams.number("post_years", len(people), careers.post_years.value)
    former = streams.number("mandatory_post_years", len(people), careers.mandatory_post_years.value)
    newcomer = np.isin(people.category, ("stagiaire", "stagiaire_ex_fonctionnaire"))
    years: Ints = np.where(newcomer, 0, np.where(people.mandatory, former, held))
    return years


def _grade(careers: Careers, service: Ints, streams: Streams) -> Words:
    """Classe normale, hors classe or classe exceptionnelle by years of service."""
    count = len(service)
    higher = streams.flags("hors_classe", count, careers.hors_classe_share.value)
    highest = streams.flags("exceptionnelle", count, careers.exceptionnelle_share.value)
    grade = np.full(count, "normale", dtype=object)
    grade[higher & (service >= careers.hors_classe_after_years.value)] = "hors_classe"
    grade[highest & (service >= careers.exceptionnelle_after_years.value)] = "exceptionnelle"
    return grade


def _echelon(careers: Careers, service: Ints, grade: Words) -> tuple[Ints, Ints]:
    """Échelon and full years in it; above the classe normale échelons follow each other at a steady pace."""
    starts = np.array([0.0, *careers.echelon_after_years.value])
    normal = np.searchsorted(starts, service, side="right")
    since = np.floor(service - starts[normal - 1]).astype(np.int64)
    entry = np.where(
        grade == "exceptionnelle", careers.exceptionnelle_after_years.value, careers.hors_classe_after_years.value
    ).astype(np.int64)
    above, pace = np.maximum(service - entry, 0), careers.years_per_upper_echelon.value
    higher = np.minimum(1 + above // pace, careers.upper_echelons.value)
    plain = grade == "normale"
    return np.where(plain, normal, higher), np.where(plain, since, above - pace * (higher - 1))


def _corps(careers: Careers, kinds: Words, streams: Streams) -> Words:
    """The corps of the discipline; in lettres and sciences, agrégés in the share of the profile."""
    general = kinds == "lettres_et_sciences"
    agrege = streams.flags("agrege", len(kinds), careers.agrege_share.value)
    return np.where(general, np.where(agrege, "agrege", "certifie"), kinds)


def _birth_date(careers: Careers, session: int, service: Ints, streams: Streams) -> npt.NDArray[np.datetime64]:
    """Born so that service started at the age drawn, on a day drawn inside the year; nobody above the oldest age."""
    age = service + streams.number("age_at_entry", len(service), careers.age_at_entry.value)
    age = np.minimum(age, careers.oldest.value)
    days = np.floor(streams.uniform("birthday", len(service)) * DAYS_A_YEAR).astype(np.int64)
    first = (session - age - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    dates: npt.NDArray[np.datetime64] = first + days.astype("timedelta64[D]")
    return dates
