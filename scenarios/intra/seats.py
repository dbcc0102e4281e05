"""Which seats are vacant: as many as there are candidates without a post, and a few more."""

from __future__ import annotations

import numpy as np

from scenarios.draws import Floats, Ints, Streams, pick_within, sums
from scenarios.intra.atlas import NOWHERE
from scenarios.intra.people import People
from scenarios.intra.posts import Posts
from scenarios.intra.profile import Seats


def draw_seats(
    seats: Seats,
    posts: Posts,
    people: People,
    worth: Floats,
    closed: Ints,
    streams: Streams,
    arriving: Ints | None = None,
) -> Ints:
    """Draw the vacant seats of every post; negative where one is closed as it falls free.

    In each market (discipline in an académie) the ordinary posts have as many vacant seats, net of closings, as there
    are mandatory candidates and holders of specific posts who may come, and a slack: so whoever must be placed can be,
    by extension at the latest. (Were he refused everywhere, all these seats would be taken, by fewer people than there
    are seats.) A share is in zones de remplacement; the others are in schools, more in those liked less. Vacant
    specific posts come on top.

    Parameters
    ----------
    worth : float64[p], what places are worth to everybody
    arriving : int64[number of markets], who come from elsewhere without being among the people; nobody by default
    closed : int64[c], posts that the table of closures takes seats of: none of theirs is vacant

    Returns
    -------
    int64[m]
    """
    closing = _closings(seats, posts, people, closed, streams)
    needed = _needed(posts, people) + sums(closing, posts.ptr) + (0 if arriving is None else arriving)
    offered = np.floor(needed * (1 + seats.slack.value) + streams.uniform("slack", len(needed))).astype(np.int64)
    weights = _weights(seats, posts, worth, closed, closing, streams)
    specific = posts.specific & streams.flags("specific_vacant", len(posts), seats.specific_share.value)
    return _dealt(posts, offered, weights, seats.replacement_share.value, streams) - closing + specific


def _needed(posts: Posts, people: People) -> Ints:
    """int64[number of markets]: candidates who come to ordinary posts without leaving one."""
    from_specific = ~people.mandatory & posts.specific[people.held]
    market = people.academy * posts.num_disciplines + people.discipline
    comes = people.mandatory | people.hit | from_specific
    return np.bincount(market[comes], minlength=len(posts.ptr) - 1)


def _closings(seats: Seats, posts: Posts, people: People, closed: Ints, streams: Streams) -> Ints:
    """int64[m]: one seat to close, on some of the posts that a participant holds."""
    held = np.bincount(people.held[people.held != NOWHERE], minlength=len(posts)) > 0
    held[closed] = False
    return (held & ~posts.specific & streams.flags("closing", len(posts), seats.closing_share.value)).astype(np.int64)


def _weights(seats: Seats, posts: Posts, worth: Floats, closed: Ints, closing: Ints, streams: Streams) -> Floats:
    """float64[m]: how readily a seat of each post is vacant."""
    uneven = -np.log1p(-streams.uniform("vacant", len(posts)))
    weights: Floats = np.maximum(posts.positions, posts.replacement) * uneven**seats.unevenness.value
    weights = weights * np.exp(np.where(posts.replacement, 0.0, seats.appeal.value * worth[posts.place]))
    weights[posts.specific | (closing > 0)] = 0.0
    weights[closed] = 0.0
    return weights


def _dealt(posts: Posts, offered: Ints, weights: Floats, replacement_share: float, streams: Streams) -> Ints:
    """int64[m]: the seats of every market dealt out, a share to ZR and the rest to schools, by weights."""
    market = np.repeat(np.arange(len(offered)), offered)
    by_kind = {zone: np.where(posts.replacement == zone, weights, 0.0) for zone in (True, False)}
    some = {zone: sums(mine, posts.ptr)[market] > 0 for zone, mine in by_kind.items()}
    wanted = streams.flags("seat_on_replacement", len(market), replacement_share)
    on_replacement = some[True] & (wanted | ~some[False])
    uniform = streams.uniform("seat", len(market))
    vacant = np.zeros(len(posts), dtype=np.int64)
    for zone, mine in by_kind.items():
        rows = np.flatnonzero(some[zone] & (on_replacement == zone))
        vacant += np.bincount(pick_within(uniform[rows], mine, posts.ptr, market[rows]), minlength=len(posts))
    return vacant
