"""What the criteria of the TZR adjustment look at, and the preferences that are set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from engine.model import admissibility
from engine.model.criteria.award import NO_REASON, first_reason
from engine.model.sessionrules import SessionRules
from engine.model.tzr.reach import reached_places, zone_of_tzr

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

ZONE = ["kind", "code", "school_type"]


def candidate_facts(campaign: Campaign, rules: SessionRules) -> pl.DataFrame:
    """The TZR, sorted by candidate_id, with `evidence` (list of criteria without evidence).

    No family situation counts at the adjustment: `family_refusal` is null.
    """
    evidence = pl.col("evidence_missing").str.split(" ")
    return campaign.candidates.sort("candidate_id").with_columns(evidence=evidence, family_refusal=NO_REASON)


def wish_facts(campaign: Campaign, candidates: pl.DataFrame, rules: SessionRules) -> pl.DataFrame:
    """The preferences, sorted by candidate_id, rank, with what is looked at when they are set aside.

    Added columns: candidate (row of the candidate in `candidates`), in_family_reach (false), in_zone (some school the
    preference covers is in the zone of the TZR), has_need (some need of the discipline is there).
    """
    rows = candidates.select("candidate_id").with_row_index("candidate")
    wishes = campaign.wishes.sort("candidate_id", "rank")
    wishes = wishes.join(rows, on="candidate_id", how="left", maintain_order="left")
    named = wishes.select("candidate_id", *ZONE, "rank").join(zone_of_tzr(campaign), on="candidate_id", how="left")
    reached = reached_places(campaign, named)
    needed = reached.join(campaign.needs, on=["place_id", "discipline"], how="semi")
    keys = ["candidate_id", "rank"]
    for name, found in (("in_zone", reached), ("has_need", needed)):
        there = found.select(keys).unique().with_columns(pl.lit(True).alias(name))
        wishes = wishes.join(there, on=keys, how="left", maintain_order="left")
    return wishes.with_columns(pl.col("in_zone", "has_need").fill_null(False), in_family_reach=False)


def request_reasons(candidates: pl.DataFrame, rules: SessionRules) -> pl.Series:
    """String per TZR, all null: whoever holds a zone takes part, with preferences or without."""
    return pl.Series("reason", [None] * candidates.height, pl.String)


def wish_reasons(wishes: pl.DataFrame, candidates: pl.DataFrame, rules: SessionRules) -> pl.Series:
    """String per preference: why it is set aside, null where it is not.

    Preferences that came late or were withdrawn come first, then kind, number, and what is outside the zone.

    Parameters
    ----------
    wishes : wish facts
    candidates : candidate facts
    """
    late = admissibility.request_reasons(candidates, rules).alias("late")
    facts = wishes.with_columns(late.gather(wishes["candidate"]))
    typed = pl.lit(not rules.flag("wishes", "typed")) & pl.col("school_type").is_not_null()
    reason = pl.coalesce(
        "late",
        first_reason(
            (~pl.col("kind").is_in(rules.codes("wishes", "kinds")), "kind_not_admissible"),
            (typed, "school_type_not_admissible"),
            (pl.col("rank") > rules.count("wishes", "max_wishes"), "too_many_wishes"),
            (~pl.col("in_zone"), "outside_own_zone"),
            (~pl.col("has_need"), "no_need_there"),
        ),
    )
    return facts.select(reason.alias("reason"))["reason"]
