"""`stable` against a textbook in C++ and the library `matching`: ratios of times taken in turn in one process.

    python -m benchmarks.compare_kernel [--smoke]

Outcomes are compared too: the program fails where they differ.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.kernel import hospital_resident
from benchmarks.kernel.markets import DRAWS, NUM_WISHES, drawn_market
from benchmarks.kernel.textbook import NO_COMPILER, Textbook, compiled_textbook, has_compiler
from engine.solvers.stable import stable

ROW = "{:<32}{:>11}{:>11}   {}"


def main() -> None:
    """Print both comparisons."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smoke", action="store_true", help="small markets, to see that it runs")
    smoke = parser.parse_args().smoke
    if has_compiler():
        with TemporaryDirectory() as folder:
            compare_with_textbook(compiled_textbook(Path(folder)), *((500, 1) if smoke else (1_000_000, 7)))
    else:
        print(f"textbook: skipped, {NO_COMPILER}")
    compare_with_library(500 if smoke else 10_000)


def compare_with_textbook(textbook: Textbook, size: int, rounds: int) -> None:
    """Ours over theirs, one after the other so that both meet the same machine."""
    print(f"stable against textbook C++ (priority queue per post): {size} candidates x {NUM_WISHES} wishes")
    print(ROW.format("priorities and posts", "C++", "stable", f"stable / C++: median (min..max) of {rounds}"))
    for name, draw in DRAWS.items():
        market = drawn_market(size, draw)
        assert (textbook(market)[0] == stable(market).contract).all(), f"outcomes differ: {name}"
        pairs = [(seconds(textbook, market), seconds(stable, market)) for _ in range(rounds)]
        theirs, ours = (median(column) for column in zip(*pairs, strict=True))
        ratios = sorted(ours / theirs for theirs, ours in pairs)
        spread = f"{median(ratios):.2f} ({ratios[0]:.2f}..{ratios[-1]:.2f})"
        print(ROW.format(name, f"{theirs:.3f} s", f"{ours:.3f} s", spread), flush=True)


def compare_with_library(size: int) -> None:
    """Theirs over ours: the library takes seconds, so it is timed once."""
    name, draw = next(iter(DRAWS.items()))
    market = drawn_market(size, draw)
    game = hospital_resident.players(market)
    theirs = seconds(hospital_resident.solve, game)
    assert hospital_resident.posts(game) == stable(market).post.tolist(), "outcomes differ: matching"
    ours = median(seconds(stable, market) for _ in range(7))
    print(f"library `matching`, {size} candidates x {NUM_WISHES} wishes, {name}:")
    print(f"{theirs:.3g} s against {ours:.3g} s of stable, {theirs / ours:,.0f} times as long")


def seconds(solve: Callable[..., object], *arguments: object) -> float:
    start = perf_counter()
    solve(*arguments)
    return perf_counter() - start


if __name__ == "__main__":
    main()
