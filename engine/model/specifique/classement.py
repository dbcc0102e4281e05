"""The order of the candidates on each post (*classement*), as one number to compare."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from engine.model.sessionrules import SessionRules
from engine.model.specifique.admissibility import EVERY, holds_function

BLOCK = "classement"
POINTS = "points"
UNRANKED = 1_000_000
"""More than any order of a candidate on a post."""

Key = tuple[Callable[[SessionRules], pl.Expr], int]


def opinion_level(rules: SessionRules, column: str) -> pl.Expr:
    """Int64: the place of an opinion among those of the rulebook, the strongest the largest; 0 without one."""
    levels = {opinion: level for level, opinion in enumerate(rules.codes(BLOCK, "opinions"), start=1)}
    return pl.col(column).replace_strict(levels, default=0, return_dtype=pl.Int64)


KEYS: Mapping[str, Key] = {
    "order": (lambda _: (UNRANKED - pl.col("order")).fill_null(0), UNRANKED),
    "opinion": (lambda rules: opinion_level(rules, "opinion"), 10),
    "head_opinion": (lambda rules: opinion_level(rules, "head_opinion"), 10),
}
"""What may be compared: its value, larger is stronger, and a bound above it. Points come after all of these."""


def precedence(rules: SessionRules) -> pl.Expr:
    """Int64 per candidate and post: larger is served before smaller ones whatever their points.

    Who holds the function the type is about comes first; then the keys of the type, the first of them decisive.
    """
    by_type = rules.code_lists(BLOCK, "keys")
    usual = _combined(by_type.get(EVERY, ()), rules)
    number = pl.coalesce(
        *(pl.when(pl.col("type") == kind).then(_combined(keys, rules)) for kind, keys in by_type.items()), usual
    )
    return number + holds_function(rules).cast(pl.Int64) * _largest()


def by_points(rules: SessionRules) -> pl.Expr:
    """Boolean: points are among what the type compares."""
    by_type = rules.code_lists(BLOCK, "keys")
    usual = pl.lit(POINTS in by_type.get(EVERY, ()))
    return pl.col("type").replace_strict(
        {kind: POINTS in keys for kind, keys in by_type.items()}, default=usual, return_dtype=pl.Boolean
    )


def _combined(keys: tuple[str, ...], rules: SessionRules) -> pl.Expr:
    """One number in mixed radix: an earlier key outweighs all later ones."""
    number = pl.lit(0, pl.Int64)
    for value, bound in (KEYS[key] for key in keys if key != POINTS):
        number = number * bound + value(rules)
    return number


def _largest() -> int:
    """More than any combination of the keys, each used once."""
    product = 1
    for _, bound in KEYS.values():
        product *= bound
    return product
