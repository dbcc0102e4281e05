"""`flow`: as many candidates as possible satisfied, then the best ranks, then the strongest; blind to claims."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.model.market import Ints, Market, Matching, ShortInts
from engine.solvers.arrays import Mask, ranges
from engine.solvers.blocks import NOWHERE, blocks_of, shares
from engine.solvers.errors import UnsupportedMarket
from engine.solvers.parts import cut_out, wishes_of
from engine.solvers.permutations_network import fits

AT_ONCE = 3_000  # candidates of a network, or those of one block: what larger ones cost more than they save


def flow(market: Market, closing: Mask | None = None, pinned: Mask | None = None) -> Matching:
    """The frontier that other mechanisms are compared with: a min-cost flow.

    Everybody has one of his contracts, his stay among them, and nobody is below it. Among all such outcomes: first as
    many candidates as possible obtain a wish; then the sum of the ranks obtained is the least; then the sum of the
    standings is the largest, the standing of a contract being its place among all contracts of its block in the order
    of priority. Before anything else is looked at, as many seats are closed as can be that are to be closed, and then
    as many pinned candidates placed.

    Parameters
    ----------
    market : Market
        Without links.
    closing : bool[n], optional
        Candidates who stand for a seat to be closed.
    pinned : bool[n], optional
        Candidates whom a decision places (`engine.solvers.pins`).

    Returns
    -------
    Matching
        Counters: satisfied, rank_sum; arcs, of the network.

    Raises
    ------
    UnsupportedMarket
        If candidates are linked, or the costs of a market of this size could leave int64.

    Notes
    -----
    Promises: no other outcome satisfies more candidates; of those that satisfy as many, none has a smaller sum of
    ranks. Gives up: priorities; claims are counted by the verdict. It invites to name few wishes.

    Computed in two levels by cost scaling (OR-Tools), ranks before standings: prices of the nodes, found on the
    residual network, prove the first flow the cheapest and say which arcs any cheapest flow may use [1]_; the second
    level chooses among these, and is proven in the same way. Complexity: O(v^2 a log(v c)) for v nodes, a arcs and
    costs up to c.

    References
    ----------
    .. [1] Ahuja, Magnanti and Orlin, Network Flows, 1993, chapters 9 and 10 (recalled).
    """
    if market.has_links:
        first = np.flatnonzero(market.link >= 0)[0]
        raise UnsupportedMarket(f"`flow` does not serve linked candidates, and candidate {first} is linked")
    nobody = np.zeros(market.num_candidates, dtype=np.bool_)
    closing, pinned = (nobody if some is None else some for some in (closing, pinned))
    contract = np.full(market.num_candidates, -1, dtype=np.int64)
    post = np.full(market.num_candidates, -1, dtype=np.int32)
    asking = np.flatnonzero(np.diff(market.wish_ptr))
    arcs = 0
    for unordered in shares(market, asking, 1 + len(asking) // AT_ONCE):
        first = market.wish_priority[market.wish_ptr[unordered]]
        some = unordered[np.argsort(first)]  # among flows that are as good, which one is found depends on the order
        part = cut_out(market, some, wishes_of(market, some))
        network = _network(part.market, closing[some], pinned[some])
        found = _best_flow(network)
        held, seated = _granted(part.market, network, found)
        placed = held >= 0
        contract[some[placed]] = part.contracts[held[placed]]
        post[some[placed]] = part.posts[seated[placed]]
        arcs += len(found)
    return Matching(
        contract, post, stop="finished", worth="feasible", counters=_counters(market, contract) | {"arcs": arcs}
    )


def _counters(market: Market, contract: Ints) -> dict[str, float]:
    satisfied = np.flatnonzero((contract >= 0) & (contract != market.stay))
    rank = contract[satisfied] - market.wish_ptr[satisfied] + 1
    return {"satisfied": len(satisfied), "rank_sum": int(rank.sum())}


@dataclass(frozen=True, eq=False)
class Network:
    """Candidates, zones of several posts, posts and a sink; one arc for each contract comes first.

    Attributes
    ----------
    tail, head : int32[a]
    capacity : int64[a]
    rank_cost, standing_cost : int64[a]
    supply : int64[v]
    """

    tail: ShortInts
    head: ShortInts
    capacity: Ints
    rank_cost: Ints
    standing_cost: Ints
    supply: Ints


def _network(market: Market, closing: Mask, pinned: Mask) -> Network:
    n, m, z = market.num_candidates, market.num_posts, market.num_zones
    width = np.diff(market.zone_ptr)
    zone_node, post_node, sink = n + np.arange(z), n + z + np.arange(m), n + z + m
    single = width == 1
    zone_node[single] = post_node[market.zone_post[market.zone_ptr[:-1][single]]]
    wide = np.flatnonzero(~single)
    owner = market.candidate_of_contract()
    free = np.flatnonzero(market.stay < 0)  # they may end with nothing
    rank_cost, standing = _costs(market, owner, closing[owner], pinned[owner])
    groups = (
        (owner, zone_node[market.wish_zone], np.ones(len(owner)), rank_cost, -standing),
        (free, np.full(len(free), sink), np.ones(len(free)), None, None),
        (
            np.repeat(zone_node[wide], width[wide]),
            post_node[market.zone_post[ranges(market.zone_ptr[wide], width[wide])]],
            np.full(width[wide].sum(), n),
            None,
            None,
        ),
        (post_node, np.full(m, sink), market.seats, None, None),
    )
    tail, head, capacity = (np.concatenate([group[k] for group in groups]) for k in range(3))
    rank_cost, standing_cost = (
        np.concatenate([np.zeros(len(group[0]), dtype=np.int64) if group[k] is None else group[k] for group in groups])
        for k in (3, 4)
    )
    supply = np.zeros(sink + 1, dtype=np.int64)
    supply[:n], supply[sink] = 1, -n
    return Network(
        tail.astype(np.int32), head.astype(np.int32), capacity.astype(np.int64), rank_cost, standing_cost, supply
    )


def _costs(market: Market, owner: Ints, closing: Mask, pinned: Mask) -> tuple[Ints, Ints]:
    """int64[k] each: the cost by rank, the reward of a satisfied candidate included; the standing in the block.

    In a block of n candidates with ranks up to r, the reward is above the sum n r of all ranks; placing a pinned
    candidate is rewarded above all others together, and closing a seat above all of these.
    """
    if not len(owner):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    block = blocks_of(market).of_candidate[owner]
    block = np.where(block == NOWHERE, block.max() + 1, block)  # contracts that cover no post
    rank = np.arange(market.num_contracts) - market.wish_ptr[owner] + 1
    is_stay = np.zeros(market.num_contracts, dtype=np.bool_)
    is_stay[market.stay[market.stay >= 0]] = True
    first = _first(owner)
    candidates = np.bincount(block[first], minlength=block.max() + 1)
    longest = np.zeros(len(candidates), dtype=np.int64)
    np.maximum.at(longest, block, rank)
    reward = (candidates * longest + 1)[block]
    num_pinned = np.bincount(block[first & pinned], minlength=len(candidates))
    reward = np.where(closing | pinned, reward * (candidates + 1)[block], reward)
    reward = np.where(closing, reward * (num_pinned + 1)[block], reward)
    order = np.lexsort((market.wish_priority, block))
    standing = np.empty(len(order), dtype=np.int64)
    standing[order] = np.arange(len(order)) - np.searchsorted(block[order], block[order])
    return np.where(is_stay, 0, rank - reward), np.where(is_stay, 0, standing)


def _first(owner: Ints) -> Mask:
    """bool[k]: whether each contract is the first of its candidate."""
    return np.diff(owner, prepend=-1) > 0


def _best_flow(network: Network) -> Ints:
    """int64[a]: of the flows that are best by rank, the one that is best by standing."""
    lower, upper = np.zeros(len(network.tail), dtype=np.int64), network.capacity
    for cost in (network.rank_cost, network.standing_cost):
        found = _cheapest(network, cost, lower, upper)
        lower, upper = _of_equal_cost(network, cost, found, lower, upper)
    return found


def _cheapest(network: Network, cost: Ints, lower: Ints, upper: Ints) -> Ints:
    """int64[a]: a flow of least cost between the bounds."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    _require_small(int(np.abs(cost).max(initial=0)), len(network.supply))
    open_arcs = np.flatnonzero(lower < upper)
    found = lower.copy()
    if not len(open_arcs):
        return found
    supply = network.supply.copy()
    np.subtract.at(supply, network.tail, lower)
    np.add.at(supply, network.head, lower)
    problem = SimpleMinCostFlow()
    arcs = problem.add_arcs_with_capacity_and_unit_cost(
        network.tail[open_arcs], network.head[open_arcs], (upper - lower)[open_arcs], cost[open_arcs]
    )
    problem.set_nodes_supplies(np.arange(len(supply)), supply)
    status = problem.solve()
    if status != problem.OPTIMAL:  # flows may not even be read then
        raise RuntimeError(f"the min-cost flow ended as {status.name}")
    found[open_arcs] += problem.flows(arcs)
    return found


def _of_equal_cost(network: Network, cost: Ints, found: Ints, lower: Ints, upper: Ints) -> tuple[Ints, Ints]:
    """Bounds on every arc between which all flows cost as little as the one found, and outside of which none does.

    Raises
    ------
    RuntimeError
        If the flow found is not the cheapest.
    """
    from engine.jit import sealed
    from engine.solvers.flow_kernel import cheapest_prices

    more, less = np.flatnonzero(found < upper), np.flatnonzero(found > lower)
    tail = np.concatenate((network.tail[more], network.head[less]))
    head = np.concatenate((network.head[more], network.tail[less]))
    residual = np.concatenate((cost[more], -cost[less]))
    price, is_cheapest = cheapest_prices(sealed(tail), sealed(head), sealed(residual), len(network.supply))
    if not is_cheapest:
        raise RuntimeError("the min-cost flow is not the cheapest")
    reduced = cost + price[network.tail] - price[network.head]
    return np.where(reduced < 0, upper, lower), np.where(reduced > 0, lower, upper)


def _require_small(largest_cost: int, num_nodes: int) -> None:
    """Cost scaling stays inside int64: as in `engine.solvers.permutations_network.fits`."""
    if not fits(largest_cost, num_nodes):
        raise UnsupportedMarket(f"`flow`: a cost of {largest_cost} is too large for a network of {num_nodes} nodes")


def _granted(market: Market, network: Network, found: Ints) -> tuple[Ints, ShortInts]:
    """What the flow grants, and a seat for everybody inside his zone."""
    n, z = market.num_candidates, market.num_zones
    granted = np.flatnonzero(found[: market.num_contracts])
    contract = np.full(n, -1, dtype=np.int64)
    contract[network.tail[granted]] = granted
    post = np.full(n, -1, dtype=np.int32)
    node = network.head[granted]
    direct = node >= n + z
    post[network.tail[granted[direct]]] = node[direct] - n - z
    inside = np.flatnonzero((network.tail >= n) & (network.tail < n + z))
    inside = inside[np.argsort(network.tail[inside], kind="stable")]
    guests = granted[~direct]
    guests = guests[np.lexsort((~market.wish_priority[guests], node[~direct]))]
    post[network.tail[guests]] = np.repeat(network.head[inside], found[inside]) - n - z
    return contract, post
