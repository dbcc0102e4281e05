"""Requests over time: what came late, what was changed or cancelled, evidence, corrections of points."""

from __future__ import annotations

import polars as pl

from engine.model.overtime.events import EVENTS, events_of
from engine.model.reasons import reason_sentence
from engine.report.facts import Told
from engine.report.parts import Block, Cell, Column, Section, Table, Text

SHOWN = 100
"""Corrections named; all are in the table `corrections` of the campaign."""


def overtime_section(facts: Told) -> Section | None:
    """How many of each kind came, and for which reason some do not count; None where nothing has a day."""
    events, words = events_of(facts.run.campaign), facts.words
    if events.is_empty():
        return None
    lost = events.drop_nulls("reason")
    figures = {"count": events.height, "people": events["candidate_id"].n_unique(), "lost": lost.height}
    blocks: list[Block] = [Text(words("lead_overtime", **figures), "lead"), _counts(facts, events)]
    if not events.filter(pl.col("event") == "correction").is_empty():
        blocks.append(_corrections(facts, events.filter(pl.col("event") == "correction")))
    return Section("overtime", words("overtime"), tuple(blocks))


def _counts(facts: Told, events: pl.DataFrame) -> Table:
    words, rows = facts.words, []
    for kind in EVENTS:
        of_kind = events.filter(pl.col("event") == kind)
        counted = of_kind.filter(pl.col("reason").is_null()).height
        reasons = of_kind.drop_nulls("reason").group_by("reason").len().sort("reason").iter_rows()
        told = "; ".join(
            words("reason_count", count=count, reason=reason_sentence(str(code), words.language))
            for code, count in reasons
        )
        if of_kind.height:
            rows.append((words.named("event", kind), words.number(of_kind.height), words.number(counted), told))
    heads = (("overtime_kind", False), ("number_of", True), ("overtime_counted", True), ("why", False))
    columns = tuple(Column(words(head), numeric) for head, numeric in heads)
    return Table(words("caption_overtime"), columns, tuple(rows))


def _corrections(facts: Told, rows: pl.DataFrame) -> Table:
    words, blocks = facts.words, facts.run.campaign.rules.blocks
    heads = (
        "candidate",
        "corrected_criterion",
        "corrected_wish",
        "corrected_points",
        "authority",
        "decision_date",
        "decision_reason",
    )
    columns = tuple(Column(words(head), head == "corrected_points") for head in heads)
    shown: tuple[tuple[str | Cell, ...], ...] = tuple(
        (
            row["candidate_id"],
            blocks[row["criterion"]].title if row["criterion"] in blocks else row["criterion"],
            str(row["rank"] or words("every_wish")),
            words.points(row["points"]),
            row["authority"],
            str(row["date"]),
            row["ground"],
        )
        for row in rows.head(SHOWN).iter_rows(named=True)
    )
    caption = words("caption_corrections", shown=len(shown), count=rows.height)
    return Table(caption, columns, shown, folded=len(shown) > 20)
