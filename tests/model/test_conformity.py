"""What a schema refuses is said once, whatever the files hold: empty columns, labels, bytes, names kept for rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.model.defects import Rule, defects, describe
from tests.model.intra_folder import TABLES, accepted, changed, refusal, write_intra


def emptied(table: str, column: str) -> dict[str, str]:
    """The table with a column that is there and empty."""
    header, *rows = [line.split(",") for line in TABLES[table].splitlines()]
    cut = header.index(column)
    lines = [header, *([*row[:cut], "", *row[cut + 1 :]] for row in rows)]
    return {table: "".join(",".join(line) + "\n" for line in lines)}


@pytest.mark.parametrize(
    ("table", "column"),
    [("posts", "seats"), ("posts", "discipline"), ("wishes", "rank"), ("wishes", "code"), ("candidates", "discipline"),
     ("places", "kind")],
)  # fmt: skip
def test_a_required_column_that_is_empty_throughout_is_a_defect_of_each_row(
    tmp_path: Path, table: str, column: str
) -> None:
    text = refusal(tmp_path, **emptied(table, column))
    assert text.count(f"{column} is empty.\n    F5") == len(TABLES[table].splitlines()) - 1


def test_a_cell_that_is_not_of_its_type_is_told_once(tmp_path: Path) -> None:
    text = refusal(tmp_path, **changed("posts", "L1300,2,", "L1300,two,"))
    assert 'seats "two" is not a whole number.' in text
    assert "seats is empty" not in text


def test_a_column_that_is_missing_is_told_once(tmp_path: Path) -> None:
    posts = TABLES["posts"].replace("seats", "places")
    text = refusal(tmp_path, posts=posts)
    assert text.count("seats") == 1


def in_parquet(folder: Path, table: str, **columns: Any) -> Path:
    """The small campaign, one table as a Parquet file with some columns of other types."""
    path = write_intra(folder) / f"{table}.csv"
    frame = pl.read_csv(path, infer_schema=False).with_columns(**columns)
    path.unlink()
    frame.write_parquet(path.with_suffix(".parquet"))
    return folder


def test_labels_of_a_notebook_are_read_as_the_text_they_are(tmp_path: Path) -> None:
    columns = {name: pl.col(name).cast(pl.Categorical) for name in ("rank", "kind", "code")}
    in_parquet(tmp_path, "wishes", **columns)
    assert accepted(tmp_path, wishes=None).wishes.height == 12


@pytest.mark.parametrize(
    "column",
    [
        pl.col("rank").cast(pl.Binary),
        pl.col("code").cast(pl.Binary),
        pl.concat_list("rank"),
        pl.struct("code"),
        pl.col("rank").cast(pl.Int64).cast(pl.Duration).alias("school_type"),
    ],
    ids=["bytes for numbers", "bytes for text", "lists", "structs", "spans of time"],
)
def test_a_column_that_holds_no_values_of_its_kind_is_one_defect(tmp_path: Path, column: pl.Expr) -> None:
    in_parquet(tmp_path, "wishes", **{column.meta.output_name(): column})
    text = refusal(tmp_path, wishes=None)
    assert text.startswith(f"wishes: {column.meta.output_name()} holds ")
    assert text.count("wishes") == 1


def test_a_column_with_the_name_of_row_numbers_is_refused(tmp_path: Path) -> None:
    text = refusal(tmp_path, **changed("posts", "profile,", "#row,"))
    assert "posts: #row is a name kept for row numbers: posts.csv has it." in text


def test_defects_of_a_table_read_in_pieces_are_written_out() -> None:
    half = pl.DataFrame({"code": ["a code that is longer than twelve letters"] * 2})
    wrong = pl.concat([half, half], rechunk=False).with_row_index("#row").filter(pl.col("#row") > 1)
    found = defects(Rule("X", "A rule."), "posts", wrong, problem=pl.format("{} is bad.", "code"))
    assert "posts row 3: a code that is longer than twelve letters is bad." in describe(found)
