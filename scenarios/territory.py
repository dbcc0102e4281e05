"""The académies of a session as arrays: distances, contacts, reach of the extension, and weights of a profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.model.geography import ILE_DE_FRANCE, academies, academy_of_department, all_academies, distance_km
from scenarios.draws import Flags, Floats
from scenarios.figures import ScenarioError

CORSE = "27"


@dataclass(frozen=True, eq=False)
class Territory:
    """Académies in the order of their codes.

    Attributes
    ----------
    codes : the two digits of each académie
    departments : the départements of each
    kilometres : float64[a, a], great-circle distances between seats
    overseas : bool[a]
    reached : bool[a], what the extension may reach: neither overseas nor Corse (RULES 1.5)
    ile_de_france : bool[a]
    """

    codes: tuple[str, ...]
    departments: tuple[tuple[str, ...], ...]
    kilometres: Floats
    overseas: Flags
    reached: Flags
    ile_de_france: Flags

    def weights(self, name: str, by_code: Mapping[str, float], *, complete: bool = True) -> Floats:
        """float64[a]: values of a table in the order of `codes`, 0 where absent and `complete` is False.

        Raises `ScenarioError` for a code that is no académie of the session, or one that is missing.
        """
        unknown = set(by_code) - set(self.codes)
        missing = set(self.codes) - set(by_code) if complete else set()
        if unknown or missing:
            wrong = ", ".join(sorted(unknown)) or "none"
            raise ScenarioError(
                f"{name}: codes that are no académie: {wrong}; académies without a value: {sorted(missing)}"
            )
        return np.array([by_code.get(code, 0.0) for code in self.codes])


def succeeded(by_code: Mapping[str, float], session: int) -> dict[str, float]:
    """Values by académie for another session: those of académies that are one by then are added up."""
    in_force = academies(session)
    gone = {a.code: a.departments[0] for a in all_academies() if a.code not in in_force}
    total: dict[str, float] = {}
    for code, value in by_code.items():
        heir = academy_of_department(gone[code], session) if code in gone else code
        total[heir] = total.get(heir, 0.0) + value
    return total


def territory(session: int) -> Territory:
    """The académies in force in a session (year of the rentrée)."""
    known = academies(session)
    codes = tuple(sorted(known))
    rows = [known[code] for code in codes]
    overseas = np.array([row.overseas for row in rows])
    return Territory(
        codes=codes,
        departments=tuple(row.departments for row in rows),
        kilometres=np.array([[distance_km(a, b) for b in rows] for a in rows]),
        overseas=overseas,
        reached=~overseas & (np.array(codes) != CORSE),
        ile_de_france=np.isin(codes, ILE_DE_FRANCE),
    )
