"""Variants and their comparison beside one run of the campaign: what each costs in units of that run."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from engine.compare.compare import compare
from engine.compare.frontier import frontier_of
from engine.compare.page import render_comparison
from engine.compare.running import Asked, sides_of
from engine.compare.side import Side
from engine.model.campaign import read_campaign
from engine.model.scoring import score
from engine.pipeline import run
from engine.variants.variant import as_variant
from engine.variants.vary import vary
from scenarios.generate import generate

scales = pytest.mark.sizes(0.01, 0.1, 1, smoke=0.01)

CHILDREN = as_variant({"id": "children", "rules": {"enfants": {"per_child": 120}}})
EXCHANGE = as_variant({"id": "exchange", "options": {"mechanism": "exchange"}})
SHARE = as_variant({"id": "share", "population": {"candidates": {"share": 0.1, "leave_out": True}}})
VARIANTS = (CHILDREN, EXCHANGE, SHARE)

Prepared = Callable[[float], tuple[Path, list[Side]]]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The national inter campaign at a scale, without links, and its runs with three variants, made once."""

    @cache
    def made(scale: float) -> tuple[Path, list[Side]]:
        folder = generate("inter-2025", tmp_path_factory.mktemp("compared") / "campaign", scale=scale, links=0)
        return folder, sides_of(Asked(folder, VARIANTS))

    return made


@pytest.fixture
def timed(benchmark: BenchmarkFixture, size: float, rounds: int) -> Callable[..., Any]:
    benchmark.group = f"inter-2025, scale {size}"
    return lambda call: benchmark.pedantic(call, rounds=rounds, warmup_rounds=1)


@scales
def test_one_run(timed: Callable[..., Any], prepared: Prepared, size: float) -> None:
    folder, sides = prepared(size)
    done = timed(lambda: run(folder))
    assert done.outcomes.equals(sides[0].outcomes)


@scales
def test_vary(timed: Callable[..., Any], prepared: Prepared, size: float) -> None:
    campaign = read_campaign(prepared(size)[0])
    varied = timed(lambda: vary(campaign, SHARE))
    assert varied.candidates.height < campaign.candidates.height


@scales
def test_frontier(timed: Callable[..., Any], prepared: Prepared, size: float) -> None:
    folder, sides = prepared(size)
    campaign = read_campaign(folder)
    scored = score(campaign, campaign.rules)
    assert timed(lambda: frontier_of(campaign, scored, {})) == sides[0].frontier


@scales
def test_compare_four_runs(timed: Callable[..., Any], prepared: Prepared, size: float) -> None:
    """Counting alone: six pairs of runs, groups, cutoffs, experience."""
    sides = prepared(size)[1]
    assert timed(lambda: compare(sides)).holds


@scales
def test_page_of_four_runs(timed: Callable[..., Any], prepared: Prepared, size: float) -> None:
    done = compare(prepared(size)[1])
    assert str(timed(lambda: render_comparison(done))).startswith("<!")


@scales
def test_campaign_and_three_variants(timed: Callable[..., Any], prepared: Prepared, size: float) -> None:
    """From the folder to the comparison, frontier included, without its page."""
    folder, _ = prepared(size)
    assert timed(lambda: compare(sides_of(Asked(folder, VARIANTS)))).holds
