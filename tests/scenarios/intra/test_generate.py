"""Intra populations: deterministic, of the size asked for, sound in every table, read by the engine without defect."""

from __future__ import annotations

import tomllib
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from engine.cli import app
from engine.model.campaign import Campaign, read_campaign
from engine.model.geography import academies
from engine.model.intra.designation import closings_left, designate
from engine.model.schemas import WISH_KINDS
from engine.model.scoring import score
from scenarios.figures import ScenarioError
from scenarios.generate import Format, generate
from tests.scenarios.intra.geographies import write_geography

PROFILES = ("national_intra", "clermont")
NUM_PLACES = ("commune", "grouping", "department", "academy")


@pytest.fixture(params=PROFILES)
def folder(request: pytest.FixtureRequest) -> Path:
    found: Path = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def campaign(folder: Path) -> Campaign:
    return as_it_was(folder)


def as_it_was(folder: Path) -> Campaign:
    """The campaign before anybody is designated to lose his post."""
    campaign = read_campaign(folder)
    return campaign.as_read or campaign


def located(campaign: Campaign, post: str) -> pl.DataFrame:
    """The candidates with the place of the post that a column of theirs names."""
    posts = campaign.posts.select("place_id", "discipline", "profile", **{post: "post_id"})
    return campaign.candidates.drop_nulls(post).join(posts, on=post).join(campaign.places, on="place_id")


@pytest.mark.parametrize("format", ["parquet", "csv"])
def test_the_same_seed_gives_the_same_bytes_and_another_other_people(tmp_path: Path, format: Format) -> None:
    seeds = {"a": None, "b": None, "c": 7}
    folders = [
        generate("intra-clermont-2016", tmp_path / name, seed=seed, scale=0.2, format=format)
        for name, seed in seeds.items()
    ]
    first, same, other = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert first == same
    assert first.keys() == other.keys()
    assert first[f"candidates.{format}"] != other[f"candidates.{format}"]


def test_the_engine_finds_no_defect_and_only_unfavourable_opinions_set_wishes_aside(folder: Path) -> None:
    campaign = read_campaign(folder)
    scored = score(campaign, campaign.rules)
    assert scored.requests["admissible"].all()
    alone = scored.wishes.join(campaign.links, on="candidate_id", how="anti")
    assert set(alone["reason"].drop_nulls()) <= {"opinion_unfavourable"}


@pytest.mark.parametrize(("scale", "holders", "mandatory"), [(0.003, 279, 21), (0.01, 930, 70), (0.02, 1860, 140)])
def test_a_scale_multiplies_the_participants(tmp_path: Path, scale: float, holders: int, mandatory: int) -> None:
    candidates = pl.read_parquet(generate("intra-national", tmp_path / "a", scale=scale) / "candidates.parquet")
    assert candidates["held_post"].is_not_null().sum() == holders
    assert candidates["mandatory"].sum() == mandatory


def test_a_small_scale_keeps_fewer_markets_of_the_same_size(national_intra: Path) -> None:
    campaign = read_campaign(national_intra)
    assert campaign.places["academy"].n_unique() == 3
    assert campaign.candidates["discipline"].n_unique() == 6
    sizes = located(campaign, "held_post").group_by("discipline", "academy").len()["len"]
    assert sizes.max() > 100
    assert 30 < campaign.candidates.height / 18 < 60


def test_everybody_is_of_an_académie_and_asks_there_alone(campaign: Campaign) -> None:
    in_academy = campaign.places.select("academy", *NUM_PLACES[:3], "place_id").unique()
    columns = {"ETB": "place_id", "ZRE": "place_id", "COM": "commune", "GEO": "grouping"}
    columns |= {"DPT": "department", "ZRD": "department", "ACA": "academy", "ZRA": "academy"}
    zones = [
        in_academy.select(academy="academy", code=column, kind=pl.lit(kind)).unique()
        for kind, column in columns.items()
    ]
    asked = campaign.wishes.join(pl.concat(zones).drop_nulls(), on=["kind", "code"])
    assert asked.height == campaign.wishes.filter(pl.col("kind") != "POST").height
    own = located(campaign, "held_post").select("candidate_id", academy="academy")
    assert pl.concat([asked.select("candidate_id", "academy"), own]).unique()["candidate_id"].is_unique().all()


def test_all_kinds_of_wishes_and_types_of_schools_are_asked_for(national_intra: Path) -> None:
    wishes = read_campaign(national_intra).wishes
    assert set(wishes["kind"]) == set(WISH_KINDS)
    assert {"LYC", "CLG"} <= set(wishes["school_type"].drop_nulls())
    assert wishes.height / wishes["candidate_id"].n_unique() == pytest.approx(12, abs=0.5)
    assert wishes["rank"].max() <= 30


def test_precise_wishes_come_before_the_zones_that_hold_them(campaign: Campaign) -> None:
    held = campaign.places.filter(pl.col("kind") == "ETB").select(code="place_id", **{"in": "commune"})
    schools = campaign.wishes.filter(pl.col("kind") == "ETB").join(held, on="code")
    communes = campaign.wishes.filter((pl.col("kind") == "COM") & pl.col("school_type").is_null())
    both = schools.join(
        communes.select("candidate_id", "code", wide="rank").rename({"code": "in"}), on=["candidate_id", "in"]
    )
    assert both.height > 100
    assert (both["rank"] < both["wide"]).all()


def test_every_place_lies_somewhere(campaign: Campaign) -> None:
    places = campaign.places
    assert places.select(pl.col("lat", "lon", "department", "academy").is_not_null().all()).row(0) == (True,) * 4
    schools = places.filter(pl.col("kind") == "ETB")
    assert schools.select(pl.col("commune", "grouping", "school_type").is_not_null().all()).row(0) == (True,) * 3
    assert set(schools["school_type"]) == {"CLG", "LYC", "LP", "SEP", "SEGPA"}


def test_zones_are_nested(campaign: Campaign) -> None:
    schools = campaign.places.filter(pl.col("kind") == "ETB")
    for inner, outer in (("commune", "grouping"), ("grouping", "department"), ("department", "academy")):
        assert (schools.group_by(inner).agg(pl.col(outer).n_unique())[outer] == 1).all()
    members = {a.code: set(a.departments) for a in academies(campaign.settings.session).values()}
    for academy, department in campaign.places.select("academy", "department").unique().rows():
        assert department in members[academy]


def test_a_holder_holds_a_post_of_his_discipline_and_no_post_has_too_many(campaign: Campaign) -> None:
    holders = located(campaign, "held_post")
    assert holders.height == campaign.candidates["held_post"].is_not_null().sum()
    assert (holders["discipline"] == holders["discipline_right"]).all()
    counted = campaign.posts.join(holders.group_by(post_id="held_post").len(), on="post_id")
    assert (counted["len"].cast(pl.Int64) + counted["seats"].clip(lower_bound=0) <= counted["positions"]).all()
    assert (counted["len"].cast(pl.Int64) + counted["seats"] >= 0).all()


def test_seats_suffice_for_everybody_who_must_be_placed(campaign: Campaign) -> None:
    posts = campaign.posts.join(campaign.places.select("place_id", "academy"), on="place_id")
    ordinary = posts.filter(pl.col("profile") == "ordinary")
    seats = ordinary.group_by("discipline", "academy").agg(pl.col("seats").sum())
    in_specific = located(campaign, "held_post").filter(pl.col("profile") == "specific")
    closing = campaign.closures.join(posts, on="post_id").select("discipline", "academy")
    mandatory = campaign.candidates.filter("mandatory").join(
        _academy_of_wishes(campaign).select("candidate_id", "academy"), on="candidate_id"
    )
    assert mandatory.height == campaign.candidates["mandatory"].sum()
    needed = pl.concat([table.select("discipline", "academy") for table in (mandatory, in_specific, closing)])
    both = needed.group_by("discipline", "academy").len().join(seats, on=["discipline", "academy"], how="left")
    assert (both["seats"] >= both["len"]).all()


def _academy_of_wishes(campaign: Campaign) -> pl.DataFrame:
    """The académie of each candidate's first wish."""
    codes = [campaign.places.select("academy", code=column) for column in ("place_id", *NUM_PLACES)]
    codes.append(campaign.posts.join(campaign.places, on="place_id").select("academy", code="post_id"))
    first = campaign.wishes.filter(pl.col("rank") == 1)
    return first.join(pl.concat(codes).drop_nulls().unique("code"), on="code")


def test_entrants_keep_the_strategy_of_the_inter_and_start_towards_the_family(campaign: Campaign) -> None:
    entrants = campaign.candidates.filter(pl.col("mandatory") & pl.col("closed_place").is_null())
    assert entrants["family"].equals(entrants["inter_family"], null_equal=True)
    family = campaign.candidates.drop_nulls("family").join(campaign.links, on="candidate_id", how="anti")
    assert family.select(pl.col("spouse_department", "spouse_commune").is_not_null().all()).row(0) == (True, True)
    points = score(campaign, campaign.rules).criteria.filter(pl.col("criterion") == "rapprochement_conjoints")
    granted = points.filter(pl.col("points") > 0)["candidate_id"].n_unique()
    assert granted > 0.6 * family.filter(pl.col("family") == "rapprochement_conjoints").height


def test_the_victims_of_closures_are_those_the_rulebook_designates(clermont: Path) -> None:
    campaign = as_it_was(clermont)
    designated = designate(campaign, campaign.rules)
    assert designated.height == campaign.closures.height == 14
    assert closings_left(campaign, designated).is_empty()
    assert {"designated_volunteer", "designated_least_seniority"} == set(designated["reason"])
    first = campaign.wishes.filter(pl.col("rank") == 1).join(designated, on="candidate_id")
    asked = first.filter(pl.col("kind") == "ETB")
    assert asked.height >= 12
    assert (asked["code"] == asked["closed_place"]).all()


def test_clermont_has_every_situation_of_its_circular(clermont: Path) -> None:
    campaign = as_it_was(clermont)
    people = campaign.candidates
    assert set(campaign.places["department"]) == {"03", "15", "43", "63"}
    assert set(people["corps"]) >= {"agrege", "certifie", "plp", "eps"}
    assert set(people["closed_kind"].drop_nulls()) == {"greta"}
    assert people.filter(pl.col("post_adapted") & pl.col("boe")).height == 2
    assert people.filter((pl.col("corps") == "certifie") & pl.col("discipline").str.starts_with("P")).height > 0
    assert people.filter(pl.col("zr_years") > 0).height > 50
    assert people["recruitment_discipline"].drop_nulls().str.starts_with("141").all()
    assert set(campaign.opinions["opinion"]) == {"very_favourable", "favourable", "reserved", "unfavourable"}


def test_a_geography_given_is_used(tmp_path: Path) -> None:
    geography = write_geography(tmp_path / "geography")
    campaign = read_campaign(generate("intra-clermont-2016", tmp_path / "clermont", scale=0.5, geography=geography))
    assert set(campaign.places["commune"].drop_nulls()) == {"03190", "15014", "43157", "63113", "63300", "63430"}
    assert campaign.places.filter(pl.col("kind") == "ETB")["label"].str.contains("Saint-Joseph").sum() == 0
    assert "that was read" in (tmp_path / "clermont" / "campaign.toml").read_text("utf-8")


def test_drawn_schools_are_said_to_be_fictitious(clermont: Path) -> None:
    text = (clermont / "campaign.toml").read_text("utf-8")
    assert "Communes and schools are fictitious." in text
    settings = tomllib.loads(text)
    assert (settings["movement"], settings["rulebook"]) == ("intra", "intra/clermont-ferrand")


def test_too_many_holders_for_the_schools_are_refused(tmp_path: Path) -> None:
    schools = "\n".join(
        ["uai,name,type,secteur,commune,lat,lon,education_prioritaire"]
        + [f"{n},Lycée,LYCEE_GT,public,{c},45,3," for n, c in enumerate(("03190", "15014", "43157", "63113"))]
    )
    geography = write_geography(tmp_path / "geography", schools=schools)
    with pytest.raises(ScenarioError, match="1233 holders take part, and there are"):
        generate("intra-clermont-2016", tmp_path / "clermont", geography=geography)


def test_the_command_reads_a_geography_and_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    geography = write_geography(tmp_path / "geography")
    arguments = ["generate", "intra-clermont-2016", "--scale", "0.2", "--geography"]
    right = CliRunner().invoke(app, [*arguments, str(geography), "-o", str(tmp_path / "right")])
    assert (right.exit_code, right.output) == (0, f"{tmp_path / 'right'}\n")
    wrong = CliRunner().invoke(app, [*arguments, str(tmp_path), "-o", str(tmp_path / "wrong")])
    assert wrong.exit_code == 2
    assert "communes.csv" in wrong.output
    assert not (tmp_path / "wrong").exists()
