"""The report on specific posts shows requests and appointments, and nothing that has no meaning there."""

from __future__ import annotations

import pytest

from engine.pipeline import run
from engine.report.facts import facts_of
from engine.report.parts import Table
from engine.report.report import render_report
from engine.report.selection import selection_section
from engine.report.words import Language, words
from engine.runs import Run
from tests.specific_campaigns import CASES


@pytest.fixture(scope="module")
def by_hand() -> Run:
    return run(CASES / "specifique")


def test_requests_and_appointments_are_counted_by_type(by_hand: Run) -> None:
    section = selection_section(facts_of(by_hand, words("en")))
    assert section is not None
    types, places = (block for block in section.blocks if isinstance(block, Table))
    assert types.rows == (
        ("Cinéma audiovisuel, L1414", "2", "1", "1", "1", "0"),
        ("Classes préparatoires aux grandes écoles, STI", "6", "4", "3", "4", "2"),
    )
    assert [row[1] for row in places.rows] == ["3", "1", "0", "0"]


@pytest.mark.parametrize(("language", "absent"), [("fr", "Barres d"), ("en", "Placement inside")])
def test_sections_of_points_and_zones_are_left_out(by_hand: Run, language: Language, absent: str) -> None:
    page = render_report(by_hand, language)
    assert words(language)("selection") in page
    assert absent not in page


def test_other_movements_have_no_such_section() -> None:
    done = run(CASES / "W3")
    assert selection_section(facts_of(done, words("fr"))) is None
    assert "requests" not in done.summary


def test_the_summary_counts_requests_and_those_retained(by_hand: Run) -> None:
    assert by_hand.summary["requests"] == {
        "made": 8,
        "admissible": 5,
        "candidates": 6,
        "retained": 4,
        "retained_first_ranked": 3,
    }
