"""Synthetic campaigns whose requests have a life over time: they run, hold the verdict, and are the same every time."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from engine.model.campaign import read_campaign
from engine.model.overtime.events import events_of
from engine.pipeline import run
from engine.runfolder import write_run
from engine.runreading import read_previous
from scenarios.generate import ScenarioError, generate


@pytest.mark.parametrize(
    ("profile", "scale"), [("inter-2025", 0.05), ("intra-clermont-2016", 1), ("interdepartemental-2025", 0.05)]
)
def test_a_campaign_with_everything_that_came_later_runs(tmp_path: Path, profile: str, scale: float) -> None:
    folder = generate(profile, tmp_path / "later", scale=scale, links=10, later=True)
    done = run(folder)
    assert not done.verdict.failed, done.verdict.to_dict()
    told = events_of(done.campaign)
    assert {"request", "change", "cancellation", "evidence"} <= set(told["event"])
    assert done.outcomes.filter(pl.col("status") == "excluded").height > 3
    assert done.campaign.decisions["kind"].n_unique() >= 2
    again = generate(profile, tmp_path / "again", scale=scale, links=10, later=True)
    assert read_campaign(again).digest() == read_campaign(folder).digest()


def test_a_correction_of_the_year_is_told_with_its_criterion(tmp_path: Path) -> None:
    generate("inter-2025", tmp_path / "before", scale=0.02, links=0)
    generate("inter-2025", tmp_path / "after", scale=0.02, links=0, later=True)
    previous = read_previous(write_run(run(tmp_path / "before"), tmp_path / "run"))
    done = run(tmp_path / "after", previous=previous)
    corrected = done.campaign.corrections["candidate_id"]
    told = done.changes.filter(pl.col("candidate_id").is_in(corrected.implode()))
    assert told.height == corrected.len()
    assert told["detail"].str.contains("criterion 1 anciennete_poste").all()
    kept = run(tmp_path / "after", previous=previous, least_change=True)
    assert kept.verdict.holds
    assert kept.changes.filter("changed").height <= done.changes.filter("changed").height


def test_movements_without_it_say_so(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="nothing is drawn to come later"):
        generate("specifique-2021", tmp_path / "later", scale=0.1, later=True)
