"""The blocks of a linked market, each solved by itself for the contracts that are asked for in it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from engine.model.market import Ints, Market
from engine.solvers.blocks import NOWHERE, blocks_of
from engine.solvers.link_joints import NOT_JOINT, Joints
from engine.solvers.link_pieces import accepted, cutoffs_of_zones, piece

NOBODY_ENTERS = np.iinfo(np.int64).max  # the cutoff where a zone has no post


class LinkedBlocks:
    """What unlinked candidates hold, and linked ones of what their links ask for; changed in place.

    Attributes
    ----------
    asked : bool[k]
        The contracts that may be asked for: at first those of unlinked candidates, and the stays of linked holders.
    held : int64[n]
        The contract of each candidate, or -1: the outcome of deferred acceptance in each block, as last solved.
    cutoff : int64[k]
        The cutoff of the zone of each contract.
    """

    def __init__(self, market: Market, joints: Joints) -> None:
        self.asked = joints.of_contract == NOT_JOINT
        self.asked[market.stay[market.stay >= 0]] = True
        self.held = np.full(market.num_candidates, -1)
        self.cutoff = np.full(market.num_contracts, NOBODY_ENTERS)
        self._block = blocks_of(market).of_candidate
        block = self._block[market.candidate_of_contract()]
        order = np.argsort(block, kind="stable")
        ends = np.searchsorted(block[order], np.arange(block.max(initial=NOWHERE) + 2))
        self._pieces = [piece(market, order[first:end], market.link) for first, end in pairwise(ends)]
        self.solve(range(len(self._pieces)))

    def of(self, candidates: Ints) -> set[int]:
        """The blocks of candidates."""
        return set(self._block[candidates].tolist()) - {NOWHERE}

    def solve(self, blocks: Iterable[int]) -> None:
        """Bring these blocks up to what is asked for."""
        for block in blocks:
            part = self._pieces[block]
            held, matching = accepted(part.market, np.flatnonzero(self.asked[part.contracts]))
            self.held[part.candidates] = part.outside(held)
            cutoff = cutoffs_of_zones(part.market, held, matching.post)
            self.cutoff[part.contracts] = cutoff[part.market.wish_zone]
