"""Linked requests (*demandes liées*): the same wishes in the same order, and no member without the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from engine.model.criteria.award import first_reason
from engine.model.defects import Rule, defects
from engine.model.market import Ints

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

ALIKE = Rule(
    "C34", "Linked candidates all hold a post, or none does, and all must take part, or none: they stay or go together."
)
UNLIKE = {
    "holds": ("holds a post, and the other member none", "holds no post, and the other member one"),
    "must": ("must take part, and the other member need not", "need not take part, and the other member must"),
}
SET_ASIDE = "linked_wish_set_aside"
NOTHING_IN_COMMON = "linked_nothing_in_common"

Counted = Literal["own", "minimum", "mean"]
"""With which points linked candidates are ranked."""


def memberships(campaign: Campaign) -> pl.DataFrame:
    """candidate_id, link_id of every linked candidate."""
    return campaign.links.select("candidate_id", "link_id")


def wishes_with_links(reasons: pl.Series, wishes: pl.DataFrame, candidates: pl.DataFrame) -> pl.Series:
    """Reasons of wishes, those of linked ones added: what is set aside for one member is set aside for all.

    Parameters
    ----------
    reasons : String per wish, null where it takes part
    wishes : columns candidate (row of `candidates`), rank
    candidates : column link_id, null where a candidate is not linked
    """
    if candidates["link_id"].null_count() == candidates.height:
        return reasons
    link = candidates["link_id"].gather(wishes["candidate"])
    rows = wishes.select("rank").with_columns(link, reasons.alias("reason"))
    aside = rows.drop_nulls(["link_id", "reason"]).select("link_id", "rank").unique().with_columns(aside=True)
    rows = rows.join(aside, on=["link_id", "rank"], how="left", maintain_order="left")
    return rows.select(pl.coalesce("reason", first_reason((pl.col("aside"), SET_ASIDE))).alias("reason"))["reason"]


def with_the_others(group: pl.Expr, code: str) -> pl.Expr:
    """The reason of each row (column reason) of linked candidates, `code` where only others of its group have one."""
    one_is = pl.col("reason").is_not_null().any().over(group)
    return pl.coalesce("reason", first_reason((one_is, code))).alias("reason")


def unlike_members(members: pl.DataFrame) -> pl.DataFrame:
    """Defects (C34) of members who hold a post, or must take part, and are linked to one of whom that is not so.

    Parameters
    ----------
    members : columns link_id, candidate_id, held_post, mandatory; ``#row`` where they are rows of the input
    """
    holds, must = pl.col("held_post").is_not_null(), pl.col("mandatory").fill_null(False)
    rows = members.with_columns(holds.alias("#holds"), must.alias("#must"))
    first = (
        pl.col(name).sort_by("candidate_id").first().over("link_id") for name in ("candidate_id", "#holds", "#must")
    )
    rows = rows.with_columns(column.name.suffix("#first") for column in first)
    found = [
        rows.filter(pl.col(f"#{fact}") != pl.col(f"#{fact}#first")).with_columns(
            pl.when(f"#{fact}").then(pl.lit(yes)).otherwise(pl.lit(no)).alias("#sentence")
        )
        for fact, (yes, no) in UNLIKE.items()
    ]
    problem = pl.concat_str("#sentence", pl.lit(" (linked to "), "candidate_id#first", pl.lit(")."))
    member = pl.col("candidate_id")
    return defects(ALIKE, "links", pl.concat(found), column="candidate_id", value=member, problem=problem)


def points_of_links(group: tuple[str, ...], how: Counted) -> pl.Expr:
    """The points each row counts with, among the rows of its group: its own, the smallest, or the mean.

    A mean has whole thousandths; what is less is dropped.
    """
    points = pl.col("points")
    if how == "minimum":
        return points.min().over(group)
    return points.sum().over(group) // pl.len().over(group) if how == "mean" else points


def link_numbers(campaign: Campaign, admitted: pl.Series) -> Ints:
    """int64[n]: the link of each candidate, numbered in the order of their names, or -1.

    Parameters
    ----------
    admitted : Boolean per candidate; a link none of whose requests is admitted is none
    """
    people = campaign.candidates.select("candidate_id").with_columns(admitted.alias("admitted"))
    linked = people.join(memberships(campaign), on="candidate_id", how="left", maintain_order="left")
    number = pl.when("admitted").then(pl.col("link_id")).rank("dense").cast(pl.Int64) - 1
    return linked.select(number.fill_null(-1)).to_series().to_numpy()
