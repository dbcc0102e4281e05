"""Deferred acceptance over zones that may overlap at will: walks over zones and posts, in rounds.

Contracts of one zone can sit on the same seats, so it is enough to know how many of them sit on each post of the zone;
which ones is decided at the end. A *walk* goes from a zone to its posts and from a post to the zones that have
contracts there; whatever it meets can make room for its start by moving one contract of each zone on its way to the
next post. Zones are the nodes, not contracts, so a walk meets each zone and each post once, however many sit there.

Four facts carry the kernel.

1. A post from which no free seat can be reached is *closed*, and for ever. No way to a free seat enters what such a
   post reaches, so those seats stay taken; and when a contract from outside comes to sit there, no free seat could be
   reached from its zone either.
2. The choice keeps a contract unless the stronger ones it keeps fill every seat that the contract could be given.
   Proposals only accumulate, so what is filled by stronger ones only grows: what is refused once is refused for ever.
   The cutoff of a post (the weakest contract it reaches; refused is what is weaker) never falls, and a cutoff kept
   from an earlier round still refuses rightly. The cutoff of a zone is the lowest of its posts.
3. All contracts of a zone that a walk meets are within reach, and they differ by nothing but priority. The one to go
   is the weakest of its zone, so a heap per zone is all the order there is.
4. When a round has asked for more seats than closed posts have, the choice from all contracts held and asked is found
   by going from the weakest upwards: a contract can go, and the others still fill every seat, if a zone with contracts
   in excess reaches its zone (the best independent set of a matroid, by deletion). If no such zone does, the contract
   stays; so do the contracts of all zones that reach it, since whoever reached those would reach it as well. None of
   these zones, which are *settled*, is met again in that round, so all walks that fail in a round together meet each
   zone once.

After a round, the posts of settled zones have the weakest contract they reach as their cutoff. The others reach no
settled zone, so the weakest contract outside settled zones is a lower bound of theirs.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.jit import inner, kernel
from engine.model.market import Ints, ShortInts

OPEN = np.iinfo(np.int64).min  # cutoff of a post that may still reach a free seat
FULL = OPEN + 1  # cutoff of a closed post of which no more is known: below every priority but the lowest of all
CLOSED = np.iinfo(np.int64).max  # cutoff of a post without seats

Records = np.recarray[Any, np.dtype[Any]]

# An *entry* is a pair of a zone and one of its posts; entries are numbered zone by zone, as in `Market.zone_post`.
# What is read together lies together: a record is one or two lines of the cache. Helpers that are called for every
# proposal take arrays one by one: for a tuple of arrays, numba counts references at every call.
ZONE = np.dtype(
    [
        ("first", np.int32),  # its entries are first:end
        ("end", np.int32),
        ("used", np.int32),  # how many of them have contracts; these are in front in `zone_entries`
        ("next_free", np.int32),  # posts of the entries before this one have no free seat
        ("next_open", np.int32),  # posts of the entries before this one are closed
        ("by", np.int32),  # the entry by which the last walk met it
        ("held", np.int32),  # how many contracts it holds, seated or in excess
        ("excess", np.int32),  # how many of them have no seat yet
        ("turn", np.int32),  # where the next walk backward begins among its used entries
        ("heap", np.int64),  # where the heap of its contracts begins
        ("cutoff", np.int64),  # no contract below it enters
        ("looked", np.int64),  # the round in which the cutoffs of its posts were last looked at
        ("reached", np.int64),  # the last walk forward that met it; none once it is settled
        ("reaching", np.int64),  # the last walk backward that met it
        ("dry", np.int64),  # the last walk forward for which no zone in excess covers any seat of its contracts
    ],
    align=True,
)
POST = np.dtype(
    [
        ("first", np.int32),  # its entries are first:end in `post_entries`
        ("end", np.int32),
        ("used", np.int32),  # how many of them have contracts; these are in front
        ("by", np.int32),  # the entry by which the last walk met it
        ("free", np.int32),  # free seats
        ("sources", np.int32),  # zones with contracts in excess that cover it
        ("cutoff", np.int64),
        ("reached", np.int64),
        ("reaching", np.int64),
    ],
    align=True,
)
ENTRY = np.dtype(
    [
        ("zone", np.int32),
        ("post", np.int32),
        ("count", np.int32),  # contracts of the zone seated at the post
        ("in_zone", np.int32),  # where it stands in `zone_entries`
        ("in_post", np.int32),  # where it stands in `post_entries`
    ],
    align=True,
)
CONTRACT = np.dtype([("priority", np.int64), ("candidate", np.int32)], align=True)
TOP = np.dtype([("priority", np.int64), ("zone", np.int32)], align=True)


class Wishes(NamedTuple):
    """Wishes as the kernel reads them: `Market.wish_ptr`, `wish_zone`, `wish_priority`."""

    ptr: Ints
    zone: ShortInts
    priority: Ints


class Seating(NamedTuple):
    """How many contracts of each zone sit where; changed in place.

    ``zones``, ``posts``, ``entries``: records, see above. ``zone_post`` (int32[]): the post of each entry again, to be
    read in order. ``zone_entries``, ``post_entries`` (int32[]): the entries of each zone and of each post, those with
    contracts in front.
    """

    zones: Records
    posts: Records
    entries: Records
    zone_post: ShortInts
    zone_entries: ShortInts
    post_entries: ShortInts


class Scratch(NamedTuple):
    """What a round writes down.

    ``sources`` (int32[z]): zones with contracts in excess. ``tops``: a heap of zones, as long as there are zones, the
    one with the weakest contract first. ``near_zones``, ``near_posts``, ``back_zones``, ``back_posts`` (int32, as long
    as there are zones or posts): what the last walk forward and the last one backward met. ``counters`` (int64[]).
    """

    sources: ShortInts
    tops: Records
    near_zones: ShortInts
    near_posts: ShortInts
    back_zones: ShortInts
    back_posts: ShortInts
    counters: Ints


COUNTERS = ("rounds", "walks", "entries", "displacements")
ROUNDS, WALKS, MET, DISPLACED = range(4)  # their places in `Scratch.counters`


def deferred_acceptance(
    wishes: Wishes, zone_ptr: Ints, zone_post: ShortInts, seats: ShortInts, block_ptr: Ints
) -> tuple[Ints, ShortInts, dict[str, int]]:
    """The stable outcome that is best for every candidate, and a seating of it.

    Parameters
    ----------
    wishes : Wishes
        Priorities are strict within a block. Fewer than 2**31 candidates.
    zone_ptr, zone_post : int64[z+1], int32[]
        Any zones, empty ones too. Fewer than 2**31 posts in all of them together.
    seats : int32[m]
    block_ptr : int64[b+1]
        Candidates of block b are ``block_ptr[b]:block_ptr[b+1]``; blocks share no post. Within a block they ask in this
        order, on which the seating and the counters depend, and the outcome does not.

    Returns
    -------
    held : int64[n]
        The contract each candidate ends with, or -1.
    post : int32[n]
        The post he is seated on, or -1. Of the contracts of one zone, the weakest sits last among the zone's posts.
    counters : dict
        ``rounds`` of all blocks; ``walks``, and the ``entries`` they and the look-ups of cutoffs met;
        ``displacements``, how often a candidate who was not refused by a cutoff gave way, in that round or later.
    """
    n = len(wishes.ptr) - 1
    held = wishes.ptr[:n] - 1  # the contract each candidate holds or last asked for: it only moves forward
    post = np.full(n, -1, dtype=np.int32)
    seating = _nobody_seated(wishes, zone_ptr, zone_post, seats)
    # The contracts held, a heap per zone, weakest first. No zone holds more than ask for it.
    heaps = _records(len(wishes.zone), CONTRACT)
    scratch = _scratch(len(zone_ptr) - 1, len(seats))
    _run_blocks(held, wishes, block_ptr, np.empty(n, dtype=np.int32), seating, heaps, scratch)
    _seat(post, seating, heaps)
    held[held == wishes.ptr[1:]] = -1
    return held, post, dict(zip(COUNTERS, scratch.counters.tolist(), strict=True))


def _nobody_seated(wishes: Wishes, zone_ptr: Ints, zone_post: ShortInts, seats: ShortInts) -> Seating:
    num_zones, num_posts, num_entries = len(zone_ptr) - 1, len(seats), len(zone_post)
    zones, posts, entries = _records(num_zones, ZONE), _records(num_posts, POST), _records(num_entries, ENTRY)
    zones.first, zones.end = zone_ptr[:-1], zone_ptr[1:]
    zones.next_free = zones.next_open = zones.first
    zones.cutoff = OPEN
    zones.heap[1:] = np.cumsum(np.bincount(wishes.zone, minlength=num_zones))[:-1]
    posts.end = np.cumsum(np.bincount(zone_post, minlength=num_posts))
    posts.first[1:] = posts.end[:-1]
    posts.free = seats
    posts.cutoff = np.where(seats > 0, OPEN, CLOSED)
    entries.zone = np.repeat(np.arange(num_zones, dtype=np.int32), np.diff(zone_ptr))
    entries.post = zone_post
    zone_entries = np.arange(num_entries, dtype=np.int32)
    entries.in_zone = zone_entries
    post_entries = np.empty(num_entries, dtype=np.int32)
    _list_by_post(posts, entries, post_entries)
    return Seating(zones, posts, entries, zone_post, zone_entries, post_entries)


def _scratch(num_zones: int, num_posts: int) -> Scratch:
    return Scratch(
        sources=np.empty(num_zones, dtype=np.int32),
        tops=_records(num_zones, TOP),
        near_zones=np.empty(num_zones, dtype=np.int32),
        near_posts=np.empty(num_posts, dtype=np.int32),
        back_zones=np.empty(num_zones, dtype=np.int32),
        back_posts=np.empty(num_posts, dtype=np.int32),
        counters=np.zeros(len(COUNTERS), dtype=np.int64),
    )


def _records(length: int, dtype: npt.DTypeLike) -> Records:
    return np.zeros(length, dtype).view(np.recarray)


@kernel
def _list_by_post(posts: Records, entries: Records, post_entries: ShortInts) -> None:
    for e in range(len(entries)):
        post = posts[entries[e].post]
        entries[e].in_post = post.first + post.used
        post_entries[entries[e].in_post] = e
        post.used += 1
    for p in range(len(posts)):
        posts[p].used = 0


@kernel
def _run_blocks(
    held: Ints,
    wishes: Wishes,
    block_ptr: Ints,
    free: ShortInts,
    seating: Seating,
    heaps: Records,
    scratch: Scratch,
) -> None:
    for block in range(len(block_ptr) - 1):
        num_free = block_ptr[block + 1] - block_ptr[block]
        for t in range(num_free):
            free[t] = block_ptr[block] + t
        while num_free > 0:  # ends: in each round every free candidate moves on along his list, or drops out
            scratch.counters[ROUNDS] += 1
            num_excess, num_sources = _ask(held, free[:num_free], wishes, seating, heaps, scratch)
            num_free = 0
            if num_excess > 0:
                num_free = _settle(free, num_excess, num_sources, seating, heaps, scratch)
            scratch.counters[DISPLACED] += num_free


@inner
def _ask(
    held: Ints, free: ShortInts, wishes: Wishes, seating: Seating, heaps: Records, scratch: Scratch
) -> tuple[int, int]:
    """Move every free candidate on to his next contract that no cutoff refuses, and seat it if a seat can be freed.

    Return how many contracts are in excess, and in how many zones.
    """
    zones, posts, entries, zone_post, zone_entries, post_entries = seating
    counters = scratch.counters
    num_excess, num_sources = 0, 0
    for i in free:
        c, end = held[i] + 1, wishes.ptr[i + 1]
        while c < end and _refuses(wishes.zone[c], wishes.priority[c], zones, posts, zone_post, counters):
            c += 1
        held[i] = c
        if c == end:
            continue
        z = wishes.zone[c]
        _push(z, wishes.priority[c], i, zones, heaps)
        if zones[z].cutoff == OPEN:
            if _take_free_seat(z, zones, posts, entries, zone_post, zone_entries, post_entries):
                continue
            if _free_a_seat(z, seating, scratch):
                continue
        zones[z].excess += 1
        num_excess += 1
        if zones[z].excess == 1:
            scratch.sources[num_sources] = z
            num_sources += 1
            for p in zone_post[zones[z].first : zones[z].end]:
                posts[p].sources += 1
    return num_excess, num_sources


@inner
def _refuses(z: int, priority: int, zones: Records, posts: Records, zone_post: ShortInts, counters: Ints) -> bool:
    """Whether a zone refuses a priority, as far as the cutoffs of its posts tell; each round looks at them once."""
    zone = zones[z]
    if priority >= zone.cutoff and zone.looked != counters[ROUNDS]:
        zone.looked = counters[ROUNDS]
        while zone.next_open < zone.end and posts[zone_post[zone.next_open]].cutoff > OPEN:
            zone.next_open += 1
        if zone.next_open == zone.end:
            lowest = CLOSED
            for p in zone_post[zone.first : zone.end]:
                lowest = min(lowest, posts[p].cutoff)
            zone.cutoff = lowest
            counters[MET] += zone.end - zone.first
    return bool(priority < zone.cutoff)


@inner
def _take_free_seat(
    z: int,
    zones: Records,
    posts: Records,
    entries: Records,
    zone_post: ShortInts,
    zone_entries: ShortInts,
    post_entries: ShortInts,
) -> bool:
    """Seat one more contract of a zone on a free seat of its own, if there is one. A full post never has one again."""
    zone = zones[z]
    while zone.next_free < zone.end and posts[zone_post[zone.next_free]].free == 0:
        zone.next_free += 1
    if zone.next_free == zone.end:
        return False
    posts[zone_post[zone.next_free]].free -= 1
    _sit(zone.next_free, zones, posts, entries, zone_entries, post_entries)
    return True


@inner
def _free_a_seat(start: int, seating: Seating, scratch: Scratch) -> bool:
    """Seat one more contract of a zone by moving others towards a free seat, or close the posts it reaches."""
    zones, posts, entries, zone_post, zone_entries, post_entries = seating
    near_zones, near_posts, counters = scratch.near_zones, scratch.near_posts, scratch.counters
    counters[WALKS] += 1
    walk = counters[WALKS]
    zones[start].reached = walk
    near_zones[0] = start
    num_zones, num_posts, t = 1, 0, 0
    while t < num_zones:
        z = near_zones[t]
        t += 1
        counters[MET] += zones[z].end - zones[z].first
        for e in range(zones[z].first, zones[z].end):
            post = posts[zone_post[e]]
            if post.reached == walk or post.cutoff > OPEN:
                continue
            post.reached, post.by = walk, e
            near_posts[num_posts] = zone_post[e]
            num_posts += 1
            for k in range(post.first, post.first + post.used):
                y = entries[post_entries[k]].zone
                if zones[y].reached == walk:
                    continue
                zones[y].reached, zones[y].by = walk, post_entries[k]
                if _take_free_seat(y, zones, posts, entries, zone_post, zone_entries, post_entries):
                    _move_up(y, start, seating)
                    return True
                near_zones[num_zones] = y
                num_zones += 1
    for t in range(num_posts):
        posts[near_posts[t]].cutoff = FULL
    return False


@inner
def _move_up(z: int, start: int, seating: Seating) -> None:
    """A zone has found a seat: it leaves the one by which it was met to the zone that met it, and so to the start."""
    zones, posts, entries, _, zone_entries, post_entries = seating
    while z != start:
        left = zones[z].by
        _leave(left, zones, posts, entries, zone_entries, post_entries)
        taken = posts[entries[left].post].by
        _sit(taken, zones, posts, entries, zone_entries, post_entries)
        z = entries[taken].zone


@inner
def _settle(
    free: ShortInts, num_excess: int, num_sources: int, seating: Seating, heaps: Records, scratch: Scratch
) -> int:
    """Take back contracts until none is in excess, as the choice does, weakest first; return how many.

    Their candidates are gathered in front of `free`.
    """
    zones, posts, entries, _, zone_entries, post_entries = seating
    tops = scratch.tops
    walk, num_posts, num_tops = _reach(num_sources, seating, heaps, scratch)
    num_free = 0
    while num_free < num_excess:  # ends: each turn takes a contract back, settles a zone or drops a settled one
        z = tops[0].zone
        if zones[z].reached == walk:
            source = z
            if zones[z].excess == 0:
                source = _source_beside(z, walk, zones, posts, entries, zone_entries, post_entries)
            if source < 0:
                source = _walk_back(z, walk, seating, scratch)
            if source >= 0:
                _move_down(source, z, seating)
                free[num_free] = _pop(z, zones, heaps)
                num_free += 1
        if zones[z].reached == walk and zones[z].held > 0:
            _sink(tops, num_tops, 0, heaps[zones[z].heap].priority, z)
        else:
            num_tops -= 1
            _sink(tops, num_tops, 0, tops[num_tops].priority, tops[num_tops].zone)
    _raise_cutoffs(walk, num_posts, num_tops, seating, scratch)
    return num_free


@inner
def _reach(num_sources: int, seating: Seating, heaps: Records, scratch: Scratch) -> tuple[int, int, int]:
    """Walk forward from all zones in excess; return the number of the walk, and how many posts and zones it met.

    The posts are in `near_posts`. The zones, all of which have contracts, become the heap `tops`.
    """
    zones, posts, entries, zone_post, _, post_entries = seating
    near_zones, near_posts, tops, counters = scratch.near_zones, scratch.near_posts, scratch.tops, scratch.counters
    counters[WALKS] += 1
    walk = counters[WALKS]
    for t in range(num_sources):
        near_zones[t] = scratch.sources[t]
        zones[near_zones[t]].reached = walk
    num_zones, num_posts, t = num_sources, 0, 0
    while t < num_zones:
        z = near_zones[t]
        t += 1
        counters[MET] += zones[z].end - zones[z].first
        for e in range(zones[z].first, zones[z].end):
            post = posts[zone_post[e]]
            if post.reached == walk:
                continue
            post.reached = walk
            near_posts[num_posts] = zone_post[e]
            num_posts += 1
            for k in range(post.first, post.first + post.used):
                y = entries[post_entries[k]].zone
                if zones[y].reached != walk:
                    zones[y].reached = walk
                    near_zones[num_zones] = y
                    num_zones += 1
    for t in range(num_zones):
        tops[t].priority, tops[t].zone = heaps[zones[near_zones[t]].heap].priority, near_zones[t]
    for t in range(num_zones // 2 - 1, -1, -1):
        _sink(tops, num_zones, t, tops[t].priority, tops[t].zone)
    return walk, num_posts, num_zones


@inner
def _walk_back(goal: int, within: int, seating: Seating, scratch: Scratch) -> int:
    """A zone in excess that reaches a zone, found walking backward; or settle all that reach it, and return -1.

    A way back begins where the last one of the same zone ended: what lies before was in vain so far.
    """
    zones, posts, entries, zone_post, zone_entries, post_entries = seating
    back_zones, back_posts, counters = scratch.back_zones, scratch.back_posts, scratch.counters
    counters[WALKS] += 1
    walk = counters[WALKS]
    zones[goal].reaching = walk
    back_zones[0] = goal
    num_zones, num_posts, t = 1, 0, 0
    while t < num_zones:
        zone = zones[back_zones[t]]
        t += 1
        counters[MET] += zone.used
        for turn in range(zone.turn, zone.turn + zone.used):
            e = zone_entries[zone.first + turn % zone.used]
            post = posts[zone_post[e]]
            if post.reaching == walk or post.reached != within:
                continue
            post.reaching, post.by = walk, e
            back_posts[num_posts] = zone_post[e]
            num_posts += 1
            for k in range(post.first, post.end):
                y = entries[post_entries[k]].zone
                if zones[y].reached != within or zones[y].reaching == walk:
                    continue
                zones[y].reaching, zones[y].by = walk, post_entries[k]
                if zones[y].dry != within:
                    source = _source_beside(y, within, zones, posts, entries, zone_entries, post_entries)
                    if source >= 0:
                        return source
                back_zones[num_zones] = y
                num_zones += 1
    for t in range(num_zones):
        zones[back_zones[t]].reached = 0
    for t in range(num_posts):
        post = posts[back_posts[t]]
        post.reached, post.cutoff = 0, max(post.cutoff, scratch.tops[0].priority)
    return -1


@inner
def _source_beside(
    z: int,
    within: int,
    zones: Records,
    posts: Records,
    entries: Records,
    zone_entries: ShortInts,
    post_entries: ShortInts,
) -> int:
    """A zone in excess that covers a seat of a zone's contracts, linked to it as a walk backward would; or -1.

    If there is none there will be none in this round. Zones in excess become fewer; and a contract of this zone comes
    to another post only by a way that leads on from there, and a source beside that post would have been found first.
    """
    zone = zones[z]
    for turn in range(zone.turn, zone.turn + zone.used):
        e = zone_entries[zone.first + turn % zone.used]
        post = posts[entries[e].post]
        if post.sources > 0:
            k = post.first
            while zones[entries[post_entries[k]].zone].excess == 0:
                k += 1
            source = entries[post_entries[k]].zone
            zones[source].by, post.by = post_entries[k], e
            return int(source)
    zone.dry = within
    return -1


@inner
def _move_down(source: int, goal: int, seating: Seating) -> None:
    """Seat one contract in excess of the source, by moves along a walk backward that take a seat from the goal."""
    zones, posts, entries, zone_post, zone_entries, post_entries = seating
    z = source
    while z != goal:
        taken = zones[z].by
        _sit(taken, zones, posts, entries, zone_entries, post_entries)
        left = posts[entries[taken].post].by
        z = entries[left].zone
        zones[z].turn = entries[left].in_zone - zones[z].first
        _leave(left, zones, posts, entries, zone_entries, post_entries)
    zones[source].excess -= 1
    if zones[source].excess == 0:
        for p in zone_post[zones[source].first : zones[source].end]:
            posts[p].sources -= 1


@inner
def _raise_cutoffs(walk: int, num_posts: int, num_tops: int, seating: Seating, scratch: Scratch) -> None:
    """From posts outside settled zones nothing weaker is reached than the weakest contract outside settled zones."""
    zones, posts, tops = seating.zones, seating.posts, scratch.tops
    while num_tops > 0 and zones[tops[0].zone].reached != walk:
        num_tops -= 1
        _sink(tops, num_tops, 0, tops[num_tops].priority, tops[num_tops].zone)
    if num_tops > 0:
        for t in range(num_posts):
            post = posts[scratch.near_posts[t]]
            if post.reached == walk:
                post.cutoff = max(post.cutoff, tops[0].priority)


@inner
def _sit(
    e: int, zones: Records, posts: Records, entries: Records, zone_entries: ShortInts, post_entries: ShortInts
) -> None:
    """Seat one more contract of an entry's zone on its post."""
    entry = entries[e]
    if entry.count == 0:
        zone, post = zones[entry.zone], posts[entry.post]
        _swap(e, zone.first + zone.used, post.first + post.used, entries, zone_entries, post_entries)
        zone.used += 1
        post.used += 1
    entry.count += 1


@inner
def _leave(
    e: int, zones: Records, posts: Records, entries: Records, zone_entries: ShortInts, post_entries: ShortInts
) -> None:
    """Take one contract of an entry's zone from its post."""
    entry = entries[e]
    entry.count -= 1
    if entry.count == 0:
        zone, post = zones[entry.zone], posts[entry.post]
        zone.used -= 1
        post.used -= 1
        _swap(e, zone.first + zone.used, post.first + post.used, entries, zone_entries, post_entries)


@inner
def _swap(
    e: int, in_zone: int, in_post: int, entries: Records, zone_entries: ShortInts, post_entries: ShortInts
) -> None:
    """Let an entry change places with those at a place of its zone and at a place of its post."""
    entry, other = entries[e], entries[zone_entries[in_zone]]
    other.in_zone, zone_entries[entry.in_zone] = entry.in_zone, zone_entries[in_zone]
    entry.in_zone, zone_entries[in_zone] = in_zone, e
    other = entries[post_entries[in_post]]
    other.in_post, post_entries[entry.in_post] = entry.in_post, post_entries[in_post]
    entry.in_post, post_entries[in_post] = in_post, e


@inner
def _push(z: int, priority: int, candidate: int, zones: Records, heaps: Records) -> None:
    """Add a contract to the heap of its zone."""
    first, place = zones[z].heap, zones[z].held
    while place > 0 and heaps[first + (place - 1) // 2].priority > priority:
        above = heaps[first + (place - 1) // 2]
        heaps[first + place].priority, heaps[first + place].candidate = above.priority, above.candidate
        place = (place - 1) // 2
    heaps[first + place].priority, heaps[first + place].candidate = priority, candidate
    zones[z].held += 1


@inner
def _pop(z: int, zones: Records, heaps: Records) -> int:
    """Take the weakest contract from the heap of its zone; return whose it is."""
    first, size = zones[z].heap, zones[z].held - 1
    weakest, last = heaps[first].candidate, heaps[first + size]
    place, child = 0, 1
    while child < size:
        if child + 1 < size:
            child += heaps[first + child + 1].priority < heaps[first + child].priority
        lower = heaps[first + child]
        if lower.priority >= last.priority:
            break
        heaps[first + place].priority, heaps[first + place].candidate = lower.priority, lower.candidate
        place, child = child, 2 * child + 1
    heaps[first + place].priority, heaps[first + place].candidate = last.priority, last.candidate
    zones[z].held = size
    return int(weakest)


@inner
def _sink(tops: Records, size: int, place: int, priority: int, zone: int) -> None:
    """Put a zone at a place of the heap of tops, or below it: weaker ones rise."""
    child = 2 * place + 1
    while child < size:
        if child + 1 < size:
            child += tops[child + 1].priority < tops[child].priority
        if tops[child].priority >= priority:
            break
        tops[place].priority, tops[place].zone = tops[child].priority, tops[child].zone
        place, child = child, 2 * child + 1
    tops[place].priority, tops[place].zone = priority, zone


@kernel
def _seat(post: ShortInts, seating: Seating, heaps: Records) -> None:
    """Give each candidate a seat of his zone, the weakest the last."""
    zones, entries = seating.zones, seating.entries
    for z in range(len(zones)):
        e = zones[z].end - 1
        while zones[z].held > 0:
            while entries[e].count == 0:
                e -= 1
            entries[e].count -= 1
            post[_pop(z, zones, heaps)] = entries[e].post
