"""One process at a time works on the run folder of a year; the lock of one that is gone is gone with it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LOCK_FILE = "lock"


class InUse(Exception):
    """Another process is running the same year into the same folder."""

    def __init__(self, target: Path) -> None:
        super().__init__(
            f"{target} is being written by another run of a year. Wait for it to end, or choose another name."
        )


@contextmanager
def alone(partial: Path, target: Path) -> Iterator[None]:
    """Holds the unfinished run folder of `target` as long as the block lasts; whoever comes second is refused.

    Raises
    ------
    InUse
        If another process that is alive holds it.
    """
    path = partial / LOCK_FILE
    with path.open("a") as file:
        if not _taken(file):
            raise InUse(target)
        yield
        # the folder has taken its name by now, or keeps what was done for the next run: neither needs the lock
        for place in (path, target / LOCK_FILE):
            place.unlink(missing_ok=True)


def _taken(file: IO[str]) -> bool:
    """Whether the lock could be taken. Systems without it let everybody work."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
