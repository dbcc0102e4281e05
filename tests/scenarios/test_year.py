"""The population of a year: whole campaigns, the same people in several, the same bytes every time."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from engine.model.campaign import read_campaign
from engine.year.plan import read_plan
from scenarios.generate import generate
from scenarios.territory import succeeded


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate("year-2025", tmp_path_factory.mktemp("year") / "year", scale=0.01)


def table(year: Path, campaign: str, name: str) -> pl.DataFrame:
    return pl.read_parquet(year / campaign / f"{name}.parquet")


def test_the_same_seed_and_scale_give_the_same_bytes(year: Path, tmp_path: Path) -> None:
    again = generate("year-2025", tmp_path / "again", scale=0.01)
    for folder in (year, again):
        assert (folder / "year.toml").exists()
    files = sorted(str(path.relative_to(year)) for path in year.rglob("*") if path.is_file())
    assert [name for name in files if (year / name).read_bytes() != (again / name).read_bytes()] == []


def test_every_campaign_is_whole_by_itself(year: Path) -> None:
    plan = read_plan(year)
    assert {"inter", "intra", "interdepartemental"} <= {step.name for step in plan.steps}
    for step in plan.steps:
        assert read_campaign(step.folder).candidates.height


def test_holders_of_the_inter_serve_in_the_académie_they_are_of_in_the_inter(year: Path) -> None:
    places = table(year, "intra", "places").select("place_id", "academy")
    posts = table(year, "intra", "posts").join(places, on="place_id")
    held = table(year, "intra", "candidates").select("candidate_id", post_id="held_post").drop_nulls()
    both = pl.concat([held, table(year, "intra", "incumbents")]).join(posts, on="post_id")
    inter = table(year, "inter", "candidates").select("candidate_id", "held_post", subject="discipline")
    known = both.join(inter, on="candidate_id")
    assert known.height
    assert (known["held_post"] == known["discipline"] + "-" + known["academy"]).all()
    assert (known["subject"] == known["discipline"]).all()


def test_a_person_has_one_birthday(year: Path) -> None:
    both = table(year, "inter", "candidates").join(table(year, "intra", "candidates"), on="candidate_id")
    assert both.height
    for fact in ("birth_date", "corps", "grade", "echelon"):
        assert both[fact].equals(both[f"{fact}_right"].rename(fact))


def test_no_post_has_more_people_than_positions(year: Path) -> None:
    people = table(year, "intra", "candidates").select(post_id="held_post").drop_nulls()
    held = pl.concat([people, table(year, "intra", "incumbents").select("post_id")]).group_by("post_id").len()
    posts = table(year, "intra", "posts").join(held, on="post_id")
    assert (posts["len"] + posts["seats"].clip(0) <= posts["positions"]).all()


def test_who_asks_for_an_académie_has_a_list_there(year: Path) -> None:
    lists = table(year, "intra", "entrant_wishes")
    assert (lists["rank"] == 1).sum() == lists.select("candidate_id", "academy").n_unique()
    asked = table(year, "inter", "wishes").select("candidate_id", academy="code")
    assert lists.join(asked, on=["candidate_id", "academy"], how="anti").is_empty()


def test_every_link_of_the_chain_is_there(year: Path) -> None:
    links = {(link.link, link.source, link.target) for step in read_plan(year).steps for link in step.links}
    assert links == {
        ("retained", "specifique", "inter"),
        ("retained", "specifique", "intra"),
        ("departed", "specifique", "tzr"),
        ("entrants", "inter", "intra"),
        ("departed", "inter", "tzr"),
        ("replacement", "intra", "tzr"),
    }


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Large enough for every kind of person to be there."""
    return generate("year-2025", tmp_path_factory.mktemp("larger") / "year", scale=0.1)


def test_who_asks_for_a_specific_post_for_the_first_time_holds_one_ordinary_post(larger: Path) -> None:
    first = table(larger, "specifique", "candidates").filter(pl.col("held_post").is_null())
    posts = table(larger, "intra", "posts")
    held = table(larger, "intra", "candidates").select("candidate_id", post_id="held_post").drop_nulls()
    both = pl.concat([held, table(larger, "intra", "incumbents").select("candidate_id", "post_id")])
    known = first.join(both, on="candidate_id").join(posts, on="post_id")
    assert known["candidate_id"].is_unique().all()
    assert (known["discipline"] == known["discipline_right"]).all()
    asking = first.join(table(larger, "inter", "candidates"), on="candidate_id")
    assert asking["birth_date"].equals(asking["birth_date_right"].rename("birth_date"))
    beside = first.join(table(larger, "inter", "incumbents"), on="candidate_id")
    assert min(asking.height, beside.height, known.height) > 0
    assert set(asking["candidate_id"]).isdisjoint(beside["candidate_id"])


def test_tzr_hold_the_zone_they_hold_at_the_intra(larger: Path) -> None:
    tzr, intra = table(larger, "tzr", "candidates"), table(larger, "intra", "candidates")
    incumbents = table(larger, "intra", "incumbents")
    named = pl.concat(
        [intra.select("candidate_id", post="held_post"), incumbents.select("candidate_id", post="post_id")]
    )
    both = tzr.join(named, on="candidate_id")
    assert both.height
    assert (both["held_post"] == both["post"]).all()
    zones = table(larger, "tzr", "places").filter(pl.col("kind") == "ZR")["place_id"]
    posts = table(larger, "intra", "posts").filter(pl.col("place_id").is_in(zones.implode()))
    on_zones = named.filter(pl.col("post").is_in(posts["post_id"].implode()))
    assert set(on_zones["candidate_id"]) <= set(tzr["candidate_id"])
    assert tzr.height == (posts["positions"] - posts["seats"].clip(0)).sum()


def test_the_specific_posts_of_a_year_are_in_the_académies_of_its_session(year: Path) -> None:
    assert {"05", "21"}.isdisjoint(table(year, "specifique", "places")["academy"])
    assert succeeded({"05": 2.0, "21": 3.0, "16": 1.0}, 2025) == {"70": 5.0, "16": 1.0}
    assert succeeded({"05": 2.0, "16": 1.0}, 2021) == {"05": 2.0, "16": 1.0}
