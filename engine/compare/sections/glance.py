"""The figures of all runs side by side, and what each was told."""

from __future__ import annotations

import polars as pl

from engine.compare.differences import Difference
from engine.compare.figures import Figure
from engine.compare.told import Told
from engine.report.parts import Block, Cell, Column, Section, Table, Text, Tile
from engine.report.words import NOTHING

ALWAYS = ("candidates", "satisfied", "moved", "wish_1", "claims")
"""Figures shown even where they are 0 everywhere."""


def tiles(told: Told) -> tuple[Tile, ...]:
    """One tile per run: who obtains a wish, and what that is beside the first run."""
    return tuple(_tile(told, name) for name in told.done.names)


def _tile(told: Told, name: str) -> Tile:
    words, figures = told.words, told.done.figures[name]
    satisfied, of = _whole(figures["satisfied"]), _whole(figures["candidates"])
    if name == told.first:
        note = words("tile_first_run", share=words.share(satisfied, of))
    else:
        counts = pair_counts(told, told.first, name)
        note = words("tile_run", better=counts["better"], worse=counts["worse"])
        claims = figures["claims"]
        note += words("tile_run_claims", claims=claims) if isinstance(claims, int) and claims else ""
    return Tile(words("tile_satisfied", name=name), words.number(satisfied), note)


def pair_counts(told: Told, first: str, second: str) -> dict[str, int]:
    """How many candidates of each change between two runs."""
    rows = told.done.pairs.filter((pl.col("first") == first) & (pl.col("second") == second))
    return {str(change): int(count) for change, count in rows.select("change", "candidates").iter_rows()}


def glance_section(told: Told) -> Section:
    """Every figure, one column per run, with what it is more or less than in the first."""
    words = told.words
    blocks: list[Block] = [Text(_sentence(told, name), "lead") for name in told.others]
    blocks.append(_figures(told))
    return Section("glance", words("glance"), tuple(blocks))


def _sentence(told: Told, name: str) -> str:
    """What a run changes, in one sentence."""
    words, figures, first = told.words, told.done.figures[name], told.done.figures[told.first]
    counts = pair_counts(told, told.first, name)
    more = _whole(figures["satisfied"]) - _whole(first["satisfied"])
    key = "glance_more" if more > 0 else "glance_fewer" if more < 0 else "glance_as_many"
    values = {"better": counts["better"], "worse": counts["worse"], "more": abs(more)}
    return words(key, name=name, first=told.first, **values)


def _figures(told: Told) -> Table:
    words, names = told.words, told.done.names
    heads = (Column(words("figure")), *(Column(name) for name in names))
    rows = list[tuple[str | Cell, ...]]()
    for figure in told.done.figures[told.first]:
        values = [told.done.figures[name][figure] for name in names]
        if figure in ALWAYS or any(value not in (None, 0) for value in values):
            rows.append((words(f"figure_{figure}"), *(_cell(told, value, values[0]) for value in values)))
    return Table(words("caption_glance"), heads, tuple(rows))


def _cell(told: Told, value: Figure, first: Figure) -> Cell:
    """A figure, and after it what it is more than the first."""
    if value is None:
        return Cell(NOTHING)
    written = told.words.number(value) if isinstance(value, int) else told.decimal(value, 2)
    if first is None or value == first:
        return Cell(written)
    more = value - first
    after = told.words.number(more, signed=True) if isinstance(more, int) else told.decimal(more, 2, signed=True)
    return Cell(written, after=after)


def _whole(value: Figure) -> int:
    return value if isinstance(value, int) else 0


def differences_section(told: Told) -> Section:
    """What the runs were told differently: all that can explain that they differ."""
    words, done = told.words, told.done
    blocks: list[Block] = []
    described = tuple((side.name, side.description) for side in done.sides if side.description)
    if described:
        said = (Column(words("variant")), Column(words("description"), numeric=False))
        blocks.append(Table(words("caption_descriptions"), said, described))
    if done.differences:
        heads = (Column(words("what")), *(Column(name, numeric=False) for name in done.names))
        blocks.append(
            Table(words("caption_differences"), heads, tuple(_difference(told, item) for item in done.differences))
        )
    else:
        blocks.append(Text(words("no_differences"), "empty"))
    return Section("differences", words("differences"), tuple(blocks))


def _difference(told: Told, item: Difference) -> tuple[str | Cell, ...]:
    return (Cell(item.name, after=told.words(f"kind_{item.kind}")), *(value or NOTHING for value in item.values))
