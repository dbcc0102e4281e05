"""The official amélioration: regions isolated one level after the other, and what it must not leave behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.model.market import Ints, Market, Matching, ShortInts
from engine.solvers.arrays import Mask
from engine.solvers.blocks import blocks_of
from engine.solvers.demand import demanded
from engine.solvers.parts import Part, cut_out, wishes_of
from engine.solvers.placement import Distances, Rule, all_alike, place
from engine.solvers.regions import isolated
from engine.solvers.stable import stable
from engine.solvers.standing import grant_standing_claims


class Seats:
    """The placement rule, which decides who is in which region; distances are asked for once per contract."""

    def __init__(self, market: Market, distances: Callable[[Ints], Distances] | None, rule: Rule) -> None:
        self.distances, self.rule = distances, rule
        self.contract = np.full(market.num_candidates, -1, dtype=np.int64)  # whose distances are known
        self.known = all_alike(market.num_candidates)

    def of(self, part: Part, held: Ints) -> Distances | None:
        """The distances of the candidates of a part."""
        if self.distances is None:
            return None
        contract = self.contract.copy()
        contract[part.candidates] = part.contracts[held]
        changed = contract != self.contract
        if changed.any():
            self.known = self.known.updated(changed, self.distances(np.where(changed, contract, -1)))
            self.contract = contract
        return self.known.of(part.candidates)

    def given(self, part: Part, held: Ints, seated: ShortInts, movable: Mask) -> ShortInts:
        """The seats of the rule, for contracts seated in some way."""
        matching = Matching(held, seated, stop="finished", worth="feasible")
        return place(part.market, matching, self.of(part, held), self.rule, movable)


@dataclass(frozen=True, eq=False)
class Blocks:
    """Candidates who do not affect those of other blocks: int[a], one number for each candidate of a part."""

    number: ShortInts

    def changed(self, before: Ints, after: Ints) -> Mask:
        """bool[a]: whether in the block of each candidate somebody has another contract."""
        return np.isin(self.number, self.number[after != before])

    def bettered(self, before: Ints, after: Ints) -> Mask:
        """bool[a]: whether in the block of each candidate somebody is better off and nobody worse."""
        better, worse = self.number[after < before], self.number[after > before]
        return np.isin(self.number, np.setdiff1d(better, worse))


def improve_zones(
    market: Market,
    matching: Matching,
    regions: Sequence[ShortInts],
    distances: Callable[[Ints], Distances] | None,
    rule: Rule,
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
    and the next level follows.

    The exception for entrants is carried out by the distances: who has expressed a more precise wish before the one
    granted has distances, and what he keeps is then the posts of the region no farther than the seat envisaged for him;
    an entrant without one has none, so he may be moved to any post of his zone in the region. Without `distances`
    nobody is protected beyond the zone granted to him.

    Outsiders' claims on what was exchanged are taken back by those who were displaced, with one exception: a claimant
    seated elsewhere leaves a seat, and who is displaced may be content with that. Such a claim stands, so it is granted
    at the end of the pass (`grant_standing_claims`), which may move candidates between regions. Where claims stood
    before any improvement (a mechanism that does not respect them), none is granted.

    A pass is kept for a block if somebody there is better off and nobody worse than before the pass; passes go on for
    the blocks that keep it. So every pass improves, there is an end, and doing it all again changes nothing.

    Returns
    -------
    contract : int64[n]
    post : int32[n]
        By the placement rule, in blocks that were improved; as given in the others.
    counters : passes; granted, how many claims were granted
    """
    contract, post, seats = matching.contract.copy(), matching.post.copy(), Seats(market, distances, rule)
    block_of = blocks_of(market).of_candidate
    active, passes, granted, granting = np.flatnonzero(contract >= 0), 0, 0, matching.worth == "stable"
    while len(active):
        part = cut_out(market, active, wishes_of(market, active))
        blocks, (held, seated) = Blocks(block_of[active]), part.inside(contract, post)
        if not passes and not granting:
            granting = grant_standing_claims(part.market, held, seated, blocks.number)[2] == 0
        after, seated = _through_levels(part, held, seated, [region[part.posts] for region in regions], blocks, seats)
        kept = blocks.bettered(held, after)
        if granting and (after != held).any():  # where nothing changed no claim stands
            after, seated, count, kept = _without_standing_claims(part, held, after, seated, blocks, seats)
            granted += count
        contract[active[kept]], post[active[kept]] = part.contracts[after[kept]], part.posts[seated[kept]]
        active, passes = active[kept], passes + 1
    return contract, post, {"passes": passes, "granted": granted}


def _through_levels(
    part: Part, held: Ints, seated: ShortInts, regions: Sequence[ShortInts], blocks: Blocks, seats: Seats
) -> tuple[Ints, ShortInts]:
    """One `stable` per level, in all its regions, and everybody seated anew."""
    for region in regions:
        market = part.market
        candidates = np.flatnonzero(demanded(market, held, seated, region[seated] >= 0, with_floors=True))
        if not len(candidates):
            continue
        inner = isolated(market, held, seated, region, candidates, seats.of(part, held))
        found = stable(inner.market)
        after, moved = held.copy(), seated.copy()
        inner.put_back(found.contract, found.post, after, moved)
        changed = blocks.changed(held, after)
        if changed.any():
            held, seated = after, seats.given(part, after, np.where(changed, moved, seated), changed)
    return held, seated


def _without_standing_claims(
    part: Part, before: Ints, after: Ints, seated: ShortInts, blocks: Blocks, seats: Seats
) -> tuple[Ints, ShortInts, int, Mask]:
    """Grant the claims that stand where contracts changed: contracts, seats, how many, and who keeps the pass."""
    changed = np.flatnonzero(blocks.changed(before, after))
    inner = cut_out(part.market, changed, wishes_of(part.market, changed))
    held, post, count, done = grant_standing_claims(inner.market, *inner.inside(after, seated), blocks.number[changed])
    ends, moved = after.copy(), seated.copy()
    inner.put_back(held, post, ends, moved)
    again = blocks.changed(after, ends)
    if again.any():
        seated = seats.given(part, ends, np.where(again, moved, seated), again)
    kept = blocks.bettered(before, ends)
    kept[changed] &= done
    return ends, seated, count, kept
