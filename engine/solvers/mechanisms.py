"""The table of mechanisms, and the one call that runs any of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter

from engine.model.market import Ints, Market, Matching
from engine.solvers.arrays import Mask
from engine.solvers.exchange import exchange
from engine.solvers.flow import flow
from engine.solvers.pins import seats_given_up
from engine.solvers.quotas import Order, Quotas
from engine.solvers.serial import serial
from engine.solvers.stable import stable
from engine.solvers.trade import trade


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
    quotas : Quotas, optional
        Of entry and exit, for `serial` where a movement has them.
    order : which request `serial` examines first within quotas
    standing : int64[n], optional
        Of holders, for `exchange` and `trade`: the priority each would have for his own post.
    closing : bool[n], optional
        Candidates who stand for a seat to be closed, for `exchange`, `trade` and `flow`.
    pinned : bool[n], optional
        Candidates whom a decision places by the contracts they have beside their stay, stronger than all wishes.
        `stable`, and `serial` within quotas, need not be told (`engine.solvers.pins`).
    """

    time_limit_s: float = 60.0
    seed: int = 0
    workers: int = 1
    quotas: Quotas | None = None
    order: Order = "points"
    standing: Ints | None = None
    closing: Mask | None = None
    pinned: Mask | None = None


def _linked(market: Market, options: SolveOptions) -> Matching:
    from engine.solvers.links import stable_with_links

    return stable_with_links(market, options)


Mechanism = Callable[[Market, SolveOptions], Matching]

MECHANISMS: dict[str, Mechanism] = {
    "stable": lambda market, options: _linked(market, options) if market.has_links else stable(market),
    "serial": lambda market, options: serial(market, options.quotas, options.order),
    "exchange": lambda market, options: exchange(market, options.standing, options.closing, options.pinned),
    "trade": lambda market, options: trade(market, options.standing, options.closing, options.pinned),
    "flow": lambda market, options: flow(market, options.closing, options.pinned),
}

SERVE_LINKS = frozenset({"stable"})
"""Mechanisms that serve linked candidates everywhere; `serial` does within quotas."""

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
    if options.pinned is None or mechanism == "stable":
        matching = MECHANISMS[mechanism](market, options)
    else:
        smaller, contracts = seats_given_up(market, options.pinned)
        matching = MECHANISMS[mechanism](smaller, options)
        matching = replace(matching, contract=contracts[matching.contract])
    return replace(matching, counters=matching.counters | {"seconds": perf_counter() - start})
