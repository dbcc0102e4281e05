"""The national population comes near the published figures, within the tolerances its profile states."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from engine.pipeline import run
from engine.runs import Run
from scenarios.generate import generate
from scenarios.loading import load_profile
from scenarios.outcome import Comparison, compare, measure
from scenarios.profile import Outcome

BARS = Path(__file__).parents[3] / "shared" / "data" / "barres_inter_plp_maths_sciences.csv"
FIGURES = list(Outcome.model_fields)


@pytest.fixture(scope="module")
def national(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(generate("inter-2025", tmp_path_factory.mktemp("national") / "inter"))


@pytest.fixture(scope="module")
def comparisons(national: Run) -> dict[str, Comparison]:
    measured = measure(national.campaign.candidates, national.campaign.wishes, national.outcomes, national.cutoffs)
    return {comparison.name: comparison for comparison in compare(load_profile("inter-2025").outcome, measured)}


@pytest.mark.parametrize("name", FIGURES)
def test_a_published_figure_is_held_within_its_tolerance(comparisons: dict[str, Comparison], name: str) -> None:
    comparison = comparisons[name]
    assert comparison.holds, f"{name}: {comparison.obtained:.4f}, published {comparison.published.value}"


def test_the_verdict_of_the_national_run_holds(national: Run) -> None:
    assert {p.status for p in national.verdict.properties} <= {"holds", "not_applicable"}


def test_cutoffs_rank_the_académies_as_the_published_bars_do(national: Run) -> None:
    if not BARS.exists():
        pytest.skip("the published bars are not beside the repository")
    published = (
        pl.read_csv(BARS, schema_overrides={"academie_code": pl.String})
        .filter(pl.col("annee").is_in([2024, 2025]))
        .group_by(code="academie_code")
        .agg(pl.col("barre_entree").mean())
        .drop_nulls()
    )
    ours = national.cutoffs.filter(pl.col("discipline") == "P1315").select(
        "code", points=pl.col("cutoff_points").fill_null(0)
    )
    both = published.join(ours, on="code")
    correlation = both.select(pl.corr("barre_entree", "points", method="spearman")).item()
    assert both.height >= 25
    assert correlation > 0.6
