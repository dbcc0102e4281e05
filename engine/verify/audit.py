"""What the properties look at: the campaign, and a result as tables, joined once. Nothing here comes from a solver.

The contracts of every candidate are laid out anew from the scored wishes and the extension table, and their strict
order
is computed anew from class, points, tie-breaks and lots.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from engine.extension.contracts import extension_contracts
from engine.model.campaign import Campaign
from engine.model.priorities import ContractClass, lots, with_priority
from engine.model.scoring import Scored
from engine.model.zones import ZONE, zone_posts

RESULT_COLUMNS = ("status", "rank", "kind", "code", "place_id", "post_id", "phase", "reason")
BEHIND_WISHES = 1_000_000


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
    result : the result
    outcomes : its outcome table, completed, with discipline, held_post, mandatory and whether the request was admitted
    contracts : every contract a candidate may hold, in his order of preference: candidate_id, discipline, phase (main,
        extension, stay), order (smaller is preferred), rank, position, kind, code, school_type, points, post_id,
        strength (larger is stronger)
    inadmissible : wishes that were set aside, with their reason
    held : contracts in force: one row per candidate who holds one
    posts : post_id, place_id, discipline, offered (vacant seats), closing (seats to be closed), holders (who take
        part),
        total (seats in all)
    """

    campaign: Campaign
    scored: Scored
    result: Result
    outcomes: pl.DataFrame
    contracts: pl.DataFrame
    inadmissible: pl.DataFrame
    held: pl.DataFrame
    posts: pl.DataFrame


def audit(campaign: Campaign, scored: Scored, result: Result) -> Audit:
    """Joins a result with the campaign it is said to be a result of."""
    contracts, inadmissible = _contracts(campaign, scored, result.extension)
    outcomes = _completed(campaign, scored, result.outcomes, contracts)
    on_wish = outcomes.filter(pl.col("status") == "assigned").select("candidate_id", "rank", "post_id")
    held = pl.concat(
        [
            contracts.filter(pl.col("phase") == "main").join(
                on_wish, on=["candidate_id", "rank", "post_id"], how="semi"
            ),
            _held(contracts, outcomes, "extended", "extension"),
            _held(contracts, outcomes, "kept", "stay"),
        ]
    ).sort("candidate_id")
    return Audit(campaign, scored, result, outcomes, contracts, inadmissible, held, _posts(campaign, outcomes))


def _contracts(campaign: Campaign, scored: Scored, extension: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    candidates = campaign.candidates.select("candidate_id", "discipline", "held_post")
    admitted = candidates.join(scored.requests.filter("admissible"), on="candidate_id", how="semi")
    wishes = scored.wishes.join(candidates, on="candidate_id")
    own = wishes.filter("admissible").join(admitted, on="candidate_id", how="semi")
    parts = [own.with_columns(phase=pl.lit("main"), order=pl.col("rank"), **{"class": _class(ContractClass.WISH)})]
    if extension != "none":
        added = extension_contracts(campaign, scored).join(admitted, on="candidate_id")
        order = BEHIND_WISHES + pl.col("position").cast(pl.Int64)
        parts.append(
            added.with_columns(phase=pl.lit("extension"), order=order, **{"class": _class(ContractClass.WISH)})
        )
    stays = admitted.drop_nulls("held_post").with_columns(
        kind=pl.lit("POST"), code=pl.col("held_post"), phase=pl.lit("stay")
    )
    parts.append(stays.with_columns(order=pl.lit(2 * BEHIND_WISHES, pl.Int64), **{"class": _class(ContractClass.STAY)}))
    laid_out = pl.concat(parts, how="diagonal")
    covered = zone_posts(campaign, laid_out.select(ZONE).unique())
    on_posts = laid_out.join(covered, on=ZONE, how="inner", nulls_equal=True)
    nowhere = own.join(covered, on=ZONE, how="anti", nulls_equal=True).with_columns(reason=pl.lit("zone_without_posts"))
    set_aside = pl.concat([wishes.filter(~pl.col("admissible")), nowhere], how="diagonal")
    return _strengths(on_posts, campaign), set_aside.select(
        "candidate_id", "discipline", "rank", "kind", "code", "reason"
    )


def _class(value: ContractClass) -> pl.Expr:
    return pl.lit(int(value), pl.Int8)


def _strengths(contracts: pl.DataFrame, campaign: Campaign) -> pl.DataFrame:
    ids = campaign.candidates["candidate_id"]
    drawn = pl.DataFrame({"candidate_id": ids, "lot": lots(ids, campaign.settings.seed)})
    columns = ["points", *[column for column in contracts.columns if column.startswith("tie_")]]
    whole = contracts.join(drawn, on="candidate_id").with_columns([pl.col(column).fill_null(0) for column in columns])
    ranked = (
        with_priority(whole.with_columns(rank="order")).with_columns(rank=whole["rank"])
        if "rank" in whole.columns
        else whole
    )
    position = pl.col("position").cast(pl.Int64) if "position" in ranked.columns else pl.lit(None, pl.Int64)
    return ranked.select(
        "candidate_id", "discipline", "phase", "order", "rank", position.alias("position"), "kind", "code",
        "school_type",
        "points", "post_id", strength="priority",
    ).sort("candidate_id", "order")  # fmt: skip


def _completed(campaign: Campaign, scored: Scored, outcomes: pl.DataFrame, contracts: pl.DataFrame) -> pl.DataFrame:
    """The outcome table with what it may leave out: status, rank, kind, code, place, read off the post."""
    facts = campaign.candidates.select("candidate_id", "discipline", "held_post", "mandatory").join(
        scored.requests.select("candidate_id", admitted="admissible"), on="candidate_id"
    )
    places = campaign.posts.select("post_id", at="place_id")
    rows = outcomes.join(facts, on="candidate_id", how="left").join(places, on="post_id", how="left")
    by_post = contracts.sort("candidate_id", "order").unique(
        ["candidate_id", "post_id"], keep="first", maintain_order=True
    )
    derived = by_post.select(
        "candidate_id",
        "post_id",
        derived_rank="rank",
        derived_kind="kind",
        derived_code="code",
        derived_status=pl.col("phase").replace_strict({"main": "assigned", "extension": "extended", "stay": "kept"}),
    )
    rows = rows.join(derived, on=["candidate_id", "post_id"], how="left")
    nothing = pl.when(~pl.col("admitted")).then(pl.lit("excluded")).otherwise(pl.lit("unassigned"))
    defaults = {
        "status": pl.coalesce("derived_status", nothing),
        "rank": pl.col("derived_rank"),
        "kind": pl.col("derived_kind"),
        "code": pl.col("derived_code"),
        "place_id": pl.col("at"),
    }
    absent = {name: default for name, default in defaults.items() if name not in outcomes.columns}
    return rows.with_columns(**absent).drop("^derived_.*$", "at")


def _held(contracts: pl.DataFrame, outcomes: pl.DataFrame, status: str, phase: str) -> pl.DataFrame:
    named = outcomes.filter(pl.col("status") == status).select("candidate_id", "post_id")
    return contracts.filter(pl.col("phase") == phase).join(named, on=["candidate_id", "post_id"], how="semi")


def _posts(campaign: Campaign, outcomes: pl.DataFrame) -> pl.DataFrame:
    taking_part = outcomes.filter(pl.col("admitted") & pl.col("held_post").is_not_null())
    holders = taking_part.unique("candidate_id").group_by(post_id="held_post").agg(holders=pl.len().cast(pl.Int64))
    posts = campaign.posts.join(holders, on="post_id", how="left").with_columns(pl.col("holders").fill_null(0))
    return posts.select(
        "post_id",
        "place_id",
        "discipline",
        "holders",
        offered=pl.col("seats").clip(lower_bound=0),
        closing=(-pl.col("seats")).clip(lower_bound=0),
        total=pl.col("seats").clip(lower_bound=0) + pl.col("holders"),
    ).sort("post_id")
