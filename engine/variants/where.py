"""Conditions on rows of a table: ``where = { category = "stagiaire", post_years = { min = 3 } }``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from functools import reduce
from operator import and_
from typing import Any

import polars as pl

from engine.model.defects import Rule, defects, no_defects
from engine.model.written import shown

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
            found.append(defects(V4, table, column=f"{at}.{column}", value=shown(wanted), problem=problem, hint=hint))
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
    wrong = isinstance(value, datetime) or (isinstance(value, bool) and words[0] is not bool)
    if wrong or not isinstance(value, words[0]):
        return None, f"is not {words[1]}."
    if isinstance(value, int) and not SMALLEST <= value <= LARGEST:
        return None, "is larger than any number a column can hold."
    return float(value) if dtype == pl.Float64 else value, ""


_TYPES: dict[type[Any], tuple[Any, str]] = {
    pl.String: (str, "text between quotes"),
    pl.Int64: (int, "a whole number"),
    pl.Float64: (int | float, "a number"),
    pl.Boolean: (bool, "true or false"),
    pl.Date: (date, "a day"),
}

SMALLEST, LARGEST = -(2**63), 2**63 - 1


def example(dtype: pl.DataType) -> str:
    """The hint that shows how a value of a type is written."""
    written = _EXAMPLES.get(type(dtype))
    return f"Write for example {written}." if written else ""


_EXAMPLES: dict[type[Any], str] = {
    pl.String: '"L1300"',
    pl.Int64: "3",
    pl.Float64: "1.5",
    pl.Boolean: "true",
    pl.Date: "1990-08-31",
}


def _problem(rows: pl.DataFrame, column: str, wanted: Any) -> tuple[str, str]:
    """What is wrong with one condition, and what to try; "" where nothing is."""
    if column not in rows.columns:
        near = get_close_matches(column, rows.columns, 2, 0.5)
        hint = f"Maybe {' or '.join(near)}?" if near else f"There are {', '.join(rows.columns)}."
        return "is no column that can be asked for.", hint
    dtype, values = rows.schema[column], _values(wanted)
    cells = [as_cell(value, dtype) for value in values]
    if isinstance(wanted, Mapping):
        return _unbounded(dtype, wanted, cells)
    if not values:
        return "is an empty list.", 'Name what it may be; "" stands for none.'
    problems = [problem for _, problem in cells if problem]
    if problems:
        return problems[0], example(dtype)
    return _unheard(rows[column], values) if dtype == pl.String else ("", "")


def _unbounded(dtype: pl.DataType, wanted: Mapping[str, Any], cells: Sequence[tuple[Any, str]]) -> tuple[str, str]:
    """What is wrong with { min, max }: the cells are their values."""
    if dtype in (pl.String, pl.Boolean):
        return "is no { min, max } of a number or a day.", example(dtype)
    one = _EXAMPLES.get(type(dtype), "3")
    hint = f"Write {{ min = {one} }}, {{ max = {one} }} or both."
    if not wanted or wanted.keys() - BOUNDS or "" in wanted.values():
        return "is no { min, max } of a number or a day.", hint
    problems = [problem for _, problem in cells if problem]
    if problems:
        return problems[0], hint
    bounds = dict(zip(wanted, (cell for cell, _ in cells), strict=True))
    if bounds.keys() == BOUNDS and bounds["min"] > bounds["max"]:
        return "has a min above its max, which no row can meet.", "Exchange the two."
    return "", ""


def _unheard(column: pl.Series, wanted: Sequence[Any]) -> tuple[str, str]:
    """The texts that no row has."""
    present = column.unique().drop_nulls().sort().to_list()
    unheard = [value for value in wanted if value and value not in present]
    near = dict.fromkeys(name for value in unheard for name in get_close_matches(value, present, 3) or present[:5])
    hint = f"Maybe {', '.join(list(near)[:MOST_NEAR])}?" if near else ""
    return (f"names {', '.join(unheard)}, which no row has.", hint) if unheard else ("", "")


MOST_NEAR = 8
"""Values a hint names."""


def _met(column: str, wanted: Any, dtype: pl.DataType) -> pl.Expr:
    cell = pl.col(column)
    if isinstance(wanted, Mapping):
        low, high = (as_cell(wanted.get(bound, ""), dtype)[0] for bound in ("min", "max"))
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
