"""What changed for one candidate since the previous run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from engine.explain.naming import post_name
from engine.model.campaign import Campaign


@dataclass(frozen=True)
class Change:
    """What the previous run gave, whether it differs, and what differs in the input (codes of `changes`)."""

    changed: bool
    before: str | None
    causes: tuple[str, ...]
    detail: str


def change_of(campaign: Campaign, tables: Mapping[str, pl.DataFrame], candidate_id: str) -> Change | None:
    """The row of a candidate in the table `changes`; None where the run has none for him."""
    if "changes" not in tables:
        return None
    rows = tables["changes"].filter(pl.col("candidate_id") == candidate_id).to_dicts()
    if not rows:
        return None
    row = rows[0]
    before = post_name(campaign, row["previous_post_id"]) if row["previous_post_id"] else None
    return Change(row["changed"], before, tuple(row["cause"].split()), row["detail"] or "")
