"""Who the candidates of a run are and where they go: the facts that comparisons group by."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import polars as pl

from engine.model.results import RESULT_SCHEMAS
from engine.model.whereabouts import posts_with_whereabouts

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

GRADES = {"normale": "classe_normale", "hors_classe": "hors_classe", "exceptionnelle": "classe_exceptionnelle"}


def people_of(campaign: Campaign, outcomes: pl.DataFrame) -> pl.DataFrame:
    """The table ``people`` of a run folder (`engine.model.results.People`), sorted by candidate."""
    posts = posts_with_whereabouts(campaign).select("post_id", "academy", "department")
    rows = campaign.candidates.drop("academy", "department", strict=False)
    rows = rows.join(outcomes.select("candidate_id", "post_id"), on="candidate_id", how="left", maintain_order="left")
    for post, end in (("held_post", "origin"), ("post_id", "arrival")):
        ends = posts.select(pl.col("post_id").alias(post), pl.exclude("post_id").name.prefix(f"{end}_"))
        rows = rows.join(ends, on=post, how="left", maintain_order="left")
    told = rows.with_columns(
        holder=pl.col("held_post").is_not_null(),
        linked=pl.col("candidate_id").is_in(campaign.links["candidate_id"].implode()),
        age=age_at_rentree(campaign.settings.session),
        experience_months=experience_months(),
    )
    return told.select(list(RESULT_SCHEMAS["people"].columns()))


def age_at_rentree(session: int) -> pl.Expr:
    """Int64: full years at 1 September of the session; null without a birth date."""
    birth = pl.col("birth_date")
    still_to_come = (birth.dt.month().cast(pl.Int64) * 100 + birth.dt.day() > 901).cast(pl.Int64)
    return pl.lit(session, pl.Int64) - birth.dt.year().cast(pl.Int64) - still_to_come


def experience_months() -> pl.Expr:
    """Int64: months of career that grade and échelon take at least, the full years in the échelon added.

    Who gives no grade is taken to be of the classe normale; without an échelon nothing is known.
    """
    step, months = pl.col("echelon"), pl.lit(None, pl.Int64)
    for grade, block in GRADES.items():
        before = [int(12 * years) for years in experience_facts()[block]]
        reached = dict(enumerate(before, start=1))
        entered = step.clip(upper_bound=len(before)).replace_strict(reached, default=None, return_dtype=pl.Int64)
        of_grade = pl.col("grade").fill_null("normale") == grade
        months = pl.when(of_grade & (step > 0)).then(entered).otherwise(months)
    return months + 12 * pl.col("echelon_years")


@cache
def experience_facts() -> dict[str, Any]:
    """The content of ``experience.toml``."""
    return tomllib.loads((files("engine.model") / "experience.toml").read_text(encoding="utf-8"))
