"""Prices of nodes under which no arc of a residual network is worth taking: the proof that a flow is the cheapest."""

from __future__ import annotations

import numpy as np

from engine.jit import kernel
from engine.model.market import Ints, ShortInts


@kernel
def cheapest_prices(tail: ShortInts, head: ShortInts, cost: Ints, num_nodes: int) -> tuple[Ints, bool]:
    """Shortest distances from a node joined to all others at no cost (Bellman and Ford, with a queue).

    Returns
    -------
    price : int64[v]
        ``cost + price[tail] - price[head] >= 0`` on every arc.
    found : bool
        False if there is a cycle of negative cost; then there are no such prices.
    """
    ptr = np.zeros(num_nodes + 1, np.int64)
    for t in tail:
        ptr[t + 1] += 1
    for v in range(num_nodes):
        ptr[v + 1] += ptr[v]
    place, arcs = ptr[:-1].copy(), np.empty(len(tail), np.int64)
    for a in range(len(tail)):
        arcs[place[tail[a]]] = a
        place[tail[a]] += 1
    price, steps = np.zeros(num_nodes, np.int64), np.zeros(num_nodes, np.int64)
    queue, queued = np.arange(num_nodes), np.ones(num_nodes, np.bool_)
    first, length = 0, num_nodes
    while length > 0:
        v = queue[first]
        first, length, queued[v] = (first + 1) % num_nodes, length - 1, False
        for k in range(ptr[v], ptr[v + 1]):
            a = arcs[k]
            w = head[a]
            if price[v] + cost[a] < price[w]:
                price[w], steps[w] = price[v] + cost[a], steps[v] + 1
                if steps[w] >= num_nodes:
                    return price, False
                if not queued[w]:
                    queued[w] = True
                    queue[(first + length) % num_nodes] = w
                    length += 1
    return price, True
