"""What the wishes of one candidate cover: the posts of each zone, what it took to enter them, and how near they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl

from engine.explain.naming import post_name, zone_name
from engine.model.campaign import Campaign
from engine.model.geography import distance_km
from engine.model.ordered import ordered_parts
from engine.model.zones import NAME, ZONE, zones_of

EXAMINED = ("obtained", "refused", "not_reached")
"""Results of wishes that took part."""

SHOWN = 6
"""Posts of a zone told by name; the others are counted."""

PRECISION = {"POST": 0, "ETB": 0, "COM": 1, "GEO": 2, "DPT": 3, "ACA": 4}
"""Kinds of wishes for schools; the smaller, the more precise."""

Standing = Literal["seated", "reached", "tied", "out_of_reach"]
"""Where the candidate stands: on the post; above its cutoff; at its cutoff; below it."""


@dataclass(frozen=True)
class PostLine:
    """One post of a zone. `km`: from the indicative wish, None where it cannot be told. Points are thousandths."""

    name: str
    cutoff_kind: str
    cutoff_points: int | None
    standing: Standing
    km: int | None


@dataclass(frozen=True)
class Cover:
    """The posts a wish covers.

    Attributes
    ----------
    num_posts, num_seated, num_reached : how many there are, how many have a seat, how many his points can enter
    posts : some that have a seat: his own, then the nearest to the indicative wish, else the easiest to enter
    guide : the indicative wish, the most precise of the earlier ones that is more precise; None where there is none
    parts : where the zone is an ordered list, its parts in their order
    """

    num_posts: int
    num_seated: int
    num_reached: int
    posts: tuple[PostLine, ...]
    guide: str | None
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Spot:
    """A place on the map, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Met:
    """One post of a zone before it is told: its row in the table of cutoffs, where he stands, the distance."""

    row: Mapping[str, Any]
    seated: bool
    standing: Standing
    km: int | None

    @property
    def ease(self) -> tuple[bool, int]:
        """The easiest to enter first."""
        return self.row["cutoff_kind"] not in ("free", "wish"), self.row["cutoff_points"] or 0


def covers(
    campaign: Campaign, cutoffs: pl.DataFrame, wishes: list[dict[str, Any]], discipline: str, seat: str | None
) -> dict[int, Cover]:
    """What each admissible wish for a zone of several posts covers, by rank.

    Parameters
    ----------
    cutoffs : those of the run
    wishes : rows of the wishes of a run, all of one candidate, by rank
    seat : the post he leaves the campaign with
    """
    posts = _posts_covered(campaign, wishes, discipline)
    wide = [row for row in wishes if len(posts[row["rank"]]) > 1 and row["result"] in EXAMINED]
    if not wide:
        return {}
    told = cutoffs.filter((pl.col("discipline") == discipline) & pl.col("post_id").is_not_null())
    at = {row["post_id"]: row for row in told.iter_rows(named=True)}
    spots, parts = _spots(campaign, discipline), _parts(campaign, wishes)
    found = {}
    for row in wide:
        guide = _guide(row, wishes)
        goals = [spots[post] for post in posts[guide["rank"]] if post in spots] if guide else []
        here = seat if row["result"] == "obtained" else None
        met = [Met(at[p], p == here, _standing(at[p], row), _km(spots.get(p), goals)) for p in posts[row["rank"]]]
        found[row["rank"]] = _cover(campaign, met, guide if goals else None, parts.get(row["rank"], ()))
    return found


def _posts_covered(campaign: Campaign, wishes: list[dict[str, Any]], discipline: str) -> dict[int, list[str]]:
    """The posts of each wish, by rank."""
    posts = campaign.posts.filter(pl.col("discipline") == discipline)
    asked = pl.DataFrame(
        [[row[name] for name in NAME] for row in wishes], schema=dict.fromkeys(NAME, pl.String), orient="row"
    )
    zones = zones_of(replace(campaign, posts=posts), asked.with_columns(discipline=pl.lit(discipline)).select(ZONE))
    ends = [(zones.ptr[z], zones.ptr[z + 1]) if z >= 0 else (0, 0) for z in zones.asked.tolist()]
    return {
        row["rank"]: posts["post_id"].gather(zones.post[start:end]).to_list()
        for row, (start, end) in zip(wishes, ends, strict=True)
    }


def _cover(campaign: Campaign, met: list[Met], guide: Mapping[str, Any] | None, parts: tuple[str, ...]) -> Cover:
    seats = [one for one in met if one.row["cutoff_kind"] != "no_seat"]
    nearest = (lambda one: (one.km is None, one.km or 0)) if guide else (lambda one: ())
    ordered = sorted(seats, key=lambda one: (not one.seated, nearest(one), one.ease))
    reached = sum(one.standing == "reached" or (one.seated and one.standing == "tied") for one in seats)
    lines = tuple(_line(campaign, one) for one in ordered[:SHOWN])
    name = f"{guide['kind']} {zone_name(campaign, guide)}" if guide else None
    return Cover(len(met), len(seats), reached, lines, name, parts)


def _line(campaign: Campaign, met: Met) -> PostLine:
    row = met.row
    standing: Standing = "seated" if met.seated else met.standing
    return PostLine(post_name(campaign, row["post_id"]), row["cutoff_kind"], row["cutoff_points"], standing, met.km)


def _standing(post: Mapping[str, Any], wish: Mapping[str, Any]) -> Standing:
    """Where the points of a wish stand before a post.

    Who comes after others whatever his points reaches none of their posts: his wish was refused for that.
    """
    if post["cutoff_kind"] == "free" or post["last_candidate_id"] == wish["candidate_id"]:
        return "reached"
    if post["cutoff_kind"] != "wish" or wish["reason"] == "precedence_lost" or wish["points"] < post["cutoff_points"]:
        return "out_of_reach"
    return "reached" if wish["points"] > post["cutoff_points"] else "tied"


def _guide(wish: Mapping[str, Any], wishes: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The indicative wish of a wish (DESIGN 7: placement)."""
    within = PRECISION.get(wish["kind"], 0)
    earlier = [row for row in wishes if row["rank"] < wish["rank"] and PRECISION.get(row["kind"], within) < within]
    return min(earlier, key=lambda row: (PRECISION[row["kind"]], row["rank"]), default=None)


def _spots(campaign: Campaign, discipline: str) -> dict[str, Spot]:
    """Where the posts of a discipline lie, by post; those of unknown places are left out."""
    places = campaign.places.select("place_id", "lat", "lon").drop_nulls()
    rows = campaign.posts.filter(pl.col("discipline") == discipline).join(places, on="place_id")
    return {post: Spot(lat, lon) for post, lat, lon in rows.select("post_id", "lat", "lon").iter_rows()}


def _km(spot: Spot | None, goals: list[Spot]) -> int | None:
    """Kilometres to the nearest goal."""
    return round(min(distance_km(spot, goal) for goal in goals)) if spot and goals else None


def _parts(campaign: Campaign, wishes: list[dict[str, Any]]) -> dict[int, tuple[str, ...]]:
    """The parts of each wish for an ordered list, by rank."""
    asked = pl.DataFrame(
        [[row["rank"], *(row[name] for name in NAME)] for row in wishes],
        schema={"rank": pl.Int64, **dict.fromkeys(NAME, pl.String)},
        orient="row",
    )
    parts = asked.join(ordered_parts(campaign, asked), on=NAME, nulls_equal=True).sort("rank", "part")
    return {
        int(rank[0]): tuple(
            f"{kind} {zone_name(campaign, {'kind': kind, 'code': code})}"
            for kind, code in rows.select("part_kind", "part_code").iter_rows()
        )
        for rank, rows in parts.group_by("rank", maintain_order=True)
    }
