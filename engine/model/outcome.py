"""From contracts granted to the tables people read: outcomes, wishes with their result, cutoffs (DESIGN 9)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from engine.model.campaign import Campaign
from engine.model.chains import chains_of
from engine.model.compilation import seats_of
from engine.model.contracts import Contracts
from engine.model.scoring import Scored

STATUS = {"main": "assigned", "extension": "extended", "stay": "kept"}


@dataclass(frozen=True, eq=False)
class Outcome:
    """The tables of a result; columns in ``docs/data-dictionary.md``."""

    outcomes: pl.DataFrame
    wishes: pl.DataFrame
    cutoffs: pl.DataFrame
    chains: pl.DataFrame


def read_outcome(
    campaign: Campaign, scored: Scored, contracts: Contracts, main: pl.DataFrame, added: pl.DataFrame
) -> Outcome:
    """The tables of a run.

    Parameters
    ----------
    main : contracts granted by the mechanism (`granted_contracts`), phantoms included
    added : contracts granted by the extension that follows it (no rows where it is integrated)
    """
    granted = pl.concat([main.filter(pl.col("phase") != "closing"), added])
    outcomes = _outcomes(campaign, scored, contracts, granted)
    cutoffs = _cutoffs(campaign, contracts, main, granted)
    wishes = _wishes(contracts, granted, cutoffs)
    return Outcome(outcomes, wishes, cutoffs.drop("post"), chains_of(campaign, outcomes))


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
    ).sort("candidate_id")


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


def _cutoffs(campaign: Campaign, contracts: Contracts, main: pl.DataFrame, granted: pl.DataFrame) -> pl.DataFrame:
    """Cutoff of each post after the mechanism: the weakest contract seated there, or a free seat."""
    names = campaign.candidates.select(last_candidate_id="candidate_id").with_row_index("candidate")
    seated = (
        main.sort("priority")
        .group_by("post", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("taken"),
            pl.col("phase").first().cast(pl.String),
            pl.col("points").first(),
            pl.col("candidate").first(),
            (pl.col("phase") == "closing").sum().cast(pl.Int64).alias("closed"),
        )
    )
    seats = pl.Series("seats", seats_of(campaign, contracts.rows), pl.Int64)
    posts = _named_posts(campaign).with_columns(seats).join(seated, on="post", how="left")
    for counted in (_wanted(contracts), _entered(granted), _left(campaign, granted)):
        posts = posts.join(counted, on="post", how="left")
    posts = posts.join(names, on="candidate", how="left").with_columns(cutoff_kind=_cutoff_kind())
    by_points = pl.col("cutoff_kind") == "wish"
    return posts.select(
        "discipline",
        "kind",
        "code",
        "post_id",
        "post",
        "seats",
        *[pl.col(name).fill_null(0) for name in ("wanted_by", "entered", "left", "closed")],
        pl.when(by_points).then("points").alias("cutoff_points"),
        "cutoff_kind",
        pl.when(by_points).then("last_candidate_id").alias("last_candidate_id"),
    ).sort("discipline", "kind", "code", "post_id")


def _cutoff_kind() -> pl.Expr:
    return (
        pl.when(pl.col("seats") == 0)
        .then(pl.lit("no_seat"))
        .when(pl.col("taken").fill_null(0) < pl.col("seats"))
        .then(pl.lit("free"))
        .otherwise(pl.col("phase").replace({"main": "wish", "extension": "wish"}))
    )


def _named_posts(campaign: Campaign) -> pl.DataFrame:
    """Posts under the name by which a wish asks for them: the place, or the post itself where it is specific."""
    kinds = campaign.places.select("place_id", place_kind="kind")
    posts = campaign.posts.with_row_index("post").join(kinds, on="place_id", maintain_order="left")
    specific = pl.col("profile") == "specific"
    return posts.select(
        "post",
        "post_id",
        "discipline",
        kind=pl.when(specific).then(pl.lit("POST")).otherwise(pl.col("place_kind").replace({"ZR": "ZRE"})),
        code=pl.when(specific).then("post_id").otherwise("place_id"),
    )


def _wanted(contracts: Contracts) -> pl.DataFrame:
    own = contracts.rows.filter(pl.col("phase") == "main").select("candidate", "zone")
    asked = own.join(contracts.zones.members, on="zone").unique(["candidate", "post"])
    return asked.group_by("post").agg(wanted_by=pl.len().cast(pl.Int64))


def _entered(granted: pl.DataFrame) -> pl.DataFrame:
    return granted.filter(pl.col("phase") != "stay").group_by("post").agg(entered=pl.len().cast(pl.Int64))


def _left(campaign: Campaign, granted: pl.DataFrame) -> pl.DataFrame:
    index = campaign.posts.select(held_post="post_id").with_row_index("post")
    holders = (
        campaign.candidates.select("held_post").with_row_index("candidate").drop_nulls().join(index, on="held_post")
    )
    movers = holders.join(granted.filter(pl.col("phase") != "stay"), on="candidate", how="semi")
    return movers.group_by("post").agg(left=pl.len().cast(pl.Int64))


def _wishes(contracts: Contracts, granted: pl.DataFrame, cutoffs: pl.DataFrame) -> pl.DataFrame:
    """Every wish with its result, the cutoff it met and the points it lacked."""
    obtained = granted.filter(pl.col("phase") == "main").select("candidate", obtained="rank")
    met = contracts.zones.members.join(cutoffs.select("post", "cutoff_points", "cutoff_kind"), on="post").drop("post")
    rows = contracts.wishes.join(met, on="zone", how="left").join(obtained, on="candidate", how="left")
    rows = rows.with_columns(cutoff_points=pl.when("admissible").then("cutoff_points"), result=_result())
    refused = pl.col("result") == "refused"
    short = pl.col("cutoff_points") - pl.col("points")
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
        pl.when(refused & (pl.col("cutoff_kind") == "wish")).then(short.clip(lower_bound=0)).alias("missing_points"),
        pl.when(refused).then(_refusal(short)).otherwise("reason").alias("reason"),
    ).sort("candidate_id", "rank")


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


def _refusal(short: pl.Expr) -> pl.Expr:
    return (
        pl.when(pl.col("cutoff_kind") == "stay")
        .then(pl.lit("nobody_left"))
        .when(pl.col("cutoff_kind") == "closing")
        .then(pl.lit("seats_closed"))
        .when(pl.col("cutoff_kind") == "no_seat")
        .then(pl.lit("no_seat"))
        .when(short > 0)
        .then(pl.lit("points_short"))
        .otherwise(pl.lit("tie_lost"))
    )
