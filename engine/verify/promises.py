"""What each mechanism promises and what it gives up, and improvement after it with it (DESIGN 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from engine.model.cutoffs import FREE
from engine.verify.audit import Audit
from engine.verify.claims import claimed, claims_among_people
from engine.verify.verdict import Property, checked, joined

BLIND = frozenset({"P3", "P6", "P8", "P11"})
"""Respect of priorities: no claim, the mandatory served before others, extension to the first zone with a seat, cutoffs
that reproduce the outcome."""

GIVEN_UP: Mapping[str, frozenset[str]] = MappingProxyType(dict.fromkeys(("serial", "exchange", "trade", "flow"), BLIND))
"""Of each mechanism that gives up some properties, which; all others are promised. Within quotas `serial` gives up
none: its requests are judged by their turns."""

LEAVES_NO_SEAT = frozenset({"stable", "serial", "flow"})
"""Mechanisms that leave no seat free which somebody would rather have than what he has."""


def as_promised(item: Property, audit: Audit) -> Property:
    """A property that does not hold and that the mechanism does not promise is counted, and withholds nothing.

    Of the claims, those on free seats stay violations under a mechanism that leaves no seat somebody would rather have.
    """
    mechanism = audit.result.mechanism
    if audit.in_turns or item.name not in GIVEN_UP.get(mechanism, frozenset()):
        return item
    item = replace(item, promised=False)
    if item.status != "fails":
        return item
    waived = item.given_up(mechanism)
    if item.name != "P3" or mechanism not in LEAVES_NO_SEAT or audit.before is None:
        return waived
    found = claims_among_people(audit, audit.before)
    free = found[audit.before.zone_cutoffs[audit.lists.zone[found]] == FREE]
    kept = checked("P3", item.title, "", claimed(audit, audit.before, free, "of a seat that nobody has "))
    return waived if kept.status == "holds" else joined(waived, kept)
