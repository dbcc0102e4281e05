"""The interdépartemental: the two cutoffs of each département, and who moved in which phase."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from engine.model.geography import departments
from engine.report.balance import DEPARTURES, ENTRIES
from engine.report.bars import count_picture
from engine.report.cutoffs import SECRET_UP_TO
from engine.report.drawing import Part, opposed_bars, stacked_bars
from engine.report.facts import OBTAINED, Facts, fate_counts
from engine.report.fates import fate_bar, fate_parts
from engine.report.parts import Block, Cell, Column, Picture, Section, Table, Text
from engine.report.words import Words

DRAWN = 40
"""Départements drawn; the table has all of them."""

LONG = 12
"""Rings from this length on are counted together."""

COLOUR = "#0b4a86"
WAYS = ("entry", "exit")
PHASES = ("mutation", "permutation")
MOVED = {"entry": "entered_mutations", "exit": "left_mutations"}


def gates_section(facts: Facts) -> Section:
    """Entry and exit cutoffs side by side; none is shown for one move or fewer."""
    words, rows = facts.words, _departments(facts)
    if not any(row[f"{way}_points"] is not None for row in rows for way in WAYS):
        return Section("cutoffs", words("gates"), (facts.nothing("empty_cutoffs"),))
    blocks = (Text(_gates_lead(facts, rows), "lead"), _gates(words, rows), _table(words, rows))
    notes = " ".join(words(key) for key in ("note_gates", "note_secret", "note_all_gates"))
    return Section("cutoffs", words("gates"), (*blocks, Text(notes, "note")))


def phases_section(facts: Facts) -> Section | None:
    """Who moved in which phase, and in which rings the places were exchanged. None in other movements."""
    words = facts.words
    if facts.run.tables.departments is None:
        return None
    moved = _moved(facts)
    if moved.is_empty():
        return Section("phases", words("phases"), (facts.nothing("empty_moves"),))
    lengths = facts.run.chains.filter("ring").group_by("chain_id").len()["len"]
    later = moved.filter(pl.col("phase") == "permutation")
    lead = words(
        "lead_phases",
        mutations=moved.height - later.height,
        permutations=later.height,
        again=later["before_rank"].count(),
        rings=len(lengths),
    )
    blocks: list[Block] = [Text(lead, "lead"), _by_phase(facts, moved)]
    if later.height:
        blocks += [_rings(words, lengths), _from_to(words, later)]
    return Section("phases", words("phases"), tuple(blocks))


def highest_cutoff(facts: Facts, way: str) -> tuple[str, str]:
    """The highest cutoff that may be told, and the département that has it; dashes where there is none."""
    told = [row for row in _departments(facts) if row[f"{way}_points"] is not None]
    if not told:
        return facts.words.number(None), facts.words("nobody")
    best = max(told, key=lambda row: (row[f"{way}_points"], row["name"]))
    return facts.words.points(best[f"{way}_points"]), best["name"]


def _departments(facts: Facts) -> list[dict[str, Any]]:
    """The départements by name, with the cutoffs that may be told: entry_points, exit_points (thousandths or None)."""
    labels = dict(facts.run.campaign.places.select("place_id", "label").drop_nulls().iter_rows())
    names = departments() | labels
    told = [
        pl.when(pl.col(MOVED[way]) > SECRET_UP_TO).then(f"{way}_cutoff_points").alias(f"{way}_points") for way in WAYS
    ]
    rows = facts.run.departments.with_columns(told).to_dicts()
    for row in rows:
        row["name"] = names.get(row["department"], row["department"])
    return sorted(rows, key=lambda row: (row["name"], row["department"]))


def _gates_lead(facts: Facts, rows: list[dict[str, Any]]) -> str:
    words = facts.words
    entry, leaving = (f"{name} ({points})" for points, name in (highest_cutoff(facts, way) for way in WAYS))
    if rows[0]["exit_quota"] is None:
        return words("lead_gates_balance", entry=entry, exit=leaving)
    full = {way: sum(row[MOVED[way]] >= row[f"{way}_quota"] for row in rows) for way in WAYS}
    return words("lead_gates", entry=entry, exit=leaving, full_entry=full["entry"], full_exit=full["exit"])


def _gates(words: Words, rows: list[dict[str, Any]]) -> Picture:
    """The highest cutoffs: entry to the right, exit to the left."""
    highest = sorted(rows, key=lambda row: -max(row[f"{way}_points"] or 0 for way in WAYS))[:DRAWN]
    ordered = sorted(highest, key=lambda row: (-(row["entry_points"] or 0), row["name"]))
    parts = (Part(words("entry_cutoff"), ENTRIES), Part(words("exit_cutoff"), DEPARTURES))
    bars = [
        {
            "row": row["name"],
            "part": part.label,
            "value": sign * row[f"{way}_points"] / 1000,
            "hint": words("hint_gate", name=row["name"], gate=part.label, points=words.points(row[f"{way}_points"])),
        }
        for row in ordered
        for way, part, sign in zip(WAYS, parts, (1, -1), strict=True)
        if row[f"{way}_points"] is not None
    ]
    names = [row["name"] for row in ordered]
    drawing = opposed_bars(bars, names, parts, words("axis_gates"), "")
    return Picture(drawing, words("alt_gates"), words("caption_gates", count=len(names)), parts)


def _table(words: Words, rows: list[dict[str, Any]]) -> Table:
    counted = rows[0]["exit_quota"] is not None
    quotas = ("entry_quota", "exit_quota") if counted else ("balance",)
    figures = ("asking_in", "asking_out", *quotas)
    moves = ("entered_mutations", "entered_permutations", "left_mutations", "left_permutations")
    heads = [words("area_DPT"), *(words(f"column_{name}") for name in (*figures, *moves))]
    heads += [words("entry_cutoff"), words("exit_cutoff")]
    cells = tuple((row["name"], *_cells(words, row, (*figures, *moves))) for row in rows)
    return Table(words("caption_departments"), tuple(map(Column, heads)), cells, folded=True)


def _cells(words: Words, row: Mapping[str, Any], figures: tuple[str, ...]) -> list[str | Cell]:
    counts: list[str | Cell] = [words.number(row[name], signed=name == "balance") for name in figures]
    return [*counts, *(_cutoff(words, row, way) for way in WAYS)]


def _cutoff(words: Words, row: Mapping[str, Any], way: str) -> str:
    """A cutoff, or why there is none to show."""
    if row[f"{way}_points"] is not None:
        return words.points(row[f"{way}_points"])
    return words("mark_secret") if row[MOVED[way]] else words("mark_nobody")


def _moved(facts: Facts) -> pl.DataFrame:
    """Who moved, with his phase."""
    phases = facts.run.outcomes.select("candidate_id", "phase")
    return facts.people.filter(pl.col("fate").is_in(OBTAINED)).join(phases, on="candidate_id", maintain_order="left")


def _by_phase(facts: Facts, moved: pl.DataFrame) -> Picture:
    words = facts.words
    groups = {words(f"phase_{phase}"): moved.filter(pl.col("phase") == phase) for phase in PHASES}
    groups = {name: rows for name, rows in groups.items() if rows.height}
    bars = [bar for name, rows in groups.items() for bar in fate_bar(name, "", rows, words)]
    parts = fate_parts(words, moved)
    drawing = stacked_bars({words("everybody"): bars}, list(groups), parts)
    heads = (Column(words("phase")), Column(words("candidates")), *(Column(words(f"fate_{fate}")) for fate in OBTAINED))
    cells = tuple(
        (name, words.number(rows.height), *(words.number(fate_counts(rows)[fate]) for fate in OBTAINED))
        for name, rows in groups.items()
    )
    table = Table(words("caption_phases"), heads, cells, folded=True)
    return Picture(drawing, words("alt_phases"), words("caption_phases"), parts, table)


def _rings(words: Words, lengths: pl.Series) -> Picture:
    counted = dict(lengths.clip(upper_bound=LONG).value_counts().iter_rows())
    counts = {
        words("rank_from", rank=size) if size == LONG else str(size): counted.get(size, 0)
        for size in range(2, max(counted) + 1)
    }
    return count_picture(counts, words, unit="rings", axis="axis_ring", subject="rings", colour=COLOUR)


def _from_to(words: Words, later: pl.DataFrame) -> Table:
    """What the mutations had given to those who move by permutation, and the wish they get."""
    had = pl.col("before_rank").fill_null(0)
    counted = {(had, fate): n for had, fate, n in later.group_by(had.alias("had"), "fate").len().iter_rows()}
    names = {rank: words("had_wish", rank=rank) if rank else words("had_nothing") for rank in {r for r, _ in counted}}
    cells = tuple(
        (names[rank], *(words.number(counted.get((rank, fate), 0)) for fate in OBTAINED)) for rank in sorted(names)
    )
    heads = (Column(words("had_before")), *(Column(words(f"fate_{fate}")) for fate in OBTAINED))
    return Table(words("caption_from_to"), heads, cells)
