"""Points needed: cutoffs that rise and fall, under the secrecy of the ministry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from engine.compare.cutoffs import EXIT, WAYS
from engine.compare.pictures import opposed_panels
from engine.compare.told import Told
from engine.report.cutoffs import SECRET_UP_TO
from engine.report.drawing import Part
from engine.report.parts import Block, Column, Picture, Section, Table, Text
from engine.report.words import NOTHING

HARDER, EASIER = "#b5402a", "#3f86c1"
LISTED = 15
"""Cutoffs listed for each run: those that rise and those that fall most."""

MOST = 40
"""Areas or disciplines drawn."""

PUBLIC = (pl.col("entered") > SECRET_UP_TO) & (pl.col("before_entered") > SECRET_UP_TO)

Pair = tuple[str, str]
"""A run, and an area or a discipline."""

AREA_KINDS = {"academy": "ACA", "department": "DPT"}


def points_section(told: Told) -> Section:
    """How many cutoffs rise and fall in each area, or discipline where zones are smaller; the largest changes.

    At the interdépartemental this is told of the cutoffs of entry, then of those of exit.
    """
    words = told.words
    cutoffs = told.done.cutoffs.filter(pl.col("variant").is_in(told.others) & pl.col("change").is_not_null())
    if told.done.sides[0].departments is None:
        return Section("points", words("points_needed"), (*_gate(told, cutoffs), Text(words("note_points"), "note")))
    gates = [cutoffs.filter(way=way) for way in WAYS]
    blocks = [block for gate in gates if gate.height for block in _gate(told, gate, f"gate_{gate['way'][0]}")]
    notes = Text(" ".join((words("note_points"), words("note_gates"))), "note")
    return Section("points", words("gates"), (*blocks, notes))


def _gate(told: Told, cutoffs: pl.DataFrame, heading: str = "") -> list[Block]:
    """What changes of some cutoffs.

    Parameters
    ----------
    heading : key of the phrase that leads every sentence and caption of them
    """
    words = told.words
    by_area = _by_area(told, cutoffs)
    counted = cutoffs.filter(pl.col("kind") == AREA_KINDS[told.done.level]) if by_area else cutoffs
    blocks: list[Block] = [Text(_led(told, heading, _sentence(told, counted, name)), "lead") for name in told.others]
    if counted.filter(pl.col("change") != "same").is_empty():
        return [*blocks, Text(_led(told, heading, words("no_changed_cutoffs")), "empty")]
    picture = _picture(told, counted, by_area)
    blocks += [replace(picture, caption=_led(told, heading, picture.caption))] if picture is not None else []
    tables = (table for name in told.others for table in _largest(told, counted, name))
    return [*blocks, *(replace(table, caption=_led(told, heading, table.caption)) for table in tables)]


def _led(told: Told, heading: str, text: str) -> str:
    return told.words("of_gate", gate=told.words(heading), text=text) if heading else text


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


def _picture(told: Told, counted: pl.DataFrame, by_area: bool) -> Picture | None:
    """How many cutoffs rise and fall; where an area has one cutoff, by how much it does."""
    words = told.words
    parts = (Part(words("cutoff_harder"), HARDER), Part(words("cutoff_easier"), EASIER))
    if by_area and counted["discipline"].n_unique() == 1:
        return _by_how_much(told, counted, parts)
    key = "code" if by_area else "discipline"
    rows = counted.group_by("variant", group=key).agg(
        harder=(pl.col("change") == "harder").sum(), easier=(pl.col("change") == "easier").sum()
    )
    counts = {(run, group): (int(harder), int(easier)) for run, group, harder, easier in rows.iter_rows()}
    order = _most(told, {pair: sum(both) for pair, both in counts.items()}, counts)
    labels = {group: told.areas.get(group, group) if by_area else group for group in order}
    panels = {
        name: [bar for group in order for bar in _bars(told, labels[group], counts.get((name, group)), parts)]
        for name in told.drawn
    }
    drawing = opposed_panels(panels, list(labels.values()), parts, "format(abs(datum.value), ',d')")
    return Picture(drawing, words("alt_points"), words("caption_points_area" if by_area else "caption_points"), parts)


def _by_how_much(told: Told, counted: pl.DataFrame, parts: tuple[Part, ...]) -> Picture | None:
    """Points more or less in each area, secret cutoffs left out."""
    words, rows = told.words, counted.filter(PUBLIC & (pl.col("difference") != 0))
    more = {(run, code): int(some) for run, code, some in rows.select("variant", "code", "difference").iter_rows()}
    order = _most(
        told, {pair: abs(some) for pair, some in more.items()}, {pair: (some, 0) for pair, some in more.items()}
    )
    if not order:
        return None
    panels = {name: [_step(told, c, more[name, c], parts) for c in order if (name, c) in more] for name in told.drawn}
    names = [told.areas.get(code, code) for code in order]
    drawing = opposed_panels(panels, names, parts, "format(abs(datum.value), ',d')")
    return Picture(drawing, words("alt_steps"), words("caption_steps"), parts)


def _step(told: Told, code: str, more: int, parts: tuple[Part, ...]) -> dict[str, Any]:
    area, text = told.areas.get(code, code), told.decimal(more / 1000, signed=True)
    part = parts[0] if more > 0 else parts[1]
    return {"row": area, "part": part.label, "value": more / 1000, "hint": f"{area}: {text}", "text": text}


def _most(told: Told, sizes: Mapping[Pair, int], balances: Mapping[Pair, tuple[int, int]]) -> list[str]:
    """The groups where most changes, by the balance of the first run drawn."""
    total = Counter[str]()
    for (name, group), size in sizes.items():
        total[group] += size if name in told.drawn else 0
    largest = sorted((group for group in total if total[group]), key=lambda group: (-total[group], group))[:MOST]
    first = told.drawn[0]
    return sorted(largest, key=lambda group: (-_balance(balances.get((first, group), (0, 0))), group))


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
    rows = counted.filter((pl.col("variant") == name) & PUBLIC & (pl.col("difference") != 0))
    order = ("difference", "discipline", "code")
    risen = rows.filter(pl.col("difference") > 0).sort(order, descending=[True, False, False]).head(LISTED)
    fallen = rows.filter(pl.col("difference") < 0).sort(order).head(LISTED)
    shown = pl.concat([risen, fallen.reverse()])
    if shown.is_empty():
        return []
    moved = "left" if shown["way"][0] == EXIT else "entered"
    keys = ("zone", "discipline", moved, "points_first", "points_here", "points_more")
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
