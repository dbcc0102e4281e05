"""What each run costs and leaves: claims, the distance to the frontier, chains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.compare.pictures import bars_to_limit
from engine.compare.told import Told
from engine.report.drawing import Part
from engine.report.parts import Block, Cell, Column, Picture, Section, Table, Text
from engine.report.words import NOTHING, Words

SATISFIED, LEFT, CLAIMS = "#0b5fa5", "#cfdcea", "#b5402a"


def limits_section(told: Told) -> Section:
    """Satisfied candidates up to the frontier; claims; chains."""
    words, done = told.words, told.done
    blocks: list[Block] = [_picture(told)]
    known = any(done.figures[name]["frontier"] is not None for name in done.names)
    blocks.append(Text(words("note_frontier" if known else "no_frontier"), "note"))
    blocks += [_claims(told), Text(words("note_claims"), "note"), _chains(told)]
    return Section("limits", words("limits"), tuple(blocks))


def _picture(told: Told) -> Picture:
    words, rows = told.words, list[dict[str, Any]]()
    parts = (Part(words("figure_satisfied"), SATISFIED), Part(words("part_left"), LEFT))
    for name in told.done.names:
        figures = told.done.figures[name]
        satisfied, frontier = int(figures["satisfied"] or 0), figures["frontier"]
        far = max(satisfied, int(frontier)) if frontier is not None else satisfied
        key = "bar_frontier" if frontier is not None else "bar_alone"
        text = words(key, satisfied=satisfied, frontier=_whole(frontier), share=words.share(satisfied, far))
        bar = {"row": name, "hint": f"{name}: {text}"}
        rows.append({**bar, "part": parts[0].label, "start": 0, "end": satisfied, "text": text, "last": far})
        if far > satisfied:
            rows.append({**bar, "part": parts[1].label, "start": satisfied, "end": far})
    drawing = bars_to_limit(rows, list(told.done.names), parts, words("axis_candidates"))
    return Picture(drawing, words("alt_frontier"), words("caption_frontier"), parts)


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _claims(told: Told) -> Table:
    """Claims of each run with what its verdict says of them."""
    words = told.words
    counts = (Column(words("variant")), Column(words("figure_claims")))
    heads = (*counts, Column(words("status"), numeric=False), Column(words("evidence"), numeric=False))
    rows = tuple(
        (
            side.name,
            NOTHING if side.claims is None else words.number(side.claims),
            words(f"status_{side.property_of_claims['status']}"),
            _evidence(side.property_of_claims, words),
        )
        for side in told.done.sides
    )
    return Table(words("caption_claims"), heads, rows)


def _evidence(claims: Mapping[str, Any], words: Words) -> Cell:
    """What the verdict says of claims; in English where an earlier version wrote the folder."""
    told = claims.get(f"evidence_{words.language}")
    return Cell(str(told or claims["evidence"]), foreign=told is None)


def _chains(told: Told) -> Table:
    """How seats pass from one to another: how many chains of each length."""
    words, lengths = told.words, dict[str, dict[str, int]]()
    for side in told.done.sides:
        size = side.chains.group_by("chain_id").len()["len"]
        lengths[side.name] = {band: int(((size >= low) & (size <= high)).sum()) for band, (low, high) in BANDS.items()}
    heads = (Column(words("chain_length")), *(Column(name) for name in told.done.names))
    rows = [
        (words(f"chain_{band}"), *(words.number(lengths[name][band]) for name in told.done.names)) for band in BANDS
    ]
    filled = [int(told.done.figures[name]["filled_by_chains"] or 0) for name in told.done.names]
    moves = [side.chains.height for side in told.done.sides]
    shares = (words.share(*pair) for pair in zip(filled, moves, strict=True))
    rows.append((words("chain_filled"), *shares))
    return Table(words("caption_chains"), heads, tuple(rows))


BANDS = {"1": (1, 1), "2": (2, 2), "3_5": (3, 5), "6_10": (6, 10), "11_on": (11, 10**9)}
"""Lengths of chains that are counted together."""
