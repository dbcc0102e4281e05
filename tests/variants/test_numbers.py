"""Seats and quotas: factors are right on average and drawn post by post, numbers and additions are exact."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from engine.model.campaign import read_campaign
from engine.pipeline import run_campaign
from tests.departments import Country, Request, write_country
from tests.variants.campaigns import by_hand, refusal, under

COUNTRY = Country(
    {"35": (1, 1), "44": (2, 2), "56": (1, 0)},
    {"a": Request("35", [("44", 10)]), "b": Request("44", [("35", 20)]), "c": Request("56", [("44", 30)])},
)


def seats(tmp_path: Path, text: str) -> dict[str, int]:
    posts = under(by_hand(tmp_path), text).posts
    return dict(posts.select("post_id", "seats").iter_rows())


def test_numbers_and_additions_are_exact(tmp_path: Path) -> None:
    before = {"A-14": 0, "A-24": 1, "M-14": 0, "M-17": 1, "M-24": 1, "M-25": -1}
    assert seats(tmp_path / "0", "") == before
    assert seats(tmp_path / "1", "population.seats.add = 2") == {name: seats + 2 for name, seats in before.items()}
    where = '[population.seats]\nwhere = { academy = "24", discipline = "L1300" }\n'
    assert seats(tmp_path / "2", where + "number = 7") == before | {"M-24": 7}


def test_a_factor_multiplies_what_is_offered_and_no_seat_to_be_closed(tmp_path: Path) -> None:
    doubled = seats(tmp_path, "population.seats.factor = 2")
    assert doubled == {"A-14": 0, "A-24": 2, "M-14": 0, "M-17": 2, "M-24": 2, "M-25": -1}


def test_fractions_of_a_seat_are_drawn_so_that_small_posts_change_too(national: Path) -> None:
    campaign = read_campaign(national)
    offered = int(campaign.posts["seats"].clip(lower_bound=0).sum())
    varied = under(campaign, "population.seats.factor = 1.5")
    new = int(varied.posts["seats"].clip(lower_bound=0).sum())
    assert abs(new - 1.5 * offered) < 0.1 * offered
    both = campaign.posts.select("post_id", "seats").join(varied.posts.select("post_id", now="seats"), on="post_id")
    ones = both.filter(pl.col("seats") == 1)["now"]
    assert set(ones) == {1, 2}


def test_seats_that_are_created_exist(tmp_path: Path) -> None:
    posts = "post_id,place_id,discipline,seats,positions\nM-14,14,L1300,0,1\nM-17,17,L1300,1,1\n"
    posts += "M-24,24,L1300,1,2\nM-25,25,L1300,-1,1\nA-14,14,L0422,0,1\nA-24,24,L0422,1,1\n"
    varied = under(by_hand(tmp_path, posts=posts), "population.seats.add = 1").posts
    assert dict(varied.select("post_id", "positions").iter_rows()) == {
        "A-14": 2,
        "A-24": 2,
        "M-14": 2,
        "M-17": 2,
        "M-24": 3,
        "M-25": 2,
    }


def test_quotas_of_entry_and_exit_are_changed_by_departement(tmp_path: Path) -> None:
    campaign = read_campaign(write_country(tmp_path / "country", COUNTRY))
    varied = under(
        campaign, '[quotas.entry]\nnumber = 0\n[quotas.exit]\nwhere = { department = ["35", "56"] }\nadd = 4\n'
    )
    assert varied.posts.select("seats", "exit_quota").rows() == [(0, 5), (0, 2), (0, 4)]
    moved = run_campaign(varied).outcomes.filter(phase="mutation")
    assert moved.is_empty()
    assert run_campaign(campaign).outcomes.filter(phase="mutation").height > 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("population.seats.add = 1", "is for movements without quotas"),
        ('[quotas.exit]\nwhere = { department = "75" }\nadd = 1', "names 75, which no row has"),
        ("quotas.exit.number = -3", "F6"),
    ],
)
def test_what_goes_with_no_quota_is_refused(text: str, sentence: str, tmp_path: Path) -> None:
    assert sentence in refusal(read_campaign(write_country(tmp_path / "country", COUNTRY)), text)


def test_posts_without_quotas_have_none_to_change(tmp_path: Path) -> None:
    told = refusal(by_hand(tmp_path), "quotas.exit.factor = 2\nquotas.entry.factor = 2")
    assert told.count("these have none") == 2
    assert "[population.seats]" in told
