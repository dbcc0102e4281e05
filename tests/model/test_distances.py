"""Distances from the indicative wish: which wish it is, and how far the posts of the zone granted are from it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from engine.model.campaign import Campaign, read_campaign
from engine.model.contracts import Contracts, contracts_of
from engine.model.distances import indicative_distances
from engine.model.scoring import score

SETTINGS = """schema = 1
id = "distances"
movement = "intra"
rulebook = "none"
session = 2018
seed = 1
"""
# Four schools along a meridian, a tenth of a degree apart (11.1195 km); A and A2 share a commune.
PLACES = """place_id,kind,commune,grouping,department,academy,lat,lon
A,ETB,01,G1,29,14,48.0,-3.0
A2,ETB,01,G1,29,14,48.0,-3.0
B,ETB,02,G2,29,14,48.1,-3.0
C,ETB,03,G2,29,14,48.2,-3.0
{unknown}
Z,ZR,,,29,14,48.0,-3.0
"""
POSTS = "post_id,place_id,discipline,seats\n" + "".join(f"{p},{p},D,1\n" for p in ("A", "A2", "B", "C", "Z"))
TENTH = 11_119  # metres, on a sphere of 6,371 km


def campaign_of(folder: Path, wishes: list[tuple[str, str]], unknown: str = "") -> tuple[Campaign, Contracts]:
    """A candidate c with these wishes, kinds and codes in their order."""
    rows = [f"c,{rank},{kind},{code},{100 - rank}" for rank, (kind, code) in enumerate(wishes, 1)]
    tables = {
        "campaign.toml": SETTINGS,
        "places.csv": PLACES.format(unknown=unknown).replace("\n\n", "\n"),
        "posts.csv": POSTS + ("U,U,D,1\n" if unknown else ""),
        "candidates.csv": "candidate_id,discipline\nc,D\n",
        "wishes.csv": "\n".join(["candidate_id,rank,kind,code,points", *rows]) + "\n",
    }
    for name, content in tables.items():
        (folder / name).write_text(content)
    campaign = read_campaign(folder)
    scored = score(campaign, campaign.rules)
    added = scored.wishes.clear().select("candidate_id", "kind", "code", "school_type", "points", position="rank")
    return campaign, contracts_of(campaign, scored, added)


def metres(folder: Path, *wishes: tuple[str, str], unknown: str = "") -> list[int]:
    """Distances of the posts of the last wish, were it granted; none where all are alike."""
    campaign, contracts = campaign_of(folder, list(wishes), unknown)
    ptr, cost = indicative_distances(campaign, contracts, np.array([len(wishes) - 1]))
    assert ptr.tolist() == [0, len(cost)]
    return cost.tolist()


def test_posts_of_the_zone_are_measured_from_the_commune_of_an_earlier_school(tmp_path: Path) -> None:
    assert metres(tmp_path, ("ETB", "A"), ("DPT", "29")) == pytest.approx([0, 0, TENTH, 2 * TENTH], abs=2)


def test_the_most_precise_earlier_wish_guides_whatever_its_rank(tmp_path: Path) -> None:
    guided = metres(tmp_path, ("GEO", "G1"), ("ETB", "C"), ("COM", "01"), ("DPT", "29"))
    assert guided == pytest.approx([2 * TENTH, 2 * TENTH, TENTH, 0], abs=2)


def test_a_zone_guides_from_its_nearest_commune(tmp_path: Path) -> None:
    assert metres(tmp_path, ("GEO", "G2"), ("DPT", "29")) == pytest.approx([TENTH, TENTH, 0, 0], abs=2)


def test_a_wish_as_wide_as_the_one_granted_does_not_guide(tmp_path: Path) -> None:
    assert metres(tmp_path, ("GEO", "G1"), ("GEO", "G2")) == []


def test_a_later_wish_does_not_guide(tmp_path: Path) -> None:
    campaign, contracts = campaign_of(tmp_path, [("DPT", "29"), ("ETB", "A")])
    assert indicative_distances(campaign, contracts, np.array([0]))[1].tolist() == []


def test_zones_de_remplacement_neither_guide_nor_are_guided(tmp_path: Path) -> None:
    assert metres(tmp_path, ("ZRE", "Z"), ("DPT", "29")) == []
    assert metres(tmp_path, ("ETB", "A"), ("ZRD", "29")) == []


def test_who_holds_nothing_or_one_post_has_no_distances(tmp_path: Path) -> None:
    campaign, contracts = campaign_of(tmp_path, [("ETB", "A"), ("ETB", "B")])
    for held in (-1, 1):
        assert indicative_distances(campaign, contracts, np.array([held]))[0].tolist() == [0, 0]


def test_a_school_without_coordinates_lies_where_its_commune_does(tmp_path: Path) -> None:
    guided = metres(tmp_path, ("ETB", "A"), ("DPT", "29"), unknown="U,ETB,01,G1,29,14,,")
    assert guided == pytest.approx([0, 0, TENTH, 2 * TENTH, 0], abs=2)


def test_without_coordinates_all_posts_are_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = re.sub(r"4\d\.\d,-3\.0", ",", PLACES)
    monkeypatch.setattr("tests.model.test_distances.PLACES", nowhere)
    assert metres(tmp_path, ("ETB", "A"), ("DPT", "29")) == []
