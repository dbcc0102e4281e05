"""Linked requests in a market like the national inter movement: time to proof, what bounds leave, nodes of searches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.link_markets import Links, inter_market
from engine.model.market import Market
from engine.solvers.links import stable_with_links
from engine.solvers.mechanisms import SolveOptions
from engine.solvers.stable import stable

OPTIONS = SolveOptions(time_limit_s=120)
LARGEST_PROVEN = 1_500  # links; twice as many in a market as tight as this may take more than the time there is
NATIONAL, SMALL = 23_040, 600  # candidates


def without_links(market: Market) -> Market:
    return replace(market, link=np.full_like(market.link, -1))


@pytest.mark.sizes(10, 100, 500, 1_500, 3_000, smoke=20)
@pytest.mark.parametrize("inside", [0.0, 0.1, 0.5, 1.0], ids=lambda share: f"{share:.0%} inside one discipline")
def test_links(benchmark: BenchmarkFixture, size: int, inside: float, smoke: bool, rounds: int) -> None:
    benchmark.group = f"{inside:.0%} of links inside one discipline"
    market = inter_market(Links(size, inside), SMALL if smoke else NATIONAL)
    rounds = min(rounds, 3) if size <= LARGEST_PROVEN else 1
    matching = benchmark.pedantic(stable_with_links, (market, OPTIONS), rounds=rounds, warmup_rounds=rounds // 2)
    benchmark.extra_info.update(matching.counters | {"worth": matching.worth, "bound": matching.bound})
    assert matching.counters["links"] == size
    assert matching.worth in ("stable", "optimal") or size > LARGEST_PROVEN


@pytest.mark.sizes(1_500, smoke=20)
@pytest.mark.parametrize("solver", ["plain", "with links"])
def test_the_same_market_without_its_links(
    benchmark: BenchmarkFixture, size: int, solver: str, smoke: bool, rounds: int
) -> None:
    """What looking for links costs where there are none."""
    market = without_links(inter_market(Links(size), SMALL if smoke else NATIONAL))
    if solver == "plain":
        matching = benchmark.pedantic(stable, (market,), rounds=rounds, warmup_rounds=1)
    else:
        matching = benchmark.pedantic(stable_with_links, (market, OPTIONS), rounds=rounds, warmup_rounds=1)
    assert matching.worth == "stable"
    assert (matching.contract == stable(market).contract).all()
