"""The breakdown of points: which criterion gives what on which wish, by which source, or why it is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import polars as pl

from engine.model.criteria.award import NO_REASON, Award
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
    corrected: Collection[str] = (),
) -> pl.DataFrame:
    """The long table of criteria: one row per wish and criterion that gives points there, or is refused there.

    Wishes are in order and criteria are numbered by name, so that rows are sorted by one number, not by text.

    Parameters
    ----------
    wishes : wish facts with ``NAME:granted`` and ``NAME:points`` of every criterion of `given`
    amounts : per candidate, with ``NAME:reason``
    given : criteria that give or refuse somebody something
    rules : for the sources
    corrected : criteria with ``NAME:corrected``, the correction that gives the points of a wish, which is their source

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
        for part in _rows(table, amounts, given, name, corrected)
    ]
    rows = pl.concat([_no_rows(), *pl.collect_all(parts)]).sort("position")
    number, wish = rows["position"] % max(len(names), 1), rows["position"] // max(len(names), 1)
    sources = [rules.source(name, *given[name].keys) for name in names]
    source = pl.Series("source", sources, pl.String).gather(number)
    return rows.select(
        wishes["candidate_id"].gather(wish),
        wishes["rank"].gather(wish),
        pl.Series("criterion", names, pl.String).gather(number),
        "points",
        rows["correction"].alias("source").zip_with(rows["correction"].is_not_null(), source) if corrected else source,
        "reason",
    )


def _rows(
    table: pl.LazyFrame, amounts: pl.DataFrame, given: Mapping[str, Award], name: str, corrected: Collection[str]
) -> Iterator[pl.LazyFrame]:
    """The rows of one criterion; a wish whose points were corrected has no refusal."""
    mark = pl.col(f"{name}:corrected") if name in corrected else NO_REASON
    marked = table.with_columns(mark.alias("correction"))
    yield _granted_rows(marked, name)
    yield from _refused_rows(marked.filter(pl.col("correction").is_null()), amounts, given, name)


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
    if award.gives_way_to in given:
        gone = (pl.col(f"{name}:granted") != 0) & (pl.col(f"{name}:points") == 0)
        reason = pl.lit(f"excluded_by_{award.gives_way_to}").alias("reason")
        where = table.filter(gone if award.covers is None else gone & award.covers)
        yield where.select("wish", nothing, reason, "correction")


def _no_rows() -> pl.DataFrame:
    text = {"reason": pl.String, "correction": pl.String}
    return pl.DataFrame(schema={"position": pl.Int64, "points": pl.Int64, **text})
