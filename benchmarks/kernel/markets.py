"""Drawn markets for the kernel alone: one block, single-post zones, no holders.

25 candidates to a post, 20 wishes each and no post twice in a list. Seats for nine in ten: one a post, the others
dropped on the posts at random. What differs is how wishes and priorities are drawn (`DRAWS`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.model.market import Ints, Market, ShortInts

NUM_WISHES = 20
CANDIDATES_PER_POST = 25
SEATS_PER_CANDIDATE = 0.9


@dataclass(frozen=True)
class Draw:
    """How wishes and priorities are drawn.

    Parameters
    ----------
    popularity : float
        Posts are wished for in proportion to exp(popularity x a standard normal): 0 makes all alike.
    one_score : bool
        One priority for all wishes of a candidate, instead of one for each wish.
    """

    popularity: float = 0.0
    one_score: bool = False


DRAWS = {
    "a score per wish": Draw(),
    "a score per wish, posts unlike": Draw(popularity=1.0),
    "one score per candidate": Draw(one_score=True),
}


@lru_cache(maxsize=1)  # a benchmark and its rival ask for the same market in turn; a large one takes 300 MB
def drawn_market(num_candidates: int, draw: Draw, seed: int = 1) -> Market:
    """A market of a given size; the same arguments give the same market."""
    rng = np.random.default_rng(seed)
    num_posts = max(num_candidates // CANDIDATES_PER_POST, 4 * NUM_WISHES)
    num_spare = int(SEATS_PER_CANDIDATE * num_candidates) - num_posts
    return Market(
        wish_ptr=np.arange(num_candidates + 1, dtype=np.int64) * NUM_WISHES,
        wish_zone=_wishes(rng, num_candidates, num_posts, draw.popularity).ravel(),
        wish_priority=_priorities(rng, num_candidates, draw.one_score),
        zone_ptr=np.arange(num_posts + 1, dtype=np.int64),
        zone_post=np.arange(num_posts, dtype=np.int32),
        seats=(1 + rng.multinomial(num_spare, np.full(num_posts, 1 / num_posts))).astype(np.int32),
        stay=np.full(num_candidates, -1, dtype=np.int64),
        link=np.full(num_candidates, -1, dtype=np.int32),
    )


def _wishes(rng: np.random.Generator, num_candidates: int, num_posts: int, popularity: float) -> ShortInts:
    """int32[n, 20]: posts, most wanted first; one that is already in the list is drawn again."""
    draw = _draw_of_posts(rng, num_posts, popularity)
    wishes = draw((num_candidates, NUM_WISHES))
    unsettled = np.arange(num_candidates)
    while len(unsettled):
        rows = wishes[unsettled]
        order = np.argsort(rows, axis=1, kind="stable")
        ordered = np.take_along_axis(rows, order, axis=1)
        row, place = np.nonzero(ordered[:, 1:] == ordered[:, :-1])
        wishes[unsettled[row], order[row, place + 1]] = draw(len(row))
        unsettled = unsettled[np.unique(row)]
    return wishes


def _draw_of_posts(
    rng: np.random.Generator, num_posts: int, popularity: float
) -> Callable[[int | tuple[int, int]], ShortInts]:
    upto = np.cumsum(rng.lognormal(0.0, popularity, num_posts))
    return lambda size: np.searchsorted(upto, upto[-1] * rng.random(size), side="right").astype(np.int32)


def _priorities(rng: np.random.Generator, num_candidates: int, one_score: bool) -> Ints:
    """int64[20 n]: drawn bits before the number of the contract, which makes them distinct."""
    if one_score:
        return np.repeat(rng.permutation(num_candidates).astype(np.int64), NUM_WISHES)
    num_contracts = num_candidates * NUM_WISHES
    bits = num_contracts.bit_length()
    return (rng.integers(2 ** (62 - bits), size=num_contracts) << bits) | np.arange(num_contracts)
