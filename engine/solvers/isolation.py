"""The official amélioration: regions isolated one level after the other, and what it must not leave behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np

from engine.model.market import Ints, Market, Matching, ShortInts
from engine.solvers.arrays import Mask
from engine.solvers.blocks import blocks_of, shares
from engine.solvers.demand import demanded
from engine.solvers.parts import Part, cut_out, wishes_of
from engine.solvers.placement import Distances, Rule, all_alike, place
from engine.solvers.regions import Level, isolated, levels_of
from engine.solvers.stable import stable
from engine.solvers.standing import StandingClaims


class Seats:
    """The placement rule, which decides who is in which region; distances are asked for once per contract."""

    def __init__(self, market: Market, distances: Callable[[Ints], Distances] | None, rule: Rule) -> None:
        self.market, self.distances, self.rule = market, distances, rule
        self.contract = np.full(market.num_candidates, -1, dtype=np.int64)  # whose distances are known
        self.known = all_alike(market.num_candidates)

    def of(self, contract: Ints) -> Distances | None:
        if self.distances is None:
            return None
        changed = contract != self.contract
        if changed.any():
            self.known = self.known.updated(changed, self.distances(np.where(changed, contract, -1)))
            self.contract = contract.copy()
        return self.known

    def given(self, contract: Ints, post: ShortInts, movable: Mask) -> ShortInts:
        """The seats of the rule, for contracts seated in some way."""
        matching = Matching(contract, post, stop="finished", worth="feasible")
        return place(self.market, matching, self.of(contract), self.rule, movable)


def improve_zones(
    market: Market,
    matching: Matching,
    regions: Sequence[ShortInts],
    distances: Callable[[Ints], Distances] | None,
    rule: Rule,
    workers: int = 1,
) -> tuple[Ints, ShortInts, dict[str, float]]:
    """Improve inside the regions of each level, until nothing changes.

    "Pour les personnels 'entrants' ou déjà affectés dans une zone géographique déterminée (département, groupement de
    communes ou commune) à la suite d'une première étape dans le mouvement, de nouvelles affectations peuvent être
    proposées, afin d'améliorer les affectations envisagées (sauf pour les 'entrants' n'ayant exprimé aucun vœu
    antérieur plus précis), selon les mêmes modalités que dans le paragraphe précédent." (Académie de Clermont-Ferrand,
    circulaire du mouvement intra-académique 2016, section IV.)

    One pass goes through the levels in order. For each, the candidates seated in a region are isolated (`isolated`):
    they keep what they have, wish for what they would like better as far as it lies in the region, and go through
    `stable` on the seats they hold and those that are free there. Then everybody is seated anew by the placement rule,
    and the next level follows. A region in which nothing has changed since it was last isolated is left out.

    The exception for entrants is carried out by the distances: who has expressed a more precise wish before the one
    granted has distances, and what he keeps is then the posts of the region no farther than the seat envisaged for him;
    an entrant without one has none, so he may be moved to any post of his zone in the region. Without `distances`
    nobody is protected beyond the zone granted to him.

    Outsiders' claims on what was exchanged are taken back by those who were displaced, with one exception: a claimant
    seated elsewhere leaves a seat, and who is displaced may be content with that. Such a claim stands, so it is granted
    at the end of the pass (`StandingClaims`), which may move candidates between regions. In a block where claims stood
    before any improvement (a mechanism that does not respect them), none is granted.

    A pass is kept for a block if somebody there is better off and nobody worse than before the pass; passes go on for
    the blocks that keep it. So every pass improves, there is an end, and doing it all again changes nothing. Blocks do
    not affect each other: they are shared out among threads, and however many these are the result is the same.

    Returns
    -------
    contract : int64[n]
    post : int32[n]
        By the placement rule, in blocks that were improved; as given in the others.
    counters : passes; granted, how many claims were granted
    """
    parts = [
        cut_out(market, some, wishes_of(market, some))
        for some in shares(market, np.flatnonzero(matching.contract >= 0), workers)
    ]
    with ThreadPoolExecutor(max_workers=max(len(parts), 1)) as pool:
        found = list(pool.map(partial(_improve_part, market, matching, regions, distances, rule), parts))
    contract, post = matching.contract.copy(), matching.post.copy()
    for part, improved in zip(parts, found, strict=True):
        part.put_back(improved.contract, improved.post, contract, post)
    passes, granted = max((one.passes for one in found), default=0), sum(one.granted for one in found)
    return contract, post, {"passes": passes, "granted": granted}


class _Improved(NamedTuple):
    """What the candidates of a part have, after how many passes, with how many claims granted."""

    contract: Ints
    post: ShortInts
    passes: int
    granted: int


def _improve_part(
    market: Market,
    matching: Matching,
    regions: Sequence[ShortInts],
    distances: Callable[[Ints], Distances] | None,
    rule: Rule,
    part: Part,
) -> _Improved:
    """Improve in some blocks, which are a part of the market; in the numbers of the part."""

    def distances_inside(held: Ints) -> Distances:
        assert distances is not None
        outside = np.full(market.num_candidates, -1, dtype=np.int64)
        outside[part.candidates] = np.where(held >= 0, part.contracts[held], -1)
        return distances(outside).of(part.candidates)

    contract, post = part.inside(matching.contract, matching.post)
    regions = [region[part.posts] for region in regions]
    seats = Seats(part.market, distances_inside if distances is not None else None, rule)
    return _improve(part.market, contract, post, regions, seats, stable_before=matching.worth == "stable")


def _improve(
    market: Market,
    contract: Ints,
    post: ShortInts,
    regions: Sequence[ShortInts],
    seats: Seats,
    *,
    stable_before: bool,
) -> _Improved:
    blocks = blocks_of(market)
    block, levels = blocks.of_candidate, levels_of(market, blocks, regions)
    claims = StandingClaims(market, block)
    active, passes, granted = np.ones(len(contract), dtype=np.bool_), 0, 0
    granting = active
    if not stable_before:
        granting = ~_in_blocks_with(claims.granted(contract, post, active)[0] != contract, block)
    while active.any():
        after, seated = _through_levels(market, contract, post, active, levels, block, seats)
        changed, done = active & _in_blocks_with(after != contract, block), np.ones(len(block), dtype=np.bool_)
        if (granting & changed).any():  # where nothing changed no claim stands
            ends, moved, count, done = claims.granted(after, seated, granting & changed)
            if count:
                again = changed & _in_blocks_with(ends != after, block)
                moved = seats.given(ends, np.where(again, moved, seated), again)
                _mark(levels, after, seated, ends, moved)
                after, seated, granted = ends, moved, granted + count
        kept = active & _bettered(contract, after, block) & done
        contract, post = np.where(kept, after, contract), np.where(kept, seated, post)
        active, passes = kept, passes + 1
    return _Improved(contract, post, passes, granted)


def _through_levels(
    market: Market,
    contract: Ints,
    post: ShortInts,
    active: Mask,
    levels: Sequence[Level],
    block: ShortInts,
    seats: Seats,
) -> tuple[Ints, ShortInts]:
    """One `stable` per level, in all its regions with changes, and everybody seated anew."""
    for level in levels:
        inside = active & level.take(post)
        candidates = np.flatnonzero(demanded(market, contract, post, inside, with_floors=True))
        if not len(candidates):
            continue
        part = isolated(market, contract, post, level.region, candidates, seats.of(contract))
        after, seated = contract.copy(), post.copy()
        found = stable(part.market)
        part.put_back(found.contract, found.post, after, seated)
        if (after != contract).any():
            changed = active & _in_blocks_with(after != contract, block)
            seated = seats.given(after, np.where(changed, seated, post), changed)
            _mark(levels, contract, post, after, seated)
            contract, post = after, seated
    return contract, post


def _mark(levels: Sequence[Level], contract: Ints, post: ShortInts, after: Ints, seated: ShortInts) -> None:
    """Note in which regions somebody has another contract or another seat."""
    touched = np.flatnonzero((contract != after) | (post != seated))
    for level in levels:
        level.touch(post[touched])
        level.touch(seated[touched])


def _in_blocks_with(some: Mask, block: ShortInts) -> Mask:
    """bool[n]: whether one of some candidates is in the block of each."""
    marked = np.zeros(int(block.max(initial=0)) + 2, dtype=np.bool_)  # the last place is for those without a block
    marked[block[some]] = True
    return marked[block]


def _bettered(before: Ints, after: Ints, block: ShortInts) -> Mask:
    """bool[n]: whether in the block of each candidate somebody is better off and nobody worse."""
    loses = (after > before) | (after < 0) & (before >= 0)
    return _in_blocks_with((after < before) & ~loses, block) & ~_in_blocks_with(loses, block)
