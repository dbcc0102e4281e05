"""The breakdown of points: which criterion gives what on which wish, by which source, or why it is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from engine.model.criteria.award import NO_REASON, Award, excluded_by
from engine.model.rulebook import SessionRules

BREAKDOWN_SCHEMA = {
    "candidate_id": pl.String,
    "rank": pl.Int64,
    "criterion": pl.String,
    "points": pl.Int64,
    "source": pl.String,
    "reason": pl.String,
}


def breakdown(
    wishes: pl.DataFrame,
    amounts: pl.DataFrame,
    given: Mapping[str, Award],
    rules: SessionRules,
) -> pl.DataFrame:
    """The long table of criteria: one row per wish and criterion that gives points there, or is refused there.

    Wishes are in order and criteria are numbered by name, so that rows are sorted by one number, not by text.

    Parameters
    ----------
    wishes : wish facts with ``NAME:granted`` and ``NAME:points`` of every criterion of `given`; of those corrected
        ``NAME:corrected``, the correction of the points of a wish, which is then their source, and ``NAME:why``
    amounts : per candidate, with ``NAME:reason``
    given : criteria that give or refuse somebody something
    rules : for the sources

    Returns
    -------
    polars.DataFrame with columns candidate_id, rank, criterion, points (thousandths), source, reason
    """
    names = sorted(given)
    table = wishes.with_row_index("wish").lazy()
    position = pl.col("wish").cast(pl.Int64) * len(names)
    parts = [
        part.select((position + number).alias("position"), "points", "reason", "correction")
        for number, name in enumerate(names)
        for part in _rows(table, amounts, given, name)
    ]
    rows = pl.concat([_no_rows(), *pl.collect_all(parts)]).sort("position")
    number, wish = rows["position"] % max(len(names), 1), rows["position"] // max(len(names), 1)
    sources = [rules.source(name, *given[name].keys) for name in names]
    texts = pl.Series("text", sources, pl.String).gather(number)
    return rows.select(
        wishes["candidate_id"].gather(wish),
        wishes["rank"].gather(wish),
        pl.Series("criterion", names, pl.String).gather(number),
        "points",
        pl.select(source=pl.coalesce(rows["correction"], texts)).to_series(),
        "reason",
    )


def _rows(table: pl.LazyFrame, amounts: pl.DataFrame, given: Mapping[str, Award], name: str) -> Iterator[pl.LazyFrame]:
    """The rows of one criterion: what a correction says of a wish, and on all other wishes what is given or refused."""
    as_given = table.with_columns(NO_REASON.alias("correction"))
    if f"{name}:corrected" in table.collect_schema():
        as_given = table.with_columns(pl.col(f"{name}:corrected").alias("correction"))
        corrected = as_given.drop_nulls("correction")
        yield corrected.select("wish", "correction", points=f"{name}:points", reason=f"{name}:why")
        as_given = as_given.filter(pl.col("correction").is_null())
    yield _granted_rows(as_given, name)
    yield from _refused_rows(as_given, amounts, given, name)


def _granted_rows(table: pl.LazyFrame, name: str) -> pl.LazyFrame:
    points = pl.col(f"{name}:points")
    return table.filter(points != 0).select("wish", points.alias("points"), NO_REASON.alias("reason"), "correction")


def _refused_rows(
    table: pl.LazyFrame, amounts: pl.DataFrame, given: Mapping[str, Award], name: str
) -> Iterator[pl.LazyFrame]:
    award, nothing = given[name], pl.lit(0, pl.Int64).alias("points")
    if amounts[f"{name}:reason"].is_not_null().any():
        refused = amounts.lazy().with_row_index("candidate").select("candidate", reason=f"{name}:reason").drop_nulls()
        shown = award.shown if award.shown is not None else award.covers
        where = table if shown is None else table.filter(shown)
        yield where.join(refused, on="candidate").select("wish", nothing, "reason", "correction")
    if award.gives_way_to is not None and award.gives_way_to in given:
        gone = (pl.col(f"{name}:granted") != 0) & (pl.col(f"{name}:points") == 0)
        reason = pl.lit(excluded_by(award.gives_way_to)).alias("reason")
        where = table.filter(gone if award.covers is None else gone & award.covers)
        yield where.select("wish", nothing, reason, "correction")


def _no_rows() -> pl.DataFrame:
    text = {"reason": pl.String, "correction": pl.String}
    return pl.DataFrame(schema={"position": pl.Int64, "points": pl.Int64, **text})
