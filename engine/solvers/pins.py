"""Candidates whom a decision places, under the mechanisms that do not look at all priorities at once.

A pinned candidate leaves the market: the seat he holds is vacant from the start, and of the seats he may have he takes
one that is vacant, or the first that falls free, before whoever asks on points and after the seats to be closed. What
is left is a market of the others.

This is what `stable` does with his contracts as they are: they beat all wishes, and where he obtains one he never falls
back on his stay, so that it was in nobody's way. Where he obtains none the decision cannot be met, whatever the others
have.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.model.market import Ints, Market, ShortInts
from engine.solvers.arrays import Mask, pointer
from engine.solvers.parts import cut_out, wishes_of
from engine.solvers.stable import stable


def only(market: Market, kept: Mask) -> tuple[Market, Ints]:
    """The market with some of its contracts, its candidates and posts as they are.

    Parameters
    ----------
    kept : bool[k]

    Returns
    -------
    market : Market
    contracts : int64[], the old number of each contract, and -1 for number -1
    """
    number = np.flatnonzero(kept)
    wish_ptr = pointer(np.bincount(market.candidate_of_contract()[number], minlength=market.num_candidates))
    stays = (market.stay >= 0) & np.append(kept, False)[market.stay]
    smaller = replace(
        market,
        wish_ptr=wish_ptr,
        wish_zone=market.wish_zone[number],
        wish_priority=market.wish_priority[number],
        stay=np.where(stays, wish_ptr[1:] - 1, -1),
    )
    return smaller, np.append(number, -1)


def seats_given_up(market: Market, pinned: Mask) -> tuple[Market, Ints]:
    """The market in which pinned candidates have left the seats they hold (`only`)."""
    given_up = market.stay[pinned & (market.stay >= 0)]
    return only(market, ~np.isin(np.arange(market.num_contracts), given_up))


def on_vacant_seats(market: Market, waits: Mask) -> tuple[Ints, ShortInts]:
    """int64[n], int32[n]: the contract and the post of those, among some, who can be seated at once; -1 of all others.

    Those kept are the choice among their contracts, on the seats that nobody holds (DESIGN 7).

    Parameters
    ----------
    waits : bool[n], pinned candidates, and those who stand for a seat to be closed: they come first
    """
    contract, post = np.full(market.num_candidates, -1), np.full(market.num_candidates, -1, dtype=np.int32)
    asking = np.flatnonzero(waits & (np.diff(market.wish_ptr) > 0))
    if len(asking):
        homes = market.zone_post[market.zone_ptr[market.wish_zone[market.stay[market.stay >= 0]]]]
        vacant = market.seats - np.bincount(homes, minlength=market.num_posts)
        free = replace(market, seats=vacant.astype(np.int32))
        part = cut_out(free, asking, wishes_of(free, asking))
        found = stable(part.market)
        part.put_back(found.contract, found.post, contract, post)
    return contract, post
