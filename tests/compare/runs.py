"""Comparisons that several tests look at: a campaign and variants of it, run in this process."""

from __future__ import annotations

import tomllib
from pathlib import Path

from engine.compare.compare import Comparison, compare
from engine.compare.running import Asked, sides_of
from engine.variants.variant import Variant, as_variant


def variant(name: str, text: str = "") -> Variant:
    return as_variant(tomllib.loads(f'id = "{name}"\n{text}'))


def compared(folder: Path, *variants: Variant, frontier: bool = True) -> Comparison:
    """The campaign in a folder beside its variants."""
    return compare(sides_of(Asked(folder, variants, frontier=frontier)))
