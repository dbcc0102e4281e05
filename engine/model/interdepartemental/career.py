"""Career in the first degree: échelon, seniority in the département, priority education, postes à profil."""

from __future__ import annotations

import polars as pl

from engine.model.criteria.award import Award, highest_step, item_of, points_where
from engine.model.sessionrules import SessionRules

MONTHS = 12
HUNDREDTH = 10
"""Thousandths in a hundredth of a point."""

TABLES = {"hors_classe": "hors_classe", "exceptionnelle": "classe_exceptionnelle"}
"""Grades of professeurs des écoles above the classe normale, with the table of each."""


def echelon(rules: SessionRules) -> Award:
    """Points of the échelon held, by corps and grade; without either, a professeur des écoles, classe normale."""
    amount = _at_echelon(rules, "classe_normale")
    for grade, table in TABLES.items():
        amount = pl.when(pl.col("grade") == grade).then(_at_echelon(rules, table)).otherwise(amount)
    instituteur = _at_echelon(rules, "instituteur")
    amount = pl.when(pl.col("corps") == "instituteur").then(instituteur).otherwise(amount)
    return Award(amount, keys=("instituteur", "classe_normale", "hors_classe", "classe_exceptionnelle"))


def _at_echelon(rules: SessionRules, table: str) -> pl.Expr:
    return item_of(rules.series("echelon", table), pl.col("echelon"))


def anciennete_departement(rules: SessionRules) -> Award:
    """Full months in the département beyond the first years, and full slices of years of these.

    Twelfths of a year's points are truncated to hundredths, as the tables of the texts do: one month of two points a
    year is 0.16, eleven are 1.83. A year is exact.
    """
    block = "anciennete_departement"
    beyond = (pl.col("department_months") - MONTHS * rules.count(block, "years_before")).clip(lower_bound=0)
    months = beyond * rules.points(block, "per_year") // (MONTHS * HUNDREDTH) * HUNDREDTH
    slices = beyond // (MONTHS * rules.count(block, "slice_years")) * rules.points(block, "per_slice")
    return Award(months + slices, keys=("per_year", "per_slice"))


def education_prioritaire(rules: SessionRules) -> Award:
    """Years of effective and continuous service in a school of priority education."""
    kinds = {"REP": "rep", "REP+": "rep_plus", "CLA": "cla"}
    years, amount = pl.col("priority_education_years"), pl.lit(0, pl.Int64)
    for kind, key in kinds.items():
        steps = highest_step(rules.steps("education_prioritaire", key), years=years)
        amount = pl.when(pl.col("priority_education") == kind).then(steps).otherwise(amount)
    return Award(amount, keys=tuple(kinds.values()))


def poste_a_profil(rules: SessionRules) -> Award:
    """Some years on a poste à profil obtained by the national movement of these."""
    stayed = pl.col("profile_post_years") >= rules.count("poste_a_profil", "min_years")
    return Award(points_where(stayed, rules.points("poste_a_profil", "points")))
