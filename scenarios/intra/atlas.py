"""The land in numbers: which commune, groupement, département and académie each place is in, and where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from scenarios.draws import Flags, Floats, Ints
from scenarios.intra.land import Land
from scenarios.intra.profile import PLACE_TYPES, REPLACEMENT
from scenarios.intra.sphere import points

NOWHERE = -1
ZR = PLACE_TYPES.index(REPLACEMENT)


@dataclass(frozen=True, eq=False)
class Atlas:
    """Rows of `Land.places` (p of them) and of `Land.communes` (c of them) as arrays.

    Attributes
    ----------
    codes : kind of wish -> codes of the zones of that kind, by number (COM and ETB: rows of communes and places)
    zone_of : ETB, COM, GEO, DPT, ACA -> int64[p], number of the zone each place is in; `NOWHERE` where a ZR is in none
    type_of : int64[p], number among `PLACE_TYPES`
    priority_education : bool[p], REP or REP+
    position, commune_position : float64[p, 3], float64[c, 3] (`scenarios.intra.sphere`)
    inhabitants : float64[c]
    commune_department : int64[c]
    place_ptr, commune_ptr, department_ptr : int64[a + 1]: rows of an académie are consecutive
    """

    codes: dict[str, list[str]]
    zone_of: dict[str, Ints]
    type_of: Ints
    priority_education: Flags
    position: Floats
    commune_position: Floats
    inhabitants: Floats
    commune_department: Ints
    place_ptr: Ints
    commune_ptr: Ints
    department_ptr: Ints

    @property
    def replacement(self) -> Flags:
        """bool[p]: zones de remplacement."""
        return np.equal(self.type_of, ZR)


def build_atlas(land: Land) -> Atlas:
    """The numbers of a land."""
    places, communes = land.places, land.communes
    groupings = communes["grouping"].unique().sort().to_list()
    codes = {
        "ETB": places["place_id"].to_list(),
        "COM": communes["commune"].to_list(),
        "GEO": groupings,
        "DPT": list(land.departments),
        "ACA": list(land.academies),
    }
    columns = {"ETB": "place_id", "COM": "commune", "GEO": "grouping", "DPT": "department", "ACA": "academy"}
    zone_of = {kind: numbers(places[column], codes[kind]) for kind, column in columns.items()}
    by_department = communes.unique("department").sort("academy", "department")
    return Atlas(
        codes={**codes, "ZRE": codes["ETB"], "ZRD": codes["DPT"], "ZRA": codes["ACA"]},
        zone_of=zone_of,
        type_of=numbers(places["school_type"], PLACE_TYPES),
        priority_education=places["priority_education"].is_not_null().to_numpy(),
        position=points(places),
        commune_position=points(communes),
        inhabitants=communes["population"].to_numpy().astype(np.float64),
        commune_department=numbers(communes["department"], land.departments),
        place_ptr=_starts(zone_of["ACA"], len(land.academies)),
        commune_ptr=_starts(numbers(communes["academy"], land.academies), len(land.academies)),
        department_ptr=_starts(numbers(by_department["academy"], land.academies), len(land.academies)),
    )


def numbers(words: pl.Series, known: Sequence[str]) -> Ints:
    """int64[n]: the number of each word among those known, `NOWHERE` where there is none."""
    table = {word: number for number, word in enumerate(known)}
    return words.replace_strict(table, default=NOWHERE, return_dtype=pl.Int64).fill_null(NOWHERE).to_numpy()


def _starts(group: Ints, count: int) -> Ints:
    return np.searchsorted(group, np.arange(count + 1)).astype(np.int64)
