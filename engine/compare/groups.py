"""Who obtains what, group by group: status, family situation, age, discipline, where from, where to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import polars as pl

from engine.compare.fates import FATES, SATISFIED

AGES = (30, 40, 50)
"""Ages at which a band begins."""

STATUSES = {
    "holders": pl.col("holder"),
    "mandatory": pl.col("mandatory"),
    "others": ~pl.any_horizontal("holder", "mandatory"),
}
"""Who a candidate is. A holder who must leave his post counts in the first two."""

UNKNOWN = "unknown"
NONE = "none"

GROUPINGS = ("all", "status", "category", "family", "age", "discipline", "origin", "arrival")
COUNTS = ("candidates", "satisfied", *FATES)


def satisfaction(people: pl.DataFrame) -> pl.DataFrame:
    """How many candidates of each group met each fate.

    Who goes where is counted by arrival among those who moved; in all other groupings everybody counts.

    Parameters
    ----------
    people : `engine.compare.fates.fates_of`

    Returns
    -------
    polars.DataFrame: grouping (of `GROUPINGS`), group, candidates, satisfied (with one of their own wishes) and one
    column for each of `FATES`; in the order of groupings, groups sorted
    """
    counted = [
        pl.len().alias("candidates"),
        pl.col("fate").is_in(SATISFIED).sum().alias("satisfied"),
        *((pl.col("fate") == fate).sum().alias(fate) for fate in FATES),
    ]
    tables = [
        rows.group_by(group=group).agg(counted).sort("group").select(pl.lit(name).alias("grouping"), pl.all())
        for name, rows, group in _groupings(people)
    ]
    return pl.concat(tables).with_columns(pl.col(COUNTS).cast(pl.Int64)).filter(pl.col("candidates") > 0)


def _groupings(people: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame, pl.Expr]]:
    """The rows that each grouping counts, with the group of each."""
    yield "all", people, pl.lit("all")
    for name, who in STATUSES.items():
        yield "status", people.filter(who), pl.lit(name)
    yield "category", people, pl.col("category").fill_null(UNKNOWN)
    yield "family", people, pl.col("family").fill_null(NONE)
    yield "age", people, age_band()
    yield "discipline", people, pl.col("discipline")
    yield "origin", people.drop_nulls("origin"), pl.col("origin")
    yield "arrival", people.filter("moved").drop_nulls("arrival"), pl.col("arrival")


def age_band() -> pl.Expr:
    """The band an age is in: ``-29``, ``30-39``, ... ``50-``."""
    bands = [
        f"-{AGES[0] - 1}",
        *(f"{low}-{high - 1}" for low, high in pairwise(AGES)),
        f"{AGES[-1]}-",
    ]
    band = pl.lit(bands[0])
    for low, name in zip(AGES, bands[1:], strict=True):
        band = pl.when(pl.col("age") >= low).then(pl.lit(name)).otherwise(band)
    return pl.when(pl.col("age").is_null()).then(pl.lit(UNKNOWN)).otherwise(band)
