"""Conditions on rows: which rows meet them, and what is said of those that mean nothing."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from engine.variants.where import rows_where

ROWS = pl.DataFrame(
    {
        "candidate_id": ["a", "b", "c", "d"],
        "discipline": ["L1300", "L1300", "L0422", "L0422"],
        "family": ["parent_isole", None, None, "rapprochement_conjoints"],
        "post_years": [1, 3, 5, 0],
        "mandatory": [True, False, False, False],
        "birth_date": [date(1980, 1, 1), date(1990, 1, 1), None, date(1999, 1, 1)],
    }
)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, "abcd"),
        ({"discipline": "L1300"}, "ab"),
        ({"discipline": ["L1300", "L0422"], "mandatory": False}, "bcd"),
        ({"family": ""}, "bc"),
        ({"family": ["", "parent_isole"]}, "abc"),
        ({"post_years": {"min": 1, "max": 3}}, "ab"),
        ({"post_years": {"min": 3}}, "bc"),
        ({"birth_date": {"max": "1990-01-01"}}, "ab"),
        ({"birth_date": {"min": date(1990, 1, 1)}}, "bd"),
        ({"post_years": 5}, "c"),
    ],
)
def test_rows_meet_all_conditions_or_are_left(conditions: dict[str, object], expected: str) -> None:
    met, found = rows_where(ROWS, conditions, "variant v", "where")
    assert found.is_empty()
    assert "".join(ROWS["candidate_id"].filter(met)) == expected


@pytest.mark.parametrize(
    ("conditions", "sentence"),
    [
        ({"dicipline": "L1300"}, "Maybe discipline"),
        ({"discipline": "L1301"}, "names L1301, which no row has.\n    Maybe L1300"),
        ({"discipline": 3}, "is not text between quotes"),
        ({"mandatory": 1}, "is not true or false"),
        ({"post_years": True}, "is not a whole number"),
        ({"post_years": {"least": 1}}, "is no { min, max }"),
        ({"discipline": {"min": "L1300"}}, "is no { min, max }"),
        ({"post_years": {"min": 4, "max": 2}}, "has a min above its max"),
        ({"birth_date": {"min": "yesterday"}}, "is no day"),
        ({"discipline": []}, "is an empty list"),
    ],
)
def test_a_condition_that_means_nothing_is_refused(conditions: dict[str, object], sentence: str) -> None:
    from engine.model.defects import describe

    _, found = rows_where(ROWS, conditions, "variant v", "where")
    assert sentence in describe(found)
