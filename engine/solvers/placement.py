"""Placement: who sits on which seat inside the zone granted. Nobody's contract changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.model.market import Ints, Market, Matching, ShortInts
from engine.solvers.arrays import Mask, pointer, ranges

Rule = Literal["priority", "distance"]


@dataclass(frozen=True, eq=False)
class Distances:
    """How far each post of the zone granted is from where its candidate would rather be.

    Parameters
    ----------
    ptr : int64[n+1]
        Costs of candidate i are ``ptr[i]:ptr[i+1]``: one for each post of the zone he holds, in the order of
        ``zone_post``, or none at all where all its posts are alike to him (no indicative wish, a zone de remplacement).
    cost : int64[]
        Metres, not negative.
    """

    ptr: Ints
    cost: Ints

    def of(self, candidates: Ints) -> Distances:
        """The same for some candidates, in their order."""
        length = np.diff(self.ptr)[candidates]
        return Distances(pointer(length), self.cost[ranges(self.ptr[candidates], length)])

    def updated(self, changed: Mask, other: Distances) -> Distances:
        """These distances, with those of some candidates (bool[n]) replaced by others."""
        ours, theirs = np.diff(self.ptr), np.diff(other.ptr)
        ptr = pointer(np.where(changed, theirs, ours))
        cost = np.empty(ptr[-1], dtype=np.int64)
        for distances, chosen in ((self, ~changed), (other, changed)):
            some = np.flatnonzero(chosen)
            cost[ranges(ptr[some], np.diff(ptr)[some])] = distances.of(some).cost
        return Distances(ptr, cost)


def all_alike(num_candidates: int) -> Distances:
    """Distances that favour no seat."""
    return Distances(np.zeros(num_candidates + 1, dtype=np.int64), np.empty(0, dtype=np.int64))


def place(
    market: Market,
    matching: Matching,
    distance: Distances | None = None,
    rule: Rule = "priority",
    movable: Mask | None = None,
) -> ShortInts:
    """A seat for everybody inside the zone of the contract he holds.

    Who holds a contract for a single post sits there; who keeps his post by his stay, or is not movable, where the
    matching has him. Of the seats left, the others get the closest ones by the rule:

    ``priority``
        in decreasing priority of the contracts held, each candidate as close as those before him allow while everybody
        can still be seated;
    ``distance``
        so that the sum of all distances is least.

    Parameters
    ----------
    market : Market
    matching : Matching
        Feasible, by its posts: every seat used once, inside the zone of its contract.
    distance : Distances, optional
        None: all posts of a zone are alike to everybody.
    rule : "priority" or "distance"
    movable : bool[n], optional
        Whose seat may be chosen. None: everybody's.

    Returns
    -------
    int32[n]
        The post of each candidate, -1 for those who hold nothing.

    Raises
    ------
    ValueError
        If a candidate's distances are not one for each post of his zone, or negative; if the matching is not feasible;
        if under ``distance`` a sum of distances could exceed int64.

    Notes
    -----
    Write d(i, p) for the distance of candidate i to post p of his zone (0 where all are alike), s(i) for his seat. A
    *walk* goes from a post p to a candidate i who sits on p and may be moved, to another post of his zone that is open
    to him, and so on. Both rules can be checked without solving anything:

    - ``priority`` is optimal iff for every movable candidate i this walk meets neither a free seat nor s(i): start from
      the posts p of his zone with d(i, p) < d(i, s(i)); i himself does not move; to a candidate j with distances who is
      stronger than i the posts with d(j, p) <= d(j, s(j)) are open; to everybody else all posts of his zone. Shifting
      a walk that meets one would bring i closer and take no stronger candidate farther; and any two seatings of the
      same contracts differ by such shifts and by rings of them.
    - ``distance`` is optimal iff there are potentials v, an integer for each post, with v = 0 where a seat is free and
      v <= 0 elsewhere, such that v(q) <= v(p) + d(i, q) - d(i, p) for every movable candidate i seated on p and every
      post q of his zone. They exist iff no ring of moves, and no row of moves into a free seat, shortens the sum
      (shortest paths in the residual graph, Bellman and Ford).

    The vector of distances, strongest candidate first, is unique under ``priority``, and so is the sum under
    ``distance``. Among seatings that are equally good the choice follows the order of priorities and of the posts in
    their zones, never that of the candidates.
    """
    distance = all_alike(market.num_candidates) if distance is None else distance
    held = matching.contract
    zone = np.where(held >= 0, market.wish_zone[held], -1) if len(market.wish_zone) else np.full(len(held), -1)
    width = np.where(zone >= 0, np.diff(market.zone_ptr)[zone], 0) if market.num_zones else np.zeros(len(held), int)
    _require_distances(distance, width)
    chosen = (width > 1) & (held != market.stay)
    if movable is not None:
        chosen &= movable
    guests = _strongest_first(market, held, np.flatnonzero(chosen))
    post = matching.post.copy()
    if len(guests):
        fixed = post[(held >= 0) & ~chosen]
        free = market.seats - np.bincount(fixed, minlength=market.num_posts).astype(np.int32)
        post[guests] = _seats_of_guests(market, zone[guests].astype(np.int32), distance.of(guests), free, rule)
    return post


def _seats_of_guests(market: Market, zone: ShortInts, distance: Distances, free: ShortInts, rule: Rule) -> ShortInts:
    from engine.jit import sealed
    from engine.solvers.placement_kernel import Guests, Zones, seated

    zones = Zones(sealed(market.zone_ptr), sealed(market.zone_post))
    post, _ = seated(Guests(sealed(zone), sealed(distance.ptr), sealed(distance.cost)), zones, free)
    if (post < 0).any() or (free < 0).any():
        raise ValueError("the contracts held cannot be seated at once: the matching is not feasible")
    if rule == "distance":
        from engine.solvers.placement_flow import least_distance

        return least_distance(market, zone, distance, free, post)
    return post


def _strongest_first(market: Market, held: Ints, candidates: Ints) -> Ints:
    """Candidates in decreasing priority of what they hold; equals hold disjoint zones, which then decide."""
    contract = held[candidates]
    return candidates[np.lexsort((market.wish_zone[contract], ~market.wish_priority[contract]))]


def _require_distances(distance: Distances, width: Ints) -> None:
    length = np.diff(distance.ptr)
    wrong = np.flatnonzero((length > 0) & (length != width))
    if len(wrong):
        i = wrong[0]
        raise ValueError(f"candidate {i} has {length[i]} distances, and his zone {width[i]} posts")
    if len(distance.cost) and distance.cost.min() < 0:
        raise ValueError("distances must not be negative")
