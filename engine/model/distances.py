"""Where inside his zone a candidate would rather be: distances from his indicative wish (seed 002, IV; DESIGN 7).

The *indicative wish* (vœu indicatif) of a contract is the most precise of the candidate's wishes ranked before it that
is more precise than it; of equals the first ranked. Distances are as the crow flies between communes: from that of the
post to the nearest one of the indicative wish, 0 inside it. Zones de remplacement are left out on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.model.campaign import Campaign
from engine.model.contracts import Contracts
from engine.model.geography import EARTH_RADIUS_KM
from engine.model.market import Ints, ShortInts
from engine.model.zones import NAME, places_of_zones

PRECISION = {"POST": 0, "ETB": 0, "COM": 1, "GEO": 2, "DPT": 3, "ACA": 4}  # smaller is more precise
OUTSIDE = 9  # zones de remplacement neither guide nor are guided
MICRO = 1_000_000
NOWHERE = -1

Radians = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Indications:
    """What is needed to measure any zone granted from any indicative wish of a campaign.

    Attributes
    ----------
    zone_ptr, zone_post : int64[z+1], int32[], posts of every zone
    zone : int32[k], the zone of each contract (row of `Contracts.rows`)
    guide : int64[k], the number of the name by which the indicative wish of each contract asks, or -1
    town : int64[m], the commune of each post, or -1 where it lies nowhere
    goal_ptr, goal : int64[names+1], int64[], the communes of every name
    lat, lon : float64[], where the communes lie, in radians
    """

    zone_ptr: Ints
    zone_post: ShortInts
    zone: ShortInts
    guide: Ints
    town: Ints
    goal_ptr: Ints
    goal: Ints
    lat: Radians
    lon: Radians

    def distances(self, held: Ints) -> tuple[Ints, Ints]:
        """How far each post of the zone granted is from the indicative wish.

        Parameters
        ----------
        held : int64[n], for each candidate the row of `Contracts.rows` he holds, or -1

        Returns
        -------
        ptr : int64[n+1]
            Distances of candidate i are ``ptr[i]:ptr[i+1]``: one for each post of the zone he holds, in the order of
            `zone_post`; none where all its posts are alike to him: no indicative wish, a zone of one post, or a place
            whose coordinates are not known.
        cost : int64[]
            Metres.
        """
        candidates = np.flatnonzero(held >= 0)
        candidates = candidates[self.guide[held[candidates]] >= 0]
        zone, guide = self.zone[held[candidates]], self.guide[held[candidates]]
        width = np.diff(self.zone_ptr)[zone]
        town = self.town[self.zone_post[_ranges(self.zone_ptr[zone], width)]]
        key = np.repeat(guide, width) * len(self.lat) + town
        located = (np.minimum.reduceat(town, np.cumsum(width) - width) >= 0) if len(width) else width >= 0
        located &= (width > 1) & (np.diff(self.goal_ptr)[guide] > 0)
        pairs, number = np.unique(key[np.repeat(located, width)], return_inverse=True)
        counts = np.zeros(len(held), dtype=np.int64)
        counts[candidates[located]] = width[located]
        return np.concatenate(([0], np.cumsum(counts))), self._nearest(pairs)[number]

    def _nearest(self, pairs: Ints) -> Ints:
        """int64[]: metres for each pair of a name and a town, written as name times the number of towns plus town."""
        if not len(pairs):
            return pairs
        name, town = np.divmod(pairs, len(self.lat))
        num_goals = np.diff(self.goal_ptr)[name]
        goal = self.goal[_ranges(self.goal_ptr[name], num_goals)]
        start = np.repeat(town, num_goals)
        half = np.sin((self.lat[goal] - self.lat[start]) / 2) ** 2  # haversine formula
        half += np.cos(self.lat[start]) * np.cos(self.lat[goal]) * np.sin((self.lon[goal] - self.lon[start]) / 2) ** 2
        metres = np.rint(2000 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1)))).astype(np.int64)
        nearest: Ints = np.minimum.reduceat(metres, np.cumsum(num_goals) - num_goals)
        return nearest


def indications(campaign: Campaign, contracts: Contracts) -> Indications:
    """The indications of a campaign."""
    guides = _guides(contracts.rows)
    asked = contracts.rows.select(NAME)[guides[guides >= 0]]
    names = asked.unique(maintain_order=True).with_row_index("name")
    number = np.full(len(guides), NOWHERE, dtype=np.int64)
    number[guides >= 0] = asked.join(names, on=NAME, how="left", nulls_equal=True, maintain_order="left")["name"]
    communes = _communes(campaign)
    towns = campaign.posts.join(communes, on="place_id", how="left", maintain_order="left")["town"]
    where = communes.select("town", "lat", "lon").unique("town").sort("town")
    goals = _goals(campaign, communes, names)
    per_name = np.bincount(goals["name"].to_numpy(), minlength=names.height)
    return Indications(
        zone_ptr=contracts.zones.ptr,
        zone_post=contracts.zones.post,
        zone=contracts.rows["zone"].cast(pl.Int32).to_numpy(),
        guide=number,
        town=towns.cast(pl.Int64).fill_null(NOWHERE).to_numpy(),
        goal_ptr=np.concatenate(([0], np.cumsum(per_name))),
        goal=goals["goal"].cast(pl.Int64).to_numpy(),
        lat=np.radians(where["lat"].to_numpy()),
        lon=np.radians(where["lon"].to_numpy()),
    )


def indicative_distances(campaign: Campaign, contracts: Contracts, held: Ints) -> tuple[Ints, Ints]:
    """The same for one question: see `Indications.distances`."""
    return indications(campaign, contracts).distances(held)


def _guides(rows: pl.DataFrame) -> Ints:
    """int64[k]: the row of the indicative wish of each contract, -1 for none."""
    precision = rows["kind"].replace_strict(PRECISION, default=OUTSIDE, return_dtype=pl.Int64).to_numpy()
    owner, here = rows["candidate"].cast(pl.Int64).to_numpy(), np.arange(rows.height)
    guides = np.full(rows.height, NOWHERE, dtype=np.int64)
    for level in sorted(set(PRECISION.values()), reverse=True):  # the more precise the later, and it prevails
        at_level = np.flatnonzero(precision == level)
        first = np.full(int(owner.max(initial=-1)) + 1, rows.height)
        np.minimum.at(first, owner[at_level], at_level)
        guided = (first[owner] < here) & (precision > level) & (precision < OUTSIDE)
        guides[guided] = first[owner[guided]]
    return guides


def _communes(campaign: Campaign) -> pl.DataFrame:
    """Where the commune of each place lies, the mean of its schools: place_id, town (its number), lat, lon, degrees.

    A place without commune is a town of its own; a place without coordinates takes those of its commune.
    """
    schools = campaign.places.filter(pl.col("kind") != "ZR")
    named = schools.with_columns(name=pl.coalesce("commune", pl.concat_str(pl.lit("@"), "place_id")))
    exact = [(pl.col(axis) * MICRO).round().cast(pl.Int64) for axis in ("lat", "lon")]  # sums in any order are the same
    by_commune = named.with_columns(exact).drop_nulls(["lat", "lon"]).group_by("name")
    located = by_commune.agg(pl.col(axis).sum() / pl.len() / MICRO for axis in ("lat", "lon"))
    located = located.sort("name").with_row_index("town")
    return named.select("place_id", "name").join(located, on="name").drop("name")


def _goals(campaign: Campaign, communes: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """The communes of each name: name, goal (a town); sorted."""
    posts = campaign.posts.select(kind=pl.lit("POST"), code="post_id", place_id="place_id")
    covered = pl.concat([places_of_zones(campaign).select("kind", "code", "place_id"), posts])
    types = campaign.places.select("place_id", place_type="school_type")
    parts = names.join(covered, on=["kind", "code"]).join(types, on="place_id")
    parts = parts.filter(pl.col("school_type").is_null() | (pl.col("school_type") == pl.col("place_type")))
    return (
        parts.join(communes.select("place_id", goal="town"), on="place_id")
        .select("name", "goal")
        .unique()
        .sort("name", "goal")
    )


def _ranges(start: Ints, length: Ints) -> Ints:
    """int64[]: start, start + 1, ... of each, as many as its length, one after the other."""
    before = np.cumsum(length) - length
    return np.repeat(start - before, length) + np.arange(int(length.sum()))
