"""Places are of the movement, and in the zones that wishes name."""

from __future__ import annotations

import polars as pl

from engine.model.checks.candidates import not_in_force
from engine.model.checks.context import Context, Tables
from engine.model.checks.lookups import wrong_cells
from engine.model.defects import Rule, defects, no_defects
from engine.model.geography import academies
from engine.model.reading import row_owner

C13 = Rule("C13", "A place of this movement is of the kind the movement assigns to.")
C24 = Rule(
    "C24", "A place with posts bears the codes of the kinds of zones that this campaign asks for, groupements apart."
)
C29 = Rule("C29", "A type of school is CLG, LYC, LP, SEP or SEGPA; empty = none of them.")

PLACE_KINDS_OF_MOVEMENT = {
    "inter": ("ACA",),
    "interdepartemental": ("DPT",),
    "intra": ("ETB", "ZR"),
    "specifique": ("ETB",),
    "ddf": ("ETB",),
    "tzr": ("ETB", "ZR"),
}
SCHOOL_TYPES = ("CLG", "LYC", "LP", "SEP", "SEGPA")
TYPES_IN_WORDS = (
    "CLG is a collège, LYC a lycée (polyvalents too), LP a lycée professionnel; leave a CIO or an EREA without type."
)
IN_ZONES = (
    ("COM", "commune", "ETB"),
    ("DPT", "department", "ETB"),
    ("ACA", "academy", "ETB"),
    ("ZRD", "department", "ZR"),
    ("ZRA", "academy", "ZR"),
)
"""Kind of wish, the column of places that makes its zones, the kind of place they hold."""


def places_are_of_the_movement(tables: Tables, context: Context) -> pl.DataFrame:
    kinds = PLACE_KINDS_OF_MOVEMENT.get(context.movement)
    if kinds is None or context.rules.movement not in (context.movement, "any"):
        return no_defects()  # a movement that is not its rulebook's is a defect of its own
    wrong = tables["places"].filter(~pl.col("kind").is_in(kinds))
    problem = f"is not {' or '.join(kinds)}, the kind of place the movement {context.movement} assigns to."
    found = [wrong_cells(C13, "places", "kind", wrong, problem)]
    if context.rules.movement == "inter":
        known = set(academies(context.session))
        found.append(not_in_force(tables["places"], "place_id", known, context.session, table="places"))
    return pl.concat(found)


def places_are_in_the_zones_asked(tables: Tables, context: Context) -> pl.DataFrame:
    """A place without the code of its zone would be reached by no wish for such a zone, and nobody would know."""
    if not context.is_intra:
        return no_defects()
    asked, served, found = _kinds_asked(tables, context), tables["posts"]["place_id"].unique(), [no_defects()]
    for kind, column, place_kind in IN_ZONES:
        by_table = tables["zones"].filter(pl.col("zone_kind") == kind)["place_id"].unique()
        nowhere = tables["places"].filter(
            (pl.col("kind") == place_kind)
            & pl.col(column).is_null()
            & pl.col("place_id").is_in(served.implode())
            & ~pl.col("place_id").is_in(by_table.implode())
        )
        if kind in asked:
            problem = f"is empty: its posts would be in no zone of kind {kind}, and this campaign asks for such zones."
            who = row_owner(nowhere.columns)
            found.append(defects(C24, "places", nowhere, column=column, who=who, problem=problem))
    return pl.concat(found)


def school_types_are_known(tables: Tables, context: Context) -> pl.DataFrame:
    if not context.has_intra_rules:
        return no_defects()
    found = []
    for table in ("places", "wishes", "extension"):
        rows = tables[table].filter(~pl.col("school_type").is_in(SCHOOL_TYPES))
        problem = f"is none of {', '.join(SCHOOL_TYPES)}."
        found.append(wrong_cells(C29, table, "school_type", rows, problem, TYPES_IN_WORDS))
    return pl.concat(found)


def _kinds_asked(tables: Tables, context: Context) -> set[str]:
    asked = {*tables["wishes"]["kind"].unique(), *tables["extension"]["kind"].unique()}
    extends = "extension" in context.rules.blocks and bool(tables["candidates"]["mandatory"].any())
    return asked | ({"DPT", "ZRD"} if extends else set())
