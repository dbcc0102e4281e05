"""The national intra population comes near the figures its profile names, within the tolerances stated there."""

from __future__ import annotations

import polars as pl
import pytest

from engine.pipeline import run
from engine.runs import Run
from scenarios.generate import generate
from scenarios.intra.outcome import measure
from scenarios.intra.profile import IntraOutcome, IntraProfile
from scenarios.loading import load_profile
from scenarios.outcome import Comparison, compare


@pytest.fixture(scope="module")
def tenth(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A tenth of the national campaign, with drawn schools: 10,000 candidates."""
    return run(generate("intra-national", tmp_path_factory.mktemp("national") / "intra", scale=0.1))


@pytest.fixture(scope="module")
def comparisons(tenth: Run) -> dict[str, Comparison]:
    profile = load_profile("intra-national")
    assert isinstance(profile, IntraProfile)
    assert profile.outcome is not None
    found = measure(tenth.campaign.tables, tenth.outcomes, tenth.chains)
    return {comparison.name: comparison for comparison in compare(profile.outcome, found)}


@pytest.mark.parametrize("name", list(IntraOutcome.model_fields))
def test_a_figure_is_held_within_its_tolerance(comparisons: dict[str, Comparison], name: str) -> None:
    comparison = comparisons[name]
    assert comparison.holds, f"{name}: {comparison.obtained:.4f}, aimed at {comparison.published.value}"


def test_everybody_who_must_be_placed_is(tenth: Run) -> None:
    mandatory = tenth.campaign.candidates.filter("mandatory").join(tenth.outcomes, on="candidate_id")
    assert mandatory["place_id"].is_not_null().all()


def test_the_verdict_holds(tenth: Run) -> None:
    assert {p.status for p in tenth.verdict.properties} <= {"holds", "not_applicable"}


def test_figures_are_counted_from_the_tables() -> None:
    campaign = {
        "places": pl.DataFrame({"place_id": ["S", "T", "Z"], "kind": ["ETB", "ETB", "ZR"]}),
        "posts": pl.DataFrame({"post_id": ["s", "t", "z"], "place_id": ["S", "T", "Z"]}),
        "candidates": pl.DataFrame(
            {
                "candidate_id": ["1", "2", "3", "4"],
                "held_post": ["s", "z", None, None],
                "mandatory": [False, False, True, True],
            }
        ),
    }
    outcomes = pl.DataFrame(
        {
            "candidate_id": ["1", "2", "3", "4"],
            "status": ["assigned", "kept", "assigned", "extended"],
            "rank": [1, None, 2, None],
            "kind": ["COM", None, "ETB", "ZRD"],
            "place_id": ["T", "Z", "S", "Z"],
        }
    )
    chains = pl.DataFrame({"freed_by": [None, "1", None]}, schema={"freed_by": pl.String})
    assert measure(campaign, outcomes, chains) == {
        "chains": pytest.approx(1 / 3),
        "entrants_on_replacement": 0.5,
        "entrants_extended": 0.5,
        "entrants_on_wish_1_or_2": 0.5,
        "entrants_beyond_wish_10": 0.5,
        "holders_of_schools_who_stay": 0.0,
        "replacement_who_stay_on_replacement": 1.0,
    }
