"""Improvement: exchanges after the main assignment that leave nobody worse off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from engine.model.market import Ints, Market, Matching, ShortInts
from engine.solvers.arrays import Mask
from engine.solvers.errors import UnsupportedMarket
from engine.solvers.exchanges import exchange
from engine.solvers.isolation import improve_zones
from engine.solvers.placement import Distances, Rule
from engine.solvers.settling import settle

Kind = Literal["none", "stable", "zone", "full"]


def improve(
    market: Market,
    matching: Matching,
    kind: Kind,
    regions: Sequence[ShortInts] = (),
    *,
    distances: Callable[[Ints], Distances] | None = None,
    rule: Rule = "priority",
    workers: int = 1,
    idle: Mask | None = None,
) -> Matching:
    """A matching that no candidate likes less than the one given.

    Parameters
    ----------
    market : Market
        Without links.
    matching : Matching
        Feasible, contracts and posts. ``stable`` is meant for the outcome of `stable`, or for what an improvement made
        of it: it keeps post claims away where there are none. ``zone`` and ``full`` may follow any outcome; ``zone``
        with the posts of the placement rule, since who is in a region is decided by the seat.
    kind : "none", "stable", "zone" or "full"
    regions : sequence of int32[m]
        For ``zone``, the levels in their order (départements, groupements, communes): the region of each post, or -1.
    distances : callable, optional
        For ``zone``, the distances of the placement rule for given contracts (int64[n]). None: all posts of a zone are
        alike to everybody.
    rule : "priority" or "distance"
        For ``zone``, the placement rule.
    workers : int
        For ``zone``, how many threads share the blocks; the result does not depend on it.
    idle : bool[n], optional
        Candidates who take no part and have nothing in this market.

    Returns
    -------
    Matching
        Worth what it was if no contract changed, else ``feasible``: the outcome of `stable` is the best of all stable
        ones for every candidate, so that what improves it has claims. Counters added: ``improved``, candidates with a
        better contract; ``exchanges`` and ``rounds`` (stable); ``passes`` and ``granted`` (zone); ``rounds`` (full).
        Under ``zone`` posts follow the placement rule; under ``full`` they are some seating, to be placed anew; under
        ``stable`` they are part of the result: on other seats there may be post claims.

    Raises
    ------
    UnsupportedMarket
        If candidates are linked.

    Notes
    -----
    ``stable``
        A candidate makes a *post claim* on a post if a better wish of his that covers it beats somebody seated there
        (or finds a free seat), without moving anybody else. Moves that cannot make one: the strongest of those who
        would be better off on a post may enter it; and who holds a zone may shift to another of its posts, if he is
        stronger there than all who would be better off on it: inside a zone all posts are alike to him. A ring of such
        moves, one at least of the first kind, is carried out as one exchange: of those in a strongly connected
        component, one through the wish of highest priority, with the fewest moves. When no ring is left, there is no
        matching without post claims, whoever sits where, that is better for some and worse for nobody: the stable
        improvement cycles of Erdil and Ergin [1]_ [2]_, with strict priorities and indifference inside zones. Chains
        that start at a free seat need not be looked for: where `stable` has left no claim, all posts that a better wish
        reaches are full, and whatever is better for all keeps them full. Holders keep what they have as everybody does.
        With zones of single posts nothing changes, since nothing is indifferent then.
    ``zone``
        The official amélioration (`isolation`): level by level the candidates seated in a region are isolated and run
        through `stable` with what they have as the floor.
    ``full``
        Efficiency-adjusted deferred acceptance in its simplified form (`settling`). After it nothing is better for some
        and worse for nobody, whatever it followed. After `flow` it changes nothing, since such an outcome would have
        better ranks; after another mechanism than `stable` it begins with `stable` above what everybody has.

    References
    ----------
    .. [1] Erdil and Ergin, What's the matter with tie-breaking? Improving efficiency in school choice, American
       Economic Review, 2008 (recalled).
    .. [2] Erdil and Ergin, Two-sided matching with indifferences, Journal of Economic Theory, 2017 (recalled).
    """
    if market.has_links:
        first = np.flatnonzero(market.link >= 0)[0]
        raise UnsupportedMarket(f"improvement does not serve linked candidates, and candidate {first} is linked")
    if kind == "none" or not (matching.contract >= 0).any():
        return matching
    if kind == "stable":
        contract, post, counters = exchange(market, matching)
    elif kind == "zone":
        contract, post, counters = improve_zones(market, matching, regions, distances, rule, workers)
    else:
        contract, post, counters = settle(market, matching, idle)
    return _improved(matching, contract, post, counters)


def _improved(matching: Matching, contract: Ints, post: ShortInts, counters: dict[str, float]) -> Matching:
    improved = int((contract != matching.contract).sum())
    counters = matching.counters | counters | {"improved": improved}
    if not improved:
        return replace(matching, counters=counters)
    return replace(matching, contract=contract, post=post, worth="feasible", counters=counters)
