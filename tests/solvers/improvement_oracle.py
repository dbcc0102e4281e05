"""Improvement in plain Python: the choice over zones, claims and their chains, and markets small enough to try all.

Contracts are numbers of the market; an outcome is the contract of each candidate, -1 for nothing. Nothing is shared
with the solvers but the arrays of `Market`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, product

import numpy as np

from engine.model.market import Market

Outcome = tuple[int, ...]

WISH, CLOSING, STAY = 0, 1, 2  # classes of contracts, strongest last


@dataclass(frozen=True)
class Plain:
    """A market as lists: seats of each post, posts of each contract, its priority and its candidate."""

    seats: list[int]
    posts: list[tuple[int, ...]]
    priority: list[int]
    owner: list[int]
    ptr: list[int]

    @property
    def size(self) -> int:
        return len(self.ptr) - 1

    def better(self, outcome: Sequence[int], i: int) -> range:
        """Contracts candidate i prefers to what he has."""
        return range(self.ptr[i], outcome[i] if outcome[i] >= 0 else self.ptr[i + 1])


def plain(market: Market) -> Plain:
    zones = [tuple(market.zone_post[a:b].tolist()) for a, b in pairwise(market.zone_ptr.tolist())]
    return Plain(
        market.seats.tolist(),
        [zones[z] for z in market.wish_zone],
        market.wish_priority.tolist(),
        market.candidate_of_contract().tolist(),
        market.wish_ptr.tolist(),
    )


# Seats


def seat(m: Plain, contracts: Iterable[int]) -> dict[int, int] | None:
    """A post for each contract, or None if they cannot all be seated."""
    seating: dict[int, int] = {}
    for c in contracts:
        if not _add(m, seating, c, set()):
            return None
    return seating


def _add(m: Plain, seating: dict[int, int], c: int, tried: set[int]) -> bool:
    for p in m.posts[c]:
        if p in tried:
            continue
        tried.add(p)
        there = [x for x, q in seating.items() if q == p]
        if len(there) < m.seats[p] or any(_add_after(m, seating, x, tried) for x in there):
            seating[c] = p
            return True
    return False


def _add_after(m: Plain, seating: dict[int, int], x: int, tried: set[int]) -> bool:
    """Move x to another post."""
    own = seating.pop(x)
    if _add(m, seating, x, tried):
        return True
    seating[x] = own
    return False


def seatings(m: Plain, outcome: Sequence[int]) -> Iterator[dict[int, int]]:
    """Every way to seat an outcome: post of each candidate who holds something."""
    placed = [i for i, c in enumerate(outcome) if c >= 0]
    for posts in product(*(m.posts[outcome[i]] for i in placed)):
        if all(posts.count(p) <= m.seats[p] for p in set(posts)):
            yield dict(zip(placed, posts, strict=True))


def choice(m: Plain, contracts: Iterable[int]) -> list[int]:
    """The greedy choice: in decreasing priority, keep what can be seated beside what is kept."""
    kept: list[int] = []
    for c in sorted(contracts, key=lambda c: -m.priority[c]):
        if seat(m, [*kept, c]) is not None:
            kept.append(c)
    return kept


def deferred_acceptance(m: Plain) -> Outcome:
    asked, kept = [first - 1 for first in m.ptr[:-1]], list[int]()
    free = list(range(m.size))
    while free:
        i = free.pop()
        asked[i] += 1
        if asked[i] < m.ptr[i + 1]:
            offered = [*kept, asked[i]]
            kept = choice(m, offered)
            free += [m.owner[c] for c in offered if c not in kept]
    held = {m.owner[c]: c for c in kept}
    return tuple(held.get(i, -1) for i in range(m.size))


# Claims


def claims(m: Plain, outcome: Sequence[int]) -> list[int]:
    """Contracts somebody prefers that the choice, offered them beside all that is held, would keep."""
    held = [c for c in outcome if c >= 0]
    return [c for i in range(m.size) for c in m.better(outcome, i) if c in choice(m, [*held, c])]


def granted(m: Plain, outcome: Sequence[int], claim: int) -> Outcome | None:
    """What granting a claim leads to, or None if it is vacuous: the chain takes it back."""
    claimant = m.owner[claim]
    held = [c for c in outcome if c >= 0 and m.owner[c] != claimant]
    offered: int | None = claim
    while offered is not None:
        kept = choice(m, [*held, offered])
        lost = [c for c in [*held, offered] if c not in kept]
        held, offered = kept, None
        if lost:
            x = m.owner[lost[0]]
            if x == claimant:
                return None
            offered = next((c for c in range(m.ptr[x], m.ptr[x + 1]) if c in choice(m, [*held, c])), None)
    return tuple({m.owner[c]: c for c in held}.get(i, -1) for i in range(m.size))


def post_claims(m: Plain, outcome: Sequence[int], post: dict[int, int]) -> list[int]:
    """Contracts somebody prefers with which he beats somebody seated on a post of the zone, or finds a free seat."""
    there = [[m.priority[outcome[i]] for i, q in post.items() if q == p] for p in range(len(m.seats))]
    return [
        c
        for i in range(m.size)
        for c in m.better(outcome, i)
        if any(len(there[p]) < m.seats[p] or min(there[p], default=m.priority[c]) < m.priority[c] for p in m.posts[c])
    ]


# Comparison


def worse_off(m: Plain, outcome: Sequence[int], before: Sequence[int]) -> list[int]:
    """Candidates who like an outcome less than the one before."""
    return [i for i in range(m.size) if _place(m, outcome, i) > _place(m, before, i)]


def _place(m: Plain, outcome: Sequence[int], i: int) -> int:
    return outcome[i] if outcome[i] >= 0 else m.ptr[i + 1]


def dominating(m: Plain, outcome: Sequence[int]) -> Iterator[Outcome]:
    """Every feasible outcome that is better for some and worse for nobody."""
    options = [[*m.better(outcome, i), outcome[i]] for i in range(m.size)]
    for other in product(*options):
        if other != tuple(outcome) and next(seatings(m, other), None) is not None:
            yield other


# The mechanisms


def full(m: Plain, outcome: Outcome) -> Outcome:
    """Rounds of deferred acceptance among those whose posts somebody unsettled reaches with a wish."""
    held = list(outcome)
    unsettled = {i for i, c in enumerate(held) if c >= 0}
    while unsettled := _demanded(m, held, unsettled):
        members = sorted(unsettled)
        again = isolated_run(m, held, members, set(range(len(m.seats))))
        held = [again.get(i, c) for i, c in enumerate(held)]
    return tuple(held)


def _demanded(m: Plain, held: Sequence[int], candidates: set[int]) -> set[int]:
    seated = seat(m, [held[i] for i in candidates])
    assert seated is not None
    post = {m.owner[c]: p for c, p in seated.items()}
    reached = {p for i in candidates for c in m.better(held, i) for p in m.posts[c]}
    size = -1
    while size < len(reached):
        size = len(reached)
        reached |= {p for i in candidates if post[i] in reached for p in m.posts[held[i]]}
    return {i for i in candidates if post[i] in reached}


def isolated_run(m: Plain, held: Sequence[int], members: Sequence[int], posts: set[int]) -> dict[int, int]:
    """Deferred acceptance among some candidates on some posts, what they have the floor; the contract of each."""
    contracts = [[c for c in [*m.better(held, i), held[i]] if posts & set(m.posts[c])] for i in members]
    flat = [c for listed in contracts for c in listed]
    floors = {held[i] for i in members}
    part = Plain(
        [s if p in posts else 0 for p, s in enumerate(m.seats)],
        [tuple(p for p in m.posts[c] if p in posts) for c in flat],
        [m.priority[c] + (10**9 if c in floors else 0) for c in flat],
        [k for k, listed in enumerate(contracts) for _ in listed],
        [0, *accumulate(map(len, contracts))],
    )
    return {i: flat[c] for i, c in zip(members, deferred_acceptance(part), strict=True)}


# Markets


def zone_market(
    wishes: Sequence[Sequence[tuple[Sequence[int], int]]], seats: Sequence[int], stays: Sequence[int] = ()
) -> Market:
    """A market from (posts, priority) lists, best wish first; the last wish of candidates in `stays` is their stay."""
    contracts = [(tuple(posts), priority) for listed in wishes for posts, priority in listed]
    zones = sorted({posts for posts, _ in contracts})
    ptr = np.array([0, *accumulate(map(len, wishes))], dtype=np.int64)
    stay = np.full(len(wishes), -1, dtype=np.int64)
    stay[list(stays)] = ptr[1:][list(stays)] - 1
    return Market(
        wish_ptr=ptr,
        wish_zone=np.array([zones.index(posts) for posts, _ in contracts], dtype=np.int32),
        wish_priority=np.array([priority for _, priority in contracts], dtype=np.int64),
        zone_ptr=np.array([0, *accumulate(map(len, zones))], dtype=np.int64),
        zone_post=np.array([p for posts in zones for p in posts], dtype=np.int32),
        seats=np.array(seats, dtype=np.int32),
        stay=stay,
        link=np.full(len(wishes), -1, dtype=np.int32),
    )


def random_zone_market(
    rng: np.random.Generator, max_candidates: int = 6, max_posts: int = 4, max_wishes: int = 4
) -> Market:
    """A tight market with zones of several posts, holders and closing seats; a wish may cover the post held."""
    num_posts = int(rng.integers(1, max_posts + 1))
    wide = [sorted(rng.choice(num_posts, int(rng.integers(1, num_posts + 1)), replace=False)) for _ in range(3)]
    zones = [(p,) for p in range(num_posts)] + [tuple(map(int, posts)) for posts in wide]
    lists: list[list[tuple[tuple[int, ...], int]]] = []
    stays, seats = [], rng.integers(0, 2, num_posts)
    for i in range(int(rng.integers(1, max_candidates + 1))):
        chosen = rng.integers(len(zones), size=int(rng.integers(max_wishes + 1)))
        lists.append([(zones[z], WISH) for z in chosen])
        if rng.random() < 0.5:
            held = int(rng.integers(num_posts))
            lists[-1].append(((held,), STAY))
            stays.append(i)
            seats[held] += 1
    lists += [[((p,), CLOSING)] for p in range(num_posts) if rng.random() < 0.15]
    lot = iter(rng.permutation(sum(map(len, lists))).tolist())
    wishes = [[(posts, 1000 * level + next(lot)) for posts, level in listed] for listed in lists]
    return zone_market(wishes, seats.tolist(), stays)
