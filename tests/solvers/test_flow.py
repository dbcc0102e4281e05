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


@pytest.mark.parametrize("draw", [random_market, random_zone_market])
def test_satisfied_ranks_and_standings_are_those_of_an_integer_program(draw):
    """HiGHS chooses for everybody a contract and a post of its zone: first by rank, then among equals by standing."""
    rng = np.random.default_rng(4)
    for _ in range(60):
        market = draw(rng, max_candidates=12, max_wishes=5)
        program = Program(market)
        if not len(program.contract):
            continue
        found = flow(market)
        held = found.contract[found.contract >= 0]
        best = program.least(program.rank_cost)
        assert best == program.rank_cost_of_contract[held].sum()
        strongest = program.least(-program.standing, (program.rank_cost, best))
        assert -strongest == program.standing_of_contract[held].sum()


class Program:
    """One variable for each contract and post of its zone."""

    def __init__(self, market: Market) -> None:
        width = np.diff(market.zone_ptr)[market.wish_zone]
        self.market, self.contract = market, np.repeat(np.arange(market.num_contracts), width)
        offset = np.arange(len(self.contract)) - np.repeat(np.cumsum(width) - width, width)
        self.post = market.zone_post[market.zone_ptr[market.wish_zone[self.contract]] + offset]
        self.owner = market.candidate_of_contract()[self.contract]
        is_stay = np.isin(np.arange(market.num_contracts), market.stay)
        rank = np.arange(market.num_contracts) - market.wish_ptr[market.candidate_of_contract()] + 1
        reward = market.num_candidates * rank.max(initial=0) + 1
        self.rank_cost_of_contract = np.where(is_stay, 0, rank - reward)
        self.standing_of_contract = np.where(is_stay, 0, self._standings())
        self.rank_cost = self.rank_cost_of_contract[self.contract]
        self.standing = self.standing_of_contract[self.contract]

    def _standings(self) -> np.ndarray:
        """The place of every contract among those of its block, by priority; blocks hang together by posts."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        n, size = self.market.num_candidates, self.market.num_candidates + self.market.num_posts
        edges = coo_array((np.ones(len(self.owner)), (self.owner, n + self.post)), shape=(size, size))
        block = connected_components(edges, directed=False)[1][self.market.candidate_of_contract()]
        priority = self.market.wish_priority
        return np.array([int(((block == b) & (priority < p)).sum()) for b, p in zip(block, priority, strict=True)])

    def least(self, cost: np.ndarray, kept: tuple[np.ndarray, int] | None = None) -> int:
        """The least cost of all outcomes, those that keep the value of another cost if there is one."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        rows = np.arange(self.market.num_candidates)[:, None] == self.owner
        holds = self.market.stay >= 0
        seats = np.arange(self.market.num_posts)[:, None] == self.post
        conditions = [LinearConstraint(rows.astype(float), holds.astype(float), 1)]
        conditions.append(LinearConstraint(seats.astype(float), 0, self.market.seats))
        if kept is not None:
            conditions.append(LinearConstraint(kept[0].astype(float)[None, :], kept[1], kept[1]))
        found = milp(cost, constraints=conditions, integrality=np.ones(len(cost)), bounds=Bounds(0, 1))
        assert found.success
        return round(found.fun)


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
