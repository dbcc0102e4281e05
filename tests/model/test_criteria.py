"""Each criterion in each of its eras: who, which wishes, how many points.

A row reads: in that session, a candidate with these facts who makes these wishes (académies in order) has these points
of that criterion on them, one number per wish. Every number is that of the text the rule file names. Académies: 01
Paris, 02 Aix-Marseille, 08 Grenoble, 10 Lyon, 11 Montpellier, 14 Rennes, 24 Créteil, 25 Versailles, 27 Corse, 33 Guyane,
43 Mayotte.
"""

from typing import Any

import polars as pl
import pytest
from tests.model.small_campaign import small_campaign

from engine.model.points import format_points
from engine.model.scoring import score

TITULAIRE = {"category": "titulaire", "academy": "08"}
STAGIAIRE = {"category": "stagiaire", "mandatory": True}
HORS_CLASSE = {**TITULAIRE, "grade": "hors_classe"}
EXCEPTIONNELLE = {**TITULAIRE, "grade": "exceptionnelle"}
EX_TITULAIRE = {"category": "stagiaire_ex_titulaire"}
EX_FONCTIONNAIRE = {"category": "stagiaire_ex_fonctionnaire"}
RC = {**TITULAIRE, "family": "rapprochement_conjoints", "spouse_academy": "10"}
APC = {**TITULAIRE, "family": "autorite_parentale_conjointe", "spouse_academy": "10"}
RRE = {**TITULAIRE, "family": "residence_enfant", "spouse_academy": "10", "children": 1}
ISOLE = {**TITULAIRE, "family": "parent_isole", "children": 2}
SIMULTANEE = {**TITULAIRE, "family": "mutation_simultanee"}
PARIS = {"category": "titulaire", "academy": "25", "family": "rapprochement_conjoints", "spouse_academy": "01"}
RENNES = {**TITULAIRE, "family": "rapprochement_conjoints", "spouse_academy": "14"}

ECHELON = [
    (2010, {"echelon": 2}, "10", "21"),
    (2017, {"echelon": 2}, "10", "21"),
    (2018, {"echelon": 2}, "10", "14"),
    (2026, {"echelon": 1}, "10", "14"),
    (2010, {"echelon": 7}, "10 25", "49 49"),
    (2026, {"echelon": 11}, "10", "77"),
    (2016, {**HORS_CLASSE, "echelon": 3}, "10", "70"),
    (2018, {**HORS_CLASSE, "echelon": 3}, "10", "77"),
    (2018, {**HORS_CLASSE, "echelon": 3, "corps": "agrege"}, "10", "77"),
    (2019, {**HORS_CLASSE, "echelon": 3, "corps": "agrege"}, "10", "84"),
    (2025, {**HORS_CLASSE, "echelon": 3, "corps": "certifie"}, "10", "77"),
    (2015, {**HORS_CLASSE, "echelon": 6, "echelon_years": 1, "corps": "agrege"}, "10", "91"),
    (2015, {**HORS_CLASSE, "echelon": 6, "echelon_years": 2, "corps": "agrege"}, "10", "98"),
    (2015, {**HORS_CLASSE, "echelon": 6, "echelon_years": 2, "corps": "certifie"}, "10", "91"),
    (2021, {**HORS_CLASSE, "echelon": 4, "echelon_years": 1, "corps": "agrege"}, "10", "91"),
    (2021, {**HORS_CLASSE, "echelon": 4, "echelon_years": 3, "corps": "agrege"}, "10", "98"),
    (2024, {**HORS_CLASSE, "echelon": 4, "echelon_years": 2, "corps": "agrege"}, "10", "98"),
    (2024, {**HORS_CLASSE, "echelon": 4, "echelon_years": 3, "corps": "agrege"}, "10", "105"),
    (2015, {**EXCEPTIONNELLE, "echelon": 2}, "10", "91"),
    (2015, {**EXCEPTIONNELLE, "echelon": 4}, "10", "98"),
    (2023, {**EXCEPTIONNELLE, "echelon": 4}, "10", "98"),
    (2024, {**EXCEPTIONNELLE, "echelon": 4}, "10", "105"),
    (2022, {**EXCEPTIONNELLE, "echelon": 3, "echelon_years": 2, "corps": "agrege"}, "10", "98"),
    (2023, {**EXCEPTIONNELLE, "echelon": 3, "echelon_years": 2, "corps": "agrege"}, "10", "105"),
    (2023, {**EXCEPTIONNELLE, "echelon": 3, "echelon_years": 1, "corps": "agrege"}, "10", "98"),
]
ANCIENNETE_POSTE = [
    (2010, {**TITULAIRE, "post_years": 3}, "10 25", "30 30"),
    (2010, {**TITULAIRE, "post_years": 4}, "10", "65"),
    (2018, {**TITULAIRE, "post_years": 9}, "10", "140"),
    (2019, {**TITULAIRE, "post_years": 9}, "10", "280"),
    (2025, {**TITULAIRE, "post_years": 12}, "10", "390"),
    (2025, {"post_years": 1}, "10", "20"),
    (2025, {**STAGIAIRE, "post_years": 1}, "10", "0"),
    (2010, {**EX_TITULAIRE, "former_post_years": 4}, "10", "75"),
    (2020, {**EX_TITULAIRE, "former_post_years": 4}, "10", "150"),
    (2020, {**EX_FONCTIONNAIRE, "former_post_years": 4}, "10", "0"),
]
FAMILY = [
    (2010, RC, "10 08 25", "rapprochement_conjoints", "150.2 150.2 0"),
    (2025, RC, "10 07 11", "rapprochement_conjoints", "150.2 150.2 0"),
    (2025, RC, "07 10", "rapprochement_conjoints", "0 0"),
    (2025, {**RC, "spouse_academy": None, "spouse_department": "69"}, "10 07", "rapprochement_conjoints", "150.2 150.2"),
    (2025, {**STAGIAIRE, "family": "rapprochement_conjoints", "spouse_academy": "27"}, "27 02 23 11", "rapprochement_conjoints", "150.2 150.2 150.2 0"),
    (2015, APC, "10", "autorite_parentale_conjointe", "0"),
    (2016, {**APC, "children": 1}, "10 07 25", "autorite_parentale_conjointe", "150.2 150.2 0"),
    (2025, APC, "10", "autorite_parentale_conjointe", "0"),
    (2025, {**APC, "children": 3}, "10 07 25", "enfants", "300 300 0"),
    (2010, {**RC, "children": 2}, "10 07 25", "enfants", "150 150 0"),
    (2013, {**RC, "children": 2}, "10", "enfants", "150"),
    (2014, {**RC, "children": 2}, "10", "enfants", "200"),
    (2025, {**RC, "children": 2}, "07 10", "enfants", "0 0"),
    (2010, {**RRE, "children": 2}, "10", "enfants", "0"),
    (2010, RRE, "25 10 07 14", "residence_enfant", "0 80 80 0"),
    (2010, {**RRE, "children": 3}, "10", "residence_enfant", "80"),
    (2010, {**RRE, "children": 0}, "10", "residence_enfant", "0"),
    (2015, RRE, "10", "residence_enfant", "80"),
    (2010, ISOLE, "10 07 25", "parent_isole", "80 80 0"),
    (2016, ISOLE, "10 07 25", "parent_isole", "150 150 0"),
    (2021, ISOLE, "10 07 25", "parent_isole", "150 150 0"),
    (2021, {**ISOLE, "spouse_academy": "25"}, "10 25", "parent_isole", "0 0"),
    (2010, {**SIMULTANEE, "spouse_department": "69"}, "25 10 07", "mutation_simultanee", "0 80 80"),
    (2026, {**SIMULTANEE, "spouse_academy": "10"}, "25 10 07", "mutation_simultanee", "0 80 80"),
    (2026, SIMULTANEE, "10 07", "mutation_simultanee", "0 0"),
]
SEPARATION = [
    *[(2010, {**RC, "separation_years": years}, "10 25", f"{points} 0") for years, points in {1: 50, 2: 275, 3: 400, 4: 400, 9: 400}.items()],
    (2010, {**RC, "separation_half_years": 3}, "10", "0"),
    (2010, {**RC, "separation_years": 1, "separation_half_years": 3}, "10", "50"),
    (2013, {**RC, "separation_years": 2}, "10", "275"),
    *[(2025, {**RC, "separation_years": active, "separation_half_years": half}, "10 07", f"{points} {points}")
      for active, row in enumerate([(0, 95, 190, 285, 325, 325), (190, 285, 325, 420, 475), (325, 420, 475, 570, 600), (475, 570, 600, 600, 600), (600, 600, 600, 600, 600), (600, 600)])
      for half, points in enumerate(row)],
    (2014, {**RC, "separation_years": 1}, "10", "190"),
    (2013, {**STAGIAIRE, "family": "rapprochement_conjoints", "spouse_academy": "10", "separation_years": 1}, "10", "0"),
    (2013, {**EX_TITULAIRE, "family": "rapprochement_conjoints", "spouse_academy": "10", "separation_years": 3}, "10", "400"),
    (2014, {**STAGIAIRE, "family": "rapprochement_conjoints", "spouse_academy": "10", "separation_years": 3}, "10", "190"),
    (2025, {**EX_FONCTIONNAIRE, "family": "rapprochement_conjoints", "spouse_academy": "10", "separation_years": 3}, "10", "190"),
    (2025, {**EX_TITULAIRE, "family": "rapprochement_conjoints", "spouse_academy": "10", "separation_years": 3}, "10", "475"),
    (2025, {**STAGIAIRE, "family": "rapprochement_conjoints", "spouse_academy": "10", "separation_half_years": 1}, "10", "95"),
    (2025, {**APC, "children": 1, "separation_years": 2}, "10", "325"),
    (2010, {**RRE, "separation_years": 2}, "10", "0"),
    (2025, {**PARIS, "separation_years": 2}, "01", "325"),
    (2025, {**PARIS, "separation_years": 2, "service_department": "92"}, "01", "0"),
    (2025, {**PARIS, "separation_years": 2, "service_department": "78"}, "01", "325"),
    (2025, {**PARIS, "academy": "01", "spouse_academy": "24", "spouse_department": "93", "separation_years": 2}, "24", "0"),
    (2025, {**PARIS, "academy": "01", "spouse_academy": "24", "spouse_department": "77", "separation_years": 2}, "24", "325"),
]  # fmt: skip
NON_LIMITROPHE = [
    (2013, {**RENNES, "separation_years": 1}, "14 17", "0 0"),
    (2014, {**RENNES, "separation_years": 1}, "14 17 10", "200 200 0"),
    (2016, {**RENNES, "separation_years": 1}, "14", "100"),
    (2025, {**RENNES, "separation_half_years": 1}, "14", "100"),
    (2025, RENNES, "14", "0"),
    (2019, {**RC, "separation_years": 1, "service_department": "73", "spouse_department": "42"}, "10", "0"),
    (2020, {**RC, "separation_years": 1, "service_department": "73", "spouse_department": "42"}, "10", "50"),
    (2020, {**RC, "separation_years": 1, "service_department": "38", "spouse_department": "42"}, "10", "0"),
    (2020, {**RC, "separation_years": 1}, "10", "0"),
    (2025, {**RC, "spouse_academy": "08", "separation_years": 1, "service_department": "73", "spouse_department": "07"}, "08", "0"),
    (2025, {**RENNES, "category": "stagiaire", "academy": "10", "separation_years": 1}, "14", "100"),
    (2025, {**STAGIAIRE, "family": "rapprochement_conjoints", "spouse_academy": "14", "training_academy": "10", "separation_years": 1}, "14", "100"),
    (2025, {**APC, "spouse_academy": "14", "children": 1, "separation_years": 1}, "14", "100"),
]
PLACES = [
    (2010, {**TITULAIRE, "disability_zones": "10 14"}, "10 25 14", "handicap", "1000 0 1000"),
    (2026, {**TITULAIRE, "disability_zones": "10"}, "10 25", "handicap", "1000 0"),
    (2010, {**TITULAIRE, "corps": "pegc", "disability_zones": "10"}, "10 25", "handicap", "600 0"),
    (2015, {**TITULAIRE, "boe": True}, "10", "boe", "0"),
    (2016, {**TITULAIRE, "boe": True}, "10 25", "boe", "100 100"),
    (2025, {**TITULAIRE, "boe": True, "disability_zones": "10"}, "10 25", "boe", "0 100"),
    (2010, {"overseas_interests": "28"}, "28 10", "outre_mer", "1000 0"),
    (2025, {"overseas_interests": "28"}, "10 28", "outre_mer", "0 0"),
    (2019, {"overseas_interests": "43"}, "43", "outre_mer", "0"),
    (2020, {"overseas_interests": "43"}, "43", "outre_mer", "1000"),
    (2025, {"overseas_interests": "10"}, "10", "outre_mer", "0"),
    (2010, TITULAIRE, "27", "corse", "600"),
    (2010, {**TITULAIRE, "corsica_requests": 2}, "27", "corse", "800"),
    (2025, {**TITULAIRE, "corsica_requests": 5}, "27", "corse", "1000"),
    (2025, {**TITULAIRE, "corsica_requests": 5}, "27 02", "corse", "0 0"),
    (2020, {**STAGIAIRE, "training_academy": "27"}, "27", "corse", "600"),
    (2019, {**STAGIAIRE, "training_academy": "27", "former_contract_echelon": 2}, "27", "corse", "600"),
    (2020, {**STAGIAIRE, "training_academy": "27", "former_contract_echelon": 2}, "27", "corse", "1400"),
    (2020, {**STAGIAIRE, "training_academy": "02", "former_contract_echelon": 2}, "27", "corse", "600"),
    (2019, {"category": "titulaire", "academy": "33", "post_years": 5}, "10", "mayotte_guyane", "0"),
    (2020, {"category": "titulaire", "academy": "33", "post_years": 5}, "10 25", "mayotte_guyane", "100 100"),
    (2020, {"category": "titulaire", "academy": "43", "post_years": 4}, "10", "mayotte_guyane", "0"),
    (2020, {"category": "titulaire", "academy": "32", "post_years": 9}, "10", "mayotte_guyane", "0"),
    (2015, {**TITULAIRE, "preferential_years": 1}, "10 25", "voeu_preferentiel", "0 0"),
    (2015, {**TITULAIRE, "preferential_years": 2}, "10 25", "voeu_preferentiel", "20 0"),
    (2015, {**TITULAIRE, "preferential_years": 9}, "10", "voeu_preferentiel", "160"),
    (2016, {**TITULAIRE, "preferential_years": 9}, "10", "voeu_preferentiel", "100"),
    (2025, {**TITULAIRE, "preferential_years": 6}, "10", "voeu_preferentiel", "100"),
    (2025, {**RC, "preferential_years": 3}, "10", "voeu_preferentiel", "0"),
    (2025, {**RC, "preferential_years": 3}, "25", "voeu_preferentiel", "40"),
    (2025, {**SIMULTANEE, "spouse_academy": "10", "preferential_years": 3}, "25 10", "voeu_preferentiel", "0 0"),
    (2025, {**SIMULTANEE, "spouse_academy": "10", "preferential_years": 3}, "25 14", "voeu_preferentiel", "40 0"),
    (2025, {**TITULAIRE, "athlete_years": 1, "preferential_years": 3}, "10", "voeu_preferentiel", "0"),
    (2010, {**TITULAIRE, "athlete_years": 3}, "10 25", "sportif_haut_niveau", "150 150"),
    (2025, {**TITULAIRE, "athlete_years": 7}, "10", "sportif_haut_niveau", "200"),
    (2018, {**TITULAIRE, "zr_years": 1, "post_years": 5}, "10 25", "stabilisation_tzr", "100 100"),
    (2018, {**TITULAIRE, "zr_years": 0, "post_years": 5}, "10", "stabilisation_tzr", "0"),
    (2018, {**TITULAIRE, "zr_years": 1, "post_years": 4}, "10", "stabilisation_tzr", "0"),
    (2019, {**TITULAIRE, "zr_years": 1, "post_years": 5}, "10", "stabilisation_tzr", "0"),
]
EDUCATION_PRIORITAIRE = [
    *[(2010, kind, years, points) for kind in ("APV", "ambition_reussite") for years, points in {4: 0, 5: 300, 7: 300, 8: 400}.items()],
    *[(2015, "APV", years, points) for years, points in {1: 60, 2: 120, 3: 180, 4: 240, 5: 320, 6: 320, 7: 350, 8: 400, 20: 400}.items()],
    (2019, "APV", 5, 320),
    (2015, "REP", 4, 0), (2015, "REP", 5, 160), (2015, "REP+", 5, 320),
    (2019, "REP", 5, 200), (2020, "REP", 5, 200), (2020, "REP+", 12, 400), (2026, "REP+", 4, 0),
    (2024, "CLA", 2, 0), (2024, "CLA", 3, 120),
]  # fmt: skip
ENTRANTS = [
    (2010, {**STAGIAIRE, "trainee_points": True}, "10 25", "stagiaire", "50 0"),
    (2018, {**STAGIAIRE, "trainee_points": True}, "10 25", "stagiaire", "50 0"),
    (2019, {**STAGIAIRE, "trainee_points": True}, "10 25", "stagiaire", "10 0"),
    (2025, {**STAGIAIRE, "trainee_points": True}, "10", "stagiaire", "10"),
    (2025, STAGIAIRE, "10", "stagiaire", "0"),
    (2025, {**TITULAIRE, "trainee_points": True}, "10", "stagiaire", "10"),
    (2025, {**STAGIAIRE, "trainee_points": True, "former_contract_echelon": 1}, "10", "stagiaire", "0"),
    (2010, {**STAGIAIRE, "training_academy": "08"}, "10 08", "academie_stage", "0 0.1"),
    (2025, {**EX_TITULAIRE, "training_academy": "08"}, "08 10", "academie_stage", "0.1 0"),
    (2025, {**TITULAIRE, "training_academy": "10"}, "10", "academie_stage", "0"),
    *[(2010, {**STAGIAIRE, "former_contract_echelon": e}, "10 25", "ex_contractuel", f"{p} {p}") for e, p in {1: 50, 2: 50, 3: 80, 4: 100, 9: 100}.items()],
    *[(2013, {**STAGIAIRE, "former_contract_echelon": e}, "10", "ex_contractuel", "100") for e in (1, 3, 5)],
    *[(2025, {**STAGIAIRE, "former_contract_echelon": e}, "10", "ex_contractuel", f"{p}") for e, p in {1: 150, 3: 150, 4: 165, 5: 180, 7: 180}.items()],
    (2025, {**TITULAIRE, "former_contract_echelon": 3}, "10", "ex_contractuel", "0"),
    (2010, {**EX_FONCTIONNAIRE, "reinstatement_academy": "10"}, "10 25", "ex_fonctionnaire", "1000 0"),
    (2025, {**EX_FONCTIONNAIRE, "reinstatement_academy": "10"}, "25 10", "ex_fonctionnaire", "0 1000"),
    (2025, {**EX_FONCTIONNAIRE, "reinstatement_academy": "10"}, "10", "reintegration", "0"),
    (2010, {"category": "titulaire", "reinstatement_academy": "10"}, "25 10", "reintegration", "0 1000"),
    (2025, {"category": "titulaire", "reinstatement_academy": "10"}, "10", "ex_fonctionnaire", "0"),
]  # fmt: skip

CASES = [
    *[(session, facts, wishes, "echelon", points) for session, facts, wishes, points in ECHELON],
    *[(session, facts, wishes, "anciennete_poste", points) for session, facts, wishes, points in ANCIENNETE_POSTE],
    *[(session, facts, wishes, "separation", points) for session, facts, wishes, points in SEPARATION],
    *[(session, facts, wishes, "non_limitrophe", points) for session, facts, wishes, points in NON_LIMITROPHE],
    *[
        (session, {**TITULAIRE, "priority_education": kind, "priority_education_years": years}, "10", "education_prioritaire", str(points))
        for session, kind, years, points in EDUCATION_PRIORITAIRE
    ],
    *FAMILY,
    *PLACES,
    *ENTRANTS,
]  # fmt: skip


def breakdown(session: int, facts: dict[str, Any], wishes: str) -> pl.DataFrame:
    campaign = small_campaign(session, {**facts, "wishes": wishes.split()})
    return score(campaign, campaign.rules).criteria


@pytest.mark.parametrize(("session", "facts", "wishes", "criterion", "points"), CASES)
def test_a_criterion_gives_its_points_on_its_wishes(
    session: int, facts: dict[str, Any], wishes: str, criterion: str, points: str
) -> None:
    rows = breakdown(session, facts, wishes).filter(pl.col("criterion") == criterion)
    found = dict(zip(rows["rank"], rows["points"], strict=True))
    ranks = range(1, len(wishes.split()) + 1)
    assert " ".join(format_points(found.get(rank, 0)) for rank in ranks) == points


REFUSALS = [
    (2025, {**RC, "evidence_missing": "rapprochement_conjoints"}, "10 07 25", "rapprochement_conjoints", {1: "evidence_missing", 2: "evidence_missing"}),
    (2025, {**RC, "children": 2, "evidence_missing": "boe enfants"}, "10 25", "enfants", {1: "evidence_missing"}),
    (2025, RC, "25 10 14", "rapprochement_conjoints", {1: "first_wish_elsewhere", 2: "first_wish_elsewhere"}),
    (2025, {**RC, "spouse_academy": None}, "10", "rapprochement_conjoints", {1: "family_place_missing"}),
    (2025, APC, "10 25", "autorite_parentale_conjointe", {1: "no_child"}),
    (2025, SIMULTANEE, "10 07", "mutation_simultanee", {1: "not_spouses"}),
    (2025, {**PARIS, "separation_years": 2, "service_department": "92"}, "01 14", "separation", {1: "same_entity"}),
    (2010, {**STAGIAIRE, "family": "rapprochement_conjoints", "spouse_academy": "10", "separation_years": 1}, "10", "separation", {1: "no_separation_for_trainees"}),
    (2025, {**TITULAIRE, "boe": True, "disability_zones": "10"}, "10 25", "boe", {1: "excluded_by_handicap"}),
    (2025, {**STAGIAIRE, "trainee_points": True, "former_contract_echelon": 1}, "10 25", "stagiaire", {1: "excluded_by_ex_contractuel"}),
    (2025, {**TITULAIRE, "former_contract_echelon": 1}, "10 25", "ex_contractuel", {1: "not_trainee", 2: "not_trainee"}),
    (2025, {"overseas_interests": "28"}, "10 28", "outre_mer", {2: "overseas_not_first"}),
    (2025, {"overseas_interests": "10"}, "10 28", "outre_mer", {1: "not_overseas"}),
    (2025, {**RC, "preferential_years": 3}, "10", "voeu_preferentiel", {1: "excluded_by_family"}),
    (2025, {**TITULAIRE, "athlete_years": 1, "preferential_years": 3}, "10", "voeu_preferentiel", {1: "excluded_by_sportif_haut_niveau"}),
]  # fmt: skip


@pytest.mark.parametrize(("session", "facts", "wishes", "criterion", "reasons"), REFUSALS)
def test_a_bonus_that_is_refused_keeps_its_row_with_the_reason(
    session: int, facts: dict[str, Any], wishes: str, criterion: str, reasons: dict[int, str]
) -> None:
    rows = breakdown(session, facts, wishes).filter((pl.col("criterion") == criterion) & (pl.col("points") == 0))
    assert dict(zip(rows["rank"], rows["reason"], strict=True)) == reasons


@pytest.mark.parametrize("follows", ["enfants", "separation", "non_limitrophe"])
def test_without_evidence_of_the_union_what_follows_it_falls_too(follows: str) -> None:
    facts = {**RENNES, "children": 1, "separation_years": 2}
    refused = {**facts, "evidence_missing": "rapprochement_conjoints"}
    assert follows in breakdown(2025, facts, "14")["criterion"]
    assert follows not in breakdown(2025, refused, "14")["criterion"]


def test_without_evidence_of_separation_there_is_no_bonus_of_distance() -> None:
    facts = {**RENNES, "separation_years": 2, "evidence_missing": "separation"}
    assert "non_limitrophe" not in breakdown(2025, facts, "14")["criterion"]


def test_handicap_without_evidence_leaves_the_automatic_bonus() -> None:
    rows = breakdown(2025, {**TITULAIRE, "boe": True, "disability_zones": "10", "evidence_missing": "handicap"}, "10")
    points = dict(zip(rows["criterion"], rows["points"], strict=True))
    assert (points["boe"], points["handicap"]) == (100_000, 0)


def test_the_source_of_the_points_stands_beside_them() -> None:
    rows = breakdown(2010, {**RC, "children": 1, "separation_years": 1}, "10")
    sources = dict(zip(rows["criterion"], rows["source"], strict=True))
    assert (sources["enfants"], sources["rapprochement_conjoints"], sources["separation"]) == ("S4", "S4", "S4")
