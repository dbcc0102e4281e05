"""The strict order of all contracts (*classement*): class, points, declared tie-breaks, drawn lot (DESIGN 2 and 6)."""

from __future__ import annotations

import hashlib
from enum import IntEnum

import numpy as np
import polars as pl

from engine.model.market import Ints


class ContractClass(IntEnum):
    """A decision beats every wish, a seat to be closed both; a holder's stay beats everything."""

    WISH = 0
    DECIDED = 1
    CLOSING = 2
    STAY = 3


def lots(candidate_ids: pl.Series, seed: int) -> pl.Series:
    """The lot of each candidate: UInt64, from the seed and the identifier alone.

    So adding or removing a candidate leaves the lots of the others as they were, whatever the order of rows.
    """
    urn = hashlib.blake2b(digest_size=8, key=seed.to_bytes(8, "big"))
    drawn = b"".join(_drawn(urn, name) for name in candidate_ids.to_list())
    return pl.Series("lot", np.frombuffer(drawn, ">u8").astype(np.uint64))


def _drawn(urn: hashlib.blake2b, name: str) -> bytes:
    draw = urn.copy()
    draw.update(name.encode())
    return draw.digest()


def draws(candidate_ids: pl.Series, seed: int) -> pl.Series:
    """Rank of each candidate's lot, Int64: larger is stronger; equal lots, if ever, by identifier."""
    drawn = pl.DataFrame({"lot": lots(candidate_ids, seed), "candidate_id": candidate_ids}).with_row_index("#")
    ranked = drawn.sort("lot", "candidate_id").with_row_index("draw").sort("#")
    return ranked["draw"].cast(pl.Int64)


def tie_columns(frame: pl.DataFrame) -> list[str]:
    """Names of the declared tie-breaks tie_1, tie_2 ..., in their order; larger is stronger."""
    ties = [column for column in frame.columns if column.startswith("tie_")]
    return sorted(ties, key=lambda column: int(column.removeprefix("tie_")))


def order_columns(frame: pl.DataFrame) -> list[str]:
    """The columns beside points that order contracts: precedence, where the movement has one, and the tie-breaks."""
    return [*(column for column in ("precedence",) if column in frame.columns), *tie_columns(frame)]


def priorities(contracts: pl.DataFrame) -> Ints:
    """The priority of each contract, int64: 1 for the weakest of the campaign, strictly increasing.

    Parameters
    ----------
    contracts : columns class, precedence (where the movement has one: larger goes first, whatever the points), points
        (thousandths), tie_1.., draw (rank of the candidate's lot) and order, in whole numbers. Of two contracts of
        one candidate that are alike in all the rest the one he prefers is the stronger: the choice harms nobody.
    """
    precedence = [column for column in ("precedence",) if column in contracts.columns]
    keys = ["class", *precedence, "points", *tie_columns(contracts), "draw", "order"]
    columns = [contracts[key].cast(pl.Int64).to_numpy() for key in keys]
    columns[-1] = -columns[-1]
    weakest_first = np.lexsort(_packed(columns)[::-1])
    priority = np.empty(contracts.height, dtype=np.int64)
    priority[weakest_first] = np.arange(1, contracts.height + 1)
    return priority


def _packed(columns: list[Ints]) -> list[Ints]:
    """The same lexicographic order in fewer columns: neighbours share the bits of an int64 where their ranges fit."""
    packed: list[Ints] = []
    used = 64  # bits of the last packed column; none is open yet
    for column in columns:
        low, high = (int(column.min()), int(column.max())) if len(column) else (0, 0)
        width = (high - low).bit_length()
        if used + width > 62:
            packed.append(np.zeros(len(column), dtype=np.int64))
            used = 0
        packed[-1] = (packed[-1] << width) | (column - low)
        used += width
    return packed
