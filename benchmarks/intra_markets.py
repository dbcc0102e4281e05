"""Drawn intra-académique markets: blocks of one shape, zones of all sizes.

A block is a discipline in some départements, four to an académie. A département has 3 groupements of 4 communes, a
collège in each commune and a lycée in every other one, and a zone de remplacement. Candidates ask for schools around a
place of theirs, then for wider and wider zones, some for lycées only; three in five hold a post and are followed by
their stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.model.market import Ints, Market, ShortInts
from engine.solvers.arrays import pointer, ranges
from engine.solvers.placement import Distances

PER_GROUPING, PER_DEPARTMENT, PER_ACADEMY = 4, 12, 48  # communes
SHARE_OF_HOLDERS = 0.6
SEATS_PER_ENTRANT = 0.55
METRES = 100_000
STAY = 10_000  # points beyond those of any wish

Mask = npt.NDArray[np.bool_]
Slot = tuple[str, Ints, int, float]  # kind of zone, which one, points of a bonus, share of candidates who ask for it


@dataclass(frozen=True, eq=False)
class Intra:
    """A market with the regions its posts lie in: département, groupement, commune (int32[m] each, -1 for ZR)."""

    market: Market
    regions: tuple[ShortInts, ...]
    place: npt.NDArray[np.float64]  # float64[m, 2]: where each post lies, in metres
    near: npt.NDArray[np.float64]  # float64[n, 2]: where each candidate would like to be, NaN where he does not say

    def distances(self, contract: Ints) -> Distances:
        """Metres from where a candidate would like to be to the posts of the zone he holds, ZR left out."""
        market = self.market
        zone = np.where(contract >= 0, market.wish_zone[contract], 0)
        width = np.diff(market.zone_ptr)[zone]
        asked = (contract >= 0) & (width > 1) & ~np.isnan(self.near[:, 0])
        asked &= self.regions[0][market.zone_post[market.zone_ptr[zone]]] >= 0
        width = np.where(asked, width, 0)
        post = market.zone_post[ranges(market.zone_ptr[zone], width)]
        away = np.linalg.norm(self.place[post] - np.repeat(self.near, width, axis=0), axis=1)
        return Distances(pointer(width), away.astype(np.int64))


class Shape:
    """The posts of one block (collèges, lycées, ZR) and its zones: for each kind, the zone every post lies in, or -1.

    Zones are numbered kind by kind; those of one post bear the number of the post.
    """

    def __init__(self, num_departments: int) -> None:
        self.num_departments = num_departments
        self.num_communes = num_departments * PER_DEPARTMENT
        communes = np.arange(self.num_communes)
        self.commune = np.concatenate((communes, communes[::2], np.full(num_departments, -1)))
        self.num_posts = len(self.commune)
        lycee = np.arange(self.num_posts) >= self.num_communes
        zr = np.full(self.num_posts, -1)
        zr[-num_departments:] = np.arange(num_departments)
        within = {
            name: self.within(size) for name, size in (("grouping", PER_GROUPING), ("department", PER_DEPARTMENT))
        }
        self.zone_of = {
            "post": np.arange(self.num_posts),
            "commune": self.commune,
            **within,
            **{f"{name} lycees": np.where(lycee, zone, -1) for name, zone in within.items()},
            "academy": self.within(PER_ACADEMY),
            "academy zr": np.where(zr >= 0, zr // (PER_ACADEMY // PER_DEPARTMENT), -1),
        }
        counts = [int(zone.max()) + 1 for zone in self.zone_of.values()]
        starts = pointer(np.array(counts)).tolist()
        self.first = dict(zip(self.zone_of, starts, strict=False))
        self.num_zones = starts[-1]

    def within(self, size: int) -> Ints:
        """int64[m]: the number of the group of so many communes that each post lies in."""
        return np.where(self.commune >= 0, self.commune // size, -1)

    def zones(self) -> tuple[Ints, Ints]:
        """The number of posts of each zone, and the posts, zone by zone."""
        widths, posts = [], []
        for zone in self.zone_of.values():
            inside = np.flatnonzero(zone >= 0)
            posts.append(inside[np.argsort(zone[inside], kind="stable")])
            widths.append(np.bincount(zone[inside]))
        return np.concatenate(widths), np.concatenate(posts)


@lru_cache(maxsize=1)
def intra_market(
    num_candidates: int, num_blocks: int, *, num_departments: int = 4, typed: bool = True, seed: int = 1
) -> Intra:
    """A market of a given size; the same arguments give the same market. Zones are nested unless some are typed."""
    rng = np.random.default_rng(seed)
    shape = Shape(num_departments)
    slots = _slots(rng, num_candidates, shape, typed)
    held = np.where(
        rng.random(num_candidates) < SHARE_OF_HOLDERS, rng.integers(shape.num_posts, size=num_candidates), -1
    )
    zone = np.stack([shape.first[kind] + number for kind, number, _, _ in slots], axis=1)
    listed = _listed(rng, shape, slots, held)
    bonus = np.array([points for _, _, points, _ in slots]) * (rng.random(num_candidates) < 0.5)[:, None]
    points = bonus + rng.integers(200, size=num_candidates)[:, None]
    block = np.sort(rng.integers(num_blocks, size=num_candidates))
    zone = np.column_stack((zone, np.maximum(held, 0)))
    listed = np.column_stack((listed, held >= 0))
    points = np.column_stack((points, np.full(num_candidates, STAY)))
    priority = (points * num_candidates + rng.permutation(num_candidates)[:, None]) * zone.shape[1]
    ptr = pointer(listed.sum(axis=1))
    widths, posts = shape.zones()
    market = Market(
        wish_ptr=ptr,
        wish_zone=(zone + (block * shape.num_zones)[:, None])[listed].astype(np.int32),
        wish_priority=(priority + np.arange(zone.shape[1]))[listed],
        zone_ptr=pointer(np.tile(widths, num_blocks)),
        zone_post=_in_every_block(posts, num_blocks, shape.num_posts).astype(np.int32),
        seats=_seats(rng, block, held, num_blocks, shape.num_posts),
        stay=np.where(held >= 0, ptr[1:] - 1, -1),
        link=np.full(num_candidates, -1, dtype=np.int32),
    )
    return _located(rng, market, np.where(listed[:, 0], zone[:, 0], -1), num_blocks, shape)


def _slots(rng: np.random.Generator, n: int, shape: Shape, typed: bool) -> list[Slot]:
    """What everybody may ask for, best first: schools, then wider zones around an anchor, and some elsewhere."""
    anchor = np.minimum((rng.random(n) ** 1.7 * shape.num_communes).astype(np.int64), shape.num_communes - 1)
    grouping, department = anchor // PER_GROUPING, anchor // PER_DEPARTMENT
    near = rng.integers(PER_DEPARTMENT, size=(6, n)) + department * PER_DEPARTMENT
    elsewhere = rng.integers(shape.num_departments, size=n)
    lycees = (rng.random(n) < 0.3) & typed

    def schools(kind: str, number: Ints, points: int, share: float) -> list[Slot]:
        """Lycées only for those who want that, which takes a slot for each kind of zone."""
        whole, part = np.where(lycees, -1, number), np.where(lycees, number, -1)
        return [(f"{kind} lycees", part, points, share), (kind, whole, points, share)]

    slots: list[Slot] = [
        ("post", anchor, 0, 0.8),
        *(("post", commune, 0, 0.7) for commune in near),
        ("post", shape.num_communes + anchor // 2, 0, 0.6),
        ("commune", anchor, 50, 0.8),
        ("commune", near[0], 50, 0.7),
        *schools("grouping", grouping, 50, 0.8),
        ("grouping", grouping, 51, 0.5),
        ("grouping", near[1] // PER_GROUPING, 51, 0.6),
        *schools("department", department, 90, 0.8),
        ("post", shape.num_posts - shape.num_departments + department, 60, 0.6),
        ("department", department, 91, 0.6),
        ("department", elsewhere, 20, 0.6),
    ]
    academy = department // (PER_ACADEMY // PER_DEPARTMENT)
    return [*slots, ("academy", academy, 0, 0.5), ("academy zr", academy, 0, 0.5)]


def _listed(rng: np.random.Generator, shape: Shape, slots: list[Slot], held: Ints) -> Mask:
    """bool[n, slots]: a wish that covers the post held is struck out, and all that follow."""
    shares = np.array([share for _, _, _, share in slots])
    asked = np.stack([number >= 0 for _, number, _, _ in slots], axis=1)
    listed = asked & (rng.random(asked.shape) < shares)
    at_home = np.stack([(shape.zone_of[kind][held] == number) & (held >= 0) for kind, number, _, _ in slots], axis=1)
    return listed & (np.cumsum(listed & at_home, axis=1) == 0)


def _seats(rng: np.random.Generator, block: Ints, held: Ints, num_blocks: int, num_posts: int) -> ShortInts:
    taken = (block * num_posts + held)[held >= 0]
    offered = rng.integers(num_blocks * num_posts, size=int(SEATS_PER_ENTRANT * (held < 0).sum()))
    return np.bincount(np.append(taken, offered), minlength=num_blocks * num_posts).astype(np.int32)


def _located(rng: np.random.Generator, market: Market, first_wish: Ints, num_blocks: int, shape: Shape) -> Intra:
    """With communes somewhere in a square; a candidate would like to be where his first wish is."""
    place = rng.random((shape.num_communes, 2)) * METRES
    regions = (shape.within(size) for size in (PER_DEPARTMENT, PER_GROUPING, 1))
    return Intra(
        market=market,
        regions=tuple(_in_every_block(region, num_blocks, shape.num_communes).astype(np.int32) for region in regions),
        place=np.tile(place[shape.commune], (num_blocks, 1)),
        near=np.where((first_wish >= 0)[:, None], place[np.minimum(first_wish, len(place) - 1)], np.nan),
    )


def _in_every_block(numbers: Ints, num_blocks: int, step: int) -> Ints:
    """The numbers once for each block, `step` further each time; -1 stays -1."""
    shifted = numbers + np.arange(num_blocks)[:, None] * step
    return np.where(numbers < 0, -1, shifted).ravel()
