"""Decisions, a previous run and the least change at the intra: zones, improvement, extension, closures, links."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from engine.model.campaign import Campaign
from engine.model.defects import InputRefused
from engine.pipeline import run, run_campaign
from engine.runfolder import write_run
from engine.runreading import read_previous
from scenarios.generate import generate
from tests.decided import decided, drawn_decisions

PLAIN = {"improvement": "none", "extension": "none"}


@pytest.fixture(scope="module")
def academy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clermont-Ferrand at a twentieth of its size, with linked requests."""
    folder = tmp_path_factory.mktemp("intra") / "academy"
    return generate("intra-clermont-2016", folder, scale=0.05, links=6)


def met(campaign: Campaign, rng: np.random.Generator, **options: Any) -> int:
    """How many of the decisions drawn the run carries out; none where it is refused for a pin without a seat."""
    rows = [_onto_a_vacant_post(campaign, row) for row in drawn_decisions(rng, campaign, most=6)]
    try:
        done = run_campaign(decided(campaign, *rows), **options)
    except InputRefused as refused:
        rules = refused.defects["rule"].str.slice(0, 3).unique().to_list()
        return 0 if rules == ["C69"] else -1
    assert not done.verdict.failed, done.verdict.to_dict()
    assert done.verdict["P15"].status == "holds"
    return len(rows)


def _onto_a_vacant_post(campaign: Campaign, row: dict[str, Any]) -> dict[str, Any]:
    """The decision, a pin on an ordinary post of the discipline that offers a seat; an exclusion where none does."""
    if row["kind"] != "pin":
        return row
    person = campaign.candidates.filter(pl.col("candidate_id") == row["candidate_id"])
    posts = campaign.posts.filter((pl.col("discipline") == person["discipline"][0]) & (pl.col("seats") > 0))
    if posts.is_empty():
        return {"candidate_id": row["candidate_id"], "kind": "exclude"}
    return {"candidate_id": row["candidate_id"], "kind": "pin", "post_id": posts["post_id"][0]}


@pytest.mark.parametrize("improvement", ["none", "zone", "stable"])
def test_decisions_are_kept_beside_zones_links_and_improvement(academy: Path, improvement: str) -> None:
    campaign = run(academy).campaign
    rng = np.random.default_rng(5)
    found = [met(campaign, rng, improvement=improvement) for _ in range(4)]
    assert min(found) >= 0
    assert sum(found) > 0


def test_linked_candidates_are_excluded_together(academy: Path) -> None:
    first = run(academy)
    members = first.campaign.links.filter(pl.col("link_id") == first.campaign.links["link_id"][0])["candidate_id"]
    rows = [{"candidate_id": name, "kind": "exclude"} for name in members]
    done = run_campaign(decided(first.campaign, *rows))
    assert not done.verdict.failed, done.verdict.to_dict()
    out = done.outcomes.filter(pl.col("candidate_id").is_in(members.implode()))
    assert set(out["status"]) == {"excluded"}


def test_nobody_moves_again_and_a_decision_moves_few(academy: Path, tmp_path: Path) -> None:
    first = run(academy, **PLAIN)
    previous = read_previous(write_run(first, tmp_path / "run"))
    same = run(academy, previous=previous, least_change=True, **PLAIN)
    assert same.changes.is_empty()
    moved = first.outcomes.filter(pl.col("status") == "assigned").join(
        first.campaign.links, on="candidate_id", how="anti"
    )
    row = {"candidate_id": moved["candidate_id"][0], "kind": "forbid", "post_id": moved["post_id"][0]}
    done = run_campaign(decided(first.campaign, row), previous=previous, least_change=True, **PLAIN)
    assert not done.verdict.failed, done.verdict.to_dict()
    assert done.summary["least_change"]["moved"] >= done.summary["least_change"]["bound"] >= 1
    assert moved["candidate_id"][0] in done.changes.filter("changed")["candidate_id"]
