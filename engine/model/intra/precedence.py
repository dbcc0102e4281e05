"""Who is served before whom whatever the points: PLP in their schools, and better opinions on specific posts.

Among contracts of one precedence the points decide, as everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from engine.model.sessionrules import SessionRules

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

AFTER_PLP = -1
LEVEL = 1_000_000
"""More than any order of a candidate for a post: one better opinion outweighs it."""


def with_precedence(wishes: pl.DataFrame, campaign: Campaign, rules: SessionRules) -> pl.DataFrame:
    """Adds precedence (Int32) and opinion_refused (Boolean) to the wishes.

    Parameters
    ----------
    wishes : columns candidate_id, kind, code, school_type, and the facts follows_plp, plp_market, is_lp

    Notes
    -----
    Precedence is 0, or -1 for a wish of an agrégé or certifié for schools of the PLP. On a specific post it is the
    level of the opinion (0 without one) times a million, and of two alike the smaller order is the stronger.
    """
    asks_lp = pl.col("school_type").is_in(rules.codes("lycees_professionnels", "school_types")).fill_null(False)
    after = pl.col("plp_market") | (pl.col("follows_plp") & (asks_lp | pl.col("is_lp")))
    ordinary = wishes.with_columns(
        precedence=pl.when(after).then(AFTER_PLP).otherwise(0).cast(pl.Int32), opinion_refused=pl.lit(False)
    )
    judged = _specific(wishes, campaign, rules)
    return ordinary if judged.is_empty() else _replaced(ordinary, judged)


def _specific(wishes: pl.DataFrame, campaign: Campaign, rules: SessionRules) -> pl.DataFrame:
    """One row per wish for a specific post: wish (its row), precedence, opinion_refused."""
    asked = wishes.with_row_index("wish").filter(pl.col("kind") == "POST").select("wish", "candidate_id", "code")
    specific = campaign.posts.filter(pl.col("profile") == "specific").select(code="post_id")
    opinions = campaign.opinions.rename({"post_id": "code"})
    judged = asked.join(specific, on="code").join(opinions, on=["candidate_id", "code"], how="left")
    levels = {opinion: level for level, opinion in enumerate(rules.codes("specifique", "opinions"), start=1)}
    level = pl.col("opinion").replace_strict(levels, default=0, return_dtype=pl.Int32)
    place = (LEVEL - pl.col("order")).fill_null(0).cast(pl.Int32)
    refused = pl.col("opinion").is_in(rules.codes("specifique", "refused")).fill_null(False)
    return judged.select("wish", precedence=level * LEVEL + place, opinion_refused=refused)


def _replaced(wishes: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    rows = wishes.with_row_index("wish")
    merged = rows.join(judged, on="wish", how="left", maintain_order="left", suffix="_judged")
    names = ("precedence", "opinion_refused")
    judgement = {name: pl.coalesce(f"{name}_judged", name) for name in names}
    return merged.with_columns(**judgement).drop("wish", *(f"{name}_judged" for name in names))
