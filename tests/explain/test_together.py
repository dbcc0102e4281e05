"""What a linked candidate is told: who was short of what, what each could have had, what other points would give."""

from __future__ import annotations

from typing import Any

import pytest

from engine.explain.explain import Language, explain_candidate
from engine.model.links import Counted
from engine.pipeline import run_campaign
from engine.runs import Run
from tests.verify.linked_campaigns import Person, schools

PAIR = {
    "a": Person([("ETB", "E1", 50), ("ETB", "E2", 50)], "M", link="L"),
    "b": Person([("ETB", "E1", 10), ("ETB", "E2", 10)], "P", link="L"),
    "c": Person([("ETB", "E1", 25)], "P"),
    "d": Person([("ETB", "E1", 20)], "M"),
}
SEATS = {"E1-M": 1, "E1-P": 1, "E2-M": 1, "E2-P": 0}


def told(people: dict[str, Person], name: str, language: Language = "en", **options: Any) -> str:
    done: Run = run_campaign(schools(people, SEATS), extension="none", **options)
    tables = {"outcomes": done.outcomes, "wishes": done.wishes, "cutoffs": done.cutoffs, "criteria": done.criteria}
    return explain_candidate(done.campaign, tables, name, language, link_points=done.options.link_points)


def test_each_member_is_told_who_was_short_and_by_how_much() -> None:
    for name in ("a", "b"):
        text = told(PAIR, name)
        assert "a: 50 points, cutoff 20: would have entered alone" in text
        assert "b: 10 points, cutoff 25: 15 points short" in text
        assert "Alone, at the same cutoffs: a wish 1, ETB E1; b no wish." in text


def test_the_wish_of_the_member_who_would_have_entered_says_why_it_is_refused() -> None:
    assert "but another member of the linked request did not enter" in told(PAIR, "a")
    assert "Il a manqué 15 points." in told(PAIR, "b", "fr")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("own", "With the mean of the points, at the same cutoffs: wish 1, ETB E1."),
        ("minimum", "With the mean of the points, at the same cutoffs: wish 1, ETB E1."),
        ("minimum", "With the points of each, at the same cutoffs: no wish."),
    ],
)
def test_the_points_of_the_other_rules_are_tried(rule: Counted, expected: str) -> None:
    assert expected in told(PAIR, "a", link_points=rule)


def test_points_that_count_and_own_points_are_told_apart() -> None:
    text = told(PAIR | {"c": Person([("ETB", "E1", 35)], "P")}, "b", "fr", link_points="mean")
    assert "b : 30 points (10 en propre), barre 35 : il a manqué 5 points" in text


def test_a_link_that_is_served_is_told_with_whom() -> None:
    text = told({name: PAIR[name] for name in "ab"}, "a", "fr")
    assert "Demande liée L avec b : servis ensemble ou pas du tout." in text
    assert "Seuls, aux mêmes barres" not in text


def test_who_is_not_linked_is_told_of_no_link() -> None:
    assert "Linked request" not in told(PAIR, "c")


def test_two_of_one_discipline_are_told_that_each_needs_a_seat() -> None:
    pair = {name: Person([("ETB", "E1", 50)], "M", link="L") for name in "ab"}
    text = told(pair, "a")
    assert "Each member of the linked request would have entered alone, but there was no room for all." in text
    assert "Some members are of one discipline: each needs a seat of his own." in text
