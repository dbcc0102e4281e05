"""Family situations: the strategy chosen (one at most) and what follows it, children, separation, distance.

A strategy is granted or refused as a whole, per candidate; it then covers the wishes *in reach*: the académie the
situation points to and the académies that touch it.
"""

from __future__ import annotations

import polars as pl

from engine.model.criteria.award import (
    IS_FIRST,
    NO_REASON,
    Award,
    Criterion,
    evidence_missing,
    first_reason,
    item_of,
    points_where,
)
from engine.model.rulebook import SessionRules

STRATEGIES = (
    "rapprochement_conjoints",
    "autorite_parentale_conjointe",
    "residence_enfant",
    "parent_isole",
    "mutation_simultanee",
)

IN_REACH = pl.col("in_family_reach")
IS_NEW_IN_THE_CORPS = pl.col("category").is_in(["stagiaire", "stagiaire_ex_fonctionnaire"]).fill_null(False)
GRANTED = pl.col("family_refusal").is_null() & pl.col("family").is_not_null()


def family_refusal(rules: SessionRules) -> pl.Expr:
    """String per candidate: why his family strategy is refused, else null."""
    refusal = NO_REASON
    for strategy in (name for name in STRATEGIES if name in rules.blocks):
        refusal = pl.when(pl.col("family") == strategy).then(_strategy_refusal(rules, strategy)).otherwise(refusal)
    return refusal


def has_family_points(wishes: pl.DataFrame, candidates: pl.DataFrame) -> pl.Series:
    """Boolean per candidate: a family strategy is granted and some wish is in its reach."""
    reached = wishes.filter("in_family_reach")["candidate"].unique()
    granted = candidates["family"].is_not_null() & candidates["family_refusal"].is_null()
    rows = pl.Series(range(candidates.height), dtype=pl.UInt32)
    return (granted & rows.is_in(reached.implode())).alias("has_family_points")


def _strategy_refusal(rules: SessionRules, strategy: str) -> pl.Expr:
    place, values = pl.col("family_place"), rules.blocks[strategy].values
    unplaced = "not_spouses" if strategy == "mutation_simultanee" else "family_place_missing"
    reasons = [(evidence_missing(strategy), "evidence_missing"), (place.is_null(), unplaced)]
    if strategy == "mutation_simultanee":
        reasons.append((pl.col("link_id").is_null(), "not_linked"))
    if "min_children" in values:
        reasons.append((pl.col("children") < rules.count(strategy, "min_children"), "no_child"))
    if rules.flag(strategy, "first_wish"):
        reasons.append((pl.col("first_academy").ne_missing(place), "first_wish_elsewhere"))
    return first_reason(*reasons)


def strategy(name: str) -> Criterion:
    """The criterion of one family strategy: a flat amount on the wishes in reach."""

    def award(rules: SessionRules) -> Award:
        amount = points_where(pl.col("family") == name, rules.points(name, "points"))
        return Award(amount, IN_REACH, refusal=pl.col("family_refusal"), shown=IN_REACH | IS_FIRST)

    award.__doc__ = f"Family strategy {name}: a flat amount on the wishes in reach."
    return award


def enfants(rules: SessionRules) -> Award:
    """So much per child, with the strategies that count children."""
    amount = pl.col("children") * rules.points("enfants", "per_child")
    return Award(_with_family(rules, "enfants", amount), IN_REACH, keys=("per_child",))


def separation(rules: SessionRules) -> Award:
    """Years of separation from the spouse, half-years counted from the session on that counts them."""
    series = rules.series("separation", "by_half_years")
    return Award(
        _with_family(rules, "separation", item_of(series, _half_years(rules))),
        IN_REACH,
        keys=("by_half_years",),
        refusal=_separation_refusal(rules),
        most=pl.lit(max(series, default=0), pl.Int64),
    )


def granted_half_years(rules: SessionRules) -> pl.Expr:
    """Int64 per candidate: half-years of separation that count, 0 where separation is refused."""
    refused = evidence_missing("separation") | _separation_refusal(rules).is_not_null()
    return pl.when(refused).then(0).otherwise(_half_years(rules))


def _half_years(rules: SessionRules) -> pl.Expr:
    half = pl.col("separation_half_years").clip(upper_bound=rules.count("separation", "half_years_max"))
    counted = 2 * pl.col("separation_years") + half
    most = 2 * rules.count("separation", "trainee_years_max")
    if most == 0:  # refused as a whole, with a reason, rather than counted as nothing
        return counted
    return pl.when(IS_NEW_IN_THE_CORPS).then(counted.clip(upper_bound=most)).otherwise(counted)


def _separation_refusal(rules: SessionRules) -> pl.Expr:
    entity = rules.codes("separation", "one_entity")
    together = pl.col("own_department").is_in(entity) & pl.col("family_department").is_in(entity)
    reasons = [(together, "same_entity")]
    if rules.count("separation", "trainee_years_max") == 0:
        reasons.append((IS_NEW_IN_THE_CORPS, "no_separation_for_trainees"))
    return first_reason(*reasons)


def non_limitrophe(rules: SessionRules) -> Award:
    """Own académie, or own département, does not touch the spouse's; with some separation only."""
    block = "non_limitrophe"
    long_enough = pl.col("granted_half_years") >= rules.count(block, "min_half_years")
    far = (
        pl.when(pl.col("academies_apart"))
        .then(pl.lit(rules.points(block, "academies"), pl.Int64))
        .when(pl.col("departments_apart"))
        .then(pl.lit(rules.points(block, "departments"), pl.Int64))
        .otherwise(0)
    )
    amount = pl.when(long_enough).then(far).otherwise(0)
    return Award(_with_family(rules, block, amount), IN_REACH, keys=("academies", "departments"))


def _with_family(rules: SessionRules, block: str, amount: pl.Expr) -> pl.Expr:
    follows = pl.col("family").is_in(rules.codes(block, "families")) & GRANTED
    return pl.when(follows).then(amount).otherwise(0)
