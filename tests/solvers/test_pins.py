"""Pinned candidates under every mechanism: out of the market with their seats, before all who ask on points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest

from engine.model.market import Ints, Market, Matching
from engine.solvers.mechanisms import MECHANISMS, SolveOptions, solve
from engine.solvers.pins import seats_given_up
from tests.solvers.markets import market_of
from tests.solvers.test_every_mechanism import closing
from tests.solvers.zone_markets import FAMILIES, lists_of, random_market, zone_market, zones_of
from tests.solvers.zone_oracle import Oracle, placed

every = pytest.mark.parametrize("name", MECHANISMS)
families = pytest.mark.parametrize("family", FAMILIES)
OTHERS = [name for name in MECHANISMS if name != "stable"]


@dataclass(frozen=True, eq=False)
class Decided:
    """A market, which of its candidates stand for seats to be closed, and which are pinned."""

    market: Market
    closing: np.ndarray
    pinned: np.ndarray

    def solved(self, name: str) -> Matching:
        return solve(self.market, name, SolveOptions(closing=self.closing, pinned=self.pinned))

    def met(self, found: Matching) -> np.ndarray:
        wish = (found.contract >= 0) & (found.contract != self.market.stay)
        return wish[self.pinned]


def decided(rng: np.random.Generator, market: Market, most: int = 2, *, wide: bool = True) -> Decided:
    """Some candidates pinned by one wish each: what they ask beside it is set aside, and it is above all wishes."""
    phantoms, lists, zones = closing(market), lists_of(market), zones_of(market)
    stays = np.flatnonzero(market.stay >= 0).tolist()
    asking = [i for i in np.flatnonzero(~phantoms).tolist() if len(lists[i]) > (i in stays)]
    asking = [i for i in asking if wide or len(zones[lists[i][0][0]]) == 1]
    chosen = sorted(rng.permutation(asking)[:most].tolist())
    strength = market.num_contracts
    lists = [[(zone, 2 * priority) for zone, priority in listed] for listed in lists]
    for i in chosen:
        zone, priority = lists[i][0]
        raised = 2 * strength - 1 - priority / (4 * strength)  # below the seats to be closed
        lists[i] = [(zone, raised), *([lists[i][-1]] if i in stays else [])]
    told = sorted(priority for listed in lists for _, priority in listed)
    lists = [[(zone, told.index(priority)) for zone, priority in listed] for listed in lists]
    pinned = np.isin(np.arange(market.num_candidates), chosen)
    return Decided(zone_market(lists, zones, market.seats.tolist(), stays), phantoms, pinned)


def drawn(seed: int, count: int, family: str, *, wide: bool = True, **sizes: int) -> Iterator[Decided]:
    rng = np.random.default_rng(seed)
    for _ in range(count):
        found = decided(rng, random_market(rng, family, **sizes), wide=wide)
        if found.pinned.any():
            yield found


@families
def test_under_stable_the_seat_a_pinned_candidate_holds_is_in_nobodys_way(family: str) -> None:
    met = 0
    for case in drawn(1, 200, family):
        found = case.solved("stable")
        smaller, contracts = seats_given_up(case.market, case.pinned)
        again = solve(smaller, "stable")
        assert case.met(found).all() == (again.contract[case.pinned] >= 0).all()
        if case.met(found).all():
            assert contracts[again.contract].tolist() == found.contract.tolist()
            met += 1
    assert met > 20


@every
@families
def test_pinned_candidates_come_first_and_the_others_keep_what_they_hold(name: str, family: str) -> None:
    met = 0
    for case in drawn(2, 200, family):
        found, oracle = case.solved(name), Oracle(case.market)
        held = found.contract.tolist()
        assert oracle.is_feasible(held)
        assert set(oracle.below_stay(held)) <= set(np.flatnonzero(case.pinned))
        left = case.market.wish_ptr[:-1][case.pinned][~case.met(found)]
        if name == "stable" or not len(left):
            met += not len(left)
            continue
        assert all(oracle.seat([*placed(held), c]) is None for c in left.tolist()) or _one_of_several(case, oracle)
    assert met > 20


def _one_of_several(case: Decided, oracle: Oracle) -> bool:
    """Whether several pins want seats of one post: which of them a seat that falls free is for is not looked ahead."""
    wanted = [set(oracle.posts[c]) for c in case.market.wish_ptr[:-1][case.pinned].tolist()]
    return len(wanted) > 1 and bool(set.intersection(*wanted))


@pytest.mark.parametrize("name", OTHERS)
@families
def test_who_has_a_seat_at_once_leaves_the_market_of_the_others(name: str, family: str) -> None:
    reduced = 0
    for case in drawn(3, 250, family, wide=False):
        market, lists, zones = case.market, lists_of(case.market), zones_of(case.market)
        home = {i: zones[lists[i][-1][0]][0] for i in np.flatnonzero(market.stay >= 0).tolist()}
        pins = {i: zones[lists[i][0][0]][0] for i in np.flatnonzero(case.pinned).tolist()}
        seats = market.seats - np.bincount([*pins.values()], minlength=market.num_posts)
        others = np.flatnonzero(~case.pinned).tolist()
        staying = np.bincount([home[i] for i in others if i in home], minlength=market.num_posts)
        if (staying > seats).any():
            continue
        stays = [place for place, i in enumerate(others) if i in home]
        rest = zone_market([lists[i] for i in others], zones, seats.tolist(), stays)
        if name == "flow" and case.closing.any():
            continue  # closes as many seats as can be before it looks at pins
        alone = solve(rest, name, SolveOptions(closing=case.closing[others]))
        found = case.solved(name)
        to_close = {zones[lists[i][0][0]][0] for i in np.flatnonzero(case.closing).tolist()}
        if to_close & {*pins.values()}:
            continue  # a seat to be closed goes before a pin
        assert case.met(found).all()
        assert _ranks(market, found)[others].tolist() == _ranks(rest, alone).tolist()
        reduced += 1
    assert reduced > 30


def _ranks(market: Market, found: Matching) -> Ints:
    """int64[n]: the place in his list of what each has, or -1."""
    return np.where(found.contract >= 0, found.contract - market.wish_ptr[:-1], -1)


@pytest.mark.parametrize("name", ["serial", "exchange", "trade"])
def test_who_has_to_wait_for_a_seat_waits_as_one_to_be_closed_does(name: str) -> None:
    for case in drawn(4, 250, "single"):
        smaller, contracts = seats_given_up(case.market, case.pinned)
        as_phantoms = solve(smaller, name, SolveOptions(closing=case.closing | case.pinned))
        assert case.solved(name).contract.tolist() == contracts[as_phantoms.contract].tolist()


@families
def test_flow_is_the_best_of_all_outcomes_that_carry_out_most_decisions(family: str) -> None:
    for case in drawn(5, 120, family, max_candidates=5, max_wishes=3):
        oracle, found = Oracle(case.market), case.solved("flow")
        assert _worth(case, oracle, found.contract) == max(_worths(case, oracle))


def _worths(case: Decided, oracle: Oracle) -> Iterator[tuple[int, ...]]:
    keeps = (case.market.stay >= 0) & ~case.pinned
    choices = [
        [*(c for c in listed if c != case.market.stay[i] or keeps[i]), *([] if keeps[i] else [-1])]
        for i, listed in enumerate(oracle.lists)
    ]
    for held in product(*choices):
        if oracle.is_feasible(held):
            yield _worth(case, oracle, np.array(held, dtype=np.int64))


def _worth(case: Decided, oracle: Oracle, held: Ints) -> tuple[int, ...]:
    """Seats closed, pins met, candidates satisfied, ranks, standings: what `flow` looks at, in this order."""
    wish = (held >= 0) & (held != case.market.stay)
    people = wish & ~case.closing & ~case.pinned
    ranks = (held - case.market.wish_ptr[:-1])[people]
    return int((wish & case.closing).sum()), int((wish & case.pinned).sum()), int(people.sum()), -int(ranks.sum())


@every
@families
def test_the_order_of_candidates_changes_nothing(name: str, family: str) -> None:
    rng = np.random.default_rng(6)
    for case in drawn(6, 60, family):
        order = rng.permutation(case.market.num_candidates)
        other, contracts = case.market.renumbered(order)
        again = Decided(other, case.closing[order], case.pinned[order]).solved(name)
        assert case.solved(name).contract[order].tolist() == np.append(contracts, -1)[again.contract].tolist()


@pytest.mark.parametrize("name", ["exchange", "trade"])
def test_a_post_nobody_waits_for_any_more_is_open_to_exchanges_again(name: str) -> None:
    # t2 is pinned to either post 0 or post 1, which t0 and t1 hold; t0 leaves for post 2, so that t1 and t3 may trade.
    lists = [[(2, 6), (0, 100)], [(3, 5), (1, 101)], [(4, 50)], [(1, 7), (3, 102)]]
    market = zone_market(lists, [[0], [1], [2], [3], [0, 1]], [1, 1, 1, 1], [0, 1, 3])
    pinned = np.array([False, False, True, False])
    options = SolveOptions(pinned=pinned, standing=np.array([0, 1, 0, 2]))
    assert solve(market, name, options).post.tolist() == [2, 3, 0, 1]


@every
def test_a_pin_takes_no_post_from_a_holder_who_stays(name: str) -> None:
    market = market_of([[(0, 100)], [(0, 50)]], [1], [0])
    found = solve(market, name, SolveOptions(pinned=np.array([False, True])))
    assert found.post.tolist() == [0, -1]


@every
def test_the_holder_of_a_post_takes_the_seat_that_his_pinned_successor_leaves(name: str) -> None:
    market = market_of([[(1, 50), (0, 100)], [(0, 5), (1, 101)], [(0, 3)]], [1, 1], [0, 1])
    found = solve(market, name, SolveOptions(pinned=np.array([True, False, False])))
    assert found.post.tolist() == [1, 0, -1]
