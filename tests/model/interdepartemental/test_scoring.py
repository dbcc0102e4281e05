"""Whole wishes of the interdépartemental: worked examples, breakdowns that add up, no effect of the order of rows."""

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.points import format_points
from engine.model.reasons import reason_codes
from engine.model.scoring import score
from tests.model.interdepartemental.country import country, linked


def totals(session: int, person: str) -> str:
    campaign = country(session, person)
    return " ".join(format_points(points) for points in score(campaign, campaign.rules).wishes["points"])


def test_w2_twenty_three_years_in_the_departement_are_worth_eighty_points() -> None:
    assert totals(2025, "department_months=276 wishes=29") == "80"


@pytest.mark.parametrize(
    ("session", "facts", "expected"),
    [
        (2016, "echelon=8 department_months=100 wishes=29&22", "59.66 59.66"),
        (
            2025,
            "echelon=6 department_months=70 family=rapprochement_conjoints spouse_department=29 children=2 "
            "separation_years=2 wishes=29&22&35",
            "568.66 568.66 38.66",
        ),
        (2025, "echelon=11 grade=normale disability_zones=29 boe renewal_years=2 wishes=29&22", "852 142"),
        (2025, "corps=instituteur echelon=9 overseas_interests=971 wishes=971&29", "633 33"),
    ],
)
def test_the_points_of_a_wish_are_those_of_its_criteria(session: int, facts: str, expected: str) -> None:
    assert totals(session, facts) == expected


PEOPLE = [
    "echelon=6 department_months=71 family=rapprochement_conjoints spouse_department=29 children=2 wishes=29&22&75",
    "echelon=6 separation_years=1 family=rapprochement_conjoints spouse_department=29 wishes=22&29",
    "home=93 boe disability_zones=22&35 priority_education=REP+ priority_education_years=6 wishes=22&63&35",
    "category=stagiaire wishes=29",
    "home=06 renewal_years=4 wishes=2A",
    "home=06 renewal_years=1 wishes=2A",
    "overseas_interests=971 profile_post_years=4 wishes=971",
    "wishes=",
]
LINKS = linked("C4", "C5")


def test_the_breakdown_adds_up_to_the_points_of_each_wish() -> None:
    campaign = country(2025, *PEOPLE, links=LINKS)
    result = score(campaign, campaign.rules)
    sums = result.criteria.group_by("candidate_id", "rank").agg(pl.col("points").sum())
    wishes = result.wishes.join(sums, on=["candidate_id", "rank"], how="left", suffix="_summed")
    assert (wishes["points"] == wishes["points_summed"].fill_null(0)).all()
    assert set(result.criteria["reason"].drop_nulls()) <= set(reason_codes())
    assert set(result.wishes["reason"].drop_nulls()) <= set(reason_codes())


def test_a_campaign_without_candidates_or_wishes_is_scored() -> None:
    empty, full = country(2025), country(2025, *PEOPLE, links=LINKS)
    result = score(empty, empty.rules)
    assert (result.wishes.height, result.requests.height, result.criteria.height) == (0, 0, 0)
    assert result.wishes.schema == score(full, full.rules).wishes.schema


@given(st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_has_no_effect(random: Any) -> None:
    campaign = country(2025, *PEOPLE, links=LINKS)
    expected = score(campaign, campaign.rules)
    shuffled = {name: _shuffled(table, random) for name, table in campaign.tables.items()}
    found = score(replace(campaign, **shuffled), campaign.rules)
    assert found.wishes.equals(expected.wishes)
    assert found.requests.equals(expected.requests)
    assert found.criteria.equals(expected.criteria)


def _shuffled(table: pl.DataFrame, random: Any) -> pl.DataFrame:
    rows = list(range(table.height))
    random.shuffle(rows)
    return table[rows]


@pytest.mark.parametrize("fact", ["echelon", "department_months", "children", "separation_years", "renewal_years"])
@pytest.mark.parametrize("session", [2016, 2018, 2025])
def test_more_of_what_gives_points_never_gives_fewer(fact: str, session: int) -> None:
    base = "family=rapprochement_conjoints spouse_department=29 wishes=29&22"
    campaign = country(session, *(f"{base} {fact}={count}" for count in range(12)))
    wishes = score(campaign, campaign.rules).wishes.with_columns(pl.col("candidate_id").str.slice(1).cast(pl.Int64))
    for rank in (1, 2):
        points = wishes.filter(pl.col("rank") == rank).sort("candidate_id")["points"].to_list()
        assert points == sorted(points)
