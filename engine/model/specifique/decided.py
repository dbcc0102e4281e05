"""Decisions outside the barème where every post has an order of its own: the posts they open to who is pinned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from engine.model.specifique.selection import COLUMNS
from engine.model.zones import places_of_zones

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

KEY = ["candidate_id", "rank", "post_id"]


def posts_of_requests(campaign: Campaign, asked: pl.DataFrame) -> pl.DataFrame:
    """The posts of the type and discipline of the request that wishes cover, whatever was said of the candidate there.

    Parameters
    ----------
    asked : candidate_id, rank, kind, code: the rows come once for each post, with the column post (row of
        campaign.posts); a wish that belongs to no request covers none
    """
    requests = campaign.requests.select("candidate_id", "request", "type", wanted="discipline")
    named = campaign.wishes.select("candidate_id", "rank", "request")
    posts = campaign.posts.select("place_id", "type", wanted="discipline").with_row_index("post")
    rows = asked.join(named, on=["candidate_id", "rank"]).join(requests, on=["candidate_id", "request"])
    rows = rows.join(places_of_zones(campaign), on=["kind", "code"]).join(posts, on=["place_id", "type", "wanted"])
    return rows.drop("type", "wanted", "place_id", "request")


def opened(campaign: Campaign, selection: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """The selection where those pinned can be retained on the posts pinned, whatever was said of them.

    Parameters
    ----------
    posts : candidate_id, rank, post (row of campaign.posts): the posts that pins name, on the wish they stand on
    """
    names = campaign.posts.select("post_id", of_post="discipline").with_row_index("post")
    wanted = posts.join(names, on="post").select(*KEY, "of_post").unique(KEY)
    held = campaign.candidates.select("candidate_id", post_id="held_post").drop_nulls()
    wanted = wanted.join(held, on=["candidate_id", "post_id"], how="anti").with_columns(free=pl.lit(True))
    rows = selection.join(wanted, on=KEY, how="left", maintain_order="left")
    rows = rows.with_columns(reason=pl.when(pl.col("free").is_null()).then("reason")).select(selection.columns)
    last = selection.group_by(KEY[:2]).agg(last=pl.col("part").max())
    new = wanted.join(selection, on=KEY, how="anti").join(last, on=KEY[:2], how="left").sort(KEY)
    part = pl.col("last").fill_null(0) + pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(KEY[:2])
    added = new.select(*KEY, part=part, discipline="of_post", precedence=pl.lit(0), by_points=pl.lit(False))
    both = pl.concat([rows, added.cast({"precedence": selection.schema["precedence"]})], how="diagonal_relaxed")
    return both.select(COLUMNS).sort("candidate_id", "rank", "part")
