"""Circulations of unit arcs: the best one for a gain, and what any other one would lose (OR-Tools min-cost flow)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.model.market import Ints

FREE = -1
"""A decision on an arc that is still open; else it is 0 (unused) or 1 (used)."""

Decisions = npt.NDArray[np.int8]

LARGEST = np.iinfo(np.int64).max

NO_CYCLE = LARGEST // 8
"""More than any loss: a cycle has fewer arcs than there are nodes, and `fits` holds for each."""


@dataclass(frozen=True, eq=False)
class Network:
    """Arcs of capacity one.

    Attributes
    ----------
    num_places, num_nodes : int
        Nodes are places first; the others stand for candidates who may make several moves, and have one arc into them.
    tail, head : int64[a]
    """

    num_places: int
    num_nodes: int
    tail: Ints
    head: Ints

    def excess(self, flow: Ints) -> Ints:
        """int64[v]: what comes into each node, less what leaves it; zeros for a circulation."""
        into = np.bincount(self.head, weights=flow, minlength=self.num_nodes)
        out_of = np.bincount(self.tail, weights=flow, minlength=self.num_nodes)
        excess: Ints = (into - out_of).astype(np.int64)  # sums of fewer than 2^53 ones are exact
        return excess


@dataclass(frozen=True, eq=False)
class Best:
    """A circulation of the largest gain among those that respect the decisions.

    Attributes
    ----------
    flow : int64[a]
        0 or 1.
    value : int
        Its gain, decided arcs included.
    loss : int64[a]
        What the best of those circulations loses that use the arc otherwise; `NO_CYCLE` or more where none does.
        Without meaning on decided arcs.
    """

    flow: Ints
    value: int
    loss: Ints


def best_circulation(network: Network, gain: Ints, decided: Decisions) -> Best:
    """The circulation of the largest gain.

    Parameters
    ----------
    gain : int64[a]
    decided : int8[a]
        `FREE`, 0 or 1 for each arc; some circulation respects the decisions.

    Raises
    ------
    ValueError
        If the gains are too large for a network of this size (`fits`).
    RuntimeError
        If the flow that OR-Tools returned is not the best: its residual network is checked.

    Notes
    -----
    With prices of the nodes, any circulation gains as much as the best one less the reduced costs of the arcs on which
    the two differ (Ahuja, Magnanti and Orlin 1993, chapter 9, recalled). Two circulations differ by cycles of the
    residual network, where reduced costs are not negative: an arc loses as much as the cheapest cycle through it.
    """
    largest = int(np.abs(gain).max(initial=0))
    if not fits(largest, network.num_nodes):
        raise ValueError(f"a gain of {largest} is too large for a network of {network.num_nodes} nodes")
    open_arcs = np.flatnonzero(decided == FREE)
    flow = np.where(decided == 1, 1, 0).astype(np.int64)
    if len(open_arcs):
        flow[open_arcs] = _cheapest(network, open_arcs, -gain[open_arcs], network.excess(flow))
    loss = np.zeros(len(gain), dtype=np.int64)
    loss[open_arcs] = _losses(network, open_arcs, -gain[open_arcs], flow[open_arcs])
    return Best(flow, int(gain @ flow), loss)


def fits(largest: int, num_nodes: int) -> bool:
    """Whether costs up to `largest` in size stay inside int64.

    Cost scaling works on costs times (number of nodes + 1) and starts with that as its epsilon; in a phase no price
    falls by more than 3 x nodes x epsilon, and epsilon falls at least to half from phase to phase (Goldberg and Tarjan,
    Mathematics of Operations Research, 1990, recalled). So no price exceeds 6 x nodes x (nodes + 1) x cost. The prices
    of the check are sums of fewer than `nodes` costs, and less than that.
    """
    return 6 * num_nodes * (num_nodes + 1) * largest <= LARGEST


def _cheapest(network: Network, arcs: Ints, cost: Ints, supply: Ints) -> Ints:
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    problem = SimpleMinCostFlow()
    ones = np.ones(len(arcs), dtype=np.int64)
    numbers = problem.add_arcs_with_capacity_and_unit_cost(network.tail[arcs], network.head[arcs], ones, cost)
    problem.set_nodes_supplies(np.arange(network.num_nodes), supply)
    status = problem.solve()
    if status != problem.OPTIMAL:  # flows may not even be read then
        raise RuntimeError(f"the min-cost flow of the permutations ended as {status.name}")
    flow: Ints = problem.flows(numbers)
    return flow


def _losses(network: Network, arcs: Ints, cost: Ints, flow: Ints) -> Ints:
    from engine.solvers.permutations_kernel import lower_prices

    price = np.zeros(network.num_nodes, dtype=np.int64)
    tail, head = network.tail[arcs], network.head[arcs]
    if not lower_prices(tail, head, cost, flow, price):
        raise RuntimeError("the min-cost flow of the permutations is not the cheapest")
    reduced = np.abs(cost + price[tail] - price[head])
    here, there = np.where(flow == 1, head, tail), np.where(flow == 1, tail, head)
    return _cheapest_cycles(network, here, there, reduced)


def _cheapest_cycles(network: Network, here: Ints, there: Ints, cost: Ints) -> Ints:
    """int64[a]: the cost of the cheapest cycle through each residual arc, `NO_CYCLE` or more where there is none.

    Whoever may make several moves is entered, in the residual network too, by one arc at most: from where he is, or
    undoing the move he makes. So a path through his node is that arc and one that leaves the node, and all paths are
    between places.
    """
    enters = there >= network.num_places
    entry = np.full(network.num_nodes, -1, dtype=np.int64)
    entry[there[enters]] = np.flatnonzero(enters)
    before = entry[here]
    step = np.where(before >= 0, cost + cost[before], np.where(here < network.num_places, cost, NO_CYCLE))
    origin = np.where(before >= 0, here[before], np.where(here < network.num_places, here, 0))
    leaves = np.flatnonzero(~enters)
    between = np.full((network.num_places, network.num_places), NO_CYCLE, dtype=np.int64)
    np.fill_diagonal(between, 0)
    np.minimum.at(between, (origin[leaves], there[leaves]), step[leaves])
    for place in range(network.num_places):  # Floyd and Warshall
        np.minimum(between, between[:, place, None] + between[None, place, :], out=between)
    cycle = np.full(len(cost), 3 * NO_CYCLE, dtype=np.int64)
    cycle[leaves] = step[leaves] + between[there[leaves], origin[leaves]]
    through = leaves[before[leaves] >= 0]
    np.minimum.at(cycle, before[through], cycle[through])
    return cycle
