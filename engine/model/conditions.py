"""Whether an outcome keeps the decisions of its campaign, told from its tables."""

from __future__ import annotations

import polars as pl

from engine.model.campaign import Campaign
from engine.model.decisions import posts_named
from engine.model.defects import Rule, defects

C69 = Rule("C69", "A pin takes a seat that is vacant or falls free: none from a holder who stays, none to be closed.")


def not_kept(campaign: Campaign, outcomes: pl.DataFrame) -> pl.DataFrame:
    """The decisions that an outcome does not keep.

    Returns
    -------
    polars.DataFrame with the rows of campaign.decisions, and what the candidate has: rank, post_id and status as has_*
    """
    posts = campaign.posts.select(has_post_id="post_id").with_row_index("post")
    facts = outcomes.select("candidate_id", "status", has_rank="rank", has_post_id="post_id")
    facts = facts.filter(pl.col("status") != "withheld").join(posts, on="has_post_id", how="left")
    facts = facts.join(campaign.candidates.select("candidate_id", "held_post"), on="candidate_id")
    rows = campaign.decisions.join(facts, on="candidate_id", maintain_order="left")
    named = {kind: _marked(rows, posts_named(campaign, kind)) for kind in ("pin", "forbid")}
    lacks = (pl.col("post_id").is_not_null() | pl.col("place_id").is_not_null()) & ~named["pin"]
    other = pl.col("rank").is_not_null() & pl.col("rank").ne_missing(pl.col("has_rank").cast(pl.Int64))
    moved = (pl.col("status") != "excluded") | pl.col("has_post_id").ne_missing(pl.col("held_post"))
    broken = (
        pl.when(pl.col("kind") == "pin")
        .then(lacks | other | pl.col("has_post_id").is_null())
        .when(pl.col("kind") == "forbid")
        .then(named["forbid"] & (pl.col("has_post_id").ne_missing(pl.col("held_post"))))
        .otherwise(moved)
    )
    return rows.filter(broken)


def pins_not_met(campaign: Campaign, outcomes: pl.DataFrame) -> pl.DataFrame:
    """A defect for every pin that the outcome does not keep."""
    wrong = not_kept(campaign, outcomes).filter(pl.col("kind") == "pin")
    what = pl.coalesce("post_id", "place_id", pl.format("wish {}", "rank"))
    problem = pl.format("cannot be met: no seat of {} is vacant or falls free for {}.", what, "candidate_id")
    hint = "Offer a seat there, or decide otherwise."
    if campaign.posts["exit_quota"].null_count() < campaign.posts.height:
        problem = pl.format(
            "cannot be met: neither the quotas of entry and exit nor an exchange take {} to {}.", "candidate_id", what
        )
        hint = "Raise the quotas, or decide otherwise."
    value, who = pl.col("decision_id"), pl.format("candidate {}", "candidate_id")
    return defects(C69, "decisions", wrong, column="decision_id", value=value, who=who, problem=problem, hint=hint)


def _marked(rows: pl.DataFrame, named: pl.DataFrame) -> pl.Series:
    """Boolean per row: whether the post is among those its decision names."""
    found = rows.select("decision_id", "post").join(
        named.select("decision_id", "post", marked=pl.lit(True)).unique(),
        on=["decision_id", "post"],
        how="left",
        maintain_order="left",
    )
    return found["marked"].fill_null(False)
