"""`flow` against exhaustive search and against scipy's linear program."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product

import numpy as np
import pytest

from engine.model.market import Market
from engine.solvers.flow import flow
from engine.solvers.flow_kernel import cheapest_prices
from engine.solvers.stable import stable
from tests.solvers.improvement_oracle import random_zone_market
from tests.solvers.markets import random_market


def seatable(market: Market, held: tuple[int, ...]) -> bool:
    """Whether everybody finds a seat in his zone: by augmenting paths."""
    free, sitting = market.seats.tolist(), [[] for _ in market.seats]
    zone = {
        i: market.zone_post[slice(*market.zone_ptr[market.wish_zone[c] :][:2])] for i, c in enumerate(held) if c >= 0
    }

    def seat(i: int, met: set[int]) -> bool:
        for p in zone[i]:
            if p not in met:
                met.add(p)
                if free[p] or any(seat(j, met) and (sitting[p].remove(j) or True) for j in list(sitting[p])):
                    free[p] -= free[p] > 0
                    sitting[p].append(i)
                    return True
        return False

    return all(seat(i, set()) for i in zone)


def outcomes(market: Market) -> Iterator[tuple[int, ...]]:
    choices = []
    for stay, (first, end) in zip(market.stay.tolist(), pairwise(market.wish_ptr.tolist()), strict=True):
        choices.append(list(range(first, end)) + ([-1] if stay < 0 else []))
    return (held for held in product(*choices) if seatable(market, held))


def measure(market: Market, held: tuple[int, ...]) -> tuple[int, int]:
    """The number of satisfied candidates, and the sum of their ranks, negative."""
    ranks = [
        c - first + 1
        for c, first, stay in zip(held, market.wish_ptr.tolist(), market.stay.tolist(), strict=False)
        if c >= 0 and c != stay
    ]
    return len(ranks), -sum(ranks)


@pytest.mark.parametrize("draw", [random_market, random_zone_market])
def test_nobody_satisfies_more_candidates_or_as_many_with_better_ranks(draw):
    rng = np.random.default_rng(1)
    for _ in range(250):
        market = draw(rng, max_candidates=5)
        found = flow(market)
        held = tuple(found.contract.tolist())
        assert seatable(market, held)
        assert (held_or_stay := found.contract[market.stay >= 0]).size == 0 or held_or_stay.min() >= 0
        assert measure(market, held) == max(measure(market, other) for other in outcomes(market))
        assert (found.counters["satisfied"], -found.counters["rank_sum"]) == measure(market, held)
        sits = found.post[found.post >= 0]
        assert (np.bincount(sits, minlength=market.num_posts) <= market.seats).all()


def test_the_number_satisfied_is_that_of_a_linear_program():
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    rng = np.random.default_rng(2)
    for _ in range(15):
        market = random_market(rng, max_candidates=60, max_posts=12, max_wishes=6)
        k = market.num_contracts
        if not k:
            continue
        owner, post = market.candidate_of_contract(), market.zone_post[market.zone_ptr[market.wish_zone]]
        ones, columns = np.ones(k), np.arange(k)
        people = coo_array((ones, (owner, columns)), shape=(market.num_candidates, k)).tocsr()
        holds = market.stay >= 0
        seats = coo_array((ones, (post, columns)), shape=(market.num_posts, k)).tocsr()
        rank = columns - market.wish_ptr[owner] + 1
        reward = market.num_candidates * rank.max() + 1
        is_stay = np.isin(columns, market.stay)
        cost = np.where(is_stay, 0, rank - reward)
        from scipy.sparse import vstack

        found = linprog(
            cost,
            A_ub=vstack([people[~holds], seats]),
            b_ub=np.concatenate([np.ones((~holds).sum()), market.seats]),
            A_eq=people[holds] if holds.any() else None,
            b_eq=np.ones(holds.sum()) if holds.any() else None,
        )
        ours = flow(market).counters
        assert round(found.fun) == ours["rank_sum"] - reward * ours["satisfied"]


def test_the_frontier_satisfies_at_least_as_many_as_stable():
    rng = np.random.default_rng(3)
    for _ in range(200):
        market = random_market(rng, max_candidates=12)
        satisfied = (held := stable(market).contract) >= 0
        assert flow(market).counters["satisfied"] >= (satisfied & (held != market.stay)).sum()


def test_a_flow_that_is_not_the_cheapest_is_noticed():
    tail, head = np.array([0, 1], dtype=np.int32), np.array([1, 0], dtype=np.int32)
    assert not cheapest_prices(tail, head, np.array([1, -2]), 2)[1]
    price, found = cheapest_prices(tail, head, np.array([1, -1]), 2)
    assert found
    assert price.tolist() in ([0, 0], [-1, 0])
