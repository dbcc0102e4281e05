"""Upright bars of counts: how many of something, class by class."""

from __future__ import annotations

from collections.abc import Mapping

from engine.report.drawing import Part, columns
from engine.report.parts import Column, Picture, Table
from engine.report.words import Words


def count_picture(
    counts: Mapping[str, int], words: Words, *, unit: str, axis: str, subject: str, colour: str
) -> Picture:
    """A picture of counts by class, with its table.

    Parameters
    ----------
    counts : how many, by name of the class, in the order of the bars
    unit, axis : keys of the phrases for what is counted and for the classes
    subject : key of the phrases ``caption_subject`` and ``alt_subject``
    """
    rows = [
        {
            "row": name,
            "part": words(unit),
            "value": count,
            "text": words.number(count),
            "hint": words("hint_count", axis=words(axis), name=name, count=count),
        }
        for name, count in counts.items()
    ]
    drawing = columns(rows, list(counts), (Part(words(unit), colour),), words(axis), shares=False)
    cells = tuple((name, words.number(count)) for name, count in counts.items())
    table = Table(words(f"caption_{subject}"), (Column(words(axis)), Column(words(unit))), cells, folded=True)
    return Picture(drawing, words(f"alt_{subject}"), words(f"caption_{subject}"), table=table)
