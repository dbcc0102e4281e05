"""Linked requests of generated populations."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from engine.model.campaign import Campaign, read_campaign
from engine.model.scoring import score
from scenarios.generate import generate
from scenarios.loading import load_profile

PROFILES = {"inter-2025": 0.05, "intra-clermont-2016": 1.0, "intra-national": 0.01}


@pytest.fixture(scope="module", params=PROFILES)
def linked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    folder = tmp_path_factory.mktemp("linked") / request.param
    return read_campaign(generate(request.param, folder, scale=PROFILES[request.param], links=15))


def test_a_population_has_as_many_pairs_as_asked_for_and_no_defect(linked: Campaign) -> None:
    assert linked.links["link_id"].n_unique() == 15
    assert linked.links.group_by("link_id").len()["len"].to_list() == [2] * 15


def test_partners_are_both_holders_or_both_mandatory(linked: Campaign) -> None:
    people = linked.links.join(linked.candidates, on="candidate_id")
    alike = people.group_by("link_id").agg(pl.col("held_post").is_null().n_unique(), pl.col("mandatory").n_unique())
    assert alike.select(pl.exclude("link_id").max()).row(0) == (1, 1)


def test_spouses_have_their_bonus_and_others_have_none(linked: Campaign) -> None:
    people = linked.links.join(linked.candidates, on="candidate_id")
    assert set(people["family"].unique()) <= {"mutation_simultanee", None}
    strategies = people.group_by("link_id").agg(pl.col("family").n_unique())
    assert strategies["family"].max() == 1
    given = score(linked, linked.rules).criteria.filter(pl.col("criterion") == "mutation_simultanee")
    spouses = people.filter(pl.col("family").is_not_null())["candidate_id"]
    assert set(given.filter(pl.col("points") > 0)["candidate_id"]) <= set(spouses)
    assert given.filter(pl.col("points") > 0).height


def test_nothing_but_the_pairs_differs_from_the_population_without_links(tmp_path: Path) -> None:
    with_links, without = (
        read_campaign(generate("inter-2025", tmp_path / str(count), scale=0.02, links=count)) for count in (5, 0)
    )
    assert without.links.is_empty()
    others = with_links.candidates.join(with_links.links, on="candidate_id", how="anti")
    assert others.equals(without.candidates.join(with_links.links, on="candidate_id", how="anti"))
    assert with_links.posts.equals(without.posts)


def test_the_share_of_links_is_an_assumption_and_says_so() -> None:
    for name in PROFILES:
        links = load_profile(name).links
        assert links.pairs.status == links.spouses_share.status == "assumed"
        assert links.pairs.value <= 1500
