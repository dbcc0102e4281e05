"""Whether seats are the closest by a placement rule: the kernels of P9 against every other way to seat everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest

from engine.model.market import Ints
from engine.verify.closeness_kernel import Guests, Zones, closer, shorter

Check = Callable[[Guests, Zones, Ints], Ints]


@dataclass(frozen=True)
class Party:
    """Guests, strongest first: the posts each may sit on with their distances (None: all alike), and his seat."""

    posts: list[list[int]]
    distances: list[list[int] | None]
    seats: list[int]
    seated: tuple[int, ...]

    def worst_found(self, check: Check, seated: tuple[int, ...]) -> list[int]:
        """What a kernel says of a seating."""
        ptr = np.cumsum([0, *(len(d) if d else 0 for d in self.distances)]).astype(np.int64)
        cost = np.array([x for d in self.distances for x in d or []], dtype=np.int64)
        zone_ptr = np.cumsum([0, *map(len, self.posts)]).astype(np.int64)
        zone_post = np.array([p for posts in self.posts for p in posts], dtype=np.int32)
        guests = Guests(np.arange(len(seated), dtype=np.int32), np.array(seated, dtype=np.int64), ptr, cost)
        free = np.array(self.seats) - np.bincount(seated, minlength=len(self.seats))
        found: list[int] = check(guests, Zones(zone_ptr, zone_post), free).tolist()
        return found

    def vector(self, seated: tuple[int, ...]) -> list[int]:
        """Distances, strongest first."""
        known = zip(self.posts, self.distances, seated, strict=True)
        return [d[posts.index(p)] if d else 0 for posts, d, p in known]

    def every_seating(self) -> Iterator[tuple[int, ...]]:
        for seated in product(*self.posts):
            if all(seated.count(p) <= count for p, count in enumerate(self.seats)):
                yield seated


def party(rng: np.random.Generator) -> Party:
    m, n = int(rng.integers(2, 6)), int(rng.integers(1, 6))
    seated = rng.integers(m, size=n)
    posts = [sorted({int(p), *rng.choice(m, int(rng.integers(1, m + 1))).tolist()}) for p in seated]
    distances = [rng.integers(0, 4, len(own)).tolist() if rng.random() < 0.7 else None for own in posts]
    seats = np.bincount(seated, minlength=m) + (rng.random(m) < 0.3)
    return Party(posts, distances, seats.tolist(), tuple(seated.tolist()))


@pytest.mark.parametrize("rule", ["priority", "distance"])
def test_seats_are_found_wanting_if_and_only_if_others_are_better_by_the_rule(rule: str) -> None:
    check: Check = closer if rule == "priority" else shorter
    rng = np.random.default_rng(1)
    verdicts = set()
    for _ in range(250):
        drawn = party(rng)
        seatings = list(drawn.every_seating())
        best = min(map(drawn.vector, seatings)) if rule == "priority" else min(sum(drawn.vector(s)) for s in seatings)
        for seated in seatings[:40]:
            mine = drawn.vector(seated)
            optimal = (mine if rule == "priority" else sum(mine)) == best
            assert (max(drawn.worst_found(check, seated)) < 0) == optimal
            verdicts.add(optimal)
    assert verdicts == {True, False}


def test_the_post_named_is_one_of_the_zone_and_closer() -> None:
    rng = np.random.default_rng(2)
    for _ in range(300):
        drawn = party(rng)
        for g, p in enumerate(drawn.worst_found(closer, drawn.seated)):
            own = drawn.distances[g]
            if p >= 0:
                assert own is not None
                assert own[drawn.posts[g].index(p)] < own[drawn.posts[g].index(drawn.seated[g])]
        for g, p in enumerate(drawn.worst_found(shorter, drawn.seated)):
            assert p < 0 or p in drawn.posts[g]


@pytest.mark.parametrize("check", [closer, shorter])
def test_without_guests_there_is_nothing_to_find(check: Check) -> None:
    empty = np.zeros(0, dtype=np.int64)
    nobody = Guests(empty.astype(np.int32), empty, np.zeros(1, dtype=np.int64), empty)
    zones = Zones(np.zeros(1, dtype=np.int64), empty.astype(np.int32))
    assert check(nobody, zones, empty).tolist() == []
