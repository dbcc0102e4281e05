"""The population on specific posts: of the size asked for, sound, and near the published figures."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from engine.model.campaign import read_campaign
from engine.pipeline import run
from engine.runs import Run
from scenarios.generate import ScenarioError, generate
from scenarios.loading import load_profile
from scenarios.outcome import compare
from scenarios.specifique.outcome import measure
from scenarios.specifique.profile import SpecifiqueProfile


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(generate("specifique-2021", tmp_path_factory.mktemp("specifique") / "whole"))


def test_the_same_seed_and_scale_give_the_same_bytes(tmp_path: Path) -> None:
    folders = [generate("specifique-2021", tmp_path / name, scale=0.1, format="csv") for name in "ab"]
    names = sorted(path.name for path in folders[0].iterdir())
    tables = ("candidates", "opinions", "places", "posts", "requests", "wishes")
    assert names == sorted(["campaign.toml", *(f"{table}.csv" for table in tables)])
    assert all((folders[0] / name).read_bytes() == (folders[1] / name).read_bytes() for name in names)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("scale", [0.01, 0.2])
def test_it_is_read_without_a_defect(tmp_path: Path, seed: int, scale: float) -> None:
    campaign = read_campaign(generate("specifique-2021", tmp_path / "campaign", seed=seed, scale=scale))
    holders, newcomers = (max(1, round(n * scale)) for n in (420, 393))
    assert campaign.candidates["held_post"].count() == holders
    assert campaign.candidates.height == holders + newcomers


def test_nobody_asks_for_the_school_he_teaches_in_by_name(whole: Run) -> None:
    campaign = whole.campaign
    where = campaign.posts.select("place_id", held_post="post_id")
    own = campaign.candidates.join(where, on="held_post").select("candidate_id", code="place_id")
    assert campaign.wishes.filter(pl.col("kind") == "ETB").join(own, on=["candidate_id", "code"]).is_empty()


def test_wishes_stay_within_fifteen_and_every_request_has_one(whole: Run) -> None:
    wishes, requests = whole.campaign.wishes, whole.campaign.requests
    assert wishes.group_by("candidate_id", "request").len()["len"].max() == 15
    assert requests.join(wishes, on=["candidate_id", "request"], how="anti").is_empty()
    assert "too_many_wishes" not in whole.wishes["reason"].to_list()


@pytest.mark.parametrize("name", ["appointments", "success"])
def test_a_published_figure_is_held_within_its_tolerance(whole: Run, name: str) -> None:
    plan = load_profile("specifique-2021")
    assert isinstance(plan, SpecifiqueProfile)
    comparison = next(one for one in compare(plan.outcome, measure(whole.outcomes)) if one.name == name)
    assert comparison.holds, comparison.obtained
    assert whole.verdict.holds


def test_it_takes_no_geography(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="takes no geography"):
        generate("specifique-2021", tmp_path / "campaign", geography=tmp_path)
