"""What became of candidates: bars of one hundred per cent, readable, counted once."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest

from engine.report.drawing import Part
from engine.report.facts import FATES, facts_of, fate_counts, groups_present
from engine.report.fates import fate_bar, fate_parts
from engine.report.words import words
from tests.report.runs import make, ordinary


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(part: Part) -> float:
    """Contrast of text on a bar, as WCAG 2 defines it."""
    low, high = sorted((luminance(part.colour), luminance(part.ink)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("part", fate_parts(words("en"), pl.DataFrame({"fate": FATES})), ids=lambda part: part.label)
def test_text_on_a_bar_is_readable(part: Part) -> None:
    assert contrast(part) >= 4.5


def test_the_segments_of_a_bar_fill_it() -> None:
    people = facts_of(make(ordinary()), words("en")).people
    cuts = list(fate_bar("all", "", people, words("en")))
    assert cuts[0].start == 0
    assert cuts[-1].end == 1
    assert all(before.end == after.start for before, after in pairwise(cuts))
    assert sum(fate_counts(people).values()) == people.height == 8


def test_a_holder_who_must_leave_counts_in_both_groups() -> None:
    people = facts_of(make(ordinary()), words("en")).people.with_columns(mandatory=pl.lit(True))
    assert {name: group.height for name, group in groups_present(people).items()} == {"holders": 4, "mandatory": 8}


def test_who_is_withheld_has_no_fate() -> None:
    facts = facts_of(make(ordinary(), withheld=["L0422"]), words("en"))
    assert facts.withheld == ("L0422",)
    assert set(facts.people["discipline"]) == {"L1300"}
