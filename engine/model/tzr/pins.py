"""Decisions outside the barème at the adjustment: a pin gives its TZR a service with a part in the school it names.

Whoever is pinned is served before the others, with the needs of his zone; what they leave is an adjustment of its own.
"""

from __future__ import annotations

import polars as pl

from engine.model.campaign import Campaign
from engine.model.decisions import decisions_of
from engine.model.defects import Rule, defects

C78 = Rule("C78", "A pin at the adjustment is met by a service of his hours with a part in the school it names.")


def pinned_schools(campaign: Campaign) -> pl.DataFrame:
    """candidate_id, decision_id, place_id: the school in which each pinned TZR has a part of his service."""
    return decisions_of(campaign, "pin").select("candidate_id", "decision_id", "place_id")


def pins_not_kept(campaign: Campaign, given: pl.DataFrame) -> pl.DataFrame:
    """The pins whose TZR has no part of his service in the school named: columns of `pinned_schools`.

    Parameters
    ----------
    given : need_id, candidate_id
    """
    parts = given.select("need_id", "candidate_id").drop_nulls().join(campaign.needs, on="need_id")
    return pinned_schools(campaign).join(parts, on=["candidate_id", "place_id"], how="anti", maintain_order="left")


def pins_without_service(campaign: Campaign, given: pl.DataFrame) -> pl.DataFrame:
    """A defect for every pin that is not kept."""
    problem = pl.format(
        "cannot be met: beside the other pins the needs of the zone make no service for {} with a part in {}.",
        "candidate_id",
        "place_id",
    )
    value, who = pl.col("decision_id"), pl.format("candidate {}", "candidate_id")
    hint = "Add a need there, or decide otherwise."
    wrong = pins_not_kept(campaign, given)
    return defects(C78, "decisions", wrong, column="decision_id", value=value, who=who, problem=problem, hint=hint)
