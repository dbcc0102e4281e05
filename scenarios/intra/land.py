"""The land of a campaign: places with their communes, groupements and zones de remplacement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from engine.model.geography import academies, all_departments
from scenarios.draws import Streams
from scenarios.intra.profile import REPLACEMENT, Schools
from scenarios.intra.sources import Sources
from scenarios.intra.sphere import points
from scenarios.intra.zoning import gather


@dataclass(frozen=True, eq=False)
class Land:
    """Where posts are and where people live.

    Attributes
    ----------
    academies : codes, in the order of their numbers
    departments : codes, sorted by académie, then by code
    communes : commune, label, population, lat, lon, department, academy, grouping, zone: those with a school, sorted by
        académie, département, commune
    places : place_id, label, school_type (of `PLACE_TYPES`), commune, grouping, department, academy, lat, lon,
        priority_education, zone and whole_zone (of a school: place_id of the smaller ZR that covers it, and of the one
        of the département), small (of a ZR: smaller than the département): schools and ZR, sorted by académie, place_id
    """

    academies: tuple[str, ...]
    departments: tuple[str, ...]
    communes: pl.DataFrame
    places: pl.DataFrame


def build_land(sources: Sources, schools: Schools, codes: Sequence[str], session: int, streams: Streams) -> Land:
    """The land of some académies of a session, each with a school at least; départements without one are left out."""
    academy_of = {d: code for code in codes for d in academies(session)[code].departments}
    communes = _communes(sources, schools, academy_of)
    departments = communes.unique("department").sort("academy", "department")["department"]
    places = [_schools(sources, schools, communes, streams), _zones(communes)]
    return Land(
        academies=tuple(sorted(codes)),
        departments=tuple(departments),
        communes=communes,
        places=pl.concat(places, how="diagonal").sort("academy", "place_id"),
    )


def _communes(sources: Sources, schools: Schools, academy_of: dict[str, str]) -> pl.DataFrame:
    """The communes with a school, gathered in groupements and zones de remplacement."""
    inhabited = sources.communes.join(sources.schools, on="commune", how="semi")
    academy = pl.col("department").replace_strict(academy_of, default=None, return_dtype=pl.String)
    here = inhabited.with_columns(academy=academy).drop_nulls("academy").sort("academy", "department", "commune")
    per_grouping = schools.communes_per_grouping.value
    groupings = _around_towns(here, per_grouping)
    zones = _around_towns(here, per_grouping * schools.groupings_per_zone.value)
    department, number = pl.col("department").str.zfill(3), zones.cast(pl.String).str.zfill(3)
    return here.with_columns(
        grouping=pl.format("{}95{}", department, groupings),
        zone=pl.format("{}{}ZR", department, number),
        whole_zone=pl.format("{}000ZR", department),
    )


def _around_towns(communes: pl.DataFrame, per_town: float) -> pl.Series:
    """Number of the town each commune lies around, from 1 in each département."""
    group = communes["department"].rle_id().cast(pl.Int64).to_numpy()
    counts = np.maximum(1, np.round(np.bincount(group) / per_town)).astype(np.int64)
    town = gather(points(communes), communes["population"].to_numpy().astype(np.float64), group, counts)
    return pl.Series("number", town - (np.cumsum(counts) - counts)[group] + 1)


def _schools(sources: Sources, schools: Schools, communes: pl.DataFrame, streams: Streams) -> pl.DataFrame:
    """Schools, with the sections they carry as places of their own: SEP of polyvalent lycées, SEGPA of collèges."""
    area = communes.select("commune", "department", "academy", "grouping", "zone", "whole_zone")
    known = _labelled(sources, schools, streams).join(area, on="commune")
    carried = {"SEP": pl.col("form") == "LPO", "SEGPA": pl.col("has_segpa") & (pl.col("form") == "CLG")}
    sections = [
        known.filter(carries).with_columns(
            place_id=pl.format("{}-{}", "place_id", pl.lit(kind)),
            label=pl.format("{} {}", pl.lit(kind), "label"),
            school_type=pl.lit(kind),
        )
        for kind, carries in carried.items()
    ]
    typed = known.with_columns(school_type=pl.col("form").replace({"LGT": "LYC", "LPO": "LYC"}))
    return pl.concat([typed, *sections]).drop("form", "has_segpa")


def _labelled(sources: Sources, schools: Schools, streams: Streams) -> pl.DataFrame:
    """The schools with what is drawn of them: which carry a SEGPA, and where nothing was read, which are REP."""
    count, found = sources.schools.height, sources.schools
    segpa = streams.flags("segpa", count, schools.segpa_share.value)
    known = found.with_columns(has_segpa=pl.Series(segpa))
    if not sources.drawn:
        return known
    uniform = pl.Series(streams.uniform("priority_education", count))
    plus, either = schools.rep_plus_share.value, schools.rep_plus_share.value + schools.rep_share.value
    label = pl.when(uniform < plus).then(pl.lit("REP+")).when(uniform < either).then(pl.lit("REP"))
    return known.with_columns(priority_education=pl.when(pl.col("form") == "CLG").then(label))


def _zones(communes: pl.DataFrame) -> pl.DataFrame:
    """Zones de remplacement: those around towns, and one for each whole département."""
    middle = {"lat": pl.col("lat").mean().round(4), "lon": pl.col("lon").mean().round(4)}
    largest = pl.col("label").sort_by("population", "commune").last()
    small = communes.group_by("academy", "department", place_id="zone").agg(
        label=pl.format("ZR {}", largest), **middle, small=pl.lit(True)
    )
    names = {code: department.name for code, department in all_departments().items()}
    whole = communes.group_by("academy", "department", place_id="whole_zone").agg(**middle, small=pl.lit(False))
    whole = whole.with_columns(label=pl.format("ZR {}", pl.col("department").replace(names)))
    return pl.concat([small, whole], how="diagonal").with_columns(school_type=pl.lit(REPLACEMENT))
