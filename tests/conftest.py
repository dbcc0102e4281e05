"""Campaigns and runs that several tests look at and none changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.pipeline import run
from engine.runfolder import write_run
from engine.runs import Run
from scenarios.generate import generate


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ready campaign of thirteen candidates."""
    return generate("tiny", tmp_path_factory.mktemp("campaigns") / "tiny")


@pytest.fixture(scope="session")
def national(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The national campaign at a fiftieth of its size: 461 candidates."""
    return generate("inter-2025", tmp_path_factory.mktemp("campaigns") / "national", scale=0.02)


@pytest.fixture(scope="session")
def tiny_run(tiny: Path) -> Run:
    return run(tiny)


@pytest.fixture(scope="session")
def tiny_folder(tiny_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of `tiny`, without its report."""
    return write_run(tiny_run, tmp_path_factory.mktemp("runs") / "tiny")
