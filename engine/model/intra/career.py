"""Career at the intra: échelon, priority education served and asked for, years on a ZR, agrégés in lycées."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from engine.model.criteria import career
from engine.model.criteria.award import Award, highest_step, points_where
from engine.model.intra.kinds import covered, of_kinds
from engine.model.sessionrules import SessionRules


def echelon(rules: SessionRules) -> Award:
    """Points of the échelon held, by grade; the classe normale with the base and the cap of the académie."""
    national = career.echelon(rules)
    amount = pl.col("echelon").clip(lower_bound=1) * rules.points("echelon", "per_echelon")
    normale = pl.max_horizontal(
        amount + rules.points("echelon", "normale_base"), pl.lit(rules.points("echelon", "floor"), pl.Int64)
    )
    cap = pl.lit(rules.limit("echelon", "normale_cap"), pl.Int64)
    higher = pl.col("grade").is_in(["hors_classe", "exceptionnelle"])
    return replace(
        national,
        amount=pl.when(higher).then(national.amount).otherwise(pl.min_horizontal(normale, cap)),
        most=pl.when(higher).then(national.most).otherwise(cap),
    )


def education_prioritaire(rules: SessionRules) -> Award:
    """Years of service in a school of priority education, on wide wishes."""
    return replace(career.education_prioritaire(rules), covers=covered(rules, "education_prioritaire"))


def entree_education_prioritaire(rules: SessionRules) -> Award:
    """A wish for a school of priority education."""
    block = "entree_education_prioritaire"
    rep, rep_plus = rules.points(block, "rep"), rules.points(block, "rep_plus")
    points = pl.when(pl.col("in_rep_plus")).then(pl.lit(rep_plus, pl.Int64)).when(pl.col("in_rep"))
    asked = (pl.col("in_rep") | pl.col("in_rep_plus")) & of_kinds(rules.codes(block, "kinds"))
    most = pl.lit(max(rep, rep_plus), pl.Int64)
    return Award(most, asked, on_wish=points.then(pl.lit(rep, pl.Int64)).otherwise(0), keys=("rep", "rep_plus"))


def stabilisation_tzr(rules: SessionRules) -> Award:
    """Years on a zone de remplacement, on wide wishes for posts in schools."""
    steps = rules.steps("stabilisation_tzr", "by_years")
    amount = pl.when(pl.col("zr_years") > 0).then(highest_step(steps, years=pl.col("zr_years"))).otherwise(0)
    return Award(amount, covered(rules, "stabilisation_tzr"), keys=("by_years",))


def agrege_lycee(rules: SessionRules) -> Award:
    """Agrégés who ask for lycées, in a discipline taught elsewhere too."""
    asked = pl.col("asks_lycee") & of_kinds(rules.codes("agrege_lycee", "kinds"))
    return Award(points_where(pl.col("lycee_counts"), rules.points("agrege_lycee", "points")), asked)
