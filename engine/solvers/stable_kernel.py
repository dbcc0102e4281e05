"""Deferred acceptance where every zone is a single post: proposals in rounds, a heap of seats per full post.

What limits a large run is not comparisons but waiting for memory. In rounds it is known ahead which wishes and which
seats are read next, so they are fetched while others are worked on. The outcome does not depend on the order of the
proposals (Gale and Shapley 1962; McVitie and Wilson 1971, recalled), and neither do the counts: who is left over at the
end of a round depends on the set of proposals alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.jit import inner, kernel, prefetch
from engine.model.market import Ints, ShortInts

OPEN = np.iinfo(np.int64).min  # cutoff of a post with a free seat: it refuses nobody
CLOSED = np.iinfo(np.int64).max  # cutoff of a post without seats

# Distances and lengths of what is fetched ahead, in entries; a line of the cache holds 8 int64 or 16 int32. Measured at
# 1 million candidates x 20 wishes: half or twice the distance makes no difference; the first line alone of each list
# and heap doubles the time, nothing of them makes it three times as long.
AHEAD = 16
FAR_AHEAD = 32
FETCHED_WISHES = 24
FETCHED_SEATS = 32


class Wishes(NamedTuple):
    """The market as the kernel reads it: `Market.wish_ptr`, `wish_zone`, `wish_priority`, and the post of each zone."""

    ptr: Ints
    zone: ShortInts
    priority: Ints
    zone_post: ShortInts


class Free(NamedTuple):
    """Candidates without a seat, int32[n], and what those in front ask for: post, int32[n], and priority, int64[n].

    A round reads them at or before the place where it writes, so one array serves those who come and those who go.
    Post and priority are kept because they are then read in order, not through each candidate's contract.
    """

    candidate: ShortInts
    post: ShortInts
    priority: Ints


class Seats(NamedTuple):
    """Who sits where: seats of post p are ``ptr[p]:ptr[p+1]``, and those up to ``taken[p]`` are taken.

    Priority (int64) and candidate (int32) of each seat are a heap, weakest first, from the moment the post is full; in
    order of arrival before. ``cutoff`` (int64[m]) is the weakest priority of a full post. It never falls, so what it
    refuses once it refuses for ever.
    """

    ptr: Ints
    taken: Ints
    priority: Ints
    candidate: ShortInts
    cutoff: Ints


def deferred_acceptance(wishes: Wishes, seats: ShortInts) -> tuple[Ints, int, int]:
    """The stable outcome that is best for every candidate.

    Parameters
    ----------
    wishes : Wishes
        Priorities are strict within a post. Fewer than 2**31 candidates.
    seats : int32[m]

    Returns
    -------
    held : int64[n]
        The contract each candidate ends with, or -1.
    rounds : int
    displacements : int
        How often a candidate who had come to the seats of a post gave way to stronger ones, in that round or later.
    """
    n = len(wishes.ptr) - 1
    # The contract each candidate holds or last asked for; it only moves forward, so it also says what is left.
    held = wishes.ptr[:n] - 1
    free = Free(np.arange(n, dtype=np.int32), np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int64))
    rounds, displacements = _run_rounds(held, free, wishes, _empty_seats(wishes, seats))
    held[held == wishes.ptr[1:]] = -1
    return held, rounds, displacements


def _empty_seats(wishes: Wishes, seats: ShortInts) -> Seats:
    room = seats.astype(np.int64)
    # Where posts declare more seats than there are contracts, none needs more than contracts name it: seats never take
    # more memory than wishes. Elsewhere they are not counted, which would take a tenth of the whole run.
    if room.sum() > len(wishes.zone):
        room = np.minimum(room, _count_wanted(wishes.zone, wishes.zone_post, len(seats)))
    ptr = np.concatenate([[0], np.cumsum(room)])
    cutoff = np.where(room > 0, OPEN, CLOSED)
    return Seats(ptr, ptr[:-1].copy(), np.empty(ptr[-1], dtype=np.int64), np.empty(ptr[-1], dtype=np.int32), cutoff)


@kernel
def _count_wanted(wish_zone: ShortInts, zone_post: ShortInts, num_posts: int) -> Ints:
    """int64[m]: how many contracts name each post."""
    wanted = np.zeros(num_posts, np.int64)
    for zone in wish_zone:
        wanted[zone_post[zone]] += 1
    return wanted


@kernel
def _run_rounds(held: Ints, free: Free, wishes: Wishes, seats: Seats) -> tuple[int, int]:
    num_free, rounds, displacements = len(held), 0, 0
    while num_free > 0:  # ends: in each round every free candidate moves on along his list, or drops out
        num_asking = _ask(held, free, num_free, wishes, seats.cutoff)
        num_free = _seat(free, num_asking, seats)
        rounds += 1
        displacements += num_free
    return rounds, displacements


@inner
def _ask(held: Ints, free: Free, num_free: int, wishes: Wishes, cutoff: Ints) -> int:
    """Move every free candidate on to his next contract that no cutoff refuses; return how many found one.

    They are gathered in front, beside what they ask for. Those at the end of their lists drop out.
    """
    num_asking = 0
    for t in range(num_free):
        if t + FAR_AHEAD < num_free:
            i = free.candidate[t + FAR_AHEAD]
            prefetch(held, i)
            prefetch(wishes.ptr, i + 1)
        if t + AHEAD < num_free:
            c = held[free.candidate[t + AHEAD]] + 1
            for line in range(0, FETCHED_WISHES, 8):
                prefetch(wishes.priority, c + line)
            for line in range(0, FETCHED_WISHES, 16):
                prefetch(wishes.zone, c + line)
        i = free.candidate[t]
        c, end = held[i] + 1, wishes.ptr[i + 1]
        while c < end and wishes.priority[c] < cutoff[wishes.zone_post[wishes.zone[c]]]:
            c += 1
        held[i] = c
        if c < end:
            free.candidate[num_asking] = i
            free.post[num_asking] = wishes.zone_post[wishes.zone[c]]
            free.priority[num_asking] = wishes.priority[c]
            num_asking += 1
    return num_asking


@inner
def _seat(free: Free, num_asking: int, seats: Seats) -> int:
    """Seat those who ask, the weakest of a full post giving way; return how many are left over, gathered in front."""
    num_free = 0
    for t in range(num_asking):
        if t + AHEAD < num_asking:
            p = free.post[t + AHEAD]
            first, last = seats.ptr[p], min(seats.ptr[p + 1], seats.ptr[p] + FETCHED_SEATS)
            for seat in range(first, last, 8):
                prefetch(seats.priority, seat)
            for seat in range(first, last, 16):
                prefetch(seats.candidate, seat)
        i, p, priority = free.candidate[t], free.post[t], free.priority[t]
        first, last = seats.ptr[p], seats.ptr[p + 1]
        if seats.taken[p] < last:
            seats.priority[seats.taken[p]] = priority
            seats.candidate[seats.taken[p]] = i
            seats.taken[p] += 1
            if seats.taken[p] == last:
                _build_heap(seats.priority[first:last], seats.candidate[first:last])
                seats.cutoff[p] = seats.priority[first]
            continue
        refused = i
        if first < last and priority > seats.priority[first]:
            refused = seats.candidate[first]
            _sink(seats.priority[first:last], seats.candidate[first:last], 0, priority, i)
            seats.cutoff[p] = seats.priority[first]
        free.candidate[num_free] = refused
        num_free += 1
    return num_free


@inner
def _build_heap(priorities: Ints, candidates: ShortInts) -> None:
    for place in range(len(priorities) // 2 - 1, -1, -1):
        _sink(priorities, candidates, place, priorities[place], candidates[place])


@inner
def _sink(priorities: Ints, candidates: ShortInts, place: int, priority: int, candidate: int) -> None:
    """Put a candidate at a place of the heap, or below it: weaker ones rise."""
    size = len(priorities)
    child = 2 * place + 1
    while child < size:
        if child + 1 < size:
            child += priorities[child + 1] < priorities[child]
        if priorities[child] >= priority:
            break
        priorities[place] = priorities[child]
        candidates[place] = candidates[child]
        place, child = child, 2 * child + 1
    priorities[place] = priority
    candidates[place] = candidate
