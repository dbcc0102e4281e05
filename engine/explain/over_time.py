"""What came to one candidate's request over time, and what the calendar made of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from engine.model.campaign import Campaign
from engine.model.overtime.events import events_of

OVER_TIME = ("candidates", "amendments", "evidence", "corrections")
"""The tables that tell what came to a request."""


@dataclass(frozen=True)
class Event:
    """A day in the life of a request; `reason` is the code of why it does not count, `criterion` a title.

    A correction has points (thousandths), the authority and the rank of its wish (None = every wish it covers).
    """

    kind: str
    day: date | None
    criterion: str | None
    ground: str | None
    reason: str | None
    rank: int | None
    points: int | None
    authority: str | None


def timeline(campaign: Campaign, candidate_id: str) -> tuple[Event, ...]:
    """Everything that came to the request of a candidate, in the order of the procedure."""
    own = {name: getattr(campaign, name).filter(pl.col("candidate_id") == candidate_id) for name in OVER_TIME}
    rows = events_of(replace(campaign, **own))
    blocks = campaign.rules.blocks
    return tuple(
        Event(
            row["event"],
            row["date"],
            blocks[row["criterion"]].title if row["criterion"] in blocks else row["criterion"],
            row["ground"],
            row["reason"],
            row["rank"],
            row["points"],
            row["authority"],
        )
        for row in rows.iter_rows(named=True)
    )
