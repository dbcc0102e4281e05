"""Bonuses tied to a wish: handicap, the overseas département of one's interests, the same first wish again."""

from __future__ import annotations

import polars as pl

from engine.model.criteria.award import IS_FIRST, Award, first_reason, points_where
from engine.model.sessionrules import SessionRules


def handicap(rules: SessionRules) -> Award:
    """The départements for which the bonus was granted to the candidate, for himself, his spouse or his child."""
    amount = points_where(pl.col("disability_zones").is_not_null(), rules.points("handicap", "points"))
    return Award(amount, pl.col("in_disability_zone"))


def outre_mer(rules: SessionRules) -> Award:
    """The overseas département of the moral and material interests, asked for as first wish (CIMM).

    Neither beside the points of some family situations nor in a linked request.
    """
    interests, block = pl.col("overseas_interests"), "outre_mer"
    family = pl.col("family").is_in(rules.codes(block, "without_families")) & pl.col("family_refusal").is_null()
    linked = pl.lit(rules.flag(block, "without_link")) & pl.col("link_id").is_not_null()
    refusal = first_reason(
        (~interests.is_in(rules.codes(block, "departments")), "interests_not_overseas"),
        (pl.col("first_department").ne_missing(interests), "interests_not_first"),
    )
    excluded = first_reason((family, "interests_beside_family"), (linked, "interests_beside_link"))
    asked = pl.col("department") == pl.col("overseas_interests")
    amount = points_where(interests.is_not_null(), rules.points(block, "points"))
    return Award(amount, IS_FIRST & asked, refusal=refusal, excluded=excluded, shown=asked | IS_FIRST)


def renouvellement(rules: SessionRules) -> Award:
    """The same first wish asked again: so much for each renewal without a gap."""
    return Award(
        pl.col("renewal_years") * rules.points("renouvellement", "per_renewal"), IS_FIRST, keys=("per_renewal",)
    )
