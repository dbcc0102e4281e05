"""Seats and cutoffs of a linked market as constraints of CP-SAT.

Posts that zones join form a *cluster*; where every zone is one post, each post is its own. Inside a cluster, posts that
the same zones cover are taken for one, with the seats of all.

*Levels* are the priorities of the contracts that may have to be refused. A literal for each post and level says that
the cutoff of the post is above the level: no seat is free at the post, nor wherever its occupants might move, and
everybody met there is stronger than the level. A contract is refused if this holds at its level for all posts of its
zone. What the literals have to satisfy is local: such a post is full; a zone of which contracts sit there has all its
posts above the level; a contract that is held is not refused.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.model.market import Ints, Market
from engine.solvers.arrays import Mask
from engine.solvers.link_pieces import clusters

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar, LinearExprT


class Cutoffs:
    """Constraints that seat what is held, and literals for what is refused.

    Parameters
    ----------
    cp : the model the constraints go to
    market : Market
    held : a literal for each contract
    sure : bool[k], contracts that are held whatever happens

    Attributes
    ----------
    refused : for each contract that is not sure, a literal that is true only where the contract is refused
    """

    def __init__(self, cp: CpModel, market: Market, held: list[IntVar], sure: Mask) -> None:
        self.refused: dict[int, IntVar] = {}
        self._clusters: dict[int, _Cluster] = {}
        of_contract = clusters(market)
        for c in np.flatnonzero(of_contract < 0).tolist():
            cp.add(held[c] == 0)
            self.refused[c] = cp.new_constant(1)
        weakest_first = np.lexsort((market.wish_priority, of_contract))
        ends = np.searchsorted(of_contract[weakest_first], np.arange(of_contract.max(initial=-1) + 2))
        for first, end in pairwise(ends.tolist()):
            contracts = weakest_first[first:end]
            if not sure[contracts].all():  # what is sure can be seated
                cluster = _Cluster(cp, _shape(market, contracts), contracts.tolist(), held, sure)
                self.refused |= cluster.refused
                self._clusters |= dict.fromkeys(contracts.tolist(), cluster)

    def crowded_out(self, parts: list[int]) -> list[IntVar]:
        """Literals true only where some part of a joint contract is refused on account of stronger parts beside it."""
        found = []
        for c in parts:
            cluster = self._clusters.get(c)
            stronger = [d for d in parts if cluster and self._clusters.get(d) is cluster and cluster.stronger(d, c)]
            if cluster and stronger:
                found.append(cluster.crowded_out(c, stronger))
        return found


class _Shape(NamedTuple):
    """Zones and posts of a cluster: the zone of each contract, the posts of each zone, the seats of each post."""

    zone: list[int]
    posts: list[tuple[int, ...]]
    seats: list[int]


def _shape(market: Market, contracts: Ints) -> _Shape:
    """Posts that the same zones cover are one, and so are zones of the same posts."""
    zones, zone = np.unique(market.wish_zone[contracts], return_inverse=True)
    covering: dict[int, list[int]] = {}
    for number, z in enumerate(zones.tolist()):
        for post in np.unique(market.zone_post[market.zone_ptr[z] : market.zone_ptr[z + 1]]).tolist():
            covering.setdefault(post, []).append(number)
    kinds = {kind: number for number, kind in enumerate(dict.fromkeys(map(tuple, covering.values())))}
    seats = [0] * len(kinds)
    for post, kind in covering.items():
        seats[kinds[tuple(kind)]] += int(market.seats[post])
    posts = [tuple(number for kind, number in kinds.items() if z in kind) for z in range(len(zones))]
    distinct = {listed: number for number, listed in enumerate(dict.fromkeys(posts))}
    return _Shape([distinct[posts[z]] for z in zone.tolist()], list(distinct), seats)


class _Cluster:
    """The part of `Cutoffs` about one cluster; contracts come weakest first."""

    def __init__(self, cp: CpModel, shape: _Shape, contracts: list[int], held: list[IntVar], sure: Mask) -> None:
        self.cp, self.shape = cp, shape
        self.place = {c: place for place, c in enumerate(contracts)}
        self.holding: list[list[IntVar]] = [[] for _ in shape.posts]  # literals of the contracts of each zone
        self.held = [held[c] for c in contracts]
        for zone, literal in zip(shape.zone, self.held, strict=True):
            self.holding[zone].append(literal)
        level = [place for place, c in enumerate(contracts) if not sure[c]]
        above = [self._ladder(len(level)) for _ in shape.seats]
        zone_above = [self._zone_ladder(posts, above) for posts in shape.posts]
        self._seat(above, zone_above)
        self._hold(level, zone_above)
        self.refused = {contracts[place]: zone_above[shape.zone[place]][s] for s, place in enumerate(level)}

    def stronger(self, contract: int, than: int) -> bool:
        return self.place[contract] > self.place[than]

    def _ladder(self, num_levels: int) -> list[IntVar]:
        """Literals that can only be true if those before are."""
        steps = [self.cp.new_bool_var("") for _ in range(num_levels)]
        for lower, higher in pairwise(steps):
            self.cp.add_implication(higher, lower)
        return steps

    def _zone_ladder(self, posts: tuple[int, ...], above: list[list[IntVar]]) -> list[IntVar]:
        if len(posts) == 1:
            return above[posts[0]]
        steps = self._ladder(len(above[0]))
        for post in posts:
            for zone_step, post_step in zip(steps, above[post], strict=True):
                self.cp.add_implication(zone_step, post_step)
        return steps

    def _seat(self, above: list[list[IntVar]], zone_above: list[list[IntVar]]) -> None:
        """Seat what is held; posts above a level are full and lead only to such posts."""
        taken: list[list[LinearExprT]] = [[] for _ in self.shape.seats]
        for posts, holding, steps in zip(self.shape.posts, self.holding, zone_above, strict=True):
            if len(posts) == 1:
                taken[posts[0]] += holding
                continue
            numbers = []
            for post in posts:
                number, used = self._number(min(self.shape.seats[post], len(holding)))
                numbers.append(number)
                taken[post].append(number)
                for zone_step, post_step in zip(steps, above[post], strict=True):
                    self.cp.add_bool_or(used.negated(), post_step.negated(), zone_step)
            self.cp.add(_sum(numbers) == _sum(holding))
        for seats, there, steps in zip(self.shape.seats, taken, above, strict=True):
            self.cp.add(_sum(there) <= seats)
            self.cp.add(_sum(there) == seats).only_enforce_if(steps[0])

    def _hold(self, level: list[int], zone_above: list[list[IntVar]]) -> None:
        """A contract that is held is not refused, nor is any stronger one of its zone."""
        first = np.searchsorted(level, np.arange(len(self.held))).tolist()
        for zone, literal, s in zip(self.shape.zone, self.held, first, strict=True):
            if s < len(level):
                self.cp.add_implication(literal, zone_above[zone][s].negated())

    def crowded_out(self, contract: int, beside: list[int]) -> IntVar:
        """A literal true only where stronger contracts held, and those beside, can fill a set of posts around it."""
        inside = [self.cp.new_bool_var("") for _ in self.shape.seats]
        taken: list[list[LinearExprT]] = [[] for _ in self.shape.seats]
        place = self.place[contract]
        for zone, posts in enumerate(self.shape.posts):
            stronger = [self.held[p] for p in range(place + 1, len(self.held)) if self.shape.zone[p] == zone]
            more = sum(self.shape.zone[self.place[d]] == zone for d in beside)
            numbers = []
            for post in posts:
                number, used = self._number(min(self.shape.seats[post], len(stronger) + more))
                numbers.append(number)
                taken[post].append(number)
                self.cp.add_bool_and(inside[p] for p in posts).only_enforce_if(used)
            self.cp.add(_sum(numbers) <= _sum(stronger) + more)
        for seats, there, literal in zip(self.shape.seats, taken, inside, strict=True):
            self.cp.add(_sum(there) >= seats).only_enforce_if(literal)
        literal = self.cp.new_bool_var("")
        self.cp.add_bool_and(inside[p] for p in self.shape.posts[self.shape.zone[place]]).only_enforce_if(literal)
        return literal

    def _number(self, most: int) -> tuple[IntVar, IntVar]:
        """How many contracts of a zone sit at a post, and a literal that is true wherever there are any."""
        number, used = self.cp.new_int_var(0, most, ""), self.cp.new_bool_var("")
        self.cp.add(number == 0).only_enforce_if(used.negated())
        return number, used


def _sum(terms: list[LinearExprT] | list[IntVar]) -> LinearExprT:
    from ortools.sat.python.cp_model import LinearExpr

    return LinearExpr.sum(terms)
