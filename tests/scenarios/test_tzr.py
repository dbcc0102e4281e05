"""Populations of TZR: exact numbers, lawful tables, the same for the same seed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from engine.model.campaign import read_campaign
from scenarios.generate import generate


@pytest.mark.parametrize(
    ("profile", "scale", "tzr"), [("tzr-clermont-2016", 1.0, 380), ("tzr-versailles-2025", 0.1, 150)]
)
def test_a_population_has_its_numbers_and_no_defect(profile: str, scale: float, tzr: int, tmp_path: Path) -> None:
    campaign = read_campaign(generate(profile, tmp_path / "campaign", scale=scale))
    assert campaign.candidates.height == tzr
    assert 2 * tzr < campaign.needs.height < 3 * tzr
    assert campaign.wishes.filter(pl.col("rank") > 5).is_empty()


def test_the_same_seed_gives_the_same_tables(tmp_path: Path) -> None:
    folders = [generate("tzr-clermont-2016", tmp_path / name, scale=0.2) for name in ("first", "second")]
    assert read_campaign(folders[0]).digest() == read_campaign(folders[1]).digest()
    other = generate("tzr-clermont-2016", tmp_path / "other", scale=0.2, seed=7)
    assert read_campaign(folders[0]).digest() != read_campaign(other).digest()
