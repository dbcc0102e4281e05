"""Drawn markets with links: one like the inter movement, and a way to link candidates where all blocks are alike.

Links are pairs that ask for the same, both holders or neither: the second takes over the list of the first, in his own
block and with his own points. Every number here is an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from engine.model.market import Ints, Market
from engine.solvers.arrays import pointer, ranges

NUM_DISCIPLINES, NUM_ACADEMIES = 60, 30
SHARE_OF_HOLDERS, SHARE_OF_FAMILIES = 0.6, 0.35
FAMILY_POINTS, STAY = 250, 10**6  # a bonus on the first wish; points beyond those of any wish


@dataclass(frozen=True)
class Links:
    """How many pairs, and the share of those inside one block."""

    number: int
    inside: float = 0.1


@lru_cache(maxsize=1)
def inter_market(links: Links, num_candidates: int = 23_040, seed: int = 1) -> Market:
    """60 disciplines, each with one post for an académie. Holders ask for 1 to 4 académies, the others for 1 to 29.

    Seats are those of the holders who take part, and as many more in each discipline as there are others.
    """
    rng = np.random.default_rng(seed)
    n = num_candidates
    size = rng.lognormal(size=NUM_DISCIPLINES)
    discipline = np.sort(rng.choice(NUM_DISCIPLINES, n, p=size / size.sum()))
    holds = rng.random(n) < SHARE_OF_HOLDERS
    held = np.where(holds, rng.integers(NUM_ACADEMIES, size=n), -1)
    length = np.where(holds, rng.choice(4, n, p=(0.45, 0.3, 0.15, 0.1)) + 1, rng.choice((1, 3, 6, 12, 20, 29), n))
    academy = np.column_stack((_by_preference(rng, held), held))
    listed = np.column_stack((np.arange(NUM_ACADEMIES) < length[:, None], holds))
    ptr = pointer(listed.sum(axis=1))
    seats = np.bincount((discipline * NUM_ACADEMIES + held)[holds], minlength=NUM_DISCIPLINES * NUM_ACADEMIES)
    offered = discipline[~holds] * NUM_ACADEMIES + rng.integers(NUM_ACADEMIES, size=(~holds).sum())
    market = Market(
        wish_ptr=ptr,
        wish_zone=(academy + (discipline * NUM_ACADEMIES)[:, None])[listed].astype(np.int32),
        wish_priority=_priorities(rng, n)[listed],
        zone_ptr=np.arange(len(seats) + 1),
        zone_post=np.arange(len(seats), dtype=np.int32),
        seats=(seats + np.bincount(offered, minlength=len(seats))).astype(np.int32),
        stay=np.where(holds, ptr[1:] - 1, -1),
        link=np.full(n, -1, dtype=np.int32),
    )
    return with_links(market, links, NUM_ACADEMIES, rng)


def _by_preference(rng: np.random.Generator, held: Ints) -> Ints:
    """int64[n, 30]: académies, home most often first, the one where the candidate is last."""
    n = len(held)
    utility = rng.normal(0, 0.6, NUM_ACADEMIES) + rng.gumbel(size=(n, NUM_ACADEMIES))
    utility[np.arange(n), rng.integers(NUM_ACADEMIES, size=n)] += 4
    utility[np.flatnonzero(held >= 0), held[held >= 0]] = -np.inf
    return np.argsort(-utility, axis=1)


def _priorities(rng: np.random.Generator, n: int) -> Ints:
    """int64[n, 31]: points, more for the first wish of some, most for the stay; then a lot."""
    points = np.repeat(rng.gamma(4, 40, n).astype(np.int64)[:, None], NUM_ACADEMIES + 1, axis=1)
    points[:, 0] += FAMILY_POINTS * (rng.random(n) < SHARE_OF_FAMILIES)
    points[:, -1] = STAY
    return (points * n + rng.permutation(n)[:, None]) * (NUM_ACADEMIES + 1) + np.arange(NUM_ACADEMIES, -1, -1)


def with_links(market: Market, links: Links, zones_per_block: int, rng: np.random.Generator) -> Market:
    """The market with so many pairs of its candidates linked.

    Parameters
    ----------
    zones_per_block : int
        Zones z and ``z + zones_per_block`` are the same place in one block and in the next.
    """
    block = market.wish_zone[np.minimum(market.wish_ptr[:-1], market.num_contracts - 1)] // zones_per_block
    first, second = _pairs(market, block, links, rng)
    model = np.arange(market.num_candidates)
    model[second] = first
    link = np.full(market.num_candidates, -1, dtype=np.int32)
    link[first] = link[second] = np.arange(links.number)
    return replace(_with_lists_of(market, model, (block - block[model]) * zones_per_block), link=link)


def _pairs(market: Market, block: Ints, links: Links, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Two members for every link, drawn among those who ask for something."""
    holds = market.stay >= 0
    asking = rng.permutation(np.flatnonzero(np.diff(market.wish_ptr) > holds))
    inside = rng.random(len(asking)) < links.inside
    kind = np.where(inside, block[asking], -1) * 2 + holds[asking]  # who may be paired: of one block, or of any
    alike = asking[np.argsort(kind, kind="stable")]
    pairs = alike[: len(alike) // 2 * 2].reshape(-1, 2)
    pairs = rng.permutation(pairs[holds[pairs[:, 0]] == holds[pairs[:, 1]]])[: links.number]
    return pairs[:, 0], pairs[:, 1]


def _with_lists_of(market: Market, model: Ints, shift: Ints) -> Market:
    """Everybody asks for what his model does, in zones shifted by so much, with his own points and his own stay."""
    holds, start = market.stay >= 0, market.wish_ptr[:-1]
    num_asked = (np.diff(market.wish_ptr) - holds)[model]
    source, owner = ranges(start[model], num_asked), np.repeat(np.arange(len(model)), num_asked)
    points = market.wish_priority
    holders = np.flatnonzero(holds)
    owner, is_stay = np.append(owner, holders), np.arange(len(owner) + len(holders)) >= len(owner)
    zone = np.append(market.wish_zone[source] + shift[owner[~is_stay]], market.wish_zone[market.stay[holders]])
    asked = points[source] - np.repeat(points[start[model]] - points[start], num_asked)
    priority = np.append(asked, points[market.stay[holders]])
    order = np.lexsort((is_stay, owner))
    ptr = pointer(num_asked + holds)
    return replace(
        market,
        wish_ptr=ptr,
        wish_zone=zone[order].astype(np.int32),
        wish_priority=np.argsort(np.argsort(priority[order], kind="stable")),
        stay=np.where(holds, ptr[1:] - 1, -1),
    )
