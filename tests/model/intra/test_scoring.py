"""Whole wishes of the intra: published totals, what counts in extension, precedence, no effect of the order of rows."""

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.campaign import Campaign
from engine.model.points import format_points
from engine.model.reasons import reason_codes
from engine.model.scoring import Scored, score
from tests.model.intra.academies import COLUMNS, academy, facts_of, post

DOUBS = [
    ("CLG-BESANCON", "ETB", "CLG", "25056", "BESANCON", "25", "03", None),
    ("LYC-PERGAUD", "ETB", "LYC", "25056", "BESANCON", "25", "03", None),
    ("CLG-SAINT-VIT", "ETB", "CLG", "25527", "BESANCON", "25", "03", None),
    ("CLG-BAUME", "ETB", "CLG", "25047", "BAUME", "25", "03", None),
    ("CLG-MONTBELIARD", "ETB", "CLG", "25388", "MONTBELIARD", "25", "03", None),
]
RC = "family=rapprochement_conjoints spouse_commune=25056"

# RULES W8: wishes and their totals as published; the facts are the ones that give these totals.
A = f"{RC} category=stagiaire echelon=2 children=2 trainee_points"
B = f"{RC} category=titulaire echelon=7 post_years=3"
C = f"{RC} category=titulaire corps=agrege echelon=3 post_years=3"
W8 = [
    (A, "GEO:BESANCON GEO:BAUME", "299.2 289.2"),
    (B, "COM:25056 COM:25527 GEO:BESANCON GEO:BAUME GEO:MONTBELIARD DPT:25", "184.2 184 234.2 234.2 234.2 309.2"),
    (C, "COM:25056:LYC GEO:BESANCON:LYC GEO:BESANCON", "306.2 356.2 206.2"),
]


def in_the_doubs(*people: tuple[str, str]) -> Scored:
    places = [dict(zip(COLUMNS, row, strict=True)) for row in DOUBS]
    candidates = ({**facts_of(facts), "wishes": wishes.split()} for facts, wishes in people)
    campaign = academy(2024, *candidates, rulebook="intra/besancon", places=places)
    return score(campaign, campaign.rules)


def texts(points: pl.Series) -> str:
    return " ".join(format_points(value) for value in points)


# Worked examples


@pytest.mark.parametrize(("facts", "wishes", "totals"), W8, ids="ABC")
def test_w8_three_candidates_of_besancon(facts: str, wishes: str, totals: str) -> None:
    assert texts(in_the_doubs((facts, wishes)).wishes["points"]) == totals


@pytest.mark.parametrize(
    ("facts", "wish", "total"),
    [
        (
            "echelon=5 post_years=8 family=rapprochement_conjoints spouse_department=63 separation_years=3 "
            "preferential_years=2 boe zr_years=1",
            "DPT:63",
            "1007.2",
        ),
        (
            "grade=exceptionnelle echelon=7 post_years=1 family=autorite_parentale_conjointe spouse_department=63 "
            "children=1 separation_years=4 preferential_years=2 boe zr_years=1",
            "GEO:GEO-RIOM",
            "1084.2",
        ),
        (
            "grade=hors_classe echelon=1 post_years=3 family=rapprochement_conjoints spouse_department=63 children=3 "
            "separation_years=2 zr_years=3 priority_education=REP priority_education_years=5",
            "GEO:GEO-RIOM",
            "956.2",
        ),
        ("echelon=7 post_years=7", "COM:63300", "246"),
    ],
)
def test_totals_published_with_the_draft_of_amiens(facts: str, wish: str, total: str) -> None:
    person = {**facts_of(facts), "category": "titulaire", "wishes": [wish]}
    campaign = academy(2026, person, rulebook="intra/amiens")
    assert texts(score(campaign, campaign.rules).wishes["points"]) == total


# What is kept in extension


def kept(rulebook: str, session: int, facts: str, *wishes: str) -> str:
    person = {**facts_of(facts), "category": "stagiaire", "mandatory": True, "wishes": list(wishes)}
    campaign = academy(session, person, rulebook=f"intra/{rulebook}")
    return format_points(score(campaign, campaign.rules).wishes["kept_points"].min())


FAMILY = "echelon=2 family=rapprochement_conjoints spouse_department=63 children=2"


def test_clermont_keeps_the_bonuses_of_article_60_in_extension() -> None:
    assert kept("clermont-ferrand", 2016, f"{FAMILY} trainee_points", "DPT:63", "ACA:06") == "371.2"
    assert kept("clermont-ferrand", 2016, "echelon=2 boe disability_zones=63", "DPT:63") == "1021"
    assert kept("clermont-ferrand", 2016, "echelon=2 former_contract_echelon=3", "DPT:63") == "21"
    assert kept("clermont-ferrand", 2016, "echelon=2 preferential_years=4 zr_years=3", "DPT:63") == "21"


def test_besancon_keeps_the_spouse_without_the_children() -> None:
    assert kept("besancon", 2024, FAMILY, "DPT:63") == "214.2"


def test_one_precise_wish_brings_the_points_in_extension_down() -> None:
    assert kept("clermont-ferrand", 2016, FAMILY, "DPT:63", "ETB:CLG-RIOM") == "21"


# Precedence


def precedences(campaign: Campaign) -> list[int]:
    return score(campaign, campaign.rules).wishes["precedence"].to_list()


def test_in_a_discipline_of_the_plp_other_corps_come_after_them() -> None:
    people = [{"discipline": "P1315", "corps": corps, "wishes": ["DPT:63"]} for corps in ("plp", "certifie", "agrege")]
    assert precedences(academy(2016, *people)) == [0, -1, -1]


def test_elsewhere_only_wishes_for_professional_lycees_come_after_them() -> None:
    wishes = ["ETB:LP-CLERMONT", "DPT:63:LP", "DPT:63", "ETB:LYC-RIOM"]
    teacher = {"corps": "certifie", "discipline": "D0010", "wishes": wishes}
    assert precedences(academy(2016, teacher)) == [-1, -1, 0, 0]
    assert precedences(academy(2016, {**teacher, "corps": "plp"})) == [0, 0, 0, 0]


def test_chaires_in_professional_lycees_are_posts_of_the_certifies_own_discipline() -> None:
    teacher = {"corps": "certifie", "discipline": "L1300", "wishes": ["ETB:LP-CLERMONT", "DPT:63:LP"]}
    assert precedences(academy(2016, teacher)) == [0, 0]


def test_on_a_specific_post_the_better_opinion_then_the_smaller_order_comes_first() -> None:
    judged = [
        ("very_favourable", 3),
        ("favourable", 1),
        ("favourable", 2),
        ("favourable", None),
        ("reserved", 1),
        (None, 1),
        (None, None),
    ]
    people = [{"wishes": ["POST:S"]} for _ in judged]
    opinions = [
        {"candidate_id": f"C{number}", "post_id": "S", "opinion": opinion, "order": order}
        for number, (opinion, order) in enumerate(judged)
    ]
    posts = [post("LYC-RIOM"), post("LYC-RIOM", post_id="S", profile="specific")]
    found = precedences(academy(2016, *people, posts=posts, opinions=opinions))
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found)


def test_an_opinion_on_an_ordinary_post_changes_nothing() -> None:
    opinions = [{"candidate_id": "C0", "post_id": "P-LYC-RIOM", "opinion": "very_favourable", "order": 1}]
    assert precedences(academy(2016, {"wishes": ["POST:P-LYC-RIOM"]}, opinions=opinions)) == [0]


# The whole

PEOPLE = [
    {**facts_of(f"{FAMILY} trainee_points category=stagiaire"), "wishes": ["DPT:63", "COM:63300:LYC", "ZRA:06"]},
    {**facts_of("held=CLG-YDES corps=agrege boe"), "wishes": ["DPT:63:LYC", "ETB:LYC-RIOM", "DPT:15", "ACA:06"]},
    {**facts_of("closed_kind=carte_scolaire closed_place=CLG-RIOM"), "wishes": ["ETB:CLG-RIOM", "COM:63300"]},
    {**facts_of("closed_kind=greta closed_place=LYC-RIOM"), "wishes": ["DPT:63", "ZRD:63"]},
    {**facts_of("held=ZR-NORD zr_years=4 preferential_years=3"), "wishes": ["DPT:15", "ZRD:63", "COM:63300"]},
    {**facts_of("disability_zones=63300&15 boe"), "wishes": ["COM:63300", "DPT:15", "DPT:63"]},
    {**facts_of("reinstatement_department=63 category=titulaire"), "wishes": ["DPT:63", "POST:P-LYC-RIOM"]},
    {"mandatory": True, "wishes": []},
]


def test_the_breakdown_adds_up_to_the_points_of_each_wish() -> None:
    campaign = academy(2016, *PEOPLE)
    result = score(campaign, campaign.rules)
    sums = result.criteria.group_by("candidate_id", "rank").agg(pl.col("points").sum()).sort("candidate_id", "rank")
    assert sums.equals(result.wishes.select("candidate_id", "rank", "points"))
    assert set(result.criteria["reason"].drop_nulls()) <= set(reason_codes())
    assert set(result.wishes["reason"].drop_nulls()) <= set(reason_codes())


def test_a_campaign_without_candidates_or_wishes_is_scored() -> None:
    campaign = academy(2016)
    result = score(campaign, campaign.rules)
    assert (result.wishes.height, result.requests.height, result.criteria.height) == (0, 0, 0)
    with_people = academy(2016, *PEOPLE)
    assert result.wishes.schema == score(with_people, with_people.rules).wishes.schema


@given(st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_has_no_effect(random: Any) -> None:
    campaign = academy(2016, *PEOPLE)
    expected = score(campaign, campaign.rules)
    found = score(
        replace(campaign, **{name: _shuffled(table, random) for name, table in campaign.tables.items()}), campaign.rules
    )
    assert found.wishes.equals(expected.wishes)
    assert found.requests.equals(expected.requests)
    assert found.criteria.equals(expected.criteria)


def _shuffled(table: pl.DataFrame, random: Any) -> pl.DataFrame:
    rows = list(range(table.height))
    random.shuffle(rows)
    return table[rows]


@pytest.mark.parametrize("fact", ["echelon", "post_years", "children", "separation_years", "zr_years"])
@pytest.mark.parametrize(("rulebook", "session"), [("clermont-ferrand", 2016), ("besancon", 2024), ("amiens", 2026)])
def test_more_of_what_gives_points_never_gives_fewer(fact: str, rulebook: str, session: int) -> None:
    base = facts_of("category=titulaire family=rapprochement_conjoints spouse_department=63")
    people = [{**base, fact: count, "wishes": ["DPT:63", "COM:63300"]} for count in range(13)]
    campaign = academy(session, *people, rulebook=f"intra/{rulebook}")
    wishes = score(campaign, campaign.rules).wishes.with_columns(pl.col("candidate_id").str.slice(1).cast(pl.Int64))
    for rank in (1, 2):
        points = wishes.filter(pl.col("rank") == rank).sort("candidate_id")["points"].to_list()
        assert points == sorted(points)


@pytest.mark.parametrize(("rulebook", "session"), [("clermont-ferrand", 2016), ("besancon", 2024), ("amiens", 2026)])
def test_a_wider_zone_never_has_fewer_family_points(rulebook: str, session: int) -> None:
    widening = ["ETB:CLG-RIOM", "COM:63300", "GEO:GEO-RIOM", "DPT:63", "ACA:06"]
    person = {**facts_of(f"{FAMILY} spouse_commune=63300"), "wishes": widening}
    campaign = academy(session, person, rulebook=f"intra/{rulebook}")
    points = score(campaign, campaign.rules).wishes["points"].to_list()
    assert points == sorted(points)
