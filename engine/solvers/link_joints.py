"""Joint contracts: what a link asks for is one contract of each of its members, all of the same rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.model.market import Ints, Market, ShortInts
from engine.solvers.arrays import Mask, pointer, ranges
from engine.solvers.errors import UnsupportedMarket
from engine.solvers.link_pieces import clusters

NOT_JOINT = -1  # the joint contract of an unlinked candidate's contract
UNLINKED = -1  # the link of an unlinked candidate


@dataclass(frozen=True, eq=False)
class Joints:
    """The links of a market and their joint contracts.

    Attributes
    ----------
    of_candidate : int64[n]
        The link of each candidate, or -1. Links are numbered in the order of their groups.
    of_contract : int64[k]
        The joint contract that each contract is part of, or -1 for the contracts of unlinked candidates.
    ptr : int64[g+1]
        Joint contracts of link g are ``ptr[g]:ptr[g+1]``, best first.
    link, size : int64[j]
        The link of each joint contract, and how many members it has.
    member_ptr, members : int64[g+1], int64[]
        Members of link g are ``members[member_ptr[g]:member_ptr[g+1]]``.
    first : int64[]
        The first contract of each of the members.
    stay : bool[g]
        Whether the members of each link are holders: their last joint contract is to stay where they are.
    cluster : int32[k]
        The cluster of each contract: posts that zones join. -1 for a zone without posts.
    meet : bool[j]
        Whether some parts of each joint contract are in one cluster, so that one can be in the way of another.
    """

    of_candidate: Ints
    of_contract: Ints
    ptr: Ints
    link: Ints
    size: Ints
    member_ptr: Ints
    members: Ints
    first: Ints
    stay: Mask
    cluster: ShortInts
    meet: Mask

    @property
    def num_links(self) -> int:
        return len(self.stay)

    def complete(self, contracts: Ints) -> Mask:
        """bool[j]: the joint contracts all parts of which are among the contracts, none of which is given twice."""
        joint = self.of_contract[contracts]
        found: Mask = np.bincount(joint[joint != NOT_JOINT], minlength=len(self.size)) == self.size
        return found

    def members_of(self, link: int) -> Ints:
        return self.members[self.member_ptr[link] : self.member_ptr[link + 1]]

    def parts(self, joint: int) -> Ints:
        """int64[]: the contract of each member."""
        link = self.link[joint]
        parts: Ints = self.first[self.member_ptr[link] : self.member_ptr[link + 1]] + joint - self.ptr[link]
        return parts

    def held(self, contract: Ints) -> Ints:
        """int64[g]: the joint contract each link holds, or the end of its list, given what candidates hold."""
        mine = contract[self.members[self.member_ptr[:-1]]]
        joint: Ints = np.where(mine >= 0, np.append(self.of_contract, NOT_JOINT)[mine], self.ptr[1:])
        return joint


def joint_contracts(market: Market) -> Joints:
    """The joint contracts of a market.

    Raises
    ------
    UnsupportedMarket
        If the members of a link have not all as many contracts, or some are holders and some are not.
    """
    linked = np.flatnonzero(market.link >= 0)
    members = linked[np.argsort(market.link[linked], kind="stable")]
    _, start, num_members = np.unique(market.link[members], return_index=True, return_counts=True)
    _require_alike(market, members, np.repeat(members[start], num_members))
    num_ranks = np.diff(market.wish_ptr)[members]
    ptr = pointer(num_ranks[start])
    of_contract = np.full(market.num_contracts, NOT_JOINT)
    contracts = ranges(market.wish_ptr[members], num_ranks)
    of_contract[contracts] = ranges(np.repeat(ptr[:-1], num_members), num_ranks)
    of_candidate = np.full(market.num_candidates, UNLINKED)
    of_candidate[members] = np.repeat(np.arange(len(start)), num_members)
    cluster = clusters(market)
    return Joints(
        of_candidate=of_candidate,
        of_contract=of_contract,
        ptr=ptr,
        link=np.repeat(np.arange(len(start)), num_ranks[start]),
        size=np.repeat(num_members, num_ranks[start]),
        member_ptr=pointer(num_members),
        members=members,
        first=market.wish_ptr[members],
        stay=market.stay[members[start]] >= 0,
        cluster=cluster,
        meet=_meet(cluster[contracts], of_contract[contracts], int(ptr[-1])),
    )


def _meet(cluster: ShortInts, joint: Ints, num_joints: int) -> Mask:
    """bool[j]: whether a cluster occurs twice in a joint contract."""
    order = np.lexsort((cluster, joint))
    cluster, joint = cluster[order], joint[order]
    twice = (joint[1:] == joint[:-1]) & (cluster[1:] == cluster[:-1])
    return np.bincount(joint[1:][twice], minlength=num_joints) > 0


def _require_alike(market: Market, members: Ints, first: Ints) -> None:
    num_wishes, holds = np.diff(market.wish_ptr), market.stay >= 0
    unlike = np.flatnonzero((num_wishes[members] != num_wishes[first]) | (holds[members] != holds[first]))
    if len(unlike):
        i, j = first[unlike[0]], members[unlike[0]]
        raise UnsupportedMarket(
            f"candidates {i} and {j} are linked, but have {num_wishes[i]} and {num_wishes[j]} contracts, "
            "or one of them is a holder and the other is not"
        )
