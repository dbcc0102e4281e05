"""`serial`: strict order, each takes the best of his wishes that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.model.market import Ints, Market, Matching, ShortInts
from engine.solvers.arrays import pointer
from engine.solvers.blocks import NOWHERE, blocks_of
from engine.solvers.errors import UnsupportedMarket
from engine.solvers.quotas import Order, Quotas, within_quotas

if TYPE_CHECKING:
    from engine.solvers.serial_kernel import State, Wishes, Zones


def serial(market: Market, quotas: Quotas | None = None, order: Order = "points") -> Matching:
    """The greedy baseline: one after the other, and what is taken stays taken.

    Candidates come in the decreasing priority of their first wish. A wish is open if it can be seated beside all that
    is held, the seat of its own candidate included: somebody has to find a free seat, straight away or after others
    have moved up inside their zones. At every moment the first in the order who can have something better takes the
    best of his open wishes. A holder keeps his post until he moves; the seat he leaves is offered to the first in the
    order who can be served with it, who leaves another. A seat to be closed goes before all that: its phantom comes
    first.

    With quotas of entry and exit it is the mutation phase of the interdépartemental (`engine.solvers.quotas`), in which
    a seat left is offered to nobody.

    Parameters
    ----------
    market : Market
        Without links, but within quotas. Priorities of first wishes strict inside a block.
    quotas : Quotas, optional
        Of entry and exit, where zones are single posts; `seats` are not looked at then.
    order : which request comes first within quotas

    Returns
    -------
    Matching
        Counters: moved, how often somebody took something better; offered, seats left that were taken again.

    Raises
    ------
    UnsupportedMarket, MarketError

    Notes
    -----
    Promises: nobody below the post he holds; no seat is left free that somebody would rather have; whoever comes
    earlier is never refused a free seat for the sake of who comes later. Where every candidate has one priority for all
    his wishes there is no claim. For let i have no open wish. Then what he wants is spanned by what is held, and by
    that part of it which those before him and the stays hold: what a later candidate takes is independent of that part,
    and if he leaves a stay that belongs to it, those before him have the first choice of its seat.

    Gives up: claims, where points differ from wish to wish; exchanges, since somebody has to find a free seat first;
    the mandatory are served as everybody is. Serial dictatorship [1]_ with holdings and vacancy chains [2]_. Not
    strategy-proof: the first wish decides whose turn it is.

    Complexity: for single posts O(k log k) for k contracts. Over zones every failed search closes what it met, and a
    seat left opens again what leads to it: O(k log k + s e) for s seats left and e posts in all zones together, in
    practice a small part of e each time.

    References
    ----------
    .. [1] Svensson, Strategy-proof allocation of indivisible goods, Social Choice and Welfare, 1999 (recalled).
    .. [2] Blum, Roth and Rothblum, Vacancy chains and equilibration in senior-level labor markets, Journal of Economic
       Theory, 1997 (recalled).
    """
    if quotas is not None:
        return within_quotas(market, quotas, order)
    _require_unlinked(market)
    turn = _turns(market)
    ordered, contracts = market.renumbered(turn)
    held, seated, counters = _taken(ordered)
    contract, post = np.full(market.num_candidates, -1, dtype=np.int64), np.full(market.num_candidates, -1, np.int32)
    contract[turn] = np.append(contracts, -1)[held]
    post[turn] = seated
    return Matching(contract, post, stop="finished", worth="feasible", counters=counters)


def _turns(market: Market) -> Ints:
    """int64[n]: candidates block by block, in the decreasing priority of their first contract; who asks nothing last.

    The first contract of a holder is a stay only if he asks for nothing else, and then his turn does not matter.
    """
    block = blocks_of(market).of_candidate.astype(np.int64)
    first = np.zeros(market.num_candidates, dtype=np.int64)
    asks = np.diff(market.wish_ptr) > 0
    first[asks] = market.wish_priority[market.wish_ptr[:-1][asks]]
    return np.lexsort((~first, np.where(block == NOWHERE, len(block), block)))


def _taken(market: Market) -> tuple[Ints, ShortInts, dict[str, float]]:
    """The contract and the post of everybody where candidates are numbered by their turns."""
    from engine.solvers.serial_kernel import serve

    wishes, zones, state = _arrays(market)
    moved, offered = serve(wishes, zones, state)
    held = np.where(state.bound < market.wish_ptr[1:], state.bound, -1)
    return held, state.post, {"moved": moved, "offered": offered}


def _arrays(market: Market) -> tuple[Wishes, Zones, State]:
    from engine.jit import sealed
    from engine.solvers.serial_kernel import NOBODY, State, Wishes, Zones

    n, z, m = market.num_candidates, market.num_zones, market.num_posts
    by_zone = np.argsort(market.wish_zone, kind="stable")  # in the order of contracts, which is that of turns
    by_post = np.argsort(market.zone_post, kind="stable")
    of_entry = np.repeat(np.arange(z, dtype=np.int32), np.diff(market.zone_ptr))
    first = pointer(np.bincount(market.wish_zone, minlength=z))
    holds = np.flatnonzero(market.stay >= 0)
    post = np.full(n, NOBODY, dtype=np.int32)
    post[holds] = market.zone_post[market.zone_ptr[market.wish_zone[market.stay[holds]]]]
    taken = np.bincount(post[holds], minlength=m)
    wishes = Wishes(sealed(market.wish_ptr), sealed(market.wish_zone), sealed(market.candidate_of_contract()))
    zones = Zones(
        ptr=sealed(market.zone_ptr),
        post=sealed(market.zone_post),
        first=sealed(first),
        wish=sealed(by_zone),
        post_ptr=sealed(pointer(np.bincount(market.zone_post, minlength=m))),
        of_post=sealed(of_entry[by_post]),
    )
    state = State(
        bound=np.where(market.stay >= 0, market.stay, market.wish_ptr[1:]),
        post=post,
        free=market.seats.astype(np.int64) - taken,
        head=first[:-1].copy(),
        guest=np.full(m, NOBODY, np.int64),
        next_guest=np.full(n, NOBODY, np.int64),
        last_guest=np.full(n, NOBODY, np.int64),
        member=np.full(z, NOBODY, np.int64),
        next_member=np.full(n, NOBODY, np.int64),
        last_member=np.full(n, NOBODY, np.int64),
        post_closed=np.zeros(m, np.bool_),
        zone_closed=np.zeros(z, np.bool_),
        post_met=np.zeros(m, np.int64),
        zone_met=np.zeros(z, np.int64),
        mover=np.full(m, NOBODY, np.int64),
        toward=np.full(m, NOBODY, np.int32),
        posts=np.empty(m, np.int32),
        zones=np.empty(z, np.int32),
    )
    return wishes, zones, state


def _require_unlinked(market: Market) -> None:
    if market.has_links:
        first = np.flatnonzero(market.link >= 0)[0]
        raise UnsupportedMarket(
            f"`serial` serves linked candidates within quotas of entry and exit only, and candidate {first} is linked"
        )
