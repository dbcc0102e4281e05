"""The interdépartemental at several scales: both phases, with more and more linked requests, and the whole run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from engine.assignment import Facts, assign, facts_of
from engine.extension.contracts import extension_contracts
from engine.model.campaign import read_campaign
from engine.model.compilation import compile_market
from engine.model.contracts import contracts_of
from engine.model.distances import indications
from engine.model.market import Market, Matching
from engine.model.scoring import score
from engine.model.settings import Options
from engine.phases import permuted
from engine.pipeline import campaign_options, run
from engine.report.report import render_report
from engine.runfolder import write_run
from engine.runs import Run
from engine.verify.audit import Result, audit
from engine.verify.largest import program_of
from scenarios.generate import generate

PROFILE = "interdepartemental-2025"
scales = pytest.mark.sizes(0.1, 1, smoke=0.02)
pairs = pytest.mark.sizes(0, 100, 200, 400, smoke=5)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A campaign folder of a scale and a number of linked pairs, made once for all benchmarks."""

    @cache
    def made(scale: float, links: int | None = None) -> Path:
        return generate(PROFILE, tmp_path_factory.mktemp("bench") / "campaign", scale=scale, links=links)

    return made


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Path]:
    """Names of folders that do not exist."""
    return (tmp_path / str(number) for number in count())


@scales
def test_whole_run(
    benchmark: BenchmarkFixture, folder: Callable[..., Path], new: Iterator[Path], size: float, rounds: int
) -> None:
    """From the campaign folder to the verified run folder with its report: the 20 seconds of the national campaign."""

    def whole() -> Run:
        done = run(folder(size))
        write_run(done, next(new), report=render_report)
        return done

    done = benchmark.pedantic(whole, rounds=rounds, warmup_rounds=1)
    benchmark.extra_info.update(done.summary["phases"]["permutations"], candidates=done.summary["candidates"])
    assert done.verdict.holds


NOBODY = np.array([], dtype=np.int64)


@scales
def test_verify_permutations(
    benchmark: BenchmarkFixture, folder: Callable[..., Path], size: float, rounds: int
) -> None:
    """The linear programs that say how many could move at most."""
    done = run(folder(size))
    result = Result(done.outcomes, improvement="permutations", extension="none", mechanism="serial", link_points="mean")
    facts = audit(done.campaign, done.scored, result)
    assert facts.before is not None
    before = facts.before
    most = benchmark.pedantic(lambda: program_of(facts, before, NOBODY).largest(), rounds=rounds, warmup_rounds=1)
    assert most.moves >= done.summary["phases"]["permutations"]["moved"]


@dataclass(frozen=True)
class Compiled:
    """A campaign up to its market, and who had what after the mutations."""

    market: Market
    facts: Facts
    options: Options
    before: Matching


def compiled(folder: Path) -> Compiled:
    campaign = read_campaign(folder)
    options, scored = campaign_options(campaign), score(campaign, campaign.rules)
    contracts = contracts_of(campaign, scored, extension_contracts(campaign, scored).clear(), options.link_points)
    market = compile_market(campaign, contracts, contracts.rows)
    rows = np.arange(contracts.rows.height, dtype=np.int64)
    facts = facts_of(campaign, contracts, rows, lambda: indications(campaign, contracts))
    alone = options.model_copy(update={"improvement": "none"})
    return Compiled(market, facts, alone, assign(market, facts, alone).before)


@scales
def test_mutations(benchmark: BenchmarkFixture, folder: Callable[..., Path], size: float, rounds: int) -> None:
    made = compiled(folder(size))
    done = benchmark.pedantic(lambda: assign(made.market, made.facts, made.options), rounds=rounds, warmup_rounds=1)
    assert done.before.counters["moved"] > 0


@pairs
def test_permutations(
    benchmark: BenchmarkFixture, folder: Callable[..., Path], size: int, rounds: int, smoke: bool
) -> None:
    """The national permutations with so many linked pairs; `searches` counts how often CP-SAT was asked."""
    made = compiled(folder(0.02 if smoke else 1, int(size)))
    phases = made.facts.phases
    assert phases is not None
    pinned = made.facts.pinned
    after = benchmark.pedantic(
        lambda: permuted(made.market, made.before, phases, made.options, pinned, None), rounds=rounds, warmup_rounds=0
    )
    benchmark.extra_info.update({name: after.counters[name] for name in ("moves", "moved", "searches")})
    assert after.worth == "optimal"
