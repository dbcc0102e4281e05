"""What is wrong with an input, said so that a person can mend it: table, row, column, value, rule, what to try."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

SHOWN = 100  # defects printed in full; the others are counted by rule

DEFECT_COLUMNS = {
    "table": pl.String,
    "row": pl.Int64,
    "who": pl.String,
    "column": pl.String,
    "value": pl.String,
    "problem": pl.String,
    "hint": pl.String,
    "rule": pl.String,
}


@dataclass(frozen=True)
class Rule:
    """A check: its name (C1..) and the sentence that states it."""

    name: str
    sentence: str


def defects(
    rule: Rule,
    table: str,
    rows: pl.DataFrame | None = None,
    *,
    problem: str | pl.Expr,
    column: str = "",
    value: pl.Expr | str = "",
    who: pl.Expr | str = "",
    hint: pl.Expr | str = "",
) -> pl.DataFrame:
    """Defects of one check, one per row of `rows` (one for the whole table where `rows` is None).

    Parameters
    ----------
    rows : offending rows; their column ``#row`` numbers the rows of the input from 1.
    problem, value, who, hint : text, or an expression over `rows` that gives it.

    Returns
    -------
    polars.DataFrame with `DEFECT_COLUMNS`.
    """
    source = pl.DataFrame({"#row": [None]}, schema={"#row": pl.Int64}) if rows is None else rows
    source = source.rechunk()  # a frame filtered down to an empty first piece makes pl.format of polars 2.1 panic
    row = pl.col("#row").cast(pl.Int64) if "#row" in source.columns else pl.lit(None, pl.Int64)
    texts = {"who": who, "value": value, "problem": problem, "hint": hint}
    return source.select(
        table=pl.lit(table),
        row=row,
        column=pl.lit(column),
        rule=pl.lit(f"{rule.name}: {rule.sentence}"),
        **{name: _text(text) for name, text in texts.items()},
    ).select(list(DEFECT_COLUMNS))


def no_defects() -> pl.DataFrame:
    return pl.DataFrame(schema=DEFECT_COLUMNS)


class InputRefused(Exception):
    """The input has defects; all of them are in `defects`, none was repaired.

    Attributes
    ----------
    defects : polars.DataFrame with `DEFECT_COLUMNS`
    notes : remarks on the input that are no defects
    """

    def __init__(self, found: pl.DataFrame, notes: Iterable[str] = ()) -> None:
        self.defects = found
        self.notes = tuple(notes)
        super().__init__(describe(found))


def describe(found: pl.DataFrame, shown: int = SHOWN) -> str:
    """The defects as text: the first `shown` in full, the others counted by rule."""
    lines = [_sentence(row) for row in found.head(shown).iter_rows(named=True)]
    rest = found.slice(shown)
    if rest.height:
        counts = rest.group_by("table", "rule", maintain_order=True).len()
        lines.append(f"and {rest.height} more:")
        lines += [f"    {row['len']} in {row['table']}: {row['rule']}" for row in counts.iter_rows(named=True)]
    return "\n".join(lines)


def _sentence(row: dict[str, str | int | None]) -> str:
    place = f"{row['table']} row {row['row']}" if row["row"] is not None else str(row["table"])
    who = f" ({row['who']})" if row["who"] else ""
    cell = f'{row["column"]} "{row["value"]}" ' if row["column"] and row["value"] else ""
    if row["column"] and not row["value"]:
        cell = f"{row['column']} "
    hint = f"{row['hint']} " if row["hint"] else ""
    return f"{place}{who}: {cell}{row['problem']}\n    {hint}{row['rule']}"


def _text(text: pl.Expr | str) -> pl.Expr:
    return pl.lit(text) if isinstance(text, str) else text.cast(pl.String).fill_null("")
