"""Markets with zones at growing scale: `stable` on nested and on overlapping ones, cutoffs, placement, improvement."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.intra_markets import Intra, intra_market
from engine.model.cutoffs import post_cutoffs, zone_cutoffs
from engine.model.market import Market, Matching
from engine.solvers.improvement import Kind, improve
from engine.solvers.placement import Rule, place
from engine.solvers.stable import stable

SHAPES = {"nested": False, "overlapping": True}  # whether some wishes are for lycées only
PER_BLOCK = 500  # candidates of a discipline in an académie, where a benchmark grows by blocks
WORKERS = 2

shapes = pytest.mark.parametrize("shape", SHAPES)
in_one_block = pytest.mark.sizes(1_500, 5_000, 20_000, 100_000, smoke=300)
in_many_blocks = pytest.mark.sizes(1_000, 10_000, 100_000, smoke=300)


def blocks_of_500(size: int) -> Intra:
    return intra_market(size, max(size // PER_BLOCK, 1))


def placed(intra: Intra) -> Matching:
    """The outcome of `stable`, seated by the placement rule."""
    matching = stable(intra.market)
    return replace(matching, post=place(intra.market, matching, intra.distances(matching.contract)))


def cutoffs(market: Market, matching: Matching) -> np.ndarray:
    granted = np.flatnonzero(matching.contract >= 0)
    held = matching.contract[granted]
    posts = post_cutoffs(
        market.zone_ptr,
        market.zone_post,
        market.seats,
        market.wish_zone[held],
        matching.post[granted],
        market.wish_priority[held],
    )
    return zone_cutoffs(market.zone_ptr, market.zone_post, posts)


@in_one_block
@shapes
def test_stable_in_one_block(benchmark: BenchmarkFixture, size: int, shape: str, rounds: int) -> None:
    """One discipline of one académie of four départements, however many candidates that is."""
    benchmark.group = f"stable, one block of {size} candidates"
    market = intra_market(size, 1, typed=SHAPES[shape]).market
    matching = benchmark.pedantic(stable, (market,), rounds=rounds, warmup_rounds=1)
    benchmark.extra_info.update(matching.counters)
    assert matching.worth == "stable"


@in_many_blocks
@shapes
def test_stable_in_many_blocks(benchmark: BenchmarkFixture, size: int, shape: str, rounds: int) -> None:
    benchmark.group = f"stable, blocks of {PER_BLOCK}, {size} candidates"
    market = intra_market(size, max(size // PER_BLOCK, 1), typed=SHAPES[shape]).market
    matching = benchmark.pedantic(stable, (market,), rounds=rounds, warmup_rounds=1)
    benchmark.extra_info.update(matching.counters)
    assert matching.worth == "stable"


@in_many_blocks
def test_cutoffs(benchmark: BenchmarkFixture, size: int, rounds: int) -> None:
    benchmark.group = f"blocks of {PER_BLOCK}, {size} candidates"
    market = blocks_of_500(size).market
    matching = stable(market)
    found = benchmark.pedantic(cutoffs, (market, matching), rounds=rounds, warmup_rounds=1)
    held = matching.contract[matching.contract >= 0]
    assert (market.wish_priority[held] >= found[market.wish_zone[held]]).all()


@in_many_blocks
@pytest.mark.parametrize("rule", ["priority", "distance"])
def test_place(benchmark: BenchmarkFixture, size: int, rule: Rule, rounds: int) -> None:
    benchmark.group = f"blocks of {PER_BLOCK}, {size} candidates"
    intra = blocks_of_500(size)
    matching = stable(intra.market)
    distances = intra.distances(matching.contract)
    post = benchmark.pedantic(place, (intra.market, matching, distances, rule), rounds=rounds, warmup_rounds=1)
    assert ((post >= 0) == (matching.contract >= 0)).all()


@in_many_blocks
@pytest.mark.parametrize("kind", ["stable", "zone", "full"])
def test_improve(benchmark: BenchmarkFixture, size: int, kind: Kind, smoke: bool) -> None:
    benchmark.group = f"improvement, blocks of {PER_BLOCK}, {size} candidates"
    intra = blocks_of_500(size)
    before = placed(intra)
    after = benchmark.pedantic(
        improve,
        (intra.market, before, kind, intra.regions),
        {"distances": intra.distances, "workers": WORKERS},
        rounds=1 if smoke else 2,
        warmup_rounds=0 if smoke else 1,
    )
    benchmark.extra_info.update({name: after.counters[name] for name in after.counters})
    assert (after.contract <= before.contract).all()
    assert ((after.contract >= 0) == (before.contract >= 0)).all()
