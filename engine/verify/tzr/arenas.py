"""For each discipline and zone, what its TZR have and could have, as arrays. Nothing here comes from a solver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.model.geography import EARTH_RADIUS_KM
from engine.model.market import Ints
from engine.verify.tzr.audit import AdjustmentAudit

Mask = npt.NDArray[np.bool_]
UNCOVERED = 10**9
OPEN = -1


@dataclass(frozen=True, eq=False)
class Arena:
    """The TZR and needs of one discipline and zone.

    Attributes
    ----------
    discipline, zone : which
    tzr : candidate_id, owed, low, high, order, the strongest first
    needs : need_id, place_id, hours, sorted by school
    school, hours : int64[m], of each need
    owner : int64[m], the TZR (row) who has it, or `OPEN`
    elsewhere : bool[m], whether a TZR of another zone has it
    near : bool[s, s], which schools may be in one service
    rank, metres : int64[n, s], the preference that covers a school (`UNCOVERED`: none), metres from the attachment
    """

    discipline: str
    zone: str
    tzr: pl.DataFrame
    needs: pl.DataFrame
    school: Ints
    hours: Ints
    owner: Ints
    elsewhere: Mask
    near: Mask
    rank: Ints
    metres: Ints

    def own(self, i: int) -> Ints:
        """int64[4]: hours, rank, metres, number of schools of the service of a TZR; hours 0 for none."""
        rows = np.flatnonzero(self.owner == i)
        return self.told(i, rows)

    def told(self, i: int, rows: Ints) -> Ints:
        """int64[4]: how a TZR sees some needs: hours, rank, metres, number of schools."""
        if not len(rows):
            return np.array([0, UNCOVERED, UNCOVERED, UNCOVERED], dtype=np.int64)
        schools = np.unique(self.school[rows])
        hours, rank = self.hours[rows].sum(), self.rank[i, schools].max()
        return np.array([hours, rank, self.metres[i, schools].sum(), len(schools)], dtype=np.int64)


def arenas_of(audit: AdjustmentAudit) -> Iterator[Arena]:
    """Every discipline and zone with TZR that are judged, in their order; without those whom decisions place, and the
    needs these have."""
    apart = pl.col("candidate_id").is_in(list(audit.pinned))
    return _arenas(audit, audit.staff.filter(~apart), audit.given.filter(apart)["need_id"])


def arenas_by_the_bareme(audit: AdjustmentAudit) -> Iterator[Arena]:
    """Those of the disciplines and zones of pinned TZR, as if nothing had been decided."""
    pinned = audit.staff.filter(pl.col("candidate_id").is_in(list(audit.pinned)))
    concerned = audit.staff.join(pinned, on=["discipline", "zone"], how="semi")
    return _arenas(audit, concerned, pl.Series([], dtype=pl.String))


def _arenas(audit: AdjustmentAudit, people: pl.DataFrame, aside: pl.Series) -> Iterator[Arena]:
    """The arenas of some TZR, without some needs."""
    where = audit.campaign.places.select("place_id", "lat", "lon")
    owners = audit.given.select("need_id", "candidate_id").unique("need_id")
    needs = audit.campaign.needs.filter(~pl.col("need_id").is_in(aside.implode()))
    needs = needs.join(owners, on="need_id", how="left")
    reached = needs.join(audit.reach, on="place_id").sort("zone", "discipline", "place_id", "need_id")
    by_zone = reached.partition_by("discipline", "zone", as_dict=True)
    staff = people.drop_nulls("zone").sort("discipline", "zone", "order")
    for key, tzr in staff.partition_by("discipline", "zone", as_dict=True, maintain_order=True).items():
        if key in by_zone:
            yield _arena(audit, tzr, by_zone[key], where)


def _arena(audit: AdjustmentAudit, tzr: pl.DataFrame, needs: pl.DataFrame, where: pl.DataFrame) -> Arena:
    places = needs.select("place_id").unique().sort("place_id").with_row_index("school")
    located = places.join(where, on="place_id", how="left", maintain_order="left")
    rows = tzr.select("candidate_id").with_row_index("row")
    told = needs.join(rows, on="candidate_id", how="left", maintain_order="left")
    told = told.join(places, on="place_id", how="left", maintain_order="left")
    attached = tzr.select(place_id="attached").join(where, on="place_id", how="left", maintain_order="left")
    rank = np.full((tzr.height, places.height), UNCOVERED, dtype=np.int64)
    found = audit.ranks.join(rows, on="candidate_id").join(places, on="place_id")
    rank[found["row"].to_numpy(), found["school"].to_numpy()] = found["rank"].to_numpy()
    most = 1000 * audit.campaign.rules.count("services", "max_km")
    return Arena(
        discipline=tzr["discipline"][0],
        zone=tzr["zone"][0],
        tzr=tzr,
        needs=needs,
        school=told["school"].cast(pl.Int64).to_numpy(),
        hours=told["hours"].to_numpy(),
        owner=told["row"].cast(pl.Int64).fill_null(OPEN).to_numpy(),
        elsewhere=(told["row"].is_null() & told["candidate_id"].is_not_null()).to_numpy(),
        near=metres_between(located, located) <= most,
        rank=rank,
        metres=metres_between(attached, located),
    )


def metres_between(start: pl.DataFrame, goal: pl.DataFrame) -> Ints:
    """int64[p, q]: great-circle distances between places with lat and lon; 0 where one lies nowhere."""
    (lat_a, lon_a), (lat_b, lon_b) = (
        np.radians(t.select("lat", "lon").cast(pl.Float64).to_numpy()).T for t in (start, goal)
    )
    north, east = np.sin((lat_b[None] - lat_a[:, None]) / 2), np.sin((lon_b[None] - lon_a[:, None]) / 2)
    half = north**2 + np.cos(lat_a)[:, None] * np.cos(lat_b)[None] * east**2
    metres = 2000 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1)))
    whole: Ints = np.rint(np.where(np.isnan(metres), 0, metres)).astype(np.int64)
    return whole
