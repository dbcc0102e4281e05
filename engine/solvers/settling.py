"""Efficiency-adjusted deferred acceptance: settle those on posts that nobody else wants, run the others again."""

from __future__ import annotations

import numpy as np

from engine.model.market import Ints, Market, Matching, ShortInts
from engine.solvers.arrays import Mask
from engine.solvers.demand import demanded
from engine.solvers.parts import above
from engine.solvers.stable import stable


def settle(market: Market, matching: Matching, idle: Mask | None = None) -> tuple[Ints, ShortInts, dict[str, float]]:
    """The simplified form of Tang and Yu [1]_, for zones.

    An outcome that is not that of `stable` is taken for what everybody holds, and it begins with `stable` above it. In
    each round, posts reached by a wish of somebody unsettled for better are kept (`demanded`), the others are
    under-demanded: those seated there are settled with what they have, and leave with their posts. The unsettled go
    through `stable` again, what they have as their floor, until all are settled.

    Parameters
    ----------
    idle : bool[n], optional
        Candidates who take no part and have nothing in this market.

    Returns
    -------
    contract : int64[n]
    post : int32[n]
    counters : rounds

    Notes
    -----
    With single posts a post is under-demanded if no unsettled candidate would be better off there. With zones it must
    not be reached either: somebody seated on a wanted post may be able to shift to a post that no wish covers, and
    then its occupant can still gain. What is reached does not depend on who of the outcome sits where.

    The result is not dominated: no feasible matching is better for some and worse for nobody. For all posts reached are
    full of candidates who hold zones inside, a matching that is better for all keeps them there, and so leaves no room
    for those who are settled. Every round settles somebody: the last proposal of a
    run ends on a seat that was free before it, and from what was refused until then no walk leads to that seat. Claims
    that are left are vacuous [2]_: granted, a chain of those displaced takes them back; with zones that is not proven,
    but holds in every market tried.

    References
    ----------
    .. [1] Tang and Yu, A new perspective on Kesten's school choice with consent idea, J. Economic Theory, 2014
       (recalled).
    .. [2] Troyan, Delacrétaz and Kloosterman, Essentially stable matchings, Games and Economic Behavior, 2020
       (recalled).
    """
    contract, post, rounds = matching.contract.copy(), matching.post.copy(), 0
    if matching.worth != "stable":
        asks = np.diff(market.wish_ptr) > 0
        _run_again(market, asks if idle is None else asks & ~idle, contract, post)
    unsettled = demanded(market, contract, post, contract >= 0)
    while unsettled.any():
        _run_again(market, unsettled, contract, post)
        unsettled, rounds = demanded(market, contract, post, unsettled), rounds + 1
    return contract, post, {"rounds": rounds}


def _run_again(market: Market, taking_part: Mask, contract: Ints, post: ShortInts) -> None:
    """`stable` among some candidates, with what they have as their floor; `contract` and `post` are written to."""
    part = above(market, contract, np.flatnonzero(taking_part))
    again = stable(part.market)
    part.put_back(again.contract, again.post, contract, post)
