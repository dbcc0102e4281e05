"""What candidates say of themselves and ask for: ranks, posts held, values and codes of their columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from engine.model.checks.context import Context, Tables
from engine.model.checks.lookups import close_codes, suggestion, wrong_cells
from engine.model.checks.references import named_zones
from engine.model.defects import Rule, defects, no_defects
from engine.model.geography import academies, all_academies, departments
from engine.model.movements import MOVEMENTS
from engine.model.reading import row_owner

C4 = Rule("C4", "The wishes of a candidate are ranked 1, 2, 3 ... without gaps.")
C6 = Rule("C6", "A candidate holds a post of his own discipline.")
C7 = Rule("C7", "A post has no more holders and vacant seats than it has positions, and closes no more than that.")
C8 = Rule("C8", "A value of a rulebook's column exists in the session of the campaign.")
C9 = Rule("C9", "A code of an académie or département is one in force in the session, or a place of the campaign.")
C12 = Rule("C12", "Where the rulebook is none, every wish comes with its points.")
C31 = Rule("C31", "A list of codes names zones of the campaign (disability_zones), criteria (evidence_missing).")
C32 = Rule("C32", "The family's commune is an INSEE code, of the family's département where that is given too.")

INSEE = r"^(\d{2}|2[AB])\d{3}$"


def ranks_have_no_gaps(tables: Tables, _: Context) -> pl.DataFrame:
    ranked = tables["wishes"].drop_nulls(["candidate_id", "rank"]).filter(pl.col("rank") >= 1)
    last = ranked.group_by("candidate_id").agg(last=pl.col("rank").max(), given=pl.col("rank").n_unique())
    ranked = ranked.join(last.filter(pl.col("last") > pl.col("given")), on="candidate_id", how="semi")
    distinct = ranked.unique(["candidate_id", "rank"], maintain_order=True).sort("candidate_id", "rank")
    previous = pl.col("rank").shift(1, fill_value=0).over("candidate_id")
    gaps = distinct.with_columns(previous.alias("#previous")).filter(pl.col("rank") != pl.col("#previous") + 1)
    problem = pl.format("follows rank {} of the same candidate: ranks are missing between them.", "#previous")
    return wrong_cells(C4, "wishes", "rank", gaps, problem)


def holders_are_of_the_discipline(tables: Tables, _: Context) -> pl.DataFrame:
    posts = (
        tables["posts"]
        .select(held_post="post_id", post_discipline="discipline")
        .unique("held_post", maintain_order=True)
    )
    held = tables["candidates"].join(posts, on="held_post", maintain_order="left")
    wrong = held.filter(pl.col("discipline") != pl.col("post_discipline"))
    problem = pl.format("is a post of {}, and the candidate takes part in {}.", "post_discipline", "discipline")
    return wrong_cells(C6, "candidates", "held_post", wrong, problem)


def posts_are_not_overfull(tables: Tables, _: Context) -> pl.DataFrame:
    holders = tables["candidates"].drop_nulls("held_post").group_by("held_post").agg(holders=pl.len().cast(pl.Int64))
    posts = tables["posts"].filter(pl.col("positions").is_not_null() & pl.col("seats").is_not_null())
    counted = posts.join(holders, left_on="post_id", right_on="held_post", how="left", maintain_order="left")
    counted = counted.with_columns(pl.col("holders").fill_null(0))
    overfull = counted.filter(
        (pl.col("holders") + pl.col("seats").clip(lower_bound=0) > pl.col("positions"))
        | (-pl.col("seats") > pl.col("positions"))
    )
    problem = pl.format("are all there are, for {} holders and {} seats offered.", "holders", "seats")
    return wrong_cells(C7, "posts", "positions", overfull, problem)


def values_exist_in_the_session(tables: Tables, context: Context) -> pl.DataFrame:
    candidates, session, found = tables["candidates"], context.session, [no_defects()]
    for column, domain in context.rules.domains.items():
        allowed = [value for value, (first, last) in domain.items() if first <= session <= last]
        wrong = candidates.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(allowed))
        if wrong.is_empty():
            continue
        says = {value: _outside(value, column, domain, session, allowed) for value in wrong[column].unique()}
        problem = pl.col(column).replace_strict(says, return_dtype=pl.String)
        found.append(wrong_cells(C8, "candidates", column, wrong, problem))
    return pl.concat(found)


def codes_are_in_force(tables: Tables, context: Context) -> pl.DataFrame:
    session = context.session
    places = set(tables["places"]["place_id"].drop_nulls())
    columns = ("spouse_academy", "training_academy", "reinstatement_academy", "overseas_interests")
    known = set(academies(session)) | places
    found = [not_in_force(tables["candidates"], column, known, session) for column in columns]
    found.append(not_in_force(tables["candidates"], "spouse_department", set(departments()) | places, session))
    return pl.concat(found)


def points_come_with_the_wishes(tables: Tables, context: Context) -> pl.DataFrame:
    if not context.rules.is_none:
        return no_defects()
    missing = tables["wishes"].filter(pl.col("points").is_null())
    return defects(C12, "wishes", missing, column="points", who=row_owner(missing.columns), problem="is empty.")


def lists_name_what_is_there(tables: Tables, context: Context) -> pl.DataFrame:
    candidates, found = tables["candidates"], [no_defects()]
    if candidates["disability_zones"].null_count() < candidates.height:
        codes = pl.Series("zone", [*academies(context.session), *departments()])
        known = pl.concat([codes, named_zones(tables)["code"]])
        found.append(_not_listed(candidates, "disability_zones", known, "which names no zone of the campaign."))
    if candidates["evidence_missing"].null_count() < candidates.height and not context.rules.is_none:
        known = pl.Series("criterion", sorted(MOVEMENTS[context.rules.movement].criteria))
        found.append(_not_listed(candidates, "evidence_missing", known, "which is no criterion of the rulebook."))
    return pl.concat(found)


def families_are_in_one_place(tables: Tables, context: Context) -> pl.DataFrame:
    if not context.is_intra:
        return no_defects()
    candidates, commune = tables["candidates"], pl.col("spouse_commune")
    unformed = candidates.filter(~commune.str.contains(INSEE))
    beginning = pl.when(commune.str.starts_with("97")).then(commune.str.slice(0, 3)).otherwise(commune.str.slice(0, 2))
    elsewhere = candidates.filter(commune.str.contains(INSEE) & (beginning != pl.col("spouse_department")))
    hint = "A commune is named by its five-character INSEE code: 63113, 2A004, 97411."
    problem = pl.format("is not in the département {} of the family.", "spouse_department")
    return pl.concat(
        [
            wrong_cells(C32, "candidates", "spouse_commune", unformed, "is no INSEE code.", hint),
            wrong_cells(C32, "candidates", "spouse_commune", elsewhere, problem, "Leave one of the two empty."),
        ]
    )


def not_in_force(
    rows: pl.DataFrame, column: str, known: set[str], session: int, table: str = "candidates"
) -> pl.DataFrame:
    """Defects (C9) of the cells that bear the code of no académie or place in force in the session."""
    wrong = rows.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(sorted(known)))
    once = {
        a.code: f"was {a.name} until session {a.last_session}." for a in all_academies() if a.last_session < session
    }
    later = {
        a.code: f"is {a.name} from session {a.first_session} on." for a in all_academies() if a.first_session > session
    }
    problem = pl.col(column).replace_strict(
        once | later, default=f"is no code in force in session {session}.", return_dtype=pl.String
    )
    return wrong_cells(C9, table, column, wrong, problem)


def _outside(value: str, column: str, domain: Mapping[str, tuple[int, int]], session: int, allowed: list[str]) -> str:
    if value in domain:
        first, last = domain[value]
        return f"exists in sessions {first} to {last}, not in {session}."
    if " " in value:
        return f"holds several values, and {column} takes one at most: {', '.join(allowed)}."
    return f"is none of {', '.join(allowed)}."


def _not_listed(candidates: pl.DataFrame, column: str, known: pl.Series, problem: str) -> pl.DataFrame:
    """Defects of the codes in a column of lists that are not known."""
    listed = candidates.with_columns(pl.col(column).str.split(" ").alias("#listed")).explode("#listed")
    given = listed.filter(pl.col("#listed").is_not_null() & (pl.col("#listed") != ""))
    wrong = given.filter(~pl.col("#listed").is_in(known.unique().implode()))
    hint = suggestion("#listed", close_codes(wrong["#listed"], known), f"which is a {known.name}")
    return wrong_cells(C31, "candidates", column, wrong, pl.format(f"lists {{}}, {problem}", "#listed"), hint)
