"""Seats inside zones, strongest candidate first: insertion into free seats, then closeness by augmenting walks.

A walk goes from a post to those who sit there, to the other posts they may sit on, and so on until it meets a free
seat; shifted along the walk, everybody stays seated. Who may sit anywhere in his zone is met through the zone, whose
posts are looked at once per walk whatever the number of its candidates; who has a limit, by himself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.jit import inner, kernel
from engine.model.market import Ints, ShortInts

ANYWHERE = np.iinfo(np.int64).max  # limit of a candidate who may sit on every post of his zone
NOBODY = np.int32(-1)


class Zones(NamedTuple):
    """Posts of zone z are ``post[ptr[z]:ptr[z+1]]``."""

    ptr: Ints
    post: ShortInts


class Guests(NamedTuple):
    """Candidates to seat, strongest first: zone (int32[k]) and costs.

    ``cost[ptr[i]:ptr[i+1]]`` is aligned with the posts of the zone, or empty: all posts are alike to him.
    """

    zone: ShortInts
    ptr: Ints
    cost: Ints


class Seating(NamedTuple):
    """Who sits where: post of each guest (int32[k]), and the guests of a post as a list linked both ways.

    ``first`` (int32[m]) is the guest who sat down last, ``after`` and ``before`` (int32[k]) his neighbours; -1 ends a
    list. ``free`` (int32[m]) counts seats left.
    """

    post: ShortInts
    first: ShortInts
    after: ShortInts
    before: ShortInts
    free: ShortInts


class Walk(NamedTuple):
    """Posts met, in order, and how: guest ``by`` (int32[m]) can come there from where he sits, -1 for a start.

    A post or zone is met in this walk where its mark (int64) is the number of the walk, ``now[0]``; ``now[1]`` posts
    are met, ``now[2]`` of them left behind.
    """

    queue: ShortInts
    by: ShortInts
    post: Ints
    zone: Ints
    now: Ints


def seated(guests: Guests, zones: Zones, free: ShortInts) -> tuple[ShortInts, int]:
    """The closest seats, strongest guest first.

    Parameters
    ----------
    guests : Guests
        All of them can be seated at once.
    zones : Zones
    free : int32[m]
        Seats for guests at each post.

    Returns
    -------
    post : int32[k]
        -1 for a guest whom nobody can make room for: then they cannot all be seated.
    walks : int
    """
    k, m, num_zones = len(guests.zone), len(free), len(zones.ptr) - 1
    nobody = np.full(k, NOBODY)
    seating = Seating(nobody.copy(), np.full(m, NOBODY), nobody.copy(), nobody, free.copy())
    walk = Walk(
        np.empty(m, np.int32),
        np.empty(m, np.int32),
        np.zeros(m, np.int64),
        np.zeros(num_zones, np.int64),
        np.zeros(3, np.int64),
    )
    _seat_all(guests, zones, seating, walk)
    return seating.post, int(walk.now[0])


@kernel
def _seat_all(guests: Guests, zones: Zones, seating: Seating, walk: Walk) -> None:
    k = len(guests.zone)
    limit = np.full(k, ANYWHERE)
    for i in range(k):
        _insert(i, guests, zones, seating, limit, walk)
    for i in range(k):
        if seating.post[i] >= 0 and guests.ptr[i] < guests.ptr[i + 1]:
            limit[i] = _draw_closer(i, guests, zones, seating, limit, walk)


@inner
def _insert(i: int, guests: Guests, zones: Zones, seating: Seating, limit: Ints, walk: Walk) -> None:
    """Seat a guest: on the closest post with a free seat, else at the end of a walk."""
    z, first = guests.zone[i], guests.ptr[i]
    has_costs = first < guests.ptr[i + 1]
    best, lowest = -1, ANYWHERE
    for e in range(zones.ptr[z], zones.ptr[z + 1]):
        if seating.free[zones.post[e]] > 0:
            cost = guests.cost[first + e - zones.ptr[z]] if has_costs else 0
            if best < 0 or cost < lowest:
                best, lowest = zones.post[e], cost
                if not has_costs:
                    break
    if best >= 0:
        _sit(i, best, seating)
        return
    _start(walk)
    walk.zone[z] = walk.now[0]
    for e in range(zones.ptr[z], zones.ptr[z + 1]):
        _meet(zones.post[e], -1, walk)
    best = _free_seat(guests, zones, seating, limit, walk)
    if best >= 0:
        _shift(i, best, seating, walk)


@inner
def _draw_closer(i: int, guests: Guests, zones: Zones, seating: Seating, limit: Ints, walk: Walk) -> int:
    """Move a guest as close as those before him allow; return the cost he ends with.

    Posts join the walk cost by cost; what was met in vain for the cheaper ones is not met again.
    """
    own, first, last = seating.post[i], zones.ptr[guests.zone[i]], zones.ptr[guests.zone[i] + 1]
    costs, posts = guests.cost[guests.ptr[i] : guests.ptr[i + 1]], zones.post[first:last]
    order = np.argsort(costs, kind="mergesort")
    _start(walk)
    _leave(i, seating)
    t = 0
    while posts[order[t]] != own:  # ends: his own post is among them
        cost, seat = costs[order[t]], -1
        while t < len(order) and costs[order[t]] == cost:
            p = posts[order[t]]
            if _meet(p, -1, walk) and seat < 0 and seating.free[p] > 0:
                seat = p
            t += 1
        if seat < 0:
            seat = _free_seat(guests, zones, seating, limit, walk)
        if seat >= 0:
            _shift(i, seat, seating, walk)
            return int(cost)
    _sit(i, own, seating)
    return int(costs[order[t]])


@inner
def _start(walk: Walk) -> None:
    walk.now[0] += 1
    walk.now[1] = 0
    walk.now[2] = 0


@inner
def _meet(p: int, by: int, walk: Walk) -> bool:
    if walk.post[p] == walk.now[0]:
        return False
    walk.post[p] = walk.now[0]
    walk.by[p] = by
    walk.queue[walk.now[1]] = p
    walk.now[1] += 1
    return True


@inner
def _free_seat(guests: Guests, zones: Zones, seating: Seating, limit: Ints, walk: Walk) -> int:
    """Go on from the posts met; the first post with a free seat, or -1 where none is left to meet."""
    while walk.now[2] < walk.now[1]:
        x = seating.first[walk.queue[walk.now[2]]]
        walk.now[2] += 1
        while x >= 0:
            z, first = guests.zone[x], guests.ptr[x]
            if limit[x] < ANYWHERE or walk.zone[z] < walk.now[0]:
                if limit[x] == ANYWHERE:
                    walk.zone[z] = walk.now[0]
                for e in range(zones.ptr[z], zones.ptr[z + 1]):
                    if limit[x] == ANYWHERE or guests.cost[first + e - zones.ptr[z]] <= limit[x]:
                        p = zones.post[e]
                        if _meet(p, x, walk) and seating.free[p] > 0:
                            return int(p)
            x = seating.after[x]
    return -1


@inner
def _shift(i: int, p: int, seating: Seating, walk: Walk) -> None:
    """Everybody on the walk to post p moves on by one, and guest i sits down where it started."""
    while walk.by[p] >= 0:
        x = walk.by[p]
        source = seating.post[x]
        _leave(x, seating)
        _sit(x, p, seating)
        p = source
    _sit(i, p, seating)


@inner
def _sit(i: int, p: int, seating: Seating) -> None:
    other = seating.first[p]
    seating.post[i], seating.first[p] = p, i
    seating.after[i], seating.before[i] = other, -1
    if other >= 0:
        seating.before[other] = i
    seating.free[p] -= 1


@inner
def _leave(i: int, seating: Seating) -> None:
    p, before, after = seating.post[i], seating.before[i], seating.after[i]
    if before < 0:
        seating.first[p] = after
    else:
        seating.after[before] = after
    if after >= 0:
        seating.before[after] = before
    seating.free[p] += 1
    seating.post[i] = -1
