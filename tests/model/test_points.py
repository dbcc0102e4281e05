"""Points are exact thousandths, in and out, one by one and by columns."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.points import LARGEST, PointsError, format_points, parse_points, points_from_text, points_to_text

EXACT = {"174.3": 174300, "14": 14000, "0.1": 100, "0.16": 160, "-0.125": -125, "150.20": 150200, "0": 0}


@pytest.mark.parametrize(("text", "thousandths"), EXACT.items())
def test_points_are_read_exactly(text: str, thousandths: int) -> None:
    assert parse_points(text) == parse_points(Decimal(text)) == thousandths


def test_a_whole_number_is_a_number_of_points() -> None:
    assert parse_points(1000) == 1_000_000


@pytest.mark.parametrize("value", [174.3, True, None, "14,5", "many", "", "1.2345", "nan", "inf", 10**10, [1]])
def test_what_is_not_an_exact_number_of_points_is_refused_and_quoted(value: object) -> None:
    with pytest.raises(PointsError, match=r"is not|more than three"):
        parse_points(value)  # type: ignore[arg-type]


def test_points_are_shown_without_useless_zeros_and_with_either_mark() -> None:
    assert format_points(174300) == "174.3"
    assert format_points(14000) == "14"
    assert format_points(-125) == "-0.125"
    assert format_points(150200, decimal_mark=",") == "150,2"


@given(st.integers(-LARGEST + 1, LARGEST - 1))
def test_what_is_shown_reads_back(thousandths: int) -> None:
    assert parse_points(format_points(thousandths)) == thousandths


@given(st.lists(st.integers(-LARGEST + 1, LARGEST - 1), max_size=20))
def test_columns_agree_with_single_values(thousandths: list[int]) -> None:
    column = pl.DataFrame({"points": pl.Series(thousandths, dtype=pl.Int64)})
    text = column.select(points_to_text(pl.col("points")).alias("text"))
    assert text["text"].to_list() == [format_points(value) for value in thousandths]
    assert text.select(points_from_text(pl.col("text"))).to_series().to_list() == thousandths


def test_a_column_has_null_where_the_text_is_no_number_of_points() -> None:
    texts = ["174.3", " 14 ", "14,5", "1.2345", "1e3", "", None, "+3", "1.2500", "."]
    read = pl.DataFrame({"text": texts}).select(points_from_text(pl.col("text"))).to_series()
    assert read.to_list() == [174300, 14000, None, None, None, None, None, 3000, 1250, None]
