"""Claims, counted on arrays: one for each contract of an unlinked candidate, one for each joint contract of a link."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.model.market import Ints, Market, ShortInts
from engine.solvers.link_joints import NOT_JOINT, Joints
from engine.solvers.link_pieces import choice, cutoffs_of_zones


class Claims(NamedTuple):
    """``contracts`` (int64[]) unlinked candidates claim, ``joints`` (int64[]), joint contracts links claim."""

    contracts: Ints
    joints: Ints

    @property
    def num(self) -> int:
        return len(self.contracts) + len(self.joints)


def claims(market: Market, joints: Joints, held: Ints, post: ShortInts) -> Claims:
    """Everything that is claimed in an outcome (DESIGN 7).

    Parameters
    ----------
    held, post : int64[n], int32[n]
        A seating of the contracts held; linked candidates hold all parts of a joint contract, or nothing.
    """
    cutoff = cutoffs_of_zones(market, held, post)[market.wish_zone]
    end = np.where(held >= 0, held, market.wish_ptr[1:])
    preferred = np.arange(market.num_contracts) < end[market.candidate_of_contract()]
    enters = preferred & (joints.of_contract == NOT_JOINT) & (market.wish_priority >= cutoff)
    return Claims(np.flatnonzero(enters), joint_claims(market, joints, held, cutoff))


def joint_claims(market: Market, joints: Joints, held: Ints, cutoff: Ints) -> Ints:
    """The joint contracts that links claim.

    Parameters
    ----------
    held : int64[n]
    cutoff : int64[k], the cutoff of the zone of each contract
    """
    each_enters = joints.complete(np.flatnonzero(market.wish_priority >= cutoff))
    preferred = np.arange(len(joints.size)) < joints.held(held)[joints.link]
    found = np.flatnonzero(each_enters & preferred)
    doubtful = joints.meet[found]
    placed = held[held >= 0]
    entering = [joint for joint in found[doubtful].tolist() if _all_enter(market, joints, placed, joint)]
    return np.sort(np.append(found[~doubtful], np.array(entering, dtype=np.int64)))


def _all_enter(market: Market, joints: Joints, placed: Ints, joint: int) -> bool:
    """Whether the parts of a joint contract, each of which would enter alone, enter together."""
    parts = joints.parts(joint)
    around = placed[np.isin(joints.cluster[placed], joints.cluster[parts])]
    return bool(np.isin(parts, choice(market, np.concatenate([around, parts]))).all())
