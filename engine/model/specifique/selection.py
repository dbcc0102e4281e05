"""The posts each wish reaches, in the order in which the candidate would take them, with his standing on each.

A zone wish stands for its posts of the type and discipline of its request, one by one, since every post has an order of
its own. Inside one wish the candidate names no order. Where the zone is an ordered list its order holds; then posts of
the stream preferred come first; then those that rank him best, so that he is served where he is wanted most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from engine.model.criteria.award import first_reason
from engine.model.sessionrules import SessionRules
from engine.model.specifique.admissibility import of_types
from engine.model.specifique.classement import BLOCK, by_points, precedence
from engine.model.zones import places_of_zones

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

COLUMNS = (
    "candidate_id",
    "rank",
    "request",
    "part",
    "post_id",
    "discipline",
    "opinion",
    "head_opinion",
    "order",
    "precedence",
    "by_points",
    "reason",
)


def selection(campaign: Campaign, wishes: pl.DataFrame, rules: SessionRules) -> pl.DataFrame:
    """Every post that an admissible wish reaches.

    Parameters
    ----------
    wishes : wish facts with the column ``reason``, null where a wish is admissible

    Returns
    -------
    polars.DataFrame with columns candidate_id, rank, request, part (Int64 from 1 in each wish, the most wanted first),
    post_id, discipline, opinion, head_opinion, order, precedence (Int64, larger is stronger), by_points (whether points
    part equals), reason (why the candidate cannot be retained on the post, else null); sorted by candidate, rank, part
    """
    reached = _reached(campaign, wishes.filter(pl.col("reason").is_null()))
    judged = reached.join(campaign.opinions, on=["candidate_id", "post_id"], how="left", maintain_order="left")
    judged = judged.with_columns(opinion=pl.coalesce("opinion", "request_opinion"))
    judged = judged.with_columns(precedence=precedence(rules), by_points=by_points(rules), reason=_reason(rules))
    wanted = ["candidate_id", "rank", "position", "elsewhere", "precedence", "post_id"]
    ordered = judged.sort(wanted, descending=[name == "precedence" for name in wanted])
    part = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("candidate_id", "rank")
    return ordered.with_columns(part=part).select(COLUMNS)


def _reached(campaign: Campaign, wishes: pl.DataFrame) -> pl.DataFrame:
    """Wishes and the posts of their zone: position (in an ordered list, else 0), elsewhere (not of the stream
    preferred), and whether the candidate holds the post."""
    held = campaign.candidates.select("candidate_id", "held_post")
    asked = wishes.drop("position").join(held, on="candidate_id", how="left", maintain_order="left")
    positions = campaign.zones.select("place_id", "position", kind="zone_kind", code="zone_code")
    posts = campaign.posts.select("post_id", "place_id", "type", wanted_discipline="discipline", stream="preference")
    reached = asked.join(places_of_zones(campaign), on=["kind", "code"])
    reached = reached.join(posts, on=["place_id", "type", "wanted_discipline"])
    return reached.join(positions, on=["kind", "code", "place_id"], how="left").with_columns(
        pl.col("position").fill_null(0),
        discipline="wanted_discipline",
        elsewhere=(pl.col("stream") != pl.col("wanted_stream")).fill_null(pl.col("wanted_stream").is_not_null()),
        is_own=(pl.col("held_post") == pl.col("post_id")).fill_null(False),
    )


def _reason(rules: SessionRules) -> pl.Expr:
    """Why a candidate cannot be retained on a post. Who is ranked there needs no opinion beside it."""
    unknown = pl.col("opinion").is_null() & pl.col("order").is_null()
    return first_reason(
        (pl.col("is_own"), "already_held"),
        (pl.col("opinion").is_in(rules.codes(BLOCK, "refused")), "opinion_unfavourable"),
        (pl.col("head_opinion").is_in(rules.codes(BLOCK, "refused_by_head")), "head_opinion_unfavourable"),
        (of_types(rules, BLOCK, "opinion_needed") & unknown, "opinion_missing"),
    )


def with_selection(wishes: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """The scored wishes, those that reach no post for their candidate set aside; no points where none are compared.

    Parameters
    ----------
    wishes : columns candidate_id, rank, points, admissible, reason among others
    posts : what `selection` gives for them
    """
    found = posts.group_by("candidate_id", "rank").agg(
        pl.col("by_points").any(), opened=pl.col("reason").is_null().any(), lost=pl.col("reason").min()
    )
    rows = wishes.join(found, on=["candidate_id", "rank"], how="left", maintain_order="left")
    lost = pl.when(~pl.col("opened").fill_null(False)).then(pl.coalesce("lost", pl.lit("no_post_of_the_type")))
    rows = rows.with_columns(
        points=pl.when("by_points").then("points"), reason=pl.coalesce("reason", lost)
    ).with_columns(admissible=pl.col("reason").is_null())
    return rows.drop("by_points", "opened", "lost")
