"""Every row of a table against its schema: the failures of dataframely as defects a person can act on."""

from __future__ import annotations

from difflib import get_close_matches

import dataframely as dy
import polars as pl

from engine.model.defects import Rule, defects, no_defects
from engine.model.reading import row_owner
from engine.model.schemas import ID_PATTERN, REQUIRED_COLUMNS, SCHEMAS, column_metadata, key_columns

KEY = Rule("F4", "A row is named once: no two rows of a table have the same key.")
PRESENT = Rule("F5", "A column that is not optional has a value in every row.")
BOUND = Rule("F6", "A number or a date is inside the bounds of its column.")
VALUE = Rule("F7", "A column with a list of values has one of them.")
TEXT = Rule("F8", "An identifier or code is not empty and has no blank at either end.")


def schema_defects(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Defects of every row of a typed table that its schema refuses.

    Parameters
    ----------
    frame : typed table with ``#row``; cells that were not of their type are null and already reported.
    """
    schema = SCHEMAS[table]
    if frame.is_empty() or any(frame[column].null_count() == frame.height for column in REQUIRED_COLUMNS[table]):
        return no_defects()  # a required column that is missing or all of the wrong type was reported as such
    _, failures = schema.filter(frame.select(list(schema.columns())))
    failed_rules = failures.counts()
    if not failed_rules:
        return no_defects()
    return pl.concat([_rule_defects(table, frame, rule) for rule in sorted(failed_rules)])


def _rule_defects(table: str, frame: pl.DataFrame, rule: str) -> pl.DataFrame:
    if rule == "primary_key":
        return _repeated_keys(table, frame)
    column, kind = rule.split("|")
    schema = SCHEMAS[table].columns()[column]
    cell = pl.col(column)
    if kind == "nullability":
        rows = frame.filter(cell.is_null())
        return defects(PRESENT, table, rows, column=column, who=row_owner(rows.columns), problem="is empty.")
    broken, law, problem = _broken(schema, cell, kind)
    rows = frame.filter(broken)
    hint = _close_values(rows, column, column_metadata(schema).get("values", []))
    return defects(law, table, rows, column=column, value=cell, who=row_owner(rows.columns), problem=problem, hint=hint)


def _broken(schema: dy.Column, cell: pl.Expr, kind: str) -> tuple[pl.Expr, Rule, str]:
    """Which cells break one rule of a column, the rule, and what to say."""
    scale = 1000 if "unit" in column_metadata(schema) else 1
    if kind == "min":
        low = getattr(schema, "min")  # noqa: B009  the attribute exists on every bounded column type
        return cell < low, BOUND, f"is below {low // scale if scale > 1 else low}, the least the column takes."
    if kind == "max":
        high = getattr(schema, "max")  # noqa: B009
        return cell > high, BOUND, f"is above {high // scale if scale > 1 else high}, the most the column takes."
    if kind == "regex":
        return ~cell.str.contains(ID_PATTERN), TEXT, "is empty or has a blank at one end."
    values = column_metadata(schema).get("values", [])
    if kind.startswith("check"):
        return ~cell.is_in(values), VALUE, f"is none of {', '.join(values)}."
    return cell.is_nan() | cell.is_infinite(), BOUND, "is not a finite number."


def _close_values(rows: pl.DataFrame, column: str, values: list[str]) -> pl.Expr | str:
    if not values:
        return ""
    wrong = rows[column].unique().drop_nulls().head(100).to_list()
    close = {
        value: get_close_matches(value.upper(), values, 1) or get_close_matches(value, values, 1) for value in wrong
    }
    hints = {value: f"Maybe {match[0]}?" for value, match in close.items() if match}
    return pl.col(column).replace_strict(hints, default="", return_dtype=pl.String) if hints else ""


def _repeated_keys(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    keys = key_columns(table)
    named = frame.drop_nulls(keys)
    rows = named.filter(pl.struct(keys).is_duplicated())
    first = pl.col("#row").min().over(keys)
    repeats = rows.with_columns(first.alias("#first")).filter(pl.col("#row") != pl.col("#first"))
    problem = pl.format(f"repeats the {' and '.join(keys)} of row {{}}.", "#first")
    return defects(KEY, table, repeats, who=row_owner(repeats.columns), problem=problem, hint="Remove one of the two.")
