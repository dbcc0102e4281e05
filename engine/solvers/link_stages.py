"""Searches for fewer claims, from the narrowest to the widest, and proofs that there are none."""

from __future__ import annotations

from collections import Counter

import numpy as np

from engine.model.market import Ints, Market
from engine.solvers.arrays import Mask
from engine.solvers.blocks import blocks_of
from engine.solvers.limits import Limits
from engine.solvers.link_outcome import Outcome, num_owners
from engine.solvers.link_residual import Open, Residual, residual
from engine.solvers.link_search import Answer, Search, fewest_claims

LARGEST = 20_000  # literals that CP-SAT is given at once, if less will do


def searched(outcome: Outcome, left: Residual, limits: Limits) -> Outcome:
    """Look for fewer claims, and for a proof that there are none.

    First nobody is excused: is there a stable outcome? If there is none, everybody is: is there an outcome with one
    claim, or two, or three? Where that is too much to ask, those are excused who claim in the best outcome known, again
    and again while that makes claims fewer; then everybody, but a group at a time.

    Parameters
    ----------
    outcome, left : of `link_outcome.inserted`
    """
    searcher = _Searcher(outcome, limits)
    searcher.look_for_stable(left)
    searcher.look_everywhere()
    return searcher.outcome


class _Searcher:
    """The best outcome known of a component, and what is known of its pieces."""

    def __init__(self, outcome: Outcome, limits: Limits) -> None:
        self.outcome, self.limits = outcome, limits
        self.rank = _ranks(outcome.market)
        self.known: dict[bytes, Answer | None] = {}  # what `_known` says, until the best outcome is another
        self.unsolved = np.zeros(outcome.market.num_candidates, dtype=np.bool_)  # who is in pieces without any
        self.largest = LARGEST  # literals; more if a piece without any has more itself

    @property
    def is_over(self) -> bool:
        return self.outcome.is_proven or not self.limits.seconds

    def look_for_stable(self, left: Residual) -> None:
        if not self.is_over and self._none_has(0, left):
            self.outcome = self.outcome.at_least(1)

    def look_everywhere(self) -> None:
        """Prove that there are no fewer claims, whoever has them, or find an outcome."""
        if self.is_over:
            return
        whole = self._residual(np.ones(self.outcome.market.num_candidates, dtype=np.bool_))
        if self._fits(whole):
            self._none_has(self.outcome.bound, self._residual(self.outcome.claiming()))  # soon done, and often enough
            self._look_at_all(whole)
        else:
            self._look_at_those_who_claim()
            if not self.is_over and self.outcome.bound == 1 and self._nobody_is_alone():
                self.outcome = self.outcome.at_least(2)

    def _look_at_all(self, whole: Residual) -> None:
        while not self.is_over and self._none_has(self.outcome.bound, whole):  # ends: the bound rises
            self.outcome = self.outcome.at_least(self.outcome.bound + 1)

    def _look_at_those_who_claim(self) -> None:
        while not self.is_over:  # ends: claims become fewer
            known = self.outcome.claims.num
            self._none_has(known - 1, self._residual(self.outcome.claiming()))
            if self.outcome.claims.num == known:
                return

    def _nobody_is_alone(self) -> bool:
        """Whether in no outcome there is just one claim: it would be by somebody of some group.

        Those first who are in the pieces without a stable outcome, since most often it is one of them. A group that
        leaves such a piece as it is can be put aside.
        """
        place = _places(self.outcome)
        near = np.unique(place[self.unsolved])
        waiting = [np.setdiff1d(place, near), near]
        while waiting:  # ends: groups become smaller
            group = waiting.pop()
            left = self._residual(np.isin(place, group))
            if self._is_refuted(left):
                continue
            if self.is_over:
                return False
            if len(group) > 1 and not self._fits(left):
                waiting += np.array_split(group, 2)
            elif not self._none_has(1, left):
                return False
        return True

    def _residual(self, excused: Mask) -> Residual:
        return residual(self.outcome.market, self.outcome.joints, excused, self.limits.deadline)

    def _none_has(self, budget: int, left: Residual) -> bool:
        """Whether no outcome of a residual has so few claims: proven. An outcome found is kept, if better."""
        held, spent, exact = left.held.copy(), 0, True
        at_least = self.outcome.bound if len(self._pieces_with_claims(left)) == 1 else 0
        for each in sorted(left.pieces, key=Open.has_excused):
            answer = self._answer(each, at_least, budget - spent)
            if answer.held is None:
                return exact and answer.bound > (budget - spent if each.has_excused() else 0)
            held[each.piece.candidates] = each.piece.outside(answer.held)
            spent += answer.num_claims
            exact = exact and answer.bound == answer.num_claims
        self._keep_if_better(held)
        return False

    def _keep_if_better(self, held: Ints) -> None:
        before, self.outcome = self.outcome, self.outcome.or_better(held)
        if self.outcome is not before:
            self.known = {key: answer for key, answer in self.known.items() if answer is not None}

    def _is_refuted(self, left: Residual) -> bool:
        """Whether some piece in which nobody is excused is known to have no stable outcome."""
        return any(known is not None and known.held is None for known in map(self._known, left.pieces))

    def _pieces_with_claims(self, left: Residual) -> list[Open]:
        return [each for each in left.pieces if each.has_excused() and self._known(each) is None]

    def _fits(self, left: Residual) -> bool:
        return sum(each.size for each in self._pieces_with_claims(left)) <= self.largest

    def _known(self, each: Open) -> Answer | None:
        """What is known of a piece: that the best outcome is stable there, or what a search for a stable one found."""
        if each.key not in self.known:
            held = self.outcome.stable_within(each)
            self.known[each.key] = None if held is None else Answer(held, 0, 0, 0)
        return self.known[each.key]

    def _answer(self, each: Open, at_least: int, at_most: int) -> Answer:
        """The outcome of a piece with the fewest claims: known, or looked for."""
        known = self._known(each)
        if known is not None:
            return known
        if each.has_excused():
            return self._searched(each, at_least, at_most)
        answer = self.known[each.key] = self._searched(each, 0, 0)
        if answer.held is None:
            self.unsolved[each.piece.candidates] = True
            self.largest = max(self.largest, each.size * 3 // 2)
        return answer

    def _searched(self, each: Open, at_least: int, at_most: int) -> Answer:
        rank, hint = self.rank[each.piece.contracts], each.piece.inside(self.outcome.held)
        search = Search(each.piece.market, each.joints, each.sure, each.excused, rank, hint, at_least, at_most)
        answer = fewest_claims(search, self.limits)
        self.outcome = self.outcome.counting(_sizes(search, answer))
        return answer


def _places(outcome: Outcome) -> Ints:
    """int64[n]: a number for each candidate, the same for all members of a link; near each other in blocks."""
    joints = outcome.joints
    place = np.argsort(np.argsort(blocks_of(outcome.market).of_candidate, kind="stable"))
    first = joints.members[joints.member_ptr[:-1]]
    place[joints.members] = place[first[joints.of_candidate[joints.members]]]
    return place


def _ranks(market: Market) -> Ints:
    """int64[k]: how much lower than for holding nothing the sum of ranks is for holding each contract, below zero."""
    return np.arange(market.num_contracts) - np.repeat(market.wish_ptr[1:], np.diff(market.wish_ptr))


def _sizes(search: Search, answer: Answer) -> Counter[str]:
    """What CP-SAT was given."""
    return Counter(
        searches=1,
        candidates_searched=num_owners(search.market, ~search.sure),
        contracts_searched=int((~search.sure).sum()),
        branches=answer.branches,
    )
