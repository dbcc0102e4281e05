"""Every stage of a run of national campaigns at several scales, and the whole: from folder to verified run folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.peaks import peaks_of
from engine.extension.contracts import extension_contracts
from engine.model.campaign import Campaign, read_campaign
from engine.model.compilation import compile_market
from engine.model.contracts import contracts_of
from engine.model.market import Market
from engine.model.reading import read_tables
from engine.model.scoring import Scored, score
from engine.pipeline import run
from engine.report.report import render_report
from engine.runfolder import write_run
from engine.runs import Run
from engine.solvers.mechanisms import solve
from engine.verify.audit import Result
from engine.verify.verify import verify
from scenarios.generate import generate

scales = pytest.mark.sizes(0.01, 0.1, 1, smoke=0.01)
with_stress = pytest.mark.sizes(0.01, 0.1, 1, 10, smoke=0.01)
PROFILES = ("inter-2025", "intra-national", "specifique-2021")
STRESSED = "inter-2025"  # alone at scale 10: another has a million candidates there
REAL = Path(__file__).parent.parent.parent / "shared" / "data"


@dataclass
class Stages:
    """A campaign at one scale, with what each stage makes of it, made when it is first asked for."""

    folder: Path

    @cached_property
    def campaign(self) -> Campaign:
        return read_campaign(self.folder)

    @cached_property
    def scored(self) -> Scored:
        return score(self.campaign, self.campaign.rules)

    @cached_property
    def market(self) -> Market:
        return compiled(self.campaign, self.scored)

    @cached_property
    def run(self) -> Run:
        return run(self.folder)

    @cached_property
    def peaks(self) -> dict[str, int]:
        return peaks_of(self.folder)


def compiled(campaign: Campaign, scored: Scored) -> Market:
    """What takes part in the mechanism; a residual extension comes after it."""
    contracts = contracts_of(campaign, scored, extension_contracts(campaign, scored))
    rows = contracts.rows
    if campaign.rules.options.get("extension") == "residual":
        rows = rows.filter(pl.col("phase") != "extension")
    return compile_market(campaign, contracts, rows)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, float], Stages]:
    """The stages of a profile at a scale, made once for all; without links, which have benchmarks of their own."""

    @cache
    def at(profile: str, scale: float) -> Stages:
        return Stages(campaign_of(profile, tmp_path_factory.mktemp("bench") / "campaign", scale))

    return at


def campaign_of(profile: str, folder: Path, scale: float) -> Path:
    """Communes and schools are the real ones where they are at hand."""
    real = profile == "intra-national" and REAL.is_dir()
    return generate(profile, folder, scale=scale, geography=REAL if real else None, links=0)


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest, size: float) -> str:
    if size > 1 and request.param != STRESSED:
        pytest.skip(f"only {STRESSED} is run at scale {size}")
    return str(request.param)


@pytest.fixture
def stages(profile: str, size: float, prepared: Callable[[str, float], Stages]) -> Stages:
    return prepared(profile, size)


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Path]:
    """Names of folders that do not exist."""
    return (tmp_path / str(number) for number in count())


@pytest.fixture
def time(benchmark: BenchmarkFixture, profile: str, size: float, rounds: int, stages: Stages) -> Callable[..., Any]:
    """Times a call, after one that is not timed, beside the other stages of the same scale."""
    benchmark.group = f"{profile}, scale {size}"
    benchmark.extra_info["candidates"] = stages.campaign.candidates.height
    benchmark.extra_info["wishes"] = stages.campaign.wishes.height

    def timed(function: Callable[..., Any], *arguments: Any, stage: str = "") -> Any:
        if stage:
            benchmark.extra_info["peak_mib"] = stages.peaks[stage]
        return benchmark.pedantic(function, arguments, rounds=rounds, warmup_rounds=1)

    return timed


@scales
def test_generate(time: Callable[..., Any], new: Iterator[Path], profile: str, size: float) -> None:
    assert time(lambda: campaign_of(profile, next(new), size)).is_dir()


@scales
def test_read(time: Callable[..., Any], stages: Stages) -> None:
    tables, defects, _ = time(read_tables, stages.folder, stages.campaign.rules.named_columns)
    assert defects.is_empty()
    assert tables["wishes"].height == stages.campaign.wishes.height


@scales
def test_read_and_check(time: Callable[..., Any], stages: Stages) -> None:
    assert time(read_campaign, stages.folder, stage="read").digest() == stages.campaign.digest()


@scales
def test_score(time: Callable[..., Any], stages: Stages) -> None:
    assert time(score, stages.campaign, stages.campaign.rules, stage="score").wishes.equals(stages.scored.wishes)


@with_stress
def test_compile(time: Callable[..., Any], stages: Stages, benchmark: BenchmarkFixture) -> None:
    market = time(compiled, stages.campaign, stages.scored, stage="compile")
    benchmark.extra_info["contracts"] = market.num_contracts
    assert market.num_posts == stages.campaign.posts.height


@with_stress
def test_solve(time: Callable[..., Any], stages: Stages, benchmark: BenchmarkFixture) -> None:
    matching = time(solve, stages.market, stage="solve")
    benchmark.extra_info.update({name: matching.counters[name] for name in ("proposals", "rounds")})
    assert matching.worth == "stable"


@with_stress
def test_verify(time: Callable[..., Any], stages: Stages) -> None:
    done = stages.run
    options = done.options
    result = Result(
        done.outcomes, done.cutoffs, options.extension, improvement=options.improvement, placement=options.placement
    )
    assert time(verify, done.campaign, done.scored, result, stage="verify").holds


@scales
def test_report(time: Callable[..., Any], stages: Stages) -> None:
    assert time(render_report, stages.run, stage="report").startswith("<!")


@scales
def test_write(time: Callable[..., Any], stages: Stages, new: Iterator[Path]) -> None:
    """The run folder without its report."""
    assert time(lambda: write_run(stages.run, next(new)), stage="write").is_dir()


@scales
def test_whole_run(time: Callable[..., Any], stages: Stages, new: Iterator[Path]) -> None:
    """From the campaign folder to the verified run folder with its report."""

    def whole() -> Run:
        done = run(stages.folder)
        write_run(done, next(new), report=render_report)
        return done

    assert time(whole, stage="report").verdict.holds


@with_stress
def test_run_without_report(time: Callable[..., Any], stages: Stages, new: Iterator[Path]) -> None:
    """From the campaign folder to the verified run folder, tables only."""

    def whole() -> Run:
        done = run(stages.folder)
        write_run(done, next(new))
        return done

    assert time(whole, stage="write").verdict.holds
