"""`stable`: deferred acceptance, the outcome without claims that is best for every candidate."""

from __future__ import annotations

import numpy as np

from engine.model.market import Ints, Market, Matching, ShortInts
from engine.solvers.errors import UnsupportedMarket


def stable(market: Market) -> Matching:
    """Deferred acceptance, candidates proposing, holders first on their own post.

    Every candidate asks for his wishes in order; a post keeps the strongest who ask, as many as it has seats, and
    turns away the others, who go on to their next wish. Holders who stay and seats that close need no rule of their
    own: the priorities of their contracts say it all (`Market`).

    Parameters
    ----------
    market : Market
        Checked (`Market.check`). Every zone a single post, no links, fewer than 2**31 candidates.

    Returns
    -------
    Matching
        Always finished and stable. The counters do not depend on the order of candidates: ``proposals``, contracts
        asked for; ``displacements``, how often a candidate who had come to the seats of a post gave way to stronger
        ones, at once or later; ``rounds``.

    Raises
    ------
    UnsupportedMarket
        If candidates are linked or a zone is not a single post.

    Notes
    -----
    The outcome is feasible, leaves nobody below the post he holds and nobody with a claim; among all such outcomes it
    is the best for every candidate at once [1]_. With holders first on their own post it is DA* [2]_ [3]_; the same
    with a choice over zones is due to Fleiner [4]_. A raised priority never hurts its owner [5]_, an added seat never
    hurts anybody. Two holders who would both gain by an exchange may be left where they are: that is the price of
    having no claims.

    Time O(k log q) for k contracts and at most q seats to a post. Memory beside the market O(n + m + s), where s is
    the number of seats, or of contracts if that is smaller.

    References
    ----------
    .. [1] Gale and Shapley, College admissions and the stability of marriage, American Mathematical Monthly, 1962.
    .. [2] Pereyra, A dynamic school choice model, Games and Economic Behavior, 2013.
    .. [3] Combe, Tercieux and Terrier, The design of teacher assignment, Review of Economic Studies, 2022.
    .. [4] Fleiner, A fixed-point approach to stable matchings, Mathematics of Operations Research, 2003.
    .. [5] Balinski and Sönmez, A tale of two mechanisms: student placement, J. Economic Theory, 1999 (recalled).
    """
    _require_no_links(market)
    _require_single_posts(market)
    from engine.jit import sealed
    from engine.solvers.stable_kernel import Wishes, deferred_acceptance

    wishes = Wishes(
        ptr=sealed(market.wish_ptr),
        zone=sealed(market.wish_zone),
        priority=sealed(market.wish_priority),
        zone_post=sealed(market.zone_post),
    )
    contract, rounds, displacements = deferred_acceptance(wishes, market.seats)
    proposals = _num_proposals(market, contract)
    return Matching(
        contract,
        _posts(market, contract),
        stop="finished",
        worth="stable",
        counters={"proposals": proposals, "displacements": displacements, "rounds": rounds},
    )


def _require_no_links(market: Market) -> None:
    if market.has_links:
        first = np.flatnonzero(market.link >= 0)[0]
        raise UnsupportedMarket(f"`stable` does not serve linked candidates yet, and candidate {first} is linked")


def _require_single_posts(market: Market) -> None:
    if not market.has_single_post_zones:
        width = np.diff(market.zone_ptr)
        first = np.flatnonzero(width != 1)[0]
        raise UnsupportedMarket(f"`stable` serves zones of one post so far, and zone {first} has {width[first]}")


def _num_proposals(market: Market, contract: Ints) -> int:
    """Contracts down to the one each candidate holds; all of them where he holds none."""
    last = np.where(contract >= 0, contract + 1, market.wish_ptr[1:])
    return int((last - market.wish_ptr[:-1]).sum())


def _posts(market: Market, contract: Ints) -> ShortInts:
    post = np.full(len(contract), -1, dtype=np.int32)
    placed = contract >= 0
    post[placed] = market.zone_post[market.wish_zone[contract[placed]]]
    return post
