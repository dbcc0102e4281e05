"""Chains set off by claims: the claims that nobody takes back, found and granted.

A *walk* goes from a zone to its posts and from a post to the zones that have contracts there (`zones_kernel`); whoever
it meets can make room for its start. It ends at a free seat, or has met everybody who could; then the weakest of them
gives way.

Most claims are vacuous, and most chains need not be run. Let the claimant leave seat s, and let R be the zones from
which a walk meets s once it is free. As long as the chain lasts, s cannot be reached from anywhere else: what is full
without a way to s stays so, stronger contracts taking the place of weaker ones. So until somebody displaced asks for a
zone in R, and thereby ends it, the chain is that of a newcomer who leaves nothing; and of two newcomers to a zone the
weaker one sets off the beginning of the other's chain, up to where he is displaced himself. One *trace* per zone, for
its strongest claimant, therefore serves all claims on it: a claim is vacuous if nobody in the trace, before the
claimant is displaced, asks for a zone in R. Where somebody does, the chain itself is run. A trace is good until a
contract is granted or lost in a zone it met.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.jit import inner, kernel
from engine.model.market import Ints, ShortInts

OPEN = np.iinfo(np.int64).min  # cutoff of a zone from which a walk meets a free seat, or of which nothing is known
CLOSED = np.iinfo(np.int64).max  # cutoff of a zone without seats
NOBODY = -1
REFUSED, SEATED, DISPLACES, ENDS_TRACE = range(4)  # what comes of an offer

# Claims of a block are looked at again after some were granted, at most so often. That this ends by itself is not
# proven; in the markets it was tried on it took 15 scans at most.
MAX_SCANS = 1000

Records = np.recarray[Any, np.dtype[Any]]
Mask = npt.NDArray[np.bool_]

# Entries, zones and posts are those of `zones_kernel`: an entry is a pair of a zone and one of its posts.
ZONE = np.dtype(
    [
        ("first", np.int32),  # its entries are first:end
        ("end", np.int32),
        ("used", np.int32),  # how many of them have contracts; these are in front in `zone_entries`
        ("by", np.int32),  # the entry by which the last walk met it
        ("heap", np.int64),  # where the heap of its contracts begins
        ("size", np.int32),  # how long it is, contracts dropped since included; 0 if it holds none
        ("listed", np.int64),  # the last list of zones it was put on
        ("weakest", np.int64),  # the priority at its top, which is that of a contract held
        ("reached", np.int64),  # the last walk that met it
        ("reaching", np.int64),  # the last walk back that met it
        ("cutoff", np.int64),  # no contract below it enters; in state `exact`, none at or below it
        ("exact", np.int64),
        ("noted", np.int64),  # the last chain that raised the cutoff, and what it was before
        ("before", np.int64),
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
        ("before", np.int32),  # the count before the last chain that touched it
        ("noted", np.int64),
    ],
    align=True,
)
PERSON = np.dtype(
    [
        ("contract", np.int64),  # what he holds, or -1
        ("before", np.int64),  # what he held before the last chain that touched him
        ("noted", np.int64),
    ],
    align=True,
)
TRACE = np.dtype(
    [
        ("first", np.int64),  # its steps are first:first+length
        ("length", np.int64),  # -1 for none
        ("top", np.int64),  # good for newcomers up to this priority
        ("readers", np.int64),  # the first of the list of traces that met this zone
        ("met", np.int64),  # the last trace that did
    ],
    align=True,
)
STEP = np.dtype(
    [
        ("contract", np.int64),  # the best one that somebody displaced has and would be given
        ("first", np.int64),  # his best one of all
        ("threshold", np.int64),  # newcomers below it have been displaced by then
        ("ends", np.bool_),  # whether the chain ends there for everybody: on a free seat, or with nothing
    ],
    align=True,
)
READER = np.dtype([("trace", np.int64), ("next", np.int64)], align=True)


class Wishes(NamedTuple):
    """`Market.wish_ptr`, `wish_zone`, `wish_priority`, and whose each contract is (int32[k])."""

    ptr: Ints
    zone: ShortInts
    priority: Ints
    owner: ShortInts


class Zones(NamedTuple):
    """Posts of zone z are ``post[ptr[z]:ptr[z+1]]``: `Market.zone_ptr`, `zone_post`."""

    ptr: Ints
    post: ShortInts


class Seating(NamedTuple):
    """How many contracts of each zone sit where.

    ``zones``, ``posts``, ``entries``: records. ``zone_post`` (int32[]): the post of each entry again, to be read in
    order. ``zone_entries``, ``post_entries`` (int32[]): the entries of each zone and post, used ones in front.
    """

    zones: Records
    posts: Records
    entries: Records
    zone_post: ShortInts
    zone_entries: ShortInts
    post_entries: ShortInts


class Book(NamedTuple):
    """Who holds what.

    ``people``: records. ``heaps`` (int64[k]): for each zone a heap of contracts, weakest first. A contract dropped
    stays in it until it comes to the top, and may be taken up again before; ``listed`` (bool[k]): whether it is there.
    """

    people: Records
    heaps: Ints
    listed: Mask


class Desk(NamedTuple):
    """What is written on and used again.

    ``near``, ``back`` (int32[z]): zones met by the last walk and the last walk back, ``back_posts`` (int32[m]).
    ``people``, ``entries``, ``zones``: those touched by the chain under way, as long as there are any. ``traces``: one
    record per zone. ``steps``, ``readers``: records of all traces. ``counts`` (int64[]): see below.
    """

    near: ShortInts
    back: ShortInts
    back_posts: ShortInts
    people: ShortInts
    entries: ShortInts
    zones: ShortInts
    traces: Records
    steps: Records
    readers: Records
    counts: Ints


# Places in `Desk.counts`: numbers of the last walk, walk back, chain, trace and state; the zone, the priority and the
# threshold of the trace under way; how much is written on each list.
WALK, BACK_WALK, CHAIN, TRACES, STATE, TRACED, TOP, THRESHOLD = range(8)
NEAR, BACK, PEOPLE, ENTRIES, ZONES, STEPS, READERS, LISTS = range(8, 16)
NUM_STEPS, NUM_READERS = 1 << 20, 1 << 22  # room for traces; when it is used up all are forgotten


class Ledger(NamedTuple):
    """A market, and who held what when it was last looked at; changed in place."""

    wishes: Wishes
    seating: Seating
    book: Book
    desk: Desk


def ledger(wishes: Wishes, zones: Zones, seats: ShortInts) -> Ledger:
    """Nobody holds anything yet.

    Parameters
    ----------
    wishes : Wishes
    zones : Zones
    seats : int32[m]
    """
    seating = _seating(zones, seats)
    desk = _desk(len(wishes.ptr) - 1, len(zones.ptr) - 1, len(seats), len(zones.post))
    return Ledger(wishes, seating, _book(wishes, seating.zones), desk)


def grant_standing(
    ledger: Ledger, blocks: tuple[Ints, Ints], held: Ints, post: ShortInts
) -> tuple[Ints, ShortInts, int, Mask]:
    """Block by block, grant the claims that nobody takes back until there is none; the strongest first.

    Parameters
    ----------
    ledger : Ledger
    blocks : int64[b+1], int64[]
        Candidates of block k are ``blocks[1][blocks[0][k]:blocks[0][k+1]]``. They do not affect those of others.
    held, post : int64[n], int32[n]
        Feasible. Those of other blocks are not looked at.

    Returns
    -------
    held, post : int64[n], int32[n]
    granted : int
    done : bool[b]
        False for a block that was given up after MAX_SCANS.
    """
    held, post = held.copy(), post.copy()
    granted, done = _run(*blocks, held, post, ledger.wishes, ledger.seating, ledger.book, ledger.desk)
    return held, post, granted, done


def _seating(shape: Zones, seats: ShortInts) -> Seating:
    zone_ptr, zone_post = shape
    zones, posts, entries = (
        _records(len(zone_ptr) - 1, ZONE),
        _records(len(seats), POST),
        _records(len(zone_post), ENTRY),
    )
    zones.first, zones.end = zone_ptr[:-1], zone_ptr[1:]
    zones.cutoff = OPEN
    posts.end = np.cumsum(np.bincount(zone_post, minlength=len(seats)))
    posts.first[1:] = posts.end[:-1]
    posts.free = seats
    entries.zone = np.repeat(np.arange(len(zones), dtype=np.int32), np.diff(zone_ptr))
    entries.post = zone_post
    entries.in_zone = np.arange(len(entries), dtype=np.int32)
    post_entries = np.argsort(zone_post, kind="stable").astype(np.int32)
    entries.in_post[post_entries] = np.arange(len(entries), dtype=np.int32)
    return Seating(zones, posts, entries, zone_post, entries.in_zone.copy(), post_entries)


def _book(wishes: Wishes, zones: Records) -> Book:
    zones.heap[1:] = np.cumsum(np.bincount(wishes.zone, minlength=len(zones)))[:-1]
    people = _records(len(wishes.ptr) - 1, PERSON)
    people.contract = NOBODY
    return Book(people, np.empty(len(wishes.zone), np.int64), np.zeros(len(wishes.zone), np.bool_))


def _desk(num_people: int, num_zones: int, num_posts: int, num_entries: int) -> Desk:
    traces = _records(num_zones, TRACE)
    traces.length = traces.readers = NOBODY
    return Desk(
        near=np.empty(num_zones, np.int32),
        back=np.empty(num_zones, np.int32),
        back_posts=np.empty(num_posts, np.int32),
        people=np.empty(num_people, np.int32),
        entries=np.empty(num_entries, np.int32),
        zones=np.empty(num_zones, np.int32),
        traces=traces,
        steps=np.empty(NUM_STEPS, STEP).view(np.recarray),
        readers=np.empty(NUM_READERS, READER).view(np.recarray),
        counts=np.zeros(LISTS + 1, np.int64),
    )


def _records(length: int, dtype: npt.DTypeLike) -> Records:
    return np.zeros(length, dtype).view(np.recarray)


@kernel
def _run(
    ptr: Ints,
    members: Ints,
    held: Ints,
    post: ShortInts,
    wishes: Wishes,
    seating: Seating,
    book: Book,
    desk: Desk,
) -> tuple[int, Mask]:
    """The claims of all blocks; what their candidates have then is written into `held` and `post`."""
    done, total = np.zeros(len(ptr) - 1, np.bool_), 0
    for k in range(len(done)):
        block = members[ptr[k] : ptr[k + 1]]
        zones = _zones_of(block, wishes, seating.zones, desk)
        _enter(block, zones, held, post, wishes, seating, book, desk)
        for _ in range(MAX_SCANS):
            granted = _scan(block, zones, wishes, seating, book, desk)
            total += granted
            if granted == 0:
                done[k] = True
                break
        _tell(block, zones, held, post, wishes, seating, book)
    return total, done


@inner
def _zones_of(members: Ints, wishes: Wishes, zones: Records, desk: Desk) -> ShortInts:
    """The zones that some candidates wish for."""
    desk.counts[LISTS] += 1
    num_found = 0
    for i in members:
        for z in wishes.zone[wishes.ptr[i] : wishes.ptr[i + 1]]:
            if zones[z].listed != desk.counts[LISTS]:
                zones[z].listed = desk.counts[LISTS]
                desk.zones[num_found] = z
                num_found += 1
    return desk.zones[:num_found].copy()


@inner
def _enter(
    members: Ints,
    asked: ShortInts,
    held: Ints,
    post: ShortInts,
    wishes: Wishes,
    seating: Seating,
    book: Book,
    desk: Desk,
) -> None:
    """Let some candidates, all of a block, hold what they have now and sit where they do."""
    zones, _, entries, _, zone_entries, _ = seating
    _begin_chain(desk.counts)
    for z in asked:
        while zones[z].used > 0:
            _leave(zone_entries[zones[z].first], seating, desk)
    for i in members:
        before = book.people[i].contract
        if before != held[i]:
            _hold(i, held[i], wishes, zones, book)
            _forget(wishes.zone[held[i]], desk)
            if before >= 0:
                _forget(wishes.zone[before], desk)
        _sit(_entry_of(wishes.zone[held[i]], post[i], zones, entries), seating, desk)


@inner
def _entry_of(z: int, p: int, zones: Records, entries: Records) -> int:
    e = zones[z].first
    while entries[e].post != p:
        e += 1
    return int(e)


@inner
def _tell(
    members: Ints, asked: ShortInts, held: Ints, post: ShortInts, wishes: Wishes, seating: Seating, book: Book
) -> None:
    """Write down what some candidates hold, and a seat for each; of a zone, the strongest has the first seat."""
    zones, _, entries, _, _, _ = seating
    for z in asked:
        zones[z].by = zones[z].first
        for e in range(zones[z].first, zones[z].end):
            entries[e].before = entries[e].count
    strength = np.full(len(members), CLOSED)
    for t in range(len(members)):
        c = book.people[members[t]].contract
        held[members[t]], post[members[t]] = c, NOBODY
        if c >= 0:
            strength[t] = ~wishes.priority[c]
    for i in members[np.argsort(strength, kind="mergesort")]:
        if held[i] >= 0:
            zone = zones[wishes.zone[held[i]]]
            while entries[zone.by].before == 0:
                zone.by += 1
            entries[zone.by].before -= 1
            post[i] = entries[zone.by].post


# Claims


@inner
def _scan(members: Ints, zones: ShortInts, wishes: Wishes, seating: Seating, book: Book, desk: Desk) -> int:
    """Look once at every claim of a block, strongest first, and grant those that stand."""
    _set_cutoffs(zones, wishes, seating, book, desk)
    claims = _claims(members, wishes, seating.zones, book.people)
    granted = 0
    for t in np.argsort(~wishes.priority[claims], kind="mergesort"):
        c = claims[t]
        i = wishes.owner[c]
        if (
            c < book.people[i].contract
            and _is_claim(c, wishes, seating, book, desk)
            and _may_stand(i, c, wishes, seating, book, desk)
            and _grant(i, c, wishes, seating, book, desk)
        ):
            granted += 1
    return granted


@inner
def _set_cutoffs(asked: ShortInts, wishes: Wishes, seating: Seating, book: Book, desk: Desk) -> None:
    """The exact cutoffs of zones: walks back from free seats, then from their contracts, weakest first.

    A zone is met first from the weakest contract it reaches.
    """
    zones, posts, entries, _, zone_entries, _ = seating
    counts = desk.counts
    counts[STATE] += 1
    counts[BACK_WALK] += 1
    walk, num_posts, num_zones = counts[BACK_WALK], 0, 0
    weakest = np.empty(len(asked), np.int64)
    for t in range(len(asked)):
        zone = zones[asked[t]]
        zone.before, zone.cutoff, zone.exact = zone.cutoff, CLOSED, counts[STATE]
        weakest[t] = zone.weakest if zone.size > 0 else CLOSED
        for e in range(zone.first, zone.end):
            p = entries[e].post
            if posts[p].free > 0 and posts[p].reaching != walk:
                posts[p].reaching = walk
                desk.back_posts[num_posts] = p
                num_posts += 1
    num_zones = _walk_back(num_posts, 0, seating, desk)
    for z in desk.back[:num_zones]:
        zones[z].cutoff = OPEN
    for t in np.argsort(weakest, kind="mergesort"):
        zone = zones[asked[t]]
        if zone.reaching == walk or zone.used == 0:
            continue
        for k in range(zone.used):
            p = entries[zone_entries[zone.first + k]].post
            posts[p].reaching = walk
            desk.back_posts[k] = p
        before, num_zones = num_zones, _walk_back(zone.used, num_zones, seating, desk)
        for z in desk.back[before:num_zones]:
            zones[z].cutoff = weakest[t]
    for z in asked:
        if zones[z].cutoff < zones[z].before:
            _forget(z, desk)


@inner
def _claims(members: Ints, wishes: Wishes, zones: Records, people: Records) -> Ints:
    """The claims of some who hold something, by exact cutoffs."""
    num_better, num_claims = 0, 0
    for i in members:
        num_better += max(0, people[i].contract - wishes.ptr[i])
    claims = np.empty(num_better, np.int64)
    for i in members:
        for c in range(wishes.ptr[i], people[i].contract):
            cutoff = zones[wishes.zone[c]].cutoff
            if cutoff == OPEN or wishes.priority[c] > cutoff:
                claims[num_claims] = c
                num_claims += 1
    return claims[:num_claims]


@inner
def _is_claim(c: int, wishes: Wishes, seating: Seating, book: Book, desk: Desk) -> bool:
    """Whether the choice, offered this contract beside all that is held, would keep it. Between two chains only."""
    z, zones = wishes.zone[c], seating.zones
    if zones[z].exact != desk.counts[STATE]:
        if wishes.priority[c] < zones[z].cutoff:
            return False
        entry, weakest = _walk(z, seating, desk)
        zones[z].exact = desk.counts[STATE]
        if entry >= 0:
            zones[z].cutoff = OPEN
        else:
            zones[z].cutoff = CLOSED if weakest < 0 else zones[weakest].weakest
    return bool(zones[z].cutoff == OPEN or wishes.priority[c] > zones[z].cutoff)


@inner
def _may_stand(i: int, c: int, wishes: Wishes, seating: Seating, book: Book, desk: Desk) -> bool:
    """Whether somebody in the chain that a claim sets off would ask for a zone from which the seat left is reached."""
    zones, posts, entries, _, zone_entries, _ = seating
    z, priority = wishes.zone[c], wishes.priority[c]
    desk.counts[BACK_WALK] += 1
    walk = desk.counts[BACK_WALK]
    seat = entries[zone_entries[zones[wishes.zone[book.people[i].contract]].first]].post
    posts[seat].reaching = walk
    desk.back_posts[0] = seat
    desk.counts[BACK] = _walk_back(1, 0, seating, desk)
    if zones[z].reaching == walk or zones[z].cutoff == OPEN:
        return True
    trace = desk.traces[z]
    if trace.length < 0 or trace.top < priority:
        _trace(z, priority, wishes, seating, book, desk)
    for t in range(trace.first, trace.first + trace.length):
        step = desk.steps[t]
        if step.threshold > priority:
            return False
        for asked in wishes.zone[step.first : step.contract + 1]:
            if zones[asked].reaching == walk:
                return True
        if step.ends:
            return True
    return False


# Chains


@inner
def _trace(z: int, top: int, wishes: Wishes, seating: Seating, book: Book, desk: Desk) -> None:
    """Record the chain that a newcomer to a zone sets off who leaves no seat, up to where he is displaced himself."""
    trace, counts = desk.traces[z], desk.counts
    if 2 * counts[STEPS] > NUM_STEPS or 2 * counts[READERS] > NUM_READERS:
        _forget_all(desk)
    counts[TRACES] += 1
    counts[TRACED], counts[TOP], counts[THRESHOLD] = z, top, OPEN
    trace.first, trace.length, trace.top = counts[STEPS], 0, top
    _begin_chain(counts)
    outcome, x = _offer(z, top, True, wishes, seating, book, desk)
    while outcome == DISPLACES:
        if counts[STEPS] == NUM_STEPS:  # too long to be kept: it may stand
            desk.steps[NUM_STEPS - 1].ends = True
            break
        step = desk.steps[counts[STEPS]]
        counts[STEPS] += 1
        trace.length += 1
        step.first, step.threshold = wishes.ptr[x], counts[THRESHOLD]
        outcome, x, step.contract = _resettle(x, True, wishes, seating, book, desk)
        step.ends = outcome in (SEATED, REFUSED)
    if counts[READERS] == NUM_READERS:  # not all is known that it depends on: good for this claim only
        trace.top = OPEN
    _undo(wishes, seating, book, desk)


@inner
def _grant(i: int, claim: int, wishes: Wishes, seating: Seating, book: Book, desk: Desk) -> bool:
    """Grant a claim and let those displaced take their best claim in turn; undo it all if the claimant is displaced.

    Ends: every step but the last puts a stronger contract in the place of a weaker one.
    """
    zones, people, counts = seating.zones, book.people, desk.counts
    own = wishes.zone[people[i].contract]
    _begin_chain(counts)
    _take_up(i, NOBODY, wishes, zones, book, desk)
    _leave(seating.zone_entries[zones[own].first], seating, desk)
    outcome, x = _offer(wishes.zone[claim], wishes.priority[claim], False, wishes, seating, book, desk)
    _take_up(i, claim, wishes, zones, book, desk)
    while outcome == DISPLACES and x != i:
        outcome, x, _ = _resettle(x, False, wishes, seating, book, desk)
    if outcome == DISPLACES:
        _undo(wishes, seating, book, desk)
        return False
    counts[STATE] += 1
    for x in desk.people[: counts[PEOPLE]]:
        _forget(wishes.zone[people[x].before], desk)
        if people[x].contract >= 0:
            _forget(wishes.zone[people[x].contract], desk)
    for z in desk.back[: counts[BACK]]:
        _forget(z, desk)
        zones[z].cutoff = OPEN
    return True


@inner
def _resettle(x: int, traced: bool, wishes: Wishes, seating: Seating, book: Book, desk: Desk) -> tuple[int, int, int]:
    """Give a displaced candidate the best contract he can claim: what comes of it, who is displaced, the last asked.

    A cutoff met before or in the chain keeps refusing what it refused, unless the seat that the claimant left can be
    reached from its zone: where it cannot, everything is full, and stronger contracts take the place of weaker ones.
    """
    zones, counts = seating.zones, desk.counts
    for c in range(wishes.ptr[x], wishes.ptr[x + 1]):
        z = wishes.zone[c]
        if traced:
            _read(z, desk)
        if wishes.priority[c] < zones[z].cutoff and (traced or zones[z].reaching != counts[BACK_WALK]):
            continue
        outcome, other = _offer(z, wishes.priority[c], traced, wishes, seating, book, desk)
        if outcome != REFUSED:
            _take_up(x, c, wishes, zones, book, desk)
            return outcome, other, c
    return REFUSED, NOBODY, wishes.ptr[x + 1] - 1


@inner
def _offer(
    z: int, priority: int, traced: bool, wishes: Wishes, seating: Seating, book: Book, desk: Desk
) -> tuple[int, int]:
    """Ask for one more contract of a zone: what comes of it, and who is displaced.

    A traced newcomer is displaced only where nobody weaker can be. Seated already, he is met where his zone is.
    """
    zones, counts = seating.zones, desk.counts
    entry, weakest = _walk(z, seating, desk)
    if traced:
        for y in desk.near[: counts[NEAR]]:
            _read(y, desk)
    if entry >= 0:
        _make_room(z, entry, seating, desk)
        return SEATED, NOBODY
    lowest = CLOSED if weakest < 0 else zones[weakest].weakest
    met = traced and zones[counts[TRACED]].reached == counts[WALK]
    if met:
        counts[THRESHOLD] = max(counts[THRESHOLD], min(lowest, priority))
    first_to_go = met and counts[TOP] < lowest
    if first_to_go:
        lowest = counts[TOP]
    if priority < lowest or (weakest < 0 and not first_to_go):
        _raise_cutoff(z, lowest, zones, desk)
        return REFUSED, NOBODY
    if first_to_go:
        return ENDS_TRACE, NOBODY
    x = wishes.owner[book.heaps[zones[weakest].heap]]
    _take_up(x, NOBODY, wishes, zones, book, desk)
    if weakest != z:
        left = zones[weakest].by
        _leave(left, seating, desk)
        _make_room(z, seating.posts[seating.entries[left].post].by, seating, desk)
    return DISPLACES, x


@inner
def _walk(start: int, seating: Seating, desk: Desk) -> tuple[int, int]:
    """Walk from a zone: the entry by which it meets a free seat, or -1; the zone with the weakest contract, or -1."""
    zones, posts, entries, zone_post, _, post_entries = seating
    near, counts = desk.near, desk.counts
    counts[WALK] += 1
    walk, weakest, lowest = counts[WALK], NOBODY, CLOSED
    zones[start].reached = walk
    near[0] = start
    t, num_zones = 0, 1
    while t < num_zones:
        z = near[t]
        t += 1
        zone = zones[z]
        if zone.size > 0 and (weakest < 0 or zone.weakest < lowest):
            weakest, lowest = z, zone.weakest
        for e in range(zone.first, zone.end):
            post = posts[zone_post[e]]
            if post.reached == walk:
                continue
            post.reached, post.by = walk, e
            if post.free > 0:
                counts[NEAR] = num_zones
                return e, NOBODY
            for k in range(post.first, post.first + post.used):
                y = entries[post_entries[k]].zone
                if zones[y].reached != walk:
                    zones[y].reached, zones[y].by = walk, post_entries[k]
                    near[num_zones] = y
                    num_zones += 1
    counts[NEAR] = num_zones
    return NOBODY, weakest


@inner
def _walk_back(num_posts: int, num_zones: int, seating: Seating, desk: Desk) -> int:
    """Meet every zone from which a walk meets one of the posts in `back_posts`; return how many are met.

    They are written behind those met by the same walk back before.
    """
    zones, posts, entries, _, zone_entries, post_entries = seating
    back, back_posts, walk, t = desk.back, desk.back_posts, desk.counts[BACK_WALK], 0
    while t < num_posts:
        post = posts[back_posts[t]]
        t += 1
        for k in range(post.first, post.end):
            y = entries[post_entries[k]].zone
            if zones[y].reaching == walk:
                continue
            zones[y].reaching = walk
            back[num_zones] = y
            num_zones += 1
            for e in zone_entries[zones[y].first : zones[y].first + zones[y].used]:
                p = entries[e].post
                if posts[p].reaching != walk:
                    posts[p].reaching = walk
                    back_posts[num_posts] = p
                    num_posts += 1
    return num_zones


@inner
def _make_room(start: int, e: int, seating: Seating, desk: Desk) -> None:
    """Seat one more contract of the zone the last walk started from, by moves along it to the post of an entry."""
    zones, posts, entries, _, _, _ = seating
    _sit(e, seating, desk)
    while entries[e].zone != start:
        left = zones[entries[e].zone].by
        _leave(left, seating, desk)
        e = posts[entries[left].post].by
        _sit(e, seating, desk)


# What a chain touches, and how it is undone


@inner
def _begin_chain(counts: Ints) -> None:
    counts[CHAIN] += 1
    counts[PEOPLE] = counts[ENTRIES] = counts[ZONES] = 0


@inner
def _take_up(i: int, c: int, wishes: Wishes, zones: Records, book: Book, desk: Desk) -> None:
    """Let somebody hold a contract instead of what he held, or nothing (-1)."""
    person, counts = book.people[i], desk.counts
    if person.noted != counts[CHAIN]:
        person.noted, person.before = counts[CHAIN], person.contract
        desk.people[counts[PEOPLE]] = i
        counts[PEOPLE] += 1
    _hold(i, c, wishes, zones, book)


@inner
def _raise_cutoff(z: int, cutoff: int, zones: Records, desk: Desk) -> None:
    zone, counts = zones[z], desk.counts
    if zone.cutoff < cutoff:
        if zone.noted != counts[CHAIN]:
            zone.noted, zone.before = counts[CHAIN], zone.cutoff
            desk.zones[counts[ZONES]] = z
            counts[ZONES] += 1
        zone.cutoff = cutoff


@inner
def _sit(e: int, seating: Seating, desk: Desk) -> None:
    """Seat one more contract of an entry's zone on its post."""
    zones, posts, entries, _, _, _ = seating
    entry = entries[e]
    zone, post = zones[entry.zone], posts[entry.post]
    _note_entry(e, entries, desk)
    if entry.count == 0:
        _swap(e, zone.first + zone.used, post.first + post.used, seating)
        zone.used += 1
        post.used += 1
    entry.count += 1
    post.free -= 1


@inner
def _leave(e: int, seating: Seating, desk: Desk) -> None:
    """Take one contract of an entry's zone from its post."""
    zones, posts, entries, _, _, _ = seating
    entry = entries[e]
    zone, post = zones[entry.zone], posts[entry.post]
    _note_entry(e, entries, desk)
    entry.count -= 1
    post.free += 1
    if entry.count == 0:
        zone.used -= 1
        post.used -= 1
        _swap(e, zone.first + zone.used, post.first + post.used, seating)


@inner
def _note_entry(e: int, entries: Records, desk: Desk) -> None:
    entry, counts = entries[e], desk.counts
    if entry.noted != counts[CHAIN]:
        entry.noted, entry.before = counts[CHAIN], entry.count
        desk.entries[counts[ENTRIES]] = e
        counts[ENTRIES] += 1


@inner
def _undo(wishes: Wishes, seating: Seating, book: Book, desk: Desk) -> None:
    """Set everything back to what it was before the chain. Who of a zone sits where does not matter."""
    zones, entries, people, counts = seating.zones, seating.entries, book.people, desk.counts
    for i in desk.people[: counts[PEOPLE]]:
        _hold(i, people[i].before, wishes, zones, book)
    for z in desk.zones[: counts[ZONES]]:
        zones[z].cutoff = zones[z].before
    for e in desk.entries[: counts[ENTRIES]]:
        while entries[e].count > entries[e].before:
            _leave(e, seating, desk)
        while entries[e].count < entries[e].before:
            _sit(e, seating, desk)


@inner
def _swap(e: int, in_zone: int, in_post: int, seating: Seating) -> None:
    """Let an entry change places with those at a place of its zone and at a place of its post."""
    _, _, entries, _, zone_entries, post_entries = seating
    entry, other = entries[e], entries[zone_entries[in_zone]]
    other.in_zone, zone_entries[entry.in_zone] = entry.in_zone, zone_entries[in_zone]
    entry.in_zone, zone_entries[in_zone] = in_zone, e
    other = entries[post_entries[in_post]]
    other.in_post, post_entries[entry.in_post] = entry.in_post, post_entries[in_post]
    entry.in_post, post_entries[in_post] = in_post, e


# Traces


@inner
def _read(z: int, desk: Desk) -> None:
    """Write down that the trace under way depends on a zone."""
    counts, traces = desk.counts, desk.traces
    if traces[z].met != counts[TRACES]:
        traces[z].met = counts[TRACES]
        if counts[READERS] < NUM_READERS:
            reader = desk.readers[counts[READERS]]
            reader.trace, reader.next = counts[TRACED], traces[z].readers
            traces[z].readers = counts[READERS]
            counts[READERS] += 1


@inner
def _forget(z: int, desk: Desk) -> None:
    """Contracts of a zone have changed: traces that met it are no longer good."""
    r = desk.traces[z].readers
    while r >= 0:
        desk.traces[desk.readers[r].trace].length = NOBODY
        r = desk.readers[r].next
    desk.traces[z].readers = NOBODY


@inner
def _forget_all(desk: Desk) -> None:
    for z in range(len(desk.traces)):
        desk.traces[z].length = desk.traces[z].readers = NOBODY
    desk.counts[STEPS] = desk.counts[READERS] = 0


# Contracts


@inner
def _hold(i: int, c: int, wishes: Wishes, zones: Records, book: Book) -> None:
    """Let somebody hold a contract instead of what he holds, or nothing (-1)."""
    before, book.people[i].contract = book.people[i].contract, c
    if before >= 0:
        _clear(wishes.zone[before], wishes, zones, book)
    if c >= 0 and not book.listed[c]:
        book.listed[c] = True
        _push(c, wishes.zone[c], wishes.priority, zones, book.heaps)


@inner
def _clear(z: int, wishes: Wishes, zones: Records, book: Book) -> None:
    """Take contracts no longer held from the top of the heap of a zone."""
    people, heaps, listed = book
    zone = zones[z]
    while zone.size > 0 and people[wishes.owner[heaps[zone.heap]]].contract != heaps[zone.heap]:
        listed[heaps[zone.heap]] = False
        _pop(z, wishes.priority, zones, heaps)


@inner
def _push(c: int, z: int, priority: Ints, zones: Records, heaps: Ints) -> None:
    """Add a contract to the heap of its zone."""
    first, place = zones[z].heap, zones[z].size
    while place > 0 and priority[heaps[first + (place - 1) // 2]] > priority[c]:
        heaps[first + place] = heaps[first + (place - 1) // 2]
        place = (place - 1) // 2
    heaps[first + place] = c
    zones[z].size += 1
    zones[z].weakest = priority[heaps[first]]


@inner
def _pop(z: int, priority: Ints, zones: Records, heaps: Ints) -> None:
    """Take the contract at the top from the heap of a zone."""
    first, size = zones[z].heap, zones[z].size - 1
    last = heaps[first + size]
    place, child = 0, 1
    while child < size:
        if child + 1 < size:
            child += priority[heaps[first + child + 1]] < priority[heaps[first + child]]
        if priority[heaps[first + child]] >= priority[last]:
            break
        heaps[first + place] = heaps[first + child]
        place, child = child, 2 * child + 1
    heaps[first + place] = last
    zones[z].size, zones[z].weakest = size, priority[heaps[first]]
