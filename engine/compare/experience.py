"""Experience of those who arrive in each area and of those who leave it.

What is taken as experience: the years of career that grade and échelon take at least
(`engine.model.people.experience_months`), as no table of a campaign holds years of service.
"""

from __future__ import annotations

import polars as pl

from engine.model.people import experience_facts

WAYS = ("arrivals", "departures")


def experience_by_area(people: pl.DataFrame) -> pl.DataFrame:
    """Who came and who left, and with how much experience.

    Who arrives has a post in the area after the campaign and had none there before: by wish or by extension. Who leaves
    held one there, and has one elsewhere. A move inside an area is neither.

    Parameters
    ----------
    people : `engine.compare.fates.fates_of`

    Returns
    -------
    polars.DataFrame: area; of each of `WAYS` its number, and _known (with a known échelon), _months (the sum of their
    experience), _little (with little experience, as ``experience.toml`` says); sorted by area
    """
    crossed = people.filter(pl.col("moved") & pl.col("arrival").ne_missing(pl.col("origin")))
    arrivals, departures = crossed.drop_nulls("arrival"), crossed.drop_nulls("origin")
    came = arrivals.group_by(area="arrival").agg(_counted("arrivals"))
    left = departures.group_by(area="origin").agg(_counted("departures"))
    both = came.join(left, on="area", how="full", coalesce=True)
    return both.with_columns(pl.exclude("area").fill_null(0).cast(pl.Int64)).sort("area")


def _counted(way: str) -> list[pl.Expr]:
    months = pl.col("experience_months")
    return [
        pl.len().alias(way),
        months.count().alias(f"{way}_known"),
        months.sum().alias(f"{way}_months"),
        (months < 12 * int(experience_facts()["little"])).sum().alias(f"{way}_little"),
    ]
