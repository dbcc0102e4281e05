"""Kinds of wishes as numbers: points and conditions by kind are one look-up per wish."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from engine.model.schemas import WISH_KINDS
from engine.model.sessionrules import SessionRules

KIND_NUMBER = pl.col("kind").cast(pl.Enum(WISH_KINDS)).to_physical().alias("kind_number")
"""UInt8 per wish: the place of its kind in `WISH_KINDS`."""

IS_OPEN = pl.col("is_open")
"""Boolean per wish: it may have the bonuses of wide wishes; it names no type of school, or one that does not count."""


def of_kinds(kinds: Collection[str]) -> pl.Expr:
    """Boolean per wish: its kind is one of these."""
    return pl.lit(pl.Series([kind in kinds for kind in WISH_KINDS])).gather(pl.col("kind_number"))


def by_kind(points: Mapping[str, int]) -> pl.Expr:
    """Int64 per wish: thousandths of a point by its kind, 0 for kinds not named."""
    return pl.lit(pl.Series([points.get(kind, 0) for kind in WISH_KINDS], dtype=pl.Int64)).gather("kind_number")


def covered(rules: SessionRules, block: str) -> pl.Expr:
    """Boolean per wish: a block of the rulebook covers it, by the value ``kinds``."""
    return IS_OPEN & of_kinds(rules.codes(block, "kinds"))
