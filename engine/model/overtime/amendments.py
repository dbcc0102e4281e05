"""Requests changed after they were made: the new wishes take the place of the first ones where that is admitted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from engine.model.overtime.calendar import free_until, untimely
from engine.model.sessionrules import SessionRules

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

CHANGED = ("rank", "kind", "code", "school_type", "request")
"""What an amendment says of a wish."""


def change_reasons(amendments: pl.DataFrame, rules: SessionRules) -> pl.DataFrame:
    """One row per candidate who changed his request: candidate_id, date, ground, reason (why it does not count)."""
    rows = amendments.unique("candidate_id", keep="first", maintain_order=True)
    reason = untimely("change", "date", "ground", free_until(rules), rules)
    return rows.select("candidate_id", "date", "ground", reason=reason)


def amended_wishes(wishes: pl.DataFrame, amendments: pl.DataFrame, rules: SessionRules) -> pl.DataFrame:
    """The wishes, those of the candidates whose change is admitted replaced by the new ones."""
    admitted = change_reasons(amendments, rules).filter(pl.col("reason").is_null())
    new = amendments.join(admitted, on="candidate_id", how="semi", maintain_order="left")
    left = wishes.join(admitted, on="candidate_id", how="anti", maintain_order="left")
    return pl.concat([left, new.select("candidate_id", *CHANGED)], how="diagonal").select(wishes.columns)


def with_amendments(campaign: Campaign) -> Campaign:
    """The campaign with the changes of requests made; what was read is kept beside it."""
    if campaign.amendments.is_empty():
        return campaign
    wishes = amended_wishes(campaign.wishes, campaign.amendments, campaign.rules).sort("candidate_id", "rank")
    return replace(campaign, wishes=wishes, as_read=campaign)
