"""The criteria of movements on specific posts, by the name their rule files bear."""

from __future__ import annotations

import polars as pl

from engine.model.criteria.award import Award, Criterion, points_where
from engine.model.sessionrules import SessionRules
from engine.model.specifique.classement import by_points


def handicap(rules: SessionRules) -> Award:
    """The académies named, on the posts where points are compared."""
    amount = points_where(pl.col("disability_zones").is_not_null(), rules.points("handicap", "points"))
    return Award(amount, pl.col("in_disability_zone") & by_points(rules))


SPECIFIQUE_CRITERIA: dict[str, Criterion] = {"handicap": handicap}
