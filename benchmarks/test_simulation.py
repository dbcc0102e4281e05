"""Draws per second: one process against two, and what is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from time import perf_counter

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from engine.model.campaign import read_campaign
from engine.simulation.draw import draw
from engine.simulation.experiment import Experiment
from engine.simulation.plan import plan_of
from engine.simulation.workers import Place, in_processes
from scenarios.generate import generate

scales = pytest.mark.sizes(0.1, 1, smoke=0.01)
PREFERENCES = ("lots", "preferences")
ROUNDS, DRAWS = 4, 6


@pytest.fixture(scope="session")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Callable[[float, int, tuple[str, ...]], Experiment]:
    """A national campaign at a scale, with so many links, and what is drawn of it."""

    @cache
    def made(scale: float, links: int, vary: tuple[str, ...]) -> Experiment:
        folder = tmp_path_factory.mktemp("simulation") / f"{scale}-{links}"
        campaign = read_campaign(generate("inter-2025", folder, scale=scale, links=links))
        return Experiment(campaign, plan_of(campaign, 1000, vary))

    return made


@scales
@pytest.mark.parametrize("vary", ["lots", "preferences", "population"])
def test_one_draw(benchmark: BenchmarkFixture, experiment: Callable[..., Experiment], size: float, vary: str) -> None:
    """A draw in this process, records and verdict included; numbers are never the same twice."""
    drawn, numbers = experiment(size, 0, (vary,)), count(1)
    benchmark.group = f"draw {size:g}"
    draw(drawn, 1000)
    benchmark.pedantic(lambda: draw(drawn, next(numbers)), rounds=5)


@scales
@pytest.mark.parametrize("links", [0, 200])
def test_two_processes_against_one(
    benchmark: BenchmarkFixture, experiment: Callable[..., Experiment], smoke: bool, size: float, links: int
) -> None:
    """The same number of draws for each process, in turn; the ratio is that of the quickest rounds."""
    drawn = experiment(size, round(links * size), PREFERENCES)
    benchmark.group = f"draws per second {size:g}"
    with in_processes(drawn, 1) as one, in_processes(drawn, 2) as two:
        numbers = iter(count(1))
        for place, workers in ((one, 1), (two, 2)):
            _seconds(
                place, 2 * workers if smoke else 12 * workers, numbers
            )  # processes started, kernels loaded, points of the first campaign known
        rounds = 1 if smoke else ROUNDS
        draws = 1 if smoke else DRAWS
        alone = min(_seconds(one, draws, numbers) for _ in range(rounds))
        together = [_seconds(two, 2 * draws, numbers) for _ in range(rounds)]
        benchmark.pedantic(lambda: together.append(_seconds(two, 2 * draws, numbers)), rounds=1)
    figures = {"one": draws / alone, "two": 2 * draws / min(together)}
    benchmark.extra_info.update(figures | {"ratio": figures["two"] / figures["one"]})
    print(f"\n{size:g}, {links} links: {figures['one']:.2f} and {figures['two']:.2f} draws per second")


def _seconds(place: Place, draws: int, numbers: Iterator[int]) -> float:
    start = perf_counter()
    promised = [place.submit(next(numbers)) for _ in range(draws)]
    assert all(promise.result() for promise in promised)
    return perf_counter() - start
