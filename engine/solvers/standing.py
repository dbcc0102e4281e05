"""Claims that stand: granted, they are not taken back.

Grant a claim: the claimant leaves what he has and takes what he claims; who is displaced takes the best contract that
the choice, offered it beside all that is held, would keep; and so on. The chain ends when somebody finds a seat or
nothing, or when the claimant is displaced. In the last case the claim is *vacuous* (Troyan, Delacrétaz and Kloosterman,
Essentially stable matchings, Games and Economic Behavior, 2020, recalled); else it *stands*.

On an improvement of the outcome of `stable`, everybody displaced in a chain finds at least what `stable` gave him. For
if he were refused that, its zone would lie in a full set T of posts held by stronger contracts for zones inside T. Some
of these are better for their candidates than what `stable` gave them; `stable` refused them, so under `stable` their
zones lay in full sets of contracts stronger still: their union U does not hold his. Outside U, T is then full of what
`stable` gave too, and has no room for him, though under `stable` he sat there. So a chain never leads below the outcome
of `stable`; and nothing above it seats one candidate more. Hence the claims of those who hold nothing are vacuous, and
only those of others are looked at.
"""

from __future__ import annotations

import numpy as np

from engine.model.market import Ints, Market, ShortInts
from engine.solvers.arrays import Mask, pointer


class StandingClaims:
    """The claims of a market, to be looked at again and again as contracts change.

    Parameters
    ----------
    market : Market
    block : int32[n]
        Block of each candidate, or -1.
    """

    def __init__(self, market: Market, block: ShortInts) -> None:
        from engine.jit import sealed
        from engine.solvers.standing_kernel import Wishes, Zones, ledger

        self.block = block
        owner = np.repeat(np.arange(market.num_candidates, dtype=np.int32), np.diff(market.wish_ptr))
        wishes = Wishes(sealed(market.wish_ptr), sealed(market.wish_zone), sealed(market.wish_priority), sealed(owner))
        self.ledger = ledger(wishes, Zones(market.zone_ptr, market.zone_post), market.seats)

    def granted(self, contract: Ints, post: ShortInts, members: Mask) -> tuple[Ints, ShortInts, int, Mask]:
        """Grant the claims that stand, the strongest of each block first, until there is none.

        Parameters
        ----------
        contract, post : int64[n], int32[n]
            Feasible. In blocks left out now and before, what they were.
        members : bool[n]
            Whose claims to look at: of whole blocks, all who hold something.

        Returns
        -------
        contract, post : int64[n], int32[n]
        granted : int
        done : bool[n]
            False in a block given up before its end (`MAX_SCANS`), where claims may stand.

        Notes
        -----
        From an improvement of the outcome of `stable` nobody falls below that outcome, though he may below the
        improvement.
        """
        from engine.jit import sealed
        from engine.solvers.standing_kernel import grant_standing

        chosen = np.flatnonzero(members)
        chosen = chosen[np.argsort(self.block[chosen], kind="stable")]
        numbers, counts = np.unique(self.block[chosen], return_counts=True)
        blocks = sealed(pointer(counts)), sealed(chosen)
        after, seated, granted, done = grant_standing(self.ledger, blocks, sealed(contract), sealed(post))
        given_up = np.isin(self.block, numbers[~done])
        return after, seated, granted, ~given_up
