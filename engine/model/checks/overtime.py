"""What came after the requests: evidence, changes, corrections of points, revisions of assignments."""

from __future__ import annotations

from datetime import date

import polars as pl

from engine.model.checks.context import Context, Tables
from engine.model.checks.lookups import unknown, wrong_cells
from engine.model.criteria.family import STRATEGIES
from engine.model.defects import Rule, defects, no_defects

C71 = Rule("C71", "Evidence, changes and corrections are judged by the calendar of a rulebook, and are of candidates.")
C72 = Rule("C72", "Evidence and corrections are for a criterion of the rulebook; a correction for one, once a wish.")
C73 = Rule("C73", "A change of a request has one day and one reason, the same for all who are linked.")
C74 = Rule(
    "C74", "Points are corrected by the day of the calendar; after a second display those corrected before alone."
)
C75 = Rule("C75", "A revision has a reason of late requests and was asked for by the last day of the calendar.")
C77 = Rule("C77", "A request has one family strategy; a correction that gives points of another is for every wish.")

AFTERWARDS = ("evidence", "amendments", "corrections")


def afterwards_has_rules(tables: Tables, context: Context) -> pl.DataFrame:
    given = [name for name in AFTERWARDS if name in tables and not tables[name].is_empty()]
    if not context.rules.is_none or not given:
        return no_defects()
    problem = "has rows, and the campaign has no rulebook whose calendar they are judged by."
    hint = "Without a rulebook points and wishes are taken as they are given: correct them in the table wishes."
    return pl.concat(defects(C71, name, problem=problem, hint=hint) for name in given)


def afterwards_is_of_candidates(tables: Tables, _: Context) -> pl.DataFrame:
    known, problem = tables["candidates"]["candidate_id"], "names no candidate."
    named = ("evidence", "corrections")  # changed wishes are checked as wishes are
    return pl.concat(unknown(C71, name, "candidate_id", tables[name], known, problem) for name in named)


def criteria_are_of_the_rulebook(tables: Tables, context: Context) -> pl.DataFrame:
    if context.rules.is_none:
        return no_defects()
    known = pl.Series("criterion", context.rules.criteria, dtype=pl.String)
    problem = f"is no criterion of {context.rules.rulebook} in session {context.session}."
    return pl.concat(
        unknown(C72, name, "criterion", tables[name], known, problem) for name in ("evidence", "corrections")
    )


def corrections_are_of_wishes(tables: Tables, _: Context) -> pl.DataFrame:
    rows = tables["corrections"].drop_nulls(["candidate_id", "criterion"])
    asked = tables["wishes"].select("candidate_id", "rank")
    if "amendments" in tables:
        asked = pl.concat([asked, tables["amendments"].select("candidate_id", "rank")])
    unasked = rows.drop_nulls("rank").join(asked, on=["candidate_id", "rank"], how="anti", maintain_order="left")
    twice = rows.filter(~pl.struct("candidate_id", "criterion", "rank").is_first_distinct())
    both = pl.col("rank").is_null().any() & pl.col("rank").is_not_null().any()
    beside = rows.filter(both.over("candidate_id", "criterion") & pl.col("rank").is_not_null())
    return pl.concat(
        [
            wrong_cells(C72, "corrections", "rank", unasked, "is no wish of the candidate."),
            wrong_cells(
                C72, "corrections", "criterion", twice, "is corrected before for the same wish.", "Keep the last."
            ),
            wrong_cells(C72, "corrections", "rank", beside, "is corrected beside a correction on every wish."),
        ]
    )


def corrections_keep_one_strategy(tables: Tables, _: Context) -> pl.DataFrame:
    """A correction that gives points of a family strategy makes it the strategy of the request."""
    rows = tables["corrections"].drop_nulls(["candidate_id", "criterion", "points"])
    given = rows.filter(pl.col("criterion").is_in(STRATEGIES) & (pl.col("points") > 0))
    another = pl.col("criterion") != pl.col("criterion").first().over("candidate_id")
    own = (
        tables["candidates"].select("candidate_id", "family").unique("candidate_id", keep="first", maintain_order=True)
    )
    there = given.join(own, on="candidate_id", how="left", maintain_order="left")
    precise = there.filter(pl.col("rank").is_not_null() & pl.col("criterion").ne_missing(pl.col("family")))
    takes = "Leave the rank empty: the strategy then takes the place of that of the request."
    return pl.concat(
        [
            wrong_cells(C77, "corrections", "criterion", given.filter(another), "gets points beside another strategy."),
            wrong_cells(
                C77, "corrections", "rank", precise, "is for a strategy that is not that of the request.", takes
            ),
        ]
    )


def changes_are_whole(tables: Tables, _: Context) -> pl.DataFrame:
    rows = tables["amendments"].drop_nulls(["candidate_id", "rank"])
    several = [(pl.col(name).n_unique() > 1).over("candidate_id") for name in ("date", "ground")]
    return pl.concat(
        [
            wrong_cells(C73, "amendments", "date", rows.filter(several[0]), "differs from row to row of a candidate."),
            wrong_cells(
                C73, "amendments", "ground", rows.filter(several[1]), "differs from row to row of a candidate."
            ),
        ]
    )


def linked_requests_change_together(tables: Tables, _: Context) -> pl.DataFrame:
    changed = tables["amendments"].unique("candidate_id", keep="first", maintain_order=True)
    rows = tables["links"].join(changed.drop("#row"), on="candidate_id", how="left", maintain_order="left")
    unlike = [(pl.col(name).n_unique() > 1).over("link_id") for name in ("date", "ground")]
    problem = "changes the request on another day, or for another reason, than somebody linked to it, or alone."
    return wrong_cells(C73, "links", "candidate_id", rows.filter(pl.any_horizontal(unlike)), problem)


def corrections_are_in_time(tables: Tables, context: Context) -> pl.DataFrame:
    if context.rules.is_none:
        return no_defects()
    first, again = (context.rules.day("calendar", key) for key in ("corrections", "corrections_again"))
    if first is None:
        return no_defects()
    rows = tables["corrections"].drop_nulls(["candidate_id", "date"])
    before = (pl.col("date") <= first).any().over("candidate_id")
    late = rows.filter(pl.col("date") > (again or first))
    alone = rows.filter((pl.col("date") > first) & (pl.col("date") <= (again or first)) & ~before)
    hint = "Points are final then; a decision outside the barème is a row of the table decisions."
    only = f"is after {first}, and the points of the candidate were not corrected before."
    return pl.concat(
        [
            wrong_cells(C74, "corrections", "date", late, f"is after {again or first}.", hint),
            wrong_cells(C74, "corrections", "date", alone, only, hint),
        ]
    )


def revisions_are_admitted(tables: Tables, context: Context) -> pl.DataFrame:
    rows = tables["decisions"].filter(pl.col("ground").is_not_null() | pl.col("asked").is_not_null())
    if rows.is_empty():
        return no_defects()
    last: date | None = None if context.rules.is_none else context.rules.day("calendar", "revision")
    known = () if context.rules.is_none else context.rules.codes("requests", "late_reasons")
    groundless = rows.filter(pl.col("ground").is_null() | ~pl.col("ground").is_in(known))
    late = rows.filter(pl.col("asked") > pl.lit(last, pl.Date))
    listed = f"is none of {', '.join(known)}." if known else "is judged by a rulebook, and the campaign has none."
    return pl.concat(
        [
            wrong_cells(C75, "decisions", "ground", groundless, listed, "An unwanted assignment is no ground."),
            wrong_cells(C75, "decisions", "asked", late, f"is after {last}."),
        ]
    )
