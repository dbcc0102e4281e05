"""The TZR adjustment: TZR on their zones, needs of schools, attachments; hours that can be met."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import polars as pl

from engine.model.checks.context import Context, Tables
from engine.model.checks.lookups import unknown, wrong_cells
from engine.model.defects import Rule, defects, no_defects
from engine.model.reading import row_owner
from engine.model.tzr.reach import Ground, schools_of_zones, zone_of_tzr

COMMON_CORPS = "certifie"

C47 = Rule(
    "C47", "At the TZR adjustment a candidate holds a post of a ZR, and the table zones lists its schools (ZRE)."
)
C48 = Rule("C48", "A need is of a school of the campaign, and no longer than a service of its discipline may be.")
C49 = Rule("C49", "A TZR owes hours: those of his corps under the rulebook, or those of the column hours.")
C50 = Rule(
    "C50",
    "A school of attachment, and one asked for, is a school of the TZR's own zone, each once, numbered 0, 1, 2 ...",
)
C51 = Rule("C51", "The TZR adjustment has a rulebook: hours owed, and what a service may be, come from it.")
C52 = Rule("C52", "Needs and attachments are tables of the TZR adjustment alone.")


def adjustment_has_rules(tables: Tables, context: Context) -> pl.DataFrame:
    if context.movement == "tzr" and context.rules.is_none:
        problem = "is none, and hours owed and services are those of a rulebook."
        return defects(C51, "campaign.toml", column="rulebook", value="none", problem=problem, hint="Try tzr/common.")
    if context.movement == "tzr":
        return no_defects()
    found = [no_defects()]
    for name in ("needs", "attachments"):
        if name in tables and tables[name].height:
            told = f"has {tables[name].height} rows, and the movement is {context.movement}."
            found.append(defects(C52, name, problem=told))
    return pl.concat(found)


def tzr_hold_zones(tables: Tables, context: Context) -> pl.DataFrame:
    if not _judges(context):
        return no_defects()
    candidates = tables["candidates"]
    zones = tables["places"].filter(pl.col("kind") == "ZR")["place_id"]
    held = zone_of_tzr(ground_of(tables)).select("candidate_id", "zone").unique("candidate_id")
    rows = candidates.join(held, on="candidate_id", how="left", maintain_order="left")
    nothing = rows.filter(pl.col("held_post").is_null())
    elsewhere = rows.filter(pl.col("zone").is_not_null() & ~pl.col("zone").is_in(zones.implode()))
    listed = schools_of_zones(ground_of(tables))["zone"].unique().implode()
    empty = rows.filter(pl.col("zone").is_in(zones.implode()) & ~pl.col("zone").is_in(listed))
    problem = "is empty: at the adjustment everybody is a TZR."
    return pl.concat(
        [
            defects(C47, "candidates", nothing, column="held_post", who=row_owner(nothing.columns), problem=problem),
            wrong_cells(
                C47, "candidates", "held_post", elsewhere, pl.format("is a post of {}, which is no ZR.", "zone")
            ),
            wrong_cells(
                C47, "candidates", "held_post", empty, pl.format("is on {}, of which zones lists no school.", "zone")
            ),
        ]
    )


def tzr_owe_hours(tables: Tables, context: Context) -> pl.DataFrame:
    if not _judges(context):
        return no_defects()
    known = list(context.rules.hours_by_corps("services", "owed"))
    rows = tables["candidates"].filter(pl.col("hours").is_null() & ~pl.col("corps").is_in(known).fill_null(False))
    problem = "gives no hours owed, and the column hours is empty."
    hint = f"Give the corps ({', '.join(known)}) or the hours."
    who = row_owner(rows.columns)
    return defects(C49, "candidates", rows, column="corps", value=pl.col("corps"), who=who, problem=problem, hint=hint)


def needs_can_be_met(tables: Tables, context: Context) -> pl.DataFrame:
    if not _judges(context):
        return no_defects()
    needs, schools = tables["needs"], tables["places"].filter(pl.col("kind") == "ETB")["place_id"]
    strays = unknown(C48, "needs", "place_id", needs, schools, "names no school.")
    longest = _longest(tables, context)
    long = needs.join(longest, on="discipline", maintain_order="left").filter(pl.col("hours") > pl.col("#most"))
    hours, most = (pl.col(name) / 1000 for name in ("hours", "#most"))
    problem = pl.format("hours are more than a TZR of {} may have, {}: it could only stay open.", "discipline", most)
    hint = "Split it: a need is given whole."
    who = pl.format("need {}", "need_id")
    told = defects(C48, "needs", long, column="hours", value=hours, who=who, problem=problem, hint=hint)
    return pl.concat([strays, told])


def _longest(tables: Tables, context: Context) -> pl.DataFrame:
    """discipline, #most: the longest service of the full-time TZR of a discipline, thousandths of an hour.

    Not shorter than that of a certifié: where only agrégés or part-time teachers are, a whole post is no mistake.
    """
    rules = context.rules
    owed = dict(rules.hours_by_corps("services", "owed"))
    by_corps = pl.col("corps").replace_strict(owed, default=None, return_dtype=pl.Int64)
    common = pl.lit(owed.get(COMMON_CORPS, 0), pl.Int64)
    most = pl.max_horizontal(by_corps, "hours", common).max() + rules.hours("services", "overtime")
    return tables["candidates"].group_by("discipline").agg(most.alias("#most"))


def attachments_are_in_the_zone(tables: Tables, context: Context) -> pl.DataFrame:
    if not _judges(context):
        return no_defects()
    rows, ground = tables["attachments"], ground_of(tables)
    people, schools = tables["candidates"]["candidate_id"], tables["places"].filter(pl.col("kind") == "ETB")["place_id"]
    zoned = rows.join(zone_of_tzr(ground).unique("candidate_id"), on="candidate_id", maintain_order="left")
    there = schools_of_zones(ground)
    inside = zoned.filter(pl.col("place_id").is_in(schools.implode()) & pl.col("zone").is_in(there["zone"].implode()))
    outside = inside.join(there, on=["zone", "place_id"], how="anti", maintain_order="left")
    again = rows.filter(pl.struct("candidate_id", "place_id").is_duplicated() & (pl.col("position") > 0))
    ordered = rows.drop_nulls("position").sort("candidate_id", "position")
    gaps = ordered.filter(pl.col("position").diff().over("candidate_id") > 1)
    return pl.concat(
        [
            unknown(C50, "attachments", "candidate_id", rows, people, "names no candidate."),
            unknown(C50, "attachments", "place_id", rows, schools, "names no school."),
            wrong_cells(C50, "attachments", "place_id", outside, pl.format("is not in the zone {}.", "zone")),
            wrong_cells(C50, "attachments", "place_id", again, "is named twice for the same TZR."),
            wrong_cells(C50, "attachments", "position", gaps, "leaves out a number before it."),
        ]
    )


def _judges(context: Context) -> bool:
    return context.movement == "tzr" and context.rules.movement == "tzr"


def ground_of(tables: Tables) -> Ground:
    """The tables that zones and posts of TZR are read off."""
    named = {name: tables[name] for name in ("places", "posts", "zones", "candidates")}
    return cast(Ground, SimpleNamespace(**named))
