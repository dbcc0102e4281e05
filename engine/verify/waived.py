"""Properties that do not hold and are not promised: counted, with examples, and nothing is withheld for them."""

from __future__ import annotations

from dataclasses import replace

from engine.model.cutoffs import FREE
from engine.verify.audit import Audit
from engine.verify.claims import claimed, claims_among_people
from engine.verify.promises import LEAVES_NO_SEAT, is_promised
from engine.verify.verdict import Property, checked, joined


def as_promised(item: Property, audit: Audit) -> Property:
    """A property that does not hold and that the mechanism does not promise is counted, and withholds nothing.

    Of the claims, those on free seats stay violations under a mechanism that leaves no seat somebody would rather have.
    """
    mechanism = audit.result.mechanism
    if is_promised(item.name, audit):
        return item
    item = replace(item, promised=False)
    if item.status != "fails":
        return item
    waived = item.given_up(mechanism)
    if item.name != "P3" or mechanism not in LEAVES_NO_SEAT or audit.before is None:
        return waived
    found = claims_among_people(audit, audit.before)
    free = found[audit.before.zone_cutoffs[audit.lists.zone[found]] == FREE]
    kept = checked("P3", item.title, (), claimed(audit, audit.before, free))
    return waived if kept.status == "holds" else joined(waived, kept)
