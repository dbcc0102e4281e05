"""The services of a block by trying every assignment: what the solver must find on blocks small enough for that."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

import numpy as np

from engine.model.tzr.blocks import UNRANKED, Block

Service = tuple[int, ...]
"""Lots, once for each piece, in order."""


def random_block(seed: int, num_tzr: int, num_needs: int, num_schools: int) -> Block:
    """A block of one zone with two kinds of TZR, half hours, preferences and schools up to 60 km apart."""
    chance = np.random.default_rng(seed)
    where = chance.random((num_schools, 2)) * 45_000
    apart = np.rint(np.hypot(*(where[:, None] - where[None]).transpose(2, 0, 1))).astype(np.int64)
    school = chance.integers(num_schools, size=num_needs)
    hours = chance.choice([4, 5, 6, 6, 7.5, 9, 9, 10, 12, 15, 18], size=num_needs) * 1000
    order = np.lexsort((hours, school))
    lots, pieces = np.unique(np.stack((school[order], hours[order]), 1).astype(np.int64), axis=0, return_counts=True)
    owed = np.array([15_000, 18_000])
    attached = chance.integers(num_schools, size=num_tzr)
    rank = chance.choice([1, 2, 3, UNRANKED], size=(num_tzr, num_schools)).astype(np.int64)
    reach = chance.random((2, len(lots))) < 0.9
    return Block(
        tzr=np.arange(num_tzr),
        kind=chance.integers(2, size=num_tzr),
        low=owed - 2000,
        high=owed + 1000,
        owed=owed,
        reach=reach,
        school=lots[:, 0].copy(),
        hours=lots[:, 1].copy(),
        pieces=pieces.astype(np.int64),
        need_ptr=np.concatenate(([0], np.cumsum(pieces))),
        need=order.astype(np.int64),
        places=tuple(map(str, range(num_schools))),
        rank=rank,
        metres=apart[attached],
        apart=apart,
    )


def services(block: Block, kind: int, max_schools: int, max_metres: int) -> list[Service]:
    """Every service of a kind of TZR, by trying all sets of pieces."""
    pieces = [lot for lot, count in enumerate(block.pieces) for _ in range(count)]
    found = set()
    for size in range(1, len(pieces) + 1):
        for lots in combinations(pieces, size):
            schools = sorted({int(block.school[lot]) for lot in lots})
            hours = int(block.hours[list(lots)].sum())
            if (
                block.low[kind] <= hours <= block.high[kind]
                and len(schools) <= max_schools
                and all(block.reach[kind, lot] for lot in lots)
                and all(block.apart[a, b] <= max_metres for a, b in combinations(schools, 2))
            ):
                found.add(lots)
    return sorted(found)


def liking(block: Block, i: int, lots: Service) -> tuple[int, ...]:
    """How a TZR likes a service, smaller is better; nothing is worst."""
    if not lots:
        return (2 * UNRANKED,)
    schools = sorted({int(block.school[lot]) for lot in lots})
    worst, metres = max(block.rank[i, s] for s in schools), sum(block.metres[i, s] for s in schools)
    return (int(worst), int(metres), len(schools), *lots)


def best_assignment(block: Block, max_schools: int, max_metres: int) -> list[Service]:
    """The assignment with most hours, then most TZR, then the best for the first TZR, for the second ..."""
    options = [services(block, kind, max_schools, max_metres) for kind in range(len(block.low))]
    best: tuple[tuple[object, ...], list[Service]] | None = None

    def extend(i: int, stock: np.ndarray, given: list[Service]) -> None:
        nonlocal best
        if i == len(block.tzr):
            hours = sum(int(block.hours[list(lots)].sum()) for lots in given)
            likes = [liking(block, j, lots) for j, lots in enumerate(given)]
            key = (-hours, -sum(map(bool, given)), *likes)
            if best is None or key < best[0]:
                best = (key, given)
            return
        for lots in [(), *options[block.kind[i]]]:
            left = stock.copy()
            np.subtract.at(left, list(lots), 1)
            if left.min(initial=0) >= 0:
                extend(i + 1, left, [*given, lots])

    extend(0, block.pieces.copy(), [])
    assert best is not None
    return best[1]


def best_pinned(block: Block, schools: Sequence[int], max_schools: int, max_metres: int) -> list[Service]:
    """The services with a part in the school of each TZR: most TZR employed, then most hours, then the best for the
    first, for the second ..."""
    options = []
    for kind, own in zip(block.kind.tolist(), schools, strict=True):
        every = services(block, kind, max_schools, max_metres)
        options.append([(), *(lots for lots in every if own in block.school[list(lots)])])
    stock = list(enumerate(block.pieces.tolist()))
    possible = (given for given in product(*options) if all(sum(given, ()).count(lot) <= k for lot, k in stock))

    def worth(given: tuple[Service, ...]) -> tuple[object, ...]:
        hours = sum(int(block.hours[list(lots)].sum()) for lots in given)
        likings = [tuple(-part for part in liking(block, i, lots)) for i, lots in enumerate(given)]
        return sum(map(bool, given)), hours, likings

    return list(max(possible, key=worth))
