"""From the rows of an outcome table to contracts: what each is said to have been granted."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.model.campaign import Campaign
from engine.model.contracts import Contracts
from engine.model.market import Ints
from engine.verify.lists import EXTENSION, MAIN, NOTHING, STAY, Lists, ranges

STATUS_OF_PHASE = {"main": "assigned", "extension": "extended", "stay": "kept"}
GRANT = ["candidate", "status", "rank", "kind", "code", "post"]
LATER = 1 << 23  # instead of a rank, for what comes after all own wishes


def in_result(outcomes: pl.DataFrame) -> pl.DataFrame:
    """What everybody has, one row each: the columns of `GRANT`; kind and code are those of the zone, or null."""
    rows = outcomes.select("candidate", "status", pl.col("rank").cast(pl.Int64), "kind", "code", "post")
    return rows.drop_nulls(["candidate", "post"]).unique("candidate", keep="first", maintain_order=True)


def before_improvement(outcomes: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """The same for what everybody had before the improvement; without the zone of an extension.

    Without a rank it is the post he holds, and he keeps it, or another, and extension gave it.
    """
    named = posts.select("post", before_post_id="post_id")
    rows = outcomes.drop("post").join(named, on="before_post_id").drop_nulls("candidate").filter("admitted")
    stays = pl.col("before_post_id") == pl.col("held_post")
    status = (
        pl.when(pl.col("before_rank").is_not_null())
        .then(pl.lit("assigned"))
        .when(stays.fill_null(False))
        .then(pl.lit("kept"))
        .otherwise(pl.lit("extended"))
    )
    told = rows.select(
        "candidate",
        status.alias("status"),
        pl.col("before_rank").cast(pl.Int64).alias("rank"),
        pl.lit(None, pl.String).alias("kind"),
        pl.lit(None, pl.String).alias("code"),
        "post",
    )
    return told.unique("candidate", keep="first", maintain_order=True)


def granted(lists: Lists, rows: pl.DataFrame, grants: pl.DataFrame) -> tuple[Ints, Ints]:
    """The contract and the post behind each grant: the wish of the rank, the added wish of the zone, the stay.

    Parameters
    ----------
    rows : of `Contracts.rows`
    grants : the columns of `GRANT`

    Returns
    -------
    contract, post : int64[n], int64[n]
        Of every candidate of the campaign; `NOTHING` where the zone of no such contract has the post.
    """
    wanted = _named(lists, rows, grants)
    post = np.full(lists.num_people, NOTHING)
    post[grants["candidate"].to_numpy()] = grants["post"].to_numpy()
    inside = wanted[lists.covers(wanted, post[lists.candidate[wanted]])]
    contract = lists.first_of_each(inside)[: lists.num_people]
    return contract, np.where(contract >= 0, post, NOTHING)


def _named(lists: Lists, rows: pl.DataFrame, grants: pl.DataFrame) -> Ints:
    """Contracts that bear the name of a grant, ascending. A wish for an ordered list of zones is several."""
    own = grants.filter(pl.col("status") == "assigned").drop_nulls("rank")
    added = grants.filter(pl.col("status") == "extended")
    kept = grants.filter(pl.col("status") == "kept")
    named = [
        wishes_of_rank(lists, own["candidate"].to_numpy().astype(np.int64), own["rank"].to_numpy()),
        _added_wishes(lists, rows, added),
        _of_phase(lists, kept["candidate"].to_numpy(), STAY),
    ]
    return np.sort(np.concatenate(named))


def wishes_of_rank(lists: Lists, candidate: Ints, rank: Ints) -> Ints:
    """Contracts for the wishes of these candidates that have these ranks, in the order given."""
    keys = (lists.candidate << 24) | np.where(lists.phase == MAIN, lists.rank, LATER)
    wanted = (candidate << 24) | np.clip(rank, 0, LATER - 1)
    first, end = (np.searchsorted(keys, wanted, side=side) for side in ("left", "right"))
    return ranges(first, end - first)


def _added_wishes(lists: Lists, rows: pl.DataFrame, grants: pl.DataFrame) -> Ints:
    found = _of_phase(lists, grants["candidate"].to_numpy(), EXTENSION)
    names = rows[found].select("candidate", "kind", "code").with_columns(row=found)
    asked = grants.select(pl.col("candidate").cast(names.schema["candidate"]), kind_asked="kind", code_asked="code")
    alike = (pl.col("kind") == pl.col("kind_asked")) & (pl.col("code") == pl.col("code_asked"))
    return names.join(asked, on="candidate").filter(alike | pl.col("kind_asked").is_null())["row"].to_numpy()


def _of_phase(lists: Lists, candidates: Ints, phase: int) -> Ints:
    """Contracts of one phase of these candidates."""
    chosen = np.zeros(lists.num_candidates, dtype=np.bool_)
    chosen[candidates] = True
    return np.flatnonzero((lists.phase == phase) & chosen[lists.candidate])


def completed(rows: pl.DataFrame, campaign: Campaign, contracts: Contracts, lists: Lists) -> pl.DataFrame:
    """The outcome table with what it may leave out: status, rank, kind, code, place, read off the post."""
    absent = [name for name in ("status", "rank", "kind", "code", "place_id") if name not in rows.columns]
    if not absent:
        return rows
    places = campaign.posts.select("place_id").with_row_index("post")
    known = rows.drop("status", "rank", "kind", "code", "place_id", strict=False)
    derived = known.join(_best_contracts(rows, contracts, lists), on=["candidate", "post"], how="left")
    derived = derived.join(places, on="post", how="left")
    nothing = pl.when(~pl.col("admitted")).then(pl.lit("excluded")).otherwise(pl.lit("unassigned"))
    derived = derived.with_columns(status=pl.coalesce("status", nothing))
    return rows.hstack(rows.select("candidate_id", "post_id").join(
        derived.unique(["candidate_id", "post_id"]), on=["candidate_id", "post_id"], how="left", nulls_equal=True,
        maintain_order="left").select(absent))  # fmt: skip


def _best_contracts(rows: pl.DataFrame, contracts: Contracts, lists: Lists) -> pl.DataFrame:
    """For each candidate and the post he has: the best contract by which he may sit there, of the rank given if any."""
    rank = pl.col("rank").cast(pl.Int64) if "rank" in rows.columns else pl.lit(None, pl.Int64).alias("rank")
    seated = rows.select("candidate", "post", rank).drop_nulls(["candidate", "post"])
    seated = seated.unique("candidate", keep="first", maintain_order=True)
    post, given = np.full((2, lists.num_candidates), NOTHING)
    post[seated["candidate"].to_numpy()] = seated["post"].to_numpy()
    given[seated["candidate"].to_numpy()] = seated["rank"].fill_null(NOTHING).to_numpy()
    known = given[lists.candidate]
    sits = np.flatnonzero((post[lists.candidate] >= 0) & ((known == NOTHING) | (known == lists.rank)))
    best = lists.first_of_each(sits[lists.covers(sits, post[lists.candidate[sits]])])
    chosen = best[best >= 0]
    status = pl.col("phase").cast(pl.String).replace_strict(STATUS_OF_PHASE, return_dtype=pl.String)
    types = {name: rows.schema[name] for name in ("candidate", "post")}
    where = pl.Series("post", post[lists.candidate[chosen]])
    found = contracts.rows[chosen].select("candidate", "rank", "kind", "code", where, status=status)
    return found.cast(types)  # type: ignore[arg-type]
