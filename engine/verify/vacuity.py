"""Claims that an improvement leaves, granted to see whether they are taken back.

Grant a claim: the claimant leaves what he has and takes what he claims. Who is displaced takes the best contract that
the choice, offered it beside all that is held, would keep; and so on. A claim is *vacuous* if this displaces the
claimant again (Troyan, Delacrétaz and Kloosterman, Essentially stable matchings, Games and Economic Behavior, 2020,
recalled). If the chain ends with a seat for somebody, or with somebody who finds nothing, the claim stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.model.market import Ints
from engine.verify.lists import CLOSING, NOTHING, Mask, ranges
from engine.verify.seating import Seating

if TYPE_CHECKING:
    from engine.verify.vacuity_kernel import Wishes, Zones

MAX_VISITS = 4_000_000_000
"""Posts met by all walks together, after which claims are no longer followed: they count as standing."""

VACUOUS, SEAT, OUT, LONG = range(4)


@dataclass(frozen=True, eq=False)
class Chains:
    """What becomes of claims that are granted.

    Attributes
    ----------
    claim : int64[c], contracts
    end : int64[c], `VACUOUS`, `SEAT`, `OUT` or `LONG`
    ptr, taken, lost : int64[c+1], int64[], int64[]
        Steps of chain k are ``ptr[k]:ptr[k+1]``: the contract somebody takes, and the one another loses by it, or -1.
    """

    claim: Ints
    end: Ints
    ptr: Ints
    taken: Ints
    lost: Ints

    def that_stand(self) -> Chains:
        """Those that do not take their claim back."""
        return self._some(np.flatnonzero(self.end != VACUOUS))

    def shortest(self, number: int) -> Chains:
        """The shortest ones, in the order of their claims."""
        return self._some(np.sort(np.argsort(np.diff(self.ptr), kind="stable")[:number]))

    def _some(self, chosen: Ints) -> Chains:
        length = np.diff(self.ptr)[chosen]
        steps = ranges(self.ptr[chosen], length)
        ptr = np.append(0, np.cumsum(length))
        return Chains(self.claim[chosen], self.end[chosen], ptr, self.taken[steps], self.lost[steps])


def followed(now: Seating, claims: Ints, competing: Mask, to_close: Ints) -> Chains:
    """Every claim granted alone.

    Parameters
    ----------
    claims : contracts, ascending
    competing : bool[k], contracts that somebody displaced may take; they stand first in each list
    to_close : int64[m], seats of each post that are still to be closed as they fall free
    """
    from engine.jit import sealed
    from engine.verify.vacuity_kernel import chains

    lists, start = now.lists, np.zeros(1, dtype=np.int64)
    if not len(claims):
        return Chains(claims, claims, start, claims, claims)
    wishes, zones = _arrays(now, _ends(now, competing))
    found = chains(
        sealed(claims),
        sealed(lists.candidate[claims]),
        wishes,
        zones,
        (sealed(now.seats), sealed(to_close)),
        (sealed(now.contract), sealed(now.post)),
        MAX_VISITS,
    )
    return Chains(claims, *found)


def not_shown_vacuous(now: Seating, claims: Ints, competing: Mask, to_close: Ints, component: Ints) -> Ints:
    """Claims of which it is not shown at one stroke that they are vacuous; they have to be followed one by one.

    Parameters
    ----------
    claims, competing, to_close : as for `followed`
    component : int64[c], a number for each claim, the same where candidates may meet

    Notes
    -----
    Grant a set of claims at once, everybody keeping what he holds besides, and let who is displaced ask from the top of
    his list again. What is refused beside some contracts is refused beside these and more. So in the chain of one of
    the claims alone nobody is displaced who is not displaced here, and nobody asks for a zone that is not asked for
    here. If here nobody finds nothing, and no zone asked for can reach a free seat or the seat that the claimant
    leaves, then his chain ends neither with a seat nor with somebody who finds nothing: it displaces the claimant. A
    seat that is to be closed when he leaves it is none, unless closing it would displace somebody.

    What is shown is set apart, the rest is granted again: fewer zones are asked for then. When nothing more is shown,
    the rest is returned.
    """
    left, contested, ends = np.arange(len(claims)), _contested(now, claims), _ends(now, competing)
    while len(left):
        shown = _shown_at_once(now, claims[left], ends, to_close, contested, component[left])
        if not shown.any():
            break
        left = left[~shown]
    return claims[left]


def _contested(now: Seating, claims: Ints) -> Mask:
    """bool[m]: posts where a seat to be closed claims that of somebody weaker."""
    posts = np.zeros(now.lists.num_posts, dtype=np.bool_)
    closings = claims[now.lists.phase[claims] == CLOSING]
    posts[now.lists.zone_post[now.lists.zone_ptr[now.lists.zone[closings]]]] = True
    return posts


def _shown_at_once(now: Seating, claims: Ints, ends: Ints, to_close: Ints, contested: Mask, component: Ints) -> Mask:
    from engine.jit import sealed
    from engine.verify.vacuity_kernel import asked_at_once

    lists = now.lists
    strongest_first = np.argsort(-lists.priority[claims])  # the others are then refused at once
    wishes, zones = _arrays(now, ends, claims[strongest_first])
    nothing = np.full(len(claims), NOTHING)
    met, failed = asked_at_once(
        lists.num_candidates,
        wishes,
        zones,
        sealed(now.seats),
        (sealed(np.append(now.contract, nothing)), sealed(np.append(now.post, nothing))),
        sealed(component[strongest_first]),
    )
    seat = now.post[lists.candidate[claims]]
    shown: Mask = ~failed[component] & ((seat < 0) | np.where(to_close[seat] > 0, ~contested[seat], ~met[seat]))
    return shown


def _ends(now: Seating, competing: Mask) -> Ints:
    """int64[n+f]: where the contracts end that somebody displaced may take.

    What does not compete is extension after the run, and stands last: nobody it is for holds a post.
    """
    counts = np.bincount(now.lists.candidate[competing], minlength=now.lists.num_candidates)
    ends: Ints = now.lists.ptr[:-1] + counts
    return ends


def _arrays(now: Seating, ends: Ints, claims: Ints | None = None) -> tuple[Wishes, Zones]:
    """What kernels take; with a candidate more for each claim."""
    from engine.jit import sealed
    from engine.verify.vacuity_kernel import Wishes, Zones

    lists = now.lists
    more = np.zeros(0, dtype=np.int64) if claims is None else claims
    first, end = np.append(lists.ptr[:-1], more), np.append(ends, more + 1)
    return (
        Wishes(sealed(first), sealed(end), sealed(lists.zone), sealed(lists.priority)),
        Zones(sealed(lists.zone_ptr), sealed(lists.zone_post), sealed(now.zone_cutoffs)),
    )
