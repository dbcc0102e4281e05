"""Which posts are reached by wishes for something better."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.jit import inner, kernel
from engine.model.market import Ints, ShortInts
from engine.solvers.arrays import Mask


class Wishes(NamedTuple):
    """`Market.wish_ptr`, `wish_zone`, `zone_ptr`, `zone_post`."""

    ptr: Ints
    zone: ShortInts
    zone_ptr: Ints
    zone_post: ShortInts


class Met(NamedTuple):
    """Posts met, in order (int32[m]), and marks of those and of the zones met (bool)."""

    queue: ShortInts
    post: Mask
    zone: Mask


def reached_posts(
    wishes: Wishes, contract: Ints, post: ShortInts, wishing: Mask, num_posts: int, with_floors: bool
) -> Mask:
    """Posts reached from what some candidates would like better than what they have.

    From each post of such a wish go to the candidates seated there, to the other posts of the zones they hold, and so
    on. What is reached is the least set of posts that covers these wishes and every zone held by somebody seated in it;
    where all of it is full, it is the same whoever sits where.

    Parameters
    ----------
    wishes : Wishes
    contract, post : int64[n], int32[n]
    wishing : bool[n]
        The candidates that count; all of them hold something.
    num_posts : int
    with_floors : bool
        Whether to start also from what those have who would like something better.

    Returns
    -------
    bool[num_posts]
    """
    num_zones = len(wishes.zone_ptr) - 1
    met = Met(np.empty(num_posts, np.int32), np.zeros(num_posts, np.bool_), np.zeros(num_zones, np.bool_))
    _reach(wishes, contract, post, wishing, with_floors, met)
    return met.post


@kernel
def _reach(wishes: Wishes, contract: Ints, post: ShortInts, wishing: Mask, with_floors: bool, met: Met) -> None:
    n, num_posts = len(contract), len(met.post)
    first, after = np.full(num_posts, np.int32(-1)), np.empty(n, np.int32)  # candidates of a post, as a list
    end = 0
    for i in range(n):
        if wishing[i]:
            after[i], first[post[i]] = first[post[i]], i
            last = contract[i] + (with_floors and contract[i] > wishes.ptr[i])
            for c in range(wishes.ptr[i], last):
                if not met.zone[wishes.zone[c]]:
                    end = _meet(wishes.zone[c], wishes, met, end)
    begin = 0
    while begin < end:
        i = first[met.queue[begin]]
        begin += 1
        while i >= 0:
            if not met.zone[wishes.zone[contract[i]]]:
                end = _meet(wishes.zone[contract[i]], wishes, met, end)
            i = after[i]


@inner
def _meet(zone: int, wishes: Wishes, met: Met, end: int) -> int:
    """Put the posts of a zone that are not met yet at the end of the queue; return its new end."""
    met.zone[zone] = True
    for p in wishes.zone_post[wishes.zone_ptr[zone] : wishes.zone_ptr[zone + 1]]:
        if not met.post[p]:
            met.post[p] = True
            met.queue[end] = p
            end += 1
    return end
