"""Why a wish was refused that its points would have granted: another member of the link, or a claim that is left."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.model.campaign import Campaign
from engine.model.contracts import Contracts
from engine.model.entry import Entry

ANOTHER = "linked_member_refused"
NO_ROOM = "linked_not_together"
CLAIM = "claim_left"


def refusals_by_links(campaign: Campaign, contracts: Contracts, entry: Entry) -> pl.DataFrame:
    """Admissible wishes that beat the cutoff of their zone, with why links kept their candidates from what they beat.

    It counts for those that were refused only: a wish that was granted beats its cutoff too.

    Returns
    -------
    polars.DataFrame with columns candidate, rank, link_reason: ``linked_member_refused`` where another member does not
    enter, ``linked_not_together`` where all would, one by one, but are of one discipline, ``claim_left`` otherwise.
    Empty where nobody is linked.
    """
    own = contracts.rows.filter(pl.col("phase") == "main").select("candidate", "order", "rank", "zone", "priority")
    if not (contracts.link >= 0).any():
        return own.clear().select("candidate", "rank", link_reason=pl.lit(ANOTHER))
    cutoff = entry.zone_priority[own["zone"].to_numpy()]
    beaten = own.filter(pl.Series(own["priority"].to_numpy() > cutoff))
    link = contracts.link[beaten["candidate"].to_numpy()]
    size = np.append(np.bincount(contracts.link[contracts.link >= 0]), 1)  # the last for those who are not linked
    discipline = campaign.candidates["discipline"].gather(beaten["candidate"])
    rows = beaten.with_columns(discipline, pl.Series("link", link), pl.Series("members", size[link]))
    together = pl.len().over("link", "order") == pl.col("members")
    apart = pl.col("discipline").n_unique().over("link", "order") == pl.col("members")
    reason = (
        pl.when(pl.col("link") < 0)
        .then(pl.lit(CLAIM))
        .when(~together)
        .then(pl.lit(ANOTHER))
        .when(apart)
        .then(pl.lit(CLAIM))
        .otherwise(pl.lit(NO_ROOM))
    )
    found = rows.select("candidate", "rank", link_reason=reason)
    strength = pl.col("link_reason").replace_strict({CLAIM: 0, NO_ROOM: 1, ANOTHER: 2}, return_dtype=pl.Int8)
    return found.sort("candidate", "rank", strength).unique(["candidate", "rank"], keep="first", maintain_order=True)
