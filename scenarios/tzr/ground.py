"""Schools and zones de remplacement of an académie, and which zone of each size every school is in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from engine.model.geography import EARTH_RADIUS_KM
from scenarios.draws import Floats, Ints
from scenarios.figures import ScenarioError
from scenarios.intra.land import Land
from scenarios.tzr.profile import TzrProfile


@dataclass(frozen=True, eq=False)
class Ground:
    """Where TZR of every discipline are and may teach.

    Attributes
    ----------
    schools : place_id, school_type, commune, grouping, department, zone, whole_zone, lat, lon
    zones : codes of the ZR, sorted
    zone : int64[2, s], the number of the ZR each school is in: of the small ones, of those of a whole département
    small : bool[d], whether the ZR of each discipline are the small ones
    weight : float64[d, s], how much a discipline is taught in a school
    """

    schools: pl.DataFrame
    zones: tuple[str, ...]
    zone: Ints
    small: np.ndarray[tuple[int], np.dtype[np.bool_]]
    weight: Floats

    def zone_of(self, discipline: Ints, school: Ints) -> Ints:
        """The number of the ZR of a discipline that a school is in."""
        return self.zone[np.where(self.small[discipline], 0, 1), school]

    def kilometres(self, start: int, goals: Ints) -> Floats:
        """float64[]: great-circle distances from a school to others."""
        lat, lon = np.radians(self.schools.select("lat", "lon").to_numpy()).T
        half = np.sin((lat[goals] - lat[start]) / 2) ** 2
        half += np.cos(lat[start]) * np.cos(lat[goals]) * np.sin((lon[goals] - lon[start]) / 2) ** 2
        km: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1)))
        return km


def ground_of(profile: TzrProfile, land: Land) -> Ground:
    """The ground of a profile. Raises `ScenarioError` for a discipline that no school of the académie teaches."""
    schools = land.places.filter(pl.col("zone").is_not_null()).sort("place_id")
    zones = tuple(sorted({*schools["zone"], *schools["whole_zone"]}))
    number = {code: i for i, code in enumerate(zones)}
    facts = profile.population.disciplines.value
    weight = np.array([[fact.schools.get(kind, 0.0) for kind in schools["school_type"]] for fact in facts.values()])
    untaught = [name for name, row in zip(facts, weight, strict=True) if row.sum() == 0]
    if untaught:
        raise ScenarioError(f"{', '.join(untaught)}: no school of the académie is of the types that teach it.")
    columns = [
        schools[name].replace_strict(number, return_dtype=pl.Int64).to_numpy() for name in ("zone", "whole_zone")
    ]
    small = np.array([fact.small_zones for fact in facts.values()])
    return Ground(schools, zones, np.array(columns), small, weight)
