"""Each criterion in each of its eras: who, which wishes, how many points (``inter_criteria.csv``).

A row of the file reads: in that session, a candidate with these facts (``held`` is the académie of his post) who asks
for these académies in this order has these points of that criterion, one number per wish; where a bonus is refused, the
reason per wish; ``&`` joins the codes of a list. Académies: 01 Paris, 02 Aix-Marseille, 07 Dijon, 08 Grenoble, 10 Lyon,
11 Montpellier, 14 Rennes, 17 Nantes, 23 Nice, 24 Créteil, 25 Versailles, 27 Corse, 28 Réunion, 33 Guyane, 43 Mayotte.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.model.campaign import Campaign
from engine.model.criteria.registry import CRITERIA
from engine.model.points import format_points
from engine.model.rulebook import Rulebook
from engine.model.schemas import SCHEMAS
from engine.model.scoring import score
from tests.model.small_campaign import small_campaign

CASES = list(csv.DictReader((Path(__file__).parent / "inter_criteria.csv").read_text(encoding="utf-8").splitlines()))
COLUMNS = {**SCHEMAS["candidates"].columns(), **Rulebook.load("inter").named_columns()}
COUNTS = {name for name, column in COLUMNS.items() if column.dtype.is_integer()}
RENNES = "held=08 family=rapprochement_conjoints spouse_academy=14 children=1 separation_years=2"


def candidate(case: dict[str, str]) -> dict[str, Any]:
    """The row of a candidate from the words of a case: ``name=value``, or a name alone for what is true."""
    words = (word.partition("=") for word in case["facts"].split())
    facts = {name: _value(name, text) if sign else True for name, sign, text in words}
    return {"category": case.get("category") or None, "wishes": case["wishes"].split(), **facts}


def _value(name: str, text: str) -> str | int:
    return int(text) if name in COUNTS else text.replace("&", " ")


def inter_of(session: str) -> Campaign:
    """All cases of a session as one campaign: the candidate is the number of the case."""
    of_session = [(number, case) for number, case in enumerate(CASES) if case["session"] == session]
    return small_campaign(int(session), *({"candidate_id": str(n), **candidate(case)} for n, case in of_session))


@cache
def breakdown(session: str) -> pl.DataFrame:
    campaign = inter_of(session)
    return score(campaign, campaign.rules).criteria


def of_case(number: int) -> tuple[dict[int, int], dict[int, str]]:
    """Points and reasons of the criterion of a case, by rank."""
    is_case = (pl.col("candidate_id") == str(number)) & (pl.col("criterion") == CASES[number]["criterion"])
    rows = breakdown(CASES[number]["session"]).filter(is_case)
    refused = rows.drop_nulls("reason")
    return (
        dict(zip(rows["rank"], rows["points"], strict=True)),
        dict(zip(refused["rank"], refused["reason"], strict=True)),
    )


@pytest.mark.parametrize("number", [n for n, case in enumerate(CASES) if case["points"]])
def test_a_criterion_gives_its_points_on_its_wishes(number: int) -> None:
    points, _ = of_case(number)
    ranks = range(1, len(CASES[number]["wishes"].split()) + 1)
    assert " ".join(format_points(points.get(rank, 0)) for rank in ranks) == CASES[number]["points"], CASES[number]


@pytest.mark.parametrize("number", [n for n, case in enumerate(CASES) if case["refused"]])
def test_a_bonus_that_is_refused_keeps_its_row_with_the_reason(number: int) -> None:
    points, reasons = of_case(number)
    ranks = range(1, len(CASES[number]["wishes"].split()) + 1)
    assert " ".join(reasons.get(rank, "-") for rank in ranks) == CASES[number]["refused"], CASES[number]
    assert all(points[rank] == 0 for rank in reasons)


def test_every_criterion_has_a_case_with_points() -> None:
    assert {case["criterion"] for case in CASES if case["points"].strip("0 ")} == set(CRITERIA)


def points_of(session: int, facts: str, wishes: str, category: str = "titulaire") -> dict[str, int]:
    """Points of each criterion in the breakdown of the first wish."""
    campaign = small_campaign(session, candidate({"facts": facts, "wishes": wishes, "category": category}))
    rows = score(campaign, campaign.rules).criteria.filter(pl.col("rank") == 1)
    return dict(zip(rows["criterion"], rows["points"], strict=True))


@pytest.mark.parametrize("follows", ["enfants", "separation", "non_limitrophe"])
def test_without_evidence_of_the_union_what_follows_it_falls_too(follows: str) -> None:
    assert follows in points_of(2025, RENNES, "14")
    assert follows not in points_of(2025, f"{RENNES} evidence_missing=rapprochement_conjoints", "14")


def test_without_evidence_of_separation_there_is_no_bonus_of_distance() -> None:
    points = points_of(2025, f"{RENNES} evidence_missing=separation", "14")
    assert points["separation"] == 0
    assert "non_limitrophe" not in points


def test_handicap_without_evidence_leaves_the_automatic_bonus() -> None:
    points = points_of(2025, "boe disability_zones=10 evidence_missing=handicap", "10")
    assert (points["boe"], points["handicap"]) == (100_000, 0)


def test_the_source_of_the_points_stands_beside_them() -> None:
    rows = breakdown("2010").filter(pl.col("points") > 0)
    sources = dict(zip(rows["criterion"], rows["source"], strict=True))
    assert {sources[name] for name in ("enfants", "rapprochement_conjoints", "separation", "handicap")} == {"S4"}
