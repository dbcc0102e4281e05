"""The best outcome known of a component of a linked market, and how the first one comes about: bounds and insertion."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from engine.model.market import Ints, Market
from engine.solvers.arrays import Mask
from engine.solvers.link_claims import Claims, claims
from engine.solvers.link_insertion import insert_links
from engine.solvers.link_joints import Joints, joint_contracts
from engine.solvers.link_pieces import seating
from engine.solvers.link_residual import Open, Residual, residual

COUNTERS = (
    "claims",
    "components",
    "links",
    "links_open",
    "candidates_open",
    "contracts_open",
    "inserted",
    "repairs",
    "searches",
    "candidates_searched",
    "contracts_searched",
    "branches",
)


@dataclass(frozen=True, eq=False)
class Outcome:
    """The best outcome known of a component.

    Attributes
    ----------
    market, joints : the component
    held : int64[n]
    claims : Claims
    bound : int, every outcome has so many claims: proven
    counters : Counter
    """

    market: Market
    joints: Joints
    held: Ints
    claims: Claims
    bound: int
    counters: Counter[str]

    @property
    def is_proven(self) -> bool:
        return self.claims.num <= self.bound

    def counting(self, counters: Counter[str]) -> Outcome:
        together = self.counters.copy()
        together.update(counters)
        return replace(self, counters=together)

    def at_least(self, bound: int) -> Outcome:
        return replace(self, bound=max(self.bound, bound))

    def or_better(self, held: Ints) -> Outcome:
        """This outcome or another, whichever has fewer claims."""
        found = claims(self.market, self.joints, held, seating(self.market, held))
        return replace(self, held=held, claims=found) if found.num < self.claims.num else self

    def stable_within(self, each: Open) -> Ints | None:
        """What everybody holds in a piece, numbered as there, if that is a stable outcome of the piece."""
        inside = each.piece.inside(self.held)
        same = (inside >= 0) == (self.held[each.piece.candidates] >= 0)
        post = seating(each.piece.market, inside)
        if not same.all() or ((post < 0) != (inside < 0)).any() or not np.isin(np.flatnonzero(each.sure), inside).all():
            return None
        return None if claims(each.piece.market, each.joints, inside, post).num else inside

    def claiming(self) -> Mask:
        """bool[n]: the members of links with claims."""
        links = np.zeros(self.joints.num_links + 1, dtype=np.bool_)
        links[self.joints.link[self.claims.joints]] = True
        return links[self.joints.of_candidate]


def inserted(market: Market, deadline: float) -> tuple[Outcome, Residual]:
    """Settle what bounds settle, and insert the links that are left.

    Parameters
    ----------
    market : Market, a component
    deadline : float, on the clock of `time.perf_counter`
    """
    joints = joint_contracts(market)
    nobody = np.zeros(market.num_candidates, dtype=np.bool_)
    left = residual(market, joints, nobody, deadline)
    held, counters = left.held.copy(), _open_sizes(joints, left)
    for each in left.pieces:
        insertion = insert_links(each.piece.market, each.joints, deadline)
        held[each.piece.candidates] = each.piece.outside(insertion.held)
        counters.update(inserted=insertion.inserted, repairs=insertion.repairs)
    found = claims(market, joints, held, seating(market, held))
    return Outcome(market, joints, held, found, 0, counters), left


def _open_sizes(joints: Joints, left: Residual) -> Counter[str]:
    """What bounds left open."""
    return Counter(
        links=joints.num_links,
        links_open=sum(each.joints.num_links for each in left.pieces),
        candidates_open=sum(num_owners(each.piece.market, ~each.sure) for each in left.pieces),
        contracts_open=sum(int((~each.sure).sum()) for each in left.pieces),
    )


def num_owners(market: Market, contracts: Mask) -> int:
    """How many candidates have some of the contracts."""
    return len(np.unique(market.candidate_of_contract()[contracts]))
