"""A folder appears whole or not at all, whatever happens to the process that writes it, and nothing is lost."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine import folders
from engine.folders import TargetExists, new_folder
from tests.commands import Ended, ended, mouvement, python

CONTENT = ("a", "b", "c")
STAGES = ("read", "score", "compile", "solve", "extend", "decode", "verify", "write")

# Writes a folder; stops itself, by a signal or an interruption, before the n-th step that touches the disk.
WRITER = """
import os, signal, sys
from pathlib import Path
from engine import folders

target, replace, exchange, how, last = Path(sys.argv[1]), *map(int, sys.argv[2:])
if not exchange:
    folders._exchanged = lambda draft, target: False
steps = 0

def stop(event, arguments):
    global steps
    if event.startswith(("os.", "open", "shutil.", "ctypes.dlsym")):
        steps += 1
        if steps == last and how == signal.SIGINT:
            raise KeyboardInterrupt
        if steps == last:
            os.kill(os.getpid(), how)

sys.addaudithook(stop)
with folders.new_folder(target, replace=bool(replace), content=("a", "b", "c")) as draft:
    for name in "abc":
        (draft / name).write_text("new " + name)
"""

# `mouvement run` that waits, just before it draws its report, until as many others as it is told are there too.
WAITER = """
import sys, time
from pathlib import Path
from engine import cli

meeting, others = Path(sys.argv.pop(1)), int(sys.argv.pop(1))

def renderer(language):
    def render(run):
        (meeting / Path(sys.argv[4]).name).with_suffix(f".{time.monotonic_ns()}").touch()
        while len(list(meeting.iterdir())) < others:
            time.sleep(0.01)
        return "<html></html>"
    return render

cli.running.report_renderer = renderer
cli.main()
"""


def whole(folder: Path, word: str) -> bool:
    return {path.name: path.read_text() for path in folder.iterdir()} == {name: f"{word} {name}" for name in CONTENT}


def hidden(parent: Path) -> list[str]:
    return [path.name for path in parent.iterdir() if path.name.startswith(".")]


def old_folder(target: Path) -> Path:
    target.mkdir()
    for name in CONTENT:
        (target / name).write_text(f"old {name}")
    return target


def write_new(target: Path, *, replace: bool, meanwhile: Callable[[], object] = lambda: None) -> None:
    with new_folder(target, replace=replace, content=CONTENT) as draft:
        for name in CONTENT:
            (draft / name).write_text(f"new {name}")
        meanwhile()


def dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_folder_appears_when_the_block_ends_and_not_before(tmp_path: Path) -> None:
    target = tmp_path / "deeper" / "run"
    with new_folder(target) as draft:
        (draft / "a").write_text("new a")
        assert not target.exists()
    assert (target / "a").read_text() == "new a"
    assert hidden(target.parent) == []


def test_an_error_in_the_block_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        write_new(tmp_path / "run", replace=False, meanwhile=lambda: 1 / 0)
    assert list(tmp_path.iterdir()) == []


def test_a_target_that_exists_is_left_alone_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    target = old_folder(tmp_path / "run")
    with pytest.raises(TargetExists, match="say --replace"):
        write_new(target, replace=False)
    assert whole(target, "old")
    write_new(target, replace=True)
    assert whole(target, "new")
    assert hidden(tmp_path) == []


def test_a_folder_that_appeared_meanwhile_stays(tmp_path: Path) -> None:
    with pytest.raises(TargetExists):
        write_new(tmp_path / "run", replace=False, meanwhile=lambda: old_folder(tmp_path / "run"))
    assert whole(tmp_path / "run", "old")
    assert hidden(tmp_path) == []


def test_nothing_is_replaced_that_holds_more_than_what_is_written(tmp_path: Path) -> None:
    target = old_folder(tmp_path / "run")
    (target / "thesis.docx").write_text("years of work")
    with pytest.raises(TargetExists, match=r"it holds thesis\.docx"):
        write_new(target, replace=True)
    (tmp_path / "file").write_text("a file")
    with pytest.raises(TargetExists, match="it is not a folder"):
        write_new(tmp_path / "file", replace=True)
    assert (tmp_path / "file").read_text() == "a file"
    assert len(list(target.iterdir())) == 4


def test_a_run_never_takes_the_place_of_its_campaign_nor_of_the_folder_one_works_in(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.read_bytes() for path in tiny.iterdir()}
    refused = mouvement("run", tiny, "-o", tiny, "--replace")
    assert (refused.code, "it holds campaign.toml" in refused.err) == (2, True)
    monkeypatch.chdir(tiny)
    assert mouvement("run", tiny, "-o", ".", "--replace").code == 2
    assert {path: path.read_bytes() for path in tiny.iterdir()} == before


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "latest").symlink_to(old_folder(tmp_path / "run"))
    write_new(tmp_path / "latest", replace=True)
    assert (tmp_path / "latest").is_symlink()
    assert whole(tmp_path / "run", "new")
    assert hidden(tmp_path) == []


def test_a_new_folder_has_the_rights_any_new_folder_has(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    write_new(tmp_path / "run", replace=False)
    assert (tmp_path / "run").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("name", ["run", "run[1]", "run*", "run-é"])
def test_drafts_of_dead_processes_are_swept_and_those_of_living_ones_are_not(tmp_path: Path, name: str) -> None:
    dead, living = f".{name}.unfinished-{dead_process()}-0f", f".{name}.unfinished-{os.getpid()}-0f"
    others = [living, ".another.unfinished-1-0f", f".{name}.unfinished-mine"]
    for draft in (dead, *others):
        (tmp_path / draft).mkdir()
        (tmp_path / draft / "a").write_text("half")
    write_new(tmp_path / name, replace=False)
    assert sorted(hidden(tmp_path)) == sorted(others)


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("exchange", [False, True])
def test_a_process_killed_at_any_step_leaves_what_was_there_or_the_whole_new_folder(
    tmp_path: Path, replace: bool, exchange: bool
) -> None:
    """Killed before every step in turn, until one run gets through. The next run always finds its way."""

    def killed_at(step: int) -> bool:
        target = tmp_path / str(step) / "run"
        target.parent.mkdir()
        if replace:
            old_folder(target)
        end = ended(python("-c", WRITER, target, int(replace), int(exchange), int(signal.SIGKILL), step))
        assert end.code in (0, -signal.SIGKILL), end.err
        if target.exists():
            assert whole(target, "new") or (replace and whole(target, "old"))
        else:
            assert not (replace and exchange)  # exchanged in one step: at no moment is there nothing
        folders._sweep(target)
        assert not replace or target.exists()  # moved aside and not yet followed: it is back
        if not target.exists() or replace:
            write_new(target, replace=replace)
        assert whole(target, "new")
        assert hidden(target.parent) == []
        return end.code != 0

    assert attack(killed_at) > 8


@pytest.mark.parametrize("exchange", [False, True])
def test_a_process_interrupted_at_any_step_leaves_nothing_hidden(tmp_path: Path, exchange: bool) -> None:
    def interrupted_at(step: int) -> bool:
        target = tmp_path / str(step) / "run"
        target.parent.mkdir()
        old_folder(target)
        end = ended(python("-c", WRITER, target, 1, int(exchange), int(signal.SIGINT), step))
        assert whole(target, "old") or whole(target, "new")
        assert hidden(target.parent) == []
        return end.code != 0

    assert attack(interrupted_at) > 8


def attack(stopped_at: Callable[[int], bool]) -> int:
    """How many steps a process could be stopped at; four processes at a time."""
    with ThreadPoolExecutor(4) as pool:
        for start in range(1, 200, 4):
            if not all(list(pool.map(stopped_at, range(start, start + 4)))):
                return start
    raise AssertionError("no run got through")


@pytest.mark.parametrize("stage", STAGES)
def test_a_run_interrupted_at_any_stage_ends_with_130_and_leaves_nothing(
    stage: str, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def interrupting(*, shown: bool) -> Iterator[object]:
        def progress(name: str) -> None:
            if name == stage:
                raise KeyboardInterrupt

        yield progress

    monkeypatch.setattr("engine.cli.running.stages", interrupting)
    end = mouvement("run", tiny, "-o", tmp_path / "run", "--no-report")
    assert (end.code, end.err) == (130, "interrupted; nothing half-written remains.\n")
    assert list(tmp_path.iterdir()) == []


def test_a_run_stopped_by_a_signal_leaves_the_old_run_whole(tiny: Path, tiny_folder: Path, tmp_path: Path) -> None:
    """Each run waits before its report, as half of its files are written, for another that never comes."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
    targets = {number: copy(tiny_folder, tmp_path / number.name / "run") for number in signals}
    before = {path.name: path.read_bytes() for path in tiny_folder.iterdir()}
    meetings = {number: tmp_path / f"meeting-{number.name}" for number in signals}
    runs = {number: waiting_run(meetings[number], 2, tiny, targets[number], "--replace") for number in signals}
    for number, process in runs.items():
        wait_for(meetings[number], process)
        process.send_signal(number)
    ends = {number: ended(process) for number, process in runs.items()}
    for target in targets.values():
        assert {path.name: path.read_bytes() for path in target.iterdir()} == before
    for number in signals[:2]:
        assert ends[number].code == 130
        assert ends[number].err == "interrupted; nothing half-written remains.\n"
        assert hidden(targets[number].parent) == []
    killed = targets[signal.SIGKILL]
    assert ends[signal.SIGKILL].code == -signal.SIGKILL
    assert len(hidden(killed.parent)) == 1
    assert mouvement("run", tiny, "-o", killed, "--no-report", "--replace").code == 0
    assert hidden(killed.parent) == []


def test_runs_at_once_into_one_target_end_with_one_whole_folder(tiny: Path, tmp_path: Path) -> None:
    """Four runs of one campaign wait for each other: two into a new folder, two that replace what they find."""
    meeting, kept, replaced = tmp_path / "meeting", tmp_path / "kept", tmp_path / "replaced"
    first = [waiting_run(meeting, 4, tiny, kept) for _ in range(2)]
    last = [waiting_run(meeting, 4, tiny, replaced, "--replace") for _ in range(2)]
    won, lost = sorted(map(ended, first), key=lambda end: end.code)
    assert (won.code, lost.code) == (0, 2)
    assert (
        lost.err == f"{kept} exists already. Choose another name, or say --replace to put the new one in its place.\n"
    )
    assert [ended(process).code for process in last] == [0, 0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept", "meeting", "replaced"]
    for folder in (kept, replaced):
        assert mouvement("verify", tiny, folder).code == 0
        assert (folder / "report.html").exists()
    for table in ("outcomes", "wishes", "cutoffs", "criteria", "chains"):
        assert (kept / f"{table}.parquet").read_bytes() == (replaced / f"{table}.parquet").read_bytes()


def test_a_full_disk_gets_a_sentence_and_leaves_nothing(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bytes = Path.write_bytes

    def until_full(path: Path, data: bytes) -> int:
        if path.name == "criteria.parquet":
            write_bytes(path, data[:100])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write_bytes(path, data)

    monkeypatch.setattr(Path, "write_bytes", until_full)
    end = mouvement("run", tiny, "-o", tmp_path / "run", "--no-report")
    assert end.code == 1
    assert end.err == f"{tmp_path / 'run'}: No space left on device. Nothing half-written remains.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["run", "score", "generate"])
@pytest.mark.parametrize("target", ["file/run", "/proc/run"])
def test_a_target_that_cannot_be_written_gets_a_sentence(command: str, target: str, tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file, not a folder")
    source = {"run": (tiny, "--no-report"), "score": (tiny,), "generate": ("tiny",)}[command]
    end = mouvement(command, *source, "-o", tmp_path / target)
    assert end.code == (2 if command == "generate" else 1)
    assert len(end.err.splitlines()) == 1
    assert "unfinished" not in end.err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def copy(folder: Path, target: Path) -> Path:
    target.mkdir(parents=True)
    for path in folder.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    return target


def waiting_run(meeting: Path, others: int, campaign: Path, target: Path, *options: str) -> subprocess.Popen[str]:
    meeting.mkdir(exist_ok=True)
    return python("-c", WAITER, meeting, others, "run", campaign, "-o", target, *options)


def wait_for(meeting: Path, process: subprocess.Popen[str]) -> None:
    while not list(meeting.iterdir()):
        assert process.poll() is None, Ended(process.returncode, *process.communicate())
        time.sleep(0.01)
