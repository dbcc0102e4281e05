"""Career: échelon, years in the post, priority education, high-level athletes, years overseas, former TZR."""

from __future__ import annotations

import polars as pl

from engine.model.criteria.award import IS_TRAINEE, Award, highest_step, points_where
from engine.model.rulebook import SessionRules

IS_AGREGE = (pl.col("corps") == "agrege").fill_null(False)


def echelon(rules: SessionRules) -> Award:
    """Points of the échelon held, by grade; a candidate without a grade is in the classe normale."""
    per_echelon = pl.col("echelon") * rules.points("echelon", "per_echelon")
    normale = pl.max_horizontal(per_echelon, pl.lit(rules.points("echelon", "floor"), pl.Int64))
    amount = (
        pl.when(pl.col("grade") == "hors_classe")
        .then(_hors_classe(rules, per_echelon))
        .when(pl.col("grade") == "exceptionnelle")
        .then(_exceptionnelle(rules, per_echelon))
        .otherwise(normale)
    )
    keys = ("per_echelon", "floor", "hors_classe_base", "exceptionnelle_base")
    return Award(amount, keys=keys, most=_most(rules))


def _most(rules: SessionRules) -> pl.Expr:
    """The cap of the classe exceptionnelle; the steps of the agrégés there go beyond it."""
    capped = (pl.col("grade") == "exceptionnelle") & ~IS_AGREGE
    return pl.when(capped).then(pl.lit(rules.limit("echelon", "exceptionnelle_cap"), pl.Int64))


def _hors_classe(rules: SessionRules, per_echelon: pl.Expr) -> pl.Expr:
    others = per_echelon + rules.points("echelon", "hors_classe_base")
    agrege = per_echelon + rules.points("echelon", "hors_classe_base_agrege")
    steps = _agrege_steps(rules, "hors_classe_agrege_steps")
    return pl.when(IS_AGREGE).then(pl.max_horizontal(agrege, steps)).otherwise(others)


def _exceptionnelle(rules: SessionRules, per_echelon: pl.Expr) -> pl.Expr:
    amount = per_echelon + rules.points("echelon", "exceptionnelle_base")
    capped = pl.min_horizontal(amount, pl.lit(rules.limit("echelon", "exceptionnelle_cap"), pl.Int64))
    steps = _agrege_steps(rules, "exceptionnelle_agrege_steps")
    return pl.when(IS_AGREGE).then(pl.max_horizontal(capped, steps)).otherwise(capped)


def _agrege_steps(rules: SessionRules, key: str) -> pl.Expr:
    return highest_step(rules.steps("echelon", key), echelon=pl.col("echelon"), years=pl.col("echelon_years"))


def anciennete_poste(rules: SessionRules) -> Award:
    """Full years in the post, and slices of them; for a stagiaire ex-titulaire those in the post held before."""
    block = "anciennete_poste"
    former = pl.col("category") == "stagiaire_ex_titulaire"
    years = pl.when(former).then("former_post_years").when(~IS_TRAINEE).then("post_years").otherwise(0)
    slices = years // rules.count(block, "slice_years") * rules.points(block, "per_slice")
    flat = points_where(former, rules.points(block, "ex_titulaire_flat"))
    amount = years * rules.points(block, "per_year") + slices + flat
    return Award(amount, keys=("per_year", "per_slice"))


def education_prioritaire(rules: SessionRules) -> Award:
    """Years of effective and continuous service in a school of priority education."""
    kinds = {"ambition_reussite": "ambition_reussite", "APV": "apv", "REP": "rep", "REP+": "rep_plus", "CLA": "cla"}
    years, amount = pl.col("priority_education_years"), pl.lit(0, pl.Int64)
    for kind, key in kinds.items():
        steps = highest_step(rules.steps("education_prioritaire", key), years=years)
        amount = pl.when(pl.col("priority_education") == kind).then(steps).otherwise(amount)
    return Award(amount, keys=tuple(kinds.values()))


def sportif_haut_niveau(rules: SessionRules) -> Award:
    """Years of provisional assignment as a high-level athlete, up to a number of them."""
    per_year, max_years = (
        rules.points("sportif_haut_niveau", "per_year"),
        rules.count("sportif_haut_niveau", "max_years"),
    )
    most = pl.lit(max_years * per_year, pl.Int64)
    return Award(pl.min_horizontal(pl.col("athlete_years") * per_year, most), keys=("per_year",), most=most)


def mayotte_guyane(rules: SessionRules) -> Award:
    """Some years in a post of Mayotte or Guyane, on every wish."""
    block = "mayotte_guyane"
    there = pl.col("own_academy").is_in(rules.codes(block, "academies"))
    return Award(
        points_where(there & (pl.col("post_years") >= rules.count(block, "min_years")), rules.points(block, "points"))
    )


def stabilisation_tzr(rules: SessionRules) -> Award:
    """Former replacement teachers who settled on a post for some years."""
    block = "stabilisation_tzr"
    settled = pl.col("post_years") >= rules.count(block, "min_post_years")
    replaced = pl.col("zr_years") >= rules.count(block, "min_zr_years")
    return Award(points_where(settled & replaced, rules.points(block, "points")))


def bareme(rules: SessionRules) -> Award:
    """Points counted outside the engine, where the barème itself was not read."""
    return Award(pl.col("bareme_points") * rules.points("bareme", "points"))
