"""`improve` against plain Python and against everything that could be better; cases A, B and H of the algorithms.

Proven by trying all on small markets: `full` leaves nothing that is better for all and no claim that stands; `stable`
leaves no post claim, and nothing better for all without one; `zone` leaves no claim that stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from engine.model.market import Market, Matching, ShortInts
from engine.solvers.arrays import ranges
from engine.solvers.errors import UnsupportedMarket
from engine.solvers.improvement import Kind, improve
from engine.solvers.parts import raised
from engine.solvers.placement import Distances, place
from engine.solvers.stable import stable
from tests.solvers import improvement_oracle as oracle
from tests.solvers.improvement_oracle import plain, random_zone_market, zone_market
from tests.solvers.markets import random_market, stretched

KINDS: list[Kind] = ["stable", "zone", "full"]


def placed(market: Market) -> Matching:
    """The outcome of `stable`, seated by the placement rule."""
    matching = stable(market)
    return replace(matching, post=place(market, matching))


def held(matching: Matching) -> tuple[int, ...]:
    return tuple(matching.contract.tolist())


def drawn_regions(rng: np.random.Generator, num_posts: int) -> list[ShortInts]:
    """Nested regions: départements, groupements, communes; a post in five lies in none."""
    department = rng.integers(2, size=num_posts)
    grouping = 2 * department + rng.integers(2, size=num_posts)
    commune = 2 * grouping + rng.integers(2, size=num_posts)
    outside = rng.random(num_posts) < 0.2
    return [np.where(outside, -1, level).astype(np.int32) for level in (department, grouping, commune)]


def instances(
    seed: int, count: int, **sizes: int
) -> Iterator[tuple[Market, Matching, list[ShortInts], np.random.Generator]]:
    rng = np.random.default_rng(seed)
    for _ in range(count):
        market = random_zone_market(rng, **sizes)
        yield market, placed(market), drawn_regions(rng, market.num_posts), rng


# Cases


E1, E2 = 0, 1


def intra_ville(c1: list[tuple[list[int], int]] | None = None) -> Market:
    """One commune, E1 vacant, E2 held by c3 who asks for E1; c1 and c2 ask for the commune."""
    town, stay = [E1, E2], 1000
    c3 = [([E1], 120), ([E2], stay)]
    return zone_market([c1 or [(town, 200)], [(town, 180)], c3], [1, 1], stays=[2])


ONE_REGION = [np.zeros(2, dtype=np.int32)]


def test_intra_ville_without_improvement_c1_enters_and_c3_stays():
    before = placed(intra_ville())
    assert before.post.tolist() == [E1, -1, E2]
    assert held(improve(intra_ville(), before, "none")) == held(before)


@pytest.mark.parametrize("kind", ["zone", "full"])
def test_intra_ville_improved_brings_c3_to_e1_and_c1_to_e2(kind):
    market = intra_ville()
    after = improve(market, placed(market), kind, ONE_REGION)
    assert place(market, after).tolist() == [E2, -1, E1]
    assert (after.worth, after.counters["improved"]) == ("feasible", 1)


def test_the_claim_of_c2_in_intra_ville_is_vacuous():
    market = intra_ville()
    after = improve(market, placed(market), "zone", ONE_REGION)
    (claim,) = oracle.claims(plain(market), held(after))
    assert (market.wish_priority[claim], oracle.granted(plain(market), held(after), claim)) == (180, None)


def test_exchanges_without_post_claims_leave_intra_ville_as_it_is():
    # c3 on E1 with 120 would be beaten there by c2 with 180.
    market = intra_ville()
    before = placed(market)
    after = improve(market, before, "stable")
    assert (held(after), after.worth) == (held(before), "stable")


def test_an_entrant_with_a_more_precise_earlier_wish_keeps_the_seat_near_it():
    # c1 asked for E1 first, with too few points; by his wish for the commune he sits on E1, where he wanted to be.
    market = intra_ville([([E1], 90), ([E1, E2], 200)])
    before = placed(market)
    near_e1 = Distances(np.array([0, 2, 2, 2]), np.array([0, 5]))
    protected = improve(market, before, "zone", ONE_REGION, distances=lambda contract: near_e1)
    assert held(protected) == held(before)
    assert place(market, improve(market, before, "zone", ONE_REGION)).tolist() == [E2, -1, E1]


def test_a_holder_nobody_wants_to_replace_no_longer_blocks_an_exchange():
    s1, s2, s3, stay = [0], [1], [2], 100
    # Priorities of s1: t3 t2 t1, of s2: t3 t1 t2, of s3: t1 t2 t3; each keeps his own post before all.
    t1 = [(s2, 2), (s1, stay)]
    t2 = [(s1, 2), (s2, stay)]
    t3 = [(s1, 3), (s2, 3), (s3, stay)]
    market = zone_market([t1, t2, t3], [1, 1, 1], stays=[0, 1, 2])
    before = placed(market)
    assert before.post.tolist() == [0, 1, 2]
    assert improve(market, before, "full").post.tolist() == [1, 0, 2]
    for kind in ("stable", "none"):
        assert held(improve(market, before, kind)) == held(before)


def test_regions_decide_who_can_exchange():
    market = intra_ville()
    apart = [np.array([0, 1], dtype=np.int32)]
    nowhere = [np.array([-1, -1], dtype=np.int32)]
    for regions in (apart, nowhere, []):
        assert held(improve(market, placed(market), "zone", regions)) == held(placed(market))
    assert improve(market, placed(market), "zone", [*apart, *ONE_REGION]).counters["improved"] == 1


def test_a_post_that_is_only_reached_is_not_under_demanded():
    # Nobody asks for q who is not there, but i can shift to it and make room for j, who sits on it, on p.
    p, q, r, s = range(4)
    j = [([p], 10), ([q], 100)]
    i = [([p, q], 50)]
    h = [([q, r], 60)]
    m = [([r], 55), ([s], 20)]
    market = zone_market([j, i, h, m], [1, 1, 1, 1])
    before = placed(market)
    assert before.post.tolist() == [q, p, r, s]
    after = improve(market, before, "full")
    assert after.contract.tolist() == [0, 2, 3, 5]
    assert improve(market, before, "stable").contract.tolist() == [0, 2, 3, 5]


def test_a_claim_that_nobody_would_take_back_is_granted():
    # In the region of E alone, c0 gets E by his better and weaker wish, and c1 with 3 would beat him there. Granted,
    # the claim stands: c0 is content with the seat that c1 leaves on F.
    e, f, stay = 0, 1, 1000
    c0 = [([e], 2), ([e, f], 4)]
    c1 = [([e], 3), ([f], stay)]
    x = [([f], 5)]
    market = zone_market([c0, c1, x], [1, 1], stays=[1])
    before = placed(market)
    assert before.post.tolist() == [e, f, -1]
    after = improve(market, before, "zone", [np.array([0, -1], dtype=np.int32)])
    assert after.post.tolist() == [f, e, -1]
    assert after.counters["granted"] == 1


def test_claims_that_stood_before_are_not_granted():
    market = zone_market([[([0], 1)], [([0], 2)], [([1], 3)]], [1, 1])
    given = Matching(np.array([0, -1, 2]), np.array([0, -1, 1], dtype=np.int32), "finished", "feasible")
    assert held(improve(market, given, "zone", ONE_REGION)) == held(given)


# Against plain Python


def test_full_is_efficiency_adjusted_deferred_acceptance():
    changed = 0
    for market, before, _, _ in instances(1, 1500):
        assert held(before) == oracle.deferred_acceptance(plain(market))
        after = held(improve(market, before, "full"))
        assert after == oracle.full(plain(market), held(before))
        changed += after != held(before)
    assert changed > 200


def test_zone_is_deferred_acceptance_in_each_region_and_then_the_claims_that_stand():
    changed = 0
    for market, before, regions, _ in instances(2, 1000, max_candidates=7, max_posts=5):
        after = improve(market, before, "zone", regions)
        expected = passes(market, before, regions)
        assert held(after) == expected
        changed += expected != held(before)
    assert changed > 150


def passes(market: Market, before: Matching, regions: list[ShortInts]) -> tuple[int, ...]:
    """`zone` in plain Python but for the seats of the placement rule; one block."""
    m, contract, post = plain(market), held(before), before.post.tolist()
    while True:
        after = contract
        for region in regions:
            again: dict[int, int] = {}
            for number in set(region.tolist()) - {-1}:
                posts = set(np.flatnonzero(region == number).tolist())
                again |= oracle.isolated_run(m, after, [i for i, p in enumerate(post) if p in posts], posts)
            after = tuple(again.get(i, c) for i, c in enumerate(after))
            post = seats(market, after)
        while standing := first_standing(m, after):
            after = standing
        post = seats(market, after)
        if after == contract or oracle.worse_off(m, after, contract):
            return contract
        contract = after


def first_standing(m: oracle.Plain, outcome: tuple[int, ...]) -> tuple[int, ...] | None:
    ordered = sorted(oracle.claims(m, outcome), key=lambda c: -m.priority[c])
    return next((end for c in ordered if (end := oracle.granted(m, outcome, c)) is not None), None)


def seats(market: Market, contract: tuple[int, ...]) -> list[int]:
    m = plain(market)
    seated = oracle.seat(m, [c for c in contract if c >= 0])
    assert seated is not None
    start = np.array([seated.get(c, -1) for c in contract], dtype=np.int32)
    return place(market, Matching(np.array(contract), start, "finished", "feasible")).tolist()


# Properties, by trying all


def test_after_full_nothing_is_better_for_all_and_no_claim_stands():
    for market, before, _, _ in instances(3, 1500):
        m, after = plain(market), held(improve(market, before, "full"))
        assert next(oracle.dominating(m, after), None) is None
        assert all(oracle.granted(m, after, claim) is None for claim in oracle.claims(m, after))


def test_after_zone_no_claim_stands():
    for market, before, regions, _ in instances(4, 1500, max_candidates=7, max_posts=5):
        m, after = plain(market), held(improve(market, before, "zone", regions))
        assert all(oracle.granted(m, after, claim) is None for claim in oracle.claims(m, after))


def test_after_stable_there_is_no_post_claim_and_nothing_better_for_all_without_one():
    exchanges = 0
    for market, before, _, _ in instances(5, 3000, max_candidates=7, max_wishes=3):
        m, after = plain(market), improve(market, before, "stable")
        post = {i: p for i, p in enumerate(after.post.tolist()) if p >= 0}
        assert not oracle.post_claims(m, held(after), post)
        assert post in oracle.seatings(m, held(after))
        for other in oracle.dominating(m, held(after)):
            assert all(oracle.post_claims(m, other, seating) for seating in oracle.seatings(m, other))
        exchanges += after.counters.get("exchanges", 0)
    assert exchanges > 20


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_worse_off_and_improving_twice_changes_nothing(kind):
    for market, before, regions, _ in instances(6, 1000):
        after = improve(market, before, kind, regions)
        assert not oracle.worse_off(plain(market), held(after), held(before))
        assert oracle.seat(plain(market), [c for c in held(after) if c >= 0]) is not None
        again = improve(market, after, kind, regions)
        assert held(again) == held(after)
        assert again.post.tolist() == after.post.tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_candidates_changes_nothing(kind):
    for market, before, regions, rng in instances(7, 500):
        order = rng.permutation(market.num_candidates)
        other, contracts = market.renumbered(order)
        after = improve(other, placed(other), kind, regions)
        mine = np.where(after.contract >= 0, contracts[after.contract], -1) if len(contracts) else after.contract
        assert mine.tolist() == improve(market, before, kind, regions).contract[order].tolist()


@pytest.mark.parametrize("kind", ["stable", "full"])
def test_with_zones_of_one_post_an_exchange_without_post_claims_changes_nothing(kind):
    rng = np.random.default_rng(8)
    for _ in range(300):
        market = random_market(rng)
        before, after = stable(market), improve(market, stable(market), kind)
        assert not oracle.worse_off(plain(market), held(after), held(before))
        assert kind == "full" or held(after) == held(before)


@pytest.mark.parametrize("kind", KINDS)
def test_priorities_may_use_all_of_int64(kind):
    for market, before, regions, rng in instances(9, 300):
        after = improve(stretched(market, rng), before, kind, regions)
        assert held(after) == held(improve(market, before, kind, regions))


@pytest.mark.parametrize("rule", ["priority", "distance"])
def test_with_distances_too_nobody_is_worse_off_no_claim_stands_and_twice_changes_nothing(rule):
    for market, before, regions, rng in instances(10, 300, max_candidates=7):
        cost = rng.integers(0, 4, (market.num_candidates, market.num_posts))

        def distances(contract, market=market, cost=cost):
            zone = np.where(contract >= 0, market.wish_zone[contract], 0)
            width = np.where(contract >= 0, np.diff(market.zone_ptr)[zone], 0)
            post = market.zone_post[ranges(market.zone_ptr[zone], width)]
            owner = np.repeat(np.arange(len(contract)), width)
            return Distances(np.concatenate(([0], np.cumsum(width))), cost[owner, post])

        if market.num_contracts:
            seated = replace(before, post=place(market, before, distances(before.contract), rule))
            after = improve(market, seated, "zone", regions, distances=distances, rule=rule)
            m = plain(market)
            assert not oracle.worse_off(m, held(after), held(before))
            assert all(oracle.granted(m, held(after), claim) is None for claim in oracle.claims(m, held(after)))
            assert held(improve(market, after, "zone", regions, distances=distances, rule=rule)) == held(after)


def test_how_many_threads_share_the_blocks_changes_nothing():
    for market, before, regions, _ in instances(12, 200, max_candidates=9):
        alone, shared = (improve(market, before, "zone", regions, workers=workers) for workers in (1, 3))
        assert held(shared) == held(alone)
        assert (shared.post == alone.post).all()
        assert shared.counters == alone.counters


# Borders


@pytest.mark.parametrize("kind", ["none", *KINDS])
@pytest.mark.parametrize("wishes", [[], [[], []], [[([0], 1)]]])
def test_where_nobody_holds_anything_nothing_happens(kind, wishes):
    market = zone_market(wishes, [0])
    before = stable(market)
    assert improve(market, before, kind, [np.zeros(1, dtype=np.int32)]) is before


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_given_is_left_as_it_was_and_may_be_read_only(kind):
    for market, before, regions, _ in instances(11, 50):
        expected = held(improve(market, before, kind, regions))
        for array in (*vars(market).values(), before.contract, before.post, *regions):
            array.flags.writeable = False
        assert held(improve(market, before, kind, regions)) == expected


def test_linked_candidates_are_refused_by_number():
    market = intra_ville()
    linked = replace(market, link=np.array([-1, 0, 0], dtype=np.int32))
    with pytest.raises(UnsupportedMarket, match="candidate 1 is linked"):
        improve(linked, placed(market), "full")


def test_floors_rise_above_everything_in_their_own_order():
    priority = np.array([5, -3, 9, 7])
    assert raised(priority, np.array([1, 3])).argsort().tolist() == [0, 2, 1, 3]
    ends = np.array([np.iinfo(np.int64).max, np.iinfo(np.int64).min, 0, 1])
    assert raised(ends, np.array([1, 3])).argsort().tolist() == [2, 0, 1, 3]
    assert raised(priority[:0], priority[:0]).tolist() == []
