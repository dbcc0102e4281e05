"""What every stable outcome has in common: contracts that can be held in none of them, links that are decided.

Call *offers* the contracts that candidates have asked for when everybody has come to what he holds, refused ones
included. An outcome is stable if the choice from its offers is what is held. The choice refuses the more, the more is
offered, so

- offers that occur in every stable outcome refuse what they refuse in all of them (the bound from below: deferred
  acceptance of unlinked candidates and of what decided links hold);
- what the choice keeps of all that may ever be offered is refused in no stable outcome, and whoever it belongs to holds
  it or better (the bound from above, in rounds: what is worse is not offered any more, which leaves room for others).

The two narrow each other until nothing moves. Something is left of every link: stays are stronger than all else, and
what the choice keeps of all that is open, it keeps of every part of it. The argument holds for the choice of any
matroid, hence over zones (Fleiner, A fixed-point approach to stable matchings, Mathematics of Operations Research,
2003); a link is a set of contracts that come and go together.

Candidates may be *excused*: whatever they claim does not count. Then nothing is concluded from what they would prefer,
and what is left open contains all outcomes without claims of the others. For an outcome with claims is stable in the
market without the contracts claimed, and there they are not offered.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from engine.model.market import Ints, Market, ShortInts
from engine.solvers.arrays import Mask
from engine.solvers.link_joints import NOT_JOINT, Joints
from engine.solvers.link_pieces import accepted, choice, cutoffs_of_zones

NONE = np.iinfo(np.int64).max  # no contract or joint contract is sure


@dataclass(frozen=True, eq=False)
class Bounds:
    """What bounds leave open.

    Attributes
    ----------
    contracts : int64[], ascending
        What may be held in an outcome without claims but of those excused.
    sure : bool[k]
        Those of them that are held in all of these outcomes.
    link : int32[n]
        The links of which more than one thing may become; a candidate whose link is decided is not linked any more.
    rounds : int
    """

    contracts: Ints
    sure: Mask
    link: ShortInts
    rounds: int


def bounds(market: Market, joints: Joints, excused: Mask, deadline: float) -> Bounds:
    """Narrow down what may be held in an outcome without claims but of those excused.

    Parameters
    ----------
    excused : bool[n], all members of a link or none
    deadline : float
        On the clock of `time.perf_counter`. Bounds that stop before their time are wider, and as true.
    """
    narrowing = _Narrowing(market, joints, excused, deadline)
    narrowing.run()
    return narrowing.bounds()


class _Narrowing:
    """What is still open, and the two bounds that narrow it."""

    def __init__(self, market: Market, joints: Joints, excused: Mask, deadline: float) -> None:
        self.market, self.joints, self.excused, self.deadline = market, joints, excused, deadline
        self.owner = market.candidate_of_contract()
        self.cluster = joints.cluster
        self.unlinked = joints.of_contract == NOT_JOINT
        self.excused_link = excused[joints.members[joints.member_ptr[:-1]]]
        self.may_lack = ~joints.stay | self.excused_link  # links that may end with nothing
        self.open = self.cluster >= 0  # contracts that may be held: not those for zones without posts
        self.open_joint = np.ones(len(joints.size), dtype=np.bool_)
        self.kept = np.zeros(market.num_contracts, dtype=np.bool_)  # by the choice from all that is open
        self.stale = np.ones(self.cluster.max(initial=-1) + 1, dtype=np.bool_)  # clusters whose choice is not known yet
        self.rounds = 0
        self._drop(~self.open, ~joints.complete(np.flatnonzero(self.open)))

    def run(self) -> None:
        """Narrow until nothing moves."""
        while self.stale.any() and perf_counter() < self.deadline:  # ends: what is stale has lost a contract
            self._from_above()
            self._from_below()

    def bounds(self) -> Bounds:
        link = self.market.link.copy()
        decided = (self._num_possible() < 2) & ~self.excused_link
        link[np.append(decided, False)[self.joints.of_candidate]] = -1
        alone = np.bincount(self.owner[self.open], minlength=len(link)) == 1
        sure = self.open & self.kept & (alone & (link < 0) & ~self.excused)[self.owner]
        return Bounds(np.flatnonzero(self.open), sure, link, self.rounds)

    def _num_possible(self) -> Ints:
        """int64[g]: how many things may become of each link."""
        num_joints: Ints = np.bincount(self.joints.link[self.open_joint], minlength=self.joints.num_links)
        return num_joints + self.may_lack

    def _from_above(self) -> None:
        """Drop what is worse than what its candidate or link is sure of, in rounds."""
        while self.stale.any() and perf_counter() < self.deadline:
            self.rounds += 1
            offered = self.open & self.stale[self.cluster]
            self.kept &= ~self.stale[self.cluster]
            self.kept[choice(self.market, np.flatnonzero(offered))] = True
            self.stale[:] = False
            self._drop(self._worse_than_sure(np.flatnonzero(self.kept)), self._worse_than_sure_joint())

    def _worse_than_sure(self, kept: Ints) -> Mask:
        sure = np.full(self.market.num_candidates, NONE)
        mine = kept[self.unlinked[kept] & ~self.excused[self.owner[kept]]]
        np.minimum.at(sure, self.owner[mine], mine)
        worse: Mask = self.unlinked & (np.arange(self.market.num_contracts) > sure[self.owner])
        return worse

    def _worse_than_sure_joint(self) -> Mask:
        kept = self.joints.complete(np.flatnonzero(self.kept)) & ~self.excused_link[self.joints.link]
        sure = np.full(self.joints.num_links, NONE)
        np.minimum.at(sure, self.joints.link[kept], np.flatnonzero(kept))
        self.may_lack &= sure == NONE
        worse: Mask = np.arange(len(kept)) > sure[self.joints.link]
        return worse

    def _from_below(self) -> None:
        """Drop what is refused whatever open links do."""
        decided = (self._num_possible() == 1) & ~self.may_lack & ~self.excused_link
        offering = np.where(self.market.link < 0, ~self.excused, np.append(decided, False)[self.joints.of_candidate])
        offered = self.open & offering[self.owner]
        held, matching = accepted(self.market, np.flatnonzero(offered))
        cutoff = cutoffs_of_zones(self.market, held, matching.post)[self.market.wish_zone]
        refused = self.market.wish_priority < cutoff
        self._drop(refused, ~self.joints.complete(np.flatnonzero(~refused)))

    def _drop(self, contracts: Mask, joints: Mask) -> None:
        """Close contracts of unlinked candidates, and joint contracts with all their parts."""
        self.open_joint &= ~joints
        open_parts = np.append(self.open_joint, True)[self.joints.of_contract]
        dropped = self.open & np.where(self.unlinked, contracts, ~open_parts)
        self.open &= ~dropped
        self.kept &= ~dropped
        self.stale[self.cluster[dropped]] = True
