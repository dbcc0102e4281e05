"""A year that was stopped goes on where it was, ends with the same bytes, and builds on nothing that was edited."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.year import run as module
from tests.commands import Ended, mouvement
from tests.year.years import write_year

TIMED = "manifest.json"  # tells how long each stage took
TIMED_TOO = "ledger.json"  # knows the digest of that


def content(folder: Path) -> dict[str, bytes]:
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: data for name, data in files.items() if not name.endswith((TIMED, TIMED_TOO))}


def run(folder: Path, target: str = "run", *more: str) -> Ended:
    return mouvement("run", folder / "year", "-o", folder / target, "--no-report", *more)


@pytest.fixture
def stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A year killed while its second campaign ran."""
    write_year(tmp_path / "year")
    real = module.write_run

    def killed(done: object, target: Path, **how: object) -> Path:
        if target.name == "intra":
            raise KeyboardInterrupt
        return real(done, target, **how)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(module, "write_run", killed)
        assert run(tmp_path).code == 130
    return tmp_path


def test_a_killed_run_leaves_nothing_that_looks_finished(stopped: Path) -> None:
    assert not (stopped / "run").exists()
    assert {path.name for path in (stopped / "run.partial" / "campaigns").iterdir()} == {"inter"}


def test_what_was_finished_is_not_run_again_and_the_end_is_the_same(stopped: Path) -> None:
    before = (stopped / "run.partial" / "campaigns" / "inter" / TIMED).stat().st_mtime_ns
    assert run(stopped).code == 0
    assert (stopped / "run" / "campaigns" / "inter" / TIMED).stat().st_mtime_ns == before
    assert run(stopped, "whole").code == 0
    assert content(stopped / "run") == content(stopped / "whole")
    assert not (stopped / "run.partial").exists()


@pytest.mark.parametrize("file", ["outcomes.parquet", "summary.json"])
def test_an_edited_run_folder_is_refused(stopped: Path, file: str) -> None:
    path = stopped / "run.partial" / "campaigns" / "inter" / file
    path.write_bytes(path.read_bytes() + b" ")
    ended = run(stopped)
    assert ended.code == 1
    assert f"campaigns/inter/{file} is not as it was written" in ended.err
    assert "--replace begins anew" in ended.err


def test_a_broken_run_folder_is_refused(stopped: Path) -> None:
    (stopped / "run.partial" / "campaigns" / "inter" / "outcomes.parquet").unlink()
    ended = run(stopped)
    assert ended.code == 1
    assert "campaigns/inter/outcomes.parquet is missing" in ended.err


def test_other_input_than_when_it_was_begun_is_refused_and_replace_begins_anew(stopped: Path) -> None:
    wishes = stopped / "year" / "inter-2025" / "wishes.csv"
    wishes.write_text(wishes.read_text().replace("a,2,ACA,17\n", ""))
    ended = run(stopped)
    assert ended.code == 1
    assert "inter would be made from other input" in ended.err
    assert run(stopped, "run", "--replace").code == 0


def test_a_finished_run_is_replaced_only_when_asked(tmp_path: Path) -> None:
    write_year(tmp_path / "year")
    assert run(tmp_path).code == 0
    assert run(tmp_path).code == 2
    assert run(tmp_path, "run", "--replace").code == 0


def test_the_page_is_the_same_after_a_restart_and_leads_to_the_reports(stopped: Path) -> None:
    shutil.rmtree(stopped / "run.partial")
    for target in ("run", "again"):
        assert mouvement("run", stopped / "year", "-o", stopped / target, "--lang", "en").code == 0
    page = (stopped / "run" / "report.html").read_text(encoding="utf-8")
    assert page == (stopped / "again" / "report.html").read_text(encoding="utf-8")
    assert 'href="./campaigns/inter/report.html"' in page
    assert "entered" in page
