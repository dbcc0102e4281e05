"""What every result keeps to, proven or not: nobody could simply take a better service, nor change with a weaker TZR.

Where not every TZR was proven to have the best service he can, two simple wishes are granted until there are none: a
service made of his own and of open needs that covers more hours, or as many and is better liked; and the service of a
weaker TZR who can do his. The stronger gains by each, or more is covered: so it ends.
"""

from __future__ import annotations

import numpy as np

from engine.model.market import Ints
from engine.model.tzr.blocks import Block
from engine.solvers.services_pool import Pool


def polished(block: Block, pool: Pool, lots: list[Ints]) -> list[Ints]:
    """The services with every simple wish granted.

    Parameters
    ----------
    pool : every service of the block
    lots : for each TZR, the strongest first, the lots of his service
    """
    lots = list(lots)
    while sum(_takes_open(block, pool, lots, i) | _changes(block, lots, i) for i in range(len(lots))):
        pass
    return lots


def liking(block: Block, i: int, lots: Ints) -> tuple[int, int, int]:
    """How a TZR likes a service: smaller is better. The rank of its preference, metres, schools."""
    schools = np.unique(block.school[lots])
    return int(block.rank[i, schools].max()), int(block.metres[i, schools].sum()), len(schools)


def _takes_open(block: Block, pool: Pool, lots: list[Ints], i: int) -> bool:
    """Give a TZR the best service made of his own and of open needs; whether he changes."""
    stock = block.pieces.copy()
    for j, taken in enumerate(lots):
        if j != i:
            np.subtract.at(stock, taken, 1)
    mine = pool.only(pool.fits(stock) & (pool.kind == block.kind[i]))
    if not len(mine):
        return False
    mine = mine.only(mine.hours == mine.hours.max())
    best = mine.lots_of(int(mine.liked(block, i)[0][0]))
    hours = int(block.hours[lots[i]].sum())
    if mine.hours[0] == hours and liking(block, i, best) >= liking(block, i, lots[i]):
        return False
    lots[i] = best
    return True


def _changes(block: Block, lots: list[Ints], i: int) -> bool:
    """Have a TZR change with weaker ones whose service he likes better, or take it where he has none."""
    changed = False
    for j in range(i + 1, len(lots)):
        if not len(lots[j]) or not _may(block, i, lots[j]) or (len(lots[i]) and not _may(block, j, lots[i])):
            continue
        if not len(lots[i]) or liking(block, i, lots[j]) < liking(block, i, lots[i]):
            lots[i], lots[j] = lots[j], lots[i]
            changed = True
    return changed


def _may(block: Block, i: int, lots: Ints) -> bool:
    kind, hours = block.kind[i], int(block.hours[lots].sum())
    return bool(block.reach[kind, lots].all() and block.low[kind] <= hours <= block.high[kind])
