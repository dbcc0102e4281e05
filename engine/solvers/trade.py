"""`trade`: top trading cycles from the posts held."""

from __future__ import annotations

from engine.model.market import Ints, Market, Matching
from engine.solvers.arrays import Mask
from engine.solvers.trading import trading


def trade(
    market: Market, standing: Ints | None = None, closing: Mask | None = None, pinned: Mask | None = None
) -> Matching:
    """Top trading cycles: everybody owns the seat he holds, and may trade it for any he likes better.

    Everybody points to the best of his wishes that is open: a vacant seat, or that of any holder who points himself,
    the weakest first. A vacant seat belongs to the strongest of those who want it. All cycles are carried out, and so
    on in rounds (`engine.solvers.trading_kernel`).

    Parameters
    ----------
    market : Market
        Without links.
    standing : int64[n], optional
        The order of holders inside a post: of each, the priority he would have among those who ask for it. None: the
        weakest of his wishes.
    closing : bool[n], optional
        Candidates who stand for a seat to be closed. Holders of their posts trade with nobody until they are served.
    pinned : bool[n], optional
        Candidates whom a decision places (`engine.solvers.pins`). Whoever has no vacant seat at once waits for one as a
        seat to be closed does; the promises below are those of the market that is left where none has to wait.

    Returns
    -------
    Matching

    Raises
    ------
    UnsupportedMarket, MarketError

    Notes
    -----
    Promises: nobody below the post he holds; no other outcome that is better for some candidate and worse for none.
    Gives up: priorities, but for vacant seats; claims are counted by the verdict. With one seat a post and all seats
    held it is Gale's algorithm [1]_, strategy-proof [2]_; seats that fall vacant in the course of it go to the
    strongest who wants them (endowments by priority, [3]_), and strategy-proofness is not claimed then.

    Complexity: as `engine.solvers.exchange`.

    References
    ----------
    .. [1] Shapley and Scarf, On cores and indivisibility, Journal of Mathematical Economics, 1974 (recalled).
    .. [2] Roth, Incentive compatibility in a market with indivisible goods, Economics Letters, 1982 (recalled).
    .. [3] Abdulkadiroğlu and Sönmez, School choice: a mechanism design approach, American Economic Review, 2003
       (recalled).
    """
    return trading(market, standing, closing, pinned, over_weaker=False)
