"""Evidence that did not arrive, or too late: its criteria are refused like those of the column evidence_missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from engine.model.overtime.calendar import late_evidence
from engine.model.sessionrules import SessionRules

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

LATE = "evidence_late"
"""Reason of a criterion whose evidence came too late; column of the candidates with these criteria."""

MISSING = "evidence_missing"
"""Reason of a criterion without evidence; column of the candidates with these criteria."""


NOTHING = "corrected_to_nothing"
"""Reason of a criterion corrected to no points; column of the candidates with these criteria."""


def with_evidence(campaign: Campaign, rules: SessionRules) -> Campaign:
    """The campaign whose candidates name, beside what they lack, every criterion the table evidence refuses.

    Returns
    -------
    Campaign, its candidates with the added column evidence_late (criteria, blanks between)
    """
    if campaign.evidence.is_empty():
        return campaign
    late, never = late_evidence(rules), pl.col("received").is_null()
    refused = campaign.evidence.filter(late | never).group_by("candidate_id", maintain_order=True)
    named = refused.agg(
        lacking=pl.col("criterion").str.join(" "), late=pl.col("criterion").filter(late).str.join(" ")
    ).with_columns(late=pl.when(pl.col("late") != "").then("late"))
    candidates = campaign.candidates.join(named, on="candidate_id", how="left", maintain_order="left")
    lacking = pl.concat_str(MISSING, "lacking", separator=" ", ignore_nulls=True)
    candidates = candidates.with_columns(
        pl.when(lacking != "").then(lacking).alias(MISSING), pl.col("late").alias(LATE)
    )
    return replace(campaign, candidates=candidates.drop("lacking", "late"))


def told_why(candidates: pl.DataFrame, reason: pl.Expr, criterion: pl.Expr | str) -> pl.Expr:
    """A reason with what is so, a correction to nothing or late evidence, in the place of `evidence_missing`.

    Parameters
    ----------
    criterion : name of the criterion, or an expression that gives it per candidate
    """
    name = pl.lit(criterion) if isinstance(criterion, str) else criterion
    told = reason
    for code in (code for code in (LATE, NOTHING) if code in candidates.columns):
        named = pl.col(code).str.split(" ").list.contains(name).fill_null(False)
        told = pl.when(named & (reason == MISSING)).then(pl.lit(code)).otherwise(told)
    return told
