"""The contracts of a campaign as arrays: what the properties count with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.model.contracts import PHASES, Contracts
from engine.model.market import Ints, ShortInts

Mask = npt.NDArray[np.bool_]

MAIN, EXTENSION, CLOSING, STAY = range(4)
"""Phases of contracts by their place in `engine.model.contracts.PHASES`."""

NOTHING = -1  # instead of a contract or a post


@dataclass(frozen=True, eq=False)
class Lists:
    """What everybody may hold, best first. A contract is named by its row of `Contracts.rows`.

    Seats to be closed are phantom candidates: they are numbered on behind the n people, n + f in all.

    Attributes
    ----------
    num_people : n
    ptr : int64[n+f+1]
        Contracts of candidate i are ``ptr[i]:ptr[i+1]``.
    candidate, zone, priority, phase, rank : int64[k], int32[k], int64[k], int64[k], int64[k]
        Of each contract; the rank is 0 where it is no wish of the candidate's own.
    zone_ptr, zone_post : int64[z+1], int32[]
        Posts of zone z are ``zone_post[zone_ptr[z]:zone_ptr[z+1]]``, ascending.
    num_posts : int
    link : int64[n+f], the link of each candidate, or -1; the t-th contract of each member is for the same wish
    """

    num_people: int
    ptr: Ints
    candidate: Ints
    zone: ShortInts
    priority: Ints
    phase: Ints
    rank: Ints
    zone_ptr: Ints
    zone_post: ShortInts
    num_posts: int
    link: Ints

    @property
    def num_candidates(self) -> int:
        return len(self.ptr) - 1

    @property
    def width(self) -> Ints:
        """int64[z]: how many posts a zone has."""
        return np.diff(self.zone_ptr)

    @cached_property
    def closings(self) -> tuple[Ints, Ints]:
        """int64[f], int64[f]: contracts of the phantoms and their posts, post by post, strongest first."""
        rows = np.flatnonzero(self.phase == CLOSING)
        post = self.zone_post[self.zone_ptr[self.zone[rows]]].astype(np.int64)
        order = np.lexsort((-self.priority[rows], post))
        return rows[order], post[order]

    @cached_property
    def row_of_priority(self) -> Ints:
        """int64[k+1]: the contract that has a priority; priorities are 1, 2, ... of all contracts."""
        rows = np.full(len(self.priority) + 1, NOTHING)
        rows[self.priority] = np.arange(len(self.priority))
        return rows

    @cached_property
    def _members(self) -> Ints:
        zone = np.repeat(np.arange(len(self.zone_ptr) - 1), self.width)
        return zone * self.num_posts + self.zone_post

    def covers(self, contracts: Ints, posts: Ints) -> Mask:
        """Whether the zone of each contract has the post beside it."""
        wanted = self.zone[contracts].astype(np.int64) * self.num_posts + posts
        place = np.searchsorted(self._members, wanted)
        found: Mask = np.append(self._members, NOTHING)[place] == wanted
        return found

    def first_of_each(self, contracts: Ints) -> Ints:
        """int64[n+f]: of these contracts, ascending, the first of each candidate, or `NOTHING`."""
        first = np.full(self.num_candidates, NOTHING)
        first[self.candidate[contracts[::-1]]] = contracts[::-1]  # what is written last stays
        return first

    def better_than(self, held: Ints) -> Mask:
        """bool[k]: whether a candidate prefers the contract to the one he holds."""
        limit = np.where(held >= 0, held, self.ptr[1:])
        return np.arange(len(self.candidate)) < limit[self.candidate]


def lists_of(contracts: Contracts, num_people: int, num_posts: int) -> Lists:
    """The contracts of a campaign with so many candidates and posts, as arrays."""
    rows = contracts.rows
    candidate = rows["candidate"].to_numpy().astype(np.int64)
    everybody = np.arange(num_people + contracts.num_phantoms + 1)
    return Lists(
        num_people=num_people,
        ptr=np.searchsorted(candidate, everybody).astype(np.int64),
        candidate=candidate,
        zone=rows["zone"].to_numpy().astype(np.int32),
        priority=rows["priority"].to_numpy().astype(np.int64),
        phase=rows["phase"].cast(PHASES).to_physical().to_numpy().astype(np.int64),
        rank=rows["rank"].cast(pl.Int64).fill_null(0).to_numpy(),
        zone_ptr=contracts.zones.ptr,
        zone_post=contracts.zones.post,
        num_posts=num_posts,
        link=contracts.link,
    )


def ranges(first: Ints, lengths: Ints) -> Ints:
    """first[0], first[0] + 1, ... (lengths[0] numbers), first[1], ..."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(first - before, lengths) + np.arange(lengths.sum())
