"""What is carried from the inter into the intra: everybody once, every seat once."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from engine.year.run import Form, run_year
from engine.year.summary import YearRun
from tests.commands import mouvement
from tests.year.years import INTRA, write_year

FORM = Form("parquet", None, "fr")
MOVED = ("assigned", "extended")


def run(folder: Path, target: Path) -> YearRun:
    return run_year(folder, target, FORM, None)


def table(run_folder: Path, kind: str, campaign: str, name: str) -> pl.DataFrame:
    return pl.read_parquet(run_folder / kind / campaign / f"{name}.parquet")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    run(write_year(folder / "year"), folder / "run")
    return folder / "run"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year of the population that is drawn, at a small scale."""
    folder = tmp_path_factory.mktemp("drawn")
    assert mouvement("generate", "year-2025", "-o", folder / "year", "--scale", 0.01).code == 0
    run(folder / "year", folder / "run")
    return folder / "run"


@pytest.fixture(params=["small", "drawn"])
def done(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(request.param)
    return folder


def source_of(run_folder: Path, name: str) -> pl.DataFrame:
    """A table of the intra as it stood before links."""
    (folder,) = (run_folder.parent / "year").glob("intra*")
    path = folder / f"{name}.parquet"
    if path.exists():
        return pl.read_parquet(path)
    read = pl.read_csv(folder / f"{name}.csv", infer_schema=False)
    return read.cast({"seats": pl.Int64}) if "seats" in read.columns else read


def entered(run_folder: Path) -> pl.DataFrame:
    here = table(run_folder, "inputs", "intra", "places").select("academy").unique()
    outcomes = table(run_folder, "campaigns", "inter", "outcomes").filter(pl.col("status").is_in(MOVED))
    return outcomes.join(here, left_on="place_id", right_on="academy")


def test_who_enters_an_academie_is_a_mandatory_candidate_of_its_intra_exactly_once(done: Path) -> None:
    people = table(done, "inputs", "intra", "candidates").join(entered(done), on="candidate_id")
    assert people.height == entered(done).height
    assert people["mandatory"].all()
    assert people["held_post"].null_count() == people.height


def test_his_wishes_are_in_the_academie_he_entered(done: Path) -> None:
    places = table(done, "inputs", "intra", "places")
    columns = {"ETB": "place_id", "COM": "commune", "GEO": "grouping", "DPT": "department", "ACA": "academy"}
    columns |= {"ZRE": "place_id", "ZRD": "department", "ZRA": "academy"}
    named = [places.select(kind=pl.lit(kind), code=pl.col(column), where="academy") for kind, column in columns.items()
             if column in places.columns]  # fmt: skip
    zones = pl.concat(named).drop_nulls().unique()
    wishes = table(done, "inputs", "intra", "wishes").join(
        entered(done).select("candidate_id", "place_id"), on="candidate_id"
    )
    asked = wishes.filter(pl.col("kind") != "POST").join(zones, on=["kind", "code"], how="left")
    assert (asked["where"] == asked["place_id"]).all()
    assert wishes["candidate_id"].n_unique() == entered(done).height


def test_nobody_is_twice_in_a_campaign(done: Path) -> None:
    assert table(done, "inputs", "intra", "candidates")["candidate_id"].is_duplicated().sum() == 0


def test_as_many_seats_are_freed_as_holders_are_gone(done: Path) -> None:
    before, after = source_of(done, "posts"), table(done, "inputs", "intra", "posts")
    gone = table(done, "campaigns", "inter", "outcomes").filter(pl.col("status").is_in(MOVED))
    held = source_of(done, "candidates").select("candidate_id", post_id="held_post")
    both = pl.concat([held, source_of(done, "incumbents").select("candidate_id", "post_id")])
    left = both.join(gone, on="candidate_id", how="semi").drop_nulls()
    assert after["seats"].sum() - before["seats"].sum() == left.height
    record = pl.read_parquet(done / "passages.parquet").filter("seat_freed")
    assert sorted(record["post_id"]) == sorted(left["post_id"])


def test_who_left_holds_nothing_there_any_more(done: Path) -> None:
    gone = table(done, "campaigns", "inter", "outcomes").filter(pl.col("status").is_in(MOVED))
    people = table(done, "inputs", "intra", "candidates").join(gone, on="candidate_id", how="semi")
    assert people["held_post"].null_count() == people.height


def test_who_did_not_move_stands_as_before(done: Path) -> None:
    before, after = source_of(done, "candidates"), table(done, "inputs", "intra", "candidates")
    gone = table(done, "campaigns", "inter", "outcomes").filter(pl.col("status").is_in(MOVED))
    stayed = before.join(gone, on="candidate_id", how="anti").select("candidate_id", "held_post")
    same = stayed.join(after, on="candidate_id", suffix="_after")
    assert same.height == stayed.height
    assert same["held_post"].equals(same["held_post_after"].rename("held_post"))


def test_strategies_are_kept(drawn: Path) -> None:
    inter, intra = (table(drawn, "inputs", name, "candidates") for name in ("inter", "intra"))
    both = inter.join(entered(drawn).select("candidate_id"), on="candidate_id").join(intra, on="candidate_id")
    assert both["family_right"].equals(both["inter_family"].rename("family_right"))
    kept = both.filter(pl.col("family").is_not_null() & (pl.col("family") != "mutation_simultanee"))
    assert kept["family"].equals(kept["family_right"].rename("family"))


def test_the_small_year_is_as_told(small: Path) -> None:
    people = table(small, "inputs", "intra", "candidates")
    assert people["candidate_id"].to_list() == ["a", "d", "f", "g", "h"]
    wishes = table(small, "inputs", "intra", "wishes").select("candidate_id", "rank", "kind", "code").rows()
    assert ("a", 1, "ETB", "LYC-RENNES") in wishes
    assert ("g", 1, "ACA", "24") in wishes
    record = pl.read_parquet(small / "passages.parquet").select("candidate_id", "change", "reason", "post_id").rows()
    assert ("g", "entered", "failed_at_inter", None) in record
    assert ("b", "removed", "left_academy", "R-LYC") in record
    assert people.filter(pl.col("candidate_id") == "a")["spouse_commune"].item() == "35238"
    outcomes = dict(table(small, "campaigns", "intra", "outcomes").select("candidate_id", "post_id").rows())
    assert outcomes["a"] == "R-LYC"  # the seat that b freed by leaving for Nantes
    assert outcomes["h"] == "C-LYC"  # the seat that a freed by leaving for Rennes


def test_an_incumbent_who_takes_part_is_refused(tmp_path: Path) -> None:
    folder = write_year(tmp_path / "year", incumbents=str(INTRA["incumbents"]) + "h,C-CLG\n")
    ended = mouvement("run", folder, "-o", tmp_path / "run", "--no-report")
    assert ended.code == 1
    assert "is in candidates too" in ended.err
