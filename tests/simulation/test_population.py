"""A population drawn from the one there is: as many of each status, names apart, links and posts whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from engine.model.campaign import Campaign, read_campaign
from engine.model.checks.context import Context
from engine.model.checks.registry import cross_table_defects
from engine.model.schemas import key_columns
from engine.simulation.drawn import drawn_campaign
from engine.simulation.experiment import Experiment
from engine.simulation.plan import Plan
from engine.simulation.population import resampled
from scenarios.generate import generate


@pytest.fixture(scope="module", params=["inter-2025", "interdepartemental-2025"])
def campaign(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    folder = tmp_path_factory.mktemp("populations") / request.param
    return read_campaign(generate(request.param, folder, scale=0.02, links=10))


STATUS = ["discipline", pl.col("held_post").is_not_null().alias("holds"), "mandatory"]


def counts(campaign: Campaign) -> list[tuple[object, ...]]:
    return campaign.candidates.select(STATUS).group_by(pl.all()).len().sort(pl.all()).rows()


@pytest.mark.parametrize("seed", [0, 1, 2025, 2**63 - 1])
def test_a_drawn_population_is_a_campaign_with_as_many_of_each_status(campaign: Campaign, seed: int) -> None:
    drawn, people = resampled(campaign, seed)
    drawn = drawn.with_seed(campaign.settings.seed)
    assert counts(drawn) == counts(campaign)
    assert drawn.candidates["candidate_id"].is_unique().all()
    assert people["candidate_id"].equals(drawn.candidates["candidate_id"])
    for name, table in drawn.tables.items():
        assert table.equals(table.sort(key_columns(name)))
    context = Context(drawn.settings.movement, drawn.rules)
    rows = {name: table.with_row_index("#row", offset=1) for name, table in drawn.tables.items()}
    assert cross_table_defects(rows, context).is_empty()


def test_members_of_a_link_are_drawn_together(campaign: Campaign) -> None:
    drawn, _ = resampled(campaign, 5)
    sizes = dict(campaign.links.group_by("link_id").len().rows())
    found = drawn.links.group_by("link_id").len()
    assert {sizes[link.split("~")[0]] - size for link, size in found.rows()} == {0}
    assert found.height == len(sizes)


def test_a_copy_has_the_facts_and_wishes_of_whom_it_is_a_copy(campaign: Campaign) -> None:
    drawn, people = resampled(campaign, 6)
    source = campaign.candidates[people["source"]].drop("candidate_id")
    assert drawn.candidates.drop("candidate_id").equals(source)
    experiment = Experiment(campaign, Plan(draws=1, vary=("population",), seed=3))
    first = drawn_campaign(experiment, 1)
    columns = ["rank", "kind", "code", "school_type"]
    assert first.campaign.wishes.select(columns).equals(campaign.wishes[first.wish].select(columns))


def test_each_candidate_is_drawn_as_often_as_chance_has_it(campaign: Campaign) -> None:
    times = np.zeros(campaign.candidates.height)
    for seed in range(60):
        times += np.bincount(resampled(campaign, seed)[1]["source"].to_numpy(), minlength=len(times))
    share = times / 60
    assert abs(share.mean() - 1) < 1e-9
    assert share.max() < 2.2
    assert share.min() > 0.2


def test_names_of_copies_are_nobody_elses(tmp_path: Path) -> None:
    from tests.campaigns import TABLES, write_campaign

    tables = {name: text.replace("\na,", "\nb~2,") for name, text in TABLES.items()}
    campaign = read_campaign(write_campaign(tmp_path / "odd", **tables))
    for seed in range(20):
        assert resampled(campaign, seed)[0].candidates["candidate_id"].is_unique().all()
