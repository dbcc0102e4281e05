"""The decisions outside the barème that concern one candidate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from engine.explain.naming import place_name, post_name
from engine.model.campaign import Campaign


@dataclass(frozen=True)
class Ruling:
    """A decision about the candidate: pin, forbid or exclude; the wish it names by its rank, or the post or place.

    A revision was asked for by the candidate, on a ground (code of late requests).
    """

    decision_id: str
    kind: str
    rank: int | None
    where: str | None
    reason: str
    authority: str
    day: date
    ground: str | None
    asked: date | None


def rulings_of(campaign: Campaign, candidate_id: str) -> tuple[Ruling, ...]:
    """Every decision about a candidate, in the order of their identifiers."""
    rows = campaign.decisions.filter(pl.col("candidate_id") == candidate_id)
    return tuple(
        Ruling(
            row["decision_id"],
            row["kind"],
            row["rank"],
            _where(campaign, row),
            row["reason"],
            row["authority"],
            row["date"],
            row["ground"],
            row["asked"],
        )
        for row in rows.iter_rows(named=True)
    )


def _where(campaign: Campaign, row: dict[str, Any]) -> str | None:
    if row["post_id"]:
        return post_name(campaign, row["post_id"])
    return place_name(campaign, row["place_id"]) if row["place_id"] else None
