"""By area: who comes, who leaves, who stays; and from where to where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from engine.report.areas import MOST
from engine.report.drawing import Part, opposed_bars
from engine.report.facts import Facts
from engine.report.parts import Block, Column, Picture, Section, Shade, Shaded, ShadedColumn, ShadedRow, Table, Text
from engine.report.scale import class_labels, class_of, round_steps

ENTRIES, DEPARTURES = "#7db0dc", "#e8a33d"
CLASSES = 6
ELSEWHERE = "#elsewhere"
NO_POST = "#no post"


def areas_section(facts: Facts) -> Section:
    """Entries, departures, balance and candidates who stay, area by area."""
    words = facts.words
    balance = _balance(facts)
    moved = balance.filter((pl.col("entries") + pl.col("departures")) > 0)
    blocks: list[Block] = [Text(words("empty_areas"), "empty")] if moved.is_empty() else [_picture(facts, moved)]
    if facts.people.height:
        blocks.append(_balance_table(facts, balance))
    return Section("areas", words(f"areas_{facts.areas.kind}"), tuple(blocks))


def _balance(facts: Facts) -> pl.DataFrame:
    """One row per area, in order: area, label, seats (vacant ones), entries, departures, kept, balance."""
    people, areas = facts.people, facts.areas
    movers = people.filter("moved")
    seats = facts.run.campaign.posts.join(areas.of_post, on="post_id").filter(
        ~pl.col("discipline").is_in(list(facts.withheld))
    )
    parts = (
        seats.group_by("area").agg(seats=pl.col("seats").clip(lower_bound=0).sum()),
        movers.group_by(area="destination").agg(entries=pl.len()),
        movers.group_by(area="origin").agg(departures=pl.len()),
        people.filter(pl.col("fate") == "kept").group_by(area="origin").agg(kept=pl.len()),
    )
    rows = pl.DataFrame({"area": list(areas.labels), "label": list(areas.labels.values())}, schema_overrides=_TEXT)
    for part in parts:
        rows = rows.join(
            part.with_columns(pl.exclude("area").cast(pl.Int64)), on="area", how="left", maintain_order="left"
        )
    return rows.fill_null(0).with_columns(balance=pl.col("entries") - pl.col("departures"))


_TEXT = {"area": pl.String, "label": pl.String}


def _picture(facts: Facts, moved: pl.DataFrame) -> Picture:
    words = facts.words
    shown = moved.sort(pl.col("entries") + pl.col("departures"), "label", descending=[True, False]).head(MOST)
    ordered = shown.sort("balance", "label", descending=[True, False]).to_dicts()
    parts = (Part(words("entries"), ENTRIES), Part(words("departures"), DEPARTURES))
    rows = [bar for row in ordered for bar in _bars(facts, row)]
    names = [row["label"] for row in ordered]
    drawing = opposed_bars(rows, names, parts, words("axis_balance"), words("balance"))
    return Picture(drawing, words("alt_areas"), words("caption_areas"), parts)


def _bars(facts: Facts, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    words = facts.words
    common = {
        "row": row["label"],
        "sum": row["balance"],
        "text": words.number(row["balance"], signed=True),
        "hint": words("hint_area", **{key: row[key] for key in ("label", "entries", "departures", "kept")}),
    }
    values = {words("entries"): row["entries"], words("departures"): -row["departures"]}
    return [{**common, "part": part, "value": value} for part, value in values.items()]


def _balance_table(facts: Facts, balance: pl.DataFrame) -> Table:
    words = facts.words
    figures = ("seats", "entries", "departures", "kept")
    heads = (Column(words(f"area_{facts.areas.kind}")), *(Column(words(name)) for name in (*figures, "balance")))
    rows = [
        (row["label"], *(words.number(row[name]) for name in figures), words.number(row["balance"], signed=True))
        for row in balance.iter_rows(named=True)
    ]
    if len(rows) > 1:
        rows.append((words("total"), *(words.number(int(balance[name].sum())) for name in figures), ""))
    return Table(words("caption_area_table"), heads, tuple(rows), folded=True)


def flows_section(facts: Facts) -> Section:
    """From where to where: origins in rows, destinations in columns."""
    words = facts.words
    counts = _flow_counts(facts)
    if not counts:
        return Section("flows", words("flows"), (Text(words("empty_flows"), "empty"),))
    lead = (Text(_ile_de_france(facts), "lead"),) if facts.areas.ile_de_france else ()
    return Section("flows", words("flows"), (*lead, _matrix(facts, counts)))


def _flow_counts(facts: Facts) -> dict[tuple[str, str], int]:
    """Movers by (origin, destination); areas beyond the `MOST` busiest are taken together as `ELSEWHERE`."""
    movers = facts.people.filter("moved")
    known = _busiest(movers)
    grouped = movers.select(
        origin=pl.when(pl.col("origin").is_null()).then(pl.lit(NO_POST)).otherwise(_within(known, "origin")),
        destination=_within(known, "destination"),
    )
    counted = grouped.group_by("origin", "destination").agg(count=pl.len())
    return {(origin, destination): int(count) for origin, destination, count in counted.iter_rows()}


def _within(known: Sequence[str], column: str) -> pl.Expr:
    return pl.when(pl.col(column).is_in(list(known))).then(column).otherwise(pl.lit(ELSEWHERE))


def _busiest(movers: pl.DataFrame) -> list[str]:
    ends = pl.concat([movers["origin"].drop_nulls(), movers["destination"].drop_nulls()])
    counted = ends.rename("area").value_counts().sort("count", "area", descending=[True, False])
    return counted["area"].head(MOST).to_list()


def _ile_de_france(facts: Facts) -> str:
    words = facts.words
    inside = list(facts.areas.ile_de_france)
    movers = facts.people.filter("moved")
    from_inside, to_inside = pl.col("origin").is_in(inside), pl.col("destination").is_in(inside)
    leave = movers.filter(from_inside & ~to_inside).height
    enter = movers.filter(pl.col("origin").is_not_null() & ~from_inside & to_inside).height
    new = movers.filter(pl.col("origin").is_null() & to_inside).height
    holders = movers.filter(pl.col("origin").is_not_null()).height
    return words("lead_flows", leave=leave, share=words.share(leave, holders), holders=holders, enter=enter, new=new)


def _matrix(facts: Facts, counts: Mapping[tuple[str, str], int]) -> Shaded:
    words = facts.words
    met = {code for pair in counts for code in pair}
    both = [code for code in (*facts.areas.labels, ELSEWHERE) if code in met]
    steps = round_steps(1, max(counts.values()), CLASSES - 1)
    labels = {**facts.areas.labels, ELSEWHERE: words("elsewhere"), NO_POST: words("no_post")}
    rows = [*both, *({NO_POST} & met)]
    return Shaded(
        caption=words("caption_flows"),
        corner=words("corner_flows"),
        columns=tuple(ShadedColumn(labels[code], labels[code], _mark(code, both, facts)) for code in both),
        rows=tuple(
            ShadedRow(
                labels[code],
                tuple(_flow(counts.get((code, to), 0), (labels[code], labels[to]), steps, facts) for to in both),
                mark=_mark(code, both, facts),
            )
            for code in rows
        ),
        legend=tuple((f"s{i}", label) for i, label in enumerate(class_labels(steps, words, points=False))),
    )


def _mark(code: str, codes: Sequence[str], facts: Facts) -> str:
    """Class that draws a line: behind the last area of Île-de-France, before those without a post."""
    inside = [area for area in codes if area in facts.areas.ile_de_france]
    if inside and code == inside[-1]:
        return "region end"
    if code in inside:
        return "region"
    return "apart" if code == NO_POST else ""


def _flow(count: int, ends: tuple[str, str], steps: Sequence[int], facts: Facts) -> Shade:
    if not count:
        return Shade("", "same" if ends[0] == ends[1] else "", "")
    hint = facts.words("hint_flow", origin=ends[0], destination=ends[1], count=count)
    return Shade(facts.words.number(count), f"s{class_of(count, steps)}", hint)
