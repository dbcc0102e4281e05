"""A year in processes of its own: one that is killed, and two that would write the same folder."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from tests.commands import mouvement
from tests.year.test_restart import content, run
from tests.year.years import write_year

ROOT = Path(__file__).parent.parent.parent

# `mouvement run`, which does something when it is about to write the run folder of the intra
PATCHED = """
import os, signal, sys
from engine import cli
from engine.year import run as module
real = module.write_run
def write_run(done, target, **how):
    if target.name == "intra":
        {here}
    return real(done, target, **how)
module.write_run = write_run
sys.argv = ["mouvement", "run", {year!r}, "-o", {target!r}, "--no-report"]
cli.main()
"""
KILLED = "os.kill(os.getpid(), signal.SIGKILL)"
WAITING = "print('waiting', flush=True); sys.stdin.readline()"


def started(folder: Path, here: str) -> subprocess.Popen[str]:
    text = PATCHED.format(here=here, year=str(folder / "year"), target=str(folder / "run"))
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, "-c", text], cwd=ROOT, text=True, **pipes)


def test_a_year_whose_process_was_killed_goes_on_and_ends_with_the_same_bytes(tmp_path: Path) -> None:
    write_year(tmp_path / "year")
    with started(tmp_path, KILLED) as process:
        assert process.wait(timeout=120) == -signal.SIGKILL
    assert not (tmp_path / "run").exists()
    finished = tmp_path / "run.partial" / "campaigns" / "inter" / "manifest.json"
    before = finished.stat().st_mtime_ns
    assert run(tmp_path).code == 0
    assert (tmp_path / "run" / "campaigns" / "inter" / "manifest.json").stat().st_mtime_ns == before
    assert run(tmp_path, "whole").code == 0
    assert content(tmp_path / "run") == content(tmp_path / "whole")
    assert not (tmp_path / "run.partial").exists()


def test_the_second_of_two_processes_is_refused_and_the_first_ends_well(tmp_path: Path) -> None:
    write_year(tmp_path / "year")
    with started(tmp_path, WAITING) as first:
        assert first.stdin is not None
        assert first.stdout is not None
        assert first.stdout.readline() == "waiting\n"
        for more in ((), ("--replace",)):
            second = mouvement("run", tmp_path / "year", "-o", tmp_path / "run", "--no-report", *more)
            assert second.code == 2
            assert "is being written by another run of a year" in second.err
        first.stdin.write("\n")
        first.stdin.flush()
        assert first.wait(timeout=120) == 0
    assert mouvement("verify", tmp_path / "year", tmp_path / "run").code == 0
    assert not (tmp_path / "run" / "lock").exists()
