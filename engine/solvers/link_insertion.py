"""Insertion with repair: links enter one after the other, and make way for one another, until they claim nothing.

A link asks for a joint contract by having each member ask for his part. In every block that makes a plain market, which
deferred acceptance solves. Where a member is refused, his link withdraws the other parts, but his own stays asked for:
while it is refused, the link has no claim to that joint contract, and what it set off among the others need not be
taken back (applications are kept in this way by Roth and Peranson, The redesign of the matching market for American
physicians, American Economic Review, 1999).

Nobody but links has a claim here, since deferred acceptance leaves none to the others. That insertion ends without
claims is not certain, nor, left alone, that it ends: loops are known. Hence a bound on the turns of every link.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heappop, heappush
from time import perf_counter
from typing import NamedTuple

import numpy as np

from engine.model.market import Ints, Market
from engine.solvers.arrays import ranges
from engine.solvers.link_blocks import LinkedBlocks
from engine.solvers.link_claims import joint_claims
from engine.solvers.link_joints import Joints

TURNS = 12  # how often a link may be inserted; most are settled by their first turn
WEAKEST = np.iinfo(np.int64).min


class Insertion(NamedTuple):
    """The outcome with the fewest claims that was met (int64[n], the contract of each candidate), and how often a link
    found a place, and how often one had to withdraw."""

    held: Ints
    inserted: int
    repairs: int


def insert_links(market: Market, joints: Joints, deadline: float) -> Insertion:
    """Insert the links of a market in decreasing priority, and repair.

    Parameters
    ----------
    deadline : float
        On the clock of `time.perf_counter`. The best met until then is returned.
    """
    inserter = _Inserter(market, joints)
    best, fewest = inserter.blocks.held.copy(), len(joints.size) + 1
    inserter.queue(range(joints.num_links))
    while inserter.waiting and perf_counter() < deadline:  # ends: every link has so many turns
        inserter.run(deadline)
        claims = joint_claims(market, joints, inserter.blocks.held, inserter.blocks.cutoff)
        if len(claims) < fewest:
            best, fewest = inserter.blocks.held.copy(), len(claims)
        inserter.queue(np.unique(joints.link[claims]).tolist())
    return Insertion(best, inserter.inserted, inserter.repairs)


class _Inserter:
    """Links that wait for their turns, and what everybody holds meanwhile."""

    def __init__(self, market: Market, joints: Joints) -> None:
        self.market, self.joints = market, joints
        self.owner = market.candidate_of_contract()
        self.blocks = LinkedBlocks(market, joints)
        self.due = market.stay.copy()  # what linked candidates are meant to hold
        self.place = _places(market, joints)
        self.turns = np.full(joints.num_links, TURNS)
        self.waiting: list[tuple[int, int]] = []  # a heap of places and links
        self.inserted = self.repairs = 0

    def queue(self, links: Iterable[int]) -> None:
        """Give links another turn, if they have one left and do not wait already."""
        for link in links:
            entry = (int(self.place[link]), link)
            if self.turns[link] > 0 and entry not in self.waiting:
                self.turns[link] -= 1
                heappush(self.waiting, entry)

    def run(self, deadline: float) -> None:
        """Insert the links that wait, strongest first, and those that have to make way for them."""
        while self.waiting and perf_counter() < deadline:
            _, link = heappop(self.waiting)
            self.blocks.solve(self._withdraw([link]))
            self._insert(link)
            self._repair()

    def _insert(self, link: int) -> None:
        """Have a link ask for its joint contracts until one is refused to no member."""
        first, end = self.joints.ptr[link : link + 2].tolist()
        for joint in range(first, end - int(self.joints.stay[link])):
            parts = self.joints.parts(joint)
            if (self.market.wish_priority[parts] >= self.blocks.cutoff[parts]).all() and self._enter(parts):
                self.inserted += 1
                return

    def _enter(self, parts: Ints) -> bool:
        """Have all parts asked for. If some is refused, only that is asked for in the end."""
        members = self.owner[parts]
        self._ask(parts, parts)
        refused = parts[self.blocks.held[members] != parts]
        if not len(refused):
            self.due[members] = parts
            return True
        self._ask(parts, refused[:1])
        if self.blocks.held[self.owner[refused[0]]] == refused[0]:  # it was refused on account of the other parts
            self._ask(parts, refused[:0])
        return False

    def _ask(self, parts: Ints, asked: Ints) -> None:
        self.blocks.asked[parts] = False
        self.blocks.asked[asked] = True
        self.blocks.solve(self.blocks.of(self.owner[parts]))

    def _repair(self) -> None:
        """Have all links withdraw whose members do not hold what they are meant to."""
        members, link = self.joints.members, self.joints.of_candidate[self.joints.members]
        while True:  # ends: links that have withdrawn hold what they are meant to
            astray = np.unique(link[self.blocks.held[members] != self.due[members]]).tolist()
            if not astray:
                return
            self.repairs += len(astray)
            self.blocks.solve(self._withdraw(astray))
            self.queue(astray)

    def _withdraw(self, links: Iterable[int]) -> set[int]:
        """Have links ask for nothing but their stays; return the blocks where they asked for more."""
        changed = set[int]()
        for link in links:
            members = self.joints.members_of(link)
            contracts = ranges(self.market.wish_ptr[members], np.diff(self.market.wish_ptr)[members])
            stays = self.market.stay[members]
            if self.blocks.asked[contracts].sum() > (stays >= 0).sum():
                changed |= self.blocks.of(members)
            self.blocks.asked[contracts] = False
            self.blocks.asked[stays[stays >= 0]] = True
            self.due[members] = stays
        return changed


def _places(market: Market, joints: Joints) -> Ints:
    """int64[g]: the place of each link in the order of insertion, by the first contract of its weakest member."""
    listed = np.diff(market.wish_ptr)[joints.members] > 0
    first = np.append(market.wish_priority, WEAKEST)[np.where(listed, joints.first, -1)]
    weakest = np.minimum.reduceat(first, joints.member_ptr[:-1])
    return np.argsort(np.argsort(-weakest, kind="stable"))
