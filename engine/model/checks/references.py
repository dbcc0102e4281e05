"""Every row speaks of rows that are there: posts, places, candidates, zones."""

from __future__ import annotations

import polars as pl

from engine.model.checks.context import Context, Tables
from engine.model.checks.lookups import close_codes, offers, suggestion, told, unknown, wrong_cells
from engine.model.defects import Rule, defects, no_defects
from engine.model.schemas import WISH_KINDS
from engine.model.zones import PLACE_KIND, SCHOOL_COLUMN, ZR_COLUMN

C1 = Rule("C1", "A post is in a place of the table places.")
C2 = Rule("C2", "A wish is made by a candidate of the table candidates.")
C3 = Rule(
    "C3", "A code is checked against what its kind names: ETB, ZRE, ACA, DPT a place, POST a post, the others a zone."
)
C5 = Rule("C5", "A post held is a post of the table posts.")
C11 = Rule("C11", "A zone, an opinion, an extension and a closure speak of what is in the campaign.")

ZONE_COLUMN = {**SCHOOL_COLUMN, **ZR_COLUMN}


def posts_are_in_places(tables: Tables, _: Context) -> pl.DataFrame:
    return unknown(C1, "posts", "place_id", tables["posts"], tables["places"]["place_id"], "names no place.")


def wishes_are_of_candidates(tables: Tables, _: Context) -> pl.DataFrame:
    known = tables["candidates"]["candidate_id"]
    return unknown(C2, "wishes", "candidate_id", tables["wishes"], known, "names no candidate.")


def codes_name_zones(tables: Tables, _: Context) -> pl.DataFrame:
    zones = named_zones(tables)
    wishes = tables["wishes"].drop_nulls(["kind", "code"]).filter(pl.col("kind").is_in(WISH_KINDS))
    wrong = wishes.join(zones, on=["kind", "code"], how="anti", maintain_order="left")
    found = [no_defects()]
    for (kind,), rows in wrong.group_by("kind", maintain_order=True):
        close = close_codes(rows["code"], zones.filter(pl.col("kind") == kind)["code"])
        hints = offers(close, "which is a zone of the campaign") | _of_another_kind(zones, rows)
        found.append(wrong_cells(C3, "wishes", "code", rows, f"names no {_what(str(kind))}.", told("code", hints)))
    return pl.concat(found)


def _of_another_kind(zones: pl.DataFrame, rows: pl.DataFrame) -> dict[str, str]:
    """For codes that are zones under another kind of wish, what to say of it."""
    there = zones.filter(pl.col("code").is_in(rows["code"].unique().implode()))
    kinds = there.sort("kind").group_by("code").agg(pl.col("kind").str.join(" or "))
    return {code: f"Maybe the kind {kind} is meant, of which it is a zone?" for code, kind in kinds.iter_rows()}


def held_posts_exist(tables: Tables, _: Context) -> pl.DataFrame:
    known = tables["posts"]["post_id"]
    return unknown(C5, "candidates", "held_post", tables["candidates"], known, "names no post.")


def side_tables_refer_to_rows(tables: Tables, _: Context) -> pl.DataFrame:
    known = {"candidate_id": tables["candidates"]["candidate_id"], "post_id": tables["posts"]["post_id"]}
    references = {"opinions": ("candidate_id", "post_id"), "closures": ("post_id",)}
    found = [no_defects()]
    for table, columns in references.items():
        for column in columns if table in tables else ():
            problem = f"names no {column.removesuffix('_id')}."
            found.append(unknown(C11, table, column, tables[table], known[column], problem))
    return pl.concat(found)


def extension_names_zones(tables: Tables, _: Context) -> pl.DataFrame:
    wrong = tables["extension"].drop_nulls(["kind", "code"])
    if wrong.is_empty():
        return no_defects()
    zones = named_zones(tables)
    wrong = wrong.join(zones, on=["kind", "code"], how="anti", maintain_order="left")
    hint = suggestion("code", close_codes(wrong["code"], zones["code"]), "which is a zone of the campaign")
    return defects(C11, "extension", wrong, column="code", value=pl.col("code"), problem="names no zone.", hint=hint)


def named_zones(tables: Tables) -> pl.DataFrame:
    """Every zone a wish may name, with posts or without: columns kind, code."""
    places, posts = tables["places"], tables["posts"]
    parts = [
        places.filter(pl.col("kind") == kind).select(kind=pl.lit(wish), code="place_id")
        for wish, kind in PLACE_KIND.items()
    ]
    parts += [places.select(kind=pl.lit(wish), code=column) for wish, column in ZONE_COLUMN.items()]
    parts.append(posts.select(kind=pl.lit("POST"), code="post_id"))
    parts.append(tables["zones"].select(kind="zone_kind", code="zone_code"))
    return pl.concat(parts).drop_nulls().unique()


def _what(kind: str) -> str:
    if kind in PLACE_KIND:
        return f"place of kind {PLACE_KIND[kind]}"
    return "post" if kind == "POST" else f"zone: no place has it as its {ZONE_COLUMN[kind]}"
