"""The command ``mouvement``, called inside the process of the tests or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from engine.cli import app

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code and what it printed."""

    code: int
    out: str
    err: str


def mouvement(*arguments: object) -> Ended:
    """Runs a command in this process; an error that a person would see as a traceback is raised."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)


def python(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    """Starts the interpreter of the tests in a process of its own, with variables added to its environment."""
    return subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        cwd=ROOT,
        env=os.environ | environment,
    )


def ended(process: subprocess.Popen[str]) -> Ended:
    """Waits for the end of a process, which has to come."""
    try:
        out, err = process.communicate(timeout=120)
    finally:
        process.kill()
    return Ended(process.returncode, out, err)
