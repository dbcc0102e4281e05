"""The command ``mouvement`` (DESIGN 10). Everything heavy is imported by the command that needs it.

Exit codes: 0 done; 1 input refused, with all its defects; 2 wrong usage; 3 verdict failed; 4 time limit reached.
"""

from __future__ import annotations

import io
import signal
import sys
from typing import NoReturn

from engine.cli import campaigns, laboratory, running
from engine.cli.app import INTERRUPTED, app

__all__ = ["app", "campaigns", "laboratory", "main", "running"]


def main() -> None:
    """Entry point: a signal unwinds what is half written, and nobody sees a traceback for it."""
    signal.signal(signal.SIGTERM, _interrupted)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without some letter is no reason to fail
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _interrupted(signum: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt
