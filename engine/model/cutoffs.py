"""Cutoffs (*barres*): the priority one has to beat to enter a post or a zone, given who sits where (DESIGN 7).

From a post, walk to those seated there, to the other posts of their zones, to those seated there, and so on: whoever
is met could make room for a newcomer by leaving, all between by moving up. If the walk meets a free seat, everybody can
enter. Else the weakest contract met is the one that would go, and a newcomer has to beat it. The cutoff of a zone is
the lowest of its posts.

Cutoffs depend on the contracts granted alone, not on the seating they are computed from.
"""

from __future__ import annotations

import numpy as np

from engine.model.market import Ints, ShortInts

FREE = np.iinfo(np.int64).min  # a free seat can be reached: everybody enters
NOBODY = np.iinfo(np.int64).max  # no seat can be reached, taken or free: nobody enters


def post_cutoffs(
    zone_ptr: Ints,
    zone_post: ShortInts,
    seats: ShortInts,
    seated_zone: ShortInts,
    seated_post: ShortInts,
    seated_priority: Ints,
) -> Ints:
    """The cutoff of every post. Linear, but for sorting the zones in which somebody is seated.

    Parameters
    ----------
    zone_ptr, zone_post : int64[z+1], int32[]
        Posts of zone z are ``zone_post[zone_ptr[z]:zone_ptr[z+1]]``.
    seats : int32[m]
    seated_zone, seated_post, seated_priority : int32[s], int32[s], int64[s]
        The zone, the post and the priority of every contract granted, each on a seat of its zone. Priorities strictly
        between the ends of int64. In any order.

    Returns
    -------
    int64[m]
        `FREE`, `NOBODY` (a post without seats), or the priority of the weakest contract met.

    Notes
    -----
    A contract c enters its zone if and only if its priority is above the cutoff. A contract held is met itself, so it
    is at or above the cutoff of its zone: in a stable outcome, everybody holds his first contract that is at or above
    the cutoff of its zone, and nothing if there is none.
    """
    from engine.jit import sealed
    from engine.model.cutoffs_kernel import weakest_reached

    weakest = np.full(len(zone_ptr) - 1, NOBODY)
    np.minimum.at(weakest, seated_zone, seated_priority)
    holding = np.flatnonzero(weakest < NOBODY)
    weakest_first = holding[np.argsort(weakest[holding])]
    free = np.flatnonzero(np.bincount(seated_post, minlength=len(seats)) < seats)
    return weakest_reached(
        sealed(zone_ptr),
        sealed(zone_post),
        sealed(seated_zone),
        sealed(seated_post),
        sealed(weakest),
        sealed(weakest_first),
        sealed(free),
        len(seats),
    )


def zone_cutoffs(zone_ptr: Ints, zone_post: ShortInts, cutoffs: Ints) -> Ints:
    """The cutoff of every zone from those of the posts.

    Parameters
    ----------
    zone_ptr, zone_post : int64[z+1], int32[]
    cutoffs : int64[m], of `post_cutoffs`

    Returns
    -------
    int64[z]
        The lowest of the posts; `NOBODY` for a zone without posts.
    """
    lowest = np.full(len(zone_ptr) - 1, NOBODY)
    filled = zone_ptr[1:] > zone_ptr[:-1]
    if filled.any():
        lowest[filled] = np.minimum.reduceat(cutoffs[zone_post], zone_ptr[:-1][filled])
    return lowest
