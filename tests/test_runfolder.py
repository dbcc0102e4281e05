"""The run folder: what is in it, that it is exact, and what an audit says of one that was changed or made elsewhere."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.model.campaign import read_campaign
from engine.model.results import RESULT_SCHEMAS
from engine.model.settings import Options
from engine.runfolder import OF_AN_ASSIGNMENT, SOMETIMES, published, write_run
from engine.runmanifest import read_manifest
from engine.runreading import read_result, read_tables
from engine.runs import Run
from tests.campaigns import SETTINGS, write_campaign
from tests.commands import Ended, mouvement

ELSEWHERE = "note: The result has no manifest: it is taken as made elsewhere."
FORMATS = ("parquet", "csv")

WRITTEN = [name for name in OF_AN_ASSIGNMENT if name == "people" or name not in SOMETIMES]


@pytest.fixture
def folder(tiny_folder: Path, tmp_path: Path) -> Path:
    """A run folder of `tiny` that a test may spoil."""
    return shutil.copytree(tiny_folder, tmp_path / "run")


def failed(end: Ended) -> set[str]:
    """Names of the properties that fail, as the command tells them to machines."""
    return {item["name"] for item in json.loads(end.out)["properties"] if item["status"] == "fails"}


def change(folder: Path, table: str, rows: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    path = folder / f"{table}.parquet"
    rows(pl.read_parquet(path)).write_parquet(path)


def exchange_posts(one: str, other: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Gives two candidates the post and place of each other."""
    swapped = pl.col("candidate_id").replace({one: other, other: one})

    def exchanged(outcomes: pl.DataFrame) -> pl.DataFrame:
        seats = outcomes.select(swapped.alias("candidate_id"), "post_id", "place_id")
        return outcomes.drop("post_id", "place_id").join(seats, on="candidate_id", maintain_order="left")

    return exchanged


@pytest.mark.parametrize("form", FORMATS)
def test_every_file_is_there_and_no_other(form: str, tiny: Path, tmp_path: Path) -> None:
    options = ["--csv"] if form == "csv" else []
    assert mouvement("run", tiny, "-o", tmp_path / "run", *options).code == 0
    tables = {f"{name}.{form}" for name in ("outcomes", "wishes", "cutoffs", "criteria", "chains", "people")}
    others = {"verdict.json", "manifest.json", "summary.json", "report.html"}
    assert {path.name for path in (tmp_path / "run").iterdir()} == tables | others


def test_tables_have_the_columns_of_their_schemas_with_points_as_decimals(tiny_folder: Path) -> None:
    for name, schema in ((name, RESULT_SCHEMAS[name]) for name in WRITTEN):
        table = pl.read_parquet(tiny_folder / f"{name}.parquet")
        points = {c for c, column in schema.columns().items() if "unit" in (column.metadata or {})}
        dtypes = {c: pl.Decimal(18, 3) if c in points else column.dtype for c, column in schema.columns().items()}
        assert {name: dict(table.schema)} == {name: dtypes}


def test_points_in_the_files_are_the_exact_decimals_of_the_points_inside(tmp_path: Path) -> None:
    exact = [0, 1, -1, 10, 174_300, -999, 10**15 - 1, -(10**15) + 1, None]
    written = ["0.000", "0.001", "-0.001", "0.010", "174.300", "-0.999", "999999999999.999", "-999999999999.999", ""]
    files = published(pl.DataFrame({"points": exact}))
    assert files.write_csv().splitlines()[1:] == written
    files.write_parquet(tmp_path / "points.parquet")
    assert pl.read_parquet(tmp_path / "points.parquet").equals(files)


@pytest.mark.parametrize("form", FORMATS)
def test_tables_are_read_back_as_they_were(form: str, tiny_run: Run, tmp_path: Path) -> None:
    write_run(tiny_run, tmp_path / "run", table_format="csv" if form == "csv" else "parquet")
    read = read_tables(tmp_path / "run")
    for name in WRITTEN:
        assert read[name].equals(getattr(tiny_run, name)), name


def test_points_on_the_way_out_and_back_lose_nothing(national: Path, tmp_path: Path) -> None:
    """The criteria of every wish still add up to its points."""
    mouvement("run", national, "-o", tmp_path / "run", "--no-report", "--csv")
    tables = read_tables(tmp_path / "run")
    key = ["candidate_id", "rank"]
    sums = tables["criteria"].group_by(key).agg(pl.col("points").sum().alias("sum"))
    wishes = tables["wishes"].join(sums, on=key, how="left").with_columns(pl.col("sum").fill_null(0))
    assert wishes.filter(pl.col("points") != pl.col("sum")).is_empty()
    assert wishes.height == 2927


def test_the_manifest_says_what_the_run_was_made_from(tiny: Path, tiny_folder: Path) -> None:
    told = json.loads((tiny_folder / "manifest.json").read_text())
    assert told["campaign"]["id"] == "tiny"
    assert told["campaign"]["rulebook"] == "inter"
    assert told["seed"] == 2025
    assert told["options"]["extension"] == "integrated"
    assert told["options"]["time_limit_s"] == 60
    assert told["input_digest"] == read_campaign(tiny).digest()
    assert set(told["table_digests"]) == set(WRITTEN)
    assert {"polars", "numpy", "numba"} <= set(told["libraries"])
    assert told["mouvement"] != "–"
    assert told["python"].startswith("3.")


def test_the_manifest_tells_the_values_that_were_not_read_in_a_text(tiny_folder: Path) -> None:
    values = json.loads((tiny_folder / "manifest.json").read_text())["rule_values"]
    assert {"derived", "recalled"} <= {value["confidence"] for value in values}
    assert all(value["source"] and value["source_title"] for value in values)
    assert any(value["block"] == "rapprochement_conjoints" and value["value"] == "150.2" for value in values)


def test_options_and_seed_of_the_command_are_those_of_the_manifest(tiny: Path, tmp_path: Path) -> None:
    mouvement("run", tiny, "-o", tmp_path / "run", "--set", "extension=residual", "--seed", 3, "--no-report")
    told = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert (told["options"]["extension"], told["seed"]) == ("residual", 3)
    end = mouvement("verify", tiny, tmp_path / "run", "--json")
    assert (end.code, failed(end)) == (0, set())


@pytest.mark.parametrize("form", FORMATS)
def test_an_audit_of_a_run_finds_what_the_run_found(form: str, tiny: Path, tiny_run: Run, tmp_path: Path) -> None:
    write_run(tiny_run, tmp_path / "run", table_format="csv" if form == "csv" else "parquet")
    end = mouvement("verify", tiny, tmp_path / "run", "--json")
    told = json.loads(end.out)
    assert (end.code, told["holds"], told["notes"]) == (0, True, [])
    ours = {
        item.name: (item.status, item.evidence_in("en")) for item in tiny_run.verdict.properties if item.name != "P13"
    }
    assert {p["name"]: (p["status"], p["evidence"]) for p in told["properties"] if p["name"] != "P13"} == ours


def test_a_run_with_the_wrong_post_for_two_candidates_is_caught(tiny: Path, folder: Path) -> None:
    change(folder, "outcomes", exchange_posts("alba", "bruno"))
    end = mouvement("verify", tiny, folder, "--json")
    assert end.code == 3
    assert {"P1", "P13"} <= failed(end)


def test_a_digest_made_to_fit_does_not_hide_a_changed_outcome(tiny: Path, folder: Path) -> None:
    stays = pl.col("candidate_id") == "bruno"
    kept = {"status": "kept", "rank": None, "kind": None, "code": None, "place_id": "24", "post_id": "L1300-24"}
    change(
        folder,
        "outcomes",
        lambda table: table.with_columns(
            pl.when(stays).then(pl.lit(value)).otherwise(pl.col(column)).alias(column) for column, value in kept.items()
        ),
    )
    (folder / "manifest.json").unlink()
    end = mouvement("verify", tiny, folder, "--json")
    assert end.code == 3
    assert {"P3", "P11"} <= failed(end)


@pytest.mark.parametrize("table", WRITTEN)
def test_a_table_written_again_with_other_bytes_fails_p13_alone(table: str, tiny: Path, folder: Path) -> None:
    path = folder / f"{table}.parquet"
    pl.read_parquet(path).write_parquet(path, compression="uncompressed")
    end = mouvement("verify", tiny, folder, "--json")
    assert (end.code, failed(end)) == (3, {"P13"})
    refused = mouvement("explain", tiny, folder, "alba")
    assert refused.code == 1
    assert f"{table}: is not the table the run wrote" in refused.err


@pytest.mark.parametrize("place", [10, 200, 1_500, -20, -3])
def test_one_flipped_bit_of_the_outcomes_does_not_pass(place: int, tiny: Path, folder: Path) -> None:
    """Either the table cannot be read any more, and a sentence says so, or P13 fails."""
    path = folder / "outcomes.parquet"
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    end = mouvement("verify", tiny, folder)
    assert end.code in (1, 3)
    assert "outcomes.parquet cannot be read" in end.err or "P13 FAILS" in end.out


def test_a_table_that_was_taken_away_fails_p13(tiny: Path, folder: Path) -> None:
    (folder / "chains.parquet").unlink()
    end = mouvement("verify", tiny, folder, "--json")
    assert (end.code, failed(end)) == (3, {"P13"})


@pytest.mark.parametrize("form", FORMATS)
def test_an_outcome_made_elsewhere_needs_two_columns_only(form: str, tiny: Path, tiny_run: Run, tmp_path: Path) -> None:
    bare = tiny_run.outcomes.select("candidate_id", "post_id")
    bare.write_csv(tmp_path / "outcomes.csv") if form == "csv" else bare.write_parquet(tmp_path / "outcomes.parquet")
    end = mouvement("verify", tiny, tmp_path)
    assert end.code == 0
    assert end.out.startswith(ELSEWHERE)
    for name in ("P1", "P2", "P3", "P6", "P7", "P8"):
        assert f"{name}  holds" in end.out
    assert "P13 n/a" in end.out


def test_an_outcome_made_elsewhere_may_have_been_through_a_spreadsheet(
    tiny: Path, tiny_run: Run, tmp_path: Path
) -> None:
    """Ranks with a decimal point, empty texts between quotes, columns of its own."""
    through = tiny_run.outcomes.with_columns(
        pl.col("rank").cast(pl.Float64), discipline=pl.lit("Maths"), held_post=pl.lit("none"), remark=pl.lit("é")
    )
    through.fill_null("").write_csv(tmp_path / "outcomes.csv", quote_style="non_numeric")
    end = mouvement("verify", tiny, tmp_path)
    assert (end.code, end.out.splitlines()[-1]) == (0, "The verdict holds.")


def test_an_outcome_made_elsewhere_is_held_to_the_extension_it_is_said_to_follow(
    tiny: Path, tiny_run: Run, tmp_path: Path
) -> None:
    tiny_run.outcomes.select("candidate_id", "post_id").write_csv(tmp_path / "outcomes.csv")
    end = mouvement("verify", tiny, tmp_path, "--set", "extension=none", "--json")
    assert end.code == 3
    assert "P1" in failed(end)  # two sit where neither a wish nor an extension sent them


def test_a_campaign_that_changed_after_the_run_is_noted(tiny: Path, tiny_folder: Path, tmp_path: Path) -> None:
    campaign = shutil.copytree(tiny, tmp_path / "campaign")
    wishes = (campaign / "wishes.csv").read_text()
    (campaign / "wishes.csv").write_text(wishes.replace("bruno,2,ACA,08", "bruno,2,ACA,10"))
    end = mouvement("verify", campaign, tiny_folder)
    assert "note: The campaign is not the one the run was made from" in end.out
    assert end.code == 3


def test_the_order_of_rows_is_no_change_of_the_campaign(tiny: Path, tiny_folder: Path, tmp_path: Path) -> None:
    campaign = shutil.copytree(tiny, tmp_path / "campaign")
    header, *rows = (campaign / "wishes.csv").read_text().splitlines()
    (campaign / "wishes.csv").write_text("\n".join([header, *reversed(rows)]) + "\n")
    end = mouvement("verify", campaign, tiny_folder)
    assert (end.code, "note:" in end.out) == (0, False)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "cannot be read: Invalid JSON"),
        ("{half", "cannot be read: Invalid JSON"),
        ("[]", "cannot be read: Input should be an object"),
        ('{"options": null}', "options cannot be read"),
        ('{"options": {"extension": "perhaps"}}', "options.extension cannot be read"),
        ('{"seed": "seven"}', "seed cannot be read"),
        ('{"seed": -1}', "seed cannot be read"),
        ('{"table_digests": {"outcomes": 1}}', "table_digests.outcomes cannot be read"),
    ],
)
def test_a_broken_manifest_gets_a_sentence(content: str, expected: str, tiny: Path, folder: Path) -> None:
    (folder / "manifest.json").write_text(content)
    for command in (("verify", tiny, folder), ("explain", tiny, folder, "alba")):
        end = mouvement(*command)
        assert end.code == 1
        assert f"manifest.json: {expected}" in end.err
        assert "1 defect; nothing was changed or written." in end.err


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, "outcomes: is missing in"),
        ({"outcomes.csv": b"candidate_id\na\n"}, "outcomes: post_id is missing."),
        ({"outcomes.csv": b"candidate;post\na;b\n"}, "outcomes: candidate_id is missing."),
        ({"outcomes.csv": b""}, "outcomes.csv cannot be read"),
        ({"outcomes.csv": b"candidate_id,post_id\na,b,c\n"}, "outcomes.csv cannot be read"),
        ({"outcomes.csv": b"candidate_id,post_id\n\xe9,b\n"}, "outcomes.csv cannot be read"),
        ({"outcomes.parquet": b"candidate_id,post_id\n"}, "outcomes.parquet cannot be read"),
        ({"outcomes.parquet": b"PAR1PAR1"}, "outcomes.parquet cannot be read"),
        ({"outcomes.csv": b"candidate_id,post_id\n", "outcomes.parquet": b""}, "outcomes: is there twice in"),
        ({"outcomes.csv": b"candidate_id,post_id\n", "cutoffs.parquet": b"?"}, "cutoffs.parquet cannot be read"),
    ],
)
def test_a_result_that_cannot_be_read_gets_a_sentence(
    files: dict[str, bytes], expected: str, tiny: Path, tmp_path: Path
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    end = mouvement("verify", tiny, tmp_path)
    assert end.code == 1
    assert expected in end.err


def test_columns_of_other_types_are_read_as_what_they_say(tiny_run: Run, tmp_path: Path) -> None:
    codes = pl.DataFrame({"candidate_id": [1, 2], "post_id": pl.Series(["x", None], dtype=pl.Categorical)})
    codes.with_columns(rank=pl.Series([1.0, float("nan")])).write_parquet(tmp_path / "outcomes.parquet")
    assert read_manifest(tmp_path) is None
    result = read_result(tmp_path, None, Options())
    expected: dict[str, list[Any]] = {"candidate_id": ["1", "2"], "rank": [1, None], "post_id": ["x", None]}
    assert result.outcomes.to_dict(as_series=False) == expected


def test_lists_in_place_of_texts_get_a_sentence(tiny: Path, tmp_path: Path) -> None:
    pl.DataFrame({"candidate_id": [["a"]], "post_id": [["b"]]}).write_parquet(tmp_path / "outcomes.parquet")
    end = mouvement("verify", tiny, tmp_path)
    assert end.code == 1
    assert "outcomes.parquet cannot be read" in end.err


def test_a_campaign_of_nobody_has_a_run_folder_too(tmp_path: Path) -> None:
    header = {
        "candidates": "candidate_id,discipline,held_post,mandatory\n",
        "wishes": "candidate_id,rank,kind,code\n",
    }
    campaign = write_campaign(tmp_path / "campaign", SETTINGS, **header)
    assert mouvement("run", campaign, "-o", tmp_path / "run").code == 0
    assert mouvement("verify", campaign, tmp_path / "run").code == 0
