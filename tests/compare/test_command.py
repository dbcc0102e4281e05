"""`mouvement compare`: what it writes and prints, and the sentence for everything that cannot be compared."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from engine.compare.results import COMPARISON_SCHEMAS
from tests.adjustment_campaigns import write as write_adjustment
from tests.campaigns import write_campaign
from tests.commands import mouvement
from tests.departments import Country, Request, write_country


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    return write_campaign(tmp_path / "campaign")


@pytest.fixture
def variant(tmp_path: Path) -> Path:
    path = tmp_path / "v.toml"
    path.write_text('id = "v"\nrules.enfants.per_child = 0\npopulation.seats.add = 1')
    return path


@pytest.fixture
def runs(campaign: Path, variant: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The campaign and its variant, run with tables in one format each."""
    one, other = tmp_path / "one", tmp_path / "other"
    assert mouvement("run", campaign, "-o", one, "--no-report").code == 0
    assert mouvement("run", campaign, "-o", other, "--variant", variant, "--no-report", "--csv").code == 0
    return one, other


def test_a_campaign_and_its_variants_are_set_side_by_side(campaign: Path, variant: Path, tmp_path: Path) -> None:
    out = tmp_path / "compared"
    ended = mouvement("compare", campaign, "--variant", variant, "-o", out)
    assert ended.code == 0
    assert "Winners" in ended.out
    assert {path.name for path in out.iterdir()} == {
        *(f"{name}.parquet" for name in COMPARISON_SCHEMAS),
        "comparison.json",
        "report.html",
    }
    for name, schema in COMPARISON_SCHEMAS.items():
        table = pl.read_parquet(out / f"{name}.parquet")
        assert table.columns == list(schema.columns()), name
        schema.validate(table)


def test_run_folders_are_read_whatever_their_format(runs: tuple[Path, Path], tmp_path: Path) -> None:
    ended = mouvement("compare", *runs, "-o", tmp_path / "compared", "--json", "--no-report", "--csv")
    told = json.loads(ended.out)
    assert [run["name"] for run in told["variants"]] == ["one", "other"]
    assert told["variants"][0]["figures"]["frontier"] is None
    assert told["remarks"] == []
    assert not (tmp_path / "compared" / "report.html").exists()
    assert (tmp_path / "compared" / "changes.csv").exists()


def test_run_folders_have_a_frontier_where_their_campaign_is_named(
    campaign: Path, runs: tuple[Path, Path], tmp_path: Path
) -> None:
    ended = mouvement("compare", *runs, "--campaign", campaign, "-o", tmp_path / "out", "--json", "--no-report")
    figures = [run["figures"] for run in json.loads(ended.out)["variants"]]
    assert all(some["frontier"] >= some["satisfied"] for some in figures)
    assert figures[1]["frontier"] > figures[0]["frontier"]
    other = write_campaign(tmp_path / "other-campaign", wishes="candidate_id,rank,kind,code\na,1,ACA,14\n")
    refused = mouvement("compare", *runs, "--campaign", other, "-o", tmp_path / "out2")
    assert refused.code == 1
    assert "is not the campaign that" in refused.err


def test_a_campaign_may_stand_beside_run_folders(campaign: Path, runs: tuple[Path, Path], tmp_path: Path) -> None:
    ended = mouvement("compare", runs[1], campaign, "-o", tmp_path / "out", "--json", "--no-report", "--no-frontier")
    assert [run["name"] for run in json.loads(ended.out)["variants"]] == ["by-hand", "other"]


def test_the_defects_of_all_variants_are_told_at_once(campaign: Path, variant: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"
    one.write_text('id = "v"\ncolour = 1')
    other.write_text('id = "v"\nrules.inter.children.points = 120')
    again = shutil.copy(variant, tmp_path / "again.toml")
    files = [part for file in (one, other, variant, again) for part in ("--variant", file)]
    ended = mouvement("compare", campaign, *files, "-o", tmp_path / "out")
    assert ended.code == 1
    for sentence in (f"{one}: colour", f"{other}: rules.inter.children.points", f'{again}: id "v" is the id of two'):
        assert sentence in ended.err
    assert "3 defects" in ended.err


def test_what_is_written_is_the_same_every_time(campaign: Path, variant: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        assert mouvement("compare", campaign, "--variant", variant, "-o", tmp_path / name).code == 0
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes(), path.name


def test_nothing_to_compare_with_is_wrong_usage(campaign: Path, variant: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for arguments, sentence in (
        ((campaign,), "nothing to compare with"),
        ((campaign, shutil.copytree(campaign, tmp_path / "again")), "a second campaign"),
        ((tmp_path, "--variant", variant), "name its folder beside"),
    ):
        ended = mouvement("compare", *arguments, "-o", out)
        assert ended.code == 2
        assert sentence in ended.err
    assert not out.exists()


def test_a_broken_run_folder_is_refused_by_its_name(runs: tuple[Path, Path], tmp_path: Path) -> None:
    one, other = runs
    outcomes = pl.read_csv(other / "outcomes.csv", infer_schema=False)
    outcomes.with_columns(rank=pl.lit("1")).write_csv(other / "outcomes.csv")
    ended = mouvement("compare", one, other, "-o", tmp_path / "out")
    assert ended.code == 1
    assert f"{other}: outcomes" in ended.err
    assert "its digest is not that of manifest.json" in ended.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("manifest.json", None, "this is no run folder"),
        ("manifest.json", "{", "manifest.json"),
        ("manifest.json", '{"options": {}}', "campaign is missing"),
        ("verdict.json", "[1]", "is not a table of keys and values"),
        ("summary.json", "{", "is not JSON"),
        ("summary.json", None, "cannot be read"),
        ("summary.json", '{"seats_offered": 1}', "summary.json: chains.number is missing"),
    ],
)
def test_a_file_that_is_not_as_it_was_written_is_named(
    file: str, content: str | None, sentence: str, runs: tuple[Path, Path], tmp_path: Path
) -> None:
    one, other = runs
    if content is None:
        (other / file).unlink()
    else:
        (other / file).write_text(content)
    ended = mouvement("compare", one, other, "-o", tmp_path / "out")
    assert ended.code == 1
    assert str(other) in ended.err
    assert sentence in ended.err


def ran(folder: Path, out: Path) -> Path:
    assert mouvement("run", folder, "-o", out, "--no-report").code == 0
    return out


def test_runs_without_a_candidate_in_common_are_refused(campaign: Path, tmp_path: Path) -> None:
    names = str.maketrans("abcdef", "uvwxyz")
    tables = {name: _renamed((campaign / f"{name}.csv").read_text(), names) for name in ("candidates", "wishes")}
    strangers = write_campaign(tmp_path / "strangers", **tables)
    disciplines = (campaign / "candidates.csv").read_text().replace("L1300", "L1900").replace("L0422", "L1400")
    posts = (campaign / "posts.csv").read_text().replace("L1300", "L1900").replace("L0422", "L1400")
    others = write_campaign(tmp_path / "others", candidates=disciplines, posts=posts)
    country = Country({"01": (1, 1), "02": (1, 1)}, {"a": Request("01", [("02", 10)])})
    first = ran(campaign, tmp_path / "first")
    folders = [ran(strangers, tmp_path / "strange"), ran(others, tmp_path / "other")]
    folders.append(ran(write_country(tmp_path / "country", country), tmp_path / "between"))
    ended = mouvement("compare", first, *folders, "-o", tmp_path / "out")
    assert ended.code == 1
    assert "strange: has no candidate in common with first (" in ended.err
    assert "other: has " in ended.err
    assert "none of the same discipline" in ended.err
    assert "between: is of the movement interdepartemental, and first of the movement inter." in ended.err
    assert not (tmp_path / "out").exists()


def _renamed(text: str, names: dict[int, int]) -> str:
    """A table whose first column has other identifiers."""
    head, *rows = text.splitlines()
    return "\n".join([head, *(row[0].translate(names) + row[1:] for row in rows)]) + "\n"


def test_runs_of_some_candidates_in_common_are_compared_with_counts(campaign: Path, tmp_path: Path) -> None:
    settings = (campaign / "campaign.toml").read_text().replace("session = 2025", "session = 2024")
    earlier = write_campaign(tmp_path / "earlier", settings)
    left = tmp_path / "left.toml"
    left.write_text('id = "left"\npopulation.candidates = { where = { discipline = "L0422" }, leave_out = true }')
    runs = ran(campaign, tmp_path / "now"), ran(earlier, tmp_path / "before")
    out = tmp_path / "out"
    ended = mouvement("compare", campaign, *runs[1:], "--variant", left, "-o", out, "--json", "--lang", "en")
    assert ended.code == 0
    remarks = json.loads(ended.out)["remarks"]
    assert "have not the same candidates" in remarks[0]
    assert "come from different campaigns (session: 2025, 2024)" in remarks[1]
    page = (out / "report.html").read_text()
    assert "have not the same candidates" in page
    assert "session 2025, 2024" in page


def test_folders_that_are_no_runs_are_refused(runs: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "year").mkdir()
    (tmp_path / "year" / "ledger.json").write_text("{}")
    for folder, sentence in ((tmp_path / "none", "does not exist"), (tmp_path / "year", "is the run of a year")):
        ended = mouvement("compare", runs[0], folder, "-o", tmp_path / "out")
        assert ended.code == 1
        assert sentence in ended.err


def test_a_run_without_its_people_is_of_an_earlier_version(runs: tuple[Path, Path], tmp_path: Path) -> None:
    told = json.loads((runs[0] / "manifest.json").read_text())
    del told["table_digests"]["people"]
    (runs[0] / "manifest.json").write_text(json.dumps(told))
    ended = mouvement("compare", *runs, "-o", tmp_path / "out")
    assert ended.code == 1
    assert "Run the campaign again" in ended.err


def test_tzr_adjustments_are_not_compared(runs: tuple[Path, Path], variant: Path, tmp_path: Path) -> None:
    folder = write_adjustment(tmp_path / "tzr")
    assert mouvement("run", folder, "-o", tmp_path / "services", "--no-report").code == 0
    for arguments in ((runs[0], tmp_path / "services"), (folder, "--variant", variant)):
        ended = mouvement("compare", *arguments, "-o", tmp_path / "out")
        assert ended.code == 1
        assert "gives services, not posts" in ended.err


def test_a_folder_that_exists_is_replaced_only_when_asked(campaign: Path, variant: Path, tmp_path: Path) -> None:
    command = ("compare", campaign, "--variant", variant, "-o", tmp_path / "out", "--no-report", "--no-frontier")
    assert mouvement(*command).code == 0
    assert mouvement(*command).code == 2
    assert mouvement(*command, "--replace").code == 0
    (tmp_path / "out" / "mine.txt").write_text("mine")
    assert mouvement(*command, "--replace").code == 2
