"""Services of pinned TZR, before all others: most of the pinned employed, then most hours, then each in his order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.model.market import Ints
from engine.model.tzr.blocks import Block
from engine.solvers.services import Search, ServiceOptions
from engine.solvers.services_model import Limits
from engine.solvers.services_pool import Pool, pool_of


def pinned_services(block: Block, schools: Ints, options: ServiceOptions, limits: Limits) -> tuple[Ints, ...]:
    """For each TZR of a block the lots of his service, once for each piece; none where he can have none.

    Parameters
    ----------
    block : of pinned TZR alone, with all needs that they reach
    schools : int64[n], the school of the block in which each has a part of his service; -1 where it has no need
    """
    alone = _one_kind_each(block, schools, options.max_metres)
    pool = _with_a_part(pool_of(alone, options.max_schools, options.max_metres), alone, schools)
    search = Search(alone, pool, everybody_first=True)
    search.begin(limits)
    search.cover(limits)
    return search.choose(limits).lots


def _one_kind_each(block: Block, schools: Ints, max_metres: int) -> Block:
    """The block in which everybody is of a kind of his own: he reaches what one service may have with his school."""
    near = (block.apart[schools] <= max_metres) & (schools >= 0)[:, None]
    return replace(
        block,
        kind=np.arange(len(block.tzr)),
        low=block.low[block.kind],
        high=block.high[block.kind],
        owed=block.owed[block.kind],
        reach=block.reach[block.kind] & near[:, block.school],
    )


def _with_a_part(pool: Pool, block: Block, schools: Ints) -> Pool:
    """The services with a lot in the school of their TZR."""
    owner = np.repeat(np.arange(len(pool)), np.diff(pool.ptr))
    there = block.school[pool.lot] == schools[pool.kind[owner]]
    return pool.only(np.bincount(owner[there], minlength=len(pool)) > 0)
