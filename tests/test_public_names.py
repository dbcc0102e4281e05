"""The names of the root package: each is there, stays what it is, and is no submodule."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import engine
from tests.campaigns import write_campaign


def test_every_public_name_is_there_and_none_is_a_module() -> None:
    for name in engine.__all__:
        assert not isinstance(getattr(engine, name), ModuleType), name


def test_no_public_name_is_that_of_a_submodule() -> None:
    folder = Path(engine.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} | {path.name for path in folder.iterdir() if path.is_dir()}
    assert not modules & set(engine.__all__)


def test_a_campaign_can_be_run_again_and_again(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path)
    code = f"""
import engine
first = engine.run({str(folder)!r})
second = engine.run({str(folder)!r}, extension="residual")
from engine import audit, read_campaign, run, score, write_run
campaign = read_campaign({str(folder)!r})
verdict = audit(campaign, score(campaign, campaign.rules), engine.Result(first.outcomes))
write_run(second, {str(tmp_path / "out")!r})
print(verdict.holds, callable(engine.run))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]
