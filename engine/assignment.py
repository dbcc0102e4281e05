"""From a market to who holds which contract and sits on which post: the mechanism, then placement and improvement."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from engine.model.campaign import Campaign
from engine.model.contracts import Contracts
from engine.model.decisions import placed_by_pins
from engine.model.distances import Indications
from engine.model.market import Ints, Market, Matching, ShortInts
from engine.model.settings import Options
from engine.phases import Phases, permuted, phases_of
from engine.solvers.arrays import Mask
from engine.solvers.improvement import improve
from engine.solvers.mechanisms import SolveOptions, solve
from engine.solvers.parts import cut_out, wishes_of
from engine.solvers.placement import Distances, place

LEVELS = ("department", "grouping", "commune")  # of the official amélioration, in their order (seed 002, IV)

DistancesOf = Callable[[Ints], Distances]
"""The distances of the placement rule for the contracts held, int64[n]."""


@dataclass(frozen=True, eq=False)
class Assignment:
    """Two matchings of one market.

    Attributes
    ----------
    before : what the mechanism gave, seated by the placement rule
    after : the same after improvement
    """

    before: Matching
    after: Matching


def matching_digest(matching: Matching) -> str:
    """SHA-256 of who holds which contract and sits where."""
    found = hashlib.sha256(np.ascontiguousarray(matching.contract).tobytes())
    found.update(np.ascontiguousarray(matching.post).tobytes())
    return found.hexdigest()


@dataclass(frozen=True, eq=False)
class Facts:
    """What a market does not say and its assignment needs.

    Attributes
    ----------
    distances : of the placement rule, for the contracts held
    regions : int32[m] each, the region of every post at each of `LEVELS`, -1 where its place names none
    closing : bool[n], which candidates are phantoms: seats to be closed
    pinned : bool[n], which candidates a decision places by a wish
    phases : what mutations and permutations need, where the movement has them
    had : int64[n], the contract that each had in a run before, where permutations keep it if they can
    """

    distances: DistancesOf
    regions: tuple[ShortInts, ...]
    closing: Mask
    pinned: Mask
    phases: Phases | None = None
    had: Ints | None = None


def assign(market: Market, facts: Facts, options: Options) -> Assignment:
    """Run the mechanism of the options, seat everybody by the placement rule, improve, and seat anew.

    Notes
    -----
    The improvement ``stable`` gives seats as well as contracts: on other seats its outcome could have post claims, so
    they are kept. Linked candidates take no part in any improvement but permutations: they keep what they have, seats
    included, and the others are improved on the seats that leaves. Where a decision cannot be met nothing is improved:
    the run is refused.
    """
    solved = solve(market, options.mechanism, _solve_options(facts, options))
    before = _placed(market, solved, facts, options)
    if options.improvement == "none" or (before.contract[facts.pinned] < 0).any():
        return Assignment(before, before)
    apart = market.has_links and options.improvement != "permutations"
    improved = _others_improved if apart else _improved
    return Assignment(before, improved(market, before, facts, options))


def mechanism_again(market: Market, facts: Facts, options: Options, order: Ints) -> Matching:
    """What the mechanism gives with its candidates in another order, seated, told in the numbers of the first.

    Parameters
    ----------
    order : int64[n], the old number of each new candidate
    """
    renumbered, contracts = market.renumbered(order)

    def distances(held: Ints) -> Distances:
        return facts.distances(_told(held, contracts, order)).of(order)

    alone = options.model_copy(update={"improvement": "none"})
    there = replace(facts, distances=distances, closing=facts.closing[order], pinned=facts.pinned[order])
    again = assign(renumbered, there, alone).before
    post = np.full_like(again.post, -1)
    post[order] = again.post
    return replace(again, contract=_told(again.contract, contracts, order), post=post)


def facts_of(campaign: Campaign, contracts: Contracts, rows: Ints, indications: Callable[[], Indications]) -> Facts:
    """The facts of a market made of some contracts of a campaign.

    Parameters
    ----------
    rows : int64[k], the row of `contracts.rows` that each contract of the market is
    indications : the indicative wishes of the campaign, asked for where a zone has several posts
    """

    def distances(held: Ints) -> Distances:
        known = np.where(held >= 0, rows[held], -1) if len(rows) else held
        return Distances(*indications().distances(known))

    n = campaign.candidates.height
    closing = np.arange(n + contracts.num_phantoms) >= n
    pinned = np.zeros(len(closing), dtype=np.bool_)
    pinned[placed_by_pins(contracts.wishes)["candidate"].to_numpy()] = True
    return Facts(distances, _regions(campaign), closing, pinned, phases_of(campaign, contracts, rows))


def _solve_options(facts: Facts, options: Options) -> SolveOptions:
    if facts.phases is None:
        pinned = facts.pinned if facts.pinned.any() else None
        return SolveOptions(time_limit_s=options.time_limit_s, closing=facts.closing, pinned=pinned)
    return SolveOptions(options.time_limit_s, quotas=facts.phases.quotas, order=facts.phases.order)


def _regions(campaign: Campaign) -> tuple[ShortInts, ...]:
    """int32[m] for each of `LEVELS`: the region of every post, numbered in the order of codes."""
    places = campaign.posts.select("place_id").join(
        campaign.places.select("place_id", *LEVELS), on="place_id", how="left", maintain_order="left"
    )
    return tuple((places[level].rank("dense").cast(pl.Int32) - 1).fill_null(-1).to_numpy() for level in LEVELS)


def _improved(market: Market, before: Matching, facts: Facts, options: Options) -> Matching:
    """The matching improved as the options say.

    Where a seat still waits to be closed, whoever leaves it leaves it to nobody. All who sit there keep it by their
    stay, and no exchange can do with a seat that is gone: the post and its holders are left out. Permutations keep head
    counts, so that no seat falls free in them.
    """
    kind, rule = options.improvement, options.placement
    if kind == "permutations":
        assert facts.phases is not None  # the options of other movements do not name it
        return permuted(market, before, facts.phases, options, facts.pinned, facts.had)
    waiting = np.zeros(market.num_posts, dtype=np.bool_)
    phantoms = np.flatnonzero(facts.closing & (before.contract < 0) & (np.diff(market.wish_ptr) > 0))
    waiting[market.zone_post[market.zone_ptr[market.wish_zone[market.wish_ptr[phantoms]]]]] = True
    apart = (before.contract >= 0) & waiting[before.post]
    others = replace(before, contract=np.where(apart, -1, before.contract), post=np.where(apart, -1, before.post))
    smaller = replace(market, seats=np.where(waiting, 0, market.seats).astype(np.int32))
    after = improve(
        smaller,
        others,
        kind,
        facts.regions,
        distances=facts.distances,
        rule=rule,
        workers=os.cpu_count() or 1,
        idle=apart,
    )
    if kind == "full":
        after = _placed(smaller, after, facts, options)
    contract, post = np.where(apart, before.contract, after.contract), np.where(apart, before.post, after.post)
    return replace(after, contract=contract, post=post.astype(np.int32))


def _others_improved(market: Market, before: Matching, facts: Facts, options: Options) -> Matching:
    """The matching of those who are not linked improved, the seats of the others taken out with them.

    Linked candidates stay where the placement before sat them: on other seats of their zones they would leave others to
    those improved, and claims that do not stand here could stand there. Who is not linked has no claim here if he has
    none in the whole market: fewer are met from any zone.
    """
    alone = np.flatnonzero((market.link < 0) & (np.diff(market.wish_ptr) > 0))
    part = cut_out(market, alone, wishes_of(market, alone))
    seated = before.post[(market.link >= 0) & (before.contract >= 0)]
    taken = np.bincount(seated, minlength=market.num_posts)[part.posts]
    smaller = replace(part.market, seats=(part.market.seats - taken).astype(np.int32))

    def distances(held: Ints) -> Distances:
        everybody = np.full(market.num_candidates, -1)
        everybody[alone] = np.append(part.contracts, -1)[held]
        return facts.distances(everybody).of(alone)

    regions = tuple(region[part.posts] for region in facts.regions)
    inside = replace(
        before,
        contract=_numbers(part.contracts, market.num_contracts)[before.contract[alone]],
        post=_numbers(part.posts, market.num_posts)[before.post[alone]].astype(np.int32),
    )
    after = _improved(smaller, inside, Facts(distances, regions, facts.closing[alone], facts.pinned[alone]), options)
    contract, post = before.contract.copy(), before.post.copy()
    contract[alone] = np.append(part.contracts, -1)[after.contract]
    post[alone] = np.append(part.posts, -1)[after.post]
    return replace(after, contract=contract, post=post)


def _numbers(outside: Ints, size: int) -> Ints:
    """int64[size+1]: the place of each number in `outside`, -1 for others and for -1."""
    numbers = np.full(size + 1, -1)
    numbers[outside] = np.arange(len(outside))
    return numbers


def _placed(market: Market, matching: Matching, facts: Facts, options: Options) -> Matching:
    if market.has_single_post_zones:
        return matching
    return replace(matching, post=place(market, matching, facts.distances(matching.contract), options.placement))


def _told(held: Ints, contracts: Ints, order: Ints) -> Ints:
    """What candidates in another order hold, in the old numbers."""
    told = np.full_like(held, -1)
    holds = held >= 0
    told[order[holds]] = contracts[held[holds]]
    return told
