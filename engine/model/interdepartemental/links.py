"""Linked requests: the same wishes in the same order, and no member without the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from engine.model.criteria.award import first_reason
from engine.model.sessionrules import SessionRules

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

DIFFER = "linked_lists_differ"
ALONE = "linked_to_excluded"


def link_facts(campaign: Campaign) -> pl.DataFrame:
    """One row per linked candidate: candidate_id, link_id, lists_differ (the lists of the members are not the same)."""
    wish = pl.concat_str("kind", "code", pl.col("school_type").fill_null(""), separator=" ")
    lists = campaign.wishes.sort("candidate_id", "rank").group_by("candidate_id").agg(asked=wish.str.join(","))
    members = campaign.links.select("candidate_id", "link_id").join(lists, on="candidate_id", how="left")
    differ = pl.col("asked").fill_null("").n_unique().over("link_id") > 1
    return members.select("candidate_id", "link_id", lists_differ=differ)


def with_links(reasons: pl.Series, candidates: pl.DataFrame, rules: SessionRules) -> pl.Series:
    """Reasons of requests, those of linked ones added: lists that differ, a member whose request is set aside."""
    wrong = pl.col("lists_differ") & pl.lit(rules.flag("links", "identical_lists"))
    rows = candidates.select("link_id", "lists_differ").with_columns(reasons.alias("reason"))
    rows = rows.with_columns(reason=pl.coalesce("reason", first_reason((wrong, DIFFER))))
    return rows.select(_with_the_others(pl.col("link_id"), ALONE))["reason"]


def _with_the_others(group: pl.Expr, code: str) -> pl.Expr:
    one_is = pl.col("link_id").is_not_null() & pl.col("reason").is_not_null().any().over(group)
    return pl.coalesce("reason", first_reason((one_is, code))).alias("reason")
