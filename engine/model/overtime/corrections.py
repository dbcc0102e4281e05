"""Points corrected by an authority after they were shown: one criterion of one candidate, on one wish or on all.

A correction puts its points in the place of what the criterion gives, and touches nothing else: criteria that give way
to another, and bonuses that exclude each other, stay as the facts have them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from engine.model.criteria.award import Award

MARK = "corrected"


def corrected(
    wishes: pl.DataFrame, given: Mapping[str, Award], corrections: pl.DataFrame
) -> tuple[pl.DataFrame, Collection[str]]:
    """Wish facts with the corrected points, and the criteria that have some.

    Parameters
    ----------
    wishes : wish facts with ``NAME:granted`` and ``NAME:points`` of every criterion of `given`
    corrections : rows of the table; one without a rank is for every wish the criterion covers

    Returns
    -------
    The wishes with ``NAME:corrected`` (the correction, null where there is none) for the criteria named
    """
    names = [name for name in given if name in set(corrections["criterion"])]
    for name in names:
        wishes = _one(wishes, name, given[name], corrections.filter(pl.col("criterion") == name))
    return wishes, names


def _one(wishes: pl.DataFrame, name: str, award: Award, rows: pl.DataFrame) -> pl.DataFrame:
    covers = pl.lit(True) if award.covers is None else award.covers
    asked = wishes.select("candidate_id", "rank", covered=covers)
    everywhere = rows.filter(pl.col("rank").is_null()).select("candidate_id", "correction_id", "points")
    precise = rows.drop_nulls("rank").select("candidate_id", "rank", own_id="correction_id", own="points")
    found = asked.join(everywhere, on="candidate_id", how="left", maintain_order="left")
    found = found.join(precise, on=["candidate_id", "rank"], how="left", maintain_order="left")
    of_all = {column: pl.when("covered").then(column) for column in ("correction_id", "points")}
    mark = found.select(pl.coalesce("own_id", of_all["correction_id"]).alias(f"{name}:{MARK}"))
    points = found.select(pl.coalesce("own", of_all["points"]).alias("#points"))
    table = wishes.hstack([mark.to_series(), points.to_series()])
    changed = [f"{name}:points", *([f"{name}:granted"] if award.covers is None else [])]
    return table.with_columns(pl.coalesce("#points", column).alias(column) for column in changed).drop("#points")


def of_candidates(amounts: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """Amounts granted to the candidates, those corrected on every wish replaced."""
    everywhere = corrections.filter(pl.col("rank").is_null())
    for name in everywhere["criterion"].unique().sort():
        rows = everywhere.filter(pl.col("criterion") == name).select("candidate_id", points="points")
        amounts = amounts.join(rows, on="candidate_id", how="left", maintain_order="left")
        known = pl.col("points").is_not_null()
        amounts = amounts.with_columns(
            pl.coalesce("points", f"{name}:granted").alias(f"{name}:granted"),
            pl.when(~known).then(f"{name}:reason").alias(f"{name}:reason"),
        ).drop("points")
    return amounts
