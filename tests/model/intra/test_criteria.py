"""Each criterion of the intra in each rulebook: who, which wishes, how many points (``criteria.csv``).

A row reads: under that rulebook in that session, a candidate with these facts (``held`` is the place of his post) who
makes these wishes (kind, code, type of school) in this order has these points of that criterion, one number per wish;
where a bonus is refused, the reason per wish. L0100 is taught in lycées only, every other discipline in all schools.
"""

import csv
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from engine.model.campaign import Campaign
from engine.model.intra.registry import INTRA_CRITERIA
from engine.model.points import format_points
from engine.model.scoring import Scored, score
from tests.model.intra.academies import PLACES, academy, facts_of, post

CASES = list(csv.DictReader((Path(__file__).parent / "criteria.csv").read_text(encoding="utf-8").splitlines()))
LYCEE_ONLY = [post(row[0], "L0100", post_id=f"P-L0100-{row[0]}") for row in PLACES if row[2] == "LYC"]


def intra_of(rulebook: str, session: str) -> Campaign:
    """All cases of a rulebook and session as one campaign: candidate C(n) is the n-th of them."""
    people = [{**facts_of(case["facts"]), "wishes": case["wishes"].split()} for _, case in cases(rulebook, session)]
    posts = [*(post(row[0]) for row in PLACES), *LYCEE_ONLY]
    return academy(int(session), *people, rulebook=f"intra/{rulebook}", posts=posts)


@cache
def scored(rulebook: str, session: str) -> Scored:
    campaign = intra_of(rulebook, session)
    return score(campaign, campaign.rules)


@cache
def cases(rulebook: str, session: str) -> list[tuple[int, dict[str, str]]]:
    return [(n, case) for n, case in enumerate(CASES) if (case["rulebook"], case["session"]) == (rulebook, session)]


def of_case(number: int) -> tuple[dict[int, int], dict[int, str]]:
    """Points and reasons of the criterion of a case, by rank."""
    case = CASES[number]
    key = (case["rulebook"], case["session"])
    candidate = f"C{[n for n, _ in cases(*key)].index(number)}"
    rows = scored(*key).criteria.filter(candidate_id=candidate, criterion=case["criterion"])
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
    assert {case["criterion"] for case in CASES if case["points"].strip("0 ")} == set(INTRA_CRITERIA)


@pytest.mark.parametrize("rulebook", ["clermont-ferrand", "besancon", "amiens", "rennes"])
def test_a_precise_wish_has_the_common_part_alone(rulebook: str) -> None:
    session = {"clermont-ferrand": 2016, "besancon": 2024, "amiens": 2026, "rennes": 2019}[rulebook]
    words = (
        "category=titulaire echelon=6 post_years=2 boe priority_education=REP+ priority_education_years=9 zr_years=4 "
        "family=rapprochement_conjoints spouse_department=63 children=2 separation_years=3 preferential_years=4"
    )
    person = {**facts_of(words), "wishes": ["ETB:CLG-RIOM", "DPT:63"]}
    campaign = academy(session, person, rulebook=f"intra/{rulebook}")
    precise = score(campaign, campaign.rules).criteria.filter(pl.col("rank") == 1, pl.col("points") > 0)
    assert precise["criterion"].to_list() == ["anciennete_poste", "echelon"]
