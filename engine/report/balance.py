"""By area: who comes, who leaves, who stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from engine.report.areas import MOST
from engine.report.drawing import Part, opposed_bars
from engine.report.facts import Facts
from engine.report.parts import Block, Column, Picture, Section, Table

ENTRIES, DEPARTURES = "#7db0dc", "#e8a33d"
LISTED = 200
"""Areas the table lists; where there are more, those with most entries and departures."""


def areas_section(facts: Facts) -> Section:
    """Entries, departures, balance and candidates who stay, area by area."""
    words = facts.words
    balance = _balance(facts)
    moved = _busiest(balance.filter((pl.col("entries") + pl.col("departures")) > 0), MOST)
    blocks: list[Block] = [facts.nothing("empty_areas")] if moved.is_empty() else [_picture(facts, moved)]
    if facts.people.height:
        blocks.append(_table(facts, balance))
    return Section("areas", words(f"areas_{facts.areas.kind}"), tuple(blocks))


def _balance(facts: Facts) -> pl.DataFrame:
    """One row per area, in order.

    Returns
    -------
    polars.DataFrame: area, label, seats (vacant ones), first_wishes (that name the area), entries, entries_new (by
    candidates who held no post), departures, kept, balance.
    """
    people = facts.people
    movers = people.filter("moved")
    rows = pl.DataFrame({"area": list(facts.areas.labels), "label": list(facts.areas.labels.values())}, schema=_NAMED)
    for part in (
        _seats(facts),
        _first_wishes(facts),
        movers.group_by(area="destination").agg(entries=pl.len(), entries_new=(~pl.col("holder")).sum()),
        movers.group_by(area="origin").agg(departures=pl.len()),
        people.filter(pl.col("fate") == "kept").group_by(area="origin").agg(kept=pl.len()),
    ):
        whole = part.with_columns(pl.exclude("area").cast(pl.Int64))
        rows = rows.join(whole, on="area", how="left", maintain_order="left")
    return rows.fill_null(0).with_columns(balance=pl.col("entries") - pl.col("departures"))


_NAMED = {"area": pl.String, "label": pl.String}


def _seats(facts: Facts) -> pl.DataFrame:
    shown = facts.run.campaign.posts.filter(~pl.col("discipline").is_in(list(facts.withheld)))
    posts = shown.join(facts.areas.of_post, on="post_id")
    return posts.group_by("area").agg(seats=pl.col("seats").clip(lower_bound=0).sum())


def _first_wishes(facts: Facts) -> pl.DataFrame:
    first = facts.run.wishes.filter((pl.col("rank") == 1) & pl.col("admissible"))
    shown = first.join(facts.people.select("candidate_id"), on="candidate_id", how="semi")
    return shown.group_by(area="code").agg(first_wishes=pl.len())


def _busiest(balance: pl.DataFrame, most: int) -> pl.DataFrame:
    moves = pl.col("entries") + pl.col("departures")
    return balance.sort(moves, "label", descending=[True, False]).head(most)


def _picture(facts: Facts, moved: pl.DataFrame) -> Picture:
    words = facts.words
    ordered = moved.sort("balance", "label", descending=[True, False]).to_dicts()
    parts = (Part(words("entries"), ENTRIES), Part(words("departures"), DEPARTURES))
    rows = [bar for row in ordered for bar in _bars(facts, row)]
    names = [row["label"] for row in ordered]
    drawing = opposed_bars(rows, names, parts, words("axis_balance"), words("balance"))
    return Picture(drawing, words("alt_areas"), words("caption_areas"), parts)


def _bars(facts: Facts, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    words = facts.words
    hint = words("hint_area", **{key: row[key] for key in ("label", "entries", "departures", "kept")})
    bar = {"row": row["label"], "hint": hint}
    total = {"sum": row["balance"], "text": words.number(row["balance"], signed=True)}
    return [
        {**bar, "part": words("entries"), "value": row["entries"], **total},
        {**bar, "part": words("departures"), "value": -row["departures"]},
    ]


def _table(facts: Facts, balance: pl.DataFrame) -> Table:
    words, areas = facts.words, facts.areas
    shown = balance if balance.height <= LISTED else _busiest(balance, LISTED)
    asked = ("first_wishes",) if areas.are_places else ()
    figures = ("seats", *asked, "entries", "entries_new", "departures", "kept")
    heads = (Column(words(f"area_{areas.kind}")), *(Column(words(name)) for name in (*figures, "balance")))
    rows = [
        (row["label"], *(words.number(row[name]) for name in figures), words.number(row["balance"], signed=True))
        for row in shown.iter_rows(named=True)
    ]
    if len(rows) > 1:
        rows.append((words("total"), *(words.number(int(balance[name].sum())) for name in figures), ""))
    caption = words("caption_areas_listed", count=shown.height, of=balance.height)
    return Table(caption, heads, tuple(rows), folded=True)
