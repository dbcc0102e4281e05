"""Conditions on rows of a table: ``where = { category = "stagiaire", post_years = { min = 3 } }``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from functools import reduce
from operator import and_
from typing import Any

import polars as pl

from engine.model.defects import Rule, defects, no_defects

V4 = Rule(
    "V4",
    "A condition names a column and the value it must have, a list of such values, or { min, max }; "
    "a text that no row has is taken for a mistake.",
)

BOUNDS = {"min", "max"}


def rows_where(
    rows: pl.DataFrame, conditions: Mapping[str, Any], table: str, at: str
) -> tuple[pl.Series, pl.DataFrame]:
    """Which rows meet all conditions, and the defects of these.

    Parameters
    ----------
    at : where the conditions stand in the variant

    Returns
    -------
    bool per row; defects
    """
    found, met = [no_defects()], list[pl.Expr]()
    for column, wanted in conditions.items():
        problem, hint = _problem(rows, column, wanted)
        if problem:
            found.append(defects(V4, table, column=f"{at}.{column}", value=_shown(wanted), problem=problem, hint=hint))
        else:
            met.append(_met(column, wanted, rows.schema[column]))
    mask = rows.select(reduce(and_, met, pl.lit(True)).alias("met"))["met"]
    return (mask if met else pl.repeat(True, rows.height, dtype=pl.Boolean, eager=True)), pl.concat(found)


def as_cell(value: Any, dtype: pl.DataType) -> tuple[Any, str]:
    """A value as cells of a type hold it, and what is wrong with it ("" where nothing is). "" stands for none."""
    if value == "" and isinstance(value, str):
        return None, ""
    if dtype == pl.Date and isinstance(value, str):
        try:
            return date.fromisoformat(value), ""
        except ValueError:
            return None, "is no day (year-month-day)."
    words = _TYPES.get(type(dtype), (None, ""))
    if words[0] is None:
        return None, "is of a column that cannot be compared."
    if not isinstance(value, words[0]) or (isinstance(value, bool) and words[0] is not bool):
        return None, f"is not {words[1]}."
    return value, ""


_TYPES: dict[type[Any], tuple[Any, str]] = {
    pl.String: (str, "text between quotes"),
    pl.Int64: (int, "a whole number"),
    pl.Float64: (int | float, "a number"),
    pl.Boolean: (bool, "true or false"),
    pl.Date: (date, "a day"),
}


def _problem(rows: pl.DataFrame, column: str, wanted: Any) -> tuple[str, str]:
    """What is wrong with one condition, and what to try; "" where nothing is."""
    if column not in rows.columns:
        near = get_close_matches(column, rows.columns, 2, 0.5)
        hint = f"Maybe {' or '.join(near)}?" if near else f"There are {', '.join(rows.columns)}."
        return "is no column that can be asked for.", hint
    dtype = rows.schema[column]
    bounds = isinstance(wanted, Mapping)
    if bounds and (not wanted or wanted.keys() - BOUNDS or dtype in (pl.String, pl.Boolean)):
        return "is no { min, max } of a number or a day.", ""
    problems = [problem for value in _values(wanted) if (problem := as_cell(value, dtype)[1])]
    if problems or not _values(wanted):
        return (problems[0] if problems else "is an empty list."), ""
    if bounds and wanted.keys() == BOUNDS and wanted["min"] > wanted["max"]:
        return "has a min above its max, which no row can meet.", ""
    return _unheard(rows[column], _values(wanted)) if dtype == pl.String else ("", "")


def _unheard(column: pl.Series, wanted: Sequence[Any]) -> tuple[str, str]:
    """The first text that no row has."""
    present = column.unique().drop_nulls().sort().to_list()
    for value in wanted:
        if value and value not in present:
            near = get_close_matches(value, present, 3) or present[:5]
            return f"names {value}, which no row has.", f"Maybe {', '.join(near)}?" if near else ""
    return "", ""


def _met(column: str, wanted: Any, dtype: pl.DataType) -> pl.Expr:
    cell = pl.col(column)
    if isinstance(wanted, Mapping):
        low, high = (as_cell(wanted[bound], dtype)[0] if bound in wanted else None for bound in ("min", "max"))
        inside = (cell >= low) if low is not None else pl.lit(True)
        return (inside & ((cell <= high) if high is not None else pl.lit(True))).fill_null(False)
    cells = [as_cell(value, dtype)[0] for value in _values(wanted)]
    present = [value for value in cells if value is not None]
    met = cell.is_in(present).fill_null(False)
    return met | cell.is_null() if None in cells else met


def _values(wanted: Any) -> list[Any]:
    if isinstance(wanted, Mapping):
        return list(wanted.values())
    return list(wanted) if isinstance(wanted, list | tuple) else [wanted]


def _shown(wanted: Any) -> str:
    return str(wanted) if not isinstance(wanted, str) else wanted
