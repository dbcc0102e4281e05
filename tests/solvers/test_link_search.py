"""The CP-SAT model of whole linked markets, no bounds before it, against all outcomes."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest

from engine.model.market import Market
from engine.solvers.limits import Limits
from engine.solvers.link_joints import joint_contracts
from engine.solvers.link_search import Search, fewest_claims
from tests.solvers.link_markets import Sizes, random_linked_market, troubled_market
from tests.solvers.link_oracle import LinkOracle
from tests.solvers.zone_markets import FAMILIES

INSIDE = Sizes(blocks=1, posts=4, unlinked=3, links=2, wishes=2)


def search(market: Market, *, everybody: bool = True) -> Search:
    """Everybody may claim, or nobody; nothing is known."""
    nothing = np.zeros(market.num_contracts, dtype=np.bool_)
    rank = np.arange(market.num_contracts) - np.repeat(market.wish_ptr[1:], np.diff(market.wish_ptr))
    excused = np.full(market.num_candidates, everybody)
    most = market.num_contracts if everybody else 0
    return Search(market, joint_contracts(market), nothing, excused, rank, market.stay, 0, most)


def limits(seconds: float = 300) -> Limits:
    return Limits(perf_counter() + seconds, seed=1, workers=1)


@pytest.mark.parametrize("family", [*FAMILIES, "troubled"])
def test_claims_are_as_few_and_ranks_as_good_as_they_can_be(family: str) -> None:
    for seed in range(60):
        rng = np.random.default_rng(seed)
        market = troubled_market(rng) if family == "troubled" else random_linked_market(rng, family, INSIDE)
        oracle, answer = LinkOracle(market), fewest_claims(search(market), limits())
        fewest, best = oracle.fewest_claims()
        assert answer.held is not None
        held = answer.held.tolist()
        assert oracle.is_outcome(held)
        assert answer.num_claims == answer.bound == oracle.num_claims(held) == fewest, (family, seed)
        assert oracle.sum_of_ranks(held) == min(map(oracle.sum_of_ranks, best)), (family, seed)


def test_where_nobody_is_excused_there_is_an_outcome_just_if_there_is_a_stable_one() -> None:
    found = []
    for seed in range(60):
        market = troubled_market(np.random.default_rng(seed))
        answer = fewest_claims(search(market, everybody=False), limits())
        found.append(answer.held is not None)
        assert found[-1] == (LinkOracle(market).fewest_claims()[0] == 0)
        assert answer.bound == (0 if found[-1] else 1)
    assert {*found} == {False, True}


def test_without_time_nothing_is_found_and_nothing_proven() -> None:
    answer = fewest_claims(search(troubled_market(np.random.default_rng(0))), limits(0))
    assert (answer.held, answer.bound) == (None, 0)
