"""The tables of a run in two phases: what gave each what he has, which quota refused a wish, who exchanged."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from engine.model.campaign import Campaign
from engine.model.chains import chains_of

MUTATION, PERMUTATION = "mutation", "permutation"


def with_phases(outcomes: pl.DataFrame, *, permuted: bool) -> pl.DataFrame:
    """The outcomes with the phase that gave each wish: the permutations where it is not the one of the mutations.

    Parameters
    ----------
    permuted : whether permutations followed the mutations
    """
    later = pl.col("before_rank").ne_missing(pl.col("rank")) & pl.lit(permuted)
    moved = pl.when(later).then(pl.lit(PERMUTATION)).otherwise(pl.lit(MUTATION))
    return outcomes.with_columns(phase=pl.when(pl.col("status") == "assigned").then(moved).otherwise("phase"))


def refused_by_quota(campaign: Campaign, wishes: pl.DataFrame, refusals: pl.DataFrame) -> pl.DataFrame:
    """The wishes, those refused with the quota that stopped them and what their turn lacked.

    Parameters
    ----------
    refusals : `engine.model.interdepartemental.mutations.refusals`
    """
    names = campaign.candidates.select("candidate_id").with_row_index("candidate")
    told = refusals.with_columns(pl.col("candidate").cast(pl.UInt32)).join(names, on="candidate").drop("candidate")
    told = told.with_columns(pl.col("rank").cast(wishes.schema["rank"]))
    rows = wishes.join(told, on=["candidate_id", "rank"], how="left", maintain_order="left")
    refused = pl.col("result") == "refused"
    return rows.with_columns(
        missing_points=pl.when(refused).then("missing"), reason=pl.when(refused).then("refusal").otherwise("reason")
    ).select(wishes.columns)


def phase_chains(campaign: Campaign, outcomes: pl.DataFrame) -> pl.DataFrame:
    """Who took whose place: each who moved in the mutations took one of those offered, the others exchanged theirs."""
    moved = outcomes.filter(pl.col("phase") == PERMUTATION).select("candidate_id", "before_post_id")
    held = pl.coalesce(pl.col("before_post_id"), "held_post")
    people = campaign.candidates.join(moved, on="candidate_id", how="left", maintain_order="left")
    exchanging = replace(
        campaign, candidates=people.with_columns(held_post=held), posts=campaign.posts.with_columns(seats=pl.lit(0))
    )
    rings = chains_of(exchanging, outcomes.filter(pl.col("phase") == PERMUTATION))
    mutations = outcomes.filter(pl.col("phase") == MUTATION).sort("candidate_id").select("candidate_id", "post_id")
    last = rings["chain_id"].max() if rings.height else 0
    alone = mutations.with_row_index("chain_id", offset=1).select(
        pl.col("chain_id").cast(pl.Int64) + pl.lit(last, pl.Int64),
        pl.lit(1, pl.Int64).alias("position"),
        "candidate_id",
        "post_id",
        pl.lit(None, pl.String).alias("freed_by"),
        pl.lit(False).alias("ring"),
    )
    return pl.concat([rings, alone])
