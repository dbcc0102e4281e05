"""Winners and losers: who is better off and who is worse off than in the first run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import polars as pl

from engine.compare.groups import NONE, STATUSES, UNKNOWN, age_band
from engine.compare.pictures import opposed_panels
from engine.compare.sections.glance import pair_counts
from engine.compare.told import Told, share
from engine.report.drawing import Part
from engine.report.parts import Block, Column, Picture, Section, Table, Text

BETTER, WORSE = "#2a7f62", "#c8553d"
LARGEST = 20
"""Disciplines and areas drawn: those with most winners and losers."""


def winners_section(told: Told) -> Section:
    """Who wins and who loses, in all, by group, by discipline and by area of origin; every pair of runs in a table."""
    words = told.words
    parts = (Part(words("change_better"), BETTER), Part(words("change_worse"), WORSE))
    blocks: list[Block] = [Text(words("note_winners", first=told.first), "note")]
    groups = _panels(told, _groups)
    order = _order(groups)
    if order:
        blocks.append(_picture(told, groups, order, parts, "groups"))
        for subject in ("discipline", "origin"):
            panels = _panels(told, partial(_by, grouping=subject))
            most = _most(panels)
            if len(most) > 1:
                level = f"_{told.done.level}" if subject == "origin" else ""
                blocks.append(
                    _picture(told, {n: _only(rows, most) for n, rows in panels.items()}, most, parts, subject + level)
                )
    else:
        blocks.append(Text(words("no_winners"), "empty"))
    blocks.append(_pairs(told))
    return Section("winners", words("winners"), tuple(blocks))


Counted = dict[str, tuple[int, int, int]]
"""Of each group: winners, losers, candidates."""


def _panels(told: Told, count: Callable[[pl.DataFrame, Told], Counted]) -> dict[str, Counted]:
    """The counts of each run drawn."""
    return {name: count(_everybody(told, name), told) for name in told.drawn}


def _everybody(told: Told, name: str) -> pl.DataFrame:
    """The candidates of a run, with what it changes for those for whom it changes something."""
    people = told.done.people.filter(pl.col("variant") == name)
    changed = told.done.changes_of(told.first, name).select("candidate_id", "change")
    return people.join(changed, on="candidate_id", how="left", maintain_order="left")


def _counts(rows: pl.DataFrame, group: pl.Expr) -> list[tuple[str, tuple[int, int, int]]]:
    counted = rows.group_by(group=group).agg(
        better=(pl.col("change") == "better").sum(), worse=(pl.col("change") == "worse").sum(), all=pl.len()
    )
    return [(str(code), (better, worse, whole)) for code, better, worse, whole in counted.sort("group").iter_rows()]


def _groups(rows: pl.DataFrame, told: Told) -> Counted:
    """All candidates, then each status, category, family situation and band of age."""
    found: Counted = dict(_counts(rows, pl.lit(told.words("everybody"))))
    for name, who in STATUSES.items():
        found |= {told.group("status", name): counts for _, counts in _counts(rows.filter(who), pl.lit(name))}
    groupings = {
        "category": pl.col("category").fill_null(UNKNOWN),
        "family": pl.col("family").fill_null(NONE),
        "age": age_band(),
    }
    for grouping, group in groupings.items():
        found |= {told.group(grouping, code): counts for code, counts in _counts(rows, group)}
    return found


def _by(rows: pl.DataFrame, told: Told, grouping: str) -> Counted:
    return {told.group(grouping, code): counts for code, counts in _counts(rows.drop_nulls(grouping), pl.col(grouping))}


def _order(panels: dict[str, Counted]) -> list[str]:
    """Groups somebody of whom wins or loses, in their order."""
    names = dict.fromkeys(name for counts in panels.values() for name in counts)
    return [name for name in names if any(sum(counts.get(name, (0, 0, 0))[:2]) for counts in panels.values())]


def _most(panels: dict[str, Counted]) -> list[str]:
    """The groups with most winners and losers, by their gain in the first run drawn."""
    moved = {name: sum(sum(counts.get(name, (0, 0, 0))[:2]) for counts in panels.values()) for name in _order(panels)}
    largest = sorted(moved, key=lambda name: (-moved[name], name))[:LARGEST]
    first = next(iter(panels.values()), {})
    return sorted(largest, key=lambda name: (-_net(first.get(name, (0, 0, 0))), name))


def _only(counts: Counted, names: list[str]) -> Counted:
    return {name: counts[name] for name in names if name in counts}


def _net(counts: tuple[int, int, int]) -> float:
    better, worse, whole = counts
    return share(better - worse, whole)


def _picture(
    told: Told, panels: dict[str, Counted], order: list[str], parts: tuple[Part, ...], subject: str
) -> Picture:
    words = told.words
    rows = {
        name: [bar for group in order for bar in _bars(told, group, counts, parts)] for name, counts in panels.items()
    }
    drawing = opposed_panels(rows, order, parts, "format(abs(datum.value), '.1~%')")
    heads = [Column(words("group"))]
    for name in panels:
        heads += [Column(words("head_better", name=name)), Column(words("head_worse", name=name))]
    cells = tuple(
        (group, *(words.number(count) for counts in panels.values() for count in counts.get(group, (0, 0, 0))[:2]))
        for group in order
    )
    table = Table(words(f"caption_winners_{subject}"), tuple(heads), cells, folded=True)
    return Picture(drawing, words("alt_winners"), words(f"caption_winners_{subject}"), parts, table)


def _bars(told: Told, group: str, counts: Counted, parts: tuple[Part, ...]) -> Iterator[dict[str, Any]]:
    if group not in counts:
        return
    words, (better, worse, whole) = told.words, counts[group]
    hint = words("hint_winners", group=group, better=better, worse=worse, candidates=whole)
    net = words.number(better - worse, signed=True)
    yield {"row": group, "part": parts[0].label, "value": share(better, whole), "hint": hint, "text": net}
    yield {"row": group, "part": parts[1].label, "value": -share(worse, whole), "hint": hint}


def _pairs(told: Told) -> Table:
    """Every pair of runs: how many of each change."""
    words, changes = told.words, list(dict.fromkeys(told.done.pairs["change"].to_list()))
    used = [
        c
        for c in changes
        if c in ("better", "worse", "same") or int(told.done.pairs.filter(pl.col("change") == c)["candidates"].sum())
    ]
    pairs = told.done.pairs.select("first", "second").unique(maintain_order=True).rows()
    rows = tuple(
        (words("pair", first=first, second=second), *(words.number(pair_counts(told, first, second)[c]) for c in used))
        for first, second in pairs
    )
    heads = (Column(words("pair_head")), *(Column(words(f"change_{change}")) for change in used))
    return Table(words("caption_pairs"), heads, rows)
