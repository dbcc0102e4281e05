"""Placement by least total distance: a min-cost flow per connected component (OR-Tools).

Guests are the candidates to be seated, strongest first, as in the other rule's kernel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.model.market import Ints, Market, ShortInts
from engine.solvers.arrays import ranges

if TYPE_CHECKING:
    from engine.solvers.placement import Distances

LARGEST = np.iinfo(np.int64).max


def least_distance(
    market: Market, zone: ShortInts, distance: Distances, free: ShortInts, start: ShortInts
) -> ShortInts:
    """Seats of guests with the least sum of distances.

    Parameters
    ----------
    market : Market
    zone : int32[k]
        The zone of each guest.
    distance : Distances
        Of the guests, in their order.
    free : int32[m]
        Seats for guests at each post.
    start : int32[k]
        Some seating of them. Components where everybody sits as close as can be are left as they are.

    Returns
    -------
    int32[k]

    Raises
    ------
    ValueError
        If the distances of a component are too large for int64 (`_require_small`).
    """
    post = start.copy()
    component = _components(market, zone)
    better_thinkable = np.unique(component[_farther_than_need_be(market, zone, distance, start)])
    order = np.argsort(component, kind="stable")
    for label in better_thinkable:
        members = order[np.searchsorted(component[order], label) : np.searchsorted(component[order], label, "right")]
        post[members] = _solve(market, zone[members], distance.of(members), free)
    return post


def _components(market: Market, zone: ShortInts) -> Ints:
    """The connected component of zones and posts each guest belongs to."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    zones = np.unique(zone)
    width = np.diff(market.zone_ptr)[zones]
    post = market.zone_post[ranges(market.zone_ptr[zones], width)]
    size = market.num_posts + market.num_zones
    edges = (np.ones(len(post), dtype=np.int8), (market.num_posts + np.repeat(zones, width), post))
    _, label = connected_components(coo_array(edges, shape=(size, size)), directed=False)
    component: Ints = label[market.num_posts + zone]
    return component


def _farther_than_need_be(market: Market, zone: ShortInts, distance: Distances, post: ShortInts) -> Ints:
    """Guests who do not sit as close as their zone allows."""
    guests = np.flatnonzero(np.diff(distance.ptr))
    if not len(guests):
        return guests
    first, length = distance.ptr[guests], np.diff(distance.ptr)[guests]
    seat = market.zone_post[ranges(market.zone_ptr[zone[guests]], length)] == np.repeat(post[guests], length)
    own = np.minimum.reduceat(np.where(seat, distance.cost, LARGEST), first)
    return guests[own > np.minimum.reduceat(distance.cost, first)]


def _solve(market: Market, zone: ShortInts, distance: Distances, free: ShortInts) -> ShortInts:
    """One component. Sources are the guests with distances, one node each, and for the others one node per zone."""
    single = np.diff(distance.ptr) > 0
    zones, group = np.unique(zone[~single], return_inverse=True)
    node_zone = np.concatenate((zone[single], zones))
    supply = np.concatenate((np.ones(single.sum(), dtype=np.int64), np.bincount(group, minlength=len(zones))))
    width = np.diff(market.zone_ptr)[node_zone]
    tail = np.repeat(np.arange(len(node_zone)), width)
    entry_post = market.zone_post[ranges(market.zone_ptr[node_zone], width)]
    cost = np.concatenate((distance.cost, np.zeros(len(tail) - len(distance.cost), dtype=np.int64)))
    flow = _min_cost_flow(tail, entry_post, cost, supply, free)
    # Arcs lie in the order of their tails, so this repeats, node by node, the posts its guests get.
    granted = np.repeat(entry_post, flow)
    post = np.empty(len(zone), dtype=np.int32)
    post[single] = granted[: single.sum()]
    others = np.flatnonzero(~single)
    post[others[np.argsort(group, kind="stable")]] = granted[single.sum() :]
    return post


def _min_cost_flow(tail: Ints, post: ShortInts, cost: Ints, supply: Ints, free: ShortInts) -> npt.NDArray[np.int64]:
    """Flow on the arcs from sources to posts, at least cost; all supply is used, and no more seats than are free."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    posts, head = np.unique(post, return_inverse=True)
    num_sources, sink = len(supply), len(supply) + len(posts)
    _require_small(int(cost.max()), sink + 1)
    problem = SimpleMinCostFlow()
    arcs = problem.add_arcs_with_capacity_and_unit_cost(tail, num_sources + head, supply[tail], cost)
    to_sink = num_sources + np.arange(len(posts))
    problem.add_arcs_with_capacity_and_unit_cost(to_sink, np.full(len(posts), sink), free[posts], np.zeros(len(posts)))
    problem.set_nodes_supplies(np.arange(num_sources), supply)
    problem.set_node_supply(sink, -int(supply.sum()))
    status = problem.solve()
    if status != problem.OPTIMAL:  # flows may not even be read then
        raise RuntimeError(f"the min-cost flow of a placement ended as {status.name}")
    flow: npt.NDArray[np.int64] = problem.flows(arcs)
    return flow


def _require_small(largest_cost: int, num_nodes: int) -> None:
    """Raise ValueError unless the flow stays inside int64.

    Cost scaling works on costs times (number of nodes + 1) and starts with that as its epsilon; in a phase no price
    falls by more than 3 x nodes x epsilon, and epsilon falls at least to half from phase to phase (Goldberg and Tarjan,
    Mathematics of Operations Research, 1990, recalled). So no price exceeds 6 x nodes x (nodes + 1) x cost.
    """
    if 6 * num_nodes * (num_nodes + 1) * largest_cost > LARGEST:
        raise ValueError(
            f"a distance of {largest_cost} is too large for a component of {num_nodes} candidates and posts"
        )
