"""Deferred acceptance where every zone is a single post: proposals in rounds, a heap of seats per full post.

What limits a large run is not comparisons but waiting for memory. In rounds it is known ahead which wishes and which
seats are read next, so they are fetched while others are worked on. The outcome does not depend on the order of the
proposals (Gale and Shapley 1962; McVitie and Wilson 1971), and neither do the counts: which candidates are left over at
the end of a round depends on the set of proposals alone.
"""

from __future__ import annotations

import numpy as np

from engine.jit import kernel, prefetch
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


def deferred_acceptance(
    wish_ptr: Ints, wish_zone: ShortInts, wish_priority: Ints, zone_post: ShortInts, seats: ShortInts
) -> tuple[Ints, int, int]:
    """The stable outcome that is best for every candidate.

    Parameters
    ----------
    wish_ptr, wish_zone, wish_priority, seats
        As in `Market`; priorities are strict within a post. Fewer than 2**31 candidates.
    zone_post : int32[z]
        The post of each zone.

    Returns
    -------
    held : int64[n]
        The contract each candidate ends with, or -1.
    rounds : int
    displacements : int
        How often a candidate who had come to the seats of a post gave way to stronger ones, in that round or later.
    """
    n, m = len(wish_ptr) - 1, len(seats)
    # The contract each candidate holds or last asked for; it only moves forward, so it also says what is left.
    held = wish_ptr[:n] - 1
    # The candidates without a seat. Each pass reads it at or before the place where it writes: one array does for both.
    free = np.arange(n, dtype=np.int32)
    # What each candidate in front of `free` asks for: post and priority, read in order instead of through his contract.
    asked_post = np.empty(n, dtype=np.int32)
    asked_priority = np.empty(n, dtype=np.int64)
    # The seats of post p are seat_ptr[p]:seat_ptr[p+1]; those up to taken[p] are taken. Where posts declare more seats
    # than there are contracts, none gets more than contracts name it: seats never take more memory than the wishes.
    # Not counted elsewhere, because counting takes a tenth of the whole run.
    if seats.sum(dtype=np.int64) > len(wish_zone):
        seats = np.minimum(seats, _count_wanted(wish_zone, zone_post, m))
    seat_ptr = np.concatenate([[0], np.cumsum(seats, dtype=np.int64)])
    taken = seat_ptr[:m].copy()
    # Who sits there, with his priority: a heap, weakest first, as soon as the post is full; in order of arrival before.
    seat_priority = np.empty(seat_ptr[m], dtype=np.int64)
    seat_candidate = np.empty(seat_ptr[m], dtype=np.int32)
    # The weakest priority in a full post. It never falls, so what it refuses once it refuses for ever.
    cutoff = np.where(seats > 0, OPEN, CLOSED)

    wishes = wish_ptr, wish_zone, wish_priority, zone_post
    posts = seat_ptr, taken, seat_priority, seat_candidate, cutoff
    rounds, displacements = _run_rounds(held, free, asked_post, asked_priority, wishes, posts)
    held[held == wish_ptr[1:]] = -1
    return held, rounds, displacements


@kernel
def _run_rounds(held, free, asked_post, asked_priority, wishes, posts):
    wish_ptr, wish_zone, wish_priority, zone_post = wishes
    seat_ptr, taken, seat_priority, seat_candidate, cutoff = posts
    num_free, rounds, displacements = len(free), 0, 0
    while num_free:  # ends: in each round every free candidate moves on along his list, or leaves
        num_asking = _ask(
            free, num_free, held, wish_ptr, wish_zone, wish_priority, zone_post, cutoff, asked_post, asked_priority
        )
        num_free = _seat(
            free, num_asking, asked_post, asked_priority, seat_ptr, taken, seat_priority, seat_candidate, cutoff
        )
        rounds += 1
        displacements += num_free
    return rounds, displacements


@kernel
def _count_wanted(wish_zone: ShortInts, zone_post: ShortInts, num_posts: int) -> ShortInts:
    """How many contracts name each post."""
    wanted = np.zeros(num_posts, np.int64)
    for zone in wish_zone:
        wanted[zone_post[zone]] += 1
    return wanted


@kernel
def _ask(
    free: ShortInts,
    num_free: int,
    held: Ints,
    wish_ptr: Ints,
    wish_zone: ShortInts,
    wish_priority: Ints,
    zone_post: ShortInts,
    cutoff: Ints,
    asked_post: ShortInts,
    asked_priority: Ints,
) -> int:
    """Move every free candidate on to his next contract that no cutoff refuses; return how many found one.

    They are gathered in front of `free`, beside what they ask for. Those at the end of their lists drop out.
    """
    num_asking = 0
    for t in range(num_free):
        if t + FAR_AHEAD < num_free:
            i = free[t + FAR_AHEAD]
            prefetch(held, i)
            prefetch(wish_ptr, i + 1)
        if t + AHEAD < num_free:
            c = held[free[t + AHEAD]] + 1
            for line in range(0, FETCHED_WISHES, 8):
                prefetch(wish_priority, c + line)
            for line in range(0, FETCHED_WISHES, 16):
                prefetch(wish_zone, c + line)
        i = free[t]
        c, end = held[i] + 1, wish_ptr[i + 1]
        while c < end and wish_priority[c] < cutoff[zone_post[wish_zone[c]]]:
            c += 1
        held[i] = c
        if c < end:
            free[num_asking] = i
            asked_post[num_asking] = zone_post[wish_zone[c]]
            asked_priority[num_asking] = wish_priority[c]
            num_asking += 1
    return num_asking


@kernel
def _seat(
    free: ShortInts,
    num_asking: int,
    asked_post: ShortInts,
    asked_priority: Ints,
    seat_ptr: Ints,
    taken: Ints,
    seat_priority: Ints,
    seat_candidate: ShortInts,
    cutoff: Ints,
) -> int:
    """Seat those who ask, the weakest of a full post giving way; return how many are left over.

    They are gathered in front of `free`.
    """
    num_free = 0
    for t in range(num_asking):
        if t + AHEAD < num_asking:
            p = asked_post[t + AHEAD]
            first, last = seat_ptr[p], min(seat_ptr[p + 1], seat_ptr[p] + FETCHED_SEATS)
            for seat in range(first, last, 8):
                prefetch(seat_priority, seat)
            for seat in range(first, last, 16):
                prefetch(seat_candidate, seat)
        i, p, priority = free[t], asked_post[t], asked_priority[t]
        first, last = seat_ptr[p], seat_ptr[p + 1]
        if taken[p] < last:
            seat_priority[taken[p]] = priority
            seat_candidate[taken[p]] = i
            taken[p] += 1
            if taken[p] == last:
                _build_heap(seat_priority[first:last], seat_candidate[first:last])
                cutoff[p] = seat_priority[first]
        elif first == last or priority < seat_priority[first]:
            free[num_free] = i
            num_free += 1
        else:
            free[num_free] = seat_candidate[first]
            num_free += 1
            _sink(seat_priority[first:last], seat_candidate[first:last], 0, priority, i)
            cutoff[p] = seat_priority[first]
    return num_free


@kernel
def _build_heap(priorities: Ints, candidates: ShortInts) -> None:
    for place in range(len(priorities) // 2 - 1, -1, -1):
        _sink(priorities, candidates, place, priorities[place], candidates[place])


@kernel
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
