"""What every mechanism costs beside `stable`, and what it moves: one table, all mechanisms in turn in one process.

python -m benchmarks.compare_mechanisms [--rounds N]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.test_mechanisms import single_posts, zones
from engine.model.market import Market, Matching
from engine.solvers.mechanisms import MECHANISMS, solve

MARKETS: tuple[tuple[str, Callable[[int], Market], tuple[int, ...]], ...] = (
    ("single posts", single_posts, (2_304, 23_040, 230_400)),
    ("zones, blocks of 500", zones, (1_000, 10_000, 100_000)),
)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each is timed; the best counts")
    rounds = parser.parse_args(arguments).rounds
    print("| market | candidates | " + " | ".join(f"`{name}`" for name in MECHANISMS) + " |")
    print("|" + "---|" * (2 + len(MECHANISMS)))
    for label, make, sizes in MARKETS:
        for size in sizes:
            print(f"| {label} | {size:,} | " + " | ".join(compared(make(size), rounds)) + " |", flush=True)


def compared(market: Market, rounds: int) -> list[str]:
    """The time of each mechanism in multiples of that of `stable`, and how many holders move, in percent."""
    found = {name: solve(market, name) for name in MECHANISMS}  # not timed: kernels are loaded
    best = dict.fromkeys(MECHANISMS, float("inf"))
    for _ in range(rounds):
        for name in MECHANISMS:
            best[name] = min(best[name], solve(market, name).counters["seconds"])
    first = f"{best['stable'] * 1000:.0f} ms, {moved(market, found['stable']):.0f} %"
    others = (f"× {best[name] / best['stable']:.1f}, {moved(market, found[name]):.0f} %" for name in MECHANISMS)
    return [first, *list(others)[1:]]


def moved(market: Market, matching: Matching) -> float:
    holders = market.stay >= 0
    return float(100 * np.mean(matching.contract[holders] != market.stay[holders]))


if __name__ == "__main__":
    main()
