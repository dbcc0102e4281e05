"""The claims that linked requests leave: of candidates alone and of links, and whether there may be so many.

With links an outcome without claims may not exist. Whoever made the result says how many claims it has, and how many
every outcome has; here they are found anew and counted, a claim of a candidate as one and a wish that a link claims as
one. In a discipline where nobody is linked there may be none. A seat to be closed claims like a candidate alone where
it counts; elsewhere P1 looks whether it is closed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.model.market import Ints
from engine.verify.audit import Audit, Least
from engine.verify.lists import Mask
from engine.verify.seating import Seating
from engine.verify.sentences import Sentence, sentence
from engine.verify.together import Table


@dataclass(frozen=True, eq=False)
class Left:
    """Claims at one moment of a result.

    Attributes
    ----------
    alone : int64[], contracts claimed by candidates who are not linked, and by seats to be closed beside links
    joint : tuple of int64[], for each wish that a link claims the contract of every member
    near : bool[n+f], in whose discipline somebody is linked
    least : what the result says of its claims
    """

    alone: Ints
    joint: tuple[Ints, ...]
    near: Mask
    least: Least

    @property
    def num(self) -> int:
        return len(self.alone) + len(self.joint)

    @property
    def may_be(self) -> bool:
        """Whether the result has no more claims than it says."""
        return self.num <= self.least.claims

    @property
    def are_fewest(self) -> bool:
        """Whether every outcome is said to have as many."""
        return self.num <= self.least.bound

    def wrong(self, candidate: Ints) -> Ints:
        """Of the claims of candidates alone, those that may not be.

        Parameters
        ----------
        candidate : int64[k], whose each contract is
        """
        return self.alone if not self.may_be else self.alone[~self.near[candidate[self.alone]]]

    def excused(self, candidate: Ints) -> Ints:
        """Of the claims of candidates alone, those that may be."""
        return np.setdiff1d(self.alone, self.wrong(candidate), assume_unique=True)

    def in_words(self) -> tuple[Sentence, ...]:
        """How many claims are left and whether there may be so many; nothing where there are none."""
        if not self.num or not self.near.any():
            return ()
        counted = {"claims": self.num, "links": len(self.joint)}
        if self.are_fewest:
            return (sentence("left_fewest", **counted),)
        if self.may_be:
            return (sentence("left_best_found", **counted, bound=self.least.bound),)
        return (sentence("left_more", **counted, said=self.least.claims),)


def claims_of_the_run(audit: Audit) -> Left:
    """The claims on what the mechanism gave; where the result does not say that, on what the run gave in the end.

    None where requests are examined in turns (`engine.verify.mutations`), or only permutations tell what was given.
    """
    untold = audit.before is None and audit.result.improvement == "permutations"
    if audit.in_turns or untold:
        return Left(np.zeros(0, dtype=np.int64), (), np.zeros(audit.lists.num_candidates, np.bool_), audit.result.least)
    return claims_left(audit, audit.before or audit.main, audit.competing, audit.result.least)


def claims_left(audit: Audit, now: Seating, contracts: Mask, least: Least) -> Left:
    """The claims at a moment.

    Parameters
    ----------
    contracts : bool[k], those that compete
    """
    lists, counted = audit.lists, contracts & audit.judged[audit.lists.candidate]
    near = _near_links(audit)
    people = np.arange(lists.num_candidates) < lists.num_people
    alone = now.claims(counted & ((people | near) & ~audit.linked)[lists.candidate])
    return Left(alone, tuple(_joint_claims(audit, now, counted)), near, least)


def _joint_claims(audit: Audit, now: Seating, counted: Mask) -> list[Ints]:
    """The contracts of all members, for each wish that a link claims."""
    lists = audit.lists
    parts = np.flatnonzero(~audit.alone & counted & lists.better_than(now.contract))
    parts = parts[lists.priority[parts] > now.zone_cutoffs[lists.zone[parts]]]
    owner = lists.candidate[parts]
    wish = lists.link[owner] * len(lists.candidate) + parts - lists.ptr[owner]
    parts, wish = parts[np.argsort(wish, kind="stable")], np.sort(wish)
    members = np.bincount(lists.link[audit.linked])
    groups = [group for group in np.split(parts, np.flatnonzero(np.diff(wish)) + 1) if len(group)]
    whole = [group for group in groups if len(group) == members[lists.link[lists.candidate[group[0]]]]]
    return [group for group in whole if _are_kept(audit, now, group)]


def _are_kept(audit: Audit, now: Seating, contracts: Ints) -> bool:
    """Whether contracts, each of which would be kept alone, are kept when offered at once."""
    disciplines = audit.discipline[audit.lists.candidate[contracts]]
    if len(np.unique(disciplines)) == len(disciplines):
        return True  # none can be in the way of another
    return Table(now, np.isin(audit.discipline, disciplines)).keeps_all(contracts)


def _near_links(audit: Audit) -> Mask:
    """bool[n+f]: in whose discipline somebody is linked."""
    near = np.zeros(int(audit.discipline.max(initial=0)) + 1, dtype=np.bool_)
    near[audit.discipline[audit.linked]] = True
    found: Mask = near[audit.discipline]
    return found
