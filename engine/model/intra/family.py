"""Family situations at the intra: points by kind of wish, for the strategy chosen at the inter if there was one."""

from __future__ import annotations

import polars as pl

from engine.model.criteria.award import (
    IS_FIRST,
    NO_REASON,
    Award,
    Criterion,
    evidence_missing,
    first_reason,
    points_where,
)
from engine.model.criteria.family import IN_REACH, STRATEGIES
from engine.model.intra.kinds import IS_OPEN, by_kind, of_kinds
from engine.model.rulevalues import KindPoints
from engine.model.sessionrules import SessionRules

TOWARDS = {"department": "towards_department", "commune": "towards_commune"}
"""Where a rulebook wants the first wish to point, and the fact of the candidate that says whether it does."""


def points_of(rules: SessionRules, strategy: str) -> KindPoints:
    """Thousandths of a point of a strategy by kind of wish; only kinds that have some."""
    keys = [key for key in ("points", "other_kinds") if key in rules.blocks[strategy].values]
    merged = {kind: points for key in keys for kind, points in rules.points_by_kind(strategy, key).items()}
    return {kind: points for kind, points in merged.items() if points}


def in_reach(rules: SessionRules) -> pl.Expr:
    """Boolean per wish (column family_number): the strategy of its candidate gives points for such a wish."""
    reach = pl.lit(False)
    for number, strategy in _in_force(rules):
        kinds = points_of(rules, strategy)
        reach = pl.when(pl.col("family_number") == number).then(of_kinds(kinds)).otherwise(reach)
    return reach & IS_OPEN


def family_refusal(rules: SessionRules) -> pl.Expr:
    """String per candidate: why his family strategy is refused, else null."""
    refusal = NO_REASON
    for _, strategy in _in_force(rules):
        refusal = pl.when(pl.col("family") == strategy).then(_refusal(rules, strategy)).otherwise(refusal)
    return refusal


def strategy(name: str) -> Criterion:
    """The criterion of one family strategy: an amount by kind of wish."""

    def award(rules: SessionRules) -> Award:
        points = points_of(rules, name)
        most = points_where(pl.col("family") == name, max(points.values(), default=0))
        keys = tuple(key for key in ("points", "other_kinds") if key in rules.blocks[name].values)
        return Award(
            most,
            IN_REACH,
            on_wish=_on_wish(rules, name, points),
            keys=keys,
            refusal=pl.col("family_refusal"),
            shown=IN_REACH | IS_FIRST,
        )

    award.__doc__ = f"Family strategy {name}: an amount by kind of wish."
    return award


def _in_force(rules: SessionRules) -> list[tuple[int, str]]:
    return [(number, name) for number, name in enumerate(STRATEGIES, start=1) if name in rules.blocks]


def _on_wish(rules: SessionRules, name: str, points: KindPoints) -> pl.Expr:
    """Points by kind; for a commune other than the family's, what the rulebook has for those."""
    if "other_communes" not in rules.blocks[name].values:
        return by_kind(points)
    elsewhere = of_kinds(["COM"]) & ~pl.col("in_family_commune")
    other = pl.lit(rules.points(name, "other_communes"), pl.Int64)
    return pl.when(elsewhere).then(other).otherwise(by_kind(points))


def _refusal(rules: SessionRules, strategy: str) -> pl.Expr:
    values, towards = rules.blocks[strategy].values, rules.code(strategy, "first_wish")
    changed = pl.col("inter_family").is_not_null() & (pl.col("inter_family") != strategy)
    reasons = [(evidence_missing(strategy), "evidence_missing"), (changed, "strategy_changed")]
    if "min_children" in values:
        reasons.append((pl.col("children") < rules.count(strategy, "min_children"), "no_child"))
    if strategy == "mutation_simultanee":
        reasons.append((pl.col("family_department").is_null(), "not_spouses"))
        reasons.append((pl.col("link_id").is_null(), "not_linked"))
    if towards:
        reasons.append((pl.col("family_department").is_null(), "family_place_missing"))
        reasons.append((~pl.col(TOWARDS[towards]), "first_wish_not_towards_family"))
    return first_reason(*reasons)
