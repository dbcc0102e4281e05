"""A linked request: what each member could have had alone, who was short of what, what other points would give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from engine.explain.naming import zone_name
from engine.model.campaign import Campaign
from engine.model.links import Counted, points_of_links
from engine.model.refusals import ANOTHER, CLAIM, NO_ROOM

RULES: tuple[Counted, ...] = ("own", "minimum", "mean")
ENTERS_ALONE = (ANOTHER, NO_ROOM, CLAIM)
WHATEVER_POINTS = ("nobody_left", "seats_closed", "no_seat", "precedence_lost")
"""Reasons why a wish is refused that more points would not change."""


@dataclass(frozen=True)
class Share:
    """One member's part in a joint wish. Points are thousandths: `own` his, `counted` those he was ranked with."""

    candidate_id: str
    own: int
    counted: int
    cutoff_points: int | None
    enters: bool
    missing_points: int | None
    reason: str | None


@dataclass(frozen=True)
class JointWish:
    """A wish that was refused to the link, with the part of every member."""

    rank: int
    zone: str
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Alone:
    """What a member could have had at the cutoffs of the run if nobody had been linked to him: a rank, or nothing."""

    candidate_id: str
    rank: int | None
    zone: str | None


@dataclass(frozen=True)
class Outlook:
    """What the link could have had with the points of another rule at the cutoffs of the run.

    Attributes
    ----------
    tied : whether some member's points only equal a cutoff
    """

    rule: Counted
    rank: int | None
    zone: str | None
    tied: bool


@dataclass(frozen=True)
class Together:
    """The link of a candidate.

    Attributes
    ----------
    mates : the other members
    rule : with which points they were ranked
    refused : joint wishes better than what they have
    alone : what each could have had
    outlooks : what they could have had under the other rules; of those under which nothing changes too
    one_discipline : whether some members are of one discipline, so that each needs a seat of his own there
    """

    link_id: str
    mates: tuple[str, ...]
    rule: Counted
    refused: tuple[JointWish, ...]
    alone: tuple[Alone, ...]
    outlooks: tuple[Outlook, ...]
    one_discipline: bool


def together_of(
    campaign: Campaign, tables: Mapping[str, pl.DataFrame], candidate_id: str, rule: Counted
) -> Together | None:
    """The link of a candidate, or None where he is linked to nobody.

    Parameters
    ----------
    tables : wishes, criteria of a run; points in thousandths
    """
    mine = campaign.links.filter(pl.col("candidate_id") == candidate_id)
    if mine.is_empty():
        return None
    members = campaign.links.filter(pl.col("link_id") == mine["link_id"][0]).sort("candidate_id")
    rows = _rows(campaign, tables, members)
    refused = _refused(campaign, rows)
    names = members["candidate_id"].to_list()
    people = campaign.candidates.join(members, on="candidate_id", how="semi")
    return Together(
        link_id=mine["link_id"][0],
        mates=tuple(name for name in names if name != candidate_id),
        rule=rule,
        refused=refused,
        alone=tuple(_alone(campaign, rows, name) for name in names),
        outlooks=tuple(_outlook(campaign, rows, other) for other in RULES if other != rule),
        one_discipline=people["discipline"].n_unique() < people.height,
    )


def _rows(campaign: Campaign, tables: Mapping[str, pl.DataFrame], members: pl.DataFrame) -> pl.DataFrame:
    """The admissible wishes of all members by rank, with their results and own points (own, and one column by rule)."""
    counted = _own_points(campaign, tables["criteria"], members).with_columns(
        points_of_links(("rank",), rule).alias(rule) for rule in RULES
    )
    asked = tables["wishes"].join(counted.drop("points"), on=["candidate_id", "rank"]).filter("admissible")
    return asked.sort("rank", "candidate_id")


def _own_points(campaign: Campaign, criteria: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """candidate_id, rank, points: of every wish of the members, before a link counts them otherwise."""
    asked = campaign.wishes.join(members, on="candidate_id", how="semi", maintain_order="left")
    if campaign.rules.is_none:
        return asked.select("candidate_id", "rank", "points")
    given = criteria.join(members, on="candidate_id", how="semi").group_by("candidate_id", "rank")
    summed = given.agg(pl.col("points").sum())
    keys = ["candidate_id", "rank"]
    found = asked.select(keys).join(summed, on=keys, how="left", maintain_order="left")
    return found.with_columns(pl.col("points").fill_null(0))


def _refused(campaign: Campaign, rows: pl.DataFrame) -> tuple[JointWish, ...]:
    refused = rows.filter(pl.col("result") == "refused")
    return tuple(
        JointWish(int(rank[0]), _zone(campaign, group.row(0, named=True)), tuple(map(_share, group.to_dicts())))
        for rank, group in refused.group_by("rank", maintain_order=True)
    )


def _share(row: Mapping[str, Any]) -> Share:
    return Share(
        candidate_id=row["candidate_id"],
        own=row["own"],
        counted=row["points"],
        cutoff_points=row["cutoff_points"],
        enters=row["reason"] in ENTERS_ALONE,
        missing_points=row["missing_points"],
        reason=row["reason"],
    )


def _alone(campaign: Campaign, rows: pl.DataFrame, name: str) -> Alone:
    could = (pl.col("result") == "obtained") | pl.col("reason").is_in(ENTERS_ALONE).fill_null(False)
    first = rows.filter((pl.col("candidate_id") == name) & could).head(1).to_dicts()
    return Alone(name, first[0]["rank"], _zone(campaign, first[0])) if first else Alone(name, None, None)


def _outlook(campaign: Campaign, rows: pl.DataFrame, rule: Counted) -> Outlook:
    """The first wish in which the points of a rule reach all cutoffs that more points can reach."""
    closed = pl.col("reason").is_in(WHATEVER_POINTS).fill_null(False)
    reached = (pl.col("result") == "obtained") | (~closed & (pl.col(rule) >= pl.col("cutoff_points")).fill_null(True))
    tied = (pl.col(rule) == pl.col("cutoff_points")).fill_null(False)
    by_rank = rows.group_by("rank", maintain_order=True).agg(reached.all().alias("all"), tied.any().alias("tied"))
    first = by_rank.filter("all").head(1).to_dicts()
    if not first:
        return Outlook(rule, None, None, tied=False)
    row = rows.filter(pl.col("rank") == first[0]["rank"]).row(0, named=True)
    return Outlook(rule, row["rank"], _zone(campaign, row), tied=first[0]["tied"] and row["result"] != "obtained")


def _zone(campaign: Campaign, row: Mapping[str, Any]) -> str:
    return f"{row['kind']} {zone_name(campaign, row)}"
