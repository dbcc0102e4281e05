"""Folders that appear whole or not at all: written beside the target, put in its place in one step at the end.

A killed process leaves at most a hidden folder ``.NAME.unfinished-PID-...`` that nothing takes for a result; the next
one to write the same target sweeps those whose process is gone.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

AT_FDCWD, RENAME_EXCHANGE = -100, 2  # of renameat2(2)


class TargetExists(Exception):
    """The target is there already, and is not to be replaced or not what is replaced."""

    def __init__(self, target: Path, why_not_replaced: str = "") -> None:
        advice = "Choose another name, or say --replace to put the new one in its place."
        if why_not_replaced:
            advice = f"It is not replaced: {why_not_replaced}. Choose another name."
        super().__init__(f"{target} exists already. {advice}")


@contextmanager
def new_folder(target: Path, *, replace: bool = False, content: Collection[str] = ()) -> Iterator[Path]:
    """A folder to write in, which becomes `target` when the block ends without an error.

    Parameters
    ----------
    content : names of the files such a folder may hold; one that holds anything else is never replaced.

    Raises
    ------
    TargetExists
        Before anything is done if `target` exists and is not to be replaced; at the end if it appeared meanwhile.
    OSError
        If the folder cannot be written; it names the target.
    """
    require_free(target, replace=replace, content=content)
    place = target.resolve()
    draft = place.with_name(f"{_prefix(place)}{os.getpid()}-{secrets.token_hex(4)}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _sweep(place)
        draft.mkdir()
        yield draft
        _publish(draft, place, replace=replace)
    except OSError as error:
        if error.filename is None or str(error.filename).startswith(str(draft)):
            error.filename = str(target)  # the hidden draft is nobody's concern
        raise
    finally:
        _discard(draft, place)


def require_free(target: Path, *, replace: bool = False, content: Collection[str] = ()) -> None:
    """Raises TargetExists where `new_folder` would before it does anything."""
    if not os.path.lexists(target):
        return
    if not replace:
        raise TargetExists(target)
    if not target.is_dir():
        raise TargetExists(target, "it is not a folder")
    foreign = sorted(entry.name for entry in target.iterdir() if entry.name not in content)
    if foreign:
        raise TargetExists(target, f"it holds {foreign[0]}, which is no part of what would be written")


def put_in_place(draft: Path, target: Path, *, replace: bool = False) -> None:
    """Gives a folder that is whole the name of `target`, in one step where the system can.

    Raises
    ------
    TargetExists
        If the target appeared meanwhile and is not to be replaced.
    """
    _publish(draft.resolve(), target.resolve(), replace=replace)
    _discard(draft.resolve(), target.resolve())


def _publish(draft: Path, target: Path, *, replace: bool) -> None:
    """Renames the draft. Where another process was quicker and nothing is to be replaced, the first one stays."""
    while True:
        try:
            os.rename(draft, target)
            return
        except OSError:
            if not target.exists():
                raise
            if not replace:
                raise TargetExists(target) from None
        if _exchanged(draft, target):
            return
        with suppress(FileNotFoundError):  # another process took it away in the meantime
            os.rename(target, _aside(draft))


def _exchanged(draft: Path, target: Path) -> bool:
    """Swaps draft and target in one step, so that no moment is without a result, where the system can."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    if rename is None:
        return False
    return int(rename(AT_FDCWD, os.fsencode(draft), AT_FDCWD, os.fsencode(target), RENAME_EXCHANGE)) == 0


def _aside(draft: Path) -> Path:
    """Where the old result waits, on systems that cannot exchange, until the draft has taken its place."""
    return draft.with_name(f"{draft.name}.old")


def _discard(draft: Path, target: Path) -> None:
    """Removes a draft; an old result that was moved aside for it and has no successor comes back."""
    try:
        with suppress(OSError):  # none was moved aside, or its successor is there
            os.rename(_aside(draft), target)
        for leftover in (draft, _aside(draft)):
            shutil.rmtree(leftover, ignore_errors=True)
    except KeyboardInterrupt:
        _discard(draft, target)  # what is half removed is removed first
        raise


def _sweep(target: Path) -> None:
    """Discards the drafts of this target whose process is gone."""
    for entry in list(target.parent.iterdir()):
        pid = entry.name.removeprefix(_prefix(target)).split("-")[0]
        if entry.name.startswith(_prefix(target)) and pid.isdigit() and not _alive(int(pid)):
            _discard(entry.with_name(entry.name.removesuffix(".old")), target)


def _prefix(target: Path) -> str:
    return f".{target.name}.unfinished-"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
