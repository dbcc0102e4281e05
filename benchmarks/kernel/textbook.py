"""The textbook in C++, compiled when it is asked for and called on the arrays of a market."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.model.market import Ints, Market

SOURCE = Path(__file__).with_name("textbook.cpp")
COMPILER = "g++"
FLAGS = ("-O3", "-march=native", "-std=c++17", "-shared", "-fPIC")
NO_COMPILER = f"{COMPILER} is not on the path: nothing to compare with"

Textbook = Callable[[Market], tuple[Ints, int]]


def has_compiler() -> bool:
    return shutil.which(COMPILER) is not None


def compiled_textbook(folder: Path) -> Textbook:
    """Compile into a folder; the function returns the contract each candidate holds and the number of proposals.

    The market's zone z must be its post z.
    """
    library = folder / "textbook.so"
    subprocess.run([COMPILER, *FLAGS, str(SOURCE), "-o", str(library)], check=True)
    function = ctypes.CDLL(str(library)).deferred_acceptance
    int32s, int64s = (np.ctypeslib.ndpointer(kind, flags="C_CONTIGUOUS") for kind in (np.int32, np.int64))
    function.argtypes = [ctypes.c_int64, int64s, int32s, int64s, ctypes.c_int64, int32s, int64s]
    function.restype = ctypes.c_int64

    def textbook(market: Market) -> tuple[Ints, int]:
        n, m = market.num_candidates, market.num_posts
        held = np.empty(n, dtype=np.int64)
        arrays = market.wish_ptr, market.wish_zone, market.wish_priority
        proposals = function(n, *arrays, m, market.seats, held)
        return held, int(proposals)

    return textbook
