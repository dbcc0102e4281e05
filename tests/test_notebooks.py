"""The worked studies run from end to end, at a small scale, and are stored without outputs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat", reason="the extra dev brings nbformat, nbclient and ipykernel")
nbclient = pytest.importorskip("nbclient", reason="the extra dev brings nbformat, nbclient and ipykernel")

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
SCALE = "0.02"

every = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_there_are_three_studies() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["children", "closed_and_open", "full_improvement"]


@every
def test_a_study_is_stored_without_outputs(path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


@every
@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::PendingDeprecationWarning", "ignore::ResourceWarning"
)
def test_a_study_runs_from_end_to_end(path: Path, tmp_path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        book, timeout=600, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    )
    known = os.environ.get("PYTHONPATH")
    found = os.pathsep.join([str(ROOT), *([known] if known else [])])
    client.execute(env={**os.environ, "MOUVEMENT_SCALE": SCALE, "PYTHONPATH": found, "TMPDIR": str(tmp_path)})
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    assert any("altair" in cell.source for cell in code)
    pictures = [out for cell in code for out in cell.outputs if "image/svg+xml" in out.get("data", {})]
    assert pictures
