"""Lists of wishes: how many of which kind each makes, filled with his best choices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scenarios.draws import Flags, Floats, Ints, Streams, pick
from scenarios.intra.atlas import NOWHERE
from scenarios.intra.people import People
from scenarios.intra.preferences import Best
from scenarios.intra.profile import KINDS, SITUATIONS, Situation, WishList

POST = KINDS.index("POST")
NUM_SPECIFIC = 2
"""Specific posts asked for by those who ask for some."""


@dataclass(frozen=True, eq=False)
class Wishes:
    """Wishes in the order of candidates and ranks, k of them.

    Attributes
    ----------
    candidate, rank : int64[k]; ranks from 1
    kind : int64[k], number among `KINDS`
    zone : int64[k], number of the zone among those of its kind (`preferences.Best`)
    """

    candidate: Ints
    rank: Ints
    kind: Ints
    zone: Ints


def draw_lists(
    lists: dict[Situation, list[WishList]],
    people: People,
    best: Best,
    asks_specific: Flags,
    most: int,
    streams: Streams,
) -> Wishes:
    """Draw the list of everybody: one of the lists of his situation, its lengths drawn evenly between their bounds.

    Parameters
    ----------
    asks_specific : bool[n], who asks for specific posts, first of all
    most : wishes a list may hold
    """
    requests = [_requests(np.flatnonzero(asks_specific), 0, POST, 0, NUM_SPECIFIC)]
    uniform = streams.uniform("list", len(people))
    for number, situation in enumerate(SITUATIONS):
        rows = np.flatnonzero(people.situation == number)
        chosen = pick(uniform[rows], np.array([row.weight for row in lists[situation]], dtype=np.float64))
        for position, wish_list in enumerate(lists[situation]):
            mine = rows[chosen == position]
            lengths = streams.uniform(f"lengths_{situation}_{position}", len(mine), len(wish_list.segments))
            requests += _segments(wish_list, mine, lengths)
    return _filled(np.vstack(requests), best, most)


def _segments(wish_list: WishList, rows: Ints, uniform: Floats) -> Iterator[Ints]:
    """The requests of each segment; a kind that comes again goes on with the best choices not yet used."""
    used = dict.fromkeys(KINDS, np.zeros(len(rows), dtype=np.int64))
    for number, segment in enumerate(wish_list.segments):
        length = segment.least + np.floor(uniform[:, number] * (segment.most - segment.least + 1)).astype(np.int64)
        yield _requests(rows, number + 1, KINDS.index(segment.kind), used[segment.kind], length)
        used[segment.kind] = used[segment.kind] + length


def _requests(rows: Ints, segment: int, kind: int, start: Ints | int, length: Ints | int) -> Ints:
    """int64[k, 4]: candidate, number of the segment, kind, and which of the best choices of that kind."""
    counts, first = np.broadcast_to(length, rows.shape), np.broadcast_to(start, rows.shape)
    step = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    who = np.repeat(rows, counts)
    return np.column_stack([who, np.full_like(who, segment), np.full_like(who, kind), np.repeat(first, counts) + step])


def _filled(requests: Ints, best: Best, most: int) -> Wishes:
    """The requests in order, each with its zone; those for which nothing is left are dropped, and what is too long."""
    candidate, _, kind, place = requests[np.lexsort((requests[:, 3], requests[:, 1], requests[:, 0]))].T
    zone = np.full(len(candidate), NOWHERE, dtype=np.int64)
    for number, name in enumerate(KINDS):
        asked = np.flatnonzero((kind == number) & (place < best[name].shape[1]))
        zone[asked] = best[name][candidate[asked], place[asked]]
    kept = np.flatnonzero(zone != NOWHERE)
    candidate, kind, zone = candidate[kept], kind[kept], zone[kept]
    rank = np.arange(len(candidate)) - np.searchsorted(candidate, candidate) + 1
    short = rank <= most
    return Wishes(candidate[short], rank[short], kind[short], zone[short])
