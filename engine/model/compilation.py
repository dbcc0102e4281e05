"""From the contracts of a campaign to the arrays of a Market, and from a Matching back to contracts granted."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.model.campaign import Campaign
from engine.model.contracts import Contracts
from engine.model.market import Ints, Market, Matching, ShortInts


def compile_market(campaign: Campaign, contracts: Contracts, rows: pl.DataFrame) -> Market:
    """The market of a campaign: its candidates in the order of their table, then the phantoms; posts as in theirs.

    Parameters
    ----------
    rows : those of `contracts.rows` that take part, in their order; they are the contracts of the market.
    """
    return _market(campaign.candidates.height + contracts.num_phantoms, rows, contracts, seats_of(campaign, rows))


def compile_residual(campaign: Campaign, contracts: Contracts, rows: pl.DataFrame, granted: pl.DataFrame) -> Market:
    """The market of the extension that follows a run: who is left over, on the seats still free.

    Parameters
    ----------
    rows : added wishes among `contracts.rows` of those left over, in their order
    granted : what the run granted (`granted_contracts`), closed seats included
    """
    used = np.bincount(granted["post"].to_numpy(), minlength=campaign.posts.height)
    free = seats_of(campaign, contracts.rows) - used
    return _market(campaign.candidates.height, rows, contracts, free.astype(np.int32))


def granted_contracts(rows: pl.DataFrame, matching: Matching) -> pl.DataFrame:
    """The contracts held, phantoms included: the columns of `Contracts.rows`, and the post (row of campaign.posts)."""
    holds = np.flatnonzero(matching.contract >= 0)
    held = rows[matching.contract[holds]]
    return held.with_columns(pl.Series("post", matching.post[holds], pl.UInt32))


def seats_of(campaign: Campaign, rows: pl.DataFrame) -> ShortInts:
    """int32[m]: seats of each post, those offered and those of the holders whose stay is among the contracts."""
    offered = campaign.posts["seats"].clip(lower_bound=0).to_numpy()
    index = campaign.posts.select(code="post_id").with_row_index("post")
    held = rows.filter(pl.col("phase") == "stay").select("code").join(index, on="code")["post"].to_numpy()
    return (offered + np.bincount(held, minlength=campaign.posts.height)).astype(np.int32)


def _market(num_candidates: int, rows: pl.DataFrame, contracts: Contracts, seats: ShortInts) -> Market:
    """The market of some contracts; of a link all members have some of these, or none has any."""
    owner = rows["candidate"].to_numpy()
    counts: Ints = np.bincount(owner, minlength=num_candidates)
    stay = np.full(num_candidates, -1, dtype=np.int64)
    stays = np.flatnonzero((rows["phase"] == "stay").to_numpy())
    stay[owner[stays]] = stays
    return Market(
        wish_ptr=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        wish_zone=rows["zone"].to_numpy().astype(np.int32),
        wish_priority=rows["priority"].to_numpy().astype(np.int64),
        zone_ptr=contracts.zones.ptr,
        zone_post=contracts.zones.post,
        seats=seats,
        stay=stay,
        link=np.where(counts > 0, contracts.link[:num_candidates], -1).astype(np.int32),
    )
