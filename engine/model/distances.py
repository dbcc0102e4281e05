"""Where inside his zone a candidate would rather be: distances from his indicative wish (seed 002, IV; DESIGN 7).

The *indicative wish* (vœu indicatif) of a contract is the most precise of the candidate's wishes ranked before it that
is more precise than it; of equals the first ranked. Distances are as the crow flies between communes: from that of the
post to the nearest one of the indicative wish, 0 inside it. Zones de remplacement are left out on both sides.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.model.campaign import Campaign
from engine.model.contracts import Contracts
from engine.model.geography import EARTH_RADIUS_KM
from engine.model.market import Ints
from engine.model.zones import NAME, places_of_zones

PRECISION = {"POST": 0, "ETB": 0, "COM": 1, "GEO": 2, "DPT": 3, "ACA": 4}  # smaller is more precise
MICRO = 1_000_000
OUTSIDE = 9  # zones de remplacement neither guide nor are guided

Radians = npt.NDArray[np.float64]
Towns = npt.NDArray[np.integer]


def indicative_distances(campaign: Campaign, contracts: Contracts, held: Ints) -> tuple[Ints, Ints]:
    """How far each post of the zone granted is from the indicative wish.

    Parameters
    ----------
    held : int64[n], for each candidate the row of `contracts.rows` he holds, or -1

    Returns
    -------
    ptr : int64[n+1]
        Distances of candidate i are ``ptr[i]:ptr[i+1]``: one for each post of the zone he holds, in the order of
        ``contracts.zones.post``; none where all its posts are alike to him: no indicative wish, a zone of one post, or
        a place whose coordinates are not known.
    cost : int64[]
        Metres.
    """
    guides = _guides(contracts, held)
    posts = _posts_granted(contracts, held[guides["candidate"].to_numpy()], guides)
    metres = _metres(campaign, contracts, posts)
    known = metres.group_by("candidate", maintain_order=True).agg(
        pl.col("metres"), (pl.col("metres").null_count() == 0).alias("complete")
    )
    complete = known.filter("complete")
    counts = np.zeros(len(held), dtype=np.int64)
    counts[complete["candidate"].to_numpy()] = complete["metres"].list.len().to_numpy()
    cost = complete.select(pl.col("metres").explode())["metres"] if complete.height else pl.Series([], dtype=pl.Int64)
    return np.concatenate(([0], np.cumsum(counts))), cost.to_numpy().astype(np.int64)


def _guides(contracts: Contracts, held: Ints) -> pl.DataFrame:
    """The indicative wish of every contract held on a wide zone: candidate, guide (row of `contracts.rows`); sorted."""
    precision = _precision(contracts.rows)
    width = np.diff(contracts.zones.ptr)[contracts.rows["zone"].to_numpy()]
    guided = np.flatnonzero(held >= 0)
    guided = guided[(precision[held[guided]] < OUTSIDE) & (width[held[guided]] > 1)]
    first = np.searchsorted(contracts.rows["candidate"].to_numpy(), guided)
    before = held[guided] - first
    row = np.repeat(first - (np.cumsum(before) - before), before) + np.arange(before.sum())
    earlier = pl.DataFrame({"candidate": np.repeat(guided, before), "guide": row, "precision": precision[row]})
    earlier = earlier.filter(pl.col("precision") < np.repeat(precision[held[guided]], before))
    return earlier.sort("candidate", "precision", "guide").unique("candidate", keep="first", maintain_order=True)


def _precision(rows: pl.DataFrame) -> npt.NDArray[np.int64]:
    return rows["kind"].replace_strict(PRECISION, default=OUTSIDE, return_dtype=pl.Int64).to_numpy()


def _posts_granted(contracts: Contracts, held: Ints, guides: pl.DataFrame) -> pl.DataFrame:
    """One row per guided candidate and post of the zone he holds, in order: candidate, guide, post."""
    zone = contracts.rows["zone"].to_numpy()[held]
    width = np.diff(contracts.zones.ptr)[zone]
    place = np.repeat(contracts.zones.ptr[zone] - (np.cumsum(width) - width), width) + np.arange(width.sum())
    repeated = {column: np.repeat(guides[column].to_numpy(), width) for column in ("candidate", "guide")}
    return pl.DataFrame(repeated | {"post": contracts.zones.post[place]})


def _metres(campaign: Campaign, contracts: Contracts, posts: pl.DataFrame) -> pl.DataFrame:
    """`posts` with the distance of each, null where a place is unknown."""
    communes = _communes(campaign)
    towns = campaign.posts.select("place_id").join(communes, on="place_id", how="left", maintain_order="left")
    town_of_post = towns.with_row_index("post").select(pl.col("post").cast(pl.Int32), "town")
    names = contracts.rows.select(*NAME).with_row_index("guide").with_columns(pl.col("guide").cast(pl.Int64))
    asked = posts.select("guide").unique().join(names, on="guide")
    names_asked = asked.select(NAME).unique().with_row_index("name")
    rows = posts.join(asked.join(names_asked, on=NAME, nulls_equal=True).select("guide", "name"), on="guide")
    rows = rows.join(town_of_post, on="post", how="left")
    pairs = rows.select("name", "town").unique().drop_nulls()
    nearest = _nearest(campaign, communes, names_asked, pairs)
    found = rows.join(nearest, on=["name", "town"], how="left")
    order = posts.with_row_index("#").select("#", "candidate", "post")
    return order.join(found.select("candidate", "post", "metres"), on=["candidate", "post"], how="left").sort("#")


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


def _nearest(campaign: Campaign, communes: pl.DataFrame, names: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Metres from each town to the nearest one of a name: columns name, town, metres."""
    posts = campaign.posts.select(kind=pl.lit("POST"), code="post_id", place_id="place_id")
    covered = pl.concat([places_of_zones(campaign).select("kind", "code", "place_id"), posts])
    types = campaign.places.select("place_id", place_type="school_type")
    parts = names.join(covered, on=["kind", "code"]).join(types, on="place_id")
    parts = parts.filter(pl.col("school_type").is_null() | (pl.col("school_type") == pl.col("place_type")))
    goals = parts.join(communes.select("place_id", goal="town"), on="place_id").select("name", "goal").unique()
    where = communes.select("town", "lat", "lon").unique("town").sort("town")
    lat, lon = np.radians(where["lat"].to_numpy()), np.radians(where["lon"].to_numpy())
    ways = pairs.join(goals, on="name")
    metres = _crow_fly(ways["town"].to_numpy(), ways["goal"].to_numpy(), lat, lon)
    return ways.with_columns(metres=pl.Series(metres)).group_by("name", "town").agg(pl.col("metres").min())


def _crow_fly(start: Towns, goal: Towns, lat: Radians, lon: Radians) -> Ints:
    """int64[]: metres along great circles (haversine formula), rounded. Latitudes and longitudes in radians."""
    half: Radians = np.sin((lat[goal] - lat[start]) / 2) ** 2
    half += np.cos(lat[start]) * np.cos(lat[goal]) * np.sin((lon[goal] - lon[start]) / 2) ** 2
    return np.rint(2000 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1)))).astype(np.int64)
