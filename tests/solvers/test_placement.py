"""`place` against everything that could be closer, against scipy, and against its own statement of optimality."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from engine.model.market import Market, Matching, ShortInts
from engine.solvers.arrays import pointer, ranges
from engine.solvers.placement import Distances, Rule, all_alike, place
from tests.solvers.improvement_oracle import zone_market

RULES: list[Rule] = ["priority", "distance"]
BLOCKED = 10**9  # cost of a post outside the zone, for scipy


def drawn(
    rng: np.random.Generator, max_candidates: int = 6, max_posts: int = 5, spare: float = 0.3, farthest: int = 3
) -> tuple[Market, Matching, Distances]:
    """A matching to be seated: one contract each, zones around a seat of their own, few seats left."""
    num_posts, n = int(rng.integers(2, max_posts + 1)), int(rng.integers(1, max_candidates + 1))
    post = rng.integers(num_posts, size=n)
    zones = [sorted({int(p), *rng.choice(num_posts, int(rng.integers(1, num_posts + 1))).tolist()}) for p in post]
    seats = np.bincount(post, minlength=num_posts) + (rng.random(num_posts) < spare)
    priority = rng.permutation(n)
    market = zone_market([[(zone, int(p))] for zone, p in zip(zones, priority, strict=True)], seats.tolist())
    width = np.diff(market.zone_ptr)[market.wish_zone]
    length = np.where(rng.random(n) < 0.7, width, 0)
    distance = Distances(pointer(length), rng.integers(0, farthest + 1, int(length.sum())))
    return market, Matching(np.arange(n), post.astype(np.int32), "finished", "stable"), distance


def costs(market: Market, distance: Distances) -> list[dict[int, int]]:
    """The distance of each post of the zone of each candidate; contract i is that of candidate i."""
    table = []
    for i, z in enumerate(market.wish_zone):
        posts = market.zone_post[market.zone_ptr[z] : market.zone_ptr[z + 1]].tolist()
        own = distance.cost[distance.ptr[i] : distance.ptr[i + 1]].tolist()
        table.append(dict(zip(posts, own or [0] * len(posts), strict=True)))
    return table


def vector(market: Market, table: list[dict[int, int]], post: ShortInts | tuple[int, ...]) -> list[int]:
    """Distances, strongest candidate first."""
    return [table[i][int(post[i])] for i in np.argsort(-market.wish_priority)]


def feasible(market: Market, post: ShortInts | tuple[int, ...]) -> bool:
    return bool((np.bincount(post, minlength=market.num_posts) <= market.seats).all())


def every_seating(market: Market, table: list[dict[int, int]]) -> Iterator[tuple[int, ...]]:
    return (post for post in product(*table) if feasible(market, post))


# Agreement


@pytest.mark.parametrize("rule", RULES)
def test_no_seating_is_closer_by_the_rule(rule):
    rng = np.random.default_rng(1)
    for _ in range(1500):
        market, matching, distance = drawn(rng)
        table = costs(market, distance)
        post = place(market, matching, distance, rule)
        assert feasible(market, post)
        vectors = [vector(market, table, other) for other in every_seating(market, table)]
        mine = vector(market, table, post)
        assert mine == min(vectors) if rule == "priority" else sum(mine) == min(map(sum, vectors))


def test_the_least_sum_is_that_of_an_assignment_to_seats():
    rng = np.random.default_rng(2)
    for _ in range(40):
        market, matching, distance = drawn(rng, max_candidates=120, max_posts=30, farthest=10**6)
        table = costs(market, distance)
        seats = np.repeat(np.arange(market.num_posts), market.seats)
        matrix = np.array([[own.get(int(p), BLOCKED) for p in seats] for own in table])
        least = matrix[linear_sum_assignment(matrix)].sum()
        assert sum(vector(market, table, place(market, matching, distance, "distance"))) == least


def test_the_closest_vector_is_found_by_weights_that_double():
    # With 2**k for the k-th weakest and distances of 0 and 1, the least sum is the first vector.
    rng = np.random.default_rng(3)
    for _ in range(200):
        market, matching, distance = drawn(rng, max_candidates=25, max_posts=10, farthest=1)
        table = costs(market, distance)
        seats = np.repeat(np.arange(market.num_posts), market.seats)
        weight = 2 ** np.argsort(np.argsort(market.wish_priority))
        matrix = np.array(
            [
                [w * own[p] if p in own else BLOCKED for p in seats.tolist()]
                for own, w in zip(table, weight, strict=True)
            ]
        )
        least = matrix[linear_sum_assignment(matrix)].sum()
        mine = vector(market, table, place(market, matching, distance))
        assert sum(d * 2**k for k, d in enumerate(reversed(mine))) == least


# The statement of optimality, as a checker would use it


@pytest.mark.parametrize("rule", RULES)
def test_the_statement_of_optimality_holds_for_what_is_closest_and_for_nothing_else(rule):
    rng = np.random.default_rng(4)
    for _ in range(150):
        market, _, distance = drawn(rng, max_candidates=5, max_posts=4)
        table = costs(market, distance)
        seatings = list(every_seating(market, table))
        vectors = [vector(market, table, post) for post in seatings]
        for post, mine in zip(seatings, vectors, strict=True):
            if rule == "priority":
                assert walks_meet_nothing(market, table, distance, post) == (mine == min(vectors))
            else:
                assert has_potentials(market, table, post) == (sum(mine) == min(map(sum, vectors)))


def free_posts(market: Market, post: tuple[int, ...]) -> set[int]:
    return {p for p, seats in enumerate(market.seats) if post.count(p) < seats}


def walks_meet_nothing(market: Market, table: list[dict[int, int]], distance: Distances, post: tuple[int, ...]) -> bool:
    limited = np.diff(distance.ptr) > 0
    for i, own in enumerate(table):
        met = {p for p in own if own[p] < own[post[i]]}
        for _ in market.seats:
            for j, other in enumerate(table):
                if j != i and post[j] in met:
                    stronger = limited[j] and market.wish_priority[j] > market.wish_priority[i]
                    met |= {q for q in other if not stronger or other[q] <= other[post[j]]}
        if met & (free_posts(market, post) | {post[i]}):
            return False
    return True


def has_potentials(market: Market, table: list[dict[int, int]], post: tuple[int, ...]) -> bool:
    """Bellman and Ford: from 0, lower potentials as long as something demands it; a free seat may not go below 0."""
    value = [0] * market.num_posts
    for _ in range(market.num_posts + 1):
        before = list(value)
        for i, own in enumerate(table):
            for q in own:
                value[q] = min(value[q], value[post[i]] + own[q] - own[post[i]])
        if value == before:
            return all(value[p] == 0 for p in free_posts(market, post))
    return False


# What may not move, and what does not matter


@pytest.mark.parametrize("rule", RULES)
def test_stays_single_posts_and_the_unmovable_keep_their_seats(rule):
    rng = np.random.default_rng(5)
    for _ in range(300):
        market, matching, distance = drawn(rng)
        n = market.num_candidates
        stays = rng.random(n) < 0.3
        market = Market(**(vars(market) | {"stay": np.where(stays, np.arange(n), -1)}))
        movable = rng.random(n) < 0.7
        post = place(market, matching, distance, rule, movable)
        fixed = stays | ~movable | (np.diff(market.zone_ptr)[market.wish_zone] == 1)
        assert (post[fixed] == matching.post[fixed]).all()
        assert feasible(market, post)


@pytest.mark.parametrize("rule", RULES)
def test_neither_the_order_of_candidates_nor_the_seats_they_had_matter(rule):
    rng = np.random.default_rng(6)
    for _ in range(300):
        market, matching, distance = drawn(rng)
        post = place(market, matching, distance, rule)
        order = rng.permutation(market.num_candidates)
        other, _ = market.renumbered(order)
        shuffled = Matching(np.arange(len(order)), post[order], "finished", "stable")
        assert place(other, shuffled, distance.of(order), rule).tolist() == post[order].tolist()


def test_who_holds_nothing_sits_nowhere():
    market = zone_market([[([0, 1], 1)], [([0, 1], 2)], []], [1, 0])
    matching = Matching(np.array([-1, 1, -1]), np.array([-1, 0, -1], dtype=np.int32), "finished", "stable")
    assert place(market, matching).tolist() == [-1, 0, -1]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("wishes", [[], [[], []]])
def test_a_market_without_wishes_is_placed_at_once(rule, wishes):
    market = zone_market(wishes, [1])
    nothing = np.full(len(wishes), -1)
    matching = Matching(nothing, nothing.astype(np.int32), "finished", "stable")
    assert place(market, matching, all_alike(len(wishes)), rule).tolist() == [-1] * len(wishes)


# Cases


def seated(wishes: list[list[tuple[list[int], int]]], seats: list[int], post: list[int]) -> tuple[Market, Matching]:
    market = zone_market(wishes, seats)
    return market, Matching(np.arange(len(wishes)), np.array(post, dtype=np.int32), "finished", "stable")


def test_where_posts_are_alike_the_lowest_number_is_taken():
    market, matching = seated([[([0, 1, 2], 5)], [([0, 1, 2], 7)]], [1, 1, 1], [2, 1])
    assert place(market, matching).tolist() == [1, 0]
    alike = Distances(np.array([0, 3, 6]), np.array([4, 4, 4, 4, 4, 4]))
    assert place(market, matching, alike).tolist() == [1, 0]


def test_by_priority_the_stronger_sits_closest_by_distance_the_sum_is_least():
    market, matching = seated([[([0, 1], 9)], [([0, 1], 1)]], [1, 1], [1, 0])
    distance = Distances(np.array([0, 2, 4]), np.array([5, 6, 0, 9]))
    assert place(market, matching, distance, "priority").tolist() == [0, 1]
    assert place(market, matching, distance, "distance").tolist() == [1, 0]


def test_a_precise_wish_keeps_its_post_however_close_a_stronger_one_would_sit():
    market, matching = seated([[([0, 1], 9)], [([0], 1)]], [1, 1], [1, 0])
    distance = Distances(np.array([0, 2, 2]), np.array([0, 50]))
    assert place(market, matching, distance).tolist() == [1, 0]


def test_whoever_is_indifferent_makes_room():
    # The strongest has no indicative wish: he shifts along, twice removed, so that the weakest sits where he wants.
    market, matching = seated([[([0, 1], 9)], [([1, 2], 8)], [([0, 2], 1)]], [1, 1, 1], [0, 1, 2])
    distance = Distances(np.array([0, 0, 0, 2]), np.array([0, 7]))
    assert place(market, matching, distance).tolist() == [1, 2, 0]


# Refusals


def test_distances_that_do_not_fit_the_zone_are_refused():
    market, matching = seated([[([0, 1], 9)]], [1, 1], [0])
    with pytest.raises(ValueError, match="candidate 0 has 1 distances, and his zone 2 posts"):
        place(market, matching, Distances(np.array([0, 1]), np.array([3])))
    with pytest.raises(ValueError, match="must not be negative"):
        place(market, matching, Distances(np.array([0, 2]), np.array([3, -1])))


def test_a_matching_that_cannot_be_seated_is_refused():
    market, matching = seated([[([0, 1], 9)], [([0, 1], 8)], [([0, 1], 7)]], [1, 1], [0, 1, 1])
    with pytest.raises(ValueError, match="cannot be seated at once"):
        place(market, matching)


def test_distances_too_large_for_a_sum_in_int64_are_refused():
    market, matching = seated([[([0, 1], 9)], [([0, 1], 1)]], [1, 1], [1, 0])
    distance = Distances(np.array([0, 2, 4]), np.array([2**61, 0, 2**61, 0]))
    with pytest.raises(ValueError, match="too large for a component of 5 candidates and posts"):
        place(market, matching, distance, "distance")
    assert place(market, matching, distance, "priority").tolist() == [1, 0]


@pytest.mark.parametrize("largest", [2**40, 2**55])
def test_distances_as_large_as_is_allowed_are_summed_exactly(largest):
    market, matching = seated([[([0, 1], 9)], [([0, 1], 1)]], [1, 1], [1, 0])
    distance = Distances(np.array([0, 2, 4]), np.array([largest, largest - 1, largest, largest - 2]))
    assert place(market, matching, distance, "distance").tolist() == [0, 1]


def test_ranges_are_the_numbers_from_each_start():
    assert ranges(np.array([5, 0, 7]), np.array([2, 0, 3])).tolist() == [5, 6, 7, 8, 9]
