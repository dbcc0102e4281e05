"""Who was considered for which post, in which order, and what became of it: the table `selections` of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from engine.model.campaign import Campaign
    from engine.model.contracts import Contracts
    from engine.model.scoring import Scored

COLUMNS = (
    "post_id",
    "position",
    "candidate_id",
    "rank",
    "request",
    "part",
    "opinion",
    "head_opinion",
    "order",
    "result",
    "reason",
)


def selections(campaign: Campaign, scored: Scored, contracts: Contracts, granted: pl.DataFrame) -> pl.DataFrame | None:
    """The order of the candidates on each post, each with his result there; None where posts have no orders.

    Parameters
    ----------
    granted : contracts of the people in the final outcome, with their posts

    Notes
    -----
    The position on a post counts the candidates who can be retained there, the strongest 1. The result is ``obtained``;
    ``refused`` where the candidate preferred the post to what he has; ``not_reached`` where he has something better; or
    ``inadmissible``, with the reason.
    """
    if scored.selection is None:
        return None
    posts = campaign.posts.select("post_id").with_row_index("post")
    names = campaign.candidates.select("candidate_id").with_row_index("candidate")
    zones = contracts.zones.members.join(posts, on="post").select("zone", "post_id")
    held = granted.select("candidate", held="order")
    standing = (
        contracts.rows.filter(pl.col("phase") == "main")
        .join(zones.with_columns(pl.col("zone").cast(pl.Int32)), on="zone")
        .join(names, on="candidate")
        .join(held, on="candidate", how="left")
        .with_columns(best=pl.col("priority").max().over("post_id", "candidate"), result=_result())
        .with_columns(position=pl.col("best").rank("dense", descending=True).over("post_id").cast(pl.Int64))
    )
    keys = ["candidate_id", "rank", "post_id"]
    rows = scored.selection.join(standing.select(*keys, "position", "result"), on=keys, how="left")
    told = rows.with_columns(result=pl.coalesce("result", pl.lit("inadmissible")))
    return told.select(COLUMNS).sort("post_id", "position", "candidate_id", "rank", nulls_last=True)


def _result() -> pl.Expr:
    better = (pl.col("order") < pl.col("held")).fill_null(True)
    return (
        pl.when(pl.col("order") == pl.col("held"))
        .then(pl.lit("obtained"))
        .when(better)
        .then(pl.lit("refused"))
        .otherwise(pl.lit("not_reached"))
    )
