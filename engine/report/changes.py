"""What changed since the previous run: who, and for which reason."""

from __future__ import annotations

import polars as pl

from engine.model.differences import told_details
from engine.report.facts import Told
from engine.report.parts import Column, Section, Table, Text

SHOWN = 200
"""Candidates named; all are in the table `changes` of the run folder."""


def changes_section(facts: Told) -> Section | None:
    """Everybody whose outcome differs, with the cause; None where the run was compared with none."""
    run, words = facts.run, facts.words
    if run.compared is None:
        return None
    changed = run.changes.filter("changed")
    by_chain = changed.filter(pl.col("cause") == "chain").height
    figures = {"count": changed.height, "chain": by_chain, "same": run.changes.height - changed.height}
    lead = Text(words("lead_changes", **figures), "lead")
    if changed.is_empty():
        return Section("changes", words("changes"), (lead,))
    heads = ("candidate", "before", "now", "cause", "detail")
    titles = {name: block.title for name, block in run.campaign.rules.blocks.items()}
    rows = tuple(
        (
            row["candidate_id"],
            row["previous_post_id"] or row["previous_status"] or "",
            row["post_id"] or row["status"] or "",
            ", ".join(words.named("cause", code) for code in row["cause"].split()),
            told_details(row["detail"], words.language, titles),
        )
        for row in changed.head(SHOWN).iter_rows(named=True)
    )
    caption = words("caption_changes", shown=len(rows), count=changed.height)
    table = Table(caption, tuple(Column(words(head), numeric=False) for head in heads), rows, folded=len(rows) > 20)
    return Section("changes", words("changes"), (lead, table))
