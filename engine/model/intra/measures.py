"""Posts taken away and people who come back: carte scolaire, GRETA, former posts."""

from __future__ import annotations

import polars as pl

from engine.model.criteria.award import IS_TRAINEE, Award, highest_step, points_where
from engine.model.intra.kinds import IS_OPEN, covered, of_kinds
from engine.model.sessionrules import SessionRules

COVERS_CLOSED = pl.col("covers_closed")
IS_GRETA = (pl.col("closed_kind") == "greta").fill_null(False)


def carte_scolaire(rules: SessionRules) -> Award:
    """Victims of a mesure de carte scolaire: the former school, and the zones of the rulebook that hold it."""
    block = "carte_scolaire"
    hit = (pl.col("closed_kind") == "carte_scolaire").fill_null(False)
    kinds = (*rules.codes(block, "kinds"), *rules.codes(block, "replacement_kinds"))
    return Award(points_where(hit, rules.points(block, "points")), IS_OPEN & COVERS_CLOSED & of_kinds(kinds))


def greta(rules: SessionRules) -> Award:
    """Posts closed in a GRETA, of who once had a post in initial education: the département of the GRETA."""
    returns = IS_GRETA & pl.col("initial_education")
    return Award(points_where(returns, rules.points("greta", "points")), COVERS_CLOSED & covered(rules, "greta"))


def greta_concours(rules: SessionRules) -> Award:
    """Posts closed in a GRETA, of who was appointed there straight from the concours: by échelon, on wide wishes."""
    echelon = pl.col("former_contract_echelon").clip(lower_bound=1)
    by_echelon = highest_step(rules.steps("greta_concours", "by_echelon"), echelon=echelon)
    amount = pl.when(IS_GRETA & ~pl.col("initial_education")).then(by_echelon).otherwise(0)
    return Award(amount, covered(rules, "greta_concours"), keys=("by_echelon",))


def ex_fonctionnaire(rules: SessionRules) -> Award:
    """Stagiaires who were titulaires of another corps, on the département of the former post and the académie."""
    former = pl.col("category").is_in(["stagiaire_ex_titulaire", "stagiaire_ex_fonctionnaire"]).fill_null(False)
    return _return(rules, "ex_fonctionnaire", former)


def reintegration(rules: SessionRules) -> Award:
    """Titulaires who come back, on the département of the former post and the académie."""
    return _return(rules, "reintegration", ~IS_TRAINEE)


def _return(rules: SessionRules, block: str, entitled: pl.Expr) -> Award:
    placed = entitled & pl.col("reinstatement_department").is_not_null()
    return Award(points_where(placed, rules.points(block, "points")), pl.col("covers_former") & covered(rules, block))
