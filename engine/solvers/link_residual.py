"""What bounds leave open of a linked market, in pieces that can be solved each by itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import numpy as np

from engine.model.market import Ints, Market
from engine.solvers.arrays import Mask
from engine.solvers.link_bounds import bounds
from engine.solvers.link_components import linked_components, of_component
from engine.solvers.link_joints import Joints, joint_contracts
from engine.solvers.link_pieces import Piece, accepted, piece


@dataclass(frozen=True, eq=False)
class Open:
    """A piece in which some link is open.

    Attributes
    ----------
    piece : Piece
    joints : Joints, of the links that are open; decided ones are not linked here
    sure : bool[k], contracts held in every outcome of the kind bounded
    excused : bool[n], of the candidates of the piece
    """

    piece: Piece
    joints: Joints
    sure: Mask
    excused: Mask

    @cached_property
    def key(self) -> bytes:
        """The same for pieces that are the same, whoever is excused elsewhere."""
        arrays = self.piece.contracts, self.piece.market.link, self.sure, self.excused
        return blake2b(b"".join(array.tobytes() for array in arrays)).digest()

    def has_excused(self) -> bool:
        return bool(self.excused.any())

    @property
    def size(self) -> int:
        """About how many literals CP-SAT needs: one for each contract that is not sure and zone of its cluster."""
        cluster, zone = self.joints.cluster + 1, self.piece.market.wish_zone  # 0 for contracts without posts
        num_zones = np.bincount(np.unique(np.column_stack((cluster, zone)), axis=0)[:, 0])
        return int(num_zones[cluster[~self.sure]].sum())


@dataclass(frozen=True, eq=False)
class Residual:
    """Outcomes without claims but of those excused.

    Attributes
    ----------
    held : int64[n]
        What everybody holds who is in none of the open pieces.
    pieces : list of Open
    """

    held: Ints
    pieces: list[Open]


def residual(market: Market, joints: Joints, excused: Mask, deadline: float) -> Residual:
    """Bound the outcomes of a linked market that have no claims but of those excused.

    Parameters
    ----------
    excused : bool[n], all members of a link or none
    deadline : float
        On the clock of `time.perf_counter`.
    """
    found = bounds(market, joints, excused, deadline)
    whole = piece(market, found.contracts, found.link)
    component, num_components = linked_components(whole.market)
    held = np.full(market.num_candidates, -1)
    unlinked, _ = accepted(whole.market, of_component(whole.market, component, -1))
    held[whole.candidates] = whole.outside(unlinked)
    pieces = []
    for number in range(num_components):
        part = piece(whole.market, of_component(whole.market, component, number), whole.market.link).within(whole)
        sure, excused_here = found.sure[part.contracts], excused[part.candidates]
        pieces.append(Open(part, joint_contracts(part.market), sure, excused_here))
    return Residual(held, pieces)
