"""Bonuses tied to some wishes: handicap, BOE, trainees, former contracts, the same first wish every year."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from engine.model.criteria import entrants, places
from engine.model.criteria.award import IS_FIRST, Award, first_reason, gives
from engine.model.intra.kinds import covered
from engine.model.sessionrules import SessionRules


def handicap(rules: SessionRules) -> Award:
    """The zones that would better the living conditions, as the recteur named them: of any kind, precise ones too."""
    amount = pl.when(pl.col("disability_zones").is_not_null()).then(rules.points("handicap", "points")).otherwise(0)
    return Award(amount.cast(pl.Int64), pl.col("in_disability_zone"))


def boe(rules: SessionRules) -> Award:
    """The automatic bonus of the beneficiaries of the employment obligation, on wide wishes without handicap."""
    return replace(places.boe(rules), covers=covered(rules, "boe"))


def stagiaire(rules: SessionRules) -> Award:
    """Points a trainee may use once, on the first wish; not beside those of former contract teachers."""
    excluded = first_reason((gives(rules, "ex_contractuel"), "excluded_by_ex_contractuel"))
    covers = IS_FIRST & covered(rules, "stagiaire")
    return replace(entrants.stagiaire(rules), covers=covers, excluded=excluded, gives_way_to=None)


def ex_contractuel(rules: SessionRules) -> Award:
    """Former contract teachers among the stagiaires, by their échelon of reclassification, on the widest wishes."""
    return replace(entrants.ex_contractuel(rules), covers=covered(rules, "ex_contractuel"))


def voeu_preferentiel(rules: SessionRules) -> Award:
    """The same first wish again, from the second session on; beside family points only where the rulebook allows it."""
    again = (pl.col("preferential_years") - 1).clip(lower_bound=0)
    most = pl.lit(rules.limit("voeu_preferentiel", "cap"), pl.Int64)
    excluded = pl.lit(not rules.flag("voeu_preferentiel", "beside_family")) & pl.col("has_family_points")
    return Award(
        pl.min_horizontal(again * rules.points("voeu_preferentiel", "per_year"), most),
        IS_FIRST & covered(rules, "voeu_preferentiel"),
        keys=("per_year",),
        excluded=first_reason((excluded, "excluded_by_family")),
        most=most,
    )
