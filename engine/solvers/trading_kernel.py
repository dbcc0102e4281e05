"""Trading cycles in rounds: everybody points to the best seat open to him, the cycles are carried out, and so on.

A seat is held by somebody, or vacant. The vacant seats of a post, v of them, belong for the round to those of the v
strongest contracts for it: who points to the post himself takes one, and everybody else who does points to the
strongest. Who trades a vacant seat away takes another, and leaves his own vacant. Who finds nothing better that is open
waits, and his seat with him, until a seat he wants falls vacant or its holder points elsewhere again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.jit import inner, kernel
from engine.model.market import Ints, ShortInts

POINTS, WAITS, DONE = 0, 1, 2  # what becomes of a candidate
NOBODY = -1
STALE = -2  # an answer to be found anew

Mask = npt.NDArray[np.bool_]


class Wishes(NamedTuple):
    """Wishes of candidate i are ``ptr[i]:end[i]``, best first, his stay left out; zone, priority and owner of each.

    ``waits`` (bool[n]): candidates who wait for a seat that falls free, to be closed or theirs by a decision.
    """

    ptr: Ints
    end: Ints
    zone: ShortInts
    priority: Ints
    owner: Ints
    waits: Mask


class Zones(NamedTuple):
    """Posts of zone z are ``post[ptr[z]:ptr[z+1]]``, and its contracts ``wish[first[z]:first[z+1]]``, strongest first.

    Zones of post p are ``of_post[post_ptr[p]:post_ptr[p+1]]``.
    """

    ptr: Ints
    post: ShortInts
    first: Ints
    wish: Ints
    post_ptr: Ints
    of_post: ShortInts


class Holders(NamedTuple):
    """Holders of post p are ``who[ptr[p]:ptr[p+1]]``, weakest first; home of each candidate (-1), and his standing."""

    ptr: Ints
    who: Ints
    home: ShortInts
    standing: Ints


class State(NamedTuple):
    """What changes.

    Of each candidate: what he is, the first wish that may be open to him, the wish and the post he points to, and
    through whom (-1 for a vacant seat). Of each post: how many wishes of those who wait cover it; its vacant seats; in
    this round, the holder pointed to there, the owner of a vacant seat who is pointed to, and the priority from which
    on one owns a seat himself. Of each zone: its strongest contract whose candidate may still move. Room for lists of
    candidates and of priorities.
    """

    status: ShortInts
    cursor: Ints
    wish: Ints
    post: ShortInts
    through: Ints
    waited_for: ShortInts
    vacant: ShortInts
    holder: Ints
    owner: Ints
    own_from: Ints
    head: Ints
    queue: ShortInts
    strongest: Ints


class Members(NamedTuple):
    """Candidates of block b are ``people[ptr[b]:ptr[b+1]]``, its posts ``posts[post_ptr[b]:post_ptr[b+1]]``."""

    ptr: Ints
    people: Ints
    post_ptr: Ints
    posts: Ints


@kernel
def trading_cycles(
    members: Members, wishes: Wishes, zones: Zones, holders: Holders, state: State, over_weaker: bool
) -> tuple[int, int]:
    """Carry out all rounds, block by block; the outcome is the wish and the post in ``state`` of those who are done.

    Parameters
    ----------
    over_weaker : bool
        Whether a wish must be stronger than the standing of the holder it would replace (`exchange`), or not (`trade`).

    Returns
    -------
    rounds : int, in the block that took most
    cycles : int
    """
    next_one, met = np.full(len(wishes.end), NOBODY), np.zeros(len(wishes.end), np.int64)
    most_rounds, cycles = 0, 0
    for b in range(len(members.ptr) - 1):
        people = members.people[members.ptr[b] : members.ptr[b + 1]]
        posts = members.posts[members.post_ptr[b] : members.post_ptr[b + 1]]
        rounds, found = 0, 1
        while found > 0:  # nobody points when there is no cycle
            while _point(people, posts, wishes, zones, holders, state, over_weaker):
                pass
            for i in people:
                met[i] = 0
                next_one[i] = _next(i, wishes, zones, state) if state.status[i] == POINTS else NOBODY
            found = _carry_out_all(people, next_one, met, wishes, zones, holders, state)
            rounds += found > 0
            cycles += found
        most_rounds = max(most_rounds, rounds)
    return most_rounds, cycles


@inner
def _point(
    people: Ints, posts: Ints, wishes: Wishes, zones: Zones, holders: Holders, state: State, over_weaker: bool
) -> bool:
    """Let everybody who may still move point; whether somebody has come to wait, so that others must point anew."""
    end, zone, priority, home, standing = wishes.end, wishes.zone, wishes.priority, holders.home, holders.standing
    status, cursor, vacant, holder = state.status, state.cursor, state.vacant, state.holder
    waiting = False
    _find_holders(posts, holders, state)
    for i in people:
        if status[i] != POINTS:
            continue
        p, through = NOBODY, NOBODY
        while cursor[i] < end[i]:
            c = cursor[i]
            first, last = zones.ptr[zone[c]], zones.ptr[zone[c] + 1]
            for q in zones.post[first:last]:
                if vacant[q] > 0:
                    p = q
                    break
            if p == NOBODY:
                for q in zones.post[first:last]:
                    j = holder[q]
                    if j != NOBODY and q != home[i] and (not over_weaker or standing[j] < priority[c]):
                        p, through = q, j
                        break
            if p != NOBODY:
                break
            cursor[i] += 1
        state.wish[i], state.post[i], state.through[i] = cursor[i], p, through
        if p == NOBODY:
            status[i], waiting = WAITS, True
    return waiting


@inner
def _find_holders(posts: Ints, holders: Holders, state: State) -> None:
    """The weakest holder of each post who points somewhere, or nobody; owners of vacant seats are to be found anew."""
    for p in posts:
        state.holder[p], state.owner[p] = NOBODY, STALE
        if state.waited_for[p] > 0:
            continue
        for j in holders.who[holders.ptr[p] : holders.ptr[p + 1]]:
            if state.status[j] == POINTS:
                state.holder[p] = j
                break


@inner
def _next(i: int, wishes: Wishes, zones: Zones, state: State) -> int:
    """Who has the seat a candidate points to: a holder, he himself, or the strongest owner of a vacant one."""
    if state.through[i] != NOBODY:
        return int(state.through[i])
    p = state.post[i]
    if state.owner[p] == STALE:
        _find_owners(p, wishes, zones, state)
    return i if wishes.priority[state.wish[i]] >= state.own_from[p] else int(state.owner[p])


@inner
def _find_owners(p: int, wishes: Wishes, zones: Zones, state: State) -> None:
    """The strongest contracts for a post, as many as it has vacant seats, of candidates who may still move."""
    num_seats, found, best = state.vacant[p], 0, NOBODY
    for e in range(zones.post_ptr[p], zones.post_ptr[p + 1]):
        z = zones.of_post[e]
        while state.head[z] < zones.first[z + 1] and state.status[wishes.owner[zones.wish[state.head[z]]]] == DONE:
            state.head[z] += 1
        k, taken = state.head[z], 0
        while k < zones.first[z + 1] and taken < num_seats:
            c = zones.wish[k]
            k += 1
            if state.status[wishes.owner[c]] == DONE:
                continue
            if best == NOBODY or wishes.priority[c] > wishes.priority[best]:
                best = c
            state.strongest[found] = wishes.priority[c]
            found, taken = found + 1, taken + 1
    state.owner[p] = wishes.owner[best]
    state.own_from[p] = wishes.priority[best]
    if num_seats > 1:
        listed = np.sort(state.strongest[:found])
        state.own_from[p] = listed[max(found - num_seats, 0)]


@inner
def _carry_out_all(
    people: Ints, next_one: Ints, met: Ints, wishes: Wishes, zones: Zones, holders: Holders, state: State
) -> int:
    """Carry out the cycles of a round; return how many there are. Everybody is walked through once."""
    walk, found = 0, 0
    for start in people:
        first, i = walk + 1, start
        while i != NOBODY and met[i] == 0:
            walk += 1
            met[i] = walk
            i = next_one[i]
        if i != NOBODY and met[i] >= first:
            found += 1
            _carry_out(i, next_one, wishes, zones, holders, state)
    return found


@inner
def _carry_out(start: int, next_one: Ints, wishes: Wishes, zones: Zones, holders: Holders, state: State) -> None:
    """Everybody on a cycle takes the seat he points to; an owner of a vacant seat leaves his own."""
    i = start
    while True:
        state.status[i] = DONE
        i = next_one[i]
        if i == start:
            break
    while True:
        after = next_one[i]
        if state.through[i] == NOBODY:
            state.vacant[state.post[i]] -= 1
            if holders.home[after] >= 0:
                state.vacant[holders.home[after]] += 1
                if state.vacant[holders.home[after]] == 1:
                    _tell(holders.home[after], wishes, zones, holders, state)
        if wishes.waits[i]:
            _waits_no_longer(i, wishes, zones, holders, state)
        i = after
        if i == start:
            return


@inner
def _waits_no_longer(i: int, wishes: Wishes, zones: Zones, holders: Holders, state: State) -> None:
    """Holders of the posts that somebody waited for may be pointed to again, unless others wait for them."""
    for c in range(wishes.ptr[i], wishes.end[i]):
        for p in zones.post[zones.ptr[wishes.zone[c]] : zones.ptr[wishes.zone[c] + 1]]:
            state.waited_for[p] -= 1
            if state.waited_for[p] == 0:
                _tell(p, wishes, zones, holders, state)


@inner
def _tell(opened: int, wishes: Wishes, zones: Zones, holders: Holders, state: State) -> None:
    """All who want a post that has opened, and would rather have it than what they point to, consider it again.

    Who waited until now points again, so that the seat he holds is open, too.
    """
    state.queue[0] = opened
    begin, end = 0, 1
    while begin < end:
        p = state.queue[begin]
        begin += 1
        for e in range(zones.post_ptr[p], zones.post_ptr[p + 1]):
            z = zones.of_post[e]
            for k in range(zones.first[z], zones.first[z + 1]):
                c = zones.wish[k]
                i = wishes.owner[c]
                if state.status[i] == DONE or state.cursor[i] <= c:
                    continue
                state.cursor[i] = c
                if state.status[i] == WAITS:
                    state.status[i] = POINTS
                    if holders.home[i] >= 0:
                        state.queue[end] = holders.home[i]
                        end += 1
