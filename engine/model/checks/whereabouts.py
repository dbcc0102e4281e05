"""The zones a place says it is in agree, and candidates ask where they are."""

from __future__ import annotations

import polars as pl

from engine.model.checks.candidates import not_in_force
from engine.model.checks.context import Context, Tables, ground
from engine.model.checks.lookups import close_codes, suggestion, wrong_cells
from engine.model.defects import Rule, no_defects
from engine.model.geography import academies
from engine.model.zones import ZR_COLUMN, places_of_zones

C25 = Rule(
    "C25", "A commune is in one département, a département and a groupement are in one académie, all of the session."
)
C30 = Rule("C30", "At the intra a holder asks for places in the académie of his post.")


def codes_of_places_agree(tables: Tables, context: Context) -> pl.DataFrame:
    if not context.is_intra:
        return no_defects()
    places = tables["places"]
    found = [_in_one(places, "grouping", "academy", "Zones of one code are one zone: give each its own.")]
    if context.has_intra_rules:
        found += _as_the_law_has_them(places, context)
    else:
        found += [_in_one(places, "commune", "department"), _in_one(places, "department", "academy")]
    return pl.concat(found)


def _as_the_law_has_them(places: pl.DataFrame, context: Context) -> list[pl.DataFrame]:
    """Départements and académies of the session, and whether each place is inside those it names."""
    known = academies(context.session)
    of_department = {department: academy.code for academy in known.values() for department in academy.departments}
    department, legal = pl.col("department"), pl.col("#legal")
    unknown = places.filter(~department.is_in(list(of_department)))
    hint = suggestion("department", close_codes(unknown["department"], pl.Series(list(of_department))), "a département")
    strayed = places.with_columns(_replaced(department, of_department).alias("#legal"))
    strayed = strayed.filter((pl.col("academy") != legal) & pl.col("academy").is_in(list(known)))
    elsewhere = pl.format("is not the académie of département {}, which is {}.", department, legal)
    first = pl.when(department.str.starts_with("97")).then(pl.lit("97")).otherwise(department)
    outside = places.filter(department.is_in(list(of_department)) & ~pl.col("commune").str.starts_with(first))
    begins = pl.format("does not begin with the number of its département, {}.", department)
    return [
        wrong_cells(C25, "places", "department", unknown, "is no département.", hint),
        not_in_force(places, "academy", set(known), context.session, table="places"),
        wrong_cells(C25, "places", "academy", strayed, elsewhere),
        wrong_cells(
            C25, "places", "commune", outside, begins, "A commune is named by its INSEE code: 01004, not 1004."
        ),
    ]


def _replaced(column: pl.Expr, values: dict[str, str]) -> pl.Expr:
    return column.replace_strict(values, default=None, return_dtype=pl.String)


def _in_one(places: pl.DataFrame, column: str, wider: str, hint: str = "") -> pl.DataFrame:
    """Defects of the places whose zone lies elsewhere by other rows: the fewer rows are the ones in doubt."""
    located = places.drop_nulls([column, wider])
    counted = located.group_by(column, wider).agg(rows=pl.len()).sort("rows", wider, descending=[True, False])
    usual = counted.unique(column, keep="first", maintain_order=True).select(column, pl.col(wider).alias("#usual"))
    strayed = located.join(usual, on=column, maintain_order="left").filter(pl.col(wider) != pl.col("#usual"))
    problem = pl.format(f"is of {wider} {{}} here and of {{}} elsewhere.", wider, "#usual")
    return wrong_cells(C25, "places", column, strayed, problem, hint)


def holders_ask_in_their_academy(tables: Tables, context: Context) -> pl.DataFrame:
    """An entrant whose former post was left in the table could else keep it."""
    if not context.is_intra:
        return no_defects()
    where = tables["places"].select("place_id", own="academy").drop_nulls()
    posts = tables["posts"].select("place_id", held_post="post_id").unique("held_post").join(where, on="place_id")
    holders = tables["candidates"].join(posts, on="held_post").sort("#row")
    wishes, zones = tables["wishes"].select("candidate_id", "rank", "kind", "code"), _academies_of_zones(tables)
    here = _asked_at_home(holders, wishes.filter(pl.col("rank") == 1), zones)
    others = holders.join(here, on="candidate_id", how="anti", maintain_order="left")  # few: most ask there first
    here = _asked_at_home(others, wishes, zones)
    away = others.join(here, on="candidate_id", how="anti", maintain_order="left")
    asked = wishes.join(away, on="candidate_id", how="semi").join(zones, on=["kind", "code"], how="semi")
    away = away.join(asked, on="candidate_id", how="semi", maintain_order="left")
    problem = pl.format("is a post of académie {}, where the candidate asks for nothing.", "own")
    hint = "An entrant from the inter movement holds no post any more: leave held_post empty."
    return wrong_cells(C30, "candidates", "held_post", away, problem, hint)


def _asked_at_home(holders: pl.DataFrame, wishes: pl.DataFrame, zones: pl.DataFrame) -> pl.DataFrame:
    """Wishes of holders for something in the académie of their post."""
    own = wishes.join(holders.select("candidate_id", academy="own").unique("candidate_id"), on="candidate_id")
    return own.join(zones, on=["kind", "code", "academy"], how="semi")


def _academies_of_zones(tables: Tables) -> pl.DataFrame:
    """Where zones and posts are: kind, code, academy."""
    posts = tables["posts"].select(kind=pl.lit("POST"), code="post_id", place_id="place_id")
    bearing = [
        tables["places"].select(kind=pl.lit(kind), code=pl.col(column), place_id="place_id")
        for kind, column in ZR_COLUMN.items()
    ]
    places = pl.concat([places_of_zones(ground(tables)), posts, *bearing])
    located = tables["places"].select("place_id", "academy").drop_nulls()
    return places.join(located, on="place_id").select("kind", "code", "academy").unique()
