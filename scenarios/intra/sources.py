"""Where communes and schools come from: drawn inside départements, or read; the same two tables either way."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import polars as pl

from engine.model.geography import Department, all_departments, distance_km
from scenarios.draws import Floats, Ints, Streams, apportion, choose, pick_within
from scenarios.intra.profile import Schools
from scenarios.intra.sphere import KM_PER_DEGREE

COMMUNE_COLUMNS = ("commune", "label", "department", "population", "lat", "lon")
SCHOOL_COLUMNS = ("place_id", "label", "form", "commune", "lat", "lon", "priority_education")
FORMS = ("CLG", "LGT", "LPO", "LP")
"""Forms of schools: collège, lycée, lycée polyvalent (a lycée and a section d'enseignement professionnel), LP."""


@dataclass(frozen=True, eq=False)
class Sources:
    """Communes and schools, drawn or read.

    Attributes
    ----------
    communes : `COMMUNE_COLUMNS`, sorted by commune
    schools : `SCHOOL_COLUMNS`, sorted by place_id
    drawn : whether they are fictitious
    """

    communes: pl.DataFrame
    schools: pl.DataFrame
    drawn: bool


def draw_sources(schools: Schools, streams: Streams) -> Sources:
    """Fictitious communes and schools in every département, after its population.

    The largest commune of a département is its chef-lieu, where it lies; the others follow by a power law of their rank
    and lie around it, within a reach that is a share of the distance to the nearest other chef-lieu.
    """
    inhabitants = _inhabitants()
    counts = {form: apportion(total, inhabitants) for form, total in zip(FORMS, _totals(schools), strict=True)}
    num_communes = np.maximum(1, np.round(counts["CLG"] * schools.communes_per_college.value)).astype(np.int64)
    communes = _draw_communes(schools, inhabitants, num_communes, streams)
    weights = communes["population"].to_numpy().astype(np.float64)
    exponent = {form: 1.0 if form == "CLG" else schools.lycees_in_towns.value for form in FORMS}
    drawn = [
        _draw_schools(form, counts[form], communes, weights ** exponent[form], num_communes, streams) for form in FORMS
    ]
    return Sources(communes.sort("commune"), pl.concat(drawn).sort("place_id"), drawn=True)


def _inhabitants() -> Floats:
    """float64[101]: inhabitants of each département in thousands, in the order of `all_departments`."""
    text = (files("scenarios.intra") / "inhabitants.toml").read_text(encoding="utf-8")
    by_code = tomllib.loads(text)
    return np.array([by_code[code] for code in all_departments()], dtype=np.float64)


def _totals(schools: Schools) -> tuple[int, ...]:
    figures = (schools.colleges, schools.lycees, schools.polyvalent_lycees, schools.professional_lycees)
    return tuple(figure.value for figure in figures)


def _draw_communes(schools: Schools, inhabitants: Floats, counts: Ints, streams: Streams) -> pl.DataFrame:
    department = np.repeat(np.arange(len(counts)), counts)
    rank = np.arange(len(department)) - np.repeat(np.cumsum(counts) - counts, counts)
    size = (rank + 1.0) ** -schools.commune_size_exponent.value
    size /= np.bincount(department, size)[department]
    seats = list(all_departments().values())
    low, high = schools.department_reach_km.value
    nearest = np.array([min(distance_km(seat, other) for other in seats if other is not seat) for seat in seats])
    reach = np.clip(schools.department_reach.value * nearest, low, high)
    away = np.where(rank == 0, 0.0, np.sqrt(streams.uniform("commune_away", len(rank)))) * reach[department]
    angle = 2 * np.pi * streams.uniform("commune_angle", len(rank))
    lat, lon = (np.array([getattr(seat, name) for seat in seats])[department] for name in ("lat", "lon"))
    codes = choose(list(all_departments()), department)
    return pl.DataFrame(
        {
            "commune": [_fictitious_code(seats[d], int(number)) for d, number in zip(department, rank, strict=True)],
            "label": [_label(seats[d], int(number)) for d, number in zip(department, rank, strict=True)],
            "department": codes.tolist(),
            "population": np.maximum(1, np.round(1000 * inhabitants[department] * size)).astype(np.int64),
            "lat": np.round(lat + away * np.sin(angle) / KM_PER_DEGREE, 4),
            "lon": np.round(lon + away * np.cos(angle) / (KM_PER_DEGREE * np.cos(np.radians(lat))), 4),
        }
    )


def _fictitious_code(department: Department, rank: int) -> str:
    """Five characters as of an INSEE code, counted down from the last of the département."""
    digits = 5 - len(department.code)
    return f"{department.code}{10**digits - 1 - rank:0{digits}d}"


def _label(seat: Department, rank: int) -> str:
    return seat.seat if rank == 0 else f"Commune {seat.code}-{rank + 1:03d}"


def _draw_schools(
    form: str, counts: Ints, communes: pl.DataFrame, weights: Floats, num_communes: Ints, streams: Streams
) -> pl.DataFrame:
    """The schools of one form: collèges one in each commune first, the others by the weights of communes."""
    ptr = np.concatenate(([0], np.cumsum(num_communes)))
    department = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(department)) - np.repeat(np.cumsum(counts) - counts, counts)
    at = pick_within(streams.uniform(f"school_{form}", len(department)), weights, ptr, department)
    if form == "CLG":
        at = np.where(number < num_communes[department], ptr[department] + number, at)
    rows = communes[at].select("commune", "department", "lat", "lon")
    name = pl.format("{}-{}-{}", "department", pl.lit(form), pl.Series("number", number + 1))
    return rows.select(
        place_id=name,
        label=name,
        form=pl.lit(form),
        commune="commune",
        lat="lat",
        lon="lon",
        priority_education=pl.lit(None, pl.String),
    )
