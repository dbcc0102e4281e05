"""Preferences drawn anew around those expressed: a rank-ordered logit on each candidate's own wishes.

A list of wishes is taken as the order of random utilities (Plackett-Luce; Beggs, Cardell and Hausman 1981). What is
known of them is their order alone, so wish r stands for its expected utility were all wishes worth the same: the gap
between wishes r and r+1 is 1/r, the mean spacing of the order statistics of Gumbel noise (Rényi 1953). Gumbel noise of
a given scale is added and the wishes ordered anew: at scale s the wishes r and r+1 change places with probability
1 / (1 + exp(1/(r s))), so that first wishes are firmer than last ones. That the scale is one half where none is asked
for is assumed; it is no figure of a text.

Wishes change places only with neighbours of the same kind, school type and request that are admissible: a precise wish
never falls behind the wide one that contains it, and a wish that was set aside stays where it was.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.model.campaign import Campaign
from engine.model.market import Ints
from engine.model.priorities import lots
from engine.simulation.seeds import gumbel, uniforms

Flags = npt.NDArray[np.bool_]

ALIKE = ("kind", "school_type", "request")
OF_THE_FIRST_WISH = ("preferential_years", "renewal_years")
"""What earns points for asking the same first wish again: lost with that wish."""


def redrawn_ranks(campaign: Campaign, movable: Flags, seed: int, scale: float) -> Ints:
    """int64[k]: the new rank of every wish.

    Linked candidates draw the same numbers, since their lists are the same.

    Parameters
    ----------
    movable : bool[k], which rows of `campaign.wishes` may change places
    """
    wishes = campaign.wishes
    rank = wishes["rank"].to_numpy()
    owner = owners(campaign)
    names = owner.unique().sort()
    keys = lots(names, seed).to_numpy()[owner.replace_strict(names, np.arange(len(names))).to_numpy()]
    spaced = np.append(0.0, np.cumsum(1.0 / np.arange(1, max(2, int(rank.max(initial=1)) + 1))))
    utility = scale * gumbel(uniforms(keys, rank)) - spaced[rank - 1]
    run = _runs(wishes, movable)
    redrawn = np.empty(len(rank), dtype=np.int64)
    redrawn[np.lexsort((rank, -utility, run))] = (
        rank  # rows lie by run and rank: the best of a run takes its first place
    )
    return redrawn


def owners(campaign: Campaign) -> pl.Series:
    """Whose list each wish is in: the candidate, or the link of which he is a member."""
    members = campaign.links.select("candidate_id", "link_id").unique("candidate_id", maintain_order=True)
    rows = campaign.wishes.select("candidate_id").join(members, on="candidate_id", how="left", maintain_order="left")
    linked, alone = pl.format("link {}", "link_id"), pl.format("candidate {}", "candidate_id")
    return rows.select(owner=pl.when(pl.col("link_id").is_null()).then(alone).otherwise(linked))["owner"]


def reordered(campaign: Campaign, ranks: Ints) -> Campaign:
    """The campaign with other ranks of its wishes; points for asking the same first wish again go with that wish."""
    was, wishes = campaign.wishes["rank"], campaign.wishes.with_columns(pl.Series("rank", ranks))
    changed = wishes.filter((pl.col("rank") == 1) & (was != 1))["candidate_id"].implode()
    lost = pl.col("candidate_id").is_in(changed)
    candidates = campaign.candidates.with_columns(
        pl.when(lost).then(0).otherwise(column).alias(column) for column in OF_THE_FIRST_WISH
    )
    return campaign.with_tables(wishes=wishes, candidates=candidates)


def _runs(wishes: pl.DataFrame, movable: Flags) -> Ints:
    """int64[k]: the number of the run each wish is in, the wishes of which may change places."""
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in ("candidate_id", *ALIKE))
    both = pl.Series(movable) & pl.Series(np.append(False, movable[:-1]) if len(movable) else movable)
    return wishes.select((~(same & both)).cum_sum().cast(pl.Int64)).to_series().to_numpy()
