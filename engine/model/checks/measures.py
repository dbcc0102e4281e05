"""Posts taken away, specific posts and their opinions."""

from __future__ import annotations

import polars as pl

from engine.model.checks.context import Context, Tables
from engine.model.checks.lookups import unknown, wrong_cells
from engine.model.defects import Rule, defects, no_defects
from engine.model.reading import row_owner

C26 = Rule(
    "C26", "Who lost a post names the place and the measure, and holds no post, or one the table closures closes."
)
C27 = Rule("C27", "A closure takes away seats that exist, under a rulebook that says who loses the post.")
C28 = Rule("C28", "A specific post is asked for by itself: opinions are on such posts, extension reaches none of them.")


def victims_are_known(tables: Tables, context: Context) -> pl.DataFrame:
    if not context.is_intra:
        return no_defects()
    candidates, closing = tables["candidates"], tables["closures"]["post_id"].unique().implode()
    hit, closed = pl.col("closed_kind").is_not_null(), pl.col("closed_place").is_not_null()
    named = pl.col("held_post").is_in(closing).fill_null(False)
    kept = candidates.filter(hit & pl.col("held_post").is_not_null() & ~named)
    nowhere = candidates.filter(hit & ~closed & ~named)
    unsaid = candidates.filter(closed & ~hit)
    problem = pl.format("is still held, and a measure ({}) has taken it away.", "closed_kind")
    hint = "Leave held_post empty, or list the post in the table closures."
    who = row_owner(candidates.columns)
    empty = "is empty, and the bonus of the measure goes to the place lost."
    silent = pl.format("is empty, and closed_place is {}.", "closed_place")
    return pl.concat(
        [
            wrong_cells(C26, "candidates", "held_post", kept, problem, hint),
            defects(C26, "candidates", nowhere, column="closed_place", who=who, problem=empty),
            defects(C26, "candidates", unsaid, column="closed_kind", who=who, problem=silent),
            unknown(C26, "candidates", "closed_place", candidates, tables["places"]["place_id"], "names no place."),
        ]
    )


def closures_are_of_seats_that_exist(tables: Tables, context: Context) -> pl.DataFrame:
    closures = tables["closures"]
    if closures.is_empty():
        return no_defects()
    posts = tables["posts"].select("post_id", "positions", offered="seats").unique("post_id")
    rows = closures.join(posts, on="post_id", maintain_order="left")
    falling = -pl.col("offered").fill_null(0).clip(upper_bound=0)
    excessive = rows.filter(pl.col("seats") + falling > pl.col("positions")).with_columns(falling.alias("#falling"))
    problem = pl.format(
        "are more than the post has: {} positions, of which {} close as they fall free.", "positions", "#falling"
    )
    found = [wrong_cells(C27, "closures", "seats", excessive, problem)]
    if "designation" not in context.rules.blocks:
        text = f"has rows, and the rulebook {context.rules.rulebook} does not say who loses his post."
        hint = "Close seats that fall free by negative seats in the table posts."
        found.append(defects(C27, "closures", problem=text, hint=hint))
    return pl.concat(found)


def specific_posts_are_apart(tables: Tables, _: Context) -> pl.DataFrame:
    specific = tables["posts"].filter(pl.col("profile") == "specific")["post_id"].unique().implode()
    known = tables["posts"]["post_id"].unique().implode()
    ordinary = tables["opinions"].filter(pl.col("post_id").is_in(known) & ~pl.col("post_id").is_in(specific))
    added = tables["extension"].filter((pl.col("kind") == "POST") & pl.col("code").is_in(specific))
    hint = "Say that the post is specific in the column profile of posts, or leave the opinion out."
    return pl.concat(
        [
            wrong_cells(C28, "opinions", "post_id", ordinary, "is an ordinary post: points decide there.", hint),
            wrong_cells(C28, "extension", "code", added, "is a specific post."),
        ]
    )
