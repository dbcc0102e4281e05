"""A part of a market: some candidates and some of their contracts, on the posts these lead to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.model.market import Ints, Market, ShortInts
from engine.solvers.arrays import distinct, pointer, ranges

LARGEST = np.iinfo(np.int64).max


class Zones(NamedTuple):
    """Posts of zone z are ``post[ptr[z]:ptr[z+1]]``."""

    ptr: Ints
    post: npt.NDArray[np.integer]


class Contracts(NamedTuple):
    """Contracts of some candidates: the candidate (int64[b], from 0, in order), the zone, and the outside number."""

    owner: Ints
    zone: Ints
    number: Ints


@dataclass(frozen=True, eq=False)
class Part:
    """A market of its own, and what its numbers mean outside.

    Attributes
    ----------
    market : Market
    candidates : int64[a], the outside number of each candidate
    contracts : int64[b], the outside number of each contract
    posts : int64[c], the outside number of each post
    """

    market: Market
    candidates: Ints
    contracts: Ints
    posts: Ints

    def put_back(self, held: Ints, seated: ShortInts, contract: Ints, post: ShortInts) -> None:
        """Write what the candidates of the part have now into `contract` and `post` of the whole market."""
        contract[self.candidates] = np.append(self.contracts, -1)[held]
        post[self.candidates] = np.append(self.posts, -1)[seated]

    def inside(self, contract: Ints, post: ShortInts) -> tuple[Ints, ShortInts]:
        """What the candidates have in the whole market, in the numbers of the part; all have one of its contracts."""
        first = self.market.wish_ptr[:-1]
        held = first + contract[self.candidates] - self.contracts[first]
        number = np.empty(self.posts[-1] + 1, dtype=np.int32)
        number[self.posts] = np.arange(len(self.posts), dtype=np.int32)
        return held, number[post[self.candidates]]


def wishes_of(market: Market, candidates: Ints) -> Contracts:
    """All contracts of some candidates."""
    return _contracts(market, candidates, np.diff(market.wish_ptr)[candidates])


def wishes_down_to(market: Market, held: Ints, candidates: Ints) -> Contracts:
    """What each of these candidates would like better than what he has, and last what he has.

    Parameters
    ----------
    held : int64[n], the contract of each candidate of the market; these candidates hold one.
    """
    return _contracts(market, candidates, held[candidates] - market.wish_ptr[candidates] + 1)


def _contracts(market: Market, candidates: Ints, counts: Ints) -> Contracts:
    number = ranges(market.wish_ptr[candidates], counts)
    owner = np.repeat(np.arange(len(candidates)), counts)
    return Contracts(owner, market.wish_zone[number].astype(np.int64), number)


def cut_out(market: Market, candidates: Ints, contracts: Contracts, zones: Zones | None = None) -> Part:
    """The part made of these candidates and contracts.

    Parameters
    ----------
    contracts : Contracts
        At least one for each candidate, best first.
    zones : Zones, optional
        What the zones of `contracts` are, in posts of the market. None: what they are in the market. All seats of these
        posts belong to the part.
    """
    zones = Zones(market.zone_ptr, market.zone_post) if zones is None else zones
    asked, wish_zone = distinct(contracts.zone, len(zones.ptr) - 1)
    width = np.diff(zones.ptr)[asked]
    posts, zone_post = distinct(zones.post[ranges(zones.ptr[asked], width)], market.num_posts)
    wish_ptr = pointer(np.bincount(contracts.owner, minlength=len(candidates)))
    last = contracts.number[wish_ptr[1:] - 1]
    part = Market(
        wish_ptr=wish_ptr,
        wish_zone=wish_zone.astype(np.int32),
        wish_priority=market.wish_priority[contracts.number],
        zone_ptr=pointer(width),
        zone_post=zone_post.astype(np.int32),
        seats=market.seats[posts],
        stay=np.where(last == market.stay[candidates], wish_ptr[1:] - 1, -1),
        link=np.full(len(candidates), -1, dtype=np.int32),
    )
    return Part(part, candidates, contracts.number, posts)


def with_floors(part: Part) -> Part:
    """The part in which everybody can keep what his last contract says, as holders keep their posts.

    Whatever a mechanism that respects priorities makes of it, nobody is left with less.
    """
    return _with_floors(part, np.ones(len(part.candidates), dtype=np.bool_))


def above(market: Market, held: Ints, candidates: Ints) -> Part:
    """What these candidates would like better than what they have, which they can keep; all they ask if they have
    nothing.

    Parameters
    ----------
    held : int64[n], the contract of each candidate of the market, or -1
    """
    end = np.where(held >= 0, held + 1, market.wish_ptr[1:])
    contracts = _contracts(market, candidates, (end - market.wish_ptr[:-1])[candidates])
    return _with_floors(cut_out(market, candidates, contracts), held[candidates] >= 0)


def _with_floors(part: Part, keeps: npt.NDArray[np.bool_]) -> Part:
    market = part.market
    stay = np.where(keeps, market.wish_ptr[1:] - 1, -1)
    return replace(part, market=replace(market, wish_priority=raised(market.wish_priority, stay[keeps]), stay=stay))


def raised(priority: Ints, floors: Ints) -> Ints:
    """Priorities in the same order, but those of the floors above all others, in their own order.

    Where adding the span of all priorities would leave int64, ranks take the place of priorities.
    """
    priority = priority.copy()
    if not len(priority):
        return priority
    span = int(priority.max()) - int(priority.min()) + 1
    if int(priority.max()) + span > LARGEST:
        ranks: Ints = np.unique(priority, return_inverse=True)[1]
        priority, span = ranks.astype(np.int64), len(priority)
    priority[floors] += span
    return priority
