"""Every row of a table against its schema: the failures of dataframely as defects a person can act on."""

from __future__ import annotations

from collections.abc import Iterable
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


def schema_defects(table: str, frame: pl.DataFrame, form: pl.DataFrame) -> pl.DataFrame:
    """Defects of every row of a typed table that its schema refuses.

    Parameters
    ----------
    frame : typed table with ``#row``; cells that were not of their type are null
    form : the defects of form (`engine.model.reading.read_tables`): what they report is not reported again
    """
    told = form.filter(pl.col("table") == table)
    if frame.is_empty() or _unreadable(frame, REQUIRED_COLUMNS[table], told):
        return no_defects()
    schema = SCHEMAS[table]
    _, failures = schema.filter(frame.select(list(schema.columns())))
    found = [_rule_defects(table, frame, rule) for rule in sorted(failures.counts())]
    cells = told.select("row", "column").drop_nulls()
    return pl.concat([no_defects(), *found]).join(cells, on=["row", "column"], how="anti", maintain_order="left")


def _unreadable(frame: pl.DataFrame, columns: Iterable[str], told: pl.DataFrame) -> bool:
    """Whether a required column is missing, or all of another type: it was reported as a whole."""
    whole = set(told.filter(pl.col("row").is_null())["column"])
    return any(column in whole and frame[column].null_count() == frame.height for column in columns)


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
    if kind in ("min", "max"):
        bound = getattr(schema, kind)  # every type of column that has the rule has the attribute
        told = bound // scale if scale > 1 else bound
        if kind == "min":
            return cell < bound, BOUND, f"is below {told}, the least the column takes."
        return cell > bound, BOUND, f"is above {told}, the most the column takes."
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
