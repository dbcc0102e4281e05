"""`exchange`: trades that are better for candidates and for posts (block exchange, TO-BE)."""

from __future__ import annotations

from engine.model.market import Ints, Market, Matching
from engine.solvers.arrays import Mask
from engine.solvers.trading import trading


def exchange(
    market: Market, standing: Ints | None = None, closing: Mask | None = None, pinned: Mask | None = None
) -> Matching:
    """Block exchange: nobody replaces a holder whom he does not outrank on that post.

    Everybody points to the best of his wishes that is open: a vacant seat, or the seat of a holder whom he outranks
    there; of several holders to the weakest one who points himself. A vacant seat belongs to the strongest of those who
    want it. All cycles are carried out, and so on in rounds (`engine.solvers.trading_kernel`).

    Parameters
    ----------
    market : Market
        Without links.
    standing : int64[n], optional
        Of each holder, the priority he would have among those who ask for the post he holds, `Market.wish_priority`
        being the scale. None: the weakest of his wishes, as all of them carry at least the points that do not depend on
        where one asks to go.
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
    Promises: nobody below the post he holds; nobody takes, by trade, the seat of a holder who is stronger there (who
    leaves for a vacant seat leaves his own to all); no other outcome that is better for some candidate or post and
    worse for none (shown by exhaustive search on small markets, zones being single posts). Gives up: absence of claims;
    they are counted by the verdict. One to one and without vacant seats it is the only mechanism of these properties
    that is strategy-proof [1]_; with vacant seats or several seats a post that is not claimed here.

    Complexity: O(r (n + e)) for r rounds, n candidates and e posts in the zones they point to, and O(k) for every
    seat that falls vacant, k being those who want it. Rounds are few in practice (see the benchmarks).

    References
    ----------
    .. [1] Combe, Tercieux and Terrier, The design of teacher assignment: theory and evidence, Review of Economic
       Studies, 2022 (recalled).
    """
    return trading(market, standing, closing, pinned, over_weaker=True)
