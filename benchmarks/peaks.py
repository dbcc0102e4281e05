"""How much memory a run takes: `python -m benchmarks.peaks FOLDER` runs a campaign and tells its peaks as JSON.

A peak belongs to a process, so it takes one of its own. The system tells the highest resident memory so far; each stage
is given the highest one up to its end, what Python and the libraries take before the first included.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

UNIT = 2**20 if sys.platform == "darwin" else 2**10  # ru_maxrss is in bytes on macOS, in KiB on Linux


def peaks_of(folder: Path) -> dict[str, int]:
    """Highest resident memory up to the end of each stage of a run, in MiB, measured in another process."""
    command = [sys.executable, "-m", "benchmarks.peaks", str(folder)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parent.parent)
    return dict(json.loads(told.stdout))


def measured(folder: Path) -> dict[str, int]:
    """Runs the campaign here and gives the peaks of its stages."""
    from engine.pipeline import run
    from engine.report.report import render_report
    from engine.runfolder import write_run

    started: list[str] = ["start"]
    peaks: dict[str, int] = {}

    def progress(stage: str) -> None:
        peaks[started[-1]] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // UNIT
        started.append(stage)

    done = run(folder, progress=progress)
    with tempfile.TemporaryDirectory() as new:
        progress("write")
        write_run(done, Path(new) / "tables")
        progress("report")
        render_report(done)
        progress("end")
    return peaks


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1]))))
