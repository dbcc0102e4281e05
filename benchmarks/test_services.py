"""The TZR adjustment at growing size: all services of a block, its bound, its services; a whole académie."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from engine.model.tzr.blocks import Block
from engine.pipeline import run
from engine.runs import AdjustmentRun
from engine.solvers.services import ServiceOptions, services_of
from engine.solvers.services_bound import prices_of
from engine.solvers.services_model import Limits
from engine.solvers.services_pool import pool_of
from scenarios.generate import generate
from tests.solvers.services_oracle import random_block

SIZES = pytest.mark.sizes(6, 12, 24, smoke=6)
"""TZR in a block."""

OPTIONS = ServiceOptions(max_schools=3, max_metres=30_000, time_limit_s=60.0)


def block_of(size: int) -> Block:
    """A block of so many TZR, with eight needs for three of them."""
    return random_block(1, size, size * 8 // 3, size * 3 // 4)


@SIZES
def test_list_services(benchmark: BenchmarkFixture, size: int) -> None:
    block = block_of(size)
    pool = benchmark(pool_of, block, 3, 30_000)
    benchmark.extra_info["services"] = len(pool)


@SIZES
def test_price_services(benchmark: BenchmarkFixture, size: int) -> None:
    block = block_of(size)
    pool = pool_of(block, 3, 30_000)
    worth = pool.hours // 500 * (len(block.tzr) + 1) + 1
    benchmark(prices_of, pool, worth, block.pieces, block.staff)


@SIZES
def test_choose_services(benchmark: BenchmarkFixture, size: int) -> None:
    block = block_of(size)
    found = benchmark.pedantic(
        lambda: services_of(block, OPTIONS, Limits(perf_counter() + 60, OPTIONS.effort)), rounds=1
    )
    benchmark.extra_info |= {
        "settled": found.settled,
        "tzr": len(block.tzr),
        "gap": 1 - found.hours / found.hours_bound,
    }


@pytest.mark.sizes(150, 1_500, smoke=60)
def test_largest_academy(benchmark: BenchmarkFixture, tmp_path: Path, size: int) -> None:
    """1,500 TZR and 4,000 needs: folder to verdict, within 1 % of the bound in a minute on two cores."""
    folder = generate("tzr-versailles-2025", tmp_path / "campaign", scale=size / 1_500)
    done = benchmark.pedantic(run, (folder,), rounds=1)
    assert isinstance(done, AdjustmentRun)
    assert done.verdict.holds
    benchmark.extra_info |= {"gap": done.summary["gap"], "blocks_proven": done.summary["blocks_proven"]}
