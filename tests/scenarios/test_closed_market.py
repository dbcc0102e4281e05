"""What the literature finds in closed and in open markets, in direction, on populations shaped like the French one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from engine.model.campaign import Campaign, read_campaign
from engine.pipeline import run_campaign
from scenarios.closed_market import write_closed_market
from scenarios.generate import generate
from scenarios.writing import ScenarioError

CRETEIL_AND_VERSAILLES = ("ONE-24", "ONE-25")


def movers(campaign: Campaign, mechanism: str, improvement: str = "none") -> float:
    """The share of holders who leave their posts."""
    done = run_campaign(campaign, mechanism=mechanism, improvement=improvement, extension="integrated")
    assert done.verdict.holds
    holders = done.summary["holders"]
    return float(holders["moved"] / holders["candidates"])


@pytest.fixture(scope="module", params=[1, 2])
def closed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, float]:
    """Movers of a closed market of 1,000 by mechanism."""
    folder = write_closed_market(tmp_path_factory.mktemp("closed") / "market", seed=request.param)
    campaign = read_campaign(folder)
    found = {name: movers(campaign, name) for name in ("stable", "serial", "exchange", "trade", "flow")}
    return found | {"full": movers(campaign, "stable", "full")}


def test_two_regions_that_few_ask_for_hold_about_half_of_the_holders(tmp_path: Path) -> None:
    campaign = read_campaign(write_closed_market(tmp_path / "market", seed=1))
    held = campaign.candidates["held_post"]
    assert campaign.candidates.height == 1000
    assert 0.44 < held.is_in(CRETEIL_AND_VERSAILLES).mean() < 0.52
    asked = campaign.wishes["code"].is_in(["24", "25"]).mean()
    assert asked < 0.1
    assert campaign.posts["seats"].sum() == 0


def test_in_the_closed_market_exchanges_multiply_movers(closed: Mapping[str, float]) -> None:
    """Published, n = 1000: 0.9 % under stable, 20 % exchange, 32 % trade, 34 % full (ALGORITHMS 2)."""
    assert closed["serial"] == 0  # no seat is free
    assert closed["stable"] < 0.06
    assert closed["exchange"] > 3 * closed["stable"]
    assert 0.12 < closed["exchange"] < min(closed["trade"], closed["full"])
    assert closed["full"] == pytest.approx(closed["trade"], abs=0.03)
    assert max(closed["trade"], closed["full"]) < closed["flow"] < 0.40


def test_the_more_seats_are_vacant_the_less_exchanges_add(tmp_path: Path) -> None:
    ratios = []
    for vacant in (0.0, 0.1, 0.4):
        campaign = read_campaign(write_closed_market(tmp_path / f"{vacant}", seed=1, vacant=vacant))
        ratios.append(movers(campaign, "exchange") / movers(campaign, "stable"))
    assert ratios[0] > ratios[1] > ratios[2]
    assert ratios[2] < 1.3


def test_in_the_open_market_stable_moves_about_as_many_as_exchange(tmp_path: Path) -> None:
    """Published, inter 2013: 3,991 under DA*, about 3,880 under generalised TO-BE (ALGORITHMS 2)."""
    campaign = read_campaign(generate("inter-2025", tmp_path / "open", scale=0.1, links=0))
    assert movers(campaign, "exchange") / movers(campaign, "stable") == pytest.approx(1, abs=0.15)


def test_a_folder_that_exists_is_left_alone(tmp_path: Path) -> None:
    write_closed_market(tmp_path / "market", holders=50)
    with pytest.raises(ScenarioError, match="exists already"):
        write_closed_market(tmp_path / "market", holders=50)


def test_the_same_seed_gives_the_same_market(tmp_path: Path) -> None:
    for name in "ab":
        write_closed_market(tmp_path / name, holders=60, seed=4)
    for table in ("places", "posts", "candidates", "wishes"):
        a, b = (pl.read_parquet(tmp_path / name / f"{table}.parquet") for name in "ab")
        assert a.equals(b)
