"""A correction weighs the barème anew: what it makes of a request is what evidence that says the same makes of it.

The campaigns are those of the criteria, every case of a session a candidate; each criterion is corrected in turn.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.campaign import Campaign
from engine.model.criteria.family import STRATEGIES
from engine.model.scoring import Scored, score
from tests.model import test_criteria as inter
from tests.model.interdepartemental import test_criteria as interdepartemental
from tests.model.interdepartemental.country import country
from tests.model.intra import test_criteria as intra
from tests.model.intra.academies import academy, facts_of
from tests.model.small_campaign import small_campaign

POPULATIONS = [
    *(("inter", case["session"]) for case in inter.CASES),
    *((case["rulebook"], case["session"]) for case in intra.CASES),
    *(("interdepartemental", case["session"]) for case in interdepartemental.CASES),
]


@cache
def population(name: str, session: str) -> Campaign:
    if name == "inter":
        return inter.inter_of(session)
    return (
        interdepartemental.interdepartemental_of(session)
        if name == "interdepartemental"
        else intra.intra_of(name, session)
    )


def scored(campaign: Campaign) -> Scored:
    return score(campaign, campaign.rules)


def without_evidence(campaign: Campaign, criterion: str, people: pl.Series) -> Campaign:
    """The campaign in which these people have no evidence for a criterion."""
    lacking = pl.when(pl.col("candidate_id").is_in(people.implode())).then(pl.lit(criterion))
    missing = pl.concat_str("evidence_missing", lacking, separator=" ", ignore_nulls=True)
    candidates = campaign.candidates.with_columns(pl.when(missing != "").then(missing).alias("evidence_missing"))
    return replace(campaign, candidates=candidates)


def with_corrections(campaign: Campaign, rows: pl.DataFrame) -> Campaign:
    """The campaign with corrections: candidate_id, criterion, points (thousandths) and, of one wish, rank."""
    told = {"reason": pl.lit("erreur"), "authority": pl.lit("le recteur"), "date": pl.lit(dt.date(2020, 1, 2))}
    rank = {} if "rank" in rows.columns else {"rank": pl.lit(None, pl.Int64)}
    numbered = rows.with_columns(correction_id=pl.format("K{}", pl.int_range(pl.len())), **told, **rank)
    return replace(campaign, corrections=numbered.select(campaign.corrections.columns))


def corrected(campaign: Campaign, criterion: str, points: int) -> Campaign:
    """The campaign in which a criterion of everybody is corrected on every wish."""
    rows = campaign.candidates.select("candidate_id", criterion=pl.lit(criterion), points=pl.lit(points, pl.Int64))
    return with_corrections(campaign, rows)


def given_rows(found: Scored) -> pl.DataFrame:
    return found.criteria.filter(pl.col("points") != 0).select("candidate_id", "rank", "criterion", "points")


def same_wishes(one: Scored, other: Scored) -> bool:
    wishes = one.wishes.drop("kept_points").equals(other.wishes.drop("kept_points"))
    return wishes and given_rows(one).equals(given_rows(other))


def same(one: Scored, other: Scored) -> bool:
    return one.wishes.equals(other.wishes) and same_wishes(one, other) and one.requests.equals(other.requests)


EACH = pytest.mark.parametrize(("name", "session"), sorted(set(POPULATIONS)))


@EACH
def test_a_criterion_corrected_to_nothing_leaves_what_its_missing_evidence_leaves(name: str, session: str) -> None:
    campaign = population(name, session)
    everybody = campaign.candidates["candidate_id"]
    for criterion in campaign.rules.criteria:
        expected = scored(without_evidence(campaign, criterion, everybody))
        assert same(scored(corrected(campaign, criterion, 0)), expected), criterion


@EACH
def test_points_corrected_where_evidence_lacked_bring_what_it_would_have_brought(name: str, session: str) -> None:
    campaign = population(name, session)
    expected = scored(campaign)
    for criterion in campaign.rules.criteria:
        rows = expected.criteria.filter((pl.col("criterion") == criterion) & (pl.col("points") > 0))
        rows = rows.select("candidate_id", "rank", "criterion", "points")
        lacking = without_evidence(campaign, criterion, rows["candidate_id"])
        assert same_wishes(scored(with_corrections(lacking, rows)), expected), criterion
        whole = rows.unique(["candidate_id", "criterion", "points"], maintain_order=True).drop("rank")
        if whole["candidate_id"].is_unique().all():
            assert same(scored(with_corrections(lacking, whole)), expected), criterion


def told(found: Scored, criterion: str) -> list[tuple[int, int, str, str | None]]:
    rows = found.criteria.filter((pl.col("candidate_id") == "C0") & (pl.col("criterion") == criterion))
    return rows.select("rank", "points", "source", "reason").rows()


def correct(campaign: Campaign, *rows: tuple[str, int | None, int]) -> Scored:
    """The campaign scored with corrections of C0: criterion, rank or None, thousandths; K0 is the first."""
    table = pl.DataFrame(rows, schema={"criterion": pl.String, "rank": pl.Int64, "points": pl.Int64}, orient="row")
    return scored(with_corrections(campaign, table.with_columns(candidate_id=pl.lit("C0"))))


def inter_of(**facts: Any) -> Campaign:
    person = {"category": "titulaire", "held": "08", "echelon": 7, "wishes": ["10", "25"], **facts}
    return small_campaign(2025, person)


def intra_of(facts: str, *wishes: str) -> Campaign:
    return academy(2016, {**facts_of(facts), "wishes": list(wishes)})


BACK = {
    "handicap makes room for boe": (inter_of(boe=True, disability_zones="10"), "handicap", "boe", [100_000, 100_000]),
    "family makes room for the preferential wish": (
        inter_of(preferential_years=3, family="rapprochement_conjoints", spouse_academy="10"),
        "rapprochement_conjoints",
        "voeu_preferentiel",
        [40_000],
    ),
    "an athlete's points make room for the preferential wish": (
        inter_of(preferential_years=3, athlete_years=2),
        "sportif_haut_niveau",
        "voeu_preferentiel",
        [40_000],
    ),
    "former contracts make room for the trainee's points": (
        inter_of(category="stagiaire", held=None, trainee_points=True, former_contract_echelon=1),
        "ex_contractuel",
        "stagiaire",
        [10_000],
    ),
    "and so at the intra": (
        intra_of("category=stagiaire trainee_points former_contract_echelon=2", "COM:63300", "DPT:63"),
        "ex_contractuel",
        "stagiaire",
        [50_000],
    ),
    "family at the intra": (
        intra_of("preferential_years=2 family=rapprochement_conjoints spouse_department=63", "DPT:63"),
        "rapprochement_conjoints",
        "voeu_preferentiel",
        [20_000],
    ),
    "handicap at the interdépartemental": (
        country(2025, "boe disability_zones=29 wishes=29&22"),
        "handicap",
        "boe",
        [100_000, 100_000],
    ),
    "family at the interdépartemental": (
        country(2025, "overseas_interests=971 family=rapprochement_conjoints spouse_department=971 wishes=971"),
        "rapprochement_conjoints",
        "outre_mer",
        [600_000],
    ),
}


@pytest.mark.parametrize("name", BACK)
def test_a_bonus_that_another_excluded_comes_back_when_that_one_is_corrected_to_nothing(name: str) -> None:
    campaign, excluding, excluded, points = BACK[name]
    before = told(scored(campaign), excluded)
    assert before[0][1] == 0
    assert before[0][3] is not None
    after = correct(campaign, (excluding, None, 0))
    assert [row[1:2] + row[3:] for row in told(after, excluded)] == [(amount, None) for amount in points]
    (first, *_) = told(after, excluding)
    assert first[1:] == (0, "K0", "corrected_to_nothing")


def test_a_correction_that_gives_points_sets_aside_what_they_exclude() -> None:
    found = correct(inter_of(preferential_years=3), ("sportif_haut_niveau", None, 50_000))
    assert told(found, "voeu_preferentiel") == [
        (1, 0, told(found, "voeu_preferentiel")[0][2], "excluded_by_sportif_haut_niveau")
    ]
    assert [row[1:3] for row in told(found, "sportif_haut_niveau")] == [(50_000, "K0"), (50_000, "K0")]


def test_corrected_points_are_excluded_like_any_others() -> None:
    campaign = inter_of(athlete_years=1, boe=True, disability_zones="10")
    found = correct(campaign, ("voeu_preferentiel", None, 40_000), ("boe", 1, 100_000), ("boe", 2, 90_000))
    assert told(found, "voeu_preferentiel") == [(1, 0, "K0", "excluded_by_sportif_haut_niveau")]
    assert told(found, "boe") == [(1, 0, "K1", "excluded_by_handicap"), (2, 90_000, "K2", None)]


@pytest.mark.parametrize(
    ("criterion", "facts", "most"),
    [
        ("voeu_preferentiel", {}, 100_000),
        ("sportif_haut_niveau", {}, 200_000),
        ("separation", {"family": "rapprochement_conjoints", "spouse_academy": "10", "separation_years": 1}, 600_000),
        ("corse", {"wishes": ["27"]}, 1_000_000),
        ("echelon", {"grade": "exceptionnelle", "echelon": 2, "wishes": ["10"]}, 105_000),
    ],
)
def test_a_correction_beyond_the_maximum_of_its_criterion_counts_at_the_maximum(
    criterion: str, facts: dict[str, Any], most: int
) -> None:
    found = correct(inter_of(**facts), (criterion, None, 5_000_000))
    assert told(found, criterion)[0] == (1, most, "K0", "corrected_over_maximum")


def test_an_agrege_and_who_is_in_the_classe_normale_have_no_maximum_of_the_classe_exceptionnelle() -> None:
    for facts in ({"grade": "exceptionnelle", "corps": "agrege"}, {"grade": None}):
        assert told(correct(inter_of(**facts), ("echelon", None, 120_000)), "echelon")[0] == (1, 120_000, "K0", None)


def test_a_strategy_that_gets_points_takes_the_place_of_that_of_the_request() -> None:
    facts = {"spouse_academy": "10", "children": 2, "separation_years": 1}
    wrong, right = (
        inter_of(family=name, **facts) for name in ("autorite_parentale_conjointe", "rapprochement_conjoints")
    )
    assert same(correct(wrong, ("rapprochement_conjoints", None, 150_200)), scored(right))
    none = inter_of(**facts)
    assert same(correct(none, ("rapprochement_conjoints", None, 150_200)), scored(right))


def test_a_strategy_corrected_on_one_wish_reaches_it_or_no_longer() -> None:
    family = {"family": "rapprochement_conjoints", "spouse_academy": "10", "children": 2}
    near = inter_of(**family, wishes=["10", "02", "08"], preferential_years=2)
    found = correct(near, ("rapprochement_conjoints", 1, 0))
    assert [row[:2] for row in told(found, "enfants")] == [(3, 200_000)]
    lacking = replace(near, candidates=near.candidates.with_columns(evidence_missing=pl.lit("rapprochement_conjoints")))
    found = correct(lacking, ("rapprochement_conjoints", 3, 150_200))
    assert [row[:2] for row in told(found, "enfants")] == [(3, 200_000)]
    assert told(found, "voeu_preferentiel")[0][3] == "excluded_by_family"


def test_a_correction_that_covers_no_wish_is_said_to_change_nothing() -> None:
    campaign = inter_of()
    found = correct(campaign, ("separation", None, 190_000), ("echelon", None, 50_000))
    assert [note[:30] for note in found.notes if note.startswith("correction")] == ["correction K0 changes nothing:"]
    assert found.wishes["points"].to_list() == [50_000, 50_000]


FACTS = st.fixed_dictionaries(
    {
        "category": st.sampled_from(["titulaire", "stagiaire", "stagiaire_ex_titulaire"]),
        "family": st.sampled_from([None, *STRATEGIES]),
        "spouse_academy": st.sampled_from([None, "10", "25"]),
        "children": st.integers(0, 2),
        "separation_years": st.integers(0, 5),
        "boe": st.booleans(),
        "disability_zones": st.sampled_from([None, "10"]),
        "preferential_years": st.integers(0, 8),
        "athlete_years": st.integers(0, 5),
        "trainee_points": st.booleans(),
        "former_contract_echelon": st.integers(0, 5),
        "evidence_missing": st.sampled_from([None, "enfants", "handicap separation"]),
    }
)
EXCLUDING = ("handicap", "sportif_haut_niveau", "ex_contractuel", "separation", "boe", "enfants", *STRATEGIES)


@given(FACTS, st.sampled_from(EXCLUDING), st.sampled_from([2010, 2016, 2020, 2025]))
@settings(max_examples=60, deadline=None)
def test_whatever_the_facts_a_correction_is_what_its_evidence_makes_of_the_request(
    facts: dict[str, Any], criterion: str, session: int
) -> None:
    campaign = small_campaign(session, {"held": "08", "echelon": 7, "wishes": ["10", "25", "01"], **facts})
    if criterion not in campaign.rules.criteria:
        return
    full, everybody = scored(campaign), campaign.candidates["candidate_id"]
    lacking = without_evidence(campaign, criterion, everybody)
    assert same(scored(corrected(campaign, criterion, 0)), scored(lacking))
    points = full.criteria.filter((pl.col("criterion") == criterion) & (pl.col("points") > 0))["points"]
    if len(points):
        assert same(scored(corrected(lacking, criterion, points[0])), full)
