"""Linked requests: who may be linked to whom, and what members must have in common."""

from __future__ import annotations

import polars as pl

from engine.model.checks.context import Context, Tables
from engine.model.checks.lookups import told, unknown, wrong_cells
from engine.model.defects import Rule, no_defects
from engine.model.links import unlike_members
from engine.model.movements import MOVEMENTS
from engine.model.reasons import reason_sentence

C10 = Rule("C10", "A link has two or more members, each a candidate, each once, and each in this link alone.")
C33 = Rule("C33", "Linked candidates ask for the same wishes in the same order.")
C35 = Rule("C35", "Linked candidates have no family strategy but the mutation simultanée of spouses, all or none.")
C36 = Rule("C36", "The requests of linked candidates all take part, or none does.")

SPOUSES = "mutation_simultanee"
JUDGED_LATER = "interdepartemental"
"""The movement whose rulebook sets such requests aside with their reasons."""


def links_are_between_candidates(tables: Tables, _: Context) -> pl.DataFrame:
    links, candidates = tables["links"], tables["candidates"]["candidate_id"]
    member = pl.col("candidate_id")
    named = links.drop_nulls(["link_id", "candidate_id"])
    itself = named.filter(~pl.struct("link_id", "candidate_id").is_first_distinct())
    count = pl.col("link_id").n_unique().over("candidate_id")
    several = named.with_columns(count.alias("#links")).filter(pl.col("#links") > 1)
    alone = links.filter((member.n_unique().over("link_id") == 1) & (pl.len().over("link_id") == 1))
    return pl.concat(
        [
            unknown(C10, "links", "candidate_id", links, candidates, "names no candidate."),
            wrong_cells(C10, "links", "candidate_id", itself, pl.format("is linked to itself in {}.", "link_id")),
            wrong_cells(C10, "links", "candidate_id", several, pl.format("is in {} links.", "#links")),
            wrong_cells(C10, "links", "link_id", alone, "has one member only."),
        ]
    )


def linked_candidates_ask_for_the_same(tables: Tables, context: Context) -> pl.DataFrame:
    members = _members(tables, context)
    if members.is_empty():
        return no_defects()
    asked = tables["wishes"].select("candidate_id", "rank", _wish()).drop_nulls(["candidate_id", "rank"])
    mine = members.join(asked, on="candidate_id").select("#row", "rank", mine="wish")
    theirs = members.join(asked, left_on="first", right_on="candidate_id").select("#row", "rank", theirs="wish")
    both = mine.join(theirs, on=["#row", "rank"], how="full", coalesce=True)
    unlike = both.filter(pl.col("mine").ne_missing(pl.col("theirs"))).sort("#row", "rank")
    rows = members.join(unlike.unique("#row", keep="first"), on="#row", maintain_order="left")
    problem = pl.format(
        "asks as wish {} for {}, and {}, linked to it, for {}.",
        "rank",
        pl.col("mine").fill_null("nothing"),
        "first",
        pl.col("theirs").fill_null("nothing"),
    )
    return wrong_cells(C33, "links", "candidate_id", rows, problem)


def linked_candidates_stay_or_go_together(tables: Tables, context: Context) -> pl.DataFrame:
    members = _members(tables, context)
    facts = tables["candidates"].select("candidate_id", "held_post", "mandatory").unique("candidate_id")
    return unlike_members(members.join(facts, on="candidate_id", maintain_order="left").drop("first"))


def linked_candidates_have_one_strategy(tables: Tables, context: Context) -> pl.DataFrame:
    if context.rules.is_none:
        return no_defects()
    chosen = [name for name in ("family", "inter_family") if name in tables["candidates"].columns]
    facts = tables["candidates"].select("candidate_id", *chosen).unique("candidate_id")
    members = _members(tables, context).join(facts, on="candidate_id", maintain_order="left")
    found = [no_defects()]
    for column in chosen:
        other = members.filter(pl.col(column).is_not_null() & (pl.col(column) != SPOUSES))
        where = "at the inter " if column == "inter_family" else ""
        problem = pl.format(f"has chosen {{}} {where}and links the request to another.", column)
        hint = "One strategy at most, the same at inter and intra: take the link out, or the strategy."
        found.append(wrong_cells(C35, "links", "candidate_id", other, problem, hint))
    spouse = (pl.col("family") == SPOUSES).fill_null(False)
    halved = members.filter(~spouse & spouse.any().over("link_id") & pl.col("family").is_null())
    alone = f"asks for no {SPOUSES}, and a candidate linked to it does."
    return pl.concat([*found, wrong_cells(C35, "links", "candidate_id", halved, alone)])


def linked_requests_take_part_together(tables: Tables, context: Context) -> pl.DataFrame:
    members = _members(tables, context)
    if members.is_empty() or context.rules.is_none:
        return no_defects()
    people = tables["candidates"]
    reasons = MOVEMENTS[context.rules.movement].request_reasons(people, context.rules).alias("reason")
    judged = people.select("candidate_id").with_columns(reasons).unique("candidate_id")
    rows = members.join(judged, on="candidate_id", maintain_order="left")
    others = rows.filter(pl.col("reason").is_not_null() & pl.col("reason").is_null().any().over("link_id"))
    says = {reason: f"takes no part, and is linked. {reason_sentence(reason, 'en')}" for reason in others["reason"]}
    hint = "Take the link out, or every request of it."
    return wrong_cells(C36, "links", "candidate_id", others, told("reason", says), hint)


def _members(tables: Tables, context: Context) -> pl.DataFrame:
    """Rows of links whose members are known, with the first of their link: #row, link_id, candidate_id, first."""
    links = tables["links"].drop_nulls(["link_id", "candidate_id"])
    if context.rules.movement == JUDGED_LATER:
        links = links.clear()
    known = links.join(tables["candidates"], on="candidate_id", how="semi", maintain_order="left")
    first = pl.col("candidate_id").min().over("link_id")
    return known.select("#row", "link_id", "candidate_id", first=first)


def _wish() -> pl.Expr:
    return pl.concat_str("kind", "code", "school_type", separator=" ", ignore_nulls=True).alias("wish")
