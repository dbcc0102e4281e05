"""The table `zones`: places put into zones, without contradiction, in order where there is one."""

from __future__ import annotations

import polars as pl

from engine.model.checks.context import Context, Tables
from engine.model.checks.lookups import unknown
from engine.model.checks.references import C11, ZONE_COLUMN
from engine.model.defects import Rule, defects, no_defects
from engine.model.ordered import TABLE_ZONE, parts_of
from engine.model.zones import ZR_COLUMN

C15 = Rule(
    "C15",
    "The table zones puts places into zones: schools into COM, GEO, DPT, ACA, ZRs into ZRD, ZRA; at the TZR "
    "adjustment schools into ZRE.",
)
C16 = Rule("C16", "Places of an ordered zone all have a position: 1, 2, 3 ..., each one place or one whole commune.")
C17 = Rule("C17", "A zone that the columns of places make has the same places in the table zones.")
C18 = Rule("C18", "Groupements may overlap; a place is in one commune, one département, one académie.")

KINDS_HELD = {
    "COM": ("ETB",),
    "GEO": ("ETB",),
    "DPT": ("ETB", "DPT"),
    "ACA": ("ETB", "DPT", "ACA"),
    "ZRD": ("ZR",),
    "ZRA": ("ZR",),
}
"""Kinds of places that a zone of each kind may hold."""

COVERED = {"ZRE": ("ETB",)}
"""The same at the TZR adjustment alone: the schools that a zone de remplacement covers."""


def _kinds_held(context: Context) -> dict[str, tuple[str, ...]]:
    return KINDS_HELD | (COVERED if context.movement == "tzr" else {})


def zones_hold_places(tables: Tables, context: Context) -> pl.DataFrame:
    zones, places = tables["zones"].drop_nulls([*TABLE_ZONE, "place_id"]), tables["places"]
    named = zones.filter(pl.col("place_id").is_in(_codes(tables).implode()))
    wrongly = named.join(places, on="place_id", how="anti", maintain_order="left")
    others = zones.join(wrongly, on="#row", how="anti", maintain_order="left")
    found = [
        unknown(C11, "zones", "place_id", others, places["place_id"], "names no place."),
        _alone(zones, context),
        _zones_in_zones(wrongly),
        _of_another_kind(zones, places, context),
    ]
    return pl.concat(found)


def _cells(rule: Rule, column: str, rows: pl.DataFrame, problem: str | pl.Expr, hint: str = "") -> pl.DataFrame:
    """Defects of a column of the table, which say of which zone they speak."""
    who = pl.format("{} {}", "zone_kind", "zone_code")
    return defects(rule, "zones", rows, column=column, value=pl.col(column), who=who, problem=problem, hint=hint)


def _codes(tables: Tables) -> pl.Series:
    """Codes of zones of several places, by table and by column."""
    by_column = [tables["places"][column].rename("code") for column in ("commune", "grouping", "department", "academy")]
    return pl.concat([*by_column, tables["zones"]["zone_code"].rename("code")]).drop_nulls().unique()


def _alone(zones: pl.DataFrame, context: Context) -> pl.DataFrame:
    single = zones.filter(~pl.col("zone_kind").is_in(list(_kinds_held(context))))
    return _cells(C15, "zone_kind", single, "names one thing by itself, and takes no table of places.")


def _zones_in_zones(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that put a zone into a zone; those that lead back to where they start say so."""
    in_circle = pl.col("zone_code").is_in(_in_circles(rows)) & pl.col("place_id").is_in(_in_circles(rows))
    itself = pl.col("place_id") == pl.col("zone_code")
    problem = (
        pl.when(itself)
        .then(pl.lit("is the zone itself, not a place."))
        .when(in_circle)
        .then(pl.format("is a zone, not a place, and leads back to {}.", "zone_code"))
        .otherwise(pl.lit("is a zone, not a place."))
    )
    hint = "List the places of the zone one by one."
    return _cells(C15, "place_id", rows, problem, hint)


def _in_circles(rows: pl.DataFrame) -> list[str]:
    """Zones that name each other in a circle: what is left when those that name none, or that none names, are gone."""
    left = rows.select(zone="zone_code", named="place_id").unique()
    while True:
        inner = left.filter(
            pl.col("named").is_in(left["zone"].implode()) & pl.col("zone").is_in(left["named"].implode())
        )
        if inner.height == left.height:
            return sorted(inner["zone"].unique())
        left = inner


def _of_another_kind(zones: pl.DataFrame, places: pl.DataFrame, context: Context) -> pl.DataFrame:
    listed = zones.join(
        places.select("place_id", place_kind="kind").unique("place_id"), on="place_id", maintain_order="left"
    )
    found = [no_defects()]
    for kind, held in _kinds_held(context).items():
        rows = listed.filter((pl.col("zone_kind") == kind) & ~pl.col("place_kind").is_in(held))
        problem = pl.format(f"is a place of kind {{}}, and a {kind} holds {' or '.join(held)}.", "place_kind")
        found.append(_cells(C15, "place_id", rows, problem))
    return pl.concat(found)


def positions_are_an_order(tables: Tables, context: Context) -> pl.DataFrame:
    zones = tables["zones"].drop_nulls([*TABLE_ZONE, "place_id"])
    ordered = zones.filter(pl.col("position").is_not_null().any().over(TABLE_ZONE))
    missing, placed = ordered.filter(pl.col("position").is_null()), ordered.filter(pl.col("position") >= 1)
    problem = pl.format("is empty for {}, where other places of the zone have one.", "place_id")
    found = [_cells(C16, "position", missing, problem), _gaps(placed), _shared(placed, tables["places"])]
    if context.has_intra_rules and context.rules.flag("wishes", "geo_is_ordered"):
        found.append(_unordered(tables, placed))
    return pl.concat(found)


def _gaps(placed: pl.DataFrame) -> pl.DataFrame:
    distinct = placed.unique([*TABLE_ZONE, "position"], keep="first", maintain_order=True).sort(*TABLE_ZONE, "position")
    previous = pl.col("position").shift(1, fill_value=0).over(TABLE_ZONE)
    gaps = distinct.with_columns(previous.alias("#previous")).filter(pl.col("position") != pl.col("#previous") + 1)
    problem = pl.format("follows position {} of the same zone: positions are missing between them.", "#previous")
    return _cells(C16, "position", gaps, problem)


def _shared(placed: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Places that share a position without being the schools of one commune."""
    parts = parts_of(places, placed).filter(pl.col("part_kind").is_null()).rename({"part": "position"})
    rows = placed.join(parts, on=[*TABLE_ZONE, "position"], how="semi", maintain_order="left")
    problem = pl.format("is that of {} and of others, which are not all the schools of one commune.", "place_id")
    hint = "Give each place its own position, or list every school of the commune at this one."
    return _cells(C16, "position", rows, problem, hint)


def _unordered(tables: Tables, placed: pl.DataFrame) -> pl.DataFrame:
    """Groupements of several communes without an order, under a rulebook that reads them as ordered lists."""
    asked = tables["wishes"].filter(pl.col("kind") == "GEO").select(grouping="code").unique()
    wide = tables["places"].group_by("grouping").agg(communes=pl.col("commune").n_unique())
    rows = wide.filter(pl.col("communes") > 1).join(asked, on="grouping", how="semi").sort("grouping")
    listed = placed.filter(pl.col("zone_kind") == "GEO").select(grouping="zone_code")
    rows = rows.join(listed, on="grouping", how="anti", maintain_order="left")
    problem = "has no positions, and the rulebook reads a groupement as the ordered list of its communes."
    hint = "List its schools in the table zones, with the position of their commune."
    return defects(C16, "zones", rows, column="zone_code", value=pl.col("grouping"), problem=problem, hint=hint)


def zones_agree_with_columns(tables: Tables, _: Context) -> pl.DataFrame:
    zones, found = tables["zones"].drop_nulls([*TABLE_ZONE, "place_id"]), [no_defects()]
    if zones.is_empty():
        return no_defects()
    for kind, column in ZONE_COLUMN.items():
        of_zones = tables["places"].filter(pl.col("kind") == ("ZR" if kind in ZR_COLUMN else "ETB"))
        held = of_zones.select("place_id", zone_code=column).drop_nulls()
        listed = zones.filter(pl.col("zone_kind") == kind).join(
            of_zones, on="place_id", how="semi", maintain_order="left"
        )
        found += _differences(listed, held, kind, column)
        found.append(no_defects() if kind == "GEO" else _overlaps(listed, held, column))
    return pl.concat(found)


def _differences(listed: pl.DataFrame, held: pl.DataFrame, kind: str, column: str) -> list[pl.DataFrame]:
    """A zone given twice, by table and by column, with other places."""
    keys = ["zone_code", "place_id"]
    both = listed.join(held, on="zone_code", how="semi", maintain_order="left")
    added = both.join(held, on=keys, how="anti", maintain_order="left")
    first = both.group_by("zone_code").agg(pl.col("#row").min())
    lacking = held.join(both, on=keys, how="anti").join(first, on="zone_code").sort("#row", "place_id")
    lacking = lacking.with_columns(zone_kind=pl.lit(kind))
    hint = "Give a zone by the table or by the column, or the same places by both."
    told = pl.format(f"holds {{}} by this row, and not by the column {column} of places.", "place_id")
    untold = pl.format(f"lacks {{}}, which the column {column} of places puts there.", "place_id")
    return [
        _cells(C17, "zone_code", added, told, hint),
        _cells(C17, "zone_code", lacking, untold, hint),
    ]


def _overlaps(listed: pl.DataFrame, held: pl.DataFrame, column: str) -> pl.DataFrame:
    """Places in several zones of a kind that do not overlap."""
    alone = listed.join(held, on="zone_code", how="anti", maintain_order="left")
    by_column = held.select(
        "place_id", pl.col("zone_code").alias("#other"), pl.lit(f"the column {column}").alias("#where")
    )
    first = pl.col("zone_code").first().over("place_id")
    again = alone.with_columns(first.alias("#other"), pl.lit("an earlier row").alias("#where"))
    again = again.filter(pl.col("zone_code") != pl.col("#other"))
    rows = pl.concat([alone.join(by_column, on="place_id", maintain_order="left").select(again.columns), again])
    problem = pl.format("holds {}, which is in {} by {}.", "place_id", "#other", "#where")
    return _cells(C18, "zone_code", rows.unique("#row", keep="first", maintain_order=True), problem)
