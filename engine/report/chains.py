"""Chains: a seat falls vacant, who takes it frees another, and so on."""

from __future__ import annotations

import polars as pl

from engine.report.bars import count_picture
from engine.report.drawing import INK, Part, stacked_bars
from engine.report.facts import Facts
from engine.report.fates import share_bar
from engine.report.parts import Column, Picture, Section, Table, Text

LONG = 10
"""Chains from this length on are counted together."""

COLOUR = "#0b4a86"
SOURCES = (("#d3d9e0", INK), ("#0b4a86", "#ffffff"), ("#a8cdea", INK))
"""Colours of seats that were vacant, left by another mover, exchanged."""


def chains_section(facts: Facts) -> Section:
    """How many chains there are, how long they are, and how many seats were filled after somebody left them."""
    words = facts.words
    chains = facts.run.chains
    if chains.is_empty():
        return Section("chains", words("chains"), (facts.nothing("empty_chains"),))
    freed = int(chains["freed_by"].is_not_null().sum())
    lengths = chains.group_by("chain_id").agg(length=pl.len(), ring=pl.col("ring").any())
    lead = words(
        "lead_chains",
        number=lengths.filter(pl.col("length") > 1).height,
        longest=int(lengths["length"].max() or 0),  # type: ignore[arg-type]
        freed=freed,
        share=words.share(freed, chains.height),
        filled=chains.height,
        rings=int(lengths["ring"].sum()),
    )
    return Section("chains", words("chains"), (Text(lead, "lead"), _seats_filled(facts), _lengths(facts, lengths)))


def _seats_filled(facts: Facts) -> Picture:
    """Of the seats filled, those that were vacant, those another mover left, and those exchanged in a ring."""
    words, chains = facts.words, facts.run.chains
    ring, freed = pl.col("ring"), pl.col("freed_by").is_not_null()
    counts = {
        words("seat_vacant"): chains.filter(~freed).height,
        words("seat_freed"): chains.filter(freed & ~ring).height,
        words("seat_exchanged"): chains.filter(ring).height,
    }
    parts = tuple(Part(name, *look) for name, look in zip(counts, SOURCES, strict=True) if counts[name])
    rows = share_bar(words("seats_filled"), counts, words)
    drawing = stacked_bars({words("everybody"): list(rows)}, [words("seats_filled")], parts)
    cells = tuple((name, words.number(count)) for name, count in counts.items())
    table = Table(words("caption_filled"), (Column(words("seat_origin")), Column(words("seats_filled"))), cells, True)
    return Picture(drawing, words("alt_filled"), words("caption_filled"), parts, table)


def _lengths(facts: Facts, lengths: pl.DataFrame) -> Picture:
    words = facts.words
    counted = dict(lengths["length"].clip(upper_bound=LONG).value_counts().iter_rows())
    counts = {
        words("rank_from", rank=size) if size == LONG else str(size): counted.get(size, 0)
        for size in range(1, max(counted) + 1)
    }
    return count_picture(counts, words, unit="chains", axis="axis_chain", subject="chains", colour=COLOUR)
