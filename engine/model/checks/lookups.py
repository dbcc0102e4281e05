"""Codes that name nothing, and the code that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

import polars as pl

from engine.model.defects import Rule, defects
from engine.model.reading import row_owner

HINTED = 100  # values that get a suggestion: more are not read by anybody
POOL = 2000  # codes compared with a wrong one, so that large tables stay quick


def unknown(rule: Rule, table: str, column: str, rows: pl.DataFrame, known: pl.Series, problem: str) -> pl.DataFrame:
    """Defects of the rows whose value of a column is not among the known ones; empty cells are none.

    Parameters
    ----------
    known : the values a cell may have; its name says in which table they are
    """
    wrong = rows.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(known.drop_nulls().unique().implode()))
    where = f"which is in {known.name.removesuffix('_id')}s"
    hint = suggestion(column, close_codes(wrong[column], known), where)
    return wrong_cells(rule, table, column, wrong, problem, hint)


def wrong_cells(
    rule: Rule, table: str, column: str, rows: pl.DataFrame, problem: str | pl.Expr, hint: str | pl.Expr = ""
) -> pl.DataFrame:
    """Defects of a column, one for each of the rows, with its value and whom the row speaks of."""
    cell, who = pl.col(column), row_owner(rows.columns)
    return defects(rule, table, rows, column=column, value=cell, who=who, problem=problem, hint=hint)


def close_codes(wrong: pl.Series, known: pl.Series) -> dict[str, str]:
    """For wrong values the known one that each comes nearest to; those far from all are left out."""
    if wrong.is_empty():
        return {}
    codes = known.drop_nulls().unique().sort()
    alike = dict(zip(map(_bare, codes), codes, strict=True))
    close = {}
    for value in wrong.drop_nulls().unique().sort().head(HINTED):
        match = alike.get(_bare(value)) or next(iter(get_close_matches(value, _pool(value, codes), 1)), None)
        if match:
            close[value] = match
    return close


def suggestion(column: str, close: Mapping[str, str], where: str) -> pl.Expr:
    """The sentence that offers a close code, as an expression over the rows."""
    return told(column, offers(close, where))


def offers(close: Mapping[str, str], where: str) -> dict[str, str]:
    """The sentence that offers a close code, for each wrong one."""
    return {value: f"Maybe {match}, {where}?" for value, match in close.items()}


def told(column: str, sentences: Mapping[str, str]) -> pl.Expr:
    """A sentence for each value of a column, an empty one for values without."""
    if not sentences:
        return pl.lit("")
    return pl.col(column).replace_strict(sentences, default="", return_dtype=pl.String)


def _bare(code: str) -> str:
    """A code without what spreadsheets and habits change: case, leading zeros, blanks, the ZRD before a number."""
    return code.upper().replace(" ", "").removeprefix("ZRD").lstrip("0")


def _pool(value: str, codes: pl.Series) -> Iterable[str]:
    if len(codes) <= POOL:
        return codes.to_list()
    return codes.filter(codes.str.starts_with(value[:3])).head(POOL).to_list()
