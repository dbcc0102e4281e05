"""Prices of the nodes of a network under a circulation of unit arcs: the proof that none is better."""

from __future__ import annotations

from engine.jit import kernel
from engine.model.market import Ints


@kernel
def lower_prices(tail: Ints, head: Ints, cost: Ints, flow: Ints, price: Ints) -> bool:
    """Lower the prices until no arc of the residual network has a negative reduced cost (Bellman and Ford).

    Parameters
    ----------
    tail, head, cost : int64[a]
        Arcs of capacity one.
    flow : int64[a]
        0 or 1. An arc that is used can be undone: in the residual network it leads back, at the opposite cost.
    price : int64[v]
        Zeros at first; modified. At the end ``cost + price[tail] - price[head]`` is at least 0 where the flow is 0 and
        at most 0 where it is 1.

    Returns
    -------
    bool
        False if the residual network has a cycle of negative cost, so that the circulation is not the cheapest. Without
        one a cheapest path has fewer arcs than there are nodes, and after that many rounds no price changes.
    """
    for _ in range(len(price) + 1):
        is_final = True
        for arc in range(len(tail)):
            here, there, step = tail[arc], head[arc], cost[arc]
            if flow[arc]:
                here, there, step = there, here, -step
            if price[here] + step < price[there]:
                price[there] = price[here] + step
                is_final = False
        if is_final:
            return True
    return False
