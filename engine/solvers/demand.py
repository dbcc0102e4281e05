"""Who sits where somebody would like to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.market import Ints, Market, ShortInts
from engine.solvers.arrays import Mask

if TYPE_CHECKING:
    from engine.solvers.demand_kernel import Wishes


def demanded(market: Market, contract: Ints, post: ShortInts, wishing: Mask, *, with_floors: bool = False) -> Mask:
    """bool[n]: of some candidates, those seated on posts that a wish of one of them for better reaches.

    Parameters
    ----------
    contract, post : int64[n], int32[n]
    wishing : bool[n]
        The candidates that count; all of them hold something.
    with_floors : bool
        Whether what those hold who have such a wish reaches posts as well.
    """
    from engine.solvers.demand_kernel import reached_posts

    reached = reached_posts(_wishes(market), contract, post, wishing, market.num_posts, with_floors)
    seated = wishing.copy()
    seated[wishing] = reached[post[wishing]]
    return seated


def _wishes(market: Market) -> Wishes:
    from engine.jit import sealed
    from engine.solvers.demand_kernel import Wishes

    return Wishes(sealed(market.wish_ptr), sealed(market.wish_zone), sealed(market.zone_ptr), sealed(market.zone_post))
