"""Every mechanism at growing scale, on markets of single posts and of zones; and improvement `full` after each."""

from __future__ import annotations

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.intra_markets import intra_market
from benchmarks.link_markets import Links, inter_market
from engine.model.market import Market
from engine.solvers.improvement import improve
from engine.solvers.mechanisms import MECHANISMS, solve

PER_BLOCK = 500  # candidates of a discipline in an académie, where a market with zones grows by blocks
NO_LINKS = Links(0)

every = pytest.mark.parametrize("mechanism", MECHANISMS)


def single_posts(size: int) -> Market:
    """60 disciplines in 30 académies, shaped like the inter movement."""
    return inter_market(NO_LINKS, size)


def zones(size: int) -> Market:
    """Blocks of a discipline in an académie, shaped like the intra movement; some wishes are for lycées only."""
    return intra_market(size, max(size // PER_BLOCK, 1), typed=True).market


def solved(benchmark: BenchmarkFixture, market: Market, mechanism: str, rounds: int) -> None:
    matching = benchmark.pedantic(solve, (market, mechanism), rounds=rounds, warmup_rounds=1)
    benchmark.extra_info.update(matching.counters)
    holders = market.stay >= 0
    benchmark.extra_info["moved"] = int((holders & (matching.contract != market.stay)).sum())
    taken = np.bincount(matching.post[matching.post >= 0], minlength=market.num_posts)
    assert (taken <= market.seats).all()
    assert (matching.contract[holders] >= 0).all()


@every
@pytest.mark.sizes(2_304, 23_040, 230_400, smoke=300)
def test_single_posts(benchmark: BenchmarkFixture, size: int, mechanism: str, rounds: int) -> None:
    benchmark.group = f"mechanisms, single posts, {size} candidates"
    solved(benchmark, single_posts(size), mechanism, rounds)


@every
@pytest.mark.sizes(1_000, 10_000, 100_000, smoke=300)
def test_zones(benchmark: BenchmarkFixture, size: int, mechanism: str, smoke: bool) -> None:
    benchmark.group = f"mechanisms, zones in blocks of {PER_BLOCK}, {size} candidates"
    solved(benchmark, zones(size), mechanism, rounds=1 if smoke else 3)


@every
@pytest.mark.sizes(1_000, 10_000, 100_000, smoke=300)
def test_full_after(benchmark: BenchmarkFixture, size: int, mechanism: str, smoke: bool) -> None:
    benchmark.group = f"improvement full after a mechanism, zones in blocks of {PER_BLOCK}, {size} candidates"
    market = zones(size)
    before = solve(market, mechanism)
    after = benchmark.pedantic(improve, (market, before, "full"), rounds=1 if smoke else 2, warmup_rounds=1)
    benchmark.extra_info.update(after.counters)
    gained = np.where(before.contract >= 0, after.contract <= before.contract, True)
    assert gained.all()
