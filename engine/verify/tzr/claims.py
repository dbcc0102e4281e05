"""P3, P6: nobody could have a better service without a loss for the needs or for a stronger TZR, as far as can be seen.

What the audit can see without solving anything: a service made of one's own and of open needs, and the service of a
weaker TZR who could do one's own. What would take more TZR to change is proven, or not, by the run itself (P14).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from engine.verify.sentences import sentence
from engine.verify.tzr.arenas import OPEN, Arena
from engine.verify.tzr.audit import AdjustmentAudit
from engine.verify.verdict import Property, checked, violations

MAX_STEPS = 20_000_000
SCHEMA = {"candidate_id": pl.String, "discipline": pl.String, "other": pl.String}


def p3_claims(audit: AdjustmentAudit, arenas: Sequence[Arena]) -> Property:
    """Nobody likes better a service of his own and open needs, or that of a weaker TZR who could do his own."""
    alone, pairs, unseen = claims_in(audit, arenas)
    evidence = [sentence("tzr_p3_staff", tzr=audit.staff.height)]
    if unseen:
        evidence.append(sentence("tzr_p3_unseen", tzr=unseen))
    return checked(
        "P3",
        sentence("tzr_p3_title"),
        evidence,
        violations(alone, "claims_open_needs"),
        violations(pairs, "claims_service", other="other"),
    )


def claims_in(audit: AdjustmentAudit, arenas: Sequence[Arena]) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Who could have a better service of his own and open needs; who would rather have that of a weaker one (other).

    Returns
    -------
    two tables of candidate_id, discipline, other, and for how many TZR the open needs are too many to look through
    """
    alone, pairs, unseen = [], [], 0
    for arena in arenas:
        for i in range(arena.tzr.height):
            if arena.own(i)[0] == 0:
                continue
            found = _takes_open(audit, arena, i)
            unseen += found < 0
            alone += [(arena.tzr["candidate_id"][i], arena.discipline, "")] * (found > 0)
        pairs += _envies(arena)
    return _frame(alone), _frame(pairs), unseen


def p6_idle(audit: AdjustmentAudit, arenas: Sequence[Arena]) -> Property:
    """Whoever has no service could have none of the needs left open."""
    idle = [(arena, i) for arena in arenas for i in range(arena.tzr.height) if arena.own(i)[0] == 0]
    wrong = [(a.tzr["candidate_id"][i], a.discipline, "") for a, i in idle if _takes_open(audit, a, i) > 0]
    return checked(
        "P6",
        sentence("tzr_p6_title"),
        [sentence("tzr_p6_idle", tzr=len(idle))],
        violations(_frame(wrong), "service_left_open"),
    )


def _takes_open(audit: AdjustmentAudit, arena: Arena, i: int) -> int:
    from engine.jit import sealed
    from engine.verify.tzr.search_kernel import better_service

    rows = np.flatnonzero(((arena.owner == OPEN) & ~arena.elsewhere) | (arena.owner == i))
    low, high = int(arena.tzr["low"][i]), int(arena.tzr["high"][i])
    most = audit.campaign.rules.count("services", "max_schools")
    liked = (sealed(arena.rank[i]), sealed(arena.metres[i]))
    needs = (sealed(arena.school[rows]), sealed(arena.hours[rows]), sealed(arena.near))
    return int(better_service(*needs, *liked, low, high, most, arena.own(i), MAX_STEPS))


def _envies(arena: Arena) -> list[tuple[str, str, str]]:
    """Pairs of a TZR and a weaker one whose service he likes better, each able to do that of the other."""
    names, low, high = arena.tzr["candidate_id"], arena.tzr["low"], arena.tzr["high"]
    rows = [np.flatnonzero(arena.owner == i) for i in range(arena.tzr.height)]
    hours = [int(arena.hours[own].sum()) for own in rows]
    found = []
    for i in range(len(rows)):
        mine = tuple(arena.told(i, rows[i])[1:].tolist())
        for j in range(i + 1, len(rows)):
            can = hours[j] and low[i] <= hours[j] <= high[i] and (not hours[i] or low[j] <= hours[i] <= high[j])
            if can and tuple(arena.told(i, rows[j])[1:].tolist()) < mine:
                found.append((names[i], arena.discipline, names[j]))
    return found


def _frame(rows: list[tuple[str, str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
