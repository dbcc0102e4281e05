"""Who holds which contract and sits where, at one moment, and the cutoffs this leaves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.model.cutoffs import post_cutoffs, zone_cutoffs
from engine.model.market import Ints, ShortInts
from engine.verify.lists import NOTHING, Lists, Mask, ranges


@dataclass(frozen=True, eq=False)
class Seating:
    """One moment of a result.

    Attributes
    ----------
    lists : what everybody may hold
    seats : int64[m], seats of each post
    contract, post : int64[n+f]
        What each candidate holds, and where he sits, or `NOTHING`; seats closed are phantoms who sit there.
    """

    lists: Lists
    seats: Ints
    contract: Ints
    post: Ints

    @property
    def seated(self) -> Ints:
        """Candidates who hold something."""
        return np.flatnonzero(self.contract >= 0)

    @cached_property
    def occupants(self) -> Ints:
        """int64[m]: how many sit on each post, seats closed included."""
        return np.bincount(self.post[self.seated], minlength=self.lists.num_posts)

    @property
    def closed(self) -> Ints:
        """int64[m]: seats closed."""
        phantoms = self.post[self.lists.num_people :]
        return np.bincount(phantoms[phantoms >= 0], minlength=self.lists.num_posts)

    @property
    def free(self) -> Ints:
        """int64[m]: seats left free."""
        left: Ints = np.maximum(self.seats - self.occupants, 0)
        return left

    @cached_property
    def post_cutoffs(self) -> Ints:
        """int64[m]: what one has to beat to enter each post (`engine.model.cutoffs`)."""
        lists, held = self.lists, self.contract[self.seated]
        return post_cutoffs(
            lists.zone_ptr,
            lists.zone_post,
            self.seats.astype(np.int32),
            lists.zone[held],
            self.post[self.seated].astype(np.int32),
            lists.priority[held],
        )

    @cached_property
    def zone_cutoffs(self) -> Ints:
        """int64[z]: what one has to beat to enter each zone: the lowest of its posts."""
        return zone_cutoffs(self.lists.zone_ptr, self.lists.zone_post, self.post_cutoffs)

    def claims(self, competing: Mask) -> Ints:
        """Contracts that beat the cutoff of their zone, and that their candidate prefers to what he holds.

        Parameters
        ----------
        competing : bool[k], the contracts that count
        """
        better = np.flatnonzero(competing & self.lists.better_than(self.contract))
        return better[self.lists.priority[better] > self.zone_cutoffs[self.lists.zone[better]]]


def seating(lists: Lists, seats: Ints, closing: Ints, contract: Ints, post: Ints) -> Seating:
    """The moment at which people hold these contracts: of the seats they leave, those to be closed are.

    Parameters
    ----------
    seats, closing : int64[m], seats in all, and how many of them are to be closed as they fall free
    contract, post : int64[n]
    """
    taken = np.bincount(post[contract >= 0], minlength=lists.num_posts)
    closed = np.minimum(closing, np.maximum(seats - taken, 0))
    rows, where = lists.closings
    turn = np.arange(len(rows)) - np.searchsorted(where, where)
    gone = turn < closed[where]
    phantoms = lists.candidate[rows[gone]]
    everybody = np.full((2, lists.num_candidates), NOTHING)
    everybody[:, : lists.num_people] = contract, post
    everybody[:, phantoms] = rows[gone], where[gone]
    return Seating(lists, seats, *everybody)


def reached_from(now: Seating, zones: ShortInts | Ints) -> tuple[Mask, Mask]:
    """Walk from zones to those seated there, to the other posts of their zones, to those seated there, and so on.

    Returns
    -------
    posts, zones : bool[m], bool[z], what is met
    """
    lists = now.lists
    held_at, holder_zone = _zones_by_post(now)
    posts = np.zeros(lists.num_posts, dtype=np.bool_)
    met = np.zeros(len(lists.width), dtype=np.bool_)
    ahead = np.unique(zones)
    while len(ahead):
        met[ahead] = True
        found = np.unique(lists.zone_post[ranges(lists.zone_ptr[ahead], lists.width[ahead])])
        found = found[~posts[found]]
        posts[found] = True
        beyond = np.unique(holder_zone[ranges(held_at[found], np.diff(held_at)[found])])
        ahead = beyond[~met[beyond]]
    return posts, met


def _zones_by_post(now: Seating) -> tuple[Ints, ShortInts]:
    """The zones held by those seated at post p: ``zones[ptr[p]:ptr[p+1]]``."""
    people = now.seated[np.argsort(now.post[now.seated], kind="stable")]
    ptr = np.searchsorted(now.post[people], np.arange(now.lists.num_posts + 1))
    return ptr.astype(np.int64), now.lists.zone[now.contract[people]]
