"""`stable` for markets with links: a stable outcome, or one with the fewest claims, and what is proven of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from engine.model.market import Ints, Market, Matching, ShortInts, Worth
from engine.solvers.limits import Limits
from engine.solvers.link_components import UNLINKED, linked_components, of_component
from engine.solvers.link_outcome import COUNTERS, inserted
from engine.solvers.link_pieces import accepted, piece, seating
from engine.solvers.link_stages import searched

if TYPE_CHECKING:
    from engine.solvers.mechanisms import SolveOptions


def stable_with_links(market: Market, options: SolveOptions) -> Matching:
    """The outcome with the fewest claims, linked candidates being served together or not at all.

    The members of a link hold contracts of the same rank, or each keeps what he has. Every contract that an unlinked
    candidate claims counts as one claim, and so does every rank that a link claims: all members prefer it to what they
    have, and the choice, offered the contracts of all beside all that is held, would keep each of them (DESIGN 7).
    Without claims the outcome is stable; a stable outcome may not exist [1]_.

    Components of blocks and links are solved apart, and those without links by `stable` alone. In the others

    1. bounds settle what is the same in every stable outcome (`link_bounds`);
    2. the links that are left are inserted in decreasing priority, with repair (`link_insertion`);
    3. where claims remain, CP-SAT looks for a stable outcome among those the bounds leave (`link_search`), or proves
       that there is none, and then for one with as few claims as there have to be (`link_stages`).

    Parameters
    ----------
    market : Market
        Checked (`Market.check`), priorities strict inside a block. The members of a link have as many contracts each,
        the t-th of all for the same wish; all hold a post or none does.
    options : SolveOptions
        The time limit, in seconds, and the seed and the number of workers of CP-SAT. The outcome is the same for the
        same two, unless the time runs out.

    Returns
    -------
    Matching
        ``stop`` is "time_limit" if time ran out before the search was over. ``worth`` is "stable" without claims,
        "optimal" where claims are proven to be as few as possible, else "feasible". ``bound``: every outcome has at
        least so many claims. Counters: ``claims``; ``components`` that contain ``links``; of these ``links_open``, with
        ``candidates_open`` and ``contracts_open``, that bounds did not settle; ``inserted``, how often a link found a
        place, and ``repairs``, how often one had to withdraw; ``searches`` by CP-SAT, for ``candidates_searched`` and
        ``contracts_searched`` in all, with ``branches``. Neither these nor the outcome depend on the order of
        candidates.

    Raises
    ------
    UnsupportedMarket
        If the members of a link are not alike in their number of contracts, or in holding a post.

    References
    ----------
    .. [1] Roth, The evolution of the labor market for medical interns and residents, Journal of Political Economy,
       1984.
    .. [2] Kojima, Pathak and Roth, Matching with couples, Quarterly Journal of Economics, 2013.
    .. [3] Manlove, McBride and Trimble, "Almost-stable" matchings in the hospitals/residents problem with couples,
       Constraints, 2017.
    """
    limits = Limits(perf_counter() + options.time_limit_s, options.seed, options.workers)
    order = _strongest_first(market)
    canonical, contracts = market.renumbered(order)
    canonical = replace(canonical, link=_by_first_member(canonical.link))
    held, bound, counters = _solved(canonical, limits)
    contract, post = np.empty_like(held), np.empty(len(held), dtype=np.int32)
    contract[order] = np.append(contracts, -1)[held]
    post[order] = seating(canonical, held)
    worth: Worth = "stable" if not counters["claims"] else "optimal" if counters["claims"] == bound else "feasible"
    out_of_time = worth == "feasible" and not limits.seconds
    return Matching(contract, post, "time_limit" if out_of_time else "finished", worth, bound, dict(counters))


def _solved(market: Market, limits: Limits) -> tuple[Ints, int, Counter[str]]:
    """The contract of each candidate, the bound of claims, and counters."""
    component, num_components = linked_components(market)
    held, _ = accepted(market, of_component(market, component, UNLINKED))
    bound, counters = 0, Counter(dict.fromkeys(COUNTERS, 0) | {"components": num_components})
    parts = [piece(market, of_component(market, component, number), market.link) for number in range(num_components)]
    smallest_first = sorted(parts, key=lambda part: part.market.num_contracts)
    for part, begun in [(part, inserted(part.market, limits.deadline)) for part in smallest_first]:
        outcome = searched(*begun, limits)
        held[part.candidates] = part.outside(outcome.held)
        bound += outcome.bound
        counters.update(outcome.counters, claims=outcome.claims.num)
    return held, bound, counters


def _by_first_member(link: ShortInts) -> ShortInts:
    """int32[n]: the links numbered in the order in which they occur."""
    linked = np.flatnonzero(link >= 0)
    _, first, number = np.unique(link[linked], return_index=True, return_inverse=True)
    found = link.copy()
    found[linked] = np.argsort(np.argsort(first))[number]
    return found


def _strongest_first(market: Market) -> Ints:
    """Candidates by first zone and priority for it, in which no two agree; those without contracts at the end."""
    listed = np.diff(market.wish_ptr) > 0
    first = np.where(listed, market.wish_ptr[:-1], 0)
    if not listed.any():
        return np.arange(market.num_candidates)
    return np.lexsort((-market.wish_priority[first], market.wish_zone[first], ~listed))
