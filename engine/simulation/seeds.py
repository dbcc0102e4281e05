"""Seeds of draws: every draw and subject has its own, so that no draw depends on another having been made."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def draw_seed(seed: int, number: int, subject: str) -> int:
    """The seed of a subject (lots, preferences, population) in a draw: 63 bits of a hash keyed by the seed."""
    digest = hashlib.blake2b(f"{subject}:{number}".encode(), digest_size=8, key=seed.to_bytes(8, "big"))
    return int.from_bytes(digest.digest(), "big") >> 1


def uniforms(keys: Words, seed: int, places: npt.NDArray[Any]) -> Floats:
    """float64[n] in (0, 1): the number at a place of the sequence that each key has under a seed.

    The sequences are those of SplitMix64 (Steele, Lea and Flood 2014): a number depends on its key, seed and place
    alone, not on which others are drawn.
    """
    z = _mixed(_mixed(keys ^ np.uint64(seed)) + places.astype(np.uint64) * _STEP)
    drawn: Floats = ((z >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
    return drawn


def _mixed(z: Words) -> Words:
    z = (z ^ (z >> np.uint64(30))) * _FIRST
    z = (z ^ (z >> np.uint64(27))) * _SECOND
    return z ^ (z >> np.uint64(31))


def gumbel(uniform: Floats) -> Floats:
    """Standard Gumbel noise from uniforms in (0, 1)."""
    noise: Floats = -np.log(-np.log(uniform))
    return noise
