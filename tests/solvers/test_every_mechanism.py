"""One battery for all mechanisms: what all promise, and what each does, judged by trying all on small markets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest

from engine.model.market import Ints, Market, Matching
from engine.solvers.errors import UnsupportedMarket
from engine.solvers.improvement import Kind, improve
from engine.solvers.mechanisms import MECHANISMS, SolveOptions, solve
from engine.solvers.parts import above
from engine.solvers.placement import place
from tests.solvers.markets import market_of
from tests.solvers.zone_markets import FAMILIES, lists_of, random_market, zone_market, zones_of
from tests.solvers.zone_oracle import Held, Oracle, placed

every = pytest.mark.parametrize("name", MECHANISMS)
families = pytest.mark.parametrize("family", FAMILIES)

STAY = 1_000
UNDOMINATED = {"trade": {"single"}, "flow": set(FAMILIES)}
"""Where nothing is better for some candidates and worse for none."""


def held(matching: Matching) -> Held:
    return tuple(matching.contract.tolist())


def drawn(seed: int, count: int, family: str, **sizes: int) -> Iterator[Market]:
    rng = np.random.default_rng(seed)
    return (random_market(rng, family, **sizes) for _ in range(count))


def closing(market: Market) -> np.ndarray:
    """Candidates who stand for a seat to be closed: one contract, above every wish and no stay."""
    alone = (np.diff(market.wish_ptr) == 1) & (market.stay < 0)
    strength = np.zeros(market.num_candidates, dtype=np.int64)
    strength[alone] = market.wish_priority[market.wish_ptr[:-1][alone]]
    return alone & (strength >= market.num_contracts)


def solved(market: Market, name: str, **options: object) -> Matching:
    return solve(market, name, SolveOptions(closing=closing(market), **options))


def dominating(market: Market, found: Held) -> Iterator[Held]:
    """Other feasible outcomes in which nobody is worse off. Seats to be closed are wanted as wishes are."""
    oracle = Oracle(market)
    choices = [
        [*range(listed.start, c + 1)] if c >= 0 else [*listed, -1]
        for c, listed in zip(found, oracle.lists, strict=True)
    ]
    return (other for other in product(*choices) if other != found and oracle.is_feasible(other))


# Case A: three holders, t3 holds what nobody wants


def case_a() -> tuple[Market, Ints]:
    """Posts s1, s2, s3 held by t1, t2, t3, with the standing of each at home."""
    strength = np.array([[1, 5, 9], [2, 4, 8], [3, 6, 7]])
    wished = [[1], [0], [0, 1]]
    lists = [[*((p, int(strength[i, p])) for p in some), (i, STAY + i)] for i, some in enumerate(wished)]
    return market_of(lists, [1, 1, 1], [0, 1, 2]), np.diag(strength).copy()


CASE_A = {
    "stable": [0, 1, 2],
    "serial": [0, 1, 2],
    "exchange": [1, 0, 2],
    "trade": [1, 0, 2],
    "flow": [1, 0, 2],
}


def test_case_a_is_told_of_every_mechanism():
    assert CASE_A.keys() == MECHANISMS.keys()


@every
def test_case_a_a_holder_nobody_wants_to_replace(name):
    market, standing = case_a()
    found = solve(market, name, SolveOptions(standing=standing))
    assert found.post.tolist() == CASE_A[name]
    assert improve(market, found, "full").post.tolist() == [1, 0, 2]


# What all promise


@every
@families
def test_the_outcome_is_feasible_and_nobody_is_below_his_stay(name, family):
    for market in drawn(1, 150, family):
        oracle, found = Oracle(market), solved(market, name)
        assert not oracle.below_stay(held(found))
        assert (np.bincount(found.post[found.post >= 0], minlength=market.num_posts) <= market.seats).all()
        for contract, post in zip(found.contract.tolist(), found.post.tolist(), strict=True):
            assert post == -1 if contract < 0 else post in oracle.posts[contract]
        for contract, (first, end) in zip(held(found), pairwise(market.wish_ptr.tolist()), strict=True):
            assert contract == -1 or first <= contract < end


@every
@families
def test_the_order_of_candidates_changes_nothing(name, family):
    rng = np.random.default_rng(2)
    for market in drawn(3, 100, family):
        order = rng.permutation(market.num_candidates)
        other, contracts = market.renumbered(order)
        found, again = solved(market, name), solved(other, name)
        assert found.contract[order].tolist() == np.append(contracts, -1)[again.contract].tolist()
        assert place(market, found)[order].tolist() == place(other, again).tolist()


@every
def test_the_number_of_workers_and_the_seed_change_nothing(name):
    for market in drawn(4, 30, "typed"):
        assert held(solved(market, name)) == held(solved(market, name, workers=2, seed=7))


@every
def test_blocks_are_solved_as_if_alone(name):
    rng = np.random.default_rng(5)
    for _ in range(40):
        one, other = (random_market(rng, family) for family in rng.choice([*FAMILIES], 2))
        options = SolveOptions(closing=np.append(closing(one), closing(other)))
        expected = [*held(solved(one, name)), *(c + one.num_contracts * (c >= 0) for c in held(solved(other, name)))]
        assert list(held(solve(_beside(one, other), name, options))) == expected


def _beside(one: Market, other: Market) -> Market:
    """Both markets as one, numbers of the second shifted."""
    stay = np.where(other.stay >= 0, other.stay + one.num_contracts, -1)
    return Market(
        wish_ptr=np.append(one.wish_ptr, other.wish_ptr[1:] + one.num_contracts),
        wish_zone=np.append(one.wish_zone, other.wish_zone + one.num_zones).astype(np.int32),
        wish_priority=np.append(one.wish_priority, other.wish_priority),
        zone_ptr=np.append(one.zone_ptr, other.zone_ptr[1:] + len(one.zone_post)),
        zone_post=np.append(one.zone_post, other.zone_post + one.num_posts).astype(np.int32),
        seats=np.append(one.seats, other.seats),
        stay=np.append(one.stay, stay),
        link=np.append(one.link, other.link),
    )


@every
def test_what_is_given_is_left_as_it_was_and_may_be_read_only(name):
    for market in drawn(6, 20, "typed"):
        expected = held(solved(market, name))
        for array in vars(market).values():
            array.flags.writeable = False
        assert held(solved(market, name)) == expected


@every
def test_a_seat_to_be_closed_is_closed_before_anybody_enters(name):
    # t0 leaves post 0 for post 1; its seat is to be closed (t2 stands for it), and t1 would like to have it.
    market = market_of([[(1, 5), (0, 1_000)], [(0, 9)], [(0, 100)]], [1, 1], [0])
    phantoms = np.array([False, False, True])
    assert solve(market, name, SolveOptions(closing=phantoms)).post.tolist() == [1, -1, 0]


@every
def test_a_vacant_seat_goes_to_the_strongest_where_all_want_it(name):
    market = market_of([[(0, 1)], [(0, 3)], [(0, 2)]], [1])
    assert solve(market, name).post.tolist() == [-1, 0, -1]


@every
def test_an_empty_market_is_served(name):
    market = market_of([], [1])
    assert held(solve(market, name)) == ()


@pytest.mark.parametrize("name", [name for name in MECHANISMS if name != "stable"])
def test_linked_candidates_are_refused_by_number(name):
    market, _ = case_a()
    with pytest.raises(UnsupportedMarket, match="candidate 1 is linked"):
        solve(replace(market, link=np.array([-1, 0, 0], dtype=np.int32)), name)


# What some promise


@every
@families
def test_claims_are_left_by_those_who_give_them_up_only(name, family):
    left = sum(len(Oracle(market).claims(held(solved(market, name)))) for market in drawn(7, 150, family))
    assert (left > 0) == (name != "stable")


@pytest.mark.parametrize("name", ["stable", "serial", "flow"])
@families
def test_no_seat_is_left_that_somebody_would_rather_have(name, family):
    for market in drawn(8, 150, family):
        oracle, found = Oracle(market), held(solved(market, name))
        assert not [c for c in oracle.preferred(found) if oracle.seat([*placed(found), c]) is not None]


@pytest.mark.parametrize(("name", "family"), [(name, f) for name, some in UNDOMINATED.items() for f in sorted(some)])
def test_nothing_is_better_for_some_and_worse_for_nobody(name, family):
    for market in drawn(9, 150, family, max_candidates=6):
        market = without_idle_wishes(without_closing(market))
        assert next(dominating(market, held(solve(market, name))), None) is None


@pytest.mark.parametrize("name", ["stable", "serial", "flow", "trade"])
@families
def test_where_everybody_holds_what_he_was_given_nothing_happens(name, family):
    if name == "trade" and family != "single":
        pytest.skip("trade promises nothing better for all with zones of single posts only")
    for market in drawn(10, 150, family):
        market = without_idle_wishes(without_closing(market))
        found = solve(market, name)
        placed_ones = np.flatnonzero(found.contract >= 0)
        if not len(placed_ones):
            continue
        again = solve(_holding(market, found), name)
        assert again.post[placed_ones].tolist() == found.post[placed_ones].tolist()
        assert (again.contract[found.contract < 0] == -1).all()


def _holding(market: Market, found: Matching) -> Market:
    """The market in which everybody holds the post he was given: his last contract is that post alone."""
    lists = []
    for i, (first, end) in enumerate(pairwise(market.wish_ptr.tolist())):
        contract = int(found.contract[i])
        better = range(first, contract if contract >= 0 else end)
        lists.append([(int(market.wish_zone[c]), int(market.wish_priority[c])) for c in better])
        if contract >= 0:
            lists[-1].append((market.num_zones + int(found.post[i]), 10**6 + i))
    stays = np.flatnonzero(found.contract >= 0).tolist()
    base = market_of(lists, market.seats.tolist(), stays, range(market.num_zones + market.num_posts))
    ends = market.zone_ptr[-1] + np.arange(1, market.num_posts + 1)
    return replace(
        base,
        zone_ptr=np.append(market.zone_ptr, ends).astype(np.int64),
        zone_post=np.append(market.zone_post, np.arange(market.num_posts)).astype(np.int32),
    )


def without_closing(market: Market) -> Market:
    """The market without its seats to be closed."""
    people = np.flatnonzero(~closing(market)).tolist()
    lists = lists_of(market)
    stays = [place for place, i in enumerate(people) if market.stay[i] >= 0]
    return zone_market([lists[i] for i in people], zones_of(market), market.seats.tolist(), stays)


def without_idle_wishes(market: Market) -> Market:
    """The market without wishes that cover the post their candidate holds."""
    zones, lists = zones_of(market), lists_of(market)
    stays = np.flatnonzero(market.stay >= 0).tolist()
    for i in stays:
        home = zones[lists[i][-1][0]][0]
        lists[i] = [*((zone, priority) for zone, priority in lists[i][:-1] if home not in zones[zone]), lists[i][-1]]
    return zone_market(lists, zones, market.seats.tolist(), stays)


# Improvement after any of them


@every
@pytest.mark.parametrize("kind", ["zone", "full"])
@families
def test_an_improvement_leaves_nobody_worse_off_and_twice_changes_nothing(name, kind: Kind, family):
    for market in drawn(11, 60, family):
        market = without_closing(market)
        found = solve(market, name)
        found = replace(found, post=place(market, found))
        regions = [np.zeros(market.num_posts, dtype=np.int32)]
        after = improve(market, found, kind, regions)
        oracle = Oracle(market)
        assert oracle.is_feasible(held(after))
        assert set(oracle.preferred(held(after))) <= set(oracle.preferred(held(found)))
        assert held(improve(market, after, kind, regions)) == held(after)


@every
@families
def test_after_full_nothing_is_better_for_some_and_worse_for_nobody(name, family):
    gained = 0
    for market in drawn(12, 80, family, max_candidates=6):
        market = without_closing(market)
        found = solve(market, name)
        after = held(improve(market, found, "full"))
        assert next(dominating(market, after), None) is None
        gained += after != held(found)
    assert (gained == 0) if name == "flow" else gained


def test_what_is_above_an_outcome_keeps_it_and_adds_only_what_is_better():
    market = market_of([[(0, 1), (1, 2)], [(1, 3), (0, 4)], [(0, 5)]], [1, 1])
    part = above(market, np.array([1, 2, -1]), np.arange(3))
    assert part.contracts.tolist() == [0, 1, 2, 4]
    assert part.market.stay.tolist() == [1, 2, -1]
    assert part.market.wish_priority[[1, 2]].min() > part.market.wish_priority[[0, 3]].max()
