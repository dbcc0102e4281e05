"""Decisions outside the barème: whom they are about, what they name, and what they cannot ask."""

from __future__ import annotations

import polars as pl

from engine.model.checks.adjustment import ground_of
from engine.model.checks.context import Context, Tables
from engine.model.checks.lookups import unknown, wrong_cells
from engine.model.defects import Rule, no_defects
from engine.model.tzr.reach import schools_of_zones, zone_of_tzr

C61 = Rule("C61", "A decision is about a candidate of the table candidates.")
C62 = Rule("C62", "A pin or a forbiddance names a wish, a place or a post; an exclusion names none of them.")
C63 = Rule("C63", "A decision names a wish of its candidate, or a place or a post where his discipline has posts.")
C64 = Rule("C64", "Of one candidate there is one pin at most, and nothing beside an exclusion.")
C65 = Rule("C65", "A post is not pinned more often than it has seats, vacant ones and those of its holders.")
C66 = Rule("C66", "Linked candidates are excluded together, or pinned on the same wish; they are kept from no post.")
C67 = Rule("C67", "A holder may keep his post: no decision but a pin elsewhere or an exclusion touches it.")
C76 = Rule("C76", "Where every post has an order of its own, a pin names a wish or a post.")
C70 = Rule(
    "C70",
    "The TZR adjustment gives services, not posts: its decisions pin a TZR to a school of his zone where his "
    "discipline has needs.",
)

NAMES = ("rank", "place_id", "post_id")


def decisions_are_about_candidates(tables: Tables, _: Context) -> pl.DataFrame:
    known = tables["candidates"]["candidate_id"]
    return unknown(C61, "decisions", "candidate_id", tables["decisions"], known, "names no candidate.")


def decisions_name_what_they_are_about(tables: Tables, context: Context) -> pl.DataFrame:
    named = tables["decisions"].with_columns(count=pl.sum_horizontal(pl.col(name).is_not_null() for name in NAMES))
    wished = pl.col("rank").is_not_null() & pl.col("post_id").is_not_null() & (pl.col("kind") == "pin")
    lost = named.filter((pl.col("kind") == "exclude") & (pl.col("count") > 0))
    nothing = named.filter(pl.col("kind").is_in(["pin", "forbid"]) & (pl.col("count") == 0))
    several = named.filter(
        pl.col("kind").is_in(["pin", "forbid"]) & (pl.col("count") > 1) & ~(wished & (pl.col("count") == 2))
    )
    found = [
        wrong_cells(C62, "decisions", "kind", lost, "names a wish, a place or a post beside it."),
        wrong_cells(C62, "decisions", "kind", nothing, "names no wish, no place and no post."),
        wrong_cells(C62, "decisions", "kind", several, "names several of wish, place and post."),
    ]
    if context.is_by_request:
        vague = named.filter((pl.col("kind") == "pin") & pl.col("place_id").is_not_null())
        found.append(wrong_cells(C76, "decisions", "place_id", vague, "names a place: its posts have several orders."))
    if context.movement == "tzr":
        other = named.filter((pl.col("kind") != "pin") | pl.col("place_id").is_null())
        hint = "Pin a TZR to a school; or take him out of candidates, his needs out of needs."
        found.append(wrong_cells(C70, "decisions", "kind", other, "names no school to pin a TZR to.", hint))
    return pl.concat(found)


def decisions_name_what_is_there(tables: Tables, context: Context) -> pl.DataFrame:
    if context.movement == "tzr":
        return no_defects()  # `pins_name_schools_with_needs`
    people = tables["candidates"].select("candidate_id", "discipline", "held_post").unique("candidate_id")
    rows = tables["decisions"].join(people, on="candidate_id", maintain_order="left")
    posts = tables["posts"].select("post_id", "place_id", "discipline")
    asked = tables["wishes"].select("candidate_id", "rank")
    unasked = rows.drop_nulls("rank").join(asked, on=["candidate_id", "rank"], how="anti", maintain_order="left")
    on_post, on_place = rows.drop_nulls("post_id"), rows.drop_nulls("place_id")
    if context.is_by_request:
        posts = _of_types_asked(tables)
    alike = ["candidate_id"] if context.is_by_request else ["discipline"]
    wrong_post = on_post.join(posts, on=["post_id", *alike], how="anti", maintain_order="left")
    wrong_place = on_place.join(posts, on=["place_id", *alike], how="anti", maintain_order="left")
    held = rows.filter((pl.col("kind") == "forbid") & (pl.col("post_id") == pl.col("held_post")))
    return pl.concat(
        [
            wrong_cells(C63, "decisions", "rank", unasked, "is no wish of the candidate."),
            wrong_cells(C63, "decisions", "post_id", wrong_post, pl.format("names no post of {}.", "discipline")),
            wrong_cells(C63, "decisions", "place_id", wrong_place, pl.format("has no post of {}.", "discipline")),
            wrong_cells(C67, "decisions", "post_id", held, "is the post the candidate holds."),
        ]
    )


def pins_name_schools_with_needs(tables: Tables, context: Context) -> pl.DataFrame:
    if context.movement != "tzr":
        return no_defects()
    ground = ground_of(tables)
    zoned = tables["decisions"].drop_nulls(["candidate_id", "place_id"])
    zoned = zoned.join(zone_of_tzr(ground).unique("candidate_id"), on="candidate_id", maintain_order="left")
    outside = zoned.join(schools_of_zones(ground), on=["zone", "place_id"], how="anti", maintain_order="left")
    inside = zoned.join(schools_of_zones(ground), on=["zone", "place_id"], how="semi", maintain_order="left")
    idle = inside.join(tables["needs"], on=["place_id", "discipline"], how="anti", maintain_order="left")
    return pl.concat(
        [
            wrong_cells(C70, "decisions", "place_id", outside, pl.format("is no school of the zone {}.", "zone")),
            wrong_cells(C70, "decisions", "place_id", idle, pl.format("has no need of {}.", "discipline")),
        ]
    )


def _of_types_asked(tables: Tables) -> pl.DataFrame:
    """The posts of the types and disciplines that somebody's requests are for: candidate_id, post_id, place_id."""
    requests = tables["requests"].select("candidate_id", "type", "discipline").unique(maintain_order=True)
    posts = tables["posts"].select("post_id", "place_id", "type", "discipline")
    return requests.join(posts, on=["type", "discipline"]).select("candidate_id", "post_id", "place_id")


def decisions_agree(tables: Tables, _: Context) -> pl.DataFrame:
    rows = tables["decisions"].drop_nulls("candidate_id")
    pins = ((pl.col("kind") == "pin").sum().over("candidate_id") > 1) & (pl.col("kind") == "pin")
    out = (pl.col("kind") == "exclude").any().over("candidate_id") & (pl.len().over("candidate_id") > 1)
    several = rows.filter(pins & ~out)
    beside = rows.filter(out & (pl.col("kind") != "exclude"))
    twice = rows.filter(
        out & (pl.col("kind") == "exclude") & ((pl.col("kind") == "exclude").sum().over("candidate_id") > 1)
    )
    forbidden = rows.filter(pl.col("kind") == "forbid").select("candidate_id", "post_id").drop_nulls()
    both = rows.filter(pl.col("kind") == "pin").join(forbidden, on=["candidate_id", "post_id"], how="semi")
    return pl.concat(
        [
            wrong_cells(C64, "decisions", "kind", several, "is there more than once for the candidate."),
            wrong_cells(C64, "decisions", "kind", beside, "stands beside an exclusion of the candidate."),
            wrong_cells(C64, "decisions", "kind", twice, "is there more than once for the candidate."),
            wrong_cells(C64, "decisions", "post_id", both, "is forbidden to the candidate by another decision."),
        ]
    )


def pins_have_seats(tables: Tables, _: Context) -> pl.DataFrame:
    pins = tables["decisions"].filter(pl.col("kind") == "pin").drop_nulls("post_id")
    if pins.is_empty():
        return no_defects()
    held = tables["candidates"].group_by(post_id="held_post").agg(holders=pl.len())
    posts = tables["posts"].select("post_id", "seats").unique("post_id").join(held, on="post_id", how="left")
    total = pl.col("seats").clip(lower_bound=0) + pl.col("holders").fill_null(0)
    rows = pins.join(posts.select("post_id", total=total), on="post_id", maintain_order="left")
    over = rows.filter(pl.len().over("post_id") > pl.col("total"))
    problem = pl.format("has {} seats in all, and {} decisions pin it.", "total", pl.len().over("post_id"))
    return wrong_cells(C65, "decisions", "post_id", over.with_columns(problem.alias("problem")), pl.col("problem"))


def decisions_keep_links_whole(tables: Tables, _: Context) -> pl.DataFrame:
    links = tables["links"].select("link_id", "candidate_id").drop_nulls()
    decided = tables["decisions"].drop_nulls(["candidate_id", "kind"])
    if links.is_empty() or decided.is_empty():
        return no_defects()
    size = links.group_by("link_id").agg(members=pl.col("candidate_id").n_unique())
    rows = decided.join(links, on="candidate_id", maintain_order="left").join(size, on="link_id", maintain_order="left")
    together = pl.col("candidate_id").n_unique().over("link_id", "kind", "rank") == pl.col("members")
    forbids = rows.filter(pl.col("kind") == "forbid")
    excludes = rows.filter((pl.col("kind") == "exclude") & ~together)
    pins = rows.filter((pl.col("kind") == "pin") & (~together | pl.col("rank").is_null()))
    hint = "Decide for all of the link, or take the link out."
    return pl.concat(
        [
            wrong_cells(C66, "decisions", "candidate_id", forbids, "is linked.", hint),
            wrong_cells(C66, "decisions", "candidate_id", excludes, "is linked to somebody who is not excluded.", hint),
            wrong_cells(
                C66, "decisions", "candidate_id", pins, "is linked to somebody not pinned on the same wish.", hint
            ),
        ]
    )
