"""Family situations at the interdépartemental: towards a département, asked for as first wish, and those around it.

What a strategy gives and its children are counted as at the inter (`engine.model.criteria.family`).
"""

from __future__ import annotations

import polars as pl

from engine.model.criteria.award import NO_REASON, Award, evidence_missing, first_reason, item_of, points_where
from engine.model.criteria.family import GRANTED, IN_REACH, STRATEGIES
from engine.model.sessionrules import SessionRules


def family_refusal(rules: SessionRules) -> pl.Expr:
    """String per candidate: why his family strategy is refused, else null."""
    refusal = NO_REASON
    for strategy in (name for name in STRATEGIES if name in rules.blocks):
        refusal = pl.when(pl.col("family") == strategy).then(_refusal(rules, strategy)).otherwise(refusal)
    return refusal


def _refusal(rules: SessionRules, strategy: str) -> pl.Expr:
    place = pl.col("family_place")
    elsewhere = pl.lit(rules.flag(strategy, "first_wish")) & pl.col("first_department").ne_missing(place)
    few = "min_children" in rules.blocks[strategy].values
    children = pl.col("children") < rules.count(strategy, "min_children") if few else pl.lit(False)
    return first_reason(
        (evidence_missing(strategy), "evidence_missing"),
        (place.is_null(), "family_place_missing"),
        (children, "no_child"),
        (elsewhere, "first_wish_not_towards_family"),
    )


def separation(rules: SessionRules) -> Award:
    """Years of separation from the spouse; a year of congé parental or disponibilité counts for half."""
    series = rules.series("separation", "by_half_years")
    amount, most = item_of(series, _half_years(rules)), pl.lit(max(series, default=0), pl.Int64)
    return Award(_with_family(rules, "separation", amount), IN_REACH, keys=("by_half_years",), most=most)


def granted_half_years(rules: SessionRules) -> pl.Expr:
    """Int64 per candidate: half-years of separation that count."""
    return pl.when(evidence_missing("separation")).then(0).otherwise(_half_years(rules))


def _half_years(rules: SessionRules) -> pl.Expr:
    half = pl.col("separation_half_years").clip(upper_bound=rules.count("separation", "half_years_max"))
    return 2 * pl.col("separation_years") + half


def non_limitrophe(rules: SessionRules) -> Award:
    """Own académie and the spouse's do not touch; with some separation only."""
    long_enough = pl.col("granted_half_years") >= rules.count("non_limitrophe", "min_half_years")
    amount = points_where(long_enough & pl.col("academies_apart"), rules.points("non_limitrophe", "points"))
    return Award(_with_family(rules, "non_limitrophe", amount), IN_REACH)


def _with_family(rules: SessionRules, block: str, amount: pl.Expr) -> pl.Expr:
    follows = pl.col("family").is_in(rules.codes(block, "families")) & GRANTED
    return pl.when(follows).then(amount).otherwise(0)
