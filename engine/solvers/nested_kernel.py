"""Deferred acceptance where zones are nested: any two are apart, or one contains the other.

Contracts can then be seated at once if and only if no zone has more contracts inside it (its own, and those of zones
it contains) than it has seats: give out the seats of the innermost zones first. A zone with as many is *full*. What a
newcomer has to beat is the weakest contract inside the smallest full zone that contains his own: whoever leaves that
zone makes room for him, since the zones between the two are not full, and nobody outside it can, since it would stay
full. If no such zone is full he enters freely.

No search is needed: the zones are numbered depth first, so that those inside a zone are a range of numbers, and a tree
of winners over these numbers finds the weakest contract of a range. One proposal costs the depth of its zone and the
logarithm of the number of zones.

A proposal refused once is refused for ever, as always with this choice (`zones_kernel`, fact 2): the contract that
refused it is kept as the cutoff of its zone, and later ones are first compared with that.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.jit import inner, kernel
from engine.model.market import Ints, ShortInts

OPEN = np.iinfo(np.int64).min  # cutoff of a zone that has refused nobody
NOBODY = np.iinfo(np.int64).max  # weakest priority of a zone without contracts
NO_ZONE = -1

Records = np.recarray[Any, np.dtype[Any]]

ZONE = np.dtype(
    [
        ("parent", np.int32),  # the smallest zone that contains it
        ("number", np.int32),  # its place in depth-first order; zones inside it are number:last
        ("last", np.int32),
        ("held", np.int32),  # its own contracts
        ("heap", np.int64),  # where the heap of these begins
        ("inside", np.int64),  # contracts inside it, its own included
        ("seats", np.int64),
        ("cutoff", np.int64),  # no contract below it enters
    ],
    align=True,
)
CONTRACT = np.dtype([("priority", np.int64), ("candidate", np.int32)], align=True)


class Wishes(NamedTuple):
    """Wishes as the kernel reads them: `Market.wish_ptr`, `wish_zone`, `wish_priority`."""

    ptr: Ints
    zone: ShortInts
    priority: Ints


class Forest(NamedTuple):
    """Zones by inclusion.

    ``parent`` (int32[z]): the smallest other zone that contains each; of zones with the same posts, one contains the
    next; -1 for none. ``order`` (int32[]): the zones of the forest, each after its parent.
    """

    parent: ShortInts
    order: ShortInts


class Winners(NamedTuple):
    """The weakest contracts of ranges of zones.

    ``weakest`` (int64[l]): priority of the weakest contract of the zone at each place of the depth-first order.
    ``zone`` (int32[l]): that zone. ``tree`` (int32[2 l]): node i has the children 2 i and 2 i + 1 and holds that place
    of theirs with the weaker contract; the leaves, from l on, hold their own places.
    """

    weakest: Ints
    zone: ShortInts
    tree: ShortInts


def deferred_acceptance(
    wishes: Wishes, forest: Forest, zone_ptr: Ints, zone_post: ShortInts, seats: ShortInts
) -> tuple[Ints, ShortInts, dict[str, int]]:
    """The stable outcome that is best for every candidate, and a seating of it.

    Parameters
    ----------
    wishes : Wishes
        Priorities are strict within a block. Fewer than 2**31 candidates.
    forest : Forest
        Of all zones that are wished for.
    zone_ptr, zone_post : int64[z+1], int32[]
        Nested zones, each post once in a zone; empty ones too.
    seats : int32[m]

    Returns
    -------
    held : int64[n]
        The contract each candidate ends with, or -1.
    post : int32[n]
        The post he is seated on, or -1: innermost zones first, the weakest contract of a zone on the last free seat of
        it. It depends on the outcome alone.
    counters : dict
        ``displacements``, how often a candidate whom no cutoff had turned away gave way, at once or later.
    """
    n = len(wishes.ptr) - 1
    held = wishes.ptr[:n] - 1  # the contract each candidate holds or last asked for: it only moves forward
    post = np.full(n, -1, dtype=np.int32)
    zones = _zones(wishes, forest, zone_ptr, zone_post, seats)
    heaps = _records(len(wishes.zone), CONTRACT)  # the contracts of each zone, weakest first
    displacements = _ask(held, wishes, zones, heaps, _winners(zones, forest.order))
    _seat(post, forest.order, zones, heaps, zone_ptr, zone_post, seats.copy())
    held[held == wishes.ptr[1:]] = -1
    return held, post, {"displacements": displacements}


def _records(length: int, dtype: npt.DTypeLike) -> Records:
    return np.zeros(length, dtype).view(np.recarray)


def _zones(wishes: Wishes, forest: Forest, zone_ptr: Ints, zone_post: ShortInts, seats: ShortInts) -> Records:
    zones = _records(len(zone_ptr) - 1, ZONE)
    zones.parent = forest.parent
    zones.cutoff = OPEN
    zones.heap[1:] = np.cumsum(np.bincount(wishes.zone, minlength=len(zones)))[:-1]
    upto = np.concatenate(([0], np.cumsum(seats[zone_post], dtype=np.int64)))
    zones.seats = upto[zone_ptr[1:]] - upto[zone_ptr[:-1]]
    _number_depth_first(zones, forest.order)
    return zones


def _winners(zones: Records, order: ShortInts) -> Winners:
    length = len(order)
    zone = np.empty(length, dtype=np.int32)
    zone[zones.number[order]] = order
    weakest, tree = np.full(length, NOBODY), np.zeros(2 * length, dtype=np.int32)
    tree[length:] = np.arange(length)
    _play_all(weakest, tree)
    return Winners(weakest, zone, tree)


@kernel
def _number_depth_first(zones: Records, order: ShortInts) -> None:
    """Set `number` and `last`: a zone, then all that is inside it."""
    for k in range(len(order) - 1, -1, -1):  # children before parents: sizes are summed in `last`
        zone = zones[order[k]]
        zone.last += 1
        if zone.parent != NO_ZONE:
            zones[zone.parent].last += zone.last
    free = 0
    for z in order:  # parents before children: `inside` holds the next number to give, and is set back below
        zone = zones[z]
        if zone.parent == NO_ZONE:
            zone.number = free
            free += zone.last
        else:
            zone.number = zones[zone.parent].inside
            zones[zone.parent].inside += zone.last
        zone.inside = zone.number + 1
        zone.last += zone.number
    for z in order:
        zones[z].inside = 0


@kernel
def _ask(held: Ints, wishes: Wishes, zones: Records, heaps: Records, winners: Winners) -> int:
    """Let each candidate in turn ask until he is let in, and whoever gives way to him; return how often one did."""
    weakest, zone_at, tree = winners
    displacements = 0
    for first in range(len(held)):
        i = first
        while i >= 0:  # ends: each turn moves a candidate on along his list
            c, end = held[i] + 1, wishes.ptr[i + 1]
            while c < end and wishes.priority[c] < zones[wishes.zone[c]].cutoff:
                c += 1
            held[i] = c
            if c == end:
                break
            z, priority = wishes.zone[c], wishes.priority[c]
            full = _smallest_full(z, zones)
            if full != NO_ZONE:
                loser = zone_at[_weakest_place(zones[full].number, zones[full].last, weakest, tree)]
                displacements += 1
                if priority <= weakest[zones[loser].number]:
                    zones[z].cutoff = weakest[zones[loser].number]
                    continue
                _count_inside(loser, full, -1, zones)
                out = _pop(loser, zones, heaps)
                _update(loser, zones, heaps, weakest, tree)
            else:
                out = -1
            _count_inside(z, full, 1, zones)
            _push(z, priority, i, zones, heaps)
            _update(z, zones, heaps, weakest, tree)
            i = out
    return displacements


@inner
def _smallest_full(z: int, zones: Records) -> int:
    while z != NO_ZONE and zones[z].inside < zones[z].seats:
        z = zones[z].parent
    return z


@inner
def _count_inside(z: int, full: int, change: int, zones: Records) -> None:
    """One contract more or less inside a zone and those around it, up to the full one, in which nothing changes."""
    while z != full:
        zones[z].inside += change
        z = zones[z].parent


@inner
def _weakest_place(first: int, last: int, weakest: Ints, tree: ShortInts) -> int:
    """Where the weakest contract of a range of zones is, from the few nodes that make up the range."""
    place = first
    low, high = first + len(weakest), last + len(weakest)
    while low < high:
        if low & 1:
            place = _weaker(place, tree[low], weakest)
            low += 1
        if high & 1:
            high -= 1
            place = _weaker(place, tree[high], weakest)
        low >>= 1
        high >>= 1
    return place


@inner
def _update(z: int, zones: Records, heaps: Records, weakest: Ints, tree: ShortInts) -> None:
    """Play the matches of a zone again, up to the root of the tree or to the last one whose outcome can change."""
    place = zones[z].number
    before = weakest[place]
    weakest[place] = heaps[zones[z].heap].priority if zones[z].held > 0 else NOBODY
    if weakest[place] == before:
        return
    node = (place + len(weakest)) >> 1
    while node > 0:
        old, winner = tree[node], _weaker(tree[2 * node], tree[2 * node + 1], weakest)
        if old != place and winner != place:
            return
        tree[node] = winner
        node >>= 1


@kernel
def _play_all(weakest: Ints, tree: ShortInts) -> None:
    for node in range(len(weakest) - 1, 0, -1):
        tree[node] = _weaker(tree[2 * node], tree[2 * node + 1], weakest)


@inner
def _weaker(one: int, other: int, weakest: Ints) -> int:
    return one if weakest[one] <= weakest[other] else other


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


@kernel
def _seat(
    post: ShortInts,
    order: ShortInts,
    zones: Records,
    heaps: Records,
    zone_ptr: Ints,
    zone_post: ShortInts,
    free: ShortInts,
) -> None:
    """Give each candidate a seat of his zone. An inner zone comes first: it has no other seats, the outer one may."""
    for k in range(len(order) - 1, -1, -1):
        z = order[k]
        e = zone_ptr[z + 1] - 1
        while zones[z].held > 0:
            while free[zone_post[e]] == 0:
                e -= 1
            free[zone_post[e]] -= 1
            post[_pop(z, zones, heaps)] = zone_post[e]
