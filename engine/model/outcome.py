"""From contracts granted to the tables people read: outcomes, wishes with their result, cutoffs (DESIGN 9)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from engine.model.campaign import Campaign
from engine.model.chains import chains_of
from engine.model.contracts import Contracts
from engine.model.decisions import refused_for, told_of_pins
from engine.model.entry import Entry, cutoff_table, entry_of
from engine.model.interdepartemental.balance import department_table
from engine.model.interdepartemental.mutations import Mutations, entry_by_quota, refusals
from engine.model.interdepartemental.tables import phase_chains, refused_by_quota, with_phases
from engine.model.refusals import refusals_by_links
from engine.model.scoring import Scored
from engine.model.specifique.selections import selections

STATUS = {"main": "assigned", "extension": "extended", "stay": "kept"}


@dataclass(frozen=True, eq=False)
class Outcome:
    """The tables of a result; columns in ``docs/data-dictionary.md``; None for one that this campaign has not."""

    outcomes: pl.DataFrame
    wishes: pl.DataFrame
    cutoffs: pl.DataFrame
    chains: pl.DataFrame
    selections: pl.DataFrame | None = None
    departments: pl.DataFrame | None = None


def read_outcome(
    campaign: Campaign,
    scored: Scored,
    contracts: Contracts,
    main: pl.DataFrame,
    improved: pl.DataFrame | None,
    added: pl.DataFrame,
    mutations: Mutations | None = None,
) -> Outcome:
    """The tables of a run.

    Parameters
    ----------
    main : contracts granted by the mechanism (`granted_contracts`), phantoms included
    improved : the same after improvement; None where there is none
    added : contracts granted by the extension that follows (no rows where it is integrated)
    mutations : who moved last in the first phase of the interdépartemental; None in other movements
    """
    granted = pl.concat([main if improved is None else improved, added])
    people = granted.filter(pl.col("phase") != "closing")
    outcomes = _outcomes(campaign, scored, contracts, people).join(
        _before(campaign, main if improved is not None else main.clear()), on="candidate_id", how="left"
    )
    outcomes = told_of_pins(campaign, outcomes)
    entry = _entry(campaign, contracts, main, mutations)
    cutoffs = cutoff_table(campaign, contracts, entry, granted)
    wishes = _wishes(contracts, people, entry, refusals_by_links(campaign, contracts, entry))
    if mutations is None:
        chains, orders = chains_of(campaign, outcomes), selections(campaign, scored, contracts, people)
        return Outcome(outcomes.sort("candidate_id"), wishes, cutoffs, chains, selections=orders)
    if mutations.has_quotas:
        wishes = refused_by_quota(campaign, wishes, refusals(campaign, contracts, mutations, main))
    outcomes = with_phases(outcomes, permuted=improved is not None)
    departments = department_table(campaign, contracts, mutations, main, granted)
    return Outcome(outcomes.sort("candidate_id"), wishes, cutoffs, phase_chains(campaign, outcomes), None, departments)


def _entry(campaign: Campaign, contracts: Contracts, main: pl.DataFrame, mutations: Mutations | None) -> Entry:
    if mutations is not None and mutations.has_quotas:
        return entry_by_quota(campaign, contracts, mutations, main)
    return entry_of(campaign, contracts, main)


def _outcomes(campaign: Campaign, scored: Scored, contracts: Contracts, granted: pl.DataFrame) -> pl.DataFrame:
    admitted = scored.requests.select("candidate_id", request_admissible="admissible", request_reason="reason")
    everyone = campaign.candidates.select("candidate_id", "held_post").with_row_index("candidate")
    posts = campaign.posts.select("post_id", "place_id").with_row_index("post")
    active = contracts.wishes.filter("admissible").select("candidate").unique().with_columns(has_wishes=True)
    rows = (
        everyone.join(admitted, on="candidate_id")
        .join(granted.select("candidate", "phase", "rank", "kind", "code", "post"), on="candidate", how="left")
        .join(active, on="candidate", how="left")
        .join(posts.drop("place_id"), on="post", how="left")
        .with_columns(pl.col("phase").cast(pl.String), status=_status())
        .with_columns(post_id=pl.when(pl.col("status") == "excluded").then("held_post").otherwise("post_id"))
        .join(posts.drop("post"), on="post_id", how="left")
    )
    own, stays = pl.col("status") == "assigned", pl.col("status") == "kept"
    return rows.select(
        "candidate_id",
        "status",
        pl.when(own).then("rank").alias("rank"),
        pl.when(~stays).then("kind").alias("kind"),
        pl.when(~stays).then("code").alias("code"),
        "place_id",
        "post_id",
        "phase",
        _outcome_reason().alias("reason"),
    )


def _status() -> pl.Expr:
    by_phase = pl.col("phase").cast(pl.String).replace_strict(STATUS, default="unassigned", return_dtype=pl.String)
    return pl.when(~pl.col("request_admissible")).then(pl.lit("excluded")).otherwise(by_phase)


def _outcome_reason() -> pl.Expr:
    empty_handed = pl.col("status").is_in(["kept", "unassigned"])
    none_admissible = pl.col("has_wishes").is_null()
    return (
        pl.when(pl.col("status") == "excluded")
        .then("request_reason")
        .when(empty_handed & none_admissible)
        .then(pl.lit("no_admissible_wish"))
        .when(empty_handed)
        .then(pl.lit("every_wish_refused"))
    )


def _before(campaign: Campaign, main: pl.DataFrame) -> pl.DataFrame:
    """What each had before improvement: candidate_id, before_rank, before_post_id."""
    names = campaign.candidates.select("candidate_id").with_row_index("candidate")
    posts = campaign.posts.select(before_post_id="post_id").with_row_index("post")
    rows = main.select("candidate", "post", before_rank="rank").join(names, on="candidate").join(posts, on="post")
    return rows.select("candidate_id", "before_rank", "before_post_id")


def _wishes(contracts: Contracts, granted: pl.DataFrame, entry: Entry, by_links: pl.DataFrame) -> pl.DataFrame:
    """Every wish with its result, the cutoff it met and the points it lacked."""
    obtained = granted.filter(pl.col("phase") == "main").select("candidate", obtained="rank")
    met = entry.by_zone.rename({"precedence": "cutoff_precedence", "candidate": "weakest"}, strict=False)
    met = met.with_row_index("zone").with_columns(pl.col("zone").cast(pl.Int32))
    rows = contracts.wishes.join(met, on="zone", how="left").join(obtained, on="candidate", how="left")
    rows = rows.join(by_links, on=["candidate", "rank"], how="left")
    rows = rows.with_columns(cutoff_points=pl.when("admissible").then("cutoff_points"), result=_result())
    refused = pl.col("result") == "refused"
    short = pl.col("cutoff_points") - pl.col("points")
    outranked = _outranked(rows)
    missing = refused & (pl.col("cutoff_kind") == "wish") & ~outranked & pl.col("link_reason").is_null()
    return rows.select(
        "candidate_id",
        "rank",
        "kind",
        "code",
        "school_type",
        "points",
        "admissible",
        "cutoff_points",
        "result",
        pl.when(missing).then(short.clip(lower_bound=0)).alias("missing_points"),
        pl.when(refused)
        .then(_refusal(short, outranked, refused_for(pl.col("weakest"), contracts.wishes)))
        .otherwise("reason")
        .alias("reason"),
    ).sort("candidate_id", "rank")


def _outranked(rows: pl.DataFrame) -> pl.Expr:
    """Whether the weakest who entered comes before this wish whatever the points."""
    if not {"precedence", "cutoff_precedence"} <= set(rows.columns):
        return pl.lit(False)
    return (pl.col("cutoff_precedence") > pl.col("precedence")).fill_null(False)


def _result() -> pl.Expr:
    last = pl.col("obtained").fill_null(2**31)
    return (
        pl.when(~pl.col("admissible"))
        .then(pl.lit("inadmissible"))
        .when(pl.col("rank") < last)
        .then(pl.lit("refused"))
        .when(pl.col("rank") == last)
        .then(pl.lit("obtained"))
        .otherwise(pl.lit("not_reached"))
    )


def _refusal(short: pl.Expr, outranked: pl.Expr, waived: pl.Expr) -> pl.Expr:
    return (
        pl.when(pl.col("link_reason").is_not_null())
        .then("link_reason")
        .when(pl.col("cutoff_kind") == "stay")
        .then(pl.lit("nobody_left"))
        .when(pl.col("cutoff_kind") == "closing")
        .then(pl.lit("seats_closed"))
        .when(pl.col("cutoff_kind") == "no_seat")
        .then(pl.lit("no_seat"))
        .when(pl.col("cutoff_kind").is_null())
        .then(pl.lit("others_retained"))
        .when(outranked)
        .then(pl.lit("precedence_lost"))
        .when(short > 0)
        .then(pl.lit("points_short"))
        .when((short < 0) | (pl.col("cutoff_kind") == "free"))
        .then(waived)
        .otherwise(pl.lit("tie_lost"))
    )
