"""Satisfied by rank, and by group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from engine.compare.fates import FATES
from engine.compare.groups import COUNTS, GROUPINGS
from engine.compare.pictures import dots, run_parts, spread
from engine.compare.told import Told, share
from engine.report.drawing import INK, Part, stacked_bars
from engine.report.fates import share_bar
from engine.report.parts import Block, Column, Picture, Section, Table, Text
from engine.report.words import Words

_LOOK = {
    "wish_1": ("#0b4a86", "#ffffff"),
    "wish_2": ("#3f86c1", "#ffffff"),
    "wish_3": ("#7fb2dc", INK),
    "wish_4_on": ("#bfdaf0", INK),
    "extended": ("#e8a33d", INK),
    "kept": ("#d3d9e0", INK),
    "unassigned": ("#b5402a", "#ffffff"),
    "excluded": ("#7b8794", "#ffffff"),
    "withheld": ("#ffffff", INK),
}

DRAWN = ("status", "category", "family", "age")
"""Groupings drawn together; areas have a chart of their own, disciplines a table."""

FEW = 20
"""Candidates below which a group is not drawn: its share would jump."""


def ranks_section(told: Told) -> Section:
    """What became of holders and of mandatory candidates in each run."""
    words, counts = told.words, told.counts("status")
    present = [name for name in ("holders", "mandatory", "others") if name in set(counts["group"])]
    met = [fate for fate in FATES if int(counts[fate].sum())]
    parts = tuple(Part(words(f"fate_{fate}"), *_LOOK[fate]) for fate in met)
    rows = {(row["group"], row["variant"]): row for row in counts.iter_rows(named=True)}
    panels = {
        words(f"group_{group}"): [
            segment
            for name in told.done.names
            if (group, name) in rows
            for segment in share_bar(name, _counts(rows[group, name], met, words), words)
        ]
        for group in present
    }
    drawing = stacked_bars(panels, list(told.done.names), parts)
    heads = (
        Column(words("group")),
        Column(words("variant"), numeric=False),
        *(Column(words(f"count_{c}")) for c in COUNTS),
    )
    cells = tuple(
        (words(f"group_{group}"), name, *(words.number(rows[group, name][count]) for count in COUNTS))
        for group in present
        for name in told.done.names
        if (group, name) in rows
    )
    table = Table(words("caption_by_rank"), heads, cells, folded=True)
    picture = Picture(drawing, words("alt_by_rank"), words("caption_by_rank"), parts, table)
    return Section("ranks", words("by_rank"), (picture,))


def _counts(row: Mapping[str, Any], met: list[str], words: Words) -> dict[str, int]:
    """How many met each fate, by its label."""
    return {words(f"fate_{fate}"): row[fate] for fate in met}


def groups_section(told: Told) -> Section:
    """The share of each group that obtains a wish, run by run; every group in a table."""
    words = told.words
    blocks: list[Block] = [Text(words("note_groups"), "note")]
    picture = _dots(told, [(grouping, code) for grouping in DRAWN for code in _codes(told, grouping)], "groups")
    by_origin = _dots(told, [("origin", code) for code in _codes(told, "origin")], f"origin_{told.done.level}")
    blocks += [shown for shown in (picture, by_origin) if shown is not None]
    blocks += [_table(told, grouping) for grouping in GROUPINGS[1:]]
    return Section("groups", words("by_group"), tuple(blocks))


def _codes(told: Told, grouping: str) -> list[str]:
    """Groups large enough to be drawn, in the order of the first run's share; bands of age in theirs."""
    counts = told.counts(grouping).filter(pl.col("variant") == told.first, pl.col("candidates") >= FEW)
    if grouping in ("age", "status"):
        return counts["group"].to_list()
    return counts.sort(pl.col("satisfied") / pl.col("candidates"), "group", descending=[True, False])["group"].to_list()


def _dots(told: Told, groups: list[tuple[str, str]], subject: str) -> Picture | None:
    words, names = told.words, (told.first, *told.drawn)
    rows, order = list[dict[str, Any]](), list[str]()
    for grouping, code in groups:
        here = told.counts(grouping).filter((pl.col("group") == code) & pl.col("variant").is_in(names))
        label = told.group(grouping, code)
        shares = {row["variant"]: share(row["satisfied"], row["candidates"]) for row in here.iter_rows(named=True)}
        if label in order or not shares:
            continue
        order.append(label)
        for row in here.iter_rows(named=True):
            text = words.share(row["satisfied"], row["candidates"])
            values = {"satisfied": row["satisfied"], "candidates": row["candidates"], "share": text}
            hint = words("hint_group", name=row["variant"], group=label, **values)
            at = shares[row["variant"]]
            rows.append(
                {"row": label, "part": row["variant"], "value": at, "hint": hint, **spread(list(shares.values()))}
            )
    if not rows:
        return None
    parts = run_parts(names)
    drawing = dots({"rows": rows}, order, parts, [words("axis_satisfied")], "format(datum.value, '.0%')")
    return Picture(drawing, words("alt_dots"), words(f"caption_dots_{subject}"), parts)


def _table(told: Told, grouping: str) -> Table:
    """Candidates and satisfied of every group, run by run."""
    words, names = told.words, told.done.names
    counts = {(row["group"], row["variant"]): row for row in told.counts(grouping).iter_rows(named=True)}
    groups = sorted({group for group, _ in counts}, key=lambda code: told.group(grouping, code))
    shown = "satisfied" if grouping != "arrival" else "candidates"
    heads = [Column(words(f"grouping_{grouping}"))]
    if grouping != "arrival":
        heads.append(Column(words("candidates")))
    heads += [Column(name) for name in names]
    rows = list[tuple[str, ...]]()
    for group in groups:
        cells = [told.group(grouping, group)]
        first = next(counts[group, name] for name in names if (group, name) in counts)
        if grouping != "arrival":
            cells.append(words.number(first["candidates"]))
        cells += [words.number(counts[group, name][shown] if (group, name) in counts else None) for name in names]
        rows.append(tuple(cells))
    return Table(words(f"caption_table_{grouping}"), tuple(heads), tuple(rows), folded=True)
