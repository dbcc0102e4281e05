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

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.model.campaign import Campaign
from engine.model.market import Ints
from engine.model.priorities import lots
from engine.simulation.seeds import Words, gumbel, uniforms

Flags = npt.NDArray[np.bool_]

ALIKE = ("kind", "school_type", "request")
OF_THE_FIRST_WISH = ("preferential_years", "renewal_years")
"""What earns points for asking the same first wish again: lost with that wish."""


@dataclass(frozen=True, eq=False)
class Lists:
    """The lists of wishes of a campaign, as far as no draw changes them; one row per wish, in the order of the table.

    Attributes
    ----------
    owner : Int32 series, the number of the list: linked candidates, whose lists are the same, share one
    key : uint64[k], hash of the name of the list
    rank : int64[k]
    run : int64[k], the number of the run each wish is in, the wishes of which may change places; ascending
    """

    owner: pl.Series
    key: Words
    rank: Ints
    run: Ints


def lists_of(campaign: Campaign, movable: Flags) -> Lists:
    """The lists of a campaign.

    Parameters
    ----------
    movable : bool[k], which rows of `campaign.wishes` may change places
    """
    members = campaign.links.select("candidate_id", "link_id").unique("candidate_id", maintain_order=True)
    people = campaign.candidates.select("candidate_id").join(
        members, on="candidate_id", how="left", maintain_order="left"
    )
    named = pl.coalesce(pl.format("link {}", "link_id"), pl.format("candidate {}", "candidate_id"))
    people = people.with_columns(pl.Series("key", lots(people.select(named).to_series(), 0)), owner=named.rank("dense"))
    wishes = campaign.wishes
    rows = wishes.select("candidate_id").join(people, on="candidate_id", how="left", maintain_order="left")
    return Lists(
        rows["owner"].cast(pl.Int32), rows["key"].to_numpy(), wishes["rank"].to_numpy(), _runs(wishes, movable)
    )


def redrawn_ranks(lists: Lists, seed: int, scale: float) -> Ints:
    """int64[k]: the new rank of every wish. Linked candidates draw the same numbers."""
    rank = lists.rank
    spaced = np.append(0.0, np.cumsum(1.0 / np.arange(1, max(2, int(rank.max(initial=1)) + 1))))
    utility = scale * gumbel(uniforms(lists.key, seed, rank)) - spaced[rank - 1]
    redrawn = np.empty(len(rank), dtype=np.int64)
    best_first = np.lexsort((rank, -utility, lists.run))
    redrawn[best_first] = rank  # rows lie by run and rank: the best of a run takes its first place
    return redrawn


def reordered(campaign: Campaign, order: Ints) -> Campaign:
    """The campaign with its wishes in another order; points for asking the same first wish again go with that wish.

    Parameters
    ----------
    order : int64[k], the row of `campaign.wishes` that comes in each place of the table
    """
    rank = campaign.wishes["rank"]
    wishes = campaign.wishes[order].with_columns(rank)
    first = rank == 1
    others = pl.Series(order != np.arange(len(order)))
    lost = pl.col("candidate_id").is_in(wishes.filter(first & others)["candidate_id"].implode())
    candidates = campaign.candidates.with_columns(
        pl.when(lost).then(0).otherwise(column).alias(column) for column in OF_THE_FIRST_WISH
    )
    return campaign.with_tables(wishes=wishes, candidates=candidates)


def _runs(wishes: pl.DataFrame, movable: Flags) -> Ints:
    """int64[k]: the number of the run each wish is in: neighbours of one candidate that are alike and may move."""
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in ("candidate_id", *ALIKE))
    both = pl.Series(movable) & pl.Series(np.append(False, movable[:-1]) if len(movable) else movable)
    return wishes.select((~(same & both)).cum_sum().cast(pl.Int64)).to_series().to_numpy()
