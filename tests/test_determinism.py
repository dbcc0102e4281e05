"""The same input gives the same bytes: rows in another order, other files, another process, a cold cache, no compiler.

A manifest tells how long a run took, and with which versions; all the other files of a run folder are compared.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import polars as pl
import pytest

from engine.model.campaign import read_campaign
from engine.pipeline import run
from engine.report.report import render_report
from engine.runfolder import Format, write_run
from engine.runs import Run
from tests.campaigns import SETTINGS, TABLES, write_campaign
from tests.commands import ended, python

Files = dict[str, bytes]

# Whether to write reports; then campaign and run folder in turn.
COMMAND = """
import sys
from engine.cli import app

for campaign, out in zip(sys.argv[2::2], sys.argv[3::2]):
    app(["run", campaign, "-o", out, "--json", sys.argv[1]], standalone_mode=False)
"""

# b and c are alike in everything but their names, and one seat is what both ask for.
TWINS = {
    "candidates": TABLES["candidates"]
    .replace("b,L1300,M-14", "b,L1300,")
    .replace("c,L1300,M-25", "c,L1300,")
    .replace("1980-02-01", "1980-01-01"),
    "posts": TABLES["posts"].replace("M-14,14,L1300,0", "M-14,14,L1300,1"),
    "wishes": TABLES["wishes"].replace("c,2,ACA,25\nc,3,ACA,24\n", ""),
}


def same_for_all_runs(folder: Path) -> Files:
    """The bytes of every file that tells nothing of the process that wrote it."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"}


def files_of(done: Run, folder: Path) -> Files:
    return same_for_all_runs(write_run(done, folder, report=render_report))


def shuffled(campaign: Path, folder: Path, seed: int, form: Format) -> Path:
    """The same campaign with rows and columns of every table in another order, in files of one kind."""
    random = Random(seed)
    folder.mkdir()
    (folder / "campaign.toml").write_bytes((campaign / "campaign.toml").read_bytes())
    for path in sorted(campaign.iterdir()):
        if path.suffix in (".csv", ".parquet"):
            table = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)
            columns = random.sample(table.columns, len(table.columns))
            table = table.select(columns).sample(fraction=1, shuffle=True, seed=random.randrange(2**31))
            write = table.write_csv if form == "csv" else table.write_parquet
            write(folder / f"{path.stem}.{form}")
    return folder


def assert_same(files: Files, expected: Files) -> None:
    assert files.keys() == expected.keys()
    assert [name for name in expected if files[name] != expected[name]] == []


@pytest.fixture(scope="module")
def campaigns(tiny: Path, national: Path) -> dict[str, Path]:
    return {"tiny": tiny, "national": national}


@pytest.fixture(scope="module")
def expected(campaigns: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Files]:
    folder = tmp_path_factory.mktemp("expected")
    return {name: files_of(run(campaign), folder / name) for name, campaign in campaigns.items()}


@pytest.mark.parametrize(
    ("name", "seed", "form"),
    [
        ("tiny", 1, "csv"),
        ("tiny", 2, "csv"),
        ("tiny", 3, "parquet"),
        ("national", 1, "csv"),
        ("national", 2, "parquet"),
    ],
)
def test_shuffled_tables_give_the_same_bytes(
    name: str, seed: int, form: Format, campaigns: dict[str, Path], expected: dict[str, Files], tmp_path: Path
) -> None:
    other = shuffled(campaigns[name], tmp_path / "campaign", seed, form)
    assert read_campaign(other).digest() == read_campaign(campaigns[name]).digest()
    assert_same(files_of(run(other), tmp_path / "run"), expected[name])


def test_other_processes_give_the_same_bytes(
    campaigns: dict[str, Path], expected: dict[str, Files], tmp_path: Path
) -> None:
    """One thread or two, other hashes of texts, a cold cache of compiled kernels, no compiled kernels at all."""
    (tmp_path / "cold").mkdir()
    environments = {
        "one": {"POLARS_MAX_THREADS": "1", "PYTHONHASHSEED": "1"},
        "cold": {"POLARS_MAX_THREADS": "2", "PYTHONHASHSEED": "2", "NUMBA_CACHE_DIR": str(tmp_path / "cold")},
        "plain": {"NUMBA_DISABLE_JIT": "1", "PYTHONHASHSEED": "3", "LC_ALL": "C", "TZ": "Pacific/Noumea"},
    }
    processes = {}
    for way, environment in environments.items():
        pairs = [path for name in campaigns for path in (campaigns[name], tmp_path / way / name)]
        report = "--report" if way == "one" else "--no-report"  # a page takes the longest, and one is enough
        processes[way] = python("-c", COMMAND, report, *pairs, **environment)
    for way, process in processes.items():
        end = ended(process)
        assert (end.code, end.err) == (0, ""), way
        for name in campaigns:
            files = same_for_all_runs(tmp_path / way / name)
            assert len(files) == (9 if way == "one" else 8)
            assert_same(files, {file: expected[name][file] for file in files})
    assert list((tmp_path / "cold").rglob("*.nbi"))


def test_the_same_process_gives_the_same_bytes_again(
    national: Path, expected: dict[str, Files], tmp_path: Path
) -> None:
    assert_same(files_of(run(national), tmp_path / "run"), expected["national"])


def test_tables_in_csv_are_the_same_bytes_too(national: Path, tmp_path: Path) -> None:
    other = shuffled(national, tmp_path / "campaign", 4, "csv")
    first = write_run(run(national), tmp_path / "first", table_format="csv")
    second = write_run(run(other), tmp_path / "second", table_format="csv")
    assert_same(same_for_all_runs(second), same_for_all_runs(first))


def test_a_seed_changes_nothing_where_no_lot_decides(tmp_path: Path) -> None:
    """Born on different days, nobody ties: the older comes first, whatever the lots."""
    campaign = write_campaign(tmp_path / "campaign")
    first = run(campaign, seed=0)
    for seed in range(1, 8):
        other = run(campaign, seed=seed)
        for table in ("outcomes", "wishes", "cutoffs", "criteria", "chains"):
            assert getattr(other, table).equals(getattr(first, table))


def test_a_seed_decides_between_twins_and_changes_nothing_else(tmp_path: Path) -> None:
    campaign = write_campaign(tmp_path / "campaign", SETTINGS, **TWINS)
    runs = [run(campaign, seed=seed) for seed in range(8)]
    winners = {done.outcomes.filter(pl.col("post_id") == "M-17")["candidate_id"].item() for done in runs}
    assert winners == {"b", "c"}
    others = ~pl.col("candidate_id").is_in(["b", "c"])
    for done in runs:
        assert done.verdict.holds
        assert done.criteria.equals(runs[0].criteria)
        assert done.wishes.select("candidate_id", "rank", "points").equals(
            runs[0].wishes.select("candidate_id", "rank", "points")
        )
        assert done.outcomes.filter(others).equals(runs[0].outcomes.filter(others))


def test_a_lot_is_of_the_candidate_whoever_else_takes_part(tmp_path: Path) -> None:
    """A candidate of another discipline who stays away does not change who wins among twins."""
    fewer = {
        "candidates": TWINS["candidates"].replace("f,L0422,,true,stagiaire,2,0,,,0,1998-01-01,\n", ""),
        "wishes": TWINS["wishes"].replace("f,1,ACA,14\n", ""),
    }
    with_all = write_campaign(tmp_path / "all", SETTINGS, **TWINS)
    without = write_campaign(tmp_path / "fewer", SETTINGS, **(TWINS | fewer))
    mathematics = pl.col("candidate_id").is_in(["a", "b", "c", "d"])
    for seed in range(6):
        outcomes = [run(campaign, seed=seed).outcomes.filter(mathematics) for campaign in (with_all, without)]
        assert outcomes[0].equals(outcomes[1])
