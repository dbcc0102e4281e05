"""Everything that came to a request over time, with what the calendar made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from engine.model.overtime.amendments import change_reasons
from engine.model.overtime.calendar import late_confirmation, late_evidence, late_request, void_cancellation
from engine.model.overtime.evidence import LATE, MISSING

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

EVENTS = ("request", "confirmation", "change", "cancellation", "evidence", "correction")
"""In the order they are told."""

SCHEMA = {
    "candidate_id": pl.String,
    "event": pl.String,
    "criterion": pl.String,
    "date": pl.Date,
    "ground": pl.String,
    "reason": pl.String,
    "rank": pl.Int64,
    "points": pl.Int64,
    "authority": pl.String,
}


def events_of(campaign: Campaign) -> pl.DataFrame:
    """One row for everything that has a day, and for evidence that did not arrive.

    Returns
    -------
    polars.DataFrame with columns candidate_id, event, criterion (of evidence and corrections), date, ground (the reason
    given), reason (code of why it does not count; null = it does), and of corrections rank, points (thousandths),
    authority; sorted by candidate, event and criterion
    """
    empty = pl.DataFrame(schema=SCHEMA)
    if campaign.rules.is_none:
        return empty
    parts = [*_of_candidates(campaign), _changes(campaign), _evidence(campaign), _corrections(campaign)]
    found = pl.concat([empty, *parts], how="diagonal")
    order = pl.col("event").replace_strict({name: k for k, name in enumerate(EVENTS)}, return_dtype=pl.Int64)
    return found.sort("candidate_id", order, "criterion", "rank")


def _of_candidates(campaign: Campaign) -> list[pl.DataFrame]:
    rules, told = campaign.rules, pl.col("candidate_id")
    by_candidate = pl.col("cancelled").is_in(rules.codes("requests", "by_candidate"))
    rows = (
        ("request", "request_date", "late_reason", late_request(rules), pl.col("request_date").is_not_null()),
        (
            "confirmation",
            "confirmation_date",
            "confirmation_excuse",
            late_confirmation(rules),
            pl.col("confirmation_date").is_not_null(),
        ),
        ("cancellation", "cancel_date", "cancel_reason", void_cancellation(rules), by_candidate),
    )
    return [
        campaign.candidates.filter(there).select(
            told, event=pl.lit(name), date=pl.col(day), ground=pl.col(ground), reason=reason
        )
        for name, day, ground, reason, there in rows
    ]


def _changes(campaign: Campaign) -> pl.DataFrame:
    return change_reasons(campaign.amendments, campaign.rules).with_columns(event=pl.lit("change"))


def _evidence(campaign: Campaign) -> pl.DataFrame:
    never = pl.when(pl.col("received").is_null()).then(pl.lit(MISSING))
    late = pl.when(late_evidence(campaign.rules)).then(pl.lit(LATE))
    columns = {"date": "received", "ground": "excuse"}
    return campaign.evidence.select(
        "candidate_id", "criterion", **columns, event=pl.lit("evidence"), reason=pl.coalesce(never, late)
    )


def _corrections(campaign: Campaign) -> pl.DataFrame:
    columns = ("candidate_id", "criterion", "date", "rank", "points", "authority")
    return campaign.corrections.select(*columns, event=pl.lit("correction"), ground="reason")
