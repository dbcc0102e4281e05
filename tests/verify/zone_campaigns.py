"""Campaigns with zones of several posts for the verdict: small ones by hand, and random markets told as campaigns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from engine.model.campaign import Campaign, canonical
from engine.model.market import Ints, Market
from engine.model.rulebook import Rulebook
from engine.model.schemas import SCHEMAS, empty_table
from engine.model.settings import Settings
from tests.solvers.zone_markets import random_market, zones_of

DISCIPLINE = "M"
Rows = list[dict[str, Any]]


def campaign_of(**tables: Rows) -> Campaign:
    """A campaign of the intra movement without a rulebook, from rows of its tables."""
    rules = Rulebook.load("none").at(2018)
    settings = Settings(schema=1, id="zones", movement="intra", rulebook="none", session=2018, seed=1)
    frames = {name: pl.DataFrame(tables.get(name, []), schema=empty_table(name).schema) for name in SCHEMAS}
    return Campaign(settings, rules, **{name: canonical(name, table, {}) for name, table in frames.items()})


# By hand

Wish = tuple[str, str, int] | tuple[str, str, int, str]  # kind, code, points, type of school


@dataclass(frozen=True)
class Person:
    """A candidate: his wishes, best first, the school he holds a post in, whether he must have a post."""

    wishes: Sequence[Wish] = ()
    held: str | None = None
    mandatory: bool = False


def town(
    people: Mapping[str, Person], seats: Mapping[str, int], extension: Rows | None = None, specific: str = ""
) -> Campaign:
    """Schools E1 to E6 of département 63, one commune after the other on a line, and the ZR Z.

    E1 (CLG) and E2 (LYC) are in the commune 11111, E3 (CLG) and E4 (LYC) in 22222, E5 (CLG) in 33333, E6 (LYC) in
    44444. A school that `seats` does not name has no post; the post of school E1 is E1-M. That of `specific` is one.
    """
    communes = ("11111", "11111", "22222", "22222", "33333", "44444")
    where = {f"E{k}": (commune, ("LYC", "CLG")[k % 2]) for k, commune in enumerate(communes, start=1)}
    places: Rows = [
        {"place_id": name, "kind": "ETB", "commune": commune, "school_type": kind, "department": "63", "academy": "06"}
        for name, (commune, kind) in where.items()
    ]
    for place, north in zip(places, range(6), strict=True):
        place |= {"lat": 45 + 0.09 * north, "lon": 3.0}
    places.append({"place_id": "Z", "kind": "ZR", "department": "63", "academy": "06"})
    posts = [
        {
            "post_id": f"{place}-{DISCIPLINE}",
            "place_id": place,
            "discipline": DISCIPLINE,
            "seats": count,
            "profile": "specific" if place == specific else "ordinary",
        }
        for place, count in seats.items()
    ]
    candidates = [
        {
            "candidate_id": name,
            "discipline": DISCIPLINE,
            "held_post": person.held and f"{person.held}-{DISCIPLINE}",
            "mandatory": person.mandatory,
        }
        for name, person in people.items()
    ]
    wishes = [
        {
            "candidate_id": name,
            "rank": rank,
            "kind": kind,
            "code": code,
            "points": points * 1000,
            "school_type": school_type[0] if school_type else None,
        }
        for name, person in people.items()
        for rank, (kind, code, points, *school_type) in enumerate(person.wishes, start=1)
    ]
    return campaign_of(places=places, posts=posts, candidates=candidates, wishes=wishes, extension=extension or [])


# Random markets


@dataclass(frozen=True)
class Told:
    """A market whose phantoms stand last, and the campaign that says the same.

    Candidate i of the market is C00i; its wishes have ranks 1, 2, ...
    """

    market: Market
    num_people: int
    campaign: Campaign

    def outcomes(self, contract: Sequence[int] | Ints, post: Sequence[int] | Ints) -> pl.DataFrame:
        """The outcome table that says who of the people holds which contract (-1: none) and sits where."""
        rows = [self._row(i, int(contract[i]), int(post[i])) for i in range(self.num_people)]
        columns = ("candidate_id", "status", "rank", "kind", "code", "place_id", "post_id", "phase")
        types = {name: pl.Int64 if name == "rank" else pl.String for name in columns}
        return pl.DataFrame(rows, schema=types)

    def with_before(self, outcomes: pl.DataFrame, contract: Ints, post: Ints) -> pl.DataFrame:
        """The same with what the mechanism gave before an improvement."""
        before = self.outcomes(contract, post).select("candidate_id", before_rank="rank", before_post_id="post_id")
        return outcomes.join(before, on="candidate_id", how="left", maintain_order="left")

    def claim(self, contract: int) -> tuple[str, int]:
        """The candidate and the rank of a contract."""
        i = int(np.searchsorted(self.market.wish_ptr, contract, side="right")) - 1
        return name_of(i), contract - int(self.market.wish_ptr[i]) + 1

    def _row(self, i: int, contract: int, post: int) -> dict[str, Any]:
        row: dict[str, Any] = {"candidate_id": name_of(i)}
        if contract < 0:
            return row | {"status": "unassigned"}
        row |= {"place_id": f"E{post}", "post_id": f"P{post}"}
        if contract == self.market.stay[i]:
            return row | {"status": "kept", "phase": "stay"}
        zone = int(self.market.wish_zone[contract])
        rank = contract - int(self.market.wish_ptr[i]) + 1
        return row | {"status": "assigned", "rank": rank, "kind": "GEO", "code": f"Z{zone}", "phase": "main"}


def name_of(candidate: int) -> str:
    return f"C{candidate:03}"


def random_told(rng: np.random.Generator, family: str, closing: bool = True, **sizes: int) -> Told:
    """A random market (`tests.solvers.zone_markets`) as a campaign: seats of a post are offered, or to be closed."""
    while True:
        market = random_market(rng, family, **sizes)
        phantoms = _phantoms(market)
        posts = market.zone_post[market.zone_ptr[market.wish_zone[market.wish_ptr[phantoms]]]]
        held = np.bincount(_held(market), minlength=market.num_posts)
        spare = market.seats - held
        if not (spare[posts] > 0).any() and (closing or not len(phantoms)):
            return told(market)


def told(market: Market) -> Told:
    """A market as a campaign. Points follow the order of priorities; phantoms are seats to be closed."""
    num_people = market.num_candidates - len(_phantoms(market))
    m = market.num_posts
    zones = zones_of(market)
    to_close = [int(market.zone_post[market.zone_ptr[market.wish_zone[market.wish_ptr[i]]]]) for i in _phantoms(market)]
    held = _held(market)
    spare = market.seats - np.bincount(held, minlength=m) - np.bincount(to_close, minlength=m)
    holders = dict(zip(np.flatnonzero(market.stay >= 0).tolist(), held.tolist(), strict=True))
    campaign = campaign_of(
        places=[{"place_id": f"E{p}", "kind": "ETB", "academy": "06"} for p in range(m)],
        posts=[
            {"post_id": f"P{p}", "place_id": f"E{p}", "discipline": DISCIPLINE, "seats": int(spare[p])}
            for p in range(m)
        ],
        zones=[
            {"zone_kind": "GEO", "zone_code": f"Z{z}", "place_id": f"E{p}"}
            for z, posts in enumerate(zones)
            for p in sorted(set(posts))
        ],
        candidates=[
            {
                "candidate_id": name_of(i),
                "discipline": DISCIPLINE,
                "held_post": f"P{holders[i]}" if i in holders else None,
            }
            for i in range(num_people)
        ],
        wishes=[
            {
                "candidate_id": name_of(i),
                "rank": rank,
                "kind": "GEO",
                "code": f"Z{market.wish_zone[c]}",
                "points": int(market.wish_priority[c]) * 1000,
            }
            for i in range(num_people)
            for rank, c in enumerate(range(market.wish_ptr[i], market.wish_ptr[i + 1]), start=1)
            if c != market.stay[i]
        ],
    )  # fmt: skip
    return Told(market, num_people, campaign)


def _held(market: Market) -> Ints:
    """The posts held, candidate by candidate."""
    stays = market.stay[market.stay >= 0]
    return market.zone_post[market.zone_ptr[market.wish_zone[stays]]].astype(np.int64)


def _phantoms(market: Market) -> list[int]:
    """Seats to be closed: `tests.solvers.zone_markets.assembled` puts them last, with one contract of their class."""
    lists = np.diff(market.wish_ptr)
    count = 0
    for i in reversed(range(market.num_candidates)):
        c = int(market.wish_ptr[i])
        if lists[i] != 1 or market.stay[i] >= 0 or market.wish_priority[c] < market.num_contracts:
            break
        count += 1
    return list(range(market.num_candidates - count, market.num_candidates))
