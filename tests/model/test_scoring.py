"""Points of whole wishes: worked examples, what is kept in extension, tie-breaks, and independence of row order."""

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.points import format_points
from engine.model.reasons import reason_codes
from engine.model.scoring import Scored, score
from tests.model.small_campaign import small_campaign

W1 = {
    "category": "stagiaire",
    "mandatory": True,
    "echelon": 1,
    "family": "rapprochement_conjoints",
    "spouse_academy": "05",
    "trainee_points": True,
    "training_academy": "05",
}
CAEN_AND_AROUND = ["05", "21", "14", "17", "18"]


def scored(session: int, *candidates: dict[str, Any], rulebook: str = "inter") -> Scored:
    campaign = small_campaign(session, *candidates, rulebook=rulebook)
    return score(campaign, campaign.rules)


def texts(points: pl.Series) -> str:
    return " ".join(format_points(value) for value in points)


# Worked examples


@pytest.mark.parametrize("session", [2019, 2020, 2021])
def test_w1_a_trainee_from_caen_and_the_trap_of_extension(session: int) -> None:
    seven = scored(session, {**W1, "wishes": [*CAEN_AND_AROUND, "20", "25"]}).wishes
    assert texts(seven["points"]) == "174.3 164.2 164.2 164.2 164.2 14 14"
    assert format_points(seven["kept_points"].min()) == "14"
    five = scored(session, {**W1, "wishes": CAEN_AND_AROUND}).wishes
    assert texts(five["points"]) == "174.3 164.2 164.2 164.2 164.2"
    assert format_points(five["kept_points"].min()) == "164.2"


@pytest.mark.parametrize(("children", "points"), [(1, "250.2"), (2, "350.2"), (4, "550.2")])
def test_w3_joint_parental_authority(children: int, points: str) -> None:
    parent = {"family": "autorite_parentale_conjointe", "spouse_academy": "10", "children": children, "wishes": ["10"]}
    rows = scored(2018, parent).criteria.filter(pl.col("criterion") != "echelon")
    assert format_points(rows["points"].sum()) == points


def test_w3_without_a_child_there_is_no_joint_parental_authority() -> None:
    parent = {"family": "autorite_parentale_conjointe", "spouse_academy": "10", "wishes": ["10"]}
    assert texts(scored(2018, parent).wishes["points"]) == "14"


# What is kept in extension


@pytest.mark.parametrize(
    ("facts", "points", "kept"),
    [
        ({"echelon": 5, "post_years": 4}, "165", "165"),
        ({"trainee_points": True}, "24", "14"),
        ({"category": "stagiaire", "training_academy": "10"}, "14.1", "14"),
        ({"category": "stagiaire", "former_contract_echelon": 5}, "194", "194"),
        ({"disability_zones": "10"}, "1014", "14"),
        ({"boe": True}, "114", "114"),
        ({"boe": True, "disability_zones": "10"}, "1014", "114"),
        ({"preferential_years": 3}, "54", "14"),
        ({"reinstatement_academy": "10"}, "1014", "14"),
        ({"priority_education": "REP+", "priority_education_years": 6}, "414", "414"),
        ({"link": "L1", "family": "mutation_simultanee", "spouse_academy": "10"}, "94", "94"),
        (
            {"family": "rapprochement_conjoints", "spouse_academy": "10", "children": 1, "separation_years": 1},
            "454.2",
            "454.2",
        ),
    ],
)
def test_bonuses_of_a_particular_wish_do_not_count_in_extension(facts: dict[str, Any], points: str, kept: str) -> None:
    wishes = scored(2025, {"category": "titulaire", **facts, "wishes": ["10"]}).wishes
    assert (texts(wishes["points"]), texts(wishes["kept_points"])) == (points, kept)


def test_who_made_no_wish_has_in_extension_what_depends_on_no_wish() -> None:
    nobody = {
        "category": "stagiaire",
        "mandatory": True,
        "boe": True,
        "trainee_points": True,
        "family": "rapprochement_conjoints",
        "spouse_academy": "10",
    }
    requests = scored(2025, nobody).requests
    assert requests.rows() == [("C0", True, None, 114_000)]


# Tie-breaks


def test_equal_points_are_parted_by_family_then_handicap_then_age() -> None:
    older = {"birth_date": dt.date(1970, 1, 1), "wishes": ["10"]}
    younger = {"birth_date": dt.date(1990, 1, 1), "wishes": ["10"]}
    family = {**younger, "family": "rapprochement_conjoints", "spouse_academy": "10"}
    parent = {**younger, "family": "autorite_parentale_conjointe", "spouse_academy": "10", "children": 1}
    disabled = {**younger, "disability_zones": "10"}
    unknown = {"birth_date": None, "wishes": ["10"]}
    wishes = scored(2025, family, parent, disabled, older, younger, unknown).wishes
    keys = list(zip(*(wishes[f"tie_{i}"] for i in range(1, 5)), strict=True))
    assert keys == sorted(keys, reverse=True)
    assert len(set(keys)) == len(keys)
    assert wishes["tie_4"].dtype == pl.Int64


def test_a_family_bonus_parts_equals_only_on_the_wishes_it_covers() -> None:
    wishes = scored(2025, {"family": "rapprochement_conjoints", "spouse_academy": "10", "wishes": ["10", "14"]}).wishes
    assert wishes["tie_1"].to_list() == [1, 0]


# The breakdown

PEOPLE = [
    {**W1, "wishes": [*CAEN_AND_AROUND, "20", "25"]},
    {"category": "titulaire", "held": "08", "boe": True, "disability_zones": "10 14", "wishes": ["10", "08", "14"]},
    {
        "category": "titulaire",
        "held": "24",
        "echelon": 9,
        "post_years": 6,
        "preferential_years": 2,
        "wishes": ["14"],
    },
    {"category": "titulaire", "family": "rapprochement_conjoints", "spouse_academy": "14", "wishes": ["17", "14"]},
    {"category": "titulaire", "overseas_interests": "28", "evidence_missing": "outre_mer", "wishes": ["28", "31"]},
    {"category": "stagiaire", "former_contract_echelon": 3, "trainee_points": True, "wishes": ["02"]},
    {"category": "stagiaire", "mandatory": True, "wishes": []},
]


def test_the_breakdown_adds_up_to_the_points_of_each_wish() -> None:
    result = scored(2021, *PEOPLE)
    sums = result.criteria.group_by("candidate_id", "rank").agg(pl.col("points").sum()).sort("candidate_id", "rank")
    assert sums.equals(result.wishes.select("candidate_id", "rank", "points"))


def test_the_breakdown_has_no_row_without_points_or_reason_and_is_in_order() -> None:
    criteria = scored(2021, *PEOPLE).criteria
    assert criteria.filter((pl.col("points") == 0) == pl.col("reason").is_null()).is_empty()
    assert criteria.equals(criteria.sort("candidate_id", "rank", "criterion"))
    assert set(criteria["reason"].drop_nulls()) <= set(reason_codes())
    assert criteria["source"].is_not_null().all()


def test_a_campaign_without_candidates_or_wishes_is_scored() -> None:
    empty = scored(2025)
    assert (empty.wishes.height, empty.requests.height, empty.criteria.height) == (0, 0, 0)
    assert scored(2025, {"wishes": []}).criteria.schema == scored(2021, *PEOPLE).criteria.schema


@given(st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_has_no_effect(random: Any) -> None:
    campaign = small_campaign(2021, *PEOPLE)
    expected = score(campaign, campaign.rules)
    tables = {name: _shuffled(table, random) for name, table in campaign.tables.items()}
    found = score(replace(campaign, **tables), campaign.rules)
    assert found.wishes.equals(expected.wishes)
    assert found.requests.equals(expected.requests)
    assert found.criteria.equals(expected.criteria)


def _shuffled(table: pl.DataFrame, random: Any) -> pl.DataFrame:
    rows = list(range(table.height))
    random.shuffle(rows)
    return table[rows]


@pytest.mark.parametrize("fact", ["echelon", "post_years", "children", "separation_years", "priority_education_years"])
@given(years=st.lists(st.integers(0, 15), min_size=2, max_size=8), session=st.integers(2010, 2026))
@settings(max_examples=10, deadline=None)
def test_more_of_what_gives_points_never_gives_fewer(fact: str, years: list[int], session: int) -> None:
    kind = {True: "ambition_reussite", False: "REP+"}[session < 2015]
    base = {"family": "rapprochement_conjoints", "spouse_academy": "10", "priority_education": kind, "wishes": ["10"]}
    ordered = sorted(years)
    wishes = scored(session, *({**base, "category": "titulaire", fact: count} for count in ordered)).wishes
    assert wishes["points"].to_list() == sorted(wishes["points"])


# Without a rulebook


def test_without_a_rulebook_points_are_those_of_the_wishes_and_no_input_rule_holds() -> None:
    wishes = [{"kind": "ACA", "code": "08", "points": 174_300}, {"kind": "COM", "code": "x", "points": -5_000}]
    holder = {"held": "08", "cancelled": "withdrawn", "wishes": wishes}
    older = {"birth_date": dt.date(1970, 1, 1), "wishes": wishes[:1]}
    result = scored(1999, holder, older, rulebook="none")
    assert result.wishes["points"].to_list() == [174_300, -5_000, 174_300]
    assert result.wishes["kept_points"].equals(result.wishes["points"].alias("kept_points"))
    assert result.wishes["admissible"].all()
    assert result.requests.rows() == [("C0", True, None, 0), ("C1", True, None, 0)]
    assert result.wishes["tie_1"].to_list()[2] > result.wishes["tie_1"].to_list()[0]
    assert result.criteria.is_empty()
