"""Kernels in installs and modes other than the usual one, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
NOWHERE = Path(os.devnull) / "nowhere"  # a directory nobody can make, root included

SOLVE_AND_COMPARE = """
import numpy as np
import engine.jit
from engine.solvers.mechanisms import solve
from engine.solvers.stable_kernel import _run_rounds
from tests.solvers.markets import random_market
from tests.solvers.oracle import deferred_acceptance

rng = np.random.default_rng(1)
for size in [5] * 50 + [200] * 5:
    market = random_market(rng, max_candidates=size, max_posts=1 + size // 5, max_spare=1 + size // 20)
    assert tuple(solve(market).contract.tolist()) == deferred_acceptance(market)[0]
print(engine.jit.__file__, type(getattr(_run_rounds, "_cache", None)).__name__)
"""


def run(folder: Path, **environment: object) -> tuple[Path, str]:
    """Solve seeded markets with the engine found in a folder; the file it came from, and the kind of its cache."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA_", "PYTHON", "XDG_"))}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-B", "-c", SOLVE_AND_COMPARE],
        cwd=folder,
        env=inherited | {name: str(value) for name, value in environment.items()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    path, cache = done.stdout.split()
    return Path(path), cache


@pytest.fixture
def install(tmp_path: Path) -> Path:
    """A copy of the package, and of the markets and the oracle it is tried with."""
    for package in ("engine", "tests/solvers"):
        copytree(ROOT / package, tmp_path / package, ignore=ignore_patterns("__pycache__"))
    return tmp_path


def test_where_nothing_can_be_written_kernels_are_compiled_without_a_cache(install):
    # A file in the place of the directory keeps even root from writing there.
    (install / "engine" / "solvers" / "__pycache__").touch()
    path, cache = run(install, HOME=NOWHERE, XDG_CACHE_HOME=NOWHERE)
    assert path == install / "engine" / "jit.py"
    assert cache == "NullCache"


def test_where_the_package_can_be_written_kernels_are_kept_beside_it(install):
    _, cache = run(install, HOME=NOWHERE, XDG_CACHE_HOME=NOWHERE)
    assert cache == "FunctionCache"
    assert list((install / "engine" / "solvers" / "__pycache__").glob("stable_kernel*.nbi"))


def test_kernels_are_right_as_plain_python():
    _, cache = run(ROOT, NUMBA_DISABLE_JIT=1)
    assert cache == "NoneType"


def test_kernels_stay_within_their_arrays(tmp_path):
    _, cache = run(ROOT, NUMBA_BOUNDSCHECK=1, NUMBA_CACHE_DIR=tmp_path)
    assert cache == "FunctionCache"


def test_a_sealed_array_is_contiguous_and_read_only_and_the_original_is_not_touched():
    from engine.jit import sealed

    array = np.arange(10)
    for view in (sealed(array), sealed(array[::2])):
        assert view.flags.c_contiguous
        assert not view.flags.writeable
    assert sealed(array).base is array
    assert array.flags.writeable


def test_prefetch_does_nothing_in_plain_python():
    from engine.jit import prefetch

    assert prefetch(np.arange(3), 10**9) is None
