"""Experience of those who arrive in each académie or département, and of those who leave it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from engine.compare.experience import WAYS
from engine.compare.pictures import dots, run_parts, spread
from engine.compare.told import Told
from engine.model.people import experience_facts
from engine.report.parts import Block, Column, Picture, Section, Table, Text

FEW = 5
"""Arrivals or departures of known échelon below which an area is not drawn."""

LEAST = 5
"""Areas set out first: those whose arrivals have least experience."""

MOST = 40
"""Areas drawn: those with most arrivals."""


def experience_section(told: Told) -> Section:
    """Mean experience and share of little experience, by area; what is taken as experience is said."""
    words, table = told.words, told.done.experience
    note = words("note_experience", little=int(experience_facts()["little"]))
    known = table.filter(pl.col("arrivals_known") + pl.col("departures_known") > 0)
    if known.is_empty():
        return Section("experience", words("experience"), (Text(words("no_experience"), "empty"), Text(note, "note")))
    blocks: list[Block] = [_least(told)] if _areas(told) else []
    blocks += [picture for picture in (_picture(told), _shares(told)) if picture is not None]
    blocks += [_table(told, way) for way in WAYS]
    blocks.append(Text(note, "note"))
    return Section("experience", words("experience"), tuple(blocks))


def _least(told: Told) -> Table:
    """The areas whose arrivals have least experience in the first run: mean years and share of little, run by run."""
    words, names = told.words, told.done.names
    rows = {(row["area"], row["variant"]): row for row in told.done.experience.iter_rows(named=True)}
    means = {code: _mean(rows[code, told.first], "arrivals") or 0.0 for code in _areas(told)}
    least = sorted(means, key=lambda code: (means[code], code))[:LEAST]
    heads = (Column(words(f"area_{told.done.level}")), *(Column(name) for name in names))
    cells = tuple(
        (told.areas.get(code, code), *(_both(told, rows.get((code, name))) for name in names)) for code in least
    )
    return Table(words("caption_least"), heads, cells)


def _both(told: Told, row: Mapping[str, Any] | None) -> str:
    if row is None or _mean(row, "arrivals") is None:
        return told.decimal(None)
    return told.words(
        "years_and_share", years=told.decimal(_mean(row, "arrivals")), share=_percent(told, _share(row, "arrivals"))
    )


def _areas(told: Told) -> list[str]:
    """Areas with enough arrivals in the first run, those that receive most."""
    rows = told.done.experience.filter((pl.col("variant") == told.first) & (pl.col("arrivals_known") >= FEW))
    return rows.sort("arrivals", "area", descending=[True, False]).head(MOST)["area"].to_list()


def _picture(told: Told) -> Picture | None:
    titles = {way: told.words(f"panel_{way}") for way in WAYS}
    axis = [told.words("axis_years")] * len(WAYS)
    return _dots(told, {titles[way]: (way, _mean) for way in WAYS}, axis, "format(datum.value, '.0f')", "experience")


def _shares(told: Told) -> Picture | None:
    titles = {way: told.words(f"panel_{way}") for way in WAYS}
    axis = [told.words("axis_little")] * len(WAYS)
    return _dots(told, {titles[way]: (way, _share) for way in WAYS}, axis, "format(datum.value, '.0%')", "little")


def _dots(told: Told, measures: Mapping[str, Any], axis: list[str], text: str, subject: str) -> Picture | None:
    """One panel for each way, areas in the order of the first measure in the first run."""
    words, names = told.words, (told.first, *told.drawn)
    table = told.done.experience.filter(pl.col("variant").is_in(names))
    told_rows = {(row["area"], row["variant"]): row for row in table.iter_rows(named=True)}
    way, measure = next(iter(measures.values()))
    areas = _areas(told)
    if not areas:
        return None
    order = sorted(areas, key=lambda code: (measure(told_rows[code, told.first], way), told.areas.get(code, code)))
    panels = {
        title: [dot for code in order for dot in _line(told, code, names, told_rows, way, measure)]
        for title, (way, measure) in measures.items()
    }
    parts = run_parts(names)
    labels = [told.areas.get(code, code) for code in order]
    drawing = dots(panels, labels, parts, axis, text)
    return Picture(drawing, words("alt_dots"), words(f"caption_{subject}_{told.done.level}"), parts)


def _line(
    told: Told, code: str, names: tuple[str, ...], rows: Mapping[Any, Any], way: str, measure: Any
) -> list[dict[str, Any]]:
    """The dots of one area: a run with too few people there has none."""
    words, label = told.words, told.areas.get(code, code)
    present = [name for name in names if (code, name) in rows and rows[code, name][f"{way}_known"] >= FEW]
    values = {name: measure(rows[code, name], way) for name in present}
    found = list[dict[str, Any]]()
    for name, value in values.items():
        row = rows[code, name]
        figures = {
            "people": row[way],
            "years": told.decimal(_mean(row, way)),
            "share": _percent(told, _share(row, way)),
        }
        hint = words("hint_experience", name=name, area=label, **figures)
        found.append({"row": label, "part": name, "value": value, "hint": hint, **spread(list(values.values()))})
    return found


def _table(told: Told, way: str) -> Table:
    """Number, mean years and share of little experience of every area, run by run."""
    words, names = told.words, told.done.names
    rows = {(row["area"], row["variant"]): row for row in told.done.experience.iter_rows(named=True)}
    areas = sorted({code for code, _ in rows}, key=lambda code: told.areas.get(code, code))
    heads = [Column(words(f"area_{told.done.level}"))]
    heads += [Column(words(head, name=name)) for name in names for head in ("head_people", "head_years", "head_little")]
    cells = tuple(
        (told.areas.get(code, code), *(c for name in names for c in _cells(told, rows.get((code, name)), way)))
        for code in areas
    )
    return Table(words(f"caption_table_{way}"), tuple(heads), cells, folded=True)


def _cells(told: Told, row: Mapping[str, Any] | None, way: str) -> tuple[str, str, str]:
    if row is None:
        return told.words.number(0), told.decimal(None), told.decimal(None)
    return told.words.number(row[way]), told.decimal(_mean(row, way)), _percent(told, _share(row, way))


def _mean(row: Mapping[str, Any], way: str) -> float | None:
    """Mean experience in years; None where no échelon is known."""
    known = row[f"{way}_known"]
    return row[f"{way}_months"] / 12 / known if known else None


def _share(row: Mapping[str, Any], way: str) -> float | None:
    """Share of 1 with little experience; None where no échelon is known."""
    known = row[f"{way}_known"]
    return row[f"{way}_little"] / known if known else None


def _percent(told: Told, value: float | None) -> str:
    return told.decimal(None) if value is None else told.words.share(round(10_000 * value), 10_000, 0)
