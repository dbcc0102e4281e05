"""The table of mechanisms, and the one call that runs any of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter

from engine.model.market import Market, Matching
from engine.solvers.stable import stable


@dataclass(frozen=True)
class SolveOptions:
    """What the caller of a mechanism may decide.

    Parameters
    ----------
    time_limit_s : float
        Seconds after which a mechanism that searches returns the best it has. `stable` searches where it has to decide
        about links.
    seed, workers : int
        Of CP-SAT, where it is asked. The outcome is the same for the same two, unless the time runs out.
    """

    time_limit_s: float = 60.0
    seed: int = 0
    workers: int = 1


def _linked(market: Market, options: SolveOptions) -> Matching:
    from engine.solvers.links import stable_with_links

    return stable_with_links(market, options)


Mechanism = Callable[[Market, SolveOptions], Matching]

MECHANISMS: dict[str, Mechanism] = {
    "stable": lambda market, options: _linked(market, options) if market.has_links else stable(market),
}

DEFAULT_OPTIONS = SolveOptions()


def solve(market: Market, mechanism: str = "stable", options: SolveOptions = DEFAULT_OPTIONS) -> Matching:
    """Check a market and run a mechanism on it.

    Parameters
    ----------
    market : Market
    mechanism : str
        A name of `MECHANISMS`.
    options : SolveOptions

    Returns
    -------
    Matching
        With the time of the mechanism, in seconds, among its counters.

    Raises
    ------
    ValueError
        If no mechanism has that name.
    MarketError
        If the arrays are not a market.
    UnsupportedMarket
        If the mechanism does not solve markets of this kind.
    """
    if mechanism not in MECHANISMS:
        raise ValueError(f"no mechanism is named {mechanism!r}; there are: {', '.join(MECHANISMS)}")
    market.check()
    start = perf_counter()
    matching = MECHANISMS[mechanism](market, options)
    return replace(matching, counters=matching.counters | {"seconds": perf_counter() - start})
