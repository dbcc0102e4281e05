"""Small markets whose zones are single posts: written by hand, drawn from a seed, or drawn by hypothesis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np
from hypothesis import strategies as st

from engine.model.market import Market

WISH, CLOSING, STAY = 0, 1, 2  # classes of contracts: a stay outranks everything, a closing seat every wish


def market_of(
    wishes: Sequence[Sequence[tuple[int, int]]],
    seats: Sequence[int],
    stays: Sequence[int] = (),
    zone_post: Sequence[int] | None = None,
) -> Market:
    """A market from (zone, priority) lists, best wish first; the last wish of candidates in `stays` is their stay."""
    zone_post = range(len(seats)) if zone_post is None else zone_post
    ptr = np.array([0, *accumulate(map(len, wishes))], dtype=np.int64)
    contracts = [contract for listed in wishes for contract in listed]
    stay = np.full(len(wishes), -1, dtype=np.int64)
    stay[list(stays)] = ptr[1:][list(stays)] - 1
    return Market(
        wish_ptr=ptr,
        wish_zone=np.array([zone for zone, _ in contracts], dtype=np.int32),
        wish_priority=np.array([priority for _, priority in contracts], dtype=np.int64),
        zone_ptr=np.arange(len(zone_post) + 1, dtype=np.int64),
        zone_post=np.array(zone_post, dtype=np.int32),
        seats=np.array(seats, dtype=np.int32),
        stay=stay,
        link=np.full(len(wishes), -1, dtype=np.int32),
    )


def assembled(
    wished: Sequence[Sequence[int]],
    held: Sequence[int | None],
    closing: Sequence[int],
    spare: Sequence[int],
    zone_post: Sequence[int],
    order: Sequence[int],
) -> Market:
    """A market with holders and closing seats.

    Parameters
    ----------
    wished : zones each candidate asks for, best first
    held : the post each candidate holds, or None; he keeps it by one more contract at the end of his list
    closing : posts that lose a seat as it falls free, one phantom candidate each
    spare : seats of each post beside those of its holders
    zone_post : the post of each zone, every post at least once
    order : a permutation of all contracts; later is stronger within the same class
    """
    lists = [[(zone, WISH) for zone in zones] for zones in wished]
    for listed, post in zip(lists, held, strict=True):
        if post is not None:
            listed.append((zone_post.index(post), STAY))
    lists += [[(zone_post.index(post), CLOSING)] for post in closing]
    strength = iter(order)
    wishes = [[(zone, level * len(order) + next(strength)) for zone, level in listed] for listed in lists]
    seats = [count + held.count(post) for post, count in enumerate(spare)]
    stays = [candidate for candidate, post in enumerate(held) if post is not None]
    return market_of(wishes, seats, stays, zone_post)


def num_contracts(wished: Sequence[Sequence[int]], held: Sequence[int | None], closing: Sequence[int]) -> int:
    return sum(map(len, wished)) + sum(post is not None for post in held) + len(closing)


def random_market(
    rng: np.random.Generator, max_candidates: int = 8, max_posts: int = 4, max_wishes: int = 4, max_spare: int = 1
) -> Market:
    """A market with everything that may occur: empty lists, a zone twice in a list, posts without seats, several zones
    of one post, holders, closing seats."""
    num_posts = int(rng.integers(1, max_posts + 1))
    zone_post = [*range(num_posts), *rng.integers(0, num_posts, 2).tolist()]
    rng.shuffle(zone_post)
    num_candidates = int(rng.integers(0, max_candidates + 1))
    wished = [rng.integers(0, len(zone_post), rng.integers(0, max_wishes + 1)).tolist() for _ in range(num_candidates)]
    held = [int(rng.integers(num_posts)) if rng.random() < 0.4 else None for _ in range(num_candidates)]
    closing = [post for post in range(num_posts) if rng.random() < 0.2]
    spare = rng.integers(0, max_spare + 1, num_posts).tolist()
    order = rng.permutation(num_contracts(wished, held, closing)).tolist()
    return assembled(wished, held, closing, spare, zone_post, order)


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """The same for hypothesis, which finds the smallest market that breaks a property."""
    num_posts = draw(st.integers(1, 4))
    post = st.integers(0, num_posts - 1)
    zone_post = draw(st.permutations([*range(num_posts), *draw(st.lists(post, max_size=2))]))
    wished = draw(st.lists(st.lists(st.integers(0, len(zone_post) - 1), max_size=5), max_size=8))
    held = draw(st.lists(st.none() | post, min_size=len(wished), max_size=len(wished)))
    closing = draw(st.lists(post, max_size=2))
    spare = draw(st.lists(st.integers(0, 2), min_size=num_posts, max_size=num_posts))
    order = draw(st.permutations(range(num_contracts(wished, held, closing))))
    return assembled(wished, held, closing, spare, zone_post, order)


def stretched(market: Market, rng: np.random.Generator) -> Market:
    """The same market with priorities spread over all of int64, both ends included."""
    ends = np.iinfo(np.int64).min, np.iinfo(np.int64).max
    drawn = rng.integers(*ends, size=max(market.num_contracts, 2))
    values = np.sort(drawn)
    values[[0, -1]] = ends
    ranks = np.argsort(np.argsort(market.wish_priority))
    return replace(market, wish_priority=values[ranks])


def renumbered(market: Market, order: Sequence[int]) -> Market:
    """The same market, candidate ``order[i]`` now being number i."""
    order = np.asarray(order, dtype=np.int64)
    lists = [np.arange(market.wish_ptr[i], market.wish_ptr[i + 1]) for i in order]
    contract = np.concatenate(lists) if lists else np.empty(0, dtype=np.int64)
    ptr = np.array([0, *accumulate(map(len, lists))], dtype=np.int64)
    return replace(
        market,
        wish_ptr=ptr,
        wish_zone=market.wish_zone[contract],
        wish_priority=market.wish_priority[contract],
        stay=np.where(market.stay[order] >= 0, ptr[1:] - 1, -1),
        link=market.link[order],
    )
