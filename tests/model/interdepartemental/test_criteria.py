"""Each criterion of the interdépartemental: who, which wishes, how many points (``criteria.csv``).

A row reads: in that session, a candidate with these facts (of Paris unless `home` says otherwise) who asks for these
départements in this order has these points of that criterion, one number per wish; where a bonus is refused, the
reason per wish.
"""

import csv
from functools import cache
from pathlib import Path

import pytest

from engine.model.campaign import Campaign
from engine.model.interdepartemental.registry import INTERDEPARTEMENTAL_CRITERIA
from engine.model.points import format_points
from engine.model.scoring import Scored, score
from tests.model.interdepartemental.country import country, linked

CASES = list(csv.DictReader((Path(__file__).parent / "criteria.csv").read_text(encoding="utf-8").splitlines()))


def interdepartemental_of(session: str) -> Campaign:
    """All cases of a session as one campaign: candidate C(n) is the n-th of them."""
    people = [
        f"{case['facts']} wishes={case['wishes'].replace(' ', '&')}" for case in CASES if case["session"] == session
    ]
    return country(int(session), *people)


@cache
def scored(session: str) -> Scored:
    campaign = interdepartemental_of(session)
    return score(campaign, campaign.rules)


def of_case(number: int) -> tuple[dict[int, int], dict[int, str]]:
    """Points and reasons of the criterion of a case, by rank."""
    session = CASES[number]["session"]
    candidate = sum(case["session"] == session for case in CASES[:number])
    rows = scored(session).criteria.filter(candidate_id=f"C{candidate}", criterion=CASES[number]["criterion"])
    refused = rows.drop_nulls("reason")
    points = dict(zip(rows["rank"], rows["points"], strict=True))
    return points, dict(zip(refused["rank"], refused["reason"], strict=True))


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_criterion_gives_its_points_on_its_wishes(number: int) -> None:
    points, _ = of_case(number)
    ranks = range(1, len(CASES[number]["wishes"].split()) + 1)
    assert " ".join(format_points(points.get(rank, 0)) for rank in ranks) == CASES[number]["points"], CASES[number]


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_bonus_that_is_refused_keeps_its_row_with_the_reason(number: int) -> None:
    points, reasons = of_case(number)
    ranks = range(1, len(CASES[number]["wishes"].split()) + 1)
    expected = CASES[number]["refused"] or " ".join("-" for _ in ranks)
    assert " ".join(reasons.get(rank, "-") for rank in ranks) == expected, CASES[number]
    assert all(points[rank] == 0 for rank in reasons)


def test_every_criterion_has_a_case_with_points() -> None:
    assert {case["criterion"] for case in CASES if case["points"].strip("0 ")} == set(INTERDEPARTEMENTAL_CRITERIA)


def test_the_interests_overseas_give_nothing_in_a_linked_request() -> None:
    person = "overseas_interests=971 wishes=971"
    campaign = country(2025, person, person, person, links=linked("C0", "C1"))
    rows = score(campaign, campaign.rules).criteria.filter(criterion="outre_mer")
    assert rows["points"].to_list() == [0, 0, 600_000]
    assert rows["reason"].to_list() == ["interests_beside_link", "interests_beside_link", None]
