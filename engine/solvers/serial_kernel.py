"""One after the other, each to the best of his wishes that finds a free seat; the seat he leaves is offered in turn.

Candidates are numbered by their turns. From a post one reaches the posts of the zones its occupants hold: any of them
could move up there. A wish is open if a free seat is reached from its zone. What a failed search has met is full and
leads nowhere else: it is *closed*, posts and zones, until a seat inside it is left. Then what reaches that seat is
open, for one candidate: the first in the order among those who have had their turn. If he takes it, all is closed
again; if nobody does, it is open for those whose turn is to come.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.jit import inner, kernel
from engine.model.market import Ints, ShortInts

NOBODY = -1
UNWANTED = -2  # a seat that nobody takes

Mask = npt.NDArray[np.bool_]


class Wishes(NamedTuple):
    """Contracts of candidate i are ``ptr[i]:ptr[i+1]``, best first; zone and owner of each."""

    ptr: Ints
    zone: ShortInts
    owner: Ints


class Zones(NamedTuple):
    """Posts of zone z are ``post[ptr[z]:ptr[z+1]]``, its contracts ``wish[first[z]:first[z+1]]``, by turn.

    Zones of post p are ``of_post[post_ptr[p]:post_ptr[p+1]]``.
    """

    ptr: Ints
    post: ShortInts
    first: Ints
    wish: Ints
    post_ptr: Ints
    of_post: ShortInts


class State(NamedTuple):
    """What changes.

    Of each candidate: ``bound``, the contract he holds, or the end of his list; his post; and his neighbours in two
    lists of those who hold a zone of several posts: the guests of each post, the members of each zone. Of each post its
    free seats, and whether it is closed; of each zone, too, and ``head``, its first contract that somebody may still
    want. The rest is room for searches: when a post or a zone was last met (``clock`` of the caller), who moves from a
    post and where to, what was met.
    """

    bound: Ints
    post: ShortInts
    free: Ints
    head: Ints
    guest: Ints
    next_guest: Ints
    last_guest: Ints
    member: Ints
    next_member: Ints
    last_member: Ints
    post_closed: Mask
    zone_closed: Mask
    post_met: Ints
    zone_met: Ints
    mover: Ints
    toward: ShortInts
    posts: ShortInts
    zones: ShortInts


@kernel
def serve(wishes: Wishes, zones: Zones, state: State) -> tuple[int, int]:
    """Serve everybody; what each holds in the end is in ``state``.

    Returns
    -------
    moved : int, how often somebody took something better
    offered : int, seats left that were taken again
    """
    clock, moved, offered = 0, 0, 0
    for i in range(len(wishes.ptr) - 1):
        c, seat = wishes.ptr[i], NOBODY
        while c < state.bound[i] and seat == NOBODY:
            clock += 1
            seat = _find_seat(wishes.zone[c], clock, wishes, zones, state)
            c += 1
        if seat == NOBODY:
            continue
        left = _move(i, c - 1, _make_room(seat, wishes, zones, state), wishes, zones, state)
        moved += 1
        while left >= 0 and state.post_closed[left]:
            clock += 1
            left = _offer(left, i, clock, wishes, zones, state)
            offered += left != UNWANTED
    return moved + offered, offered


@inner
def _find_seat(zone: int, clock: int, wishes: Wishes, zones: Zones, state: State) -> int:
    """A post with a free seat reached from a zone, or nobody; then everything met is closed.

    ``mover`` and ``toward`` tell the way: who moves to each post met (nobody: the newcomer), and from where.
    """
    if state.zone_closed[zone]:
        return NOBODY
    num_posts, num_zones, begin, by = 0, 0, 0, NOBODY
    while True:
        if state.zone_met[zone] != clock:
            state.zone_met[zone] = clock
            state.zones[num_zones] = zone
            num_zones += 1
            for p in zones.post[zones.ptr[zone] : zones.ptr[zone + 1]]:
                if state.post_closed[p] or state.post_met[p] == clock:
                    continue
                state.post_met[p] = clock
                state.mover[p] = by
                if state.free[p] > 0:
                    return int(p)
                state.posts[num_posts] = p
                num_posts += 1
        by = state.next_guest[by] if by != NOBODY else NOBODY
        while by == NOBODY and begin < num_posts:
            by = state.guest[state.posts[begin]]
            begin += 1
        if by == NOBODY:
            break
        zone = wishes.zone[state.bound[by]]
    for k in range(num_posts):
        state.post_closed[state.posts[k]] = True
    for k in range(num_zones):
        state.zone_closed[state.zones[k]] = True
    return NOBODY


@inner
def _make_room(seat: int, wishes: Wishes, zones: Zones, state: State) -> int:
    """Move those on the way of a search up to a free seat; the post that is free for the newcomer then."""
    while state.mover[seat] != NOBODY:
        i = state.mover[seat]
        left = state.post[i]
        _unseat(i, wishes, zones, state)
        _seat(i, seat, wishes, zones, state)
        seat = left
    return seat


@inner
def _offer(left: int, turn: int, clock: int, wishes: Wishes, zones: Zones, state: State) -> int:
    """Offer a seat left on a closed post to the first of those who have had their turn and can be served with it.

    Returns
    -------
    int
        The post that he leaves, nobody if he had none; or that the seat is unwanted.
    """
    state.post_met[left], state.toward[left], state.posts[0] = clock, NOBODY, left
    num_posts, num_zones, begin, first = 1, 0, 0, turn + 1
    while begin < num_posts:
        p = state.posts[begin]
        begin += 1
        for z in zones.of_post[zones.post_ptr[p] : zones.post_ptr[p + 1]]:
            if state.zone_met[z] == clock:
                continue
            state.zone_met[z] = clock
            if state.zone_closed[z]:
                state.zones[num_zones] = z
                num_zones += 1
                first = min(first, _first_in_line(z, wishes, zones, state))
            j = state.member[z]
            while j != NOBODY:
                q = state.post[j]
                if state.post_closed[q] and state.post_met[q] != clock:
                    state.post_met[q], state.mover[q], state.toward[q] = clock, j, p
                    state.posts[num_posts] = q
                    num_posts += 1
                j = state.next_member[j]
    if first <= turn:
        return _serve_with(first, left, clock, wishes, zones, state)
    for k in range(num_posts):
        state.post_closed[state.posts[k]] = False
    for k in range(num_zones):
        state.zone_closed[state.zones[k]] = False
    return UNWANTED


@inner
def _first_in_line(z: int, wishes: Wishes, zones: Zones, state: State) -> int:
    """The first candidate who would rather have a zone than what he holds; more than all if there is none."""
    while state.head[z] < zones.first[z + 1]:
        c = zones.wish[state.head[z]]
        if c < state.bound[wishes.owner[c]]:
            return int(wishes.owner[c])
        state.head[z] += 1  # he has it, or better, and will never want it again
    return len(wishes.ptr)


@inner
def _serve_with(i: int, left: int, clock: int, wishes: Wishes, zones: Zones, state: State) -> int:
    """The best wish of a candidate that leads to the seat left; those on the way move up."""
    c = wishes.ptr[i]
    while not (state.zone_closed[wishes.zone[c]] and state.zone_met[wishes.zone[c]] == clock):
        c += 1
    zone = wishes.zone[c]
    goal = NOBODY
    for p in zones.post[zones.ptr[zone] : zones.ptr[zone + 1]]:
        if state.post_met[p] == clock and goal == NOBODY:
            goal = p
    if goal != left:
        _shift_up(goal, left, wishes, zones, state)
    return _move(i, c, goal, wishes, zones, state)


@inner
def _shift_up(goal: int, left: int, wishes: Wishes, zones: Zones, state: State) -> None:
    """Everybody on the way from a post to the seat left moves one post further; the post has a free seat then."""
    p, i = goal, state.mover[goal]
    while p != left:
        q = state.toward[p]
        after = state.mover[q] if q != left else NOBODY
        _unseat(i, wishes, zones, state)
        _seat(i, q, wishes, zones, state)
        p, i = q, after


@inner
def _move(i: int, c: int, goal: int, wishes: Wishes, zones: Zones, state: State) -> int:
    """A candidate takes a contract and a free seat; the post he leaves, or nobody."""
    left = state.post[i]
    if left != NOBODY:
        _unseat(i, wishes, zones, state)
        _leave_zone(i, wishes, zones, state)
    state.bound[i] = c
    _enter_zone(i, wishes, zones, state)
    _seat(i, goal, wishes, zones, state)
    return int(left)


@inner
def _seat(i: int, p: int, wishes: Wishes, zones: Zones, state: State) -> None:
    state.post[i] = p
    state.free[p] -= 1
    if _could_move_up(i, wishes, zones, state):
        _insert(i, p, state.guest, state.next_guest, state.last_guest)


@inner
def _unseat(i: int, wishes: Wishes, zones: Zones, state: State) -> None:
    p = state.post[i]
    state.free[p] += 1
    if _could_move_up(i, wishes, zones, state):
        _remove(i, p, state.guest, state.next_guest, state.last_guest)


@inner
def _enter_zone(i: int, wishes: Wishes, zones: Zones, state: State) -> None:
    if _could_move_up(i, wishes, zones, state):
        _insert(i, wishes.zone[state.bound[i]], state.member, state.next_member, state.last_member)


@inner
def _leave_zone(i: int, wishes: Wishes, zones: Zones, state: State) -> None:
    if _could_move_up(i, wishes, zones, state):
        _remove(i, wishes.zone[state.bound[i]], state.member, state.next_member, state.last_member)


@inner
def _could_move_up(i: int, wishes: Wishes, zones: Zones, state: State) -> bool:
    """Whether the zone he holds has several posts. The lists hold such candidates only."""
    zone = wishes.zone[state.bound[i]]
    return bool(zones.ptr[zone + 1] - zones.ptr[zone] > 1)


@inner
def _insert(i: int, k: int, head: Ints, after: Ints, before: Ints) -> None:
    """Put a candidate at the head of list k."""
    after[i], before[i] = head[k], NOBODY
    if head[k] != NOBODY:
        before[head[k]] = i
    head[k] = i


@inner
def _remove(i: int, k: int, head: Ints, after: Ints, before: Ints) -> None:
    if before[i] == NOBODY:
        head[k] = after[i]
    else:
        after[before[i]] = after[i]
    if after[i] != NOBODY:
        before[after[i]] = before[i]
