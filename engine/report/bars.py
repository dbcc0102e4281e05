"""Upright bars of counts: how many of something, class by class."""

from __future__ import annotations

from collections.abc import Mapping

from engine.report.drawing import Bar, Part, columns
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
    part = Part(words(unit), colour)
    bars = [
        Bar(name, part, count, words.number(count), words("hint_count", axis=words(axis), name=name, count=count))
        for name, count in counts.items()
    ]
    svg = columns(bars, list(counts), (part,), words(axis), words(f"alt_{subject}"), words.number)
    cells = tuple((name, words.number(count)) for name, count in counts.items())
    table = Table(words(f"caption_{subject}"), (Column(words(axis)), Column(words(unit))), cells, folded=True)
    return Picture(svg, words(f"caption_{subject}"), table=table)
