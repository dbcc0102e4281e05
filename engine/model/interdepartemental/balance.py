"""What each département let in and let go, phase by phase, with the two cutoffs: the table `departments`."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.model.campaign import Campaign
from engine.model.contracts import Contracts
from engine.model.interdepartemental.mutations import (
    Mutations,
    homes,
    moved_by_mutation,
    moved_by_permutation,
)
from engine.model.market import Ints


def department_table(
    campaign: Campaign, contracts: Contracts, mutations: Mutations, main: pl.DataFrame, final: pl.DataFrame
) -> pl.DataFrame:
    """One row per post, sorted by its département.

    Parameters
    ----------
    main, final : contracts granted by the mutations, and after the permutations (`granted_contracts`)
    """
    posts, m = campaign.posts, campaign.posts.height
    first, later = moved_by_mutation(campaign, main), moved_by_permutation(main, final)
    counts = {
        **_asked(campaign, contracts),
        "entered_mutations": first.entering(m),
        "left_mutations": first.leaving(m),
        "entered_permutations": later.entering(m),
        "left_permutations": later.leaving(m),
    }
    quotas = posts.select(
        "discipline",
        "post_id",
        department="place_id",
        balance=pl.col("seats") if not mutations.has_quotas else pl.lit(None, pl.Int64),
        entry_quota=pl.col("seats") if mutations.has_quotas else pl.lit(None, pl.Int64),
        exit_quota=pl.col("exit_quota") if mutations.has_quotas else pl.lit(None, pl.Int64),
    )
    rows = quotas.with_columns(pl.Series(name, values, pl.Int64) for name, values in counts.items())
    rows = rows.hstack(_last(campaign, contracts, mutations, mutations.entry, "entry"))
    rows = rows.hstack(_last(campaign, contracts, mutations, mutations.exit, "exit"))
    return rows.select(COLUMNS).sort("discipline", "department")


COLUMNS = (
    *("discipline", "department", "post_id", "balance", "entry_quota", "exit_quota", "asking_in", "asking_out"),
    *("entered_mutations", "left_mutations", "entered_permutations", "left_permutations"),
    *("entry_cutoff_points", "entry_turn_points", "entry_last_candidate_id"),
    *("exit_cutoff_points", "exit_turn_points", "exit_last_candidate_id"),
)


def _asked(campaign: Campaign, contracts: Contracts) -> dict[str, Ints]:
    """How many ask for each post, and how many of its holders ask for another."""
    own = contracts.rows.filter(pl.col("phase") == "main")
    post = contracts.zones.post[contracts.zones.ptr[own["zone"].to_numpy()]]
    pairs = own.select("candidate", pl.Series("post", post)).unique()
    home = homes(campaign)[own["candidate"].unique().to_numpy()]
    m = campaign.posts.height
    return {
        "asking_in": np.bincount(pairs["post"].to_numpy(), minlength=m),
        "asking_out": np.bincount(home[home >= 0], minlength=m),
    }


def _last(campaign: Campaign, contracts: Contracts, mutations: Mutations, last: Ints, name: str) -> pl.DataFrame:
    """The points granted to the last who moved, those that decided on his turn, and who he is; null for nobody."""
    moved = pl.Series(np.where(last >= 0, last, -1)).replace(-1, None)
    lead = pl.Series(np.where(last >= 0, mutations.lead[last], -1)).replace(-1, None)
    points, who = contracts.rows["points"], contracts.rows["candidate"].gather(moved)
    return pl.DataFrame(
        {
            f"{name}_cutoff_points": points.gather(moved),
            f"{name}_turn_points": points.gather(lead),
            f"{name}_last_candidate_id": campaign.candidates["candidate_id"].gather(who),
        }
    )
