"""Figures of an intra outcome that were published or aimed at, measured on the tables of a run."""

from __future__ import annotations

import polars as pl


def measure(campaign: dict[str, pl.DataFrame], outcomes: pl.DataFrame, chains: pl.DataFrame) -> dict[str, float]:
    """The figures named in `scenarios.intra.profile.IntraOutcome`, as shares between 0 and 1.

    Parameters
    ----------
    campaign : the tables places, posts and candidates
    outcomes : candidate_id, status, rank, place_id
    chains : freed_by, one row per candidate who moved
    """
    places = campaign["places"].select("place_id", "kind")
    held = campaign["posts"].join(places, on="place_id").select(held_post="post_id", held_kind="kind")
    everyone = (
        campaign["candidates"]
        .join(outcomes.select("candidate_id", "status", "rank", "place_id"), on="candidate_id")
        .join(held, on="held_post", how="left")
        .join(places, on="place_id", how="left")
    )
    share = chains["freed_by"].is_not_null().mean()
    return {"chains": share if isinstance(share, float) else 0.0, **_mandatory(everyone), **_holders(everyone)}


def _mandatory(everyone: pl.DataFrame) -> dict[str, float]:
    """Figures of those who must be given a post; the designated victims of closures hold one and are not among them."""
    extended, rank = pl.col("status") == "extended", pl.col("rank")
    figures = everyone.filter(pl.col("mandatory") & pl.col("held_post").is_null()).select(
        entrants_on_replacement=(pl.col("kind") == "ZR").fill_null(False).mean(),
        entrants_extended=extended.mean(),
        entrants_on_wish_1_or_2=(rank <= 2).fill_null(False).mean(),
        entrants_beyond_wish_10=((rank > 10).fill_null(False) | extended).mean(),
    )
    return figures.row(0, named=True)


def _holders(everyone: pl.DataFrame) -> dict[str, float]:
    stays = pl.col("status") == "kept"
    figures = everyone.select(
        holders_of_schools_who_stay=stays.filter(pl.col("held_kind") == "ETB").mean(),
        replacement_who_stay_on_replacement=(stays | (pl.col("kind") == "ZR"))
        .filter(pl.col("held_kind") == "ZR")
        .mean(),
    )
    return figures.row(0, named=True)
