"""Legal cases: campaigns with the answer a lawyer expects, in files a lawyer can read and correct."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

import scenarios
from engine.extension.contracts import extension_points
from engine.pipeline import run
from engine.runs import Run

CASES = Path(scenarios.__file__).parent / "cases"
NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())
KINDS = {
    "expected": ["candidate_id", "rank", "code", "points", "admissible", "reason"],
    "expected_criteria": ["candidate_id", "rank", "criterion", "points"],
    "expected_extension": ["candidate_id", "points"],
    "expected_outcomes": ["candidate_id", "status", "rank", "place_id"],
}


def obtained(case: Run, kind: str) -> pl.DataFrame:
    """What the engine answers to one kind of expected table."""
    answers = {
        "expected": case.scored.wishes,
        "expected_criteria": case.criteria,
        "expected_extension": extension_points(case.scored),
        "expected_outcomes": case.outcomes,
    }
    return answers[kind].select(KINDS[kind])


def as_text(table: pl.DataFrame) -> list[tuple[str, ...]]:
    """Rows as a lawyer writes them: points with as few decimals as they have, nothing for an absent value."""
    return sorted(tuple(_cell(name, value) for name, value in row.items()) for row in table.iter_rows(named=True))


def _cell(column: str, value: object) -> str:
    if value is None:
        return ""
    if column == "points" and isinstance(value, int):
        return format((Decimal(value) / 1000).normalize(), "f")
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.fixture(scope="module", params=NAMES)
def case(request: pytest.FixtureRequest) -> tuple[str, Run]:
    return request.param, run(CASES / request.param)


def test_there_are_the_cases_of_the_published_examples() -> None:
    assert {"W1", "W3", "W7"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_says_where_it_comes_from_and_what_it_shows(name: str) -> None:
    text = (CASES / name / "case.md").read_text("utf-8")
    assert all(heading in text for heading in ("**Source.**", "**Situation.**", "**What it shows.**"))


def test_the_engine_answers_as_the_lawyer_expects(case: tuple[str, Run]) -> None:
    name, result = case
    expected = [path for path in sorted((CASES / name).glob("expected*.csv")) if path.stem in KINDS]
    assert any(path.stem == "expected" for path in expected)
    for path in expected:
        table = pl.read_csv(path, infer_schema=False)
        assert table.columns == KINDS[path.stem], path.name
        assert as_text(obtained(result, path.stem)) == as_text(table), path.name


def test_the_verdict_of_a_case_holds(case: tuple[str, Run]) -> None:
    assert {p.status for p in case[1].verdict.properties} <= {"holds", "not_applicable"}
