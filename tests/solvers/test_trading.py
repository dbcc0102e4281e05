"""`exchange` and `trade`: case A of the algorithms, and nothing better by exhaustive search on small markets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, product

import numpy as np
import pytest

from engine.model.market import Ints, Market, MarketError, Matching
from engine.solvers.errors import UnsupportedMarket
from engine.solvers.exchange import exchange
from engine.solvers.trade import trade
from tests.solvers.markets import market_of
from tests.solvers.oracle import below_stay, is_feasible

STAY = 1_000
MECHANISMS = {"exchange": exchange, "trade": trade}
every = pytest.mark.parametrize("name", sorted(MECHANISMS))


@dataclass(frozen=True)
class Held:
    """A market of single posts with the order of all candidates at every post (int64[n, m]), and where each is (-1)."""

    market: Market
    strength: Ints
    home: Ints

    @property
    def standing(self) -> Ints:
        own = self.strength[np.arange(len(self.home)), np.maximum(self.home, 0)]
        return np.where(self.home >= 0, own, -1)

    def worth(self, held: tuple[int, ...]) -> list[list[int]]:
        """The strengths of those who sit at each post, strongest first, -1 for a vacant seat."""
        there: list[list[int]] = [[] for _ in self.market.seats]
        for i, c in enumerate(held):
            if c >= 0:
                there[self.market.wish_zone[c]].append(int(self.strength[i, self.market.wish_zone[c]]))
        return [
            sorted([*some, *[-1] * (seats - len(some))], reverse=True)
            for some, seats in zip(there, self.market.seats.tolist(), strict=True)
        ]


def drawn(seed: int, count: int, max_seats: int = 1) -> Iterator[Held]:
    rng = np.random.default_rng(seed)
    for _ in range(count):
        n, m = rng.integers(1, 6), rng.integers(1, 5)
        seats = rng.integers(1, max_seats + 1, size=m)
        places = rng.permutation(np.repeat(np.arange(m), seats))[:n]
        home = np.full(n, -1)
        home[: len(places)] = np.where(rng.random(len(places)) < 0.75, places, -1)
        strength = rng.permutation(n * m).reshape(n, m)
        lists = []
        for i in range(n):
            wished = [p for p in rng.permutation(m).tolist() if p != home[i]][: rng.integers(0, m + 1)]
            stays = [(int(home[i]), STAY + i)] if home[i] >= 0 else []
            lists.append([(p, int(strength[i, p])) for p in wished] + stays)
        yield Held(market_of(lists, seats.tolist(), np.flatnonzero(home >= 0).tolist()), strength, home)


def held(matching: Matching) -> tuple[int, ...]:
    return tuple(matching.contract.tolist())


def better_for_all(market: Market, found: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Other feasible outcomes in which nobody is worse off."""
    choices = []
    for c, (first, end) in zip(found, pairwise(market.wish_ptr.tolist()), strict=True):
        choices.append(list(range(first, c + 1)) if c >= 0 else [*range(first, end), -1])
    return (other for other in product(*choices) if other != found and is_feasible(market, other))


def case_a() -> Held:
    """t1, t2, t3 hold s1, s2, s3."""
    strength = np.array([[1, 5, 9], [2, 4, 8], [3, 6, 7]])
    wished = [[1], [0], [0, 1]]
    lists = [[*((p, int(strength[i, p])) for p in some), (i, STAY + i)] for i, some in enumerate(wished)]
    return Held(market_of(lists, [1, 1, 1], [0, 1, 2]), strength, np.arange(3))


def test_exchange_lets_nobody_replace_a_stronger_holder_and_trade_does():
    strength = np.array([[9, 1], [2, 8]])
    market = market_of([[(1, 1), (0, STAY)], [(0, 2), (1, STAY + 1)]], [1, 1], [0, 1])
    standing = Held(market, strength, np.arange(2)).standing
    assert exchange(market, standing).post.tolist() == [0, 1]
    assert trade(market, standing).post.tolist() == [1, 0]


@every
def test_a_vacant_seat_goes_to_the_strongest_who_may_trade_it(name):
    # Post 2 is vacant; t1 is the strongest who wants it, and would rather have post 1, whose holder wants post 2.
    market = market_of([[(1, 9), (2, 9), (0, STAY)], [(2, 1), (1, STAY + 1)]], [1, 1, 1], [0, 1])
    assert MECHANISMS[name](market, np.array([5, 5])).post.tolist() == [1, 2]


@every
@pytest.mark.parametrize("max_seats", [1, 3])
def test_outcomes_are_feasible_and_leave_nobody_below_his_stay(name, max_seats):
    for case in drawn(1, 400, max_seats):
        found = MECHANISMS[name](case.market, case.standing)
        assert is_feasible(case.market, held(found))
        assert not below_stay(case.market, held(found))
        sits = found.contract >= 0
        assert (found.post[sits] == case.market.wish_zone[found.contract[sits]]).all()
        assert (found.post[~sits] == -1).all()


@pytest.mark.parametrize("max_seats", [1, 3])
def test_after_trade_nothing_is_better_for_some_and_worse_for_nobody(max_seats):
    for case in drawn(2, 1500, max_seats):
        assert not list(better_for_all(case.market, held(trade(case.market, case.standing))))


@pytest.mark.parametrize("max_seats", [1, 2])
def test_after_exchange_nothing_is_better_for_candidates_and_posts_together(max_seats):
    for case in drawn(3, 1500, max_seats):
        found = held(exchange(case.market, case.standing))
        worth = case.worth(found)
        for other in better_for_all(case.market, found):
            pairs = zip(case.worth(other), worth, strict=True)
            assert any(new < old for there, now in pairs for new, old in zip(there, now, strict=True))


@every
def test_the_order_of_candidates_changes_nothing(name):
    rng = np.random.default_rng(4)
    for case in drawn(5, 300, 2):
        order = rng.permutation(case.market.num_candidates)
        renumbered, contracts = case.market.renumbered(order)
        found, again = (
            MECHANISMS[name](market, standing)
            for market, standing in ((case.market, case.standing), (renumbered, case.standing[order]))
        )
        assert found.post[order].tolist() == again.post.tolist()
        assert found.counters == again.counters
        told = np.where(again.contract >= 0, contracts[again.contract] if len(contracts) else -1, -1)
        assert found.contract[order].tolist() == told.tolist()


@every
def test_linked_candidates_and_standings_of_another_length_are_refused(name):
    market = case_a().market
    with pytest.raises(UnsupportedMarket, match="candidate 1 is linked"):
        MECHANISMS[name](replace(market, link=np.array([-1, 0, 0], dtype=np.int32)))
    with pytest.raises(MarketError, match="standing has 2 entries for 3 candidates"):
        MECHANISMS[name](market, np.zeros(2, dtype=np.int64))
