"""Figures of a national outcome that the ministry or the unions publish, measured on the tables of a run."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from engine.model.geography import ILE_DE_FRANCE
from scenarios.figures import Limit, Record, Target

CRETEIL, RENNES = "24", "14"


@dataclass(frozen=True)
class Comparison:
    """A published figure beside the one obtained."""

    name: str
    published: Target | Limit
    obtained: float

    @property
    def holds(self) -> bool:
        """Whether the figure obtained is within the tolerance or the bound of the published one."""
        if isinstance(self.published, Target):
            return abs(self.obtained - self.published.value) <= self.published.tolerance
        if self.published.bound == "at_least":
            return self.obtained >= self.published.value
        return self.obtained <= self.published.value


def compare(outcome: Record, measured: dict[str, float]) -> list[Comparison]:
    """Every figure of a profile's outcome beside the one measured, in the order of the profile."""
    return [Comparison(name, getattr(outcome, name), measured[name]) for name in type(outcome).model_fields]


def measure(
    candidates: pl.DataFrame, wishes: pl.DataFrame, outcomes: pl.DataFrame, cutoffs: pl.DataFrame
) -> dict[str, float]:
    """The figures named in `scenarios.profile.Outcome`, from the tables of a campaign and of its run.

    Parameters
    ----------
    candidates : candidate_id, held_post, mandatory, family, training_academy; a post is named ``DISCIPLINE-ACADEMIE``
    wishes : candidate_id, rank, code
    outcomes : candidate_id, status, rank, place_id
    cutoffs : cutoff_points, in thousandths

    Returns
    -------
    Shares between 0 and 1, ratios, and cutoffs in points.
    """
    first = wishes.filter(pl.col("rank") == 1).select("candidate_id", first="code")
    everyone = (
        candidates.join(outcomes, on="candidate_id")
        .join(first, on="candidate_id", how="left")
        .with_columns(held=pl.col("held_post").str.slice(-2), moved=pl.col("status") == "assigned")
    )
    return {**_holders(everyone), **_mandatory(everyone), **_cutoffs(cutoffs)}


def _holders(everyone: pl.DataFrame) -> dict[str, float]:
    holders = everyone.filter(pl.col("held_post").is_not_null())
    family = pl.col("family").is_not_null()
    figures = holders.select(
        holders_moved=pl.col("moved").mean(),
        movers_on_wish_1=(pl.col("rank") == 1).filter("moved").mean(),
        holders_from_ile_de_france=pl.col("held").is_in(ILE_DE_FRANCE).mean(),
        creteil_leaving_per_entering=(pl.col("held") == CRETEIL).sum() / (pl.col("first") == CRETEIL).sum(),
        rennes_entering_per_leaving=(pl.col("first") == RENNES).sum() / (pl.col("held") == RENNES).sum(),
        family_satisfied=pl.col("moved").filter(family).mean(),
        others_satisfied=pl.col("moved").filter(~family).mean(),
    )
    return figures.row(0, named=True)


def _mandatory(everyone: pl.DataFrame) -> dict[str, float]:
    trained = pl.col("training_academy").is_not_null()
    figures = everyone.filter("mandatory").select(
        mandatory_on_wish_1=(pl.col("rank") == 1).fill_null(False).mean(),
        mandatory_placed=pl.col("place_id").is_not_null().mean(),
        trainees_who_change_academy=(pl.col("place_id") != pl.col("training_academy")).filter(trained).mean(),
    )
    return figures.row(0, named=True)


def _cutoffs(cutoffs: pl.DataFrame) -> dict[str, float]:
    points = pl.col("cutoff_points") / 1000
    return cutoffs.select(lowest_cutoff=points.min(), highest_cutoff=points.max()).row(0, named=True)
