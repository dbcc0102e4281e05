"""The walk of `cutoffs`, taken backward: from free seats, then from seated contracts, weakest first.

What is met from a free seat can reach it. What is then met from the weakest contract not yet met, and from nothing
before, has it as its cutoff. So every zone and every post is met once, whatever the number of cutoffs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.jit import inner, kernel
from engine.model.market import Ints, ShortInts

FREE = np.iinfo(np.int64).min
NOBODY = np.iinfo(np.int64).max


class Steps(NamedTuple):
    """A step backward leads from a post to the zones with contracts that cover it, from a zone to where these sit.

    Zones of post p: ``covering[post_ptr[p]:post_ptr[p+1]]``; posts of zone z: ``seated[zone_ptr[z]:zone_ptr[z+1]]``.
    """

    post_ptr: Ints
    covering: ShortInts
    zone_ptr: Ints
    seated: ShortInts


@kernel
def weakest_reached(
    zone_ptr: Ints,
    zone_post: ShortInts,
    seated_zone: ShortInts,
    seated_post: ShortInts,
    weakest: Ints,
    weakest_first: Ints,
    free: Ints,
    num_posts: int,
) -> Ints:
    """int64[m]: the cutoff of every post.

    Parameters
    ----------
    zone_ptr, zone_post, seated_zone, seated_post : as for `cutoffs.post_cutoffs`
    weakest : int64[z], priority of the weakest contract of each zone, `NOBODY` where there is none
    weakest_first : int64[], the zones with contracts in this order
    free : int64[], the posts with a free seat
    num_posts : int
    """
    steps = _steps(zone_ptr, zone_post, seated_zone, seated_post, weakest, num_posts)
    cutoffs = np.full(num_posts, NOBODY)
    met = weakest == NOBODY  # zones without contracts lead nowhere
    queue = np.empty(num_posts, np.int32)
    length = 0
    for p in free:
        length = _meet(p, FREE, cutoffs, queue, length)
    _walk_back(FREE, length, steps, cutoffs, met, queue)
    for z in weakest_first:
        if not met[z]:
            met[z] = True
            length = _meet_seated(z, weakest[z], steps, cutoffs, queue, 0)
            _walk_back(weakest[z], length, steps, cutoffs, met, queue)
    return cutoffs


@inner
def _walk_back(
    cutoff: int, length: int, steps: Steps, cutoffs: Ints, met: npt.NDArray[np.bool_], queue: ShortInts
) -> None:
    """Give a cutoff to all posts from which those in the queue can be reached, and that have none yet."""
    t = 0
    while t < length:
        p = queue[t]
        t += 1
        for k in range(steps.post_ptr[p], steps.post_ptr[p + 1]):
            z = steps.covering[k]
            if not met[z]:
                met[z] = True
                length = _meet_seated(z, cutoff, steps, cutoffs, queue, length)


@inner
def _meet_seated(z: int, cutoff: int, steps: Steps, cutoffs: Ints, queue: ShortInts, length: int) -> int:
    for k in range(steps.zone_ptr[z], steps.zone_ptr[z + 1]):
        length = _meet(steps.seated[k], cutoff, cutoffs, queue, length)
    return length


@inner
def _meet(p: int, cutoff: int, cutoffs: Ints, queue: ShortInts, length: int) -> int:
    if cutoffs[p] == NOBODY:
        cutoffs[p] = cutoff
        queue[length] = p
        length += 1
    return length


@inner
def _steps(
    zone_ptr: Ints, zone_post: ShortInts, seated_zone: ShortInts, seated_post: ShortInts, weakest: Ints, num_posts: int
) -> Steps:
    num_zones = len(weakest)
    post_ptr, seat_ptr = np.zeros(num_posts + 2, np.int64), np.zeros(num_zones + 2, np.int64)
    for z in range(num_zones):
        if weakest[z] < NOBODY:
            for p in zone_post[zone_ptr[z] : zone_ptr[z + 1]]:
                post_ptr[p + 2] += 1
    for z in seated_zone:
        seat_ptr[z + 2] += 1
    post_ptr, seat_ptr = np.cumsum(post_ptr), np.cumsum(seat_ptr)
    covering, seated = np.empty(post_ptr[-1], np.int32), np.empty(seat_ptr[-1], np.int32)
    for z in range(num_zones):  # filling a list moves its beginning to its end, which is where the next one begins
        if weakest[z] < NOBODY:
            for p in zone_post[zone_ptr[z] : zone_ptr[z + 1]]:
                covering[post_ptr[p + 1]] = z
                post_ptr[p + 1] += 1
    for s in range(len(seated_zone)):
        seated[seat_ptr[seated_zone[s] + 1]] = seated_post[s]
        seat_ptr[seated_zone[s] + 1] += 1
    return Steps(post_ptr, covering, seat_ptr, seated)
