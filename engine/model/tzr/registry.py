"""Every criterion the engine knows at the TZR adjustment, by the name its rule file bears."""

from __future__ import annotations

import polars as pl

from engine.model.criteria import career
from engine.model.criteria.award import Award, Criterion
from engine.model.sessionrules import SessionRules

MANY = 3
"""From the third child on there is a flat bonus."""


def anciennete_zr(rules: SessionRules) -> Award:
    """Years on a zone de remplacement, and full slices of them."""
    block, years = "anciennete_zr", pl.col("zr_years")
    slices = years // max(rules.count(block, "slice_years"), 1)
    amount = years * rules.points(block, "per_year") + slices * rules.points(block, "per_slice")
    return Award(amount, keys=("per_year", "per_slice"))


def enfants(rules: SessionRules) -> Award:
    """Dependent children, and a flat bonus from the third on."""
    children = pl.col("children")
    flat = pl.when(children >= MANY).then(rules.points("enfants", "from_third")).otherwise(0)
    return Award(children * rules.points("enfants", "per_child") + flat, keys=("per_child", "from_third"))


TZR_CRITERIA: dict[str, Criterion] = {
    "anciennete_zr": anciennete_zr,
    "echelon": career.echelon,
    "enfants": enfants,
}
