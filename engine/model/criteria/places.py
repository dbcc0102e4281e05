"""Bonuses attached to certain académies or to the first wish: handicap, overseas, Corse, the same wish every year."""

from __future__ import annotations

import polars as pl

from engine.model.criteria.award import (
    IS_FIRST,
    IS_TRAINEE,
    Award,
    asks_for,
    first_reason,
    gives,
    item_of,
    points_where,
)
from engine.model.rulebook import SessionRules


def handicap(rules: SessionRules) -> Award:
    """The académies that would better the living conditions of the candidate, his spouse or his child."""
    pegc = points_where(pl.lit(True), rules.points("handicap", "points_pegc"))
    others = points_where(pl.lit(True), rules.points("handicap", "points"))
    granted = pl.when(pl.col("corps") == "pegc").then(pegc).otherwise(others)
    amount = pl.when(pl.col("disability_zones").is_not_null()).then(granted).otherwise(0)
    return Award(amount, pl.col("in_disability_zone"))


def boe(rules: SessionRules) -> Award:
    """The automatic bonus of the beneficiaries of the employment obligation, where handicap gives nothing."""
    return Award(points_where(pl.col("boe"), rules.points("boe", "points")), gives_way_to="handicap")


def outre_mer(rules: SessionRules) -> Award:
    """The overseas académie of the moral and material interests, asked as first wish."""
    interests = pl.col("overseas_interests")
    amount = points_where(interests.is_not_null(), rules.points("outre_mer", "points"))
    refusal = first_reason(
        (~interests.is_in(rules.codes("outre_mer", "academies")), "not_overseas"),
        (pl.col("first_academy").ne_missing(interests), "overseas_not_first"),
    )
    asked = asks_for("overseas_interests")
    return Award(amount, IS_FIRST & asked, refusal=refusal, shown=asked)


def corse(rules: SessionRules) -> Award:
    """Corse as the only wish, the more the oftener it was asked; stagiaires there who were contract teachers apart."""
    academy = rules.codes("corse", "academy")
    alone = (pl.col("num_wishes") == 1) & pl.col("first_academy").is_in(academy)
    series = rules.series("corse", "by_request")
    asked = item_of(series, pl.col("corsica_requests").clip(lower_bound=1))
    was_contract = (pl.col("former_contract_echelon") > 0) & pl.col("training_academy").is_in(academy) & IS_TRAINEE
    special = points_where(was_contract.fill_null(False), rules.points("corse", "ex_contract_trainee"))
    amount = pl.when(alone).then(pl.max_horizontal(asked, special)).otherwise(0)
    most = pl.max_horizontal(pl.lit(max(series, default=0), pl.Int64), special)
    return Award(amount, IS_FIRST, keys=("by_request", "ex_contract_trainee"), most=most)


def voeu_preferentiel(rules: SessionRules) -> Award:
    """The same first wish again, from the second session on; not beside family points or those of an athlete."""
    again = (pl.col("preferential_years") - 1).clip(lower_bound=0)
    amount = again * rules.points("voeu_preferentiel", "per_year")
    most = pl.lit(rules.limit("voeu_preferentiel", "cap"), pl.Int64)
    excluded = first_reason(
        (pl.col("has_family_points"), "excluded_by_family"),
        (gives(rules, "sportif_haut_niveau"), "excluded_by_sportif_haut_niveau"),
    )
    return Award(pl.min_horizontal(amount, most), IS_FIRST, keys=("per_year",), excluded=excluded, most=most)
