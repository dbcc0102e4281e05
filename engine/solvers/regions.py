"""Zones isolated from each other: the candidates seated in a region and its seats, all regions of a level at once."""

from __future__ import annotations

import numpy as np

from engine.model.market import Ints, Market, ShortInts
from engine.solvers.arrays import distinct, pointer, ranges
from engine.solvers.parts import Contracts, Part, Zones, cut_out, wishes_down_to, with_floors
from engine.solvers.placement import Distances


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
    home = region[post[candidates]].astype(np.int64)
    contracts = wishes_down_to(market, held, candidates)
    num_regions = int(region.max()) + 1
    keys = contracts.zone * num_regions + home[contracts.owner]
    found, zones = _cut_zones(market, distinct(contracts.zone, market.num_zones)[0], region, num_regions)
    zone = np.searchsorted(found, keys)
    inside = np.append(found, -1)[zone] == keys
    if distance is not None:
        floor = np.append(contracts.owner[1:] != contracts.owner[:-1], True)
        guests, near = _near_zones(market, held, post, region, candidates, distance)
        zone[np.flatnonzero(floor)[guests]] = len(found) + np.arange(len(guests))
        zones = Zones(np.append(zones.ptr[:-1], zones.ptr[-1] + near.ptr), np.append(zones.post, near.post))
    kept = Contracts(*(column[inside] for column in (contracts.owner, zone, contracts.number)))
    return with_floors(cut_out(market, candidates, kept, zones))


def _cut_zones(market: Market, asked: Ints, region: ShortInts, num_regions: int) -> tuple[Ints, Zones]:
    """Zones cut down to every region they meet: their keys, zone x number of regions + region, and their posts.

    Every zone is gone through once, whatever the number of regions it meets.
    """
    width = np.diff(market.zone_ptr)[asked]
    post = market.zone_post[ranges(market.zone_ptr[asked], width)]
    key = np.repeat(asked, width) * num_regions + region[post]
    post, key = post[region[post] >= 0], key[region[post] >= 0]
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])
    return key[first], Zones(np.append(first, len(key)), post[order])


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
