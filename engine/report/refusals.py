"""Wishes refused, by what they lacked; wishes and requests set aside, by reason."""

from __future__ import annotations

import polars as pl

from engine.model.reasons import reason_codes, reason_sentence
from engine.report.bars import count_picture
from engine.report.facts import Facts
from engine.report.parts import Block, Column, Picture, Section, Table, Text
from engine.report.scale import class_labels, count_by_class, round_steps

CLASSES = 8
COLOUR = "#3f86c1"
CLOSE = 50_000
"""Thousandths of a point: what is said to be near the cutoff."""


def refusals_section(facts: Facts) -> Section:
    """How far refused wishes were from the cutoff they met, and why they were refused."""
    words = facts.words
    refused = facts.run.wishes.filter(pl.col("result") == "refused")
    if refused.is_empty():
        return Section("refusals", words("refusals"), (facts.nothing("empty_refusals"),))
    missing = refused["missing_points"].drop_nulls()
    blocks: tuple[Block, ...] = (_reasons(facts, refused, words("caption_refused")),)
    if missing.len():
        blocks = (Text(_lead(facts, refused, missing), "lead"), _histogram(facts, missing), *blocks)
    return Section("refusals", words("refusals"), blocks)


def set_aside_section(facts: Facts) -> Section:
    """Wishes and whole requests that were not admissible, each with its reason."""
    words = facts.words
    wishes = facts.run.wishes.filter(pl.col("result") == "inadmissible")
    requests = facts.people.filter(pl.col("fate") == "excluded")
    blocks: list[Block] = []
    if wishes.height:
        blocks.append(_reasons(facts, wishes, words("caption_set_aside")))
    if requests.height:
        blocks.append(_reasons(facts, requests, words("caption_requests")))
    empty = facts.nothing("empty_set_aside")
    return Section("set-aside", words("set_aside"), tuple(blocks) or (empty,))


def _lead(facts: Facts, refused: pl.DataFrame, missing: pl.Series) -> str:
    near = int((missing < CLOSE).sum())
    return facts.words(
        "lead_refusals",
        refused=refused.height,
        near=near,
        share=facts.words.share(near, missing.len()),
        points=facts.words.points(CLOSE),
    )


def _histogram(facts: Facts, missing: pl.Series) -> Picture:
    words = facts.words
    short = missing.filter(missing > 0)
    low, high = (int(short.quantile(q) or 0) if short.len() else 0 for q in (0.05, 0.98))
    steps = round_steps(low, high, CLASSES - 1, unit=1000)
    counted = count_by_class(short, steps)
    labels = class_labels(steps, words, points=True)
    counts = {words("tie"): missing.len() - short.len(), **{name: counted[at] for at, name in enumerate(labels)}}
    return count_picture(counts, words, unit="wishes", axis="axis_missing", subject="missing", colour=COLOUR)


def _reasons(facts: Facts, rows: pl.DataFrame, caption: str) -> Table:
    """How many wishes (where the rows are wishes) and candidates each reason struck, the most frequent first."""
    words = facts.words
    counted = rows.group_by(pl.col("reason").fill_null("")).agg(
        wishes=pl.len(), candidates=pl.col("candidate_id").n_unique()
    )
    ordered = counted.sort("wishes", "reason", descending=[True, False])
    figures = ("wishes", "candidates") if "result" in rows.columns else ("candidates",)
    heads = (Column(words("reason")), *(Column(words(name)) for name in figures))
    cells = tuple(
        (_sentence(facts, row["reason"]), *(words.number(row[name]) for name in figures))
        for row in ordered.iter_rows(named=True)
    )
    return Table(caption, heads, cells)


def _sentence(facts: Facts, reason: str) -> str:
    """The sentence of a reason; a reason of another's making stands as it is."""
    if reason in reason_codes():
        return reason_sentence(reason, facts.words.language)
    return reason or facts.words("reason_none")
