"""Where one candidate stands on the specific posts his wishes reach, and what his requests are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from engine.explain.naming import place_name
from engine.model.campaign import Campaign

SHOWN = 8
"""Posts of one wish told one by one; the others are counted."""


@dataclass(frozen=True)
class RequestLine:
    """One request: its number, the name of its type, its discipline, the stream preferred.

    `follows`: it is for a function the candidate does not hold by title, and those who do are served before.
    """

    number: int
    type: str
    discipline: str
    preference: str | None
    follows: bool


@dataclass(frozen=True)
class Standing:
    """The candidate on one post.

    Attributes
    ----------
    name : of the post
    position, candidates : his place among those who could be retained there, None where he could not, and their number
    opinion, head_opinion, order : what was said of him
    result, reason : as in the table selections
    last : the place of the last candidate retained there, None where nobody was
    seats : how many the post had
    """

    name: str
    position: int | None
    candidates: int
    opinion: str | None
    head_opinion: str | None
    order: int | None
    result: str
    reason: str | None
    last: int | None
    seats: int


@dataclass(frozen=True)
class Standings:
    """The posts one wish reaches.

    Attributes
    ----------
    posts : some of them: that obtained, those on which others were retained, then the rest, the most wanted first
    hidden, kept : how many others there are, and how many of these keep their holders or have no seat
    """

    posts: tuple[Standing, ...]
    hidden: int
    kept: int


def requests_of(campaign: Campaign, candidate_id: str) -> dict[int, RequestLine]:
    """The request of each wish of a candidate, by rank; nothing in movements without requests."""
    own = pl.col("candidate_id") == candidate_id
    wishes = campaign.wishes.filter(own).select("rank", "request")
    rows = wishes.join(campaign.requests.filter(own), on="request").to_dicts()
    person = campaign.candidates.filter(own).to_dicts()[0]
    rules = campaign.rules
    first = rules.code_lists("functions", "first") if "functions" in rules.blocks else {}
    return {
        row["rank"]: RequestLine(
            row["request"],
            type_name(campaign, row["type"]),
            row["discipline"],
            row["preference"],
            row["type"] in first and person["function"] not in first[row["type"]],
        )
        for row in rows
    }


def type_name(campaign: Campaign, code: str) -> str:
    """The public name of a type of movement; the code where the rulebook has none."""
    if "types" not in campaign.rules.blocks:
        return code
    return " ".join(campaign.rules.code_lists("types", "names").get(code, (code,)))


def standings_of(campaign: Campaign, tables: Mapping[str, pl.DataFrame], candidate_id: str) -> dict[int, Standings]:
    """Where a candidate stands on the posts of each of his wishes, by rank.

    Parameters
    ----------
    tables : those of a run
    """
    if "selections" not in tables:
        return {}
    selections = tables["selections"]
    own = selections.filter(pl.col("candidate_id") == candidate_id)
    on_posts = selections.join(own.select("post_id").unique(), on="post_id", how="semi")
    retained = pl.col("position").filter(pl.col("result") == "obtained").max()
    counted = on_posts.group_by("post_id").agg(candidates=pl.col("position").max(), last=retained)
    seats = tables["cutoffs"].drop_nulls("post_id").select("post_id", "seats")
    rows = own.join(counted, on="post_id").join(seats, on="post_id").sort("rank", "part")
    return {
        int(rank[0]): _standings(campaign, posts.to_dicts())
        for rank, posts in rows.group_by("rank", maintain_order=True)
    }


def _standings(campaign: Campaign, rows: list[dict[str, Any]]) -> Standings:
    """The posts of one wish, those told first that say most."""
    if len(rows) > SHOWN:
        rows = sorted(rows, key=lambda row: (row["result"] != "obtained", row["last"] is None))
    hidden = rows[SHOWN:]
    kept = sum(row["last"] is None and row["result"] == "refused" for row in hidden)
    return Standings(tuple(_standing(campaign, row) for row in rows[:SHOWN]), len(hidden), kept)


def _standing(campaign: Campaign, row: Mapping[str, Any]) -> Standing:
    place = campaign.posts.filter(pl.col("post_id") == row["post_id"])["place_id"][0]
    told = {name: row[name] for name in ("position", "opinion", "head_opinion", "order", "result", "reason", "last")}
    return Standing(
        name=f"{place_name(campaign, place)}, {row['post_id']}",
        candidates=row["candidates"] or 0,
        seats=row["seats"],
        **told,
    )
