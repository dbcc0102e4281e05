"""Small markets with zones of several posts: written by hand, drawn from a seed, or drawn by hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np
from hypothesis import strategies as st

from engine.model.market import Market
from tests.solvers.markets import CLOSING, STAY, WISH, market_of, num_contracts

Zones = list[list[int]]  # the posts of each zone


def zone_market(
    wishes: Sequence[Sequence[tuple[int, int]]],
    zones: Sequence[Sequence[int]],
    seats: Sequence[int],
    stays: Sequence[int] = (),
) -> Market:
    """A market from (zone, priority) lists, best wish first; the last wish of candidates in `stays` is their stay."""
    return replace(
        market_of(wishes, seats, stays),
        zone_ptr=np.array([0, *accumulate(map(len, zones))], dtype=np.int64),
        zone_post=np.array([post for zone in zones for post in zone], dtype=np.int32),
    )


def assembled(
    zones: Zones,
    wished: Sequence[Sequence[int]],
    held: Sequence[int | None],
    closing: Sequence[int],
    spare: Sequence[int],
    order: Sequence[int],
) -> Market:
    """A market with holders and closing seats; a zone for each post alone is added to the zones.

    Parameters
    ----------
    wished : zones each candidate asks for, best first
    held : the post each candidate holds, or None; he keeps it by one more contract at the end of his list
    closing : posts that lose a seat as it falls free, one phantom candidate each
    spare : seats of each post beside those of its holders
    order : a permutation of all contracts; later is stronger within the same class
    """
    alone = len(zones)
    lists = [[(zone, WISH) for zone in asked] for asked in wished]
    for listed, post in zip(lists, held, strict=True):
        if post is not None:
            listed.append((alone + post, STAY))
    lists += [[(alone + post, CLOSING)] for post in closing]
    strength = iter(order)
    wishes = [[(zone, level * len(order) + next(strength)) for zone, level in listed] for listed in lists]
    seats = [count + held.count(post) for post, count in enumerate(spare)]
    stays = [candidate for candidate, post in enumerate(held) if post is not None]
    return zone_market(wishes, [*zones, *([post] for post in range(len(spare)))], seats, stays)


# Families of zones


def nested_zones(rng: np.random.Generator, num_posts: int) -> Zones:
    """Areas inside areas; some of them twice, and a zone without posts."""
    zones: Zones = [[]]
    areas = [rng.permutation(num_posts).tolist()]
    while areas:
        area = areas.pop()
        zones += [area] * int(rng.choice(3, p=[0.2, 0.6, 0.2]))
        if len(area) > 1:
            cut = int(rng.integers(1, len(area)))
            areas += [area[:cut], area[cut:]]
    return zones


def typed_zones(rng: np.random.Generator, num_posts: int) -> Zones:
    """Areas inside areas, each whole and for either of two types of posts: zones that overlap as school types do."""
    of_type = rng.integers(0, 2, num_posts)
    parts = [
        [post for post in area if of_type[post] == each] for area in nested_zones(rng, num_posts) for each in (0, 1)
    ]
    return [*nested_zones(rng, num_posts), *parts]


def any_zones(rng: np.random.Generator, num_posts: int) -> Zones:
    """Any sets of posts, each post once or, rarely, twice."""
    count = int(rng.integers(1, num_posts + 3))
    return [rng.integers(0, num_posts, rng.integers(0, num_posts + 1)).tolist() for _ in range(count)]


def single_zones(rng: np.random.Generator, num_posts: int) -> Zones:
    """One post each, several for the same post."""
    return [[int(post)] for post in rng.integers(0, num_posts, 2)]


FAMILIES: dict[str, Callable[[np.random.Generator, int], Zones]] = {
    "single": single_zones,
    "nested": nested_zones,
    "typed": typed_zones,
    "any": any_zones,
}


def random_market(
    rng: np.random.Generator,
    family: str,
    max_candidates: int = 8,
    max_posts: int = 5,
    max_wishes: int = 4,
    max_spare: int = 1,
) -> Market:
    """A market with everything that may occur: empty lists and empty zones, a zone twice in a list, posts without
    seats, holders, closing seats."""
    num_posts = int(rng.integers(1, max_posts + 1))
    zones = FAMILIES[family](rng, num_posts)
    choices = len(zones) + num_posts
    num_candidates = int(rng.integers(0, max_candidates + 1))
    wished = [rng.integers(0, choices, rng.integers(0, max_wishes + 1)).tolist() for _ in range(num_candidates)]
    held = [int(rng.integers(num_posts)) if rng.random() < 0.4 else None for _ in range(num_candidates)]
    closing = [post for post in range(num_posts) if rng.random() < 0.2]
    spare = rng.integers(0, max_spare + 1, num_posts).tolist()
    order = rng.permutation(num_contracts(wished, held, closing)).tolist()
    return assembled(zones, wished, held, closing, spare, order)


def random_mixture(rng: np.random.Generator, num_blocks: int = 6, **sizes: int) -> Market:
    """Markets of all families side by side, their candidates, zones and posts shuffled."""
    return shuffled(
        side_by_side([random_market(rng, family, **sizes) for family in rng.choice([*FAMILIES], num_blocks)]), rng
    )


def side_by_side(markets: Sequence[Market]) -> Market:
    """One market made of several that do not meet."""
    wishes, zones, seats, stays = [], [], [], []
    for market in markets:
        stays += [len(wishes) + i for i in np.flatnonzero(market.stay >= 0)]
        shift = len(zones)
        wishes += [[(zone + shift, priority) for zone, priority in listed] for listed in lists_of(market)]
        zones += [[post + len(seats) for post in zone] for zone in zones_of(market)]
        seats += market.seats.tolist()
    return zone_market(wishes, zones, seats, stays)


def shuffled(market: Market, rng: np.random.Generator) -> Market:
    """The same market with candidates, zones and posts numbered otherwise."""
    candidate, zone, post = (rng.permutation(k) for k in (market.num_candidates, market.num_zones, market.num_posts))
    wishes, zones = lists_of(market), zones_of(market)
    new_zone, new_post = np.argsort(zone), np.argsort(post)
    return zone_market(
        [[(int(new_zone[z]), priority) for z, priority in wishes[i]] for i in candidate],
        [[int(new_post[p]) for p in zones[z]] for z in zone],
        market.seats[post].tolist(),
        np.flatnonzero(market.stay[candidate] >= 0).tolist(),
    )


def lists_of(market: Market) -> list[list[tuple[int, int]]]:
    """(zone, priority) of the wishes of each candidate."""
    contracts = list(zip(market.wish_zone.tolist(), market.wish_priority.tolist(), strict=True))
    return [contracts[first:end] for first, end in zip(market.wish_ptr[:-1], market.wish_ptr[1:], strict=True)]


def zones_of(market: Market) -> Zones:
    posts = market.zone_post.tolist()
    return [posts[first:end] for first, end in zip(market.zone_ptr[:-1], market.zone_ptr[1:], strict=True)]


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """The same for hypothesis, which finds the smallest market that breaks a property."""
    num_posts = draw(st.integers(1, 4))
    post = st.integers(0, num_posts - 1)
    zones = draw(st.lists(st.lists(post, unique=True), max_size=4))
    wish = st.integers(0, len(zones) + num_posts - 1)
    wished = draw(st.lists(st.lists(wish, max_size=5), max_size=8))
    held = draw(st.lists(st.none() | post, min_size=len(wished), max_size=len(wished)))
    closing = draw(st.lists(post, max_size=2))
    spare = draw(st.lists(st.integers(0, 2), min_size=num_posts, max_size=num_posts))
    order = draw(st.permutations(range(num_contracts(wished, held, closing))))
    return assembled(zones, wished, held, closing, spare, order)
