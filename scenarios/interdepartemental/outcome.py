"""Figures of an interdépartemental outcome that were published, measured on the tables of a run."""

from __future__ import annotations

import polars as pl

from engine.model.geography import ILE_DE_FRANCE, academies

BRITTANY = ("22", "29", "35", "56")
HIGHEST = 10
"""How many of the highest cutoffs are looked at."""


def measure(
    candidates: pl.DataFrame, outcomes: pl.DataFrame, departments: pl.DataFrame, session: int
) -> dict[str, float]:
    """The figures named in `scenarios.interdepartemental.profile.Outcome`.

    Parameters
    ----------
    candidates : candidate_id, held_post, family; a post is named ``1D-DEPARTMENT``
    outcomes : candidate_id, status, rank
    departments : department, entry_cutoff_points, exit_cutoff_points

    Returns
    -------
    Shares between 0 and 1, and numbers of départements.
    """
    near = [code for key in ILE_DE_FRANCE for code in academies(session)[key].departments]
    everyone = candidates.join(outcomes, on="candidate_id").with_columns(
        held=pl.col("held_post").str.split("-").list.last(), moved=pl.col("status") == "assigned"
    )
    inside, moved = pl.col("held").is_in(near), pl.col("moved")
    figures = everyone.select(
        satisfied=moved.mean(),
        movers_on_wish_1=(pl.col("rank") == 1).filter(moved).mean(),
        requests_from_ile_de_france=inside.mean(),
        movers_from_ile_de_france=inside.filter(moved).mean(),
        paris_satisfied=moved.filter(pl.col("held") == "75").mean(),
        family_satisfied=moved.filter(pl.col("family").is_not_null()).mean(),
    ).row(0, named=True)
    shares = everyone.group_by("held").agg(moved.mean())["moved"]
    entry, leaving = (_highest(departments, name) for name in ("entry_cutoff_points", "exit_cutoff_points"))
    return {
        **figures,
        "departments_up_to_15_percent": float((shares <= 0.15).sum()),
        "departments_from_80_percent": float((shares >= 0.80).sum()),
        "brittany_among_highest_entry": float(len(set(entry[:HIGHEST]) & set(BRITTANY))),
        "highest_exit_in_ile_de_france": float(len(set(leaving[: 2 * HIGHEST]) & set(near))),
    }


def _highest(departments: pl.DataFrame, column: str) -> list[str]:
    """Départements that have such a cutoff, the highest first."""
    return departments.drop_nulls(column).sort(column, "department", descending=[True, False])["department"].to_list()
