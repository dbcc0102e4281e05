"""The national population of the first degree comes near the published figures, within its tolerances."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from engine.pipeline import run
from engine.runs import Run
from scenarios.generate import generate
from scenarios.interdepartemental.outcome import measure
from scenarios.interdepartemental.profile import InterdepartementalProfile, Outcome
from scenarios.loading import load_profile
from scenarios.outcome import Comparison, compare


@pytest.fixture(scope="module")
def national(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(generate("interdepartemental-2025", tmp_path_factory.mktemp("national") / "first"))


@pytest.fixture(scope="module")
def profile() -> InterdepartementalProfile:
    profile = load_profile("interdepartemental-2025")
    assert isinstance(profile, InterdepartementalProfile)
    return profile


@pytest.fixture(scope="module")
def comparisons(national: Run, profile: InterdepartementalProfile) -> dict[str, Comparison]:
    measured = measure(national.campaign.candidates, national.outcomes, national.departments, profile.session)
    return {comparison.name: comparison for comparison in compare(profile.outcome, measured)}


@pytest.mark.parametrize("name", list(Outcome.model_fields))
def test_a_published_figure_is_held_within_its_tolerance(comparisons: dict[str, Comparison], name: str) -> None:
    comparison = comparisons[name]
    assert comparison.holds, f"{name}: {comparison.obtained:.4f}, published {comparison.published.value}"


def test_the_verdict_of_the_national_run_holds(national: Run) -> None:
    assert {p.status for p in national.verdict.properties} <= {"holds", "not_applicable"}


def test_there_are_as_many_requests_as_published_and_pairs_as_assumed(
    national: Run, profile: InterdepartementalProfile
) -> None:
    assert national.campaign.candidates.height == profile.population.requests.value == 13975
    assert national.campaign.links["link_id"].n_unique() == profile.links.pairs.value
    assert national.campaign.posts.height == 101


def test_nobody_asks_for_where_he_is_nor_for_where_his_partner_is(national: Run) -> None:
    assert national.wishes["admissible"].all()


def test_linked_candidates_ask_for_the_same(national: Run) -> None:
    lists = national.campaign.wishes.sort("rank").group_by("candidate_id").agg("code")
    both = national.campaign.links.join(lists, on="candidate_id").group_by("link_id").agg(pl.col("code").n_unique())
    assert both["code"].to_list() == [1] * both.height


def test_the_same_seed_gives_the_same_tables_and_a_scale_other_ones(tmp_path: Path) -> None:
    one, again = (generate("interdepartemental-2025", tmp_path / name, scale=0.02) for name in ("one", "again"))
    for table in ("candidates", "wishes", "posts", "links"):
        assert (one / f"{table}.parquet").read_bytes() == (again / f"{table}.parquet").read_bytes()
    assert pl.read_parquet(one / "candidates.parquet").height == round(13975 * 0.02)
    none = generate("interdepartemental-2025", tmp_path / "none", scale=0.02, links=0)
    assert not (none / "links.parquet").exists()
