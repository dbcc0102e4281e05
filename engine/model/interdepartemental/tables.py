"""The tables of a run in two phases: what gave each what he has, which quota refused a wish, who exchanged."""

from __future__ import annotations

import polars as pl

from engine.model.campaign import Campaign
from engine.model.interdepartemental.rings import rings_of

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
    """Who took whose place (`engine.model.chains.chains_of`): rings of exchanges for the permutations.

    Who moved by mutation took one of the places offered: nobody left it to him.
    """
    exchanged = outcomes.filter(pl.col("phase") == PERMUTATION).sort("candidate_id")
    index = campaign.posts.select("post_id").with_row_index("post")
    start, goal = (
        exchanged.select(post_id=column).join(index, on="post_id", how="left", maintain_order="left")["post"]
        for column in ("before_post_id", "post_id")
    )
    rings = rings_of(start.cast(pl.Int64).to_numpy(), goal.cast(pl.Int64).to_numpy())
    moves = [move for ring in rings for move in ring]
    told = pl.DataFrame(
        {
            "chain_id": [number for number, ring in enumerate(rings, start=1) for _ in ring],
            "position": [place for ring in rings for place, _ in enumerate(ring, start=1)],
            "before": [ring[place - 1] for ring in rings for place, _ in enumerate(ring)],
        },
        schema={"chain_id": pl.Int64, "position": pl.Int64, "before": pl.Int64},
    )
    names = exchanged["candidate_id"]
    movers = exchanged.select("candidate_id", "post_id")[moves]
    freed_by = names.gather(told["before"]).alias("freed_by")
    exchanges = told.select("chain_id", "position").hstack(movers).with_columns(freed_by, ring=pl.lit(True))
    return pl.concat([exchanges, _alone(outcomes, len(rings))])


def _alone(outcomes: pl.DataFrame, others: int) -> pl.DataFrame:
    """A chain of one for everybody who moved by mutation, numbered behind the others."""
    movers = outcomes.filter(pl.col("phase") == MUTATION).sort("candidate_id").select("candidate_id", "post_id")
    return movers.with_row_index("number", offset=1).select(
        chain_id=pl.col("number").cast(pl.Int64) + others,
        position=pl.lit(1, pl.Int64),
        candidate_id="candidate_id",
        post_id="post_id",
        freed_by=pl.lit(None, pl.String),
        ring=pl.lit(False),
    )
