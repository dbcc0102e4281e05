"""A year of movements at several scales: the whole of it, and the verdict on what its campaigns hand over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from engine.report.report import render_report
from engine.verify.year.verify import verify_handovers
from engine.year.audit import handovers
from engine.year.page import render_year
from engine.year.plan import read_plan
from engine.year.run import Form, run_year
from scenarios.generate import generate

scales = pytest.mark.sizes(0.1, 1, smoke=0.01)
WITHOUT = Form("parquet", None, "fr")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[float], Path]:
    """The year folder of a scale, made once for all benchmarks."""
    return cache(lambda scale: generate("year-2025", tmp_path_factory.mktemp("bench") / "year", scale=scale))


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Path]:
    """Names of folders that do not exist."""
    return (tmp_path / str(number) for number in count())


@scales
def test_whole_year(
    benchmark: BenchmarkFixture, folder: Callable[[float], Path], new: Iterator[Path], size: float
) -> None:
    """From the year folder to verified run folders with all reports: `year-2025` in 90 seconds on two cores."""
    plan, form = folder(size), Form("parquet", render_report, "fr")
    done = benchmark.pedantic(lambda: run_year(plan, next(new), form, render_year), rounds=1)
    assert done.holds
    benchmark.extra_info.update(
        candidates=sum(sum(counts.values()) for counts in done.statuses.values()), passages=done.passages.height
    )


@scales
def test_year_without_reports(
    benchmark: BenchmarkFixture, folder: Callable[[float], Path], new: Iterator[Path], size: float
) -> None:
    done = benchmark.pedantic(lambda: run_year(folder(size), next(new), WITHOUT, None), rounds=1)
    assert done.holds


@scales
def test_verify_handovers(
    benchmark: BenchmarkFixture, folder: Callable[[float], Path], new: Iterator[Path], size: float, rounds: int
) -> None:
    """The verdict on the links of a year that was run, its tables read before."""
    target = next(new)
    run_year(folder(size), target, WITHOUT, None)
    facts = handovers(read_plan(folder(size)), target)
    verdict = benchmark.pedantic(lambda: verify_handovers(*facts), rounds=rounds, warmup_rounds=1)
    assert verdict.holds
