"""Chains: a seat falls vacant, who takes it frees another, and so on."""

from __future__ import annotations

import polars as pl

from engine.report.bars import count_picture
from engine.report.facts import Facts
from engine.report.parts import Picture, Section, Text

LONG = 10
"""Chains from this length on are counted together."""

COLOUR = "#0b4a86"


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
        number=lengths.height,
        longest=int(lengths["length"].max() or 0),  # type: ignore[arg-type]
        freed=freed,
        share=words.share(freed, chains.height),
        filled=chains.height,
        rings=int(lengths["ring"].sum()),
    )
    return Section("chains", words("chains"), (Text(lead, "lead"), _lengths(facts, lengths)))


def _lengths(facts: Facts, lengths: pl.DataFrame) -> Picture:
    words = facts.words
    counted = dict(lengths["length"].clip(upper_bound=LONG).value_counts().iter_rows())
    counts = {
        words("rank_from", rank=size) if size == LONG else str(size): counted.get(size, 0)
        for size in range(1, max(counted) + 1)
    }
    return count_picture(counts, words, unit="chains", axis="axis_chain", subject="chains", colour=COLOUR)
