"""Wishes refused, by what they lacked; wishes and requests set aside, by reason."""

from __future__ import annotations

import polars as pl

from engine.model.reasons import reason_sentence
from engine.report.drawing import columns, svg
from engine.report.facts import Facts
from engine.report.parts import Block, Column, Picture, Section, Table, Text
from engine.report.scale import class_labels, class_of, round_steps

CLASSES = 9
COLOUR = "#3f86c1"


def refusals_section(facts: Facts) -> Section:
    """How far refused wishes were from their cutoff."""
    words = facts.words
    refused = facts.run.wishes.filter(pl.col("result") == "refused")
    if refused.is_empty():
        return Section("refusals", words("refusals"), (Text(words("empty_refusals"), "empty"),))
    blocks: list[Block] = []
    measured = refused["missing_points"].drop_nulls()
    if measured.len():
        near = int((measured <= measured.median()).sum()) # placeholder
        blocks.append(_histogram(facts, measured))
    blocks.append(_by_reason(facts, refused, words("caption_refused")))
    return Section("refusals", words("refusals"), tuple(blocks))
