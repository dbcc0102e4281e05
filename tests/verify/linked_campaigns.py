"""Campaigns with links for the verdict: small ones by hand, and random ones with the outcomes drawn for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from engine.model.campaign import Campaign
from engine.model.compilation import compile_market
from engine.model.contracts import Contracts, contracts_of
from engine.model.market import Market
from engine.model.scoring import score
from tests.solvers.zone_oracle import Oracle
from tests.verify.zone_campaigns import Rows, campaign_of

COMMUNES = {"E1": "11111", "E2": "11111", "E3": "22222", "E4": "22222"}


@dataclass(frozen=True)
class Person:
    """A candidate: his wishes (kind, code, points), best first, his discipline, the school he holds, his link."""

    wishes: Sequence[tuple[str, str, int]] = ()
    discipline: str = "M"
    held: str | None = None
    link: str | None = None
    mandatory: bool = False


def schools(people: Mapping[str, Person], seats: Mapping[str, int], extension: Rows | None = None) -> Campaign:
    """Schools E1 and E2 of the commune 11111, E3 and E4 of 22222, in the département 63, without a rulebook.

    Parameters
    ----------
    seats : of each post, by its name: E1-M is that of E1 in the discipline M
    """
    places: Rows = [
        {"place_id": name, "kind": "ETB", "commune": commune, "department": "63", "academy": "06"}
        for name, commune in COMMUNES.items()
    ]
    posts = [
        {"post_id": name, "place_id": name.split("-")[0], "discipline": name.split("-")[1], "seats": count}
        for name, count in seats.items()
    ]
    candidates = [
        {
            "candidate_id": name,
            "discipline": person.discipline,
            "held_post": person.held and f"{person.held}-{person.discipline}",
            "mandatory": person.mandatory,
        }
        for name, person in people.items()
    ]
    wishes = [
        {"candidate_id": name, "rank": rank, "kind": kind, "code": code, "points": points * 1000}
        for name, person in people.items()
        for rank, (kind, code, points) in enumerate(person.wishes, start=1)
    ]
    links = [{"link_id": person.link, "candidate_id": name} for name, person in people.items() if person.link]
    return campaign_of(
        places=places, posts=posts, candidates=candidates, wishes=wishes, links=links, extension=extension or []
    )


@dataclass(frozen=True)
class Linked:
    """A campaign with its market, and what must be true of its outcomes by exhaustive means.

    The candidates of the market are those of the campaign: no seats are closed here.
    """

    campaign: Campaign
    contracts: Contracts
    market: Market
    oracle: Oracle

    @property
    def links(self) -> list[list[int]]:
        groups = sorted(set(self.market.link.tolist()) - {-1})
        return [np.flatnonzero(self.market.link == group).tolist() for group in groups]

    def claims(self, held: Sequence[int]) -> int:
        """How many there are, one for each contract of a candidate alone, one for each wish of a link (DESIGN 7)."""
        kept = [c for c in held if c >= 0]
        alone = [(c,) for c in self.oracle.preferred(held) if self.market.link[self._owner(c)] < 0]
        together = [joint for members in self.links for joint in self._preferred(members, held)]
        return sum(set(joint) <= set(self.oracle.choice([*kept, *joint])) for joint in [*alone, *together])

    def outcomes(self, held: Sequence[int]) -> pl.DataFrame:
        """The outcome table of what everybody holds."""
        seating = self.oracle.seat([c for c in held if c >= 0])
        assert seating is not None
        seat = {contract: post for (post, _), contract in seating.items()}
        rows = [self._row(i, contract, seat.get(contract, -1)) for i, contract in enumerate(held)]
        columns = ("candidate_id", "status", "rank", "kind", "code", "place_id", "post_id", "phase")
        return pl.DataFrame(rows, schema={name: pl.Int64 if name == "rank" else pl.String for name in columns})

    def drawn(self, rng: np.random.Generator) -> list[int]:
        """Contracts that can be seated at once, links together; who has a post keeps one."""
        held = self.market.stay.tolist()
        groups = [*self.links, *([i] for i in np.flatnonzero(self.market.link < 0).tolist())]
        for members in (groups[k] for k in rng.permutation(len(groups))):
            length = len(self.oracle.lists[members[0]])
            if length:
                place, other = int(rng.integers(length)), [*held]
                for i in members:
                    other[i] = self.oracle.lists[i].start + place
                held = other if self.oracle.is_feasible(other) else held
        return held

    def _preferred(self, members: list[int], held: Sequence[int]) -> list[tuple[int, ...]]:
        joint = list(zip(*(self.oracle.lists[i] for i in members), strict=True))
        mine = held[members[0]]
        return joint if mine < 0 else joint[: mine - self.oracle.lists[members[0]].start]

    def _owner(self, contract: int) -> int:
        return int(np.searchsorted(self.market.wish_ptr, contract, side="right")) - 1

    def _row(self, candidate: int, contract: int, post: int) -> dict[str, object]:
        row: dict[str, object] = {"candidate_id": self.campaign.candidates["candidate_id"][candidate]}
        if contract < 0:
            return row | {"status": "unassigned"}
        where = self.campaign.posts.row(post, named=True)
        named = self.contracts.rows.row(contract, named=True)
        row |= {"post_id": where["post_id"], "place_id": where["place_id"], "phase": named["phase"]}
        if named["phase"] == "stay":
            return row | {"status": "kept"}
        return row | {"status": "assigned"} | {name: named[name] for name in ("rank", "kind", "code")}


def linked(campaign: Campaign) -> Linked:
    """A campaign without extension, laid out."""
    scored = score(campaign, campaign.rules)
    none = pl.DataFrame(schema={"candidate_id": pl.String, "position": pl.Int64, "kind": pl.String, "code": pl.String})
    none = none.with_columns(school_type=pl.lit(None, pl.String), points=pl.lit(None, pl.Int64))
    contracts = contracts_of(campaign, scored, none)
    market = compile_market(campaign, contracts, contracts.rows)
    return Linked(campaign, contracts, market, Oracle(market))


def random_linked(rng: np.random.Generator) -> Linked:
    """A few candidates alone and linked, without extension and without seats to be closed."""
    return linked(random_schools(rng, closing=False))


def random_schools(rng: np.random.Generator, closing: bool = True) -> Campaign:
    """A few candidates of two disciplines on four schools, alone and linked by two or three, in one discipline or
    across; holders, some who must take part, and others; wishes for a school, a commune, the département; extension."""
    people: dict[str, Person] = {}
    fewest = -1 if closing else 0
    seats = {f"E{k}-{discipline}": int(rng.integers(fewest, 2)) for k in (1, 2, 3, 4) for discipline in "MP"}
    zones = [*(("ETB", place) for place in COMMUNES), ("COM", "11111"), ("COM", "22222"), ("DPT", "63")]
    sizes = [1] * int(rng.integers(1, 5)) + rng.choice([2, 2, 3], rng.integers(1, 4)).tolist()
    for number, size in enumerate(sizes):
        asked = [zones[k] for k in rng.permutation(len(zones))[: rng.integers(0, 4)]]
        holds, obliged = rng.random(2) < (0.4, 0.6)
        for member in range(size):
            discipline = str(rng.choice(["M", "P"]))
            wishes = [(kind, code, int(rng.integers(1, 40))) for kind, code in asked]
            held = f"E{rng.integers(1, 5)}" if holds else None
            link = f"L{number}" if size > 1 else None
            people[f"C{number}{member}"] = Person(wishes, discipline, held, link, bool(obliged and not holds))
    return schools(people, seats, EVERYWHERE)


EVERYWHERE: Rows = [
    {"origin_kind": "DPT", "origin_code": "63", "position": position, "kind": kind, "code": code}
    for position, (kind, code) in enumerate([("COM", "22222"), ("COM", "11111"), ("DPT", "63")], start=1)
]
