"""Variants written as a person would, laid on campaigns the tests know."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from engine.model.campaign import Campaign, read_campaign
from engine.model.defects import InputRefused
from engine.variants.variant import as_variant
from engine.variants.vary import vary
from tests.campaigns import write_campaign


def by_hand(tmp_path: Path, **tables: str | None) -> Campaign:
    """The small campaign of six candidates in four académies."""
    return read_campaign(write_campaign(tmp_path / "campaign", **tables))


def under(campaign: Campaign, text: str) -> Campaign:
    """The campaign under a variant given as TOML, its id left out."""
    return vary(campaign, as_variant(tomllib.loads(f'id = "v"\n{text}')))


def refusal(campaign: Campaign, text: str) -> str:
    """What is said of a variant that is refused."""
    with pytest.raises(InputRefused) as refused:
        under(campaign, text)
    return str(refused.value)
