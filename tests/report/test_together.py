"""The section on linked requests."""

from __future__ import annotations

import pytest

from engine.pipeline import run_campaign
from engine.report.report import render_report
from engine.report.words import Language
from tests.verify.linked_campaigns import Person, schools

PAIRS = {
    "a": Person([("ETB", "E1", 50)], "M", link="A"),
    "b": Person([("ETB", "E1", 50)], "P", link="A"),
    "c": Person([("ETB", "E1", 60)], "M", link="C"),
    "d": Person([("ETB", "E1", 10)], "P", link="C"),
    "e": Person([("ETB", "E1", 5)], "M", link="E"),
    "f": Person([("ETB", "E1", 5)], "P", link="E"),
}


@pytest.mark.parametrize(
    ("language", "lead"),
    [
        (
            "fr",
            "Demandes liées\u00a0: 3\u202f; servies\u00a0: 1\u202f; refusées parce qu&#39;un membre n&#39;entrait pas",
        ),
        ("en", "Linked requests: 3; served: 1; refused because one member did not enter where another would have: 1."),
    ],
)
def test_links_asked_served_and_refused_for_one_member_are_counted(language: Language, lead: str) -> None:
    done = run_campaign(schools(PAIRS, {"E1-M": 1, "E1-P": 1}), extension="none")
    assert lead in render_report(done, language)


def test_without_links_there_is_no_such_section() -> None:
    alone = {"a": Person([("ETB", "E1", 50)], "M")}
    assert 'id="links"' not in render_report(run_campaign(schools(alone, {"E1-M": 1}), extension="none"), "fr")
