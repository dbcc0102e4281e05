"""A national campaign where requests have a life over time: against a previous run, and with the least change."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from engine.model.campaign import Campaign, read_campaign
from engine.model.changes import Previous
from engine.pipeline import run, run_campaign
from engine.runfolder import write_run
from engine.runreading import read_previous
from scenarios.generate import generate

sizes = pytest.mark.sizes(0.1, 1, smoke=0.01)
ALONE = {"improvement": "none"}

Prepared = Callable[[float], tuple[Campaign, Campaign, Previous]]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The campaign as it was, the same with everything that came later and decisions, and a run of the first."""

    @cache
    def at(size: float) -> tuple[Campaign, Campaign, Previous]:
        folder: Path = tmp_path_factory.mktemp("overtime")
        generate("inter-2025", folder / "before", scale=size, links=0)
        generate("inter-2025", folder / "after", scale=size, links=0, later=True)
        write_run(run(folder / "before", **ALONE), folder / "run")
        previous = read_previous(folder / "run")
        return read_campaign(folder / "before"), read_campaign(folder / "after"), previous

    return at


@pytest.fixture
def time(benchmark: BenchmarkFixture, rounds: int, size: float) -> Callable[[Callable[[], object]], object]:
    benchmark.group = f"requests over time, scale {size}"
    return lambda call: benchmark.pedantic(call, rounds=rounds, warmup_rounds=1)


@sizes
def test_run_alone(time: Callable[..., object], prepared: Prepared, size: float) -> None:
    before, _, _ = prepared(size)
    time(lambda: run_campaign(before, **ALONE))


@sizes
def test_run_with_everything_that_came_later(time: Callable[..., object], prepared: Prepared, size: float) -> None:
    _, after, _ = prepared(size)
    time(lambda: run_campaign(after, **ALONE))


@sizes
def test_run_against_a_previous_one(time: Callable[..., object], prepared: Prepared, size: float) -> None:
    _, after, previous = prepared(size)
    time(lambda: run_campaign(after, previous=previous, **ALONE))


@sizes
def test_run_with_the_least_change(time: Callable[..., object], prepared: Prepared, size: float) -> None:
    _, after, previous = prepared(size)
    time(lambda: run_campaign(after, previous=previous, least_change=True, **ALONE))
