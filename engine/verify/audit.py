"""What the properties look at: the campaign, and a result as tables, joined once. Nothing here comes from a solver.

What each candidate may hold is laid out anew from the scored wishes and the extension table, with its strict order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from engine.extension.contracts import extension_contracts
from engine.model.campaign import Campaign
from engine.model.contracts import Contracts, contracts_of
from engine.model.scoring import Scored

RESULT_COLUMNS = ("status", "rank", "kind", "code", "place_id", "post_id", "phase", "reason")
STATUS_OF_PHASE = {"main": "assigned", "extension": "extended", "stay": "kept"}


@dataclass(frozen=True, eq=False)
class Result:
    """A result to be audited, ours or another's: its tables, and digests of what it says it was made from.

    Attributes
    ----------
    outcomes : candidate_id and post_id at least; the other columns of DESIGN 9 are derived where they are absent
    cutoffs : the published cutoffs, or None
    extension : none, integrated or residual
    replays : digests of outcome tables computed again in other ways (rows in another order ...), by name
    digest : digest of the outcome tables, or "" where there is none to compare with
    """

    outcomes: pl.DataFrame
    cutoffs: pl.DataFrame | None = None
    extension: str = "integrated"
    replays: Mapping[str, str] | None = None
    digest: str = ""


@dataclass(frozen=True, eq=False)
class Audit:
    """Facts joined for the properties.

    Attributes
    ----------
    campaign, scored, result : what is audited
    contracts : what every candidate may hold (`engine.model.contracts`)
    outcomes : the outcome table, completed; with candidate and post (rows of the campaign's tables, null if unknown),
        discipline, held_post, mandatory, and admitted: whether the request was
    held : the contracts in force, with their post: one row per candidate who holds one inside its zone
    posts : post, post_id, place_id, discipline, offered (vacant seats), closing (seats to be closed), holders (who
        take part), total (seats in all)
    """

    campaign: Campaign
    scored: Scored
    result: Result
    contracts: Contracts
    outcomes: pl.DataFrame
    held: pl.DataFrame
    posts: pl.DataFrame

    def of_phase(self, *phases: str) -> pl.DataFrame:
        """The contracts of some phases, with candidate_id and discipline."""
        rows = self.contracts.rows.filter(pl.col("phase").is_in(list(phases)))
        return rows.join(self.people(), on="candidate", maintain_order="left")

    def people(self) -> pl.DataFrame:
        """candidate, candidate_id, discipline of everybody."""
        return self.campaign.candidates.select("candidate_id", "discipline").with_row_index("candidate")


def audit(campaign: Campaign, scored: Scored, result: Result) -> Audit:
    """Joins a result with the campaign it is said to be a result of."""
    added = extension_contracts(campaign, scored)
    contracts = contracts_of(campaign, scored, added.clear() if result.extension == "none" else added)
    outcomes = _completed(_identified(campaign, scored, result.outcomes), campaign, contracts)
    return Audit(campaign, scored, result, contracts, outcomes, _held(contracts, outcomes), _posts(campaign, outcomes))


def _identified(campaign: Campaign, scored: Scored, outcomes: pl.DataFrame) -> pl.DataFrame:
    facts = campaign.candidates.select("candidate_id", "discipline", "held_post", "mandatory").with_row_index(
        "candidate"
    )
    facts = facts.join(scored.requests.select("candidate_id", admitted="admissible"), on="candidate_id")
    posts = campaign.posts.select("post_id").with_row_index("post")
    return outcomes.join(facts, on="candidate_id", how="left").join(posts, on="post_id", how="left")


def _completed(rows: pl.DataFrame, campaign: Campaign, contracts: Contracts) -> pl.DataFrame:
    """The outcome table with what it may leave out: status, rank, kind, code, place, read off the post."""
    absent = [name for name in ("status", "rank", "kind", "code", "place_id") if name not in rows.columns]
    if not absent:
        return rows
    best = _best_contract_of_post(rows, contracts)
    places = campaign.posts.select("place_id").with_row_index("post")
    known = rows.drop("status", "rank", "kind", "code", "place_id", strict=False)
    derived = known.join(best, on=["candidate", "post"], how="left").join(places, on="post", how="left")
    nothing = pl.when(~pl.col("admitted")).then(pl.lit("excluded")).otherwise(pl.lit("unassigned"))
    derived = derived.with_columns(status=pl.coalesce("status", nothing))
    return rows.hstack(rows.select("candidate_id", "post_id").join(
        derived.unique(["candidate_id", "post_id"]), on=["candidate_id", "post_id"], how="left", nulls_equal=True,
        maintain_order="left").select(absent))  # fmt: skip


def _best_contract_of_post(rows: pl.DataFrame, contracts: Contracts) -> pl.DataFrame:
    """For each candidate and the post he has: the best contract by which he may sit there."""
    seated = rows.select("candidate", "post").drop_nulls().join(contracts.zones.members, on="post")
    best = seated.join(contracts.rows, on=["candidate", "zone"]).sort("candidate", "order")
    status = pl.col("phase").cast(pl.String).replace_strict(STATUS_OF_PHASE, return_dtype=pl.String)
    first = best.unique(["candidate", "post"], keep="first", maintain_order=True)
    return first.select("candidate", "post", "rank", "kind", "code", status=status)


def _held(contracts: Contracts, outcomes: pl.DataFrame) -> pl.DataFrame:
    """Contracts in force: the wish of the rank granted, the added wish of the zone granted, the stay."""
    seated = outcomes.select("candidate", "status", pl.col("rank").cast(pl.Int64), "kind", "code", "post")
    seated = seated.drop_nulls(["candidate", "post"]).unique("candidate", maintain_order=True)
    by_rank = seated.filter(pl.col("status") == "assigned").select("candidate", "rank", "post")
    by_zone = seated.filter(pl.col("status") == "extended").select("candidate", "kind", "code", "post")
    stays = seated.filter(pl.col("status") == "kept").select("candidate", "post")
    rows, phase = contracts.rows, pl.col("phase")
    held = pl.concat(
        [
            rows.filter(phase == "main").join(by_rank, on=["candidate", "rank"]),
            rows.filter(phase == "extension").join(by_zone, on=["candidate", "kind", "code"]),
            rows.filter(phase == "stay").join(stays, on="candidate"),
        ]
    )
    inside = held.join(contracts.zones.members, on=["zone", "post"], how="semi")
    return inside.sort("candidate", "order").unique("candidate", keep="first", maintain_order=True)


def _posts(campaign: Campaign, outcomes: pl.DataFrame) -> pl.DataFrame:
    taking_part = outcomes.filter(pl.col("admitted") & pl.col("held_post").is_not_null())
    holders = taking_part.unique("candidate_id").group_by(post_id="held_post").agg(holders=pl.len().cast(pl.Int64))
    posts = campaign.posts.with_row_index("post").join(holders, on="post_id", how="left")
    offered, holding = pl.col("seats").clip(lower_bound=0), pl.col("holders").fill_null(0)
    return posts.select(
        "post",
        "post_id",
        "place_id",
        "discipline",
        holders=holding,
        offered=offered,
        closing=(-pl.col("seats")).clip(lower_bound=0),
        total=offered + holding,
    ).sort("post")
