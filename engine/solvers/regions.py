"""Zones isolated from each other: the candidates seated in a region and its seats, all regions of a level at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.model.market import Ints, Market, ShortInts
from engine.solvers.arrays import Mask, distinct, pointer, ranges
from engine.solvers.blocks import Blocks
from engine.solvers.parts import Contracts, Part, Zones, cut_out, wishes_down_to, with_floors
from engine.solvers.placement import Distances


class Level:
    """The regions of a level, and in which of them something has changed since they were last isolated.

    Attributes
    ----------
    region : int32[m]
        The region of each post, or -1. Posts of different blocks lie in different regions.
    changed : bool[number of regions + 1]
        The last is for no region.
    """

    def __init__(self, region: ShortInts) -> None:
        self.region = region
        self.changed = np.ones(int(region.max(initial=-1)) + 2, dtype=np.bool_)
        self.changed[-1] = False

    def take(self, post: ShortInts) -> Mask:
        """bool[n]: who sits, or sits on nothing (-1), in a region with changes; from now on these count as isolated."""
        inside = self.changed[self._regions(post)]
        self.changed[:] = False
        return inside

    def touch(self, post: ShortInts) -> None:
        """Something has changed on these posts."""
        self.changed[self._regions(post)] = True
        self.changed[-1] = False

    def _regions(self, post: ShortInts) -> ShortInts:
        return np.where(post >= 0, self.region[post], -1)


def levels_of(market: Market, blocks: Blocks, regions: Sequence[ShortInts]) -> list[Level]:
    """The levels of a market from the region of each post at each level, int32[m]."""
    block = blocks.of_posts(market).astype(np.int64)
    return [Level(_numbered(block, region)) for region in regions]


def _numbered(block: Ints, region: ShortInts) -> ShortInts:
    """int32[m]: one number for each block and region that occur together, -1 where one is -1."""
    known = (block >= 0) & (region >= 0)
    pairs = block[known] * (int(region.max(initial=0)) + 1) + region[known]
    number = np.full(len(region), -1, dtype=np.int32)
    number[known] = np.unique(pairs, return_inverse=True)[1]
    return number


def isolated(
    market: Market, held: Ints, post: ShortInts, region: ShortInts, candidates: Ints, distance: Distances | None
) -> Part:
    """The regions of a level as one part. They do not touch: every zone is cut down to the region of its candidate.

    A wish that covers no post of the region is left out. What a candidate has is cut down as well; where he has
    distances, to the posts no farther than his seat, if there are others.

    Parameters
    ----------
    market : Market
    held : int64[n]
    post : int32[n]
    region : int32[m]
        Region of each post, or -1.
    candidates : int64[a]
        Seated in some region.
    distance : Distances, optional
        Of all candidates, for the zones they hold.
    """
    contracts = wishes_down_to(market, held, candidates)
    asked, of_asked = distinct(contracts.zone, market.num_zones)
    pieces = _pieces(market, asked, region)
    zone = pieces.of(of_asked, region[post[candidates]][contracts.owner])
    zones, inside = pieces.zones, zone >= 0
    if distance is not None:
        floor = np.append(contracts.owner[1:] != contracts.owner[:-1], True)
        guests, near = _near_zones(market, held, post, region, candidates, distance)
        zone[np.flatnonzero(floor)[guests]] = len(zones.ptr) - 1 + np.arange(len(guests))
        zones = Zones(np.append(zones.ptr[:-1], zones.ptr[-1] + near.ptr), np.append(zones.post, near.post))
    kept = Contracts(*(column[inside] for column in (contracts.owner, zone, contracts.number)))
    return with_floors(cut_out(market, candidates, kept, zones))


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Zones cut along regions: those of zone z are ``first[z]:first[z+1]``, in the order of their regions."""

    first: Ints
    region: ShortInts
    zones: Zones

    def of(self, zone: Ints, region: ShortInts) -> Ints:
        """The piece of each of some zones in a region, or -1."""
        from engine.jit import sealed
        from engine.solvers.regions_kernel import found_between

        first, end = self.first[zone], self.first[zone + 1]
        return found_between(sealed(first), sealed(end), sealed(self.region), sealed(region))


def _pieces(market: Market, asked: Ints, region: ShortInts) -> _Pieces:
    """Some zones cut along the regions they meet. Each is gone through once, however many regions that are."""
    width = np.diff(market.zone_ptr)[asked]
    post = market.zone_post[ranges(market.zone_ptr[asked], width)]
    zone, inside = np.repeat(np.arange(len(asked)), width), region[post] >= 0
    zone, post = zone[inside], post[inside]
    order = np.lexsort((region[post], zone))
    zone, post = zone[order], post[order]
    fresh = np.ones(len(post), dtype=np.bool_)
    fresh[1:] = (zone[1:] != zone[:-1]) | (region[post[1:]] != region[post[:-1]])
    start = np.flatnonzero(fresh)
    first = pointer(np.bincount(zone[start], minlength=len(asked)))
    return _Pieces(first, region[post[start]], Zones(np.append(start, len(post)), post))


def _near_zones(
    market: Market, held: Ints, post: ShortInts, region: ShortInts, candidates: Ints, distance: Distances
) -> tuple[Ints, Zones]:
    """Posts of the region and the zone held that are no farther than the seat, for those who could be moved farther.

    Returns
    -------
    guests : int64[g], places among `candidates`
    zones : Zones, one for each of them
    """
    guests = np.flatnonzero(np.diff(distance.ptr)[candidates])
    chosen = candidates[guests]
    length = np.diff(distance.ptr)[chosen]
    entry = market.zone_post[ranges(market.zone_ptr[market.wish_zone[held[chosen]]], length)]
    guest = np.repeat(np.arange(len(guests)), length)
    cost = distance.of(chosen).cost
    seat = entry == post[chosen][guest]
    own = np.full(len(guests), np.iinfo(np.int64).max)
    np.minimum.at(own, guest[seat], cost[seat])
    inside = region[entry] == region[post[chosen]][guest]
    near = inside & (cost <= own[guest])
    farther = np.bincount(guest[inside & ~near], minlength=len(guests)) > 0
    kept = near & farther[guest]
    counts = np.bincount(guest[kept], minlength=len(guests))[farther]
    return guests[farther], Zones(pointer(counts), entry[kept])
