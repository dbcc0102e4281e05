"""What each mechanism promises and what it gives up, and improvement after it with it (DESIGN 7)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.verify.audit import Audit

BLIND = frozenset({"P3", "P6", "P8", "P11"})
"""Respect of priorities: no claim, the mandatory served before others, extension to the first zone with a seat, cutoffs
that reproduce the outcome."""

GIVEN_UP: Mapping[str, frozenset[str]] = MappingProxyType(dict.fromkeys(("serial", "exchange", "trade", "flow"), BLIND))
"""Of each mechanism that gives up some properties, which; all others are promised. Within quotas `serial` gives up
none: its requests are judged by their turns."""

LEAVES_NO_SEAT = frozenset({"stable", "serial", "flow"})
"""Mechanisms that leave no seat free which somebody would rather have than what he has."""


def is_promised(name: str, audit: Audit) -> bool:
    """Whether the mechanism of the result promises a property."""
    return audit.in_turns or name not in GIVEN_UP.get(audit.result.mechanism, frozenset())
