"""`stable_with_links` against exhaustive search, and its properties; case E of the algorithms (case G is in
`test_permutations`)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.market import Market, Matching
from engine.solvers import link_search, link_stages
from engine.solvers.errors import UnsupportedMarket
from engine.solvers.link_insertion import TURNS, insert_links
from engine.solvers.link_joints import joint_contracts
from engine.solvers.links import stable_with_links
from engine.solvers.mechanisms import SolveOptions
from engine.solvers.stable import stable
from tests.solvers.link_markets import Sizes, entangled_market, linked, linked_markets, random_linked_market
from tests.solvers.link_markets import troubled_market as troubled
from tests.solvers.link_oracle import LinkOracle
from tests.solvers.markets import market_of, renumbered
from tests.solvers.zone_markets import FAMILIES, zone_market
from tests.solvers.zone_oracle import Held

properties = settings(max_examples=150, deadline=None, derandomize=True)
OPTIONS = SolveOptions(time_limit_s=300)
NO_TIME = SolveOptions(time_limit_s=0)
INSIDE = Sizes(blocks=1, posts=4, unlinked=3, links=3, wishes=2)
LARGEST_COUNT = 2_000  # outcomes that the oracle looks at


def solved(market: Market) -> tuple[Held, int]:
    """What everybody holds, and the number of claims, which has to be right and proven, with a seat for everybody."""
    matching = stable_with_links(market, OPTIONS)
    oracle, held = LinkOracle(market), tuple(matching.contract.tolist())
    num = oracle.num_claims(held)
    assert oracle.is_outcome(held)
    assert is_seating(market, matching)
    assert (matching.stop, matching.worth) == ("finished", "optimal" if num else "stable")
    assert matching.counters["claims"] == matching.bound == num
    return held, num


def is_seating(market: Market, matching: Matching) -> bool:
    placed = np.flatnonzero(matching.contract >= 0)
    zone, post = market.wish_zone[matching.contract[placed]], matching.post[placed]
    inside = [
        p in market.zone_post[market.zone_ptr[z] : market.zone_ptr[z + 1]] for z, p in zip(zone, post, strict=True)
    ]
    taken = np.bincount(post, minlength=market.num_posts)
    return all(inside) and bool((taken <= market.seats).all()) and not (np.delete(matching.post, placed) >= 0).any()


def num_possible(market: Market) -> float:
    """An upper bound of the number of outcomes."""
    oracle = LinkOracle(market)
    lists = [*(oracle.lists[i] for i in oracle.unlinked), *oracle.joints]
    return float(np.prod([len(listed) + 1.0 for listed in lists]))


# Case E


def without_stable_outcome() -> Market:
    """h1: c1 > s; h2: s > c2; s: h1 > h2; the link (c1, c2) accepts only (h1, h2)."""
    return linked(market_of([[(0, 1), (1, 1)], [(0, 2)], [(1, 0)]], [1, 1]), [[1, 2]])


def test_e1_a_market_without_stable_outcome_gets_one_with_a_single_claim_and_the_proof() -> None:
    assert LinkOracle(without_stable_outcome()).fewest_claims()[0] == 1
    assert solved(without_stable_outcome())[1] == 1


def two_links(x: tuple[int, int], y: tuple[int, int]) -> Market:
    """One seat in each of two disciplines, and two links that ask for both."""
    return linked(market_of([[(0, x[0])], [(1, x[1])], [(0, y[0])], [(1, y[1])]], [1, 1]), [[0, 1], [2, 3]])


def test_e2_with_their_own_points_either_link_may_enter() -> None:
    market = two_links((50, 10), (20, 40))
    assert LinkOracle(market).fewest_claims() == (0, [(0, 1, -1, -1), (-1, -1, 2, 3)])
    assert solved(market)[1] == 0


def test_e2_with_the_smaller_points_the_second_link_enters() -> None:
    assert solved(two_links((10, 10), (20, 20))) == ((-1, -1, 2, 3), 0)


def test_e2_with_the_mean_the_declared_tie_break_decides() -> None:
    assert solved(two_links((31, 31), (30, 30))) == ((0, 1, -1, -1), 0)
    assert solved(two_links((30, 30), (31, 31))) == ((-1, -1, 2, 3), 0)


def test_e3_two_linked_holders_stay_if_only_one_can_enter() -> None:
    wishes = [[(0, 5), (2, 100)], [(1, 5), (3, 100)], [(1, 9)]]
    assert solved(linked(market_of(wishes, [1, 1, 1, 1], stays=[0, 1]), [[0, 1]])) == ((1, 3, 4), 0)


def test_both_posts_of_linked_holders_who_move_are_freed() -> None:
    wishes = [[(0, 5), (2, 100)], [(1, 5), (3, 100)], [(2, 1)], [(3, 1)]]
    assert solved(linked(market_of(wishes, [1, 1, 1, 1], stays=[0, 1]), [[0, 1]])) == ((0, 2, 4, 5), 0)


def test_e4_two_linked_candidates_are_extended_together_to_the_first_zone_where_both_fit() -> None:
    """Both lists end with the zones of the extension; the first of them has room in one discipline only."""
    wishes = [[(0, 5), (1, 3), (2, 3)], [(3, 5), (4, 3), (5, 3)]]
    market = linked(market_of(wishes, [0, 1, 1, 1, 0, 1]), [[0, 1]])
    assert solved(market) == ((2, 5), 0)


def test_linked_candidates_may_share_the_seats_of_a_zone() -> None:
    lists = [[(0, 5)], [(0, 4)], [(1, 9)]]
    assert solved(linked(zone_market(lists, [[0, 1], [1]], [1, 1]), [[0, 1]])) == ((-1, -1, 2), 0)
    assert solved(linked(zone_market(lists, [[0, 1], [1]], [2, 1]), [[0, 1]])) == ((0, 1, 2), 0)


# Failures of published programs for couples


def test_a_link_without_posts_claims_like_any_other() -> None:
    market = linked(market_of([[(0, 1)], [(1, 1)]], [1, 1]), [[0, 1]])
    assert LinkOracle(market).num_claims((-1, -1)) == 1
    assert stable_with_links(market, NO_TIME).counters["claims"] in (0, 1)
    assert solved(market) == ((0, 1), 0)


@pytest.mark.parametrize("seed", range(3))
def test_links_that_displace_each_other_for_ever_have_a_last_turn(seed: int) -> None:
    market = entangled_market(seed)
    insertion = insert_links(market, joint_contracts(market), deadline=float("inf"))
    assert insertion.inserted <= TURNS * 30
    assert insertion.repairs <= insertion.inserted


# Agreement


@pytest.mark.parametrize("family", FAMILIES)
def test_claims_are_as_few_as_exhaustive_search_finds(family: str) -> None:
    seen = Counter[int]()
    for seed in range(400):
        market = random_linked_market(np.random.default_rng(seed), family, INSIDE if seed % 2 else Sizes())
        if num_possible(market) <= LARGEST_COUNT:
            num = solved(market)[1]
            assert num == LinkOracle(market).fewest_claims()[0], (family, seed)
            seen[num] += 1
    assert seen[0] > 300
    assert seen[1] > 0


def test_claims_are_as_few_as_exhaustive_search_finds_where_there_have_to_be_some() -> None:
    seen = Counter[int]()
    for seed in range(250):
        market = troubled(np.random.default_rng(seed))
        num = solved(market)[1]
        assert num == LinkOracle(market).fewest_claims()[0], seed
        seen[num] += 1
    assert min(seen[0], seen[1]) > 50
    assert seen[2] > 0


def test_large_components_are_searched_a_group_at_a_time_and_agree_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_stages, "LARGEST", 0)
    seen = Counter[int]()
    for seed in range(60):
        market = troubled(np.random.default_rng(seed))
        matching = stable_with_links(market, OPTIONS)
        fewest = LinkOracle(market).fewest_claims()[0]
        assert matching.counters["claims"] >= fewest >= (matching.bound or 0) >= min(fewest, 1)
        seen[fewest, int(matching.counters["claims"])] += 1
    assert seen[1, 1] > 20


@pytest.mark.parametrize(("seed", "num_wishes", "worth"), [(0, 5, "stable"), (2, 5, "optimal"), (0, 10, "optimal")])
def test_a_hundred_candidates_with_thirty_links_over_ten_posts_are_solved_with_proof(
    seed: int, num_wishes: int, worth: str
) -> None:
    market = entangled_market(seed, num_wishes)
    matching = stable_with_links(market, OPTIONS)
    oracle = LinkOracle(market)
    assert (matching.stop, matching.worth) == ("finished", worth)
    assert oracle.is_outcome(matching.contract.tolist())
    assert oracle.num_claims(matching.contract.tolist()) == matching.counters["claims"] == matching.bound


# Properties


@properties
@given(linked_markets())
def test_links_are_served_together_or_not_at_all_and_the_claims_are_right(market: Market) -> None:
    solved(market)


@properties
@given(linked_markets(), st.randoms(use_true_random=False))
def test_the_order_of_candidates_and_the_numbers_of_links_have_no_effect(market: Market, random) -> None:
    order, numbers = list(range(market.num_candidates)), list(range(market.num_candidates))
    random.shuffle(order)
    random.shuffle(numbers)
    again = renumbered(market, order)
    again = replace(again, link=np.append(numbers, -1)[again.link].astype(np.int32))
    before, after = stable_with_links(market, OPTIONS), stable_with_links(again, OPTIONS)
    assert after.post.tolist() == before.post[order].tolist()
    assert held_ranks(again, after) == [held_ranks(market, before)[i] for i in order]
    assert after.counters == before.counters


def held_ranks(market: Market, matching: Matching) -> list[int]:
    return np.where(matching.contract >= 0, matching.contract - market.wish_ptr[:-1], -1).tolist()


@properties
@given(linked_markets())
def test_without_links_the_outcome_is_that_of_plain_deferred_acceptance(market: Market) -> None:
    alone = replace(market, link=np.full(market.num_candidates, -1, dtype=np.int32))
    matching = stable_with_links(alone, OPTIONS)
    assert matching.contract.tolist() == stable(alone).contract.tolist()
    assert (matching.worth, matching.bound) == ("stable", 0)


@properties
@given(linked_markets())
def test_links_of_one_member_leave_the_outcome_stable(market: Market) -> None:
    matching = stable_with_links(replace(market, link=np.arange(market.num_candidates, dtype=np.int32)), OPTIONS)
    assert LinkOracle(replace(market, link=np.full_like(market.link, -1))).is_stable(matching.contract.tolist())


@properties
@given(linked_markets())
def test_a_part_that_no_link_reaches_is_as_if_alone(market: Market) -> None:
    alone = replace(market, link=np.full(market.num_candidates, -1, dtype=np.int32))
    matching = stable_with_links(side_by_side(market, alone), OPTIONS)
    n, k = market.num_candidates, market.num_contracts
    expected = stable(alone).contract
    assert matching.contract[n:].tolist() == np.where(expected >= 0, expected + k, -1).tolist()
    assert matching.contract[:n].tolist() == stable_with_links(market, OPTIONS).contract.tolist()


def side_by_side(one: Market, other: Market) -> Market:
    return Market(
        wish_ptr=np.append(one.wish_ptr, other.wish_ptr[1:] + one.num_contracts),
        wish_zone=np.append(one.wish_zone, other.wish_zone + one.num_zones).astype(np.int32),
        wish_priority=np.append(one.wish_priority, other.wish_priority),
        zone_ptr=np.append(one.zone_ptr, other.zone_ptr[1:] + len(one.zone_post)),
        zone_post=np.append(one.zone_post, other.zone_post + one.num_posts).astype(np.int32),
        seats=np.append(one.seats, other.seats),
        stay=np.append(one.stay, np.where(other.stay >= 0, other.stay + one.num_contracts, -1)),
        link=np.append(one.link, other.link),
    )


# Search


def test_cp_sat_is_asked_only_where_insertion_leaves_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("CP-SAT was asked")

    monkeypatch.setattr(link_search, "_solve", refuse)
    assert stable_with_links(two_links((50, 10), (20, 40)), OPTIONS).counters["searches"] == 0
    with pytest.raises(AssertionError, match="asked"):
        stable_with_links(without_stable_outcome(), OPTIONS)


@properties
@given(st.integers(0, 10**6))
def test_without_time_the_outcome_is_feasible_and_its_claims_are_counted(seed: int) -> None:
    market = troubled(np.random.default_rng(seed))
    matching = stable_with_links(market, NO_TIME)
    oracle, held = LinkOracle(market), matching.contract.tolist()
    assert oracle.is_outcome(held)
    assert is_seating(market, matching)
    assert matching.counters["claims"] == oracle.num_claims(held)
    assert matching.bound == matching.counters["searches"] == 0
    assert (matching.stop, matching.worth) in {("finished", "stable"), ("time_limit", "feasible")}


@pytest.mark.parametrize("workers", [1, 2])
def test_the_same_seed_and_number_of_workers_give_the_same_outcome(workers: int) -> None:
    market = entangled_market(2)
    first, second = (stable_with_links(market, SolveOptions(300, seed=7, workers=workers)) for _ in "12")
    assert first.contract.tolist() == second.contract.tolist()
    assert first.counters == second.counters


# Refusals


@pytest.mark.parametrize(
    ("wishes", "stays"),
    [([[(0, 1), (1, 1)], [(1, 2)]], []), ([[(0, 1)], [(1, 2)]], [0])],
    ids=["lists of different lengths", "a holder and an entrant"],
)
def test_members_that_are_not_alike_are_refused(wishes: list[list[tuple[int, int]]], stays: list[int]) -> None:
    with pytest.raises(UnsupportedMarket, match="candidates 0 and 1 are linked"):
        stable_with_links(linked(market_of(wishes, [1, 1], stays), [[0, 1]]), OPTIONS)
