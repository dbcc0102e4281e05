"""Generation: deterministic, of the size asked for, sound, and never over an existing folder."""

from __future__ import annotations

import tomllib
from pathlib import Path

import polars as pl
import pytest

from engine.model.geography import academies
from scenarios.generate import Format, ScenarioError, generate

TABLES = ("places", "posts", "candidates", "wishes")


def tables(folder: Path) -> dict[str, pl.DataFrame]:
    return {name: pl.read_parquet(folder / f"{name}.parquet") for name in TABLES}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    return tables(generate("inter-2025", tmp_path_factory.mktemp("inter") / "small", scale=0.1))


@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_the_same_profile_seed_and_scale_give_the_same_bytes(tmp_path: Path, format: Format) -> None:
    folders = [generate("inter-2025", tmp_path / name, scale=0.02, format=format) for name in "ab"]
    names = sorted(path.name for path in folders[0].iterdir())
    assert names == sorted(["campaign.toml", *(f"{table}.{format}" for table in (*TABLES, "links"))])
    assert all((folders[0] / name).read_bytes() == (folders[1] / name).read_bytes() for name in names)


def test_another_seed_gives_other_people(tmp_path: Path) -> None:
    one, two = (tables(generate("inter-2025", tmp_path / str(s), seed=s, scale=0.02)) for s in (1, 2))
    assert not one["candidates"].equals(two["candidates"])
    assert one["places"].equals(two["places"])


@pytest.mark.parametrize(("scale", "holders", "mandatory"), [(0.01, 137, 94), (1, 13661, 9379), (2, 27322, 18758)])
def test_a_scale_multiplies_the_participants(tmp_path: Path, scale: float, holders: int, mandatory: int) -> None:
    candidates = tables(generate("inter-2025", tmp_path / "campaign", scale=scale))["candidates"]
    assert candidates["held_post"].is_not_null().sum() == holders
    assert candidates["mandatory"].sum() == mandatory


def test_nobody_is_both_holder_and_mandatory_and_nobody_is_neither(small: dict[str, pl.DataFrame]) -> None:
    candidates = small["candidates"]
    assert (candidates["held_post"].is_null() == candidates["mandatory"]).all()


def test_every_académie_and_every_discipline_has_a_post(small: dict[str, pl.DataFrame]) -> None:
    posts = small["posts"]
    assert set(small["places"]["place_id"]) == set(academies(2025)) == set(posts["place_id"])
    assert posts.height == 30 * posts["discipline"].n_unique()
    assert set(small["candidates"]["discipline"]) <= set(posts["discipline"])


def test_a_holder_holds_a_post_of_his_discipline(small: dict[str, pl.DataFrame]) -> None:
    held = small["candidates"].drop_nulls("held_post").join(small["posts"], left_on="held_post", right_on="post_id")
    assert held.height == small["candidates"]["held_post"].is_not_null().sum()
    assert (held["discipline"] == held["discipline_right"]).all()


def test_wishes_are_ranked_without_gaps_and_name_an_académie_once(small: dict[str, pl.DataFrame]) -> None:
    wishes = small["wishes"].sort("candidate_id", "rank")
    counted = wishes.group_by("candidate_id").agg(
        pl.col("rank").max(), pl.len().alias("num"), pl.col("code").n_unique()
    )
    assert (counted["rank"] == counted["num"]).all()
    assert (counted["code"] == counted["num"]).all()
    assert counted.height == small["candidates"].height


def test_nobody_asks_for_the_académie_he_is_in(small: dict[str, pl.DataFrame]) -> None:
    held = small["candidates"].drop_nulls("held_post").select("candidate_id", own=pl.col("held_post").str.slice(-2))
    assert not (small["wishes"].join(held, on="candidate_id").select(pl.col("own") == pl.col("code"))).to_series().any()


def test_a_family_strategy_comes_with_a_place_that_is_the_first_wish(small: dict[str, pl.DataFrame]) -> None:
    first = small["wishes"].filter(pl.col("rank") == 1).select("candidate_id", "code")
    family = small["candidates"].drop_nulls("family").join(first, on="candidate_id")
    assert (family["spouse_academy"] == family["code"]).all()
    in_academy = {d: a.code for a in academies(2025).values() for d in a.departments}
    assert (family["spouse_department"].replace_strict(in_academy) == family["spouse_academy"]).all()
    alone = small["candidates"].filter(pl.col("family").is_null())
    assert alone["spouse_academy"].is_null().all()
    assert (alone["children"] == 0).all()


def test_years_agree_with_each_other(small: dict[str, pl.DataFrame]) -> None:
    holders = small["candidates"].filter(pl.col("held_post").is_not_null() & (pl.col("category") == "titulaire"))
    assert (holders["separation_years"] <= holders["post_years"]).all()
    assert (holders["preferential_years"] <= holders["post_years"]).all()
    assert (holders["post_years"] >= 1).all()
    ages = (2025 - small["candidates"]["birth_date"].dt.year()).to_list()
    assert min(ages) >= 22
    assert max(ages) <= 66
    trainees = small["candidates"].filter(pl.col("training_academy").is_not_null())
    assert (trainees["separation_years"] <= 1).all()
    assert (trainees["post_years"] == 0).all()


def test_no_more_seats_close_than_participants_hold(small: dict[str, pl.DataFrame]) -> None:
    held = small["candidates"].drop_nulls("held_post").group_by(post_id="held_post").len()
    posts = small["posts"].join(held, on="post_id", how="left").with_columns(pl.col("len").fill_null(0))
    assert (posts["seats"] < 0).any()
    assert (posts["seats"] + posts["len"].cast(pl.Int64) >= 0).all()


@pytest.mark.parametrize("scale", [0.01, 0.1, 1])
def test_seats_suffice_for_everybody_who_must_be_placed(tmp_path: Path, scale: float) -> None:
    drawn = tables(generate("inter-2025", tmp_path / "campaign", scale=scale))
    reached = {code for code, a in academies(2025).items() if not a.overseas} - {"27"}
    seats = drawn["posts"].filter(pl.col("place_id").is_in(reached)).group_by("discipline").agg(pl.col("seats").sum())
    from_beyond = ~pl.col("held_post").str.slice(-2).is_in(reached)
    needed = drawn["candidates"].filter(pl.col("mandatory") | from_beyond.fill_null(False)).group_by("discipline").len()
    both = needed.join(seats, on="discipline", how="left")
    assert (both["seats"] >= both["len"]).all()


def test_an_existing_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "campaign").mkdir()
    (tmp_path / "campaign" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ScenarioError, match="exists already"):
        generate("inter-2025", tmp_path / "campaign", scale=0.01)
    assert [path.name for path in (tmp_path / "campaign").iterdir()] == ["mine.txt"]


def test_a_failed_generation_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", fails)
    with pytest.raises(ScenarioError, match="cannot be written: No space left on device"):
        generate("inter-2025", tmp_path / "campaign", scale=0.01)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("scale", "seed"), [(0, 1), (-1, 1), (1e9, 1), (float("nan"), 1), (1, -1)])
def test_an_absurd_scale_or_seed_is_refused(tmp_path: Path, scale: float, seed: int) -> None:
    with pytest.raises(ScenarioError, match="the scale is above 0"):
        generate("inter-2025", tmp_path / "campaign", seed=seed, scale=scale)


def test_a_scale_that_leaves_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="leaves nobody"):
        generate("inter-2025", tmp_path / "campaign", scale=0.00001)


def test_the_campaign_file_says_that_nobody_is_real(tmp_path: Path) -> None:
    text = (generate("inter-2025", tmp_path / "campaign", seed=4, scale=0.01) / "campaign.toml").read_text("utf-8")
    assert "Synthetic population" in text
    assert "Profile inter-2025, seed 4, scale 0.01" in text
    settings = tomllib.loads(text)
    assert (settings["seed"], settings["session"], settings["rulebook"]) == (4, 2025, "inter")
