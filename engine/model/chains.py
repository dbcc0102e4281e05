"""Who freed the seat that whom took: chains that start at a vacant seat, and closed rings of exchanges.

Inside a post any entrant may be said to sit on any seat that fell free; the table pairs them in one declared way:
vacant seats first, then freed ones in the order of the leavers, for entrants in the order of their names.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.model.campaign import Campaign


def chains_of(campaign: Campaign, outcomes: pl.DataFrame) -> pl.DataFrame:
    """The chains of a result.

    Parameters
    ----------
    outcomes : the outcome table

    Returns
    -------
    polars.DataFrame: chain_id (1..), position (1 = first to move), candidate_id, post_id taken, freed_by (candidate who
    left the seat; null = it was vacant), ring (whether the chain closes on itself).
    """
    held = campaign.candidates.select("candidate_id", "held_post")
    movers = (
        outcomes.filter(pl.col("status").is_in(["assigned", "extended"]))
        .join(held, on="candidate_id")
        .sort("candidate_id")
    )
    source = _sources(movers, _offered(campaign))
    chain, position, ring = _walk(source)
    index = pl.Series(source).replace(-1, None)
    freed_by = (
        movers["candidate_id"]
        .gather(index.fill_null(0))
        .zip_with(index.is_not_null(), pl.Series([None], dtype=pl.String))
        if movers.height
        else movers["candidate_id"]
    )
    return pl.DataFrame(
        {
            "chain_id": chain,
            "position": position,
            "candidate_id": movers["candidate_id"],
            "post_id": movers["post_id"],
            "freed_by": freed_by,
            "ring": ring,
        }
    ).sort("chain_id", "position")


def _offered(campaign: Campaign) -> pl.DataFrame:
    return campaign.posts.select(post="post_id", offered=pl.col("seats").clip(lower_bound=0))


def _sources(movers: pl.DataFrame, offered: pl.DataFrame) -> npt.NDArray[np.int64]:
    """int64[movers]: the mover who left the seat each mover takes, or -1 for a vacant seat."""
    numbered = movers.with_row_index("#mover").sort("#mover")
    place = pl.int_range(pl.len(), dtype=pl.Int64).over("post")
    entrants = numbered.select("#mover", post="post_id").join(offered, on="post", how="left", maintain_order="left")
    entrants = entrants.with_columns(order=place - pl.col("offered"))
    leavers = numbered.drop_nulls("held_post").select(leaver="#mover", post="held_post").with_columns(order=place)
    paired = entrants.join(leavers, on=["post", "order"], how="left").sort("#mover")
    return paired["leaver"].cast(pl.Int64).fill_null(-1).to_numpy()


def _walk(
    source: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Number and position of each mover in its chain, and whether the chain is a ring.

    Every mover has one source and is the source of one mover at most, so following sources from a vacant seat onwards
    meets everyone once; who is not met lies on a ring.
    """
    n = len(source)
    follower = np.full(n, -1, dtype=np.int64)
    taken = np.flatnonzero(source >= 0)
    follower[source[taken]] = taken
    chain = np.zeros(n, dtype=np.int64)
    position = np.zeros(n, dtype=np.int64)
    ring = np.zeros(n, dtype=np.bool_)
    count = 0
    for is_ring, starts in ((False, np.flatnonzero(source < 0)), (True, np.arange(n))):
        for start in starts:
            if chain[start]:
                continue
            count += 1
            mover, step = int(start), 1
            while mover >= 0 and not chain[mover]:
                chain[mover], position[mover], ring[mover] = count, step, is_ring
                mover, step = int(follower[mover]), step + 1
    return chain, position, ring
