"""The thin waist of the adjustment: TZR and needs as arrays, one block for each part that shares nothing with another.

A *block* is made of the TZR of one discipline whose zones share a needed school, and of the needs they reach. Needs of
the same school and as many hours are alike: they are one *lot* of several pieces.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.model.campaign import Campaign
from engine.model.geography import EARTH_RADIUS_KM
from engine.model.market import Ints
from engine.model.priorities import draws
from engine.model.scoring import BIRTH_DATE, Scored
from engine.model.tzr.reach import reached_places, schools_of_zones, zone_of_tzr

Radians = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NOTHING: Ints = np.empty(0, dtype=np.int64)

UNRANKED = 1_000_000
"""Rank of a school that no preference covers: behind all that one does."""


@dataclass(frozen=True, eq=False)
class Block:
    """One part of an adjustment.

    Attributes
    ----------
    tzr : int64[n], rows of the table of candidates, the strongest first
    kind : int64[n], the kind of each TZR: same zone, same hours owed
    low, high : int64[k], thousandths of an hour: the least and the most a service of each kind has
    owed : int64[k], thousandths of an hour
    reach : bool[k, l], whether the lot lies in the zone of the kind
    school : int64[l], the school of each lot; lots are in the order of their schools, then of their hours
    hours : int64[l], thousandths of an hour of one piece
    pieces : int64[l], how many needs a lot has
    need_ptr, need : int64[l+1], int64[], the needs of each lot: rows of the table of needs
    places : of each school, its place_id
    rank : int64[n, s], the first preference of each TZR that covers the school, or `UNRANKED`
    metres : int64[n, s], from the school of attachment; 0 where either lies nowhere
    apart : int64[s, s], metres between two schools; 0 where either lies nowhere
    """

    tzr: Ints
    kind: Ints
    low: Ints
    high: Ints
    owed: Ints
    reach: Mask
    school: Ints
    hours: Ints
    pieces: Ints
    need_ptr: Ints
    need: Ints
    places: tuple[str, ...]
    rank: Ints
    metres: Ints
    apart: Ints

    @property
    def staff(self) -> Ints:
        """int64[k]: how many TZR of each kind there are."""
        return np.bincount(self.kind, minlength=len(self.low))


def order_of_tzr(campaign: Campaign, scored: Scored) -> pl.DataFrame:
    """The TZR with their points and place in the order: candidate_id, points, order (1 is the strongest of all).

    Points, then the older birth date where the rulebook breaks ties by it, then the lot drawn.
    """
    people = campaign.candidates.select("candidate_id", BIRTH_DATE).sort("candidate_id")
    points = scored.requests.select("candidate_id", points="kept_points_without_wishes")
    by_age = BIRTH_DATE in campaign.rules.codes("tie_breaks", "order")
    age = pl.col(BIRTH_DATE) if by_age else pl.lit(None, pl.Date)
    rows = people.join(points, on="candidate_id", maintain_order="left").with_columns(
        age=age, draw=draws(people["candidate_id"], campaign.settings.seed)
    )
    ranked = rows.sort("points", "age", "draw", descending=[True, False, True], nulls_last=True)
    return ranked.select("candidate_id", "points").with_row_index("order", offset=1).sort("candidate_id")


def staff_of(campaign: Campaign, scored: Scored) -> pl.DataFrame:
    """candidate (row), candidate_id, discipline, zone, owed, low, high (thousandths of an hour), points, order."""
    rules = campaign.rules
    corps = rules.hours_by_corps("services", "owed")
    by_corps = pl.col("corps").replace_strict(corps, default=None, return_dtype=pl.Int64)
    owed = pl.coalesce("hours", by_corps)
    people = campaign.candidates.with_row_index("candidate").select("candidate", "candidate_id", owed=owed)
    table = people.join(zone_of_tzr(campaign), on="candidate_id", maintain_order="left")
    missing, overtime = rules.hours("services", "missing"), rules.hours("services", "overtime")
    return table.join(order_of_tzr(campaign, scored), on="candidate_id", maintain_order="left").with_columns(
        low=(pl.col("owed") - missing).clip(lower_bound=1), high=pl.col("owed") + overtime
    )


def blocks_of(
    campaign: Campaign, scored: Scored, attached: pl.DataFrame, staff: pl.DataFrame | None = None, taken: Ints = NOTHING
) -> list[Block]:
    """The blocks of a campaign, in the order of their disciplines and first needs.

    Parameters
    ----------
    attached : candidate_id, place_id: the school of attachment of each TZR (`engine.model.tzr.attachments`)
    staff : the TZR who take part, rows of `staff_of`; None for all
    taken : rows of the table of needs that are given already
    """
    staff = (staff_of(campaign, scored) if staff is None else staff).drop_nulls("zone")
    needs = campaign.needs.with_row_index("need").filter(~pl.col("need").is_in(pl.Series(taken).implode()))
    pairs = staff.select("discipline", "zone").unique().sort("discipline", "zone").with_row_index("pair")
    covered = pairs.join(schools_of_zones(campaign), on="zone").join(needs, on=["discipline", "place_id"])
    number = _numbers(pairs.height, covered)
    tied = covered.with_columns(block=pl.Series(number).gather(covered["pair"]))
    ranked = _ranked(campaign, scored)
    located = _coordinates(campaign)
    people = staff.join(pairs.with_columns(block=pl.Series(number)), on=["discipline", "zone"]).sort("order")
    people = people.join(attached.select("candidate_id", attached="place_id"), on="candidate_id", how="left")
    grouped = people.sort("order").partition_by("block", as_dict=True, maintain_order=True)
    reached = tied.partition_by("block", as_dict=True, maintain_order=True)
    wanted = ranked.join(people.select("candidate_id", "block"), on="candidate_id").partition_by("block", as_dict=True)
    limits = [key for key in sorted(reached) if key in grouped]
    return [_block(grouped[key], reached[key], wanted.get(key, ranked.clear()), located) for key in limits]


def _numbers(count: int, covered: pl.DataFrame) -> Ints:
    """int64[count]: the block of each pair of a discipline and a zone; pairs that share a need are in one."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first = covered["pair"].cast(pl.Int64).to_numpy()
    second = covered.select(pl.col("pair").min().over("need"))["pair"].cast(pl.Int64).to_numpy()
    graph = coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(count, count))
    number: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return number


def _ranked(campaign: Campaign, scored: Scored) -> pl.DataFrame:
    """candidate_id, place_id, rank: the first admissible preference of each TZR that covers a school."""
    named = scored.wishes.filter("admissible").join(zone_of_tzr(campaign), on="candidate_id")
    return reached_places(campaign, named).group_by("candidate_id", "place_id").agg(pl.col("rank").min())


def _coordinates(campaign: Campaign) -> pl.DataFrame:
    return campaign.places.select("place_id", "lat", "lon")


def _block(people: pl.DataFrame, covered: pl.DataFrame, ranked: pl.DataFrame, located: pl.DataFrame) -> Block:
    kinds = people.select("zone", "owed", "low", "high").unique().sort("zone", "owed").with_row_index("kind")
    needs = covered.select("need", "place_id", "hours").unique("need").sort("place_id", "hours", "need")
    places = needs["place_id"].unique().sort()
    lots = needs.group_by("place_id", "hours", maintain_order=True).agg("need")
    school = lots["place_id"].replace_strict(dict(zip(places, range(len(places)), strict=True)), return_dtype=pl.Int64)
    zones = covered.select("zone", "place_id").unique()
    reach = np.array(
        [
            lots["place_id"].is_in(zones.filter(pl.col("zone") == zone)["place_id"].implode()).to_numpy()
            for zone in kinds["zone"]
        ]
    )
    kind = people.join(kinds.select("zone", "owed", "kind"), on=["zone", "owed"], how="left", maintain_order="left")
    pieces = lots["need"].list.len().cast(pl.Int64).to_numpy()
    return Block(
        tzr=people["candidate"].cast(pl.Int64).to_numpy(),
        kind=kind["kind"].cast(pl.Int64).to_numpy(),
        low=kinds["low"].to_numpy(),
        high=kinds["high"].to_numpy(),
        owed=kinds["owed"].to_numpy(),
        reach=reach,
        school=school.to_numpy(),
        hours=lots["hours"].to_numpy(),
        pieces=pieces,
        need_ptr=np.concatenate(([0], np.cumsum(pieces))),
        need=lots["need"].explode().cast(pl.Int64).to_numpy(),
        places=tuple(places),
        rank=_ranks(people, places, ranked),
        metres=_metres(_where(people["attached"], located), _where(places, located)),
        apart=_metres(_where(places, located), _where(places, located)),
    )


def _ranks(people: pl.DataFrame, places: pl.Series, ranked: pl.DataFrame) -> Ints:
    table = np.full((people.height, len(places)), UNRANKED, dtype=np.int64)
    rows = people.select("candidate_id").with_row_index("row")
    columns = pl.DataFrame({"place_id": places}).with_row_index("column")
    found = ranked.join(rows, on="candidate_id").join(columns, on="place_id")
    table[found["row"].to_numpy(), found["column"].to_numpy()] = found["rank"].to_numpy()
    return table


def _where(places: pl.Series, located: pl.DataFrame) -> Radians:
    """float64[p, 2]: latitude and longitude in radians; not a number where a place lies nowhere."""
    rows = pl.DataFrame({"place_id": places}).join(located, on="place_id", how="left", maintain_order="left")
    radians: Radians = np.radians(rows.select(pl.col("lat", "lon").fill_null(float("nan"))).to_numpy())
    return radians


def _metres(start: Radians, goal: Radians) -> Ints:
    """int64[p, q]: great-circle distances (haversine formula); 0 where either end lies nowhere."""
    (lat_a, lon_a), (lat_b, lon_b) = start.T[:, :, None], goal.T[:, None, :]
    half = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    metres = 2000 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1)))
    whole: Ints = np.nan_to_num(np.rint(metres)).astype(np.int64)
    return whole
