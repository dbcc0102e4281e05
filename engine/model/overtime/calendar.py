"""What the calendar of a rulebook says of a day: whether a request, a change or a cancellation came in time.

While the server is open everything is free; so it is on the confirmation, where the rulebook says that changes are made
there. Afterwards a ground is needed that the text admits, and after the last day for late requests none helps. A day
that no text gave sets nothing aside.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from engine.model.criteria.award import first_reason
from engine.model.sessionrules import SessionRules

EVIDENCE = "evidence"


def free_until(rules: SessionRules) -> date | None:
    """The last day on which a candidate changes or cancels his request as he likes; None where it was not read."""
    if rules.flag("requests", "changes_on_confirmation"):
        return rules.day("calendar", "confirmation")
    return rules.day("calendar", "server_close")


def late_request(rules: SessionRules) -> pl.Expr:
    """String per candidate: why his request came at the wrong time, null where it did not."""
    early = pl.col("request_date") < pl.lit(rules.day("calendar", "server_open"), pl.Date)
    closed = rules.day("calendar", "server_close")
    return pl.coalesce(
        first_reason((early, "before_opening")), untimely("late", "request_date", "late_reason", closed, rules)
    )


def void_cancellation(rules: SessionRules) -> pl.Expr:
    """String per candidate: why his own cancellation does not count, null where it does or there is none.

    What cancels a request by itself (a detachment obtained ...) has no last day.
    """
    own = pl.col("cancelled").is_in(rules.codes("requests", "by_candidate"))
    return pl.when(own).then(untimely("cancel", "cancel_date", "cancel_reason", free_until(rules), rules))


def untimely(what: str, day: str, ground: str, free: date | None, rules: SessionRules) -> pl.Expr:
    """String: the code of why something is too late, with `what` before it, null where it is not.

    Parameters
    ----------
    day, ground : columns of the day it came and of the ground given
    free : the last day on which no ground is needed; None = it was not read
    """
    late = pl.col(day) > pl.lit(free, pl.Date)
    too_late = pl.col(day) > pl.lit(rules.day("calendar", "late_limit"), pl.Date)
    known = pl.col(ground).is_in(rules.codes("requests", "late_reasons"))
    return first_reason(
        (too_late, f"{what}_after_limit"),
        (late & pl.col(ground).is_null(), f"{what}_without_reason"),
        (late & ~known, f"{what}_unknown_reason"),
    )


def late_confirmation(rules: SessionRules) -> pl.Expr:
    """String per candidate: that his confirmation came after its day, null where it did not."""
    if not rules.flag("requests", "confirmation_needed"):
        return pl.lit(None, pl.String)
    late = pl.col("confirmation_date") > pl.lit(rules.day("calendar", "confirmation"), pl.Date)
    return first_reason((late & ~_excused("confirmation_excuse", rules), "confirmation_late"))


def late_evidence(rules: SessionRules) -> pl.Expr:
    """Boolean per row of the table evidence: it came after the last day for its criterion."""
    known = rules.blocks["calendar"].values
    own = [name for name in known if name.startswith(f"{EVIDENCE}_") and rules.day("calendar", name) is not None]
    days = {name.removeprefix(f"{EVIDENCE}_"): rules.day("calendar", name) for name in own}
    last = pl.lit(rules.day("calendar", EVIDENCE), pl.Date)
    for criterion, day in days.items():
        last = pl.when(pl.col("criterion") == criterion).then(pl.lit(day, pl.Date)).otherwise(last)
    return (pl.col("received") > last).fill_null(False) & ~_excused("excuse", rules)


def _excused(column: str, rules: SessionRules) -> pl.Expr:
    """Boolean: a reason was given and the text lets the services accept one."""
    return pl.col(column).is_not_null() & pl.lit(rules.flag("requests", "late_evidence_excused"))
