"""The folder of a simulation in the making: ``TARGET.partial``, with a file for each draw that is finished.

A draw is written beside its name and renamed, so that a killed process leaves no half of one. The folder says what it
is a simulation of; another process can neither write to it at the same time nor go on with something else.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import polars as pl

from engine.folders import require_free
from engine.model.defects import InputRefused, Rule, defects

PLAN_FILE, LOCK_FILE, DRAWS = "simulation.json", "lock", "draws"
CONTENT = frozenset({PLAN_FILE, LOCK_FILE, DRAWS, f".{PLAN_FILE}"})

S3 = Rule("S3", "A simulation that was stopped goes on as it was begun, and by one process at a time.")
ANEW = "--replace begins anew; another --out keeps both."


class Store:
    """Records of finished draws, by number."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, number: int) -> bool:
        return self._path(number).exists()

    def write(self, number: int, content: bytes) -> None:
        draft = self._path(number).with_suffix(".unfinished")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # else a power cut may leave the name without the content
        os.replace(draft, self._path(number))

    @contextmanager
    def read(self, number: int) -> Iterator[Any]:
        """The arrays of a record, each read from the file when it is asked for."""
        with np.load(self._path(number), allow_pickle=False) as content:
            yield content

    def _path(self, number: int) -> Path:
        return self.folder / DRAWS / f"{number:07d}.npz"


def partial_folder(target: Path) -> Path:
    return target.with_name(f"{target.name}.partial")


@contextmanager
def store_of(target: Path, begun_with: dict[str, Any], *, replace: bool) -> Iterator[Store]:
    """The store of a simulation, new or left by a process that was stopped; it stays when the block ends, unless
    no draw is finished.

    Parameters
    ----------
    begun_with : plain values that say what the draws depend on
    replace : begin anew

    Raises
    ------
    InputRefused
        If the folder is of another simulation, or another process writes to it.
    engine.folders.TargetExists
        If there is something else in its place.
    """
    folder = partial_folder(target)
    require_free(folder, replace=True, content=CONTENT)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK_FILE).open("w") as lock:
        _require_alone(lock, folder)
        if replace:
            _clear(folder)
        _confirm(folder, begun_with)
        (folder / DRAWS).mkdir(exist_ok=True)
        _drop_damaged(folder / DRAWS)
        try:
            yield Store(folder)
        finally:
            if not any((folder / DRAWS).glob("*.npz")):
                shutil.rmtree(folder, ignore_errors=True)


def discard(store: Store) -> None:
    """Removes the folder of a simulation that is finished."""
    shutil.rmtree(store.folder, ignore_errors=True)


def _require_alone(lock: IO[str], folder: Path) -> None:
    """Holds the lock of the folder until the file is closed or the process gone; the system lets go of it then."""
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        problem = "another process is making these draws."
        raise InputRefused(
            defects(S3, str(folder), problem=problem, hint="Wait for it, or name another --out.")
        ) from None


def _clear(folder: Path) -> None:
    (folder / PLAN_FILE).unlink(missing_ok=True)
    shutil.rmtree(folder / DRAWS, ignore_errors=True)


def _drop_damaged(draws: Path) -> None:
    """Removes records that a disk or a hand has damaged: their draws are made again."""
    for path in draws.glob("*.npz"):
        try:
            with zipfile.ZipFile(path) as content:
                whole = content.testzip() is None
        except zipfile.BadZipFile:
            whole = False
        if not whole:
            path.unlink()


def _confirm(folder: Path, begun_with: dict[str, Any]) -> None:
    """Writes down what the simulation is of, or refuses to go on with another."""
    path = folder / PLAN_FILE
    if not path.exists():
        draft = folder / f".{PLAN_FILE}"
        draft.write_text(json.dumps(begun_with, indent=2) + "\n", encoding="utf-8")
        os.replace(draft, path)
        return
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        raise InputRefused(defects(S3, str(path), problem="cannot be read.", hint=ANEW)) from None
    wanted = json.loads(json.dumps(begun_with))
    wrong = [name for name in wanted if found.get(name) != wanted[name]]
    if wrong:
        raise InputRefused(pl.concat(_other(str(folder), name, found.get(name), wanted[name]) for name in wrong))


def _other(folder: str, name: str, was: object, wanted: object) -> pl.DataFrame:
    problem = f"is not what the draws there were begun with ({json.dumps(was)})."
    return defects(S3, folder, column=name, value=json.dumps(wanted), problem=problem, hint=ANEW)
