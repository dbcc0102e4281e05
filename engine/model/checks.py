"""Cross-table checks C1.. of a campaign, each a sentence and one small function that finds every row that breaks it.

A check reads typed tables with ``#row`` and ignores empty cells: those are reported where they are required.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from engine.model.defects import Rule, defects, no_defects
from engine.model.geography import all_academies, departments
from engine.model.reading import row_owner
from engine.model.schemas import WISH_KINDS, key_columns

Tables = Mapping[str, pl.DataFrame]
Domains = Mapping[str, Mapping[str, tuple[int, int]]]  # column -> value -> first and last session it exists in

C1 = Rule("C1", "A post is in a place of the table places.")
C2 = Rule("C2", "A wish is made by a candidate of the table candidates.")
C3 = Rule(
    "C3", "A code is checked against what its kind names: ETB, ZRE, ACA, DPT a place, POST a post, the others a zone."
)
C4 = Rule("C4", "The wishes of a candidate are ranked 1, 2, 3 ... without gaps.")
C5 = Rule("C5", "A post held is a post of the table posts.")
C6 = Rule("C6", "A candidate holds a post of his own discipline.")
C7 = Rule("C7", "A post has no more holders and vacant seats than it has positions, and closes no more than that.")
C8 = Rule("C8", "A value of a rulebook's column exists in the session of the campaign.")
C9 = Rule("C9", "A code of an académie or département is one in force in the session, or a place of the campaign.")
C10 = Rule("C10", "A link has two or more members, each a candidate, each in one link.")
C11 = Rule("C11", "A zone, an opinion, an extension and a closure speak of what is in the campaign.")
C12 = Rule("C12", "Where the rulebook is none, every wish comes with its points.")
C13 = Rule("C13", "A place of this movement is of the kind the movement assigns to.")

PLACE_KIND_OF_WISH = {"ETB": "ETB", "ZRE": "ZR", "ACA": "ACA", "DPT": "DPT"}
ZONE_COLUMN = {
    "COM": "commune",
    "GEO": "grouping",
    "DPT": "department",
    "ACA": "academy",
    "ZRD": "department",
    "ZRA": "academy",
}


@dataclass(frozen=True)
class Context:
    """What the checks know beside the tables."""

    movement: str
    rulebook: str
    session: int
    domains: Domains


Check = Callable[[Tables, Context], pl.DataFrame]


def cross_table_defects(tables: Tables, context: Context) -> pl.DataFrame:
    """Defects found by every check whose tables could be read, their keys at least."""
    named = {name: table for name, table in tables.items() if _is_named(name, table)}
    found = [check(named, context) for names, check in CHECKS if all(name in named for name in names)]
    return pl.concat([no_defects(), *found])


def _is_named(name: str, table: pl.DataFrame) -> bool:
    """Whether some row has a key: a column of keys that is all of another type was reported as a whole."""
    return table.is_empty() or all(table[key].null_count() < table.height for key in key_columns(name))


def posts_are_in_places(tables: Tables, _: Context) -> pl.DataFrame:
    return _unknown(C1, "posts", "place_id", tables["posts"], tables["places"]["place_id"], "names no place.")


def wishes_are_of_candidates(tables: Tables, _: Context) -> pl.DataFrame:
    known = tables["candidates"]["candidate_id"]
    return _unknown(C2, "wishes", "candidate_id", tables["wishes"], known, "names no candidate.")


def codes_name_zones(tables: Tables, _: Context) -> pl.DataFrame:
    zones = named_zones(tables)
    wishes = tables["wishes"].drop_nulls(["kind", "code"]).filter(pl.col("kind").is_in(WISH_KINDS))
    unknown = wishes.join(zones, on=["kind", "code"], how="anti", maintain_order="left")
    what = {kind: f"names no {_what(kind)}." for kind in unknown["kind"].unique()}
    hints = _close_codes(unknown, zones)
    return defects(
        C3,
        "wishes",
        unknown,
        column="code",
        value=pl.col("code"),
        who=row_owner(unknown.columns),
        problem=pl.col("kind").replace_strict(what, return_dtype=pl.String) if what else "",
        hint=hints,
    )


def ranks_have_no_gaps(tables: Tables, _: Context) -> pl.DataFrame:
    ranked = tables["wishes"].drop_nulls(["candidate_id", "rank"]).filter(pl.col("rank") >= 1)
    last = ranked.group_by("candidate_id").agg(last=pl.col("rank").max(), given=pl.col("rank").n_unique())
    ranked = ranked.join(last.filter(pl.col("last") > pl.col("given")), on="candidate_id", how="semi")
    distinct = ranked.unique(["candidate_id", "rank"], maintain_order=True).sort("candidate_id", "rank")
    previous = pl.col("rank").shift(1, fill_value=0).over("candidate_id")
    gaps = distinct.with_columns(previous.alias("#previous")).filter(pl.col("rank") != pl.col("#previous") + 1)
    problem = pl.format("follows rank {} of the same candidate: ranks are missing between them.", "#previous")
    return defects(
        C4, "wishes", gaps, column="rank", value=pl.col("rank"), who=row_owner(gaps.columns), problem=problem
    )


def held_posts_exist(tables: Tables, _: Context) -> pl.DataFrame:
    known = tables["posts"]["post_id"]
    return _unknown(C5, "candidates", "held_post", tables["candidates"], known, "names no post.")


def holders_are_of_the_discipline(tables: Tables, _: Context) -> pl.DataFrame:
    posts = (
        tables["posts"]
        .select(held_post="post_id", post_discipline="discipline")
        .unique("held_post", maintain_order=True)
    )
    held = tables["candidates"].join(posts, on="held_post", maintain_order="left")
    wrong = held.filter(pl.col("discipline") != pl.col("post_discipline"))
    problem = pl.format("is a post of {}, and the candidate takes part in {}.", "post_discipline", "discipline")
    return defects(
        C6,
        "candidates",
        wrong,
        column="held_post",
        value=pl.col("held_post"),
        who=row_owner(wrong.columns),
        problem=problem,
    )


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
    return defects(
        C7,
        "posts",
        overfull,
        column="positions",
        value=pl.col("positions"),
        who=row_owner(overfull.columns),
        problem=problem,
    )


def values_exist_in_the_session(tables: Tables, context: Context) -> pl.DataFrame:
    candidates, session, found = tables["candidates"], context.session, [no_defects()]
    for column, domain in context.domains.items():
        allowed = [value for value, (first, last) in domain.items() if first <= session <= last]
        wrong = candidates.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(allowed))
        if wrong.is_empty():
            continue
        says = {value: _outside(value, column, domain, session, allowed) for value in wrong[column].unique()}
        problem = pl.col(column).replace_strict(says, return_dtype=pl.String)
        found.append(
            defects(
                C8,
                "candidates",
                wrong,
                column=column,
                value=pl.col(column),
                who=row_owner(wrong.columns),
                problem=problem,
            )
        )
    return pl.concat(found)


def codes_are_in_force(tables: Tables, context: Context) -> pl.DataFrame:
    session = context.session
    places = set(tables["places"]["place_id"].drop_nulls())
    known = {a.code for a in all_academies() if a.first_session <= session <= a.last_session} | places
    columns = ("spouse_academy", "training_academy", "reinstatement_academy", "overseas_interests")
    found = [_not_in_force(tables["candidates"], column, known, session) for column in columns]
    found.append(_not_in_force(tables["candidates"], "spouse_department", set(departments()) | places, session))
    return pl.concat(found)


def links_are_between_candidates(tables: Tables, _: Context) -> pl.DataFrame:
    links, candidates = tables["links"], tables["candidates"]["candidate_id"]
    unknown = _unknown(C10, "links", "candidate_id", links, candidates, "names no candidate.")
    several = links.filter(pl.col("candidate_id").is_duplicated() & pl.col("candidate_id").is_not_null())
    alone = links.filter(pl.len().over("link_id") == 1)
    return pl.concat(
        [
            unknown,
            defects(
                C10,
                "links",
                several,
                column="candidate_id",
                value=pl.col("candidate_id"),
                problem="is in several links.",
            ),
            defects(C10, "links", alone, column="link_id", value=pl.col("link_id"), problem="has one member only."),
        ]
    )


def side_tables_refer_to_rows(tables: Tables, _: Context) -> pl.DataFrame:
    found = [no_defects()]
    known = {
        "place_id": tables["places"]["place_id"],
        "candidate_id": tables["candidates"]["candidate_id"],
        "post_id": tables["posts"]["post_id"],
    }
    references = {"zones": ("place_id",), "opinions": ("candidate_id", "post_id"), "closures": ("post_id",)}
    for table, columns in references.items():
        for column in columns if table in tables else ():
            problem = f"names no {column.removesuffix('_id')}."
            found.append(_unknown(C11, table, column, tables[table], known[column], problem))
    if "extension" in tables:
        zones = named_zones(tables)
        unknown = tables["extension"].join(zones, on=["kind", "code"], how="anti", maintain_order="left")
        found.append(defects(C11, "extension", unknown, column="code", value=pl.col("code"), problem="names no zone."))
    return pl.concat(found)


def points_come_with_the_wishes(tables: Tables, context: Context) -> pl.DataFrame:
    if context.rulebook != "none":
        return no_defects()
    missing = tables["wishes"].filter(pl.col("points").is_null())
    return defects(C12, "wishes", missing, column="points", who=row_owner(missing.columns), problem="is empty.")


def places_are_of_the_movement(tables: Tables, context: Context) -> pl.DataFrame:
    kind = {"inter": "ACA", "interdepartemental": "DPT"}.get(context.movement)
    if kind is None:
        return no_defects()
    wrong = tables["places"].filter(pl.col("kind") != kind)
    problem = f"is not {kind}, the kind of place the movement {context.movement} assigns to."
    found = [
        defects(
            C13, "places", wrong, column="kind", value=pl.col("kind"), who=row_owner(wrong.columns), problem=problem
        )
    ]
    if context.rulebook.startswith("inter") and kind == "ACA":
        session = context.session
        known = {a.code for a in all_academies() if a.first_session <= session <= a.last_session}
        found.append(_not_in_force(tables["places"], "place_id", known, session, table="places"))
    return pl.concat(found)


CHECKS: tuple[tuple[tuple[str, ...], Check], ...] = (
    (("posts", "places"), posts_are_in_places),
    (("wishes", "candidates"), wishes_are_of_candidates),
    (("wishes", "places", "posts"), codes_name_zones),
    (("wishes",), ranks_have_no_gaps),
    (("candidates", "posts"), held_posts_exist),
    (("candidates", "posts"), holders_are_of_the_discipline),
    (("candidates", "posts"), posts_are_not_overfull),
    (("candidates",), values_exist_in_the_session),
    (("candidates", "places"), codes_are_in_force),
    (("links", "candidates"), links_are_between_candidates),
    (("places", "posts", "candidates"), side_tables_refer_to_rows),
    (("wishes",), points_come_with_the_wishes),
    (("places",), places_are_of_the_movement),
)


def named_zones(tables: Tables) -> pl.DataFrame:
    """Every zone a wish may name: columns kind, code."""
    places, posts = tables["places"], tables["posts"]
    parts = [
        places.filter(pl.col("kind") == kind).select(kind=pl.lit(wish), code="place_id")
        for wish, kind in PLACE_KIND_OF_WISH.items()
    ]
    parts += [places.select(kind=pl.lit(wish), code=column) for wish, column in ZONE_COLUMN.items()]
    parts.append(posts.select(kind=pl.lit("POST"), code="post_id"))
    if "zones" in tables:
        parts.append(tables["zones"].select(kind="zone_kind", code="zone_code"))
    return pl.concat(parts).drop_nulls().unique().sort("kind", "code")


def _unknown(rule: Rule, table: str, column: str, rows: pl.DataFrame, known: pl.Series, problem: str) -> pl.DataFrame:
    unknown = rows.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(known.drop_nulls().unique().implode()))
    close = {
        value: get_close_matches(value, _pool(value, known), 1) for value in unknown[column].unique().sort().head(100)
    }
    hint = _hints(
        column,
        {value: match[0] for value, match in close.items() if match},
        f"which is in {known.name.removesuffix('_id')}s",
    )
    return defects(
        rule,
        table,
        unknown,
        column=column,
        value=pl.col(column),
        who=row_owner(unknown.columns),
        problem=problem,
        hint=hint,
    )


def _pool(value: str, known: pl.Series) -> list[str]:
    """Known codes worth comparing with a wrong one: those that start alike, so that large tables stay quick."""
    return known.filter(known.str.starts_with(value[:3])).unique().sort().head(2000).to_list()


def _close_codes(unknown: pl.DataFrame, zones: pl.DataFrame) -> pl.Expr | str:
    codes = zones["code"]
    close = {
        value: get_close_matches(value, _pool(value, codes), 1) for value in unknown["code"].unique().sort().head(100)
    }
    return _hints(
        "code", {value: match[0] for value, match in close.items() if match}, "which is a zone of the campaign"
    )


def _hints(column: str, close: Mapping[str, str], where: str) -> pl.Expr | str:
    sentences = {value: f"Maybe {match}, {where}?" for value, match in close.items()}
    return pl.col(column).replace_strict(sentences, default="", return_dtype=pl.String) if sentences else ""


def _what(kind: str) -> str:
    if kind in PLACE_KIND_OF_WISH:
        return f"place of kind {PLACE_KIND_OF_WISH[kind]}"
    return "post" if kind == "POST" else f"zone: no place has it as its {ZONE_COLUMN[kind]}"


def _outside(value: str, column: str, domain: Mapping[str, tuple[int, int]], session: int, allowed: list[str]) -> str:
    if value in domain:
        first, last = domain[value]
        return f"exists in sessions {first} to {last}, not in {session}."
    if " " in value:
        return f"holds several values, and {column} takes one at most: {', '.join(allowed)}."
    return f"is none of {', '.join(allowed)}."


def _not_in_force(
    rows: pl.DataFrame, column: str, known: set[str], session: int, table: str = "candidates"
) -> pl.DataFrame:
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
    return defects(C9, table, wrong, column=column, value=pl.col(column), who=row_owner(wrong.columns), problem=problem)
