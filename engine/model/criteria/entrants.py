"""Stagiaires and those who come back: first wish, académie of stage, former contracts, former posts."""

from __future__ import annotations

import polars as pl

from engine.model.criteria.award import (
    IS_FIRST,
    IS_NEW_TRAINEE,
    IS_TRAINEE,
    Award,
    asks_for,
    highest_step,
    points_where,
)
from engine.model.rulebook import SessionRules


def stagiaire(rules: SessionRules) -> Award:
    """Points a trainee may use once, on the first wish; not beside those of former contract teachers."""
    amount = points_where(pl.col("trainee_points"), rules.points("stagiaire", "points"))
    return Award(amount, IS_FIRST, gives_way_to="ex_contractuel")


def academie_stage(rules: SessionRules) -> Award:
    """A tenth of a point on the académie of the year of stage."""
    placed = IS_TRAINEE & pl.col("training_academy").is_not_null()
    return Award(points_where(placed, rules.points("academie_stage", "points")), asks_for("training_academy"))


def ex_contractuel(rules: SessionRules) -> Award:
    """Former contract teachers among the stagiaires, by their échelon of reclassification."""
    steps = rules.steps("ex_contractuel", "by_echelon")
    amount = highest_step(steps, echelon=pl.col("former_contract_echelon"))
    refusal = pl.when(~IS_NEW_TRAINEE).then(pl.lit("not_trainee"))
    return Award(amount, keys=("by_echelon",), refusal=refusal)


def ex_fonctionnaire(rules: SessionRules) -> Award:
    """Stagiaires who were titulaires of another corps than teaching, on the académie of that post."""
    return _return(rules, "ex_fonctionnaire", (pl.col("category") == "stagiaire_ex_fonctionnaire").fill_null(False))


def reintegration(rules: SessionRules) -> Award:
    """Titulaires who come back from an emploi fonctionnel or a private school, on the académie they left."""
    return _return(rules, "reintegration", ~IS_TRAINEE)


def _return(rules: SessionRules, block: str, entitled: pl.Expr) -> Award:
    placed = entitled & pl.col("reinstatement_academy").is_not_null()
    return Award(points_where(placed, rules.points(block, "points")), asks_for("reinstatement_academy"))
