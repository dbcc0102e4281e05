"""The table of mechanisms and the call that runs one."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from engine.model.market import MarketError
from engine.solvers.mechanisms import MECHANISMS, SolveOptions, solve
from engine.solvers.stable import stable
from tests.solvers.markets import market_of, random_market


def test_solve_returns_what_the_mechanism_returns_with_its_time():
    market = random_market(np.random.default_rng(1), max_candidates=30)
    expected, matching = stable(market), solve(market)
    assert matching.contract.tolist() == expected.contract.tolist()
    assert matching.post.tolist() == expected.post.tolist()
    assert matching.counters.pop("seconds") >= 0
    assert matching.counters == expected.counters


def test_an_unknown_mechanism_is_refused_by_naming_those_that_exist():
    with pytest.raises(ValueError, match=r"'boston'.*there are: stable"):
        solve(market_of([], []), mechanism="boston")


def test_a_broken_market_reaches_no_mechanism():
    market = replace(market_of([[(0, 1)]], [1]), wish_zone=np.array([7], dtype=np.int32))
    with pytest.raises(MarketError, match=r"wish_zone\[0\] = 7"):
        solve(market)


@pytest.mark.parametrize("name", sorted(MECHANISMS))
def test_every_mechanism_solves_a_market_without_candidates(name):
    matching = solve(market_of([], [1]), mechanism=name, options=SolveOptions(time_limit_s=1.0))
    assert matching.contract.tolist() == []
    assert matching.stop == "finished"


def test_options_do_not_change_under_a_mechanism():
    with pytest.raises(FrozenInstanceError):
        SolveOptions().time_limit_s = 1.0  # type: ignore[misc]
