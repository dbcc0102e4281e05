"""Who loses his post where seats are closed (*mesure de carte scolaire*; seed 002, III).

Volunteers first, then the last to have come. The engine knows the holders who take part; those who do not are unknown
to it. Where it finds fewer holders than seats to close, `closings_left` says how many seats wait for somebody to be
named.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from engine.model.defects import InputRefused
from engine.model.links import memberships, unlike_members
from engine.model.priorities import lots
from engine.model.sessionrules import SessionRules

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

BLOCK = "designation"
MEASURE = "carte_scolaire"
DESIGNATED = {"candidate_id": pl.String, "closed_place": pl.String, "closed_kind": pl.String, "reason": pl.String}


def take_measures(campaign: Campaign) -> Campaign:
    """The campaign as it was read, with the posts gone of everybody whom the table of closures designates.

    Raises
    ------
    InputRefused
        If one member of a link loses his post and another keeps his: they cannot be served together any more.
    """
    designated = designate(campaign, campaign.rules)
    left = closings_left(campaign, designated)
    unnamed = (
        f"closures: post {post}: {seats} of the seats to close have no holder who takes part; closed_place names one."
        for post, seats in left.iter_rows()
    )
    if campaign.closures.is_empty():
        return replace(campaign, designated=designated)
    closed = close_posts(campaign, designated)
    _require_links_whole(closed)
    return replace(closed, designated=designated, as_read=campaign, notes=(*campaign.notes, *unnamed))


def _require_links_whole(closed: Campaign) -> None:
    """Raise InputRefused where the measure takes the post of one linked candidate and not that of the other."""
    facts = closed.candidates.select("candidate_id", "held_post", "mandatory")
    parted = unlike_members(memberships(closed).join(facts, on="candidate_id", maintain_order="left"))
    if parted.height:
        raise InputRefused(parted.with_columns(hint=pl.lit("The table closures takes a post: take the link out.")))


def designate(campaign: Campaign, rules: SessionRules) -> pl.DataFrame:
    """The holders who lose their post where the table of closures takes seats away.

    Vacant seats of the post are closed first. Then come those against whom the campaign says the measure was taken,
    volunteers, and the holders of least seniority in the post; the rulebook parts equals, a lot drawn from the seed the
    rest. A beneficiary of the employment obligation whose post was adapted is spared unless he volunteers.

    Returns
    -------
    polars.DataFrame with columns candidate_id, closed_place, closed_kind, reason (code of ``reasons.toml``); sorted

    Raises
    ------
    RulebookError
        If the campaign closes seats under a rulebook that designates nobody.
    """
    if campaign.closures.is_empty():
        return pl.DataFrame(schema=DESIGNATED)
    holders = _holders(campaign, rules)
    keys, descending = _order(rules)
    ordered = holders.sort(*keys, descending=descending, nulls_last=True)
    chosen = ordered.filter(pl.int_range(pl.len()).over("held_post") < pl.col("closing"))
    return chosen.select("candidate_id", closed_place="place_id", closed_kind=pl.lit(MEASURE), reason=_reason()).sort(
        "candidate_id"
    )


def close_posts(campaign: Campaign, designated: pl.DataFrame) -> Campaign:
    """The campaign once the measures are taken: who is designated holds no post any more and must leave with one.

    The seats closed are gone: vacant ones are not offered, held ones go with their holder.
    """
    measure = designated.select("candidate_id", lost_place="closed_place", lost_kind="closed_kind")
    hit = pl.col("lost_place").is_not_null()
    candidates = campaign.candidates.join(measure, on="candidate_id", how="left", maintain_order="left").with_columns(
        held_post=pl.when(~hit).then("held_post"),
        mandatory=pl.col("mandatory") | hit,
        closed_place=pl.coalesce("lost_place", "closed_place"),
        closed_kind=pl.coalesce("lost_kind", "closed_kind"),
    )
    posts = _with_closures(campaign).with_columns(seats=pl.col("seats") - pl.col("vacant_closed"))
    return replace(
        campaign,
        candidates=candidates.drop("lost_place", "lost_kind"),
        posts=posts.drop("closing", "vacant_closed"),
    )


def closings_left(campaign: Campaign, designated: pl.DataFrame) -> pl.DataFrame:
    """Seats to close whose holder the campaign does not know: post_id, seats; sorted.

    Parameters
    ----------
    campaign : as it was when `designated` was found
    """
    taken = campaign.candidates.join(designated, on="candidate_id", how="semi")
    counted = taken.group_by(post_id="held_post").agg(designated=pl.len().cast(pl.Int64))
    left = _with_closures(campaign).join(counted, on="post_id", how="left")
    left = left.select("post_id", seats=pl.col("closing") - pl.col("designated").fill_null(0))
    return left.filter(pl.col("seats") > 0).sort("post_id")


def _with_closures(campaign: Campaign) -> pl.DataFrame:
    """The posts, with how many of their vacant seats are closed, and how many held ones (closing)."""
    closed = campaign.closures.select("post_id", to_close="seats")
    posts = campaign.posts.join(closed, on="post_id", how="left", maintain_order="left")
    to_close, vacant = pl.col("to_close").fill_null(0), pl.col("seats").clip(lower_bound=0)
    vacant_closed = pl.min_horizontal(to_close, vacant)
    return posts.with_columns(closing=to_close - vacant_closed, vacant_closed=vacant_closed).drop("to_close")


def _holders(campaign: Campaign, rules: SessionRules) -> pl.DataFrame:
    """Holders of posts where held seats are closed, the spared ones left out."""
    closing = _with_closures(campaign).filter(pl.col("closing") > 0)
    posts = closing.select("place_id", "closing", held_post="post_id")
    holders = campaign.candidates.join(posts, on="held_post").with_columns(
        before=(pl.col("closed_kind") == MEASURE).fill_null(False),
        volunteers=pl.col("volunteer") & pl.lit(rules.flag(BLOCK, "volunteers_first")),
    )
    adapted = pl.col("boe") & pl.col("post_adapted") & pl.lit(rules.flag(BLOCK, "adapted_posts_spared"))
    holders = holders.filter(~adapted | pl.col("volunteers") | pl.col("before"))
    return holders.with_columns(lots(holders["candidate_id"], campaign.settings.seed))


def _order(rules: SessionRules) -> tuple[list[str], list[bool]]:
    """Columns to sort the holders by, the first to go first, and which of them fall."""
    ties = rules.codes(BLOCK, "tie_breaks")
    keys = ["held_post", "before", "volunteers", "post_years", *ties, "lot", "candidate_id"]
    return keys, [key in ("before", "volunteers", "birth_date") for key in keys]


def _reason() -> pl.Expr:
    return (
        pl.when("before")
        .then(pl.lit("designated_before"))
        .when("volunteers")
        .then(pl.lit("designated_volunteer"))
        .otherwise(pl.lit("designated_least_seniority"))
    )
