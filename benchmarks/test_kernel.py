"""The kernel of `stable` at several sizes, the textbook in C++ and the library `matching` on the same markets."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.kernel.hospital_resident import players, posts, solve
from benchmarks.kernel.markets import DRAWS, drawn_market
from benchmarks.kernel.textbook import NO_COMPILER, Textbook, compiled_textbook, has_compiler
from engine.solvers.stable import stable

sizes = pytest.mark.sizes(10_000, 100_000, 1_000_000, smoke=500)
draws = pytest.mark.parametrize("draw", DRAWS)


@pytest.fixture(scope="module")
def textbook(tmp_path_factory: pytest.TempPathFactory) -> Textbook:
    if not has_compiler():
        pytest.skip(NO_COMPILER)
    return compiled_textbook(tmp_path_factory.mktemp("textbook"))


@sizes
@draws
def test_stable(benchmark: BenchmarkFixture, size: int, draw: str, rounds: int) -> None:
    benchmark.group = f"{size} candidates, {draw}"
    market = drawn_market(size, DRAWS[draw])
    matching = benchmark.pedantic(stable, (market,), rounds=rounds, warmup_rounds=1)
    benchmark.extra_info.update(matching.counters)
    assert matching.worth == "stable"


@sizes
@draws
def test_textbook(benchmark: BenchmarkFixture, textbook: Textbook, size: int, draw: str, rounds: int) -> None:
    benchmark.group = f"{size} candidates, {draw}"
    market = drawn_market(size, DRAWS[draw])
    held, proposals = benchmark.pedantic(textbook, (market,), rounds=rounds, warmup_rounds=1)
    ours = stable(market)
    assert (held == ours.contract).all()
    assert proposals == ours.counters["proposals"]


@pytest.mark.sizes(10_000, smoke=500)
def test_library_matching(benchmark: BenchmarkFixture, size: int) -> None:
    benchmark.group = f"{size} candidates, a score per wish"
    market = drawn_market(size, DRAWS["a score per wish"])
    game = players(market)
    benchmark.pedantic(solve, (game,), rounds=1)  # once: solving uses the players up
    assert posts(game) == stable(market).post.tolist()
