"""From the files of a campaign folder to typed tables, with every defect of form: files, columns, cells.

Nothing is repaired: a cell that is not of its type is a defect, and an empty cell is absent.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import dataframely as dy
import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from engine.model.defects import Rule, defects, no_defects
from engine.model.schemas import REQUIRED_COLUMNS, REQUIRED_TABLES, SCHEMAS, empty_table

FILE = Rule("F1", "A table is one file, NAME.parquet or NAME.csv (UTF-8, commas, a header), not both.")
COLUMN = Rule("F2", "A table has the columns of its schema, each once.")
CELL = Rule("F3", "A cell is of the type of its column; an empty cell is absent.")

ROW = "#row"
"""The column that numbers the rows of a file."""

LABELLED = (pl.Categorical, pl.Enum)
FOREIGN = (pl.Binary, pl.Duration, pl.Time, pl.Object)
TRUE, FALSE = ("true", "1"), ("false", "0")


def read_tables(
    folder: Path, named_columns: Mapping[str, dy.Column]
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame, list[str]]:
    """Every table of a folder, typed, with a column ``#row`` that numbers the rows of its file from 1.

    Parameters
    ----------
    named_columns : columns of `candidates` that the rulebook names beside those of the schema

    Returns
    -------
    tables : the tables that could be read; an optional table that is absent is empty
    defects : polars.DataFrame, the defects of form
    notes : columns that are kept and ignored
    """
    tables: dict[str, pl.DataFrame] = {}
    found: list[pl.DataFrame] = []
    notes: list[str] = []
    for name in SCHEMAS:
        raw, problems = read_file(folder, name)
        found.append(problems)
        if raw is None:
            continue
        columns = SCHEMAS[name].columns() | (dict(named_columns) if name == "candidates" else {})
        problems, ignored = _check_columns(name, raw, list(columns))
        found.append(problems)
        notes += ignored
        typed, problems = type_columns(name, raw, columns)
        found.append(problems)
        tables[name] = typed
    return tables, pl.concat(found), notes


def read_file(folder: Path, name: str) -> tuple[pl.DataFrame | None, pl.DataFrame]:
    """A table of a folder as its file has it, with ``#row``, or None with the defects of the file."""
    paths = [path for path in (folder / f"{name}.parquet", folder / f"{name}.csv") if path.exists()]
    if len(paths) == 2:
        return None, defects(
            FILE, name, problem=f"is there twice, {paths[0].name} and {paths[1].name}.", hint="Remove one."
        )
    if not paths:
        if name in REQUIRED_TABLES:
            return None, defects(
                FILE, name, problem=f"is missing: neither {name}.parquet nor {name}.csv is in {folder}."
            )
        return empty_table(name).with_columns(pl.Series("#row", [], pl.UInt32)), no_defects()
    try:
        data = paths[0].read_bytes()
    except OSError as error:
        return None, defects(FILE, name, problem=f"{paths[0].name} cannot be read: {error.strerror}.")
    if not data:
        return None, defects(FILE, name, problem=f"{paths[0].name} is empty, without even a header.")
    reader = _read_parquet if paths[0].suffix == ".parquet" else _read_csv
    return reader(name, paths[0].name, data)


def _read_parquet(name: str, file: str, data: bytes) -> tuple[pl.DataFrame | None, pl.DataFrame]:
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except (PolarsError, OSError, pl.exceptions.PanicException) as error:
        reason = str(error).splitlines()[0]
        hint = "A CSV file is to be called .csv. " if not data.startswith(b"PAR1") else ""
        return None, defects(
            FILE, name, problem=f"{file} is not a Parquet file that can be read ({reason}).", hint=hint
        )
    if ROW in frame.columns:
        return None, _reserved(name, file)
    return frame.rechunk().with_row_index(ROW, offset=1), no_defects()


def _read_csv(name: str, file: str, data: bytes) -> tuple[pl.DataFrame | None, pl.DataFrame]:
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, _wrong_encoding(name, file, data, error.start)
    header = next(csv.reader(io.StringIO(data.split(b"\n", 1)[0].decode("utf-8"))), [])
    if not any(header):
        return None, defects(FILE, name, problem=f"{file} starts with an empty line instead of a header.")
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        mark = "semicolons" if ";" in header[0] else "tabs"
        return None, defects(FILE, name, problem=f"{file} has {mark} between its columns.", hint="Save it with commas.")
    repeated = sorted({column for column in header if header.count(column) > 1})
    if ROW in header:
        return None, _reserved(name, file)
    if repeated:
        return None, defects(COLUMN, name, problem=f"{file} has the column {', '.join(repeated)} more than once.")
    ragged = _ragged_lines(data, len(header))
    if len(ragged):
        rows = pl.DataFrame({"#row": ragged[:, 0], "cells": ragged[:, 1]})
        problem = pl.format(f"has {{}} cells where the header has {len(header)}.", "cells")
        return None, defects(
            FILE, name, rows, problem=problem, hint="A comma inside a text wants quotes around the text."
        )
    try:
        frame = pl.read_csv(io.BytesIO(data), infer_schema=False, row_index_name=ROW, row_index_offset=1)
    except PolarsError as error:
        reason = str(error).splitlines()[0]
        hint = "A quote that opens a text closes it too."
        return None, defects(FILE, name, problem=f"{file} is no CSV file that can be read ({reason}).", hint=hint)
    return frame, no_defects()


def _reserved(name: str, file: str) -> pl.DataFrame:
    return defects(
        COLUMN, name, column=ROW, problem=f"is a name kept for row numbers: {file} has it.", hint="Rename it."
    )


def _wrong_encoding(name: str, file: str, data: bytes, position: int) -> pl.DataFrame:
    row = data.count(b"\n", 0, position)
    start = data.rfind(b"\n", 0, position) + 1
    line = data[start : data.find(b"\n", position)].decode("cp1252", errors="replace").strip()
    return defects(
        FILE,
        name,
        pl.DataFrame({"#row": [row]}),
        problem=f"{file} is not UTF-8: byte {data[position]:#04x} at position {position + 1}.",
        hint=f'It looks like Windows-1252 (read so, the line is "{line[:80]}"). Save it again as UTF-8.',
    )


def _ragged_lines(data: bytes, width: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Row number and number of cells of the lines that do not have `width` cells: int64[r, 2]."""
    if b'"' in data:
        lengths = [len(line) for line in csv.reader(io.StringIO(data.decode("utf-8"), newline="")) if line][1:]
        cells = np.array(lengths, dtype=np.int64)
    else:
        lines = [line for line in data.splitlines() if line][1:]
        cells = np.array([line.count(b",") + 1 for line in lines], dtype=np.int64)
    wrong = np.flatnonzero(cells != width)
    return np.column_stack((wrong + 1, cells[wrong]))


def _check_columns(name: str, raw: pl.DataFrame, known: Sequence[str]) -> tuple[pl.DataFrame, list[str]]:
    extra = [column for column in raw.columns if column not in known and column != "#row"]
    found = [no_defects()]
    for column in REQUIRED_COLUMNS[name]:
        if column not in raw.columns:
            close = get_close_matches(column, extra, 1)
            hint = f'Maybe the column "{close[0]}" is meant?' if close else ""
            found.append(defects(COLUMN, name, column=column, problem="is missing.", hint=hint))
    for column in extra:
        close = get_close_matches(column, [k for k in known if k not in raw.columns], 1, cutoff=0.85)
        if close and close[0] not in REQUIRED_COLUMNS[name]:
            problem = f"is no column of {name}, and its name is very close to {close[0]}."
            found.append(defects(COLUMN, name, column=column, problem=problem, hint="Rename the one or the other."))
    named = [f"the column {column} is ignored" if column else "a column without a name is ignored" for column in extra]
    return pl.concat(found), [f"{name}: {remark}." for remark in named]


def type_columns(name: str, raw: pl.DataFrame, columns: Mapping[str, dy.Column]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The known columns, each of its type; those the file does not have are null."""
    typed = raw.select("#row")
    found = [no_defects()]
    for column, schema in columns.items():
        if column not in raw.columns:
            typed = typed.with_columns(pl.lit(None, schema.dtype).alias(column))
            continue
        series = raw[column]
        if isinstance(series.dtype, LABELLED):
            series = series.cast(pl.String)
        if problem := _of_another_kind(series, schema):
            hint = "From pandas: astype(str), dtype=str."
            found.append(defects(CELL, name, column=column, problem=problem, hint=hint))
            typed = typed.with_columns(pl.lit(None, schema.dtype).alias(column))
            continue
        values, problem = _typed(series, schema, in_thousandths="unit" in (schema.metadata or {}))
        typed = typed.with_columns(values.alias(column))
        bad = values.is_null() & series.is_not_null()
        if bad.any():
            rows = raw.filter(bad)
            shown, who = pl.col(column).cast(pl.String, strict=False), row_owner(rows.columns)
            found.append(defects(CELL, name, rows, column=column, value=shown, who=who, problem=problem))
    kept = [column for column in raw.columns if column not in typed.columns]
    return typed.hstack(raw.select(kept)), pl.concat(found)


def _of_another_kind(series: pl.Series, schema: dy.Column) -> str:
    """What is wrong with a column as a whole, said once for all its rows; empty where its cells are looked at."""
    if series.dtype in (pl.String, pl.Null):
        return ""
    if series.dtype in FOREIGN or series.dtype.is_nested():
        return f"holds {series.dtype}, neither text nor numbers."
    if isinstance(schema, dy.String):
        return f"holds numbers ({series.dtype}) where codes are text: as numbers they lose their leading zeros."
    return ""


def row_owner(columns: Sequence[str]) -> pl.Expr:
    """Who a row speaks of: its candidate and rank, or the identifier it carries."""
    if "candidate_id" in columns and "rank" in columns and "decision_id" not in columns:
        return pl.format("candidate {}, rank {}", _shown("candidate_id"), _shown("rank"))
    for column, word in (("candidate_id", "candidate"), ("post_id", "post"), ("place_id", "place")):
        if column in columns:
            return pl.format(f"{word} {{}}", _shown(column))
    return pl.lit("")


def _shown(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).fill_null("?")


def _typed(series: pl.Series, schema: dy.Column, *, in_thousandths: bool) -> tuple[pl.Series, str]:
    """The values of a column in the type of its schema (null where they are not), and what to say of those."""
    if series.dtype == pl.Null:
        return series.cast(schema.dtype), ""
    if isinstance(schema, dy.String):
        return series.cast(pl.String), ""
    if in_thousandths:
        return _as_thousandths(series), "is not a number with at most three decimals (point, not comma)."
    if isinstance(schema, dy.Bool):
        return _as_flag(series), "is neither true nor false."
    if isinstance(schema, dy.Date):
        return _as_date(series), "is not a date of the form 2025-08-31."
    if isinstance(schema, dy.Int64):
        return _as_whole(series), "is not a whole number."
    return series.cast(pl.Float64, strict=False), "is not a number."


def _as_flag(series: pl.Series) -> pl.Series:
    if series.dtype == pl.Boolean:
        return series
    text = series.cast(pl.String, strict=False).str.to_lowercase()
    frame = pl.DataFrame({"text": text})
    flag = pl.when(pl.col("text").is_in(TRUE)).then(True).when(pl.col("text").is_in(FALSE)).then(False)
    return frame.select(flag.alias(series.name)).to_series()


def _as_date(series: pl.Series) -> pl.Series:
    if series.dtype == pl.Date:
        return series
    if isinstance(series.dtype, pl.Datetime):
        midnight = series.dt.truncate("1d")
        return series.zip_with((series == midnight).fill_null(value=False), pl.Series([None], dtype=series.dtype)).cast(
            pl.Date
        )
    if series.dtype == pl.String:
        return series.str.to_date("%Y-%m-%d", strict=False)
    return pl.Series(series.name, [None] * len(series), pl.Date)


def _as_whole(series: pl.Series) -> pl.Series:
    if series.dtype.is_float():
        whole = series.cast(pl.Int64, strict=False)
        return pl.select(pl.when(whole.cast(pl.Float64) == series).then(whole)).to_series()
    return series.cast(pl.Int64, strict=False)


def _as_thousandths(series: pl.Series) -> pl.Series:
    """Points as int64 thousandths. A float is accepted where it is the closest one to a number of three decimals."""
    if series.dtype.is_float():
        scaled = (series * 1000).round().cast(pl.Int64, strict=False)
        return pl.select(pl.when(scaled.cast(pl.Float64) / 1000 == series).then(scaled)).to_series()
    text = series.cast(pl.String, strict=False)
    parts = text.str.extract_groups(r"^(-?)(\d{1,9})(?:\.(\d{1,3}))?$").struct.unnest()
    parts.columns = ["sign", "whole", "decimals"]
    value = pl.col("whole").cast(pl.Int64) * 1000 + pl.col("decimals").fill_null("0").str.pad_end(3, "0").cast(pl.Int64)
    return parts.select(pl.when(pl.col("sign") == "-").then(-value).otherwise(value)).to_series()
