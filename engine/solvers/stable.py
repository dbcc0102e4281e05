"""`stable`: deferred acceptance, the outcome without claims that is best for every candidate."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from engine.model.market import Ints, Market, Matching, ShortInts
from engine.solvers.errors import UnsupportedMarket

if TYPE_CHECKING:
    from engine.solvers.blocks import Group

Solved = tuple[Ints, ShortInts, dict[str, int]]  # the contract and the post of each candidate, and counters


def stable(market: Market) -> Matching:
    """Deferred acceptance, candidates proposing, holders first on their own post.

    Every candidate asks for his wishes in order. Of all that is asked and held, the administration keeps, in decreasing
    priority, each contract that can still be seated beside those kept (DESIGN 7); where a zone is one post these are
    the strongest, as many as it has seats. Who is turned away goes on to his next wish. Holders who stay and seats that
    close need no rule of their own: the priorities of their contracts say it all (`Market`).

    Each block of the market is solved in the way its zones allow (`engine.solvers.blocks`); the outcome does not depend
    on it.

    Parameters
    ----------
    market : Market
        Checked (`Market.check`). No links, priorities strict inside a block, fewer than 2**31 candidates. Where some
        zone is not a single post, also fewer than 2**31 posts in all zones together.

    Returns
    -------
    Matching
        Always finished and stable. ``contract`` is unique. ``post`` is one seating of these contracts; it does not
        depend on the order of candidates, but another seating may be as good: who sits where inside a zone is for the
        placement to decide. The counters do not depend on the order of candidates either: ``proposals``, contracts
        asked for; ``displacements``, how often a candidate whom no cutoff had turned away gave way to stronger ones, at
        once or later; ``rounds``, of all blocks; where zones overlap ``walks``, searches over zones and posts, and
        ``entries``, pairs of a zone and a post that these met.

    Raises
    ------
    UnsupportedMarket
        If candidates are linked.

    Notes
    -----
    The outcome is feasible, leaves nobody below the post he holds and nobody with a claim; among all such outcomes it
    is the best for every candidate at once [1]_. With holders first on their own post it is DA* [2]_ [3]_; the same
    with a choice over zones is due to Fleiner [4]_. A raised priority never hurts its owner [5]_, an added seat never
    hurts anybody. Two holders who would both gain by an exchange may be left where they are: that is the price of
    having no claims.

    Single posts: time O(k log q) for k contracts and at most q seats to a post; memory beside the market O(n + m + s),
    where s is the number of seats, or of contracts if that is smaller. Nested zones: O(k (d + log z)) for z zones at
    most d deep, and O(k + z). Other zones: a round takes at most the time to walk once over all zones and posts met
    from the contracts in excess, and the walks that make room; memory O(k + e) for e posts in all zones together.

    References
    ----------
    .. [1] Gale and Shapley, College admissions and the stability of marriage, American Mathematical Monthly, 1962.
    .. [2] Pereyra, A dynamic school choice model, Games and Economic Behavior, 2013.
    .. [3] Combe, Tercieux and Terrier, The design of teacher assignment, Review of Economic Studies, 2022.
    .. [4] Fleiner, A fixed-point approach to stable matchings, Mathematics of Operations Research, 2003.
    .. [5] Balinski and Sönmez, A tale of two mechanisms: student placement, Journal of Economic Theory, 1999.
    """
    _require_no_links(market)
    contract, post, counters = _single(market) if market.has_single_post_zones else _by_groups(market)
    proposals = _num_proposals(market, contract)
    return Matching(contract, post, stop="finished", worth="stable", counters={"proposals": proposals, **counters})


def _by_groups(market: Market) -> Solved:
    """Solve the blocks of each kind together, and put the answers in the order of the whole market."""
    from engine.solvers.blocks import Kind, groups

    contract = np.full(market.num_candidates, -1, dtype=np.int64)
    post = np.full(market.num_candidates, -1, dtype=np.int32)
    counters: Counter[str] = Counter()
    for group in groups(market):
        if group.kind == Kind.SINGLE:
            held, seated, counts = _single(group.market)
        elif group.kind == Kind.NESTED:
            held, seated, counts = _nested(group)
        else:
            held, seated, counts = _general(group)
        contract[group.candidates] = np.where(held >= 0, group.contracts[held], -1)
        post[group.candidates] = seated
        counters.update(counts)
    return contract, post, dict(counters)


def _single(market: Market) -> Solved:
    from engine.jit import sealed
    from engine.solvers.stable_kernel import Wishes, deferred_acceptance

    zone_post = _first_posts(market)
    wishes = Wishes(
        ptr=sealed(market.wish_ptr),
        zone=sealed(market.wish_zone),
        priority=sealed(market.wish_priority),
        zone_post=sealed(zone_post),
    )
    contract, rounds, displacements = deferred_acceptance(wishes, market.seats)
    post = np.full(len(contract), -1, dtype=np.int32)
    placed = contract >= 0
    post[placed] = zone_post[market.wish_zone[contract[placed]]]
    return contract, post, {"displacements": displacements, "rounds": rounds}


def _nested(group: Group) -> Solved:
    from engine.jit import sealed
    from engine.solvers.nested_kernel import Forest, Wishes, deferred_acceptance

    market = group.market
    wishes = Wishes(sealed(market.wish_ptr), sealed(market.wish_zone), sealed(market.wish_priority))
    forest = Forest(sealed(group.parent), sealed(group.zones))
    return deferred_acceptance(wishes, forest, sealed(market.zone_ptr), sealed(market.zone_post), sealed(market.seats))


def _general(group: Group) -> Solved:
    from engine.jit import sealed
    from engine.solvers.zones_kernel import Wishes, deferred_acceptance

    market = group.market
    wishes = Wishes(sealed(market.wish_ptr), sealed(market.wish_zone), sealed(market.wish_priority))
    zones = sealed(market.zone_ptr), sealed(market.zone_post)
    return deferred_acceptance(wishes, *zones, sealed(market.seats), sealed(group.block_ptr))


def _first_posts(market: Market) -> ShortInts:
    """int32[z]: the only post of every zone that has one, any post of the others, which nobody here wishes for."""
    if market.has_single_post_zones:
        return market.zone_post
    return market.zone_post[np.minimum(market.zone_ptr[:-1], len(market.zone_post) - 1)]


def _require_no_links(market: Market) -> None:
    if market.has_links:
        first = np.flatnonzero(market.link >= 0)[0]
        raise UnsupportedMarket(
            f"deferred acceptance does not serve linked candidates, and candidate {first} is linked"
        )


def _num_proposals(market: Market, contract: Ints) -> int:
    """Contracts down to the one each candidate holds; all of them where he holds none."""
    last = np.where(contract >= 0, contract + 1, market.wish_ptr[1:])
    return int((last - market.wish_ptr[:-1]).sum())
