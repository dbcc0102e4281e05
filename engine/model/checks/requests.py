"""Requests for specific posts: of which candidates and types, with which wishes, judged how."""

from __future__ import annotations

import polars as pl

from engine.model.checks.context import Context, Tables
from engine.model.checks.lookups import close_codes, suggestion, unknown, wrong_cells
from engine.model.defects import Rule, defects, no_defects
from engine.model.reading import row_owner

C40 = Rule("C40", "Candidates make requests in the movements on specific posts, specifique and ddf, and nowhere else.")
C41 = Rule("C41", "A request is of a candidate, and of a type that the rulebook or a post of the campaign knows.")
C42 = Rule("C42", "Where there are requests, a specific post has a type.")
C43 = Rule("C43", "A wish for specific posts belongs to a request of its candidate.")
C44 = Rule("C44", "The wishes of a request follow one another, those of a request ranked before come before.")
C45 = Rule("C45", "Candidates ranked for a post have different ranks.")
C46 = Rule("C46", "A request for specific posts, or for a service, is a single person's: there are no links.")


def requests_are_of_the_movement(tables: Tables, context: Context) -> pl.DataFrame:
    given = not tables["requests"].is_empty()
    if context.is_by_request and not given:
        hint = "Each candidate makes one for each type of movement and discipline; his wishes name it in request."
        return defects(C40, "requests", problem="has no rows, and the movement is made of requests.", hint=hint)
    if given and not context.is_by_request:
        text = f"has rows, and the movement {context.movement} by the rulebook {context.rules.rulebook} takes none."
        return defects(C40, "requests", problem=text)
    return no_defects()


def requests_are_of_candidates(tables: Tables, _: Context) -> pl.DataFrame:
    known = tables["candidates"]["candidate_id"]
    return unknown(C41, "requests", "candidate_id", tables["requests"], known, "names no candidate.")


def types_are_known(tables: Tables, context: Context) -> pl.DataFrame:
    if not context.is_by_request:
        return no_defects()
    listed = pl.Series("type", list(context.rules.code_lists("types", "names")), dtype=pl.String)
    known = pl.concat([listed, tables["posts"]["type"].drop_nulls()]).unique()
    problem = "is a type that neither the rulebook nor a post knows."
    wrong = tables["requests"].filter(~pl.col("type").is_in(known.implode()))
    hint = suggestion("type", close_codes(wrong["type"], known), "which is a type of the rulebook or of a post")
    return wrong_cells(C41, "requests", "type", wrong, problem, hint)


def posts_have_a_type(tables: Tables, context: Context) -> pl.DataFrame:
    if not context.is_by_request:
        return no_defects()
    untyped = tables["posts"].filter(pl.col("type").is_null())
    problem = "is empty: no request is for this post."
    return defects(C42, "posts", untyped, column="type", who=row_owner(untyped.columns), problem=problem)


def wishes_are_of_requests(tables: Tables, context: Context) -> pl.DataFrame:
    wishes = tables["wishes"]
    named = wishes.filter(pl.col("request").is_not_null())
    if not context.is_by_request:
        return wrong_cells(C43, "wishes", "request", named, "names a request, and this movement has none.")
    without = wishes.filter(pl.col("request").is_null())
    keys = ["candidate_id", "request"]
    wrong = named.drop_nulls("candidate_id").join(tables["requests"], on=keys, how="anti", maintain_order="left")
    unsaid = "is empty: what type of post is asked for is not known."
    return pl.concat(
        [
            wrong_cells(C43, "wishes", "request", wrong, "is no request of this candidate."),
            defects(C43, "wishes", without, column="request", who=row_owner(without.columns), problem=unsaid),
        ]
    )


def requests_follow_one_another(tables: Tables, context: Context) -> pl.DataFrame:
    """The request a candidate ranks first is the one he takes of several: wishes tell it by their ranks."""
    if not context.is_by_request:
        return no_defects()
    wishes = tables["wishes"].drop_nulls(["candidate_id", "rank", "request"]).sort("candidate_id", "rank")
    before = pl.col("request").shift(1).over("candidate_id").alias("#before")
    mixed = wishes.with_columns(before).filter(pl.col("request") < pl.col("#before"))
    problem = pl.format("comes after a wish of request {}.", "#before")
    hint = "Number the requests in the order of preference, and the wishes of all requests one after the other."
    return wrong_cells(C44, "wishes", "request", mixed, problem, hint)


def orders_are_given_once(tables: Tables, _: Context) -> pl.DataFrame:
    ranked = tables["opinions"].drop_nulls(["post_id", "order"])
    first = pl.col("candidate_id").first().over("post_id", "order").alias("#first")
    again = ranked.with_columns(first).filter(~pl.struct("post_id", "order").is_first_distinct())
    problem = pl.format("is also the rank of candidate {} for post {}.", "#first", "post_id")
    return wrong_cells(C45, "opinions", "order", again, problem)


def links_are_of_no_use(tables: Tables, context: Context) -> pl.DataFrame:
    asks = "a service" if context.movement == "tzr" else "specific posts" if context.is_by_request else None
    links = tables["links"] if asks else tables["links"].clear()
    return wrong_cells(C46, "links", "candidate_id", links, f"is linked to another, and asks for {asks}.")
