"""Folders that appear whole or not at all: written beside the target, renamed at the end.

A killed process leaves at most a hidden folder ``.NAME.unfinished-PID-...`` that nothing takes for a result; the
next one to
write the same target sweeps those whose process is gone.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class TargetExists(Exception):
    """The target is there already and was not to be replaced."""

    def __init__(self, target: Path) -> None:
        super().__init__(
            f"{target} exists already. Choose another name, or say --replace to put the new one in its place."
        )


@contextmanager
def new_folder(target: Path, *, replace: bool = False) -> Iterator[Path]:
    """A folder to write in, which becomes `target` when the block ends without an error.

    Raises
    ------
    TargetExists
        Before anything is done, if `target` exists and `replace` is false.
    """
    target = Path(os.path.abspath(target))
    if target.exists() and not replace:
        raise TargetExists(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.unfinished-{os.getpid()}-", dir=target.parent))
    draft.chmod(0o777 & ~_umask())
    try:
        yield draft
        _publish(draft, target, replace=replace)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


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
        _move_aside(target)


def _move_aside(target: Path) -> None:
    """Takes the old result away; at no moment is a half of it visible under its name."""
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.unfinished-{os.getpid()}-", dir=target.parent))
    with suppress(FileNotFoundError):  # another process took it away in the meantime
        os.rename(target, aside / target.name)
    shutil.rmtree(aside, ignore_errors=True)


def _sweep(target: Path) -> None:
    """Removes drafts of this target whose process is gone."""
    for draft in target.parent.glob(f".{target.name}.unfinished-*"):
        pid = draft.name.rsplit("unfinished-", 1)[1].split("-")[0]
        if pid.isdigit() and not _alive(int(pid)):
            shutil.rmtree(draft, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
