"""What a small population keeps: fewer académies and fewer disciplines, each market as large as at full size.

A market is a discipline in an académie. At a scale below 1 the square root of it is the share of the académies kept,
and so for the disciplines (what a single académie cannot give is taken off the disciplines): not the first ones, but
some of every size. At a scale above 1 all are kept, and every school has that many times its posts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from engine.model.geography import academies
from scenarios.draws import Floats, Ints
from scenarios.figures import ScenarioError
from scenarios.intra.profile import Discipline, IntraProfile, SchoolType
from scenarios.intra.sources import Sources

TYPES_OF_FORM: dict[str, tuple[SchoolType, ...]] = {
    "CLG": ("CLG",),
    "LGT": ("LYC",),
    "LPO": ("LYC", "SEP"),
    "LP": ("LP",),
}


@dataclass(frozen=True)
class Selection:
    """The markets of a population.

    Attributes
    ----------
    academies : codes, sorted
    disciplines : code and facts of each, in the order of the profile
    density : what the mean numbers of posts are multiplied by, so that posts per candidate are those of full size
    """

    academies: tuple[str, ...]
    disciplines: dict[str, Discipline]
    density: float


def select(profile: IntraProfile, sources: Sources, scale: float) -> Selection:
    """The markets of a population at a scale.

    Raises `ScenarioError` for a code that is no académie of the session, or an académie without a school.
    """
    facts = profile.population.disciplines.value
    every, codes = list(facts), _academies(profile)
    expected = _expected_posts(profile, sources, codes)
    empty = [code for code, posts in zip(codes, expected.sum(axis=1), strict=True) if posts == 0]
    if empty:
        raise ScenarioError(f"académies without a public school: {', '.join(empty)}.")
    num_academies = max(1, round(len(codes) * min(1.0, scale) ** 0.5))
    num_disciplines = max(1, round(len(every) * len(codes) * min(1.0, scale) / num_academies))
    rows = _of_every_size(expected.sum(axis=1), num_academies)
    columns = _of_every_size(expected.sum(axis=0), min(num_disciplines, len(every)))
    kept = expected[np.ix_(rows, columns)].sum()
    return Selection(
        academies=tuple(codes[row] for row in rows),
        disciplines={every[column]: facts[every[column]] for column in columns},
        density=scale * float(expected.sum() / kept),
    )


def _academies(profile: IntraProfile) -> list[str]:
    known = academies(profile.session)
    codes = sorted(profile.population.academies.value or known)
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise ScenarioError(f"no académie of session {profile.session}: {', '.join(unknown)}.")
    return codes


def _of_every_size(size: Floats, count: int) -> Ints:
    """int64[count], ascending: evenly spaced in the order of sizes."""
    order = np.argsort(-size, kind="stable")
    steps = np.floor((np.arange(count) + 0.5) * len(size) / count).astype(np.int64)
    return np.sort(order[steps])


def _expected_posts(profile: IntraProfile, sources: Sources, codes: list[str]) -> Floats:
    """float64[a, d]: expected posts of each discipline in each académie, sections of collèges left out."""
    known = academies(profile.session)
    academy_of = {department: code for code in codes for department in known[code].departments}
    located = sources.schools.join(sources.communes.select("commune", "department"), on="commune")
    here = located.filter(pl.col("department").is_in(list(academy_of)))
    schools = here.select("form", academy=pl.col("department").replace_strict(academy_of, return_dtype=pl.String))
    counts = schools.group_by("academy", "form").len().rows_by_key(["academy", "form"], unique=True)
    facts = profile.population.disciplines.value.values()
    mean = {
        form: [sum(d.posts.get(kind, 0.0) for kind in kinds) for d in facts] for form, kinds in TYPES_OF_FORM.items()
    }
    rows = [sum(counts.get((code, form), 0) * np.array(means) for form, means in mean.items()) for code in codes]
    return np.array(rows, dtype=np.float64)
