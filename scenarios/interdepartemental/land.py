"""The départements: codes, académies, distances, which of them are in Île-de-France and overseas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.model.geography import ILE_DE_FRANCE, academies, all_departments, distance_km
from scenarios.draws import Flags, Floats
from scenarios.figures import ScenarioError


@dataclass(frozen=True, eq=False)
class Land:
    """Départements in the order of their codes.

    Attributes
    ----------
    codes, names, academies : the number, the name and the académie of each
    kilometres : float64[d, d], great-circle distances between seats
    ile_de_france, overseas : bool[d]
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    academies: tuple[str, ...]
    kilometres: Floats
    ile_de_france: Flags
    overseas: Flags

    def __len__(self) -> int:
        return len(self.codes)

    def values(self, name: str, by_code: Mapping[str, float], default: float | None = None) -> Floats:
        """float64[d]: the values of a table in the order of `codes`.

        Raises `ScenarioError` for a code that is no département, or one that is missing where there is no default.
        """
        unknown, missing = set(by_code) - set(self.codes), set(self.codes) - set(by_code)
        if unknown or (missing and default is None):
            told = f"{sorted(unknown)} are no départements, {sorted(missing)} have no value"
            raise ScenarioError(f"{name}: {told}.")
        return np.array([by_code.get(code, default) for code in self.codes], dtype=np.float64)


def land_of(session: int) -> Land:
    """The 101 départements with the académies of a session (year of the rentrée)."""
    rows = sorted(all_departments().values(), key=lambda row: row.code)
    academy = {code: one for one in academies(session).values() for code in one.departments}
    return Land(
        codes=tuple(row.code for row in rows),
        names=tuple(row.name for row in rows),
        academies=tuple(academy[row.code].code for row in rows),
        kilometres=np.array([[distance_km(a, b) for b in rows] for a in rows]),
        ile_de_france=np.array([academy[row.code].code in ILE_DE_FRANCE for row in rows]),
        overseas=np.array([academy[row.code].overseas for row in rows]),
    )
