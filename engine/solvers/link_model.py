"""The outcomes of a linked market and their claims, as a CP-SAT model.

A literal says whether a contract is held, one for all parts of a joint contract. Every contract that its candidate
prefers to what he holds is refused (`link_cutoffs`), or it is claimed. Of a joint contract some part is refused,
offered beside the others; or it is claimed.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from engine.model.market import Ints, Market
from engine.solvers.arrays import Mask
from engine.solvers.link_cutoffs import Cutoffs
from engine.solvers.link_joints import NOT_JOINT, Joints

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpSolver, IntVar, LinearExprT


class Model:
    """A CP-SAT model of a linked market.

    Parameters
    ----------
    market, joints : the market and its links
    sure : bool[k], contracts of unlinked candidates that are held whatever happens
    excused : bool[n], candidates who may have claims, all members of a link or none

    Attributes
    ----------
    cp : the model
    held : a literal for each contract
    claims : a literal for each contract or joint contract that may be claimed, true where it is
    """

    def __init__(self, market: Market, joints: Joints, sure: Mask, excused: Mask) -> None:
        from ortools.sat.python.cp_model import CpModel

        self.cp = CpModel()
        self.market, self.joints, self.excused = market, joints, excused
        self.claims: list[IntVar] = []
        self._joint_held = [self.cp.new_bool_var("") for _ in joints.size]
        self.held = [self._joint_held[j] if j != NOT_JOINT else self.cp.new_bool_var("") for j in joints.of_contract]
        self._hold_one_each(sure)
        cutoffs = Cutoffs(self.cp, market, self.held, sure)
        for i in np.flatnonzero(market.link < 0).tolist():
            self._refuse_or_claim(i, cutoffs)
        for link in range(joints.num_links):
            self._refuse_or_claim_together(link, cutoffs)

    def _hold_one_each(self, sure: Mask) -> None:
        for (first, end), stay in zip(pairwise(self.market.wish_ptr.tolist()), self.market.stay.tolist(), strict=True):
            if stay >= 0:
                self.cp.add_exactly_one(self.held[first:end])
            else:
                self.cp.add_at_most_one(self.held[first:end])
        for c in np.flatnonzero(sure).tolist():
            self.cp.add(self.held[c] == 1)

    def _refuse_or_claim(self, candidate: int, cutoffs: Cutoffs) -> None:
        first, end = self.market.wish_ptr[candidate : candidate + 2].tolist()
        for c in range(first, end):
            if c in cutoffs.refused:
                self._one_of([*self.held[first : c + 1], cutoffs.refused[c]], bool(self.excused[candidate]))

    def _refuse_or_claim_together(self, link: int, cutoffs: Cutoffs) -> None:
        first, end = self.joints.ptr[link : link + 2].tolist()
        for joint in range(first, end):
            parts = self.joints.parts(joint).tolist()
            reasons = [cutoffs.refused[c] for c in parts] + cutoffs.crowded_out(parts)
            excused = bool(self.excused[self.joints.members_of(link)[0]])
            self._one_of([*self._joint_held[first : joint + 1], *reasons], excused)

    def _one_of(self, literals: list[IntVar], excused: bool) -> None:
        if excused:
            self.claims.append(self.cp.new_bool_var(""))
            literals.append(self.claims[-1])
        self.cp.add_bool_or(literals)

    def num_claims(self) -> LinearExprT:
        from ortools.sat.python.cp_model import LinearExpr

        return LinearExpr.sum(self.claims)

    def weighted(self, weight: Ints) -> LinearExprT:
        """The sum of the weights of the contracts held."""
        from ortools.sat.python.cp_model import LinearExpr

        return LinearExpr.weighted_sum(self.held, weight.tolist())

    def hint(self, held: Ints) -> None:
        """Have the search begin near an outcome, the contracts of which are given for each candidate."""
        self.cp.clear_hints()  # type: ignore[no-untyped-call]
        holding = set(held.tolist())
        literals = {literal.index: (literal, c in holding) for c, literal in enumerate(self.held)}
        for literal, value in literals.values():
            self.cp.add_hint(literal, value)

    def contracts_held(self, solver: CpSolver) -> Ints:
        """int64[n]: the contract of each candidate in the solution found, or -1."""
        held = np.full(self.market.num_candidates, -1)
        contracts = np.flatnonzero([solver.boolean_value(literal) for literal in self.held])
        held[self.market.candidate_of_contract()[contracts]] = contracts
        return held
