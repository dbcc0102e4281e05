"""How many candidates wish for each post, by whatever zone."""

from __future__ import annotations

import numpy as np

from engine.jit import kernel
from engine.model.market import Ints, ShortInts


@kernel
def num_wanting(owner: Ints, zone: ShortInts, zone_ptr: Ints, zone_post: ShortInts, num_posts: int) -> Ints:
    """int64[m]: candidates with a wish that covers each post.

    Parameters
    ----------
    owner, zone : int64[k], int32[k], the candidate and the zone of each wish; wishes of a candidate stand together
    """
    wanted = np.zeros(num_posts, np.int64)
    last = np.full(num_posts, -1, np.int64)  # the last candidate counted at each post
    for c in range(len(owner)):
        for p in zone_post[zone_ptr[zone[c]] : zone_ptr[zone[c] + 1]]:
            if last[p] != owner[c]:
                last[p] = owner[c]
                wanted[p] += 1
    return wanted
