"""Points needed: cutoffs that rise and fall, under the secrecy of the ministry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from engine.compare.pictures import opposed_panels
from engine.compare.told import Told
from engine.report.cutoffs import SECRET_UP_TO
from engine.report.drawing import Part
from engine.report.parts import Block, Column, Picture, Section, Table, Text
from engine.report.words import NOTHING

HARDER, EASIER = "#b5402a", "#3f86c1"
LISTED = 15
"""Cutoffs listed for each run: those that rise and those that fall most."""

AREA_KINDS = {"academy": "ACA", "department": "DPT"}


def points_section(told: Told) -> Section:
    """How many cutoffs rise and fall in each area, or discipline where zones are smaller; the largest changes."""
    words = told.words
    cutoffs = told.done.cutoffs.filter(pl.col("variant").is_in(told.others) & pl.col("change").is_not_null())
    by_area = _by_area(told, cutoffs)
    counted = cutoffs.filter(pl.col("kind") == AREA_KINDS[told.done.level]) if by_area else cutoffs
    blocks: list[Block] = [Text(_sentence(told, counted, name), "lead") for name in told.others]
    if counted.filter(pl.col("change") != "same").is_empty():
        blocks.append(Text(words("no_changed_cutoffs"), "empty"))
    else:
        blocks.append(_picture(told, counted, by_area))
        blocks += [table for name in told.others for table in _largest(told, counted, name)]
    blocks.append(Text(words("note_points"), "note"))
    return Section("points", words("points_needed"), tuple(blocks))


def _by_area(told: Told, cutoffs: pl.DataFrame) -> bool:
    """Whether places are the areas themselves, so that a cutoff is of an area."""
    kinds = set(cutoffs.filter(pl.col("post_id").is_not_null())["kind"])
    return kinds <= {AREA_KINDS[told.done.level]} and bool(kinds)


def _sentence(told: Told, counted: pl.DataFrame, name: str) -> str:
    words, rows = told.words, counted.filter(pl.col("variant") == name)
    counts = dict(rows["change"].value_counts().iter_rows())
    by_points = rows["difference"].drop_nulls().sort()
    values = {change: int(counts.get(change, 0)) for change in ("harder", "easier", "same")}
    median = by_points[(len(by_points) - 1) // 2] if len(by_points) else None
    written = NOTHING if median is None else told.decimal(int(median) / 1000, signed=True)
    return words("points_sentence", name=name, median=written, **values)


def _picture(told: Told, counted: pl.DataFrame, by_area: bool) -> Picture:
    words = told.words
    parts = (Part(words("cutoff_harder"), HARDER), Part(words("cutoff_easier"), EASIER))
    key = "code" if by_area else "discipline"
    counts = counted.group_by("variant", group=key).agg(
        harder=(pl.col("change") == "harder").sum(), easier=(pl.col("change") == "easier").sum()
    )
    told_counts = {(v, g): (int(h), int(e)) for v, g, h, e in counts.iter_rows()}
    changed = (
        counts.group_by("group").agg(total=(pl.col("harder") + pl.col("easier")).sum()).filter(pl.col("total") > 0)
    )
    largest = changed.sort("total", "group", descending=[True, False]).head(40)["group"].to_list()
    first = told.drawn[0]
    order = sorted(largest, key=lambda g: (-_balance(told_counts.get((first, g), (0, 0))), g))
    labels = {group: told.areas.get(group, group) if by_area else group for group in order}
    panels = {
        name: [bar for group in order for bar in _bars(told, labels[group], told_counts.get((name, group)), parts)]
        for name in told.drawn
    }
    drawing = opposed_panels(panels, list(labels.values()), parts, "format(abs(datum.value), ',d')")
    return Picture(drawing, words("alt_points"), words("caption_points_area" if by_area else "caption_points"), parts)


def _balance(counts: tuple[int, int]) -> int:
    return counts[0] - counts[1]


def _bars(told: Told, label: str, counts: tuple[int, int] | None, parts: tuple[Part, ...]) -> Iterator[dict[str, Any]]:
    harder, easier = counts or (0, 0)
    if not harder and not easier:
        return
    hint = told.words("hint_cutoffs", group=label, harder=harder, easier=easier)
    text = told.words.number(harder - easier, signed=True)
    yield {"row": label, "part": parts[0].label, "value": harder, "hint": hint, "text": text}
    yield {"row": label, "part": parts[1].label, "value": -easier, "hint": hint}


def _largest(told: Told, counted: pl.DataFrame, name: str) -> list[Table]:
    """The cutoffs that rose and fell most, secret ones left out."""
    words = told.words
    public = (pl.col("entered") > SECRET_UP_TO) & (pl.col("before_entered") > SECRET_UP_TO)
    rows = counted.filter((pl.col("variant") == name) & public & (pl.col("difference") != 0))
    order = ("difference", "discipline", "code")
    risen = rows.filter(pl.col("difference") > 0).sort(order, descending=[True, False, False]).head(LISTED)
    fallen = rows.filter(pl.col("difference") < 0).sort(order).head(LISTED)
    shown = pl.concat([risen, fallen.reverse()])
    if shown.is_empty():
        return []
    keys = ("zone", "discipline", "entered", "points_first", "points_here", "points_more")
    heads = tuple(
        Column(words(f"head_{key}", first=told.first, name=name), numeric=key != "discipline") for key in keys
    )
    cells = tuple(_row(told, row) for row in shown.iter_rows(named=True))
    return [Table(words("caption_largest_changes", name=name), heads, cells, folded=True)]


def _row(told: Told, row: dict[str, Any]) -> tuple[str, ...]:
    words = told.words
    kind, code = row["kind"], row["code"]
    zone = told.areas.get(code, code) if kind == AREA_KINDS[told.done.level] else f"{kind} {code}"
    zone += f" ({row['school_type']})" if row["school_type"] else ""
    more = told.decimal(row["difference"] / 1000, signed=True)
    points = (words.points(row["before_cutoff_points"]), words.points(row["cutoff_points"]))
    return (zone, row["discipline"], words.number(row["entered"]), *points, more)
