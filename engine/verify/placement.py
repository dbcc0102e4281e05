"""P9: placement gave everybody a seat inside the zone granted, the closest one by its rule."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.model.distances import indicative_distances
from engine.model.market import Ints
from engine.verify.audit import Audit
from engine.verify.lists import STAY, Mask, ranges
from engine.verify.seating import Seating
from engine.verify.sentences import sentence
from engine.verify.verdict import Property, checked, not_applicable, violations

TITLE = sentence("p9_title")


def p9_placement(audit: Audit) -> Property:
    """Who sits where inside his zone follows the placement rule, and nobody's wish changed by it.

    Who was granted a single post, or keeps his, sits there. The others sit inside their zones (P1), each as close to
    his indicative wish as the rule gives it to him:

    ``priority``
        no candidate can be brought closer by a row of moves that takes nobody stronger farther;
    ``distance``
        no row of moves into a free seat, and no ring, makes the sum of distances smaller.

    Who is served by an extension that follows the run is placed after the others, on the seats left free. Linked
    candidates take no part in an improvement, and keep the seats they had before it.
    """
    if not (audit.lists.width > 1).any():
        return not_applicable("P9", TITLE, sentence("nothing_to_place"))
    if audit.result.seats_kept:
        return not_applicable("P9", TITLE, sentence("seats_kept"))
    if audit.result.improvement == "stable":
        return not_applicable("P9", TITLE, sentence("seats_of_improvement"), sentence("ranks_of_improvement"))
    return _closest(audit)


def _closest(audit: Audit) -> Property:
    contract, _ = audit.granted
    ptr, cost = indicative_distances(audit.campaign, audit.contracts, contract)
    moments = [audit.main, *([audit.extended] if audit.extends_afterwards else [])]
    fixed = audit.linked & audit.improves
    guests = [_guests(now, fixed if now is audit.main else np.zeros_like(audit.linked)) for now in moments]
    found = [
        _better_seats(now, who, ptr, cost, audit.result.placement) for now, who in zip(moments, guests, strict=True)
    ]
    num, guided = sum(map(len, guests)), int((np.diff(ptr) > 0).sum())
    return checked(
        "P9",
        TITLE,
        [sentence(f"p9_by_{audit.result.placement}", people=num, guided=guided)],
        *(_violations(audit, now, *seats) for now, seats in zip(moments, found, strict=True)),
    )


def _guests(now: Seating, fixed: Mask) -> Ints:
    """Whose seat is chosen by the rule, strongest first; of candidates who are not fixed (bool[n+f])."""
    lists, who = now.lists, now.seated
    who = who[~fixed[who]]
    held = now.contract[who]
    who = who[(lists.width[lists.zone[held]] > 1) & (lists.phase[held] != STAY)]
    strongest_first: Ints = who[np.argsort(-lists.priority[now.contract[who]])]
    return strongest_first


def _better_seats(now: Seating, guests: Ints, ptr: Ints, cost: Ints, rule: str) -> tuple[Ints, Ints]:
    """Guests who could sit better by the rule, and a post that is better for them or for the sum."""
    from engine.jit import sealed
    from engine.verify.closeness_kernel import Guests, Zones, closer, shorter

    length = np.diff(ptr)[guests]
    entries = cost[ranges(ptr[guests], length)]
    start = np.concatenate(([0], np.cumsum(length)))
    zone, post = now.lists.zone[now.contract[guests]], now.post[guests]
    check = closer if rule == "priority" else shorter
    better = check(
        Guests(sealed(zone), sealed(post), sealed(start), sealed(entries)),
        Zones(sealed(now.lists.zone_ptr), sealed(now.lists.zone_post)),
        sealed(now.free),
    )
    wrong = np.flatnonzero(better >= 0)
    return guests[wrong], better[wrong]


def _violations(audit: Audit, now: Seating, who: Ints, better: Ints) -> pl.DataFrame:
    people = audit.campaign.candidates.select("candidate_id", "discipline")[who]
    names = audit.posts["post_id"]
    rows = people.with_columns(names[now.post[who]].alias("post_id"), names[better].alias("better"))
    return violations(rows, f"not_closest_by_{audit.result.placement}", post="post_id", better="better")
