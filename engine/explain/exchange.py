"""The exchange by which improvement gave a candidate another wish or another post: who took whose seat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from engine.explain.naming import post_name
from engine.model.campaign import Campaign
from engine.model.chains import chains_of

SHOWN = 12
"""Moves of an exchange told one by one; of a longer one, those next to the candidate's."""


@dataclass(frozen=True)
class Move:
    """One move of an exchange: whether it is the candidate's own, the post left and the post taken."""

    own: bool
    start: str
    goal: str


@dataclass(frozen=True)
class Exchange:
    """What improvement changed for a candidate.

    Attributes
    ----------
    rank : of the wish he had before; None where he kept the post he holds
    before : the post he had before
    better : whether the wish he obtains is better; else he moved inside the zone of his wish to make room
    moves : the chain he took part in, each taking the seat that the one before left; one move alone takes a free seat
    num_moves : how many there were in all
    ring : whether the first takes the seat the last left; else it takes a free one
    """

    rank: int | None
    before: str
    better: bool
    moves: tuple[Move, ...]
    num_moves: int
    ring: bool


def exchange_of(campaign: Campaign, tables: Mapping[str, pl.DataFrame], candidate_id: str) -> Exchange | None:
    """The exchange a candidate took part in; None where improvement changed nothing for him.

    Where several leave one post and several enter it, who took whose seat is one of the ways to tell it
    (`engine.model.chains`).
    """
    own = tables["outcomes"].filter(pl.col("candidate_id") == candidate_id).row(0, named=True)
    if own["status"] != "assigned" or own["before_post_id"] is None:
        return None
    better = own["before_rank"] is None or own["rank"] < own["before_rank"]
    if not better and own["post_id"] == own["before_post_id"]:
        return None
    permuted = own["phase"] == "permutation"
    chain = _ring(tables, candidate_id) if permuted else _chain(campaign, tables, candidate_id)
    moves = tuple(
        Move(name == candidate_id, post_name(campaign, start), post_name(campaign, goal))
        for name, start, goal in _around(candidate_id, chain).iter_rows()
    )
    ring = bool(chain["ring"].any())
    before = post_name(campaign, own["before_post_id"])
    return Exchange(own["before_rank"], before, better, moves, chain.height, ring)


def _ring(tables: Mapping[str, pl.DataFrame], candidate_id: str) -> pl.DataFrame:
    """The moves of his ring of permutations in order: candidate_id, before_post_id, post_id, ring."""
    chains = tables["chains"]
    his = chains.filter(pl.col("candidate_id") == candidate_id)["chain_id"]
    rows = chains.filter(pl.col("chain_id").is_in(his.implode())).sort("position")
    had = tables["outcomes"].select("candidate_id", "before_post_id")
    return rows.join(had, on="candidate_id", maintain_order="left").select(
        "candidate_id", "before_post_id", "post_id", "ring"
    )


def _chain(campaign: Campaign, tables: Mapping[str, pl.DataFrame], candidate_id: str) -> pl.DataFrame:
    """The moves of his chain in order: candidate_id, before_post_id, post_id, ring."""
    people = campaign.candidates.select("candidate_id", "discipline")
    discipline = people.filter(pl.col("candidate_id") == candidate_id)["discipline"][0]
    together = people if campaign.requests.height else people.filter(pl.col("discipline") == discipline)
    peers = together.join(tables["outcomes"], on="candidate_id")  # requests lead from one discipline to another
    had = peers.filter(pl.col("before_post_id").is_not_null())
    moved = had.filter((pl.col("status") == "assigned") & (pl.col("before_post_id") != pl.col("post_id")))
    holders = campaign.candidates.join(had.select("candidate_id", "before_post_id"), on="candidate_id", how="left")
    before = replace(
        campaign,
        candidates=holders.with_columns(held_post="before_post_id").drop("before_post_id"),
        posts=_free_before(campaign, tables["cutoffs"], had),
    )
    chains = chains_of(before, moved).join(moved.select("candidate_id", "before_post_id"), on="candidate_id")
    his = chains.filter(pl.col("candidate_id") == candidate_id)["chain_id"]
    rows = chains.filter(pl.col("chain_id").is_in(his.implode())).sort("position")
    return rows.select("candidate_id", "before_post_id", "post_id", "ring")


def _free_before(campaign: Campaign, cutoffs: pl.DataFrame, had: pl.DataFrame) -> pl.DataFrame:
    """The posts with the seats that were free before improvement."""
    taken = had.group_by(post_id="before_post_id").agg(taken=pl.len().cast(pl.Int64))
    seats = cutoffs.drop_nulls("post_id").select("post_id", in_all=pl.col("seats") - pl.col("closed"))
    rows = campaign.posts.join(seats, on="post_id", how="left").join(taken, on="post_id", how="left")
    free = pl.col("in_all").fill_null(0) - pl.col("taken").fill_null(0)
    return rows.with_columns(seats=free.clip(lower_bound=0)).drop("in_all", "taken")


def _around(candidate_id: str, chain: pl.DataFrame) -> pl.DataFrame:
    """At most `SHOWN` moves of a chain, his own among them."""
    at = chain["candidate_id"].index_of(candidate_id) or 0
    start = max(0, min(at - SHOWN // 2, chain.height - SHOWN))
    return chain.slice(start, SHOWN).select("candidate_id", "before_post_id", "post_id")
