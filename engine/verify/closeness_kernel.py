"""Whether people sit as close to where they would like to be as a placement rule says. Contracts do not move."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.jit import kernel
from engine.model.market import Ints, ShortInts


class Guests(NamedTuple):
    """Those whose seat was chosen, strongest first: their zones and posts, and distances.

    Distances of guest g, one for each post of his zone, are ``cost[ptr[g]:ptr[g+1]]``; without any, all are alike.
    """

    zone: ShortInts
    post: Ints
    ptr: Ints
    cost: Ints


class Zones(NamedTuple):
    """Posts of zone z: ``post[ptr[z]:ptr[z+1]]``."""

    ptr: Ints
    post: ShortInts


class Seated(NamedTuple):
    """Guests on post p: ``guest[ptr[p]:ptr[p+1]]``; ``own[g]``: the distance of guest g to his seat."""

    ptr: Ints
    guest: Ints
    own: Ints


@kernel
def closer(guests: Guests, zones: Zones, free: Ints) -> Ints:
    """For each guest a post where he could sit closer while nobody stronger sits farther, or -1.

    Parameters
    ----------
    guests, zones : Guests, Zones
    free : int64[m], seats that nobody takes

    Notes
    -----
    From the posts closer to guest g than his own, walk: to those who sit there; if such a guest has distances and is
    stronger than g, on to the posts of his zone that are no farther for him, else to all posts of his zone. A walk that
    meets a free seat, or the post g leaves, is a row of moves that brings him closer.
    """
    seated = _seated(guests, zones, len(free))
    found = np.full(len(guests.zone), -1)
    post_mark, zone_mark = np.zeros(len(free), np.int64), np.zeros(len(zones.ptr), np.int64)
    queue = np.empty(len(free), np.int32)
    for g in range(len(guests.zone)):
        if guests.ptr[g + 1] > guests.ptr[g]:
            found[g] = _way(g, guests, zones, seated, free, post_mark, zone_mark, queue)
    return found


@kernel
def _way(
    g: int,
    guests: Guests,
    zones: Zones,
    seated: Seated,
    free: Ints,
    post_mark: Ints,
    zone_mark: Ints,
    queue: ShortInts,
) -> int:
    """A closer post from which a walk meets a free seat or the post of g, or -1."""
    first = zones.ptr[guests.zone[g]]
    for t in range(guests.ptr[g + 1] - guests.ptr[g]):
        start = int(zones.post[first + t])
        if guests.cost[guests.ptr[g] + t] >= seated.own[g] or post_mark[start] == g + 1:
            continue
        post_mark[start] = g + 1
        queue[0] = start
        length, head = 1, 0
        while head < length:
            p = queue[head]
            head += 1
            if free[p] > 0 or p == guests.post[g]:
                return start
            for j in seated.guest[seated.ptr[p] : seated.ptr[p + 1]]:
                length = _go_on(j, g, guests, zones, seated, post_mark, zone_mark, queue, length)
    return -1


@kernel
def _go_on(
    j: int,
    g: int,
    guests: Guests,
    zones: Zones,
    seated: Seated,
    post_mark: Ints,
    zone_mark: Ints,
    queue: ShortInts,
    length: int,
) -> int:
    """Put the posts that guest j may move to for guest g into the queue."""
    z = guests.zone[j]
    limited = j < g and guests.ptr[j + 1] > guests.ptr[j]
    if zone_mark[z] == g + 1:
        return length
    if not limited:
        zone_mark[z] = g + 1
    for k in range(zones.ptr[z], zones.ptr[z + 1]):
        q = zones.post[k]
        if post_mark[q] == g + 1:
            continue
        if limited and guests.cost[guests.ptr[j] + k - zones.ptr[z]] > seated.own[j]:
            continue
        post_mark[q] = g + 1
        queue[length] = q
        length += 1
    return length


@kernel
def shorter(guests: Guests, zones: Zones, free: Ints) -> Ints:
    """For each guest a post to which a row or a ring of moves leads that makes the sum of distances smaller, or -1.

    Of each set of posts that guests can move between, one guest is found at most.

    Parameters
    ----------
    guests, zones : Guests, Zones
    free : int64[m], seats that nobody takes

    Notes
    -----
    Looks for *potentials* v, a number for each post: 0 where a seat is free, at most 0 elsewhere, and v(q) <= v(p) +
    d(g, q) - d(g, p) for each guest g seated on p and each post q of his zone. They begin at 0 and are lowered as long
    as something demands it (Bellman and Ford). If they come to rest the sum is least: a row of moves into a free seat
    cannot make it smaller, nor a ring. If a post with a free seat is lowered, or a post by more moves than the set has
    posts, there is such a row or ring.
    """
    seated = _seated(guests, zones, len(free))
    label, size = _sets(guests, zones, len(free))
    found = np.full(len(guests.zone), -1)
    value, moves = np.zeros(len(free), np.int64), np.zeros(len(free), np.int64)
    lowest = np.full(len(zones.ptr), np.iinfo(np.int64).max)  # by which those who have no distances have lowered a zone
    bad = np.zeros(len(free), np.bool_)
    waiting = np.zeros(len(free), np.bool_)
    queue = np.empty(len(free) + 1, np.int32)  # a ring: a post stands in it once
    head, tail = 0, 0
    for p in range(len(free)):
        if seated.ptr[p + 1] > seated.ptr[p]:
            queue[tail] = p
            waiting[p] = True
            tail += 1
    while head != tail:
        p = queue[head]
        head = (head + 1) % len(queue)
        waiting[p] = False
        for g in seated.guest[seated.ptr[p] : seated.ptr[p + 1]]:
            z = guests.zone[g]
            alike = guests.ptr[g + 1] == guests.ptr[g]
            if bad[label[p]] or (alike and lowest[z] <= value[p]):
                continue
            if alike:
                lowest[z] = value[p]
            for k in range(zones.ptr[z], zones.ptr[z + 1]):
                q = zones.post[k]
                step = 0 if alike else guests.cost[guests.ptr[g] + k - zones.ptr[z]] - seated.own[g]
                if value[p] + step < value[q]:
                    value[q] = value[p] + step
                    moves[q] = moves[p] + 1
                    if free[q] > 0 or moves[q] > size[label[q]]:
                        found[g] = q
                        bad[label[q]] = True
                        break
                    if not waiting[q]:
                        waiting[q] = True
                        queue[tail] = q
                        tail = (tail + 1) % len(queue)
    return found


@kernel
def _sets(guests: Guests, zones: Zones, num_posts: int) -> tuple[ShortInts, Ints]:
    """A label for the posts between which guests can move, and how many there are of each label."""
    label = np.arange(num_posts).astype(np.int32)
    done = np.zeros(len(zones.ptr), np.bool_)
    for g in range(len(guests.zone)):
        z = guests.zone[g]
        if not done[z]:
            done[z] = True
            for q in zones.post[zones.ptr[z] : zones.ptr[z + 1]]:
                a, b = _root(q, label), _root(zones.post[zones.ptr[z]], label)
                label[max(a, b)] = min(a, b)
    size = np.zeros(num_posts, np.int64)
    for p in range(num_posts):
        label[p] = _root(p, label)
        size[label[p]] += 1
    return label, size


@kernel
def _root(p: int, label: ShortInts) -> int:
    while label[p] != p:
        label[p] = label[label[p]]
        p = label[p]
    return p


@kernel
def _seated(guests: Guests, zones: Zones, num_posts: int) -> Seated:
    ptr = np.zeros(num_posts + 2, np.int64)
    for p in guests.post:
        ptr[p + 2] += 1
    ptr = np.cumsum(ptr)
    guest, own = np.empty(len(guests.post), np.int64), np.zeros(len(guests.post), np.int64)
    for g in range(len(guests.post)):
        p = guests.post[g]
        guest[ptr[p + 1]] = g
        ptr[p + 1] += 1
        if guests.ptr[g + 1] > guests.ptr[g]:
            own[g] = guests.cost[guests.ptr[g] + _place(p, guests.zone[g], zones)]
    return Seated(ptr, guest, own)


@kernel
def _place(p: int, z: int, zones: Zones) -> int:
    """Place of a post in its zone."""
    for k in range(zones.ptr[z], zones.ptr[z + 1]):
        if zones.post[k] == p:
            return k - int(zones.ptr[z])
    return 0
