"""The story of `tiny`, as told in ``scenarios/campaigns/tiny.md``: worked out by hand, held against the engine."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from engine.pipeline import run
from engine.runs import Run
from scenarios.generate import ScenarioError, generate
from scenarios.writing import ready_campaigns

# candidate: status, rank of the wish obtained, académie in the end
STORY = {
    "alba": ("assigned", 1, "10"),
    "bruno": ("assigned", 2, "08"),
    "chloe": ("assigned", 1, "14"),
    "denis": ("kept", None, "24"),
    "emma": ("assigned", 1, "14"),
    "farid": ("kept", None, "06"),
    "gaelle": ("kept", None, "24"),
    "hugo": ("extended", None, "24"),
    "ines": ("extended", None, "08"),
    "jules": ("kept", None, "10"),
    "karim": ("excluded", None, "24"),
    "leo": ("assigned", 2, "24"),
    "maya": ("assigned", 3, "24"),
}
POINTS = {  # thousandths, wish by wish
    "alba": [219_000],
    "bruno": [158_000, 158_000],
    "chloe": [870_200],
    "denis": [513_000],
    "emma": [95_000],
    "farid": [302_000],
    "gaelle": [95_000],
    "hugo": [174_300, 164_200, 14_000],
    "ines": [174_300, 164_200],
    "jules": [192_000, 192_000, 192_000],
    "karim": [453_000],
    "leo": [24_000, 14_100],
    "maya": [179_000, 179_000, 179_100],
}
CUTOFFS = {  # the others have no cutoff: nobody leaves, no seat, or a seat that closes
    "L0202-08": 164_200,
    "L0202-14": 95_000,
    "L0202-24": 14_000,
    "L1300-08": 158_000,
    "L1300-10": 219_000,
    "L1300-14": 870_200,
    "L1300-24": 14_100,
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(generate("tiny", tmp_path_factory.mktemp("ready") / "tiny"))


def test_everybody_ends_where_the_story_says(tiny: Run) -> None:
    rows = tiny.outcomes.select("candidate_id", "status", "rank", "place_id").rows()
    assert {candidate: tuple(rest) for candidate, *rest in rows} == STORY


def test_wishes_have_the_points_of_the_story(tiny: Run) -> None:
    points = tiny.wishes.sort("candidate_id", "rank").group_by("candidate_id", maintain_order=True).agg("points")
    assert dict(points.rows()) == POINTS


def test_cutoffs_are_those_of_the_story(tiny: Run) -> None:
    assert dict(tiny.cutoffs.drop_nulls("cutoff_points").select("post_id", "cutoff_points").rows()) == CUTOFFS


def test_the_verdict_holds(tiny: Run) -> None:
    assert {p.status for p in tiny.verdict.properties} <= {"holds", "not_applicable"}


@pytest.mark.parametrize(
    ("candidate", "rank", "reason"),
    [
        ("denis", 1, "points_short"),
        ("gaelle", 1, "tie_lost"),
        ("farid", 1, "seats_closed"),
        ("ines", 1, "nobody_left"),
        ("jules", 2, "own_zone"),
        ("jules", 3, "after_own_zone"),
        ("karim", 1, "late_without_reason"),
    ],
)
def test_each_refusal_of_the_story_has_its_reason(tiny: Run, candidate: str, rank: int, reason: str) -> None:
    row = tiny.wishes.filter((pl.col("candidate_id") == candidate) & (pl.col("rank") == rank))
    assert row["reason"].item() == reason


def test_a_ready_campaign_is_copied_as_it_is(tmp_path: Path) -> None:
    assert "tiny" in ready_campaigns()
    copy = generate("tiny", tmp_path / "tiny", seed=9, scale=3)
    assert "seed = 2025" in (copy / "campaign.toml").read_text("utf-8")
    with pytest.raises(ScenarioError, match="exists already"):
        generate("tiny", copy)
