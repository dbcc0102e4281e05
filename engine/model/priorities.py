"""The strict order of all contracts (*classement*): class, points, declared tie-breaks, drawn lot (DESIGN 2 and 6)."""

from __future__ import annotations

import hashlib
from enum import IntEnum

import polars as pl


class ContractClass(IntEnum):
    """A seat to be closed beats every wish; a holder's stay beats everything."""

    WISH = 0
    CLOSING = 1
    STAY = 2


def lots(candidate_ids: pl.Series, seed: int) -> pl.Series:
    """The lot of each candidate: UInt64, from the seed and the identifier alone.

    So adding or removing a candidate leaves the lots of the others as they were, whatever the order of rows.
    """
    key = seed.to_bytes(8, "big")
    digests = (hashlib.blake2b(name.encode(), digest_size=8, key=key).digest() for name in candidate_ids.to_list())
    return pl.Series("lot", [int.from_bytes(digest, "big") for digest in digests], pl.UInt64)


def tie_columns(frame: pl.DataFrame) -> list[str]:
    """Names of the declared tie-breaks tie_1, tie_2 ..., in their order; larger is stronger."""
    ties = [column for column in frame.columns if column.startswith("tie_")]
    return sorted(ties, key=lambda column: int(column.removeprefix("tie_")))


def priorities(contracts: pl.DataFrame) -> pl.Series:
    """The priority of each contract, Int64: 1 for the weakest of the campaign, strictly increasing.

    Parameters
    ----------
    contracts : columns class, points (thousandths), tie_1.., lot, candidate and order. Of two contracts of one
        candidate that are alike in all the rest the one he prefers is the stronger: the choice harms nobody.
    """
    declared = [tie for tie in tie_columns(contracts) if contracts[tie].min() != contracts[tie].max()]
    keys = ["class", "points", *declared, "lot", "candidate", "order"]
    descending = [False] * (len(keys) - 1) + [True]
    weakest_first = contracts.select(keys).with_row_index("#").sort(keys, descending=descending)["#"]
    ranked = pl.DataFrame({"#": weakest_first}).with_row_index("priority", offset=1).sort("#")
    return ranked["priority"].cast(pl.Int64)
