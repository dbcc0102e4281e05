"""Legal cases: campaigns with the answer a lawyer expects, in files a lawyer can read and correct.

``expected_KIND.csv`` is the answer with the options of the campaign; ``expected_KIND.improvement=zone.csv`` with one of
them changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

import polars as pl
import pytest

import scenarios
from engine.explain.explain import explain_candidate
from engine.extension.contracts import extension_points
from engine.model.campaign import read_campaign
from engine.pipeline import run
from engine.runfolder import write_run
from engine.runreading import read_tables
from engine.runs import AdjustmentRun, AnyRun

CASES = Path(scenarios.__file__).parent / "cases"
NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())
FILES = sorted(path.relative_to(CASES).as_posix() for path in CASES.glob("*/expected*.csv"))
COLUMNS = {
    "expected": ["candidate_id", "rank", "code", "points", "admissible", "reason"],
    "expected_criteria": ["candidate_id", "rank", "criterion", "points"],
    "expected_extension": ["candidate_id", "points"],
    "expected_claims": ["candidate_id", "displaced"],
}


@cache
def played(name: str, options: str) -> AnyRun:
    """A case run with an option of its own (``improvement=zone``), or with those of its campaign."""
    option, _, value = options.partition("=")
    return run(CASES / name, **({option: value} if value else {}))


def obtained(case: AnyRun, kind: str) -> pl.DataFrame:
    """What the engine answers to one kind of expected table."""
    answers: dict[str, Callable[[], pl.DataFrame]] = {
        "expected": lambda: case.scored.wishes,
        "expected_criteria": lambda: case.criteria,
        "expected_extension": lambda: extension_points(case.scored),
        "expected_outcomes": lambda: case.outcomes,
        "expected_claims": lambda: claims(case),
    }
    if isinstance(case, AdjustmentRun):
        answers |= {"expected_needs": lambda: case.needs, "expected_tzr": lambda: case.tzr}
    else:
        answers |= {"expected_selections": lambda: case.selections, "expected_departments": lambda: case.departments}
    return answers[kind]()


def claims(case: AnyRun) -> pl.DataFrame:
    """The claims an improvement leaves, and who would be displaced in turn if each were granted."""
    chains = [
        (claimant, " ".join(re.findall(r"(\S+), displaced from", sentence)))
        for claimant, sentence in case.verdict["P3"].proofs.select("candidate_id", "sentence").rows()
    ]
    return pl.DataFrame(chains, schema=dict.fromkeys(COLUMNS["expected_claims"], pl.String), orient="row")


def as_text(table: pl.DataFrame) -> list[tuple[str, ...]]:
    """Rows as a lawyer writes them: points with as few decimals as they have, nothing for an absent value."""
    return sorted(tuple(_cell(name, value) for name, value in row.items()) for row in table.iter_rows(named=True))


def _cell(column: str, value: object) -> str:
    if value is None:
        return ""
    if column.endswith("points") and isinstance(value, int):
        return format((Decimal(value) / 1000).normalize(), "f")
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_there_are_the_cases_of_the_published_examples() -> None:
    assert {"B", "C", "D", "E", "F", "G", "W1", "W2", "W3", "W4", "W5", "W6", "W7", "W7-intra", "W8"} <= set(NAMES)
    assert {"specifique", "ddf", "cio", "pegc", "tzr", "calendrier"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_says_where_it_comes_from_and_what_it_shows(name: str) -> None:
    text = (CASES / name / "case.md").read_text("utf-8")
    assert all(heading in text for heading in ("**Source.**", "**Situation.**", "**What it shows.**"))
    assert f"{name}/expected.csv" in FILES


@pytest.mark.parametrize("file", FILES)
def test_the_engine_answers_as_the_lawyer_expects(file: str) -> None:
    name, stem = file.removesuffix(".csv").split("/")
    kind, _, options = stem.partition(".")
    table = pl.read_csv(CASES / file, infer_schema=False)
    assert table.columns == COLUMNS.get(kind, table.columns)
    assert as_text(obtained(played(name, options), kind).select(table.columns)) == as_text(table)


@pytest.mark.parametrize("file", [file for file in FILES if "/expected_outcomes" in file])
def test_the_verdict_of_a_case_holds(file: str) -> None:
    name, stem = file.removesuffix(".csv").split("/")
    verdict = played(name, stem.partition(".")[2]).verdict
    assert {p.status for p in verdict.properties} <= {"holds", "not_applicable"}


@pytest.mark.parametrize("name", NAMES)
def test_everybody_in_a_case_is_told_the_decision_in_both_languages(name: str, tmp_path: Path) -> None:
    """In words: no code of a reason, no blank of a phrase, no name of a status is left in it."""
    case = played(name, "")
    tables = read_tables(write_run(case, tmp_path / "run"))
    campaign = read_campaign(CASES / name)
    codes = {*tables["outcomes"]["reason"].drop_nulls(), *tables["wishes"]["reason"].drop_nulls()}
    codes = {part for code in codes for part in code.split() if "_" in part}
    for candidate in campaign.candidates["candidate_id"]:
        for language, decision in (("fr", "Décision : "), ("en", "Decision: ")):
            told = explain_candidate(campaign, tables, candidate, language)  # type: ignore[arg-type]
            assert decision in told
            assert not [code for code in codes if code in told]
            assert not re.search(r"[{}]|None\b|\bnull\b", told)
