"""From a Matching back to the tables people read: outcomes, wishes with their result, cutoffs (DESIGN 9)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from engine.model.campaign import Campaign
from engine.model.chains import chains_of
from engine.model.compilation import Compiled
from engine.model.market import Matching
from engine.model.scoring import Scored

GRANT = ["candidate_id", "phase", "rank", "position", "kind", "code", "points", "priority", "post_id"]
STATUS = {"main": "assigned", "extension": "extended", "stay": "kept"}


@dataclass(frozen=True, eq=False)
class Outcome:
    """The tables of a result; columns in ``docs/data-dictionary.md``."""

    outcomes: pl.DataFrame
    wishes: pl.DataFrame
    cutoffs: pl.DataFrame
    chains: pl.DataFrame


def granted_contracts(compiled: Compiled, matching: Matching) -> pl.DataFrame:
    """The contract each candidate or phantom holds: columns of `GRANT`, those who hold none left out."""
    held = matching.contract[matching.contract >= 0]
    return compiled.contracts[held].select(GRANT)


def read_outcome(
    campaign: Campaign, scored: Scored, compiled: Compiled, main: pl.DataFrame, added: pl.DataFrame
) -> Outcome:
    """The tables of a run.

    Parameters
    ----------
    main : contracts granted by the mechanism (`granted_contracts`), phantoms included
    added : contracts granted by the extension that follows it (empty where it is integrated)
    """
    granted = pl.concat([main.filter(pl.col("phase") != "closing"), added])
    outcomes = _outcomes(campaign, scored, compiled, granted)
    cutoffs = _cutoffs(compiled, campaign, main, granted)
    wishes = _wishes(compiled, granted, cutoffs)
    return Outcome(outcomes, wishes, cutoffs.drop("priority"), chains_of(campaign, outcomes))


def _outcomes(campaign: Campaign, scored: Scored, compiled: Compiled, granted: pl.DataFrame) -> pl.DataFrame:
    everyone = campaign.candidates.select("candidate_id", "held_post").join(
        scored.requests.select("candidate_id", request_admissible="admissible", request_reason="reason"),
        on="candidate_id",
    )
    with_wishes = compiled.wishes.filter("admissible").select("candidate_id").unique().with_columns(has_wishes=True)
    rows = everyone.join(granted, on="candidate_id", how="left").join(with_wishes, on="candidate_id", how="left")
    excluded = ~pl.col("request_admissible")
    post = pl.when(excluded).then("held_post").otherwise("post_id")
    status = (
        pl.when(excluded)
        .then(pl.lit("excluded"))
        .otherwise(pl.col("phase").replace_strict(STATUS, default="unassigned", return_dtype=pl.String))
    )
    rows = rows.with_columns(post_id=post, status=status)
    places = campaign.posts.select("post_id", "place_id")
    own = pl.col("status") == "assigned"
    stays = pl.col("status") == "kept"
    return (
        rows.join(places, on="post_id", how="left")
        .with_columns(reason=_outcome_reason())
        .select(
            "candidate_id",
            "status",
            pl.when(own).then("rank").alias("rank"),
            pl.when(stays).then(None).otherwise("kind").alias("kind"),
            pl.when(stays).then(None).otherwise("code").alias("code"),
            "place_id",
            "post_id",
            "phase",
            "reason",
        )
        .sort("candidate_id")
    )


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


def _cutoffs(compiled: Compiled, campaign: Campaign, main: pl.DataFrame, granted: pl.DataFrame) -> pl.DataFrame:
    """Cutoff of each post after the mechanism: the weakest contract seated there, or a free seat."""
    seated = (
        main.sort("priority")
        .group_by("post_id", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("taken"),
            pl.col("phase").first(),
            pl.col("points").first(),
            pl.col("priority").first(),
            pl.col("candidate_id").first().alias("last_candidate_id"),
            (pl.col("phase") == "closing").sum().cast(pl.Int64).alias("closed"),
        )
    )
    posts = _named_posts(compiled, campaign).join(seated, on="post_id", how="left", maintain_order="left")
    for counted in (_wanted(compiled), _entered(granted), _left(compiled, granted)):
        posts = posts.join(counted, on="post_id", how="left", maintain_order="left")
    free = pl.col("taken").fill_null(0) < pl.col("seats")
    kind = pl.col("phase").replace_strict({"main": "wish", "extension": "wish"}, default=pl.col("phase"))
    by_points = ~free & (kind == "wish")
    return posts.select(
        "discipline",
        "kind",
        "code",
        "post_id",
        "seats",
        *[pl.col(name).fill_null(0) for name in ("wanted_by", "entered", "left", "closed")],
        pl.when(by_points).then("points").alias("cutoff_points"),
        pl.when(free | pl.col("phase").is_null()).then(pl.lit("free")).otherwise(kind).alias("cutoff_kind"),
        pl.when(by_points).then("last_candidate_id").alias("last_candidate_id"),
        pl.when(free).then(None).otherwise("priority").alias("priority"),
    ).with_columns(cutoff_kind=pl.when(pl.col("seats") == 0).then(pl.lit("no_seat")).otherwise("cutoff_kind"))


def _named_posts(compiled: Compiled, campaign: Campaign) -> pl.DataFrame:
    """Posts under the name by which a wish asks for them: the place, or the post itself where it is specific."""
    kinds = campaign.places.select("place_id", place_kind="kind")
    posts = compiled.posts.join(campaign.posts.select("post_id", "profile"), on="post_id", maintain_order="left")
    posts = posts.join(kinds, on="place_id", maintain_order="left")
    specific = pl.col("profile") == "specific"
    place = pl.col("place_kind").replace_strict({"ZR": "ZRE"}, default=pl.col("place_kind"))
    return posts.with_columns(
        kind=pl.when(specific).then(pl.lit("POST")).otherwise(place),
        code=pl.when(specific).then("post_id").otherwise("place_id"),
    ).sort("discipline", "kind", "code", "post_id")


def _wanted(compiled: Compiled) -> pl.DataFrame:
    own = compiled.contracts.filter(pl.col("phase") == "main").unique(["candidate_id", "post_id"])
    return own.group_by("post_id").agg(wanted_by=pl.len().cast(pl.Int64))


def _entered(granted: pl.DataFrame) -> pl.DataFrame:
    return granted.filter(pl.col("phase") != "stay").group_by("post_id").agg(entered=pl.len().cast(pl.Int64))


def _left(compiled: Compiled, granted: pl.DataFrame) -> pl.DataFrame:
    movers = granted.filter(pl.col("phase") != "stay").select("candidate_id")
    holders = compiled.candidates.drop_nulls("held_post").join(movers, on="candidate_id", how="semi")
    return holders.group_by(post_id="held_post").agg(left=pl.len().cast(pl.Int64))


def _wishes(compiled: Compiled, granted: pl.DataFrame, cutoffs: pl.DataFrame) -> pl.DataFrame:
    """Every wish with its result, the cutoff it met and the points it lacked."""
    own = compiled.contracts.filter(pl.col("phase") == "main").select("candidate_id", "rank", "post_id", "priority")
    obtained = granted.filter(pl.col("phase") == "main").select("candidate_id", obtained="rank")
    met = cutoffs.select("post_id", "cutoff_points", "cutoff_kind", cutoff_priority="priority")
    rows = (
        compiled.wishes.join(own, on=["candidate_id", "rank"], how="left")
        .join(met, on="post_id", how="left")
        .join(obtained, on="candidate_id", how="left")
        .with_columns(result=_result())
    )
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
        pl.when(~pl.col("admissible") | pl.col("post_id").is_null())
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
