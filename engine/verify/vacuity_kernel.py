"""What happens when claims are granted: one alone, followed along its chain, or many at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.jit import kernel
from engine.model.market import Ints, ShortInts

Mask = npt.NDArray[np.bool_]

VACUOUS, SEAT, OUT, LONG = 0, 1, 2, 3  # how a chain ends, see `chains`
REFUSED, SEATED = -2, -1  # instead of the candidate displaced
NOBODY = np.iinfo(np.int64).max
MAX_STEPS = 1 << 16  # of one chain


class Wishes(NamedTuple):
    """Contracts of candidate i are ``ptr[i]:end[i]``, best first: their zones and priorities."""

    ptr: Ints
    end: Ints
    zone: ShortInts
    priority: Ints


class Zones(NamedTuple):
    """Posts of zone z: ``post[ptr[z]:ptr[z+1]]``; ``cutoff[z]``, its cutoff in the result."""

    ptr: Ints
    post: ShortInts
    cutoff: Ints


class Seats(NamedTuple):
    """Who holds what: contract and post of each candidate; a post of -1 is none, and the contract is then what he lost.

    On post p sit ``first[p]`` and those who follow each other in ``after`` (and back in ``ahead``), ``taken[p]`` of
    them on ``seats[p]`` seats.
    """

    seats: Ints
    contract: Ints
    post: Ints
    taken: Ints
    first: Ints
    after: Ints
    ahead: Ints


class Walk(NamedTuple):
    """A walk from a zone: zones met, in order. A post or zone is met where its mark is ``now[0]``, the walk's number.

    ``zone_of[p]``: the zone through which post p was met; ``holder[z]``: who holds zone z and was met first. All walks
    together met ``now[1]`` posts; the last met ``now[2]`` zones, and its lowest priority was ``now[3]``.
    """

    queue: ShortInts
    post: Ints
    zone: Ints
    zone_of: ShortInts
    holder: Ints
    now: Ints


class Journal(NamedTuple):
    """What those moved by chain ``now[0]`` had before: ``now[1]`` of them, their marks the number of the chain."""

    mark: Ints
    candidate: Ints
    contract: Ints
    post: Ints
    now: Ints


class Holdings(NamedTuple):
    """In the result: zones that are held and cover post p, ``zone[post_ptr[p]:post_ptr[p+1]]``; posts where those sit
    who hold zone z, ``post[zone_ptr[z]:zone_ptr[z+1]]``."""

    post_ptr: Ints
    zone: ShortInts
    zone_ptr: Ints
    post: ShortInts


class Back(NamedTuple):
    """From where the seat that a claimant leaves can be reached: posts marked with the number of the claimant.

    Zones: ``seen`` by the search, and ``leads`` (twice the number, and one more if it does) once that is known.
    """

    queue: ShortInts
    post: Ints
    seen: Ints
    leads: Ints
    now: Ints


class Desk(NamedTuple):
    """What is written on and used again."""

    walk: Walk
    back: Back
    journal: Journal
    taken: Ints
    lost: Ints


@kernel
def chains(
    claims: Ints,
    claimants: Ints,
    wishes: Wishes,
    zones: Zones,
    seats: tuple[Ints, Ints],
    held: tuple[Ints, Ints],
    max_visits: int,
) -> tuple[Ints, Ints, Ints, Ints]:
    """Grant each claim alone and follow the chain.

    Parameters
    ----------
    claims, claimants : int64[c], contracts and their candidates, those of a candidate together
    wishes, zones : Wishes, Zones
    seats : int64[m] each, seats of each post, and how many are still to be closed there: one that falls free is
    held : int64[n] each, the contract and the post of each candidate in the result
    max_visits : when so many posts were met, the claims that remain are given up

    Returns
    -------
    end : int64[c]
        `VACUOUS`: the claimant is displaced; `SEAT`: a seat is found; `OUT`: somebody finds nothing; `LONG`: given up.
    ptr : int64[c+1]
    taken, lost : int64[]
        Steps of chain k are ``ptr[k]:ptr[k+1]``: the contract somebody takes, and the one that another loses by it, or
        -1.

    Notes
    -----
    A chain ends: each step puts a stronger contract in the place of a weaker one, so no set of contracts comes back.
    What can be held beside the others does not change along a chain, and what one has to beat never falls. So a
    contract that does not beat the cutoff of the result is refused at once, unless it can reach the seat that the
    claimant left.
    """
    now = _seated(seats[0], held)
    holdings = _holdings(wishes, zones, now)
    desk = _desk(len(now.post), len(now.seats), len(zones.cutoff))
    end, ptr = np.full(len(claims), LONG), np.zeros(len(claims) + 1, np.int64)
    taken, lost = np.empty(64, np.int64), np.empty(64, np.int64)
    for k in range(len(claims)):
        count = 0
        if desk.walk.now[1] < max_visits:
            left = now.post[claimants[k]]
            closes = left >= 0 and seats[1][left] > 0
            if k == 0 or claimants[k] != claimants[k - 1]:
                _look_back(-1 if closes else left, zones, holdings, desk.back)
            if closes:
                now.taken[left] += 1
            end[k], count = _follow(claims[k], claimants[k], wishes, zones, now, desk)
            _restore(now, desk.journal)
            if closes:
                now.taken[left] -= 1
        while ptr[k] + count > len(taken):
            taken, lost = _doubled(taken), _doubled(lost)
        taken[ptr[k] : ptr[k] + count] = desk.taken[:count]
        lost[ptr[k] : ptr[k] + count] = desk.lost[:count]
        ptr[k + 1] = ptr[k] + count
    return end, ptr, taken[: ptr[-1]], lost[: ptr[-1]]


@kernel
def asked_at_once(
    num_candidates: int, wishes: Wishes, zones: Zones, seats: Ints, held: tuple[Ints, Ints], label: Ints
) -> tuple[Mask, Mask]:
    """Grant many claims at once, everybody keeping what he holds besides; who is displaced asks from the top of his
    list again, until nobody is displaced.

    Parameters
    ----------
    num_candidates : n
    wishes : Wishes
        Of the candidates, and behind them of one more for each claim, who wants nothing else.
    zones, seats, held : as for `chains`, all these holding something or nothing
    label : int64[c], a label of each claim, the same where candidates may meet

    Returns
    -------
    posts : bool[m]
        The posts met by walks, in the result, from all zones that anybody asked for.
    failed : bool[]
        Labels in which a free seat was found, or somebody found nothing.
    """
    now = _seated(seats, held)
    desk = _desk(len(wishes.ptr), len(seats), len(zones.cutoff))
    asked, failed = np.zeros(len(zones.cutoff), np.bool_), np.zeros(label.max() + 1, np.bool_)
    cutoff = zones.cutoff.copy()  # what is known to have to be beaten: it only rises
    place = wishes.ptr.copy()  # of each candidate in his list
    desk.journal.now[0] = 1
    for k in range(len(label)):
        mover = num_candidates + k
        while mover >= 0:
            loser = _ask_on(mover, place, asked, cutoff, wishes, zones, now, desk)
            if loser == SEATED or (loser == REFUSED and mover < num_candidates):
                failed[label[k]] = True
            mover = loser
    _restore(now, desk.journal)
    return _met(asked, wishes, zones, now), failed


@kernel
def _ask_on(
    i: int, place: Ints, asked: Mask, cutoff: Ints, wishes: Wishes, zones: Zones, now: Seats, desk: Desk
) -> int:
    """Seat a candidate by the next contract of his list that he can have; who loses his seat, `SEATED` or `REFUSED`."""
    while place[i] < wishes.end[i]:
        c = place[i]
        place[i] += 1
        asked[wishes.zone[c]] = True
        if wishes.priority[c] > cutoff[wishes.zone[c]]:
            loser = _enter(i, c, wishes, zones, now, desk)
            if loser != SEATED:
                for z in desk.walk.queue[: desk.walk.now[2]]:
                    cutoff[z] = max(cutoff[z], desk.walk.now[3])
            if loser != REFUSED:
                return loser
    return REFUSED


@kernel
def _met(asked: Mask, wishes: Wishes, zones: Zones, now: Seats) -> Mask:
    """bool[m]: the posts met from zones. Marks the zones met."""
    posts = np.zeros(len(now.seats), np.bool_)
    queue = np.empty(len(asked), np.int64)
    length, t = 0, 0
    for z in range(len(asked)):
        if asked[z]:
            queue[length] = z
            length += 1
    while t < length:
        z = queue[t]
        t += 1
        for p in zones.post[zones.ptr[z] : zones.ptr[z + 1]]:
            if not posts[p]:
                posts[p] = True
                j = now.first[p]
                while j >= 0:
                    beyond = wishes.zone[now.contract[j]]
                    if not asked[beyond]:
                        asked[beyond] = True
                        queue[length] = beyond
                        length += 1
                    j = now.after[j]
    return posts


@kernel
def _follow(claim: int, claimant: int, wishes: Wishes, zones: Zones, now: Seats, desk: Desk) -> tuple[int, int]:
    """How the chain of a claim ends, and its number of steps, written to the desk."""
    desk.journal.now[0] += 1
    _leave(claimant, now, desk.journal)
    taken, mover = claim, claimant
    loser = _enter(mover, taken, wishes, zones, now, desk)
    if loser == REFUSED:  # once the seat he leaves is closed
        return VACUOUS, 0
    for step in range(MAX_STEPS):
        desk.taken[step] = taken
        desk.lost[step] = -1 if loser == SEATED else now.contract[loser]
        if loser == SEATED:
            return SEAT, step + 1
        if loser == claimant:
            return VACUOUS, step + 1
        mover = loser
        loser = REFUSED
        for c in range(wishes.ptr[mover], wishes.end[mover]):
            z = wishes.zone[c]
            if wishes.priority[c] > zones.cutoff[z] or _leads_back(z, zones, desk.back):
                taken = c
                loser = _enter(mover, taken, wishes, zones, now, desk)
                if loser != REFUSED:
                    break
        if loser == REFUSED:
            return OUT, step + 1
    return LONG, MAX_STEPS


@kernel
def _enter(i: int, c: int, wishes: Wishes, zones: Zones, now: Seats, desk: Desk) -> int:
    """Seat a candidate by a contract, others moving inside their zones; who loses his seat, `SEATED` or `REFUSED`."""
    weakest, p = _walk(wishes.zone[c], wishes, zones, now, desk.walk)
    loser = SEATED
    if weakest >= 0:
        if wishes.priority[now.contract[weakest]] > wishes.priority[c]:
            return REFUSED
        p = now.post[weakest]
        _leave(weakest, now, desk.journal)
        loser = weakest
    elif p < 0:
        return REFUSED
    z = desk.walk.zone_of[p]
    while desk.walk.holder[z] >= 0:  # the zone the walk began with was met through nobody
        j = desk.walk.holder[z]
        q = now.post[j]
        _leave(j, now, desk.journal)
        _sit(j, now.contract[j], p, now)
        p = q
        z = desk.walk.zone_of[p]
    _note(i, now, desk.journal)
    _sit(i, c, p, now)
    return loser


@kernel
def _walk(zone: int, wishes: Wishes, zones: Zones, now: Seats, walk: Walk) -> tuple[int, int]:
    """From a zone: the weakest candidate met, and -1; or -1, and a free post, or -1 where there is nobody either."""
    walk.now[0] += 1
    number = walk.now[0]
    walk.queue[0] = zone
    walk.zone[zone] = number
    walk.holder[zone] = -1
    length, t = 1, 0
    weakest, lowest = -1, NOBODY
    while t < length:
        z = walk.queue[t]
        t += 1
        for p in zones.post[zones.ptr[z] : zones.ptr[z + 1]]:
            if walk.post[p] == number:
                continue
            walk.post[p] = number
            walk.zone_of[p] = z
            walk.now[1] += 1
            if now.taken[p] < now.seats[p]:
                return -1, p
            j = now.first[p]
            while j >= 0:
                c = now.contract[j]
                if wishes.priority[c] < lowest:
                    weakest, lowest = j, wishes.priority[c]
                if walk.zone[wishes.zone[c]] != number:
                    walk.zone[wishes.zone[c]] = number
                    walk.holder[wishes.zone[c]] = j
                    walk.queue[length] = wishes.zone[c]
                    length += 1
                j = now.after[j]
    walk.now[2], walk.now[3] = length, lowest
    return weakest, -1


@kernel
def _look_back(post: int, zones: Zones, holdings: Holdings, back: Back) -> None:
    """Mark the posts from which a walk meets a post; none for -1."""
    back.now[0] += 1
    number = back.now[0]
    if post < 0:
        return
    back.queue[0] = post
    back.post[post] = number
    length, t = 1, 0
    while t < length:
        p = back.queue[t]
        t += 1
        for z in holdings.zone[holdings.post_ptr[p] : holdings.post_ptr[p + 1]]:
            if back.seen[z] != number:
                back.seen[z] = number
                for q in holdings.post[holdings.zone_ptr[z] : holdings.zone_ptr[z + 1]]:
                    if back.post[q] != number:
                        back.post[q] = number
                        back.queue[length] = q
                        length += 1


@kernel
def _leads_back(z: int, zones: Zones, back: Back) -> bool:
    """Whether a zone has one of the posts marked."""
    number = back.now[0]
    if back.leads[z] // 2 != number:
        back.leads[z] = 2 * number
        for p in zones.post[zones.ptr[z] : zones.ptr[z + 1]]:
            if back.post[p] == number:
                back.leads[z] = 2 * number + 1
                break
    return bool(back.leads[z] == 2 * number + 1)


@kernel
def _sit(i: int, c: int, p: int, now: Seats) -> None:
    now.contract[i] = c
    now.post[i] = p
    now.taken[p] += 1
    now.ahead[i] = -1
    now.after[i] = now.first[p]
    if now.first[p] >= 0:
        now.ahead[now.first[p]] = i
    now.first[p] = i


@kernel
def _leave(i: int, now: Seats, journal: Journal) -> None:
    """Take a candidate off his seat, if he has one."""
    _note(i, now, journal)
    _unseat(i, now)


@kernel
def _unseat(i: int, now: Seats) -> None:
    p = now.post[i]
    if p < 0:
        return
    now.post[i] = -1
    now.taken[p] -= 1
    if now.ahead[i] >= 0:
        now.after[now.ahead[i]] = now.after[i]
    else:
        now.first[p] = now.after[i]
    if now.after[i] >= 0:
        now.ahead[now.after[i]] = now.ahead[i]


@kernel
def _note(i: int, now: Seats, journal: Journal) -> None:
    """Remember what a candidate had before the chain."""
    if journal.mark[i] != journal.now[0]:
        journal.mark[i] = journal.now[0]
        k = journal.now[1]
        journal.candidate[k] = i
        journal.contract[k] = now.contract[i]
        journal.post[k] = now.post[i]
        journal.now[1] = k + 1


@kernel
def _restore(now: Seats, journal: Journal) -> None:
    """Everybody back where he was before the chain."""
    for k in range(journal.now[1]):
        _unseat(journal.candidate[k], now)
    for k in range(journal.now[1]):
        now.contract[journal.candidate[k]] = journal.contract[k]
        if journal.post[k] >= 0:
            _sit(journal.candidate[k], journal.contract[k], journal.post[k], now)
    journal.now[1] = 0


@kernel
def _seated(seats: Ints, held: tuple[Ints, Ints]) -> Seats:
    contract, post = held[0].copy(), np.full(len(held[1]), -1)
    n, m = len(contract), len(seats)
    now = Seats(
        seats,
        contract,
        post,
        np.zeros(m, np.int64),
        np.full(m, -1),
        np.full(n, -1),
        np.full(n, -1),
    )
    for i in range(n):
        if contract[i] >= 0:
            _sit(i, contract[i], held[1][i], now)
    return now


@kernel
def _desk(n: int, m: int, z: int) -> Desk:
    walk = Walk(
        np.empty(z, np.int32),
        np.zeros(m, np.int64),
        np.zeros(z, np.int64),
        np.empty(m, np.int32),
        np.empty(z, np.int64),
        np.zeros(4, np.int64),
    )
    back = Back(
        np.empty(m, np.int32),
        np.zeros(m, np.int64),
        np.zeros(z, np.int64),
        np.zeros(z, np.int64),
        np.zeros(1, np.int64),
    )
    journal = Journal(
        np.zeros(n, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.zeros(2, np.int64),
    )
    return Desk(walk, back, journal, np.empty(MAX_STEPS, np.int64), np.empty(MAX_STEPS, np.int64))


@kernel
def _holdings(wishes: Wishes, zones: Zones, now: Seats) -> Holdings:
    num_posts, num_zones = len(now.seats), len(zones.cutoff)
    post_ptr, zone_ptr = np.zeros(num_posts + 2, np.int64), np.zeros(num_zones + 2, np.int64)
    for i in range(len(now.post)):
        if now.post[i] >= 0:
            zone_ptr[wishes.zone[now.contract[i]] + 2] += 1
    for z in range(num_zones):
        if zone_ptr[z + 2]:
            for p in zones.post[zones.ptr[z] : zones.ptr[z + 1]]:
                post_ptr[p + 2] += 1
    held = zone_ptr[2:] > 0
    post_ptr, zone_ptr = np.cumsum(post_ptr), np.cumsum(zone_ptr)
    zone, post = np.empty(post_ptr[-1], np.int32), np.empty(zone_ptr[-1], np.int32)
    for z in range(num_zones):  # filling a list moves its beginning to its end, which is where the next one begins
        if held[z]:
            for p in zones.post[zones.ptr[z] : zones.ptr[z + 1]]:
                zone[post_ptr[p + 1]] = z
                post_ptr[p + 1] += 1
    for i in range(len(now.post)):
        if now.post[i] >= 0:
            z = wishes.zone[now.contract[i]]
            post[zone_ptr[z + 1]] = now.post[i]
            zone_ptr[z + 1] += 1
    return Holdings(post_ptr, zone, zone_ptr, post)


@kernel
def _doubled(steps: Ints) -> Ints:
    longer = np.empty(2 * len(steps), np.int64)
    longer[: len(steps)] = steps
    return longer
