"""What each mechanism gives up, and what improvement after it gives up with it (DESIGN 7)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.verify.verdict import Property

BLIND = frozenset({"P3", "P6", "P8", "P11"})
"""Respect of priorities: no claim, the mandatory served before others, extension to the first zone with a seat, cutoffs
that reproduce the outcome."""

GIVEN_UP: Mapping[str, frozenset[str]] = MappingProxyType({"exchange": BLIND, "trade": BLIND, "flow": BLIND})
"""Of each mechanism that gives up some properties, which; all others are promised."""


def as_promised(item: Property, mechanism: str | None) -> Property:
    """A property that does not hold and that the mechanism does not promise is counted, and withholds nothing."""
    if item.status == "fails" and item.name in GIVEN_UP.get(mechanism or "", frozenset()):
        return item.given_up(mechanism or "")
    return item
