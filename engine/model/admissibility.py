"""Input rules: which requests and which wishes take part, and the reason of each that does not.

Nothing disappears: what is set aside keeps its row and bears a reason code, whose sentence is in ``reasons.toml``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from engine.model.criteria.award import first_reason
from engine.model.geography import academies
from engine.model.links import wishes_with_links
from engine.model.overtime.calendar import late_confirmation, late_request, void_cancellation
from engine.model.rulebook import SessionRules

if TYPE_CHECKING:
    from engine.model.campaign import Campaign

DATED = ("request_date", "confirmation_date", "cancel_date")
UNREAD = {
    "server_close": (("request_date",), "the day the server closed was not read: no request is late"),
    "late_limit": (
        ("request_date", "cancel_date", "date"),
        "the last day for late requests was not read: none is too late",
    ),
    "confirmation": (
        ("confirmation_date", "cancel_date", "date"),
        "the last day for confirmations was not read: none is late, and requests may be changed",
    ),
    "evidence": (("received",), "the last day for evidence was not read: none is late but where another day is known"),
    "corrections": (("corrected",), "the last day for corrections of points was not read: none is too late"),
}
"""Days of the calendar: which dates are judged by them, and what it means that they were not read."""

CANCELLED = "cancelled_"
"""A cancelled request has this and the code of its cause as reason."""


def request_reasons(candidates: pl.DataFrame, rules: SessionRules) -> pl.Series:
    """String per candidate: why his request is set aside, null where it is not.

    A request is set aside when it is cancelled, when it came before the server opened, after it closed without a valid
    reason or after the last day for late requests, or when its confirmation came too late. A cancellation that comes
    too late itself does not count. A day that no text gave sets nothing aside.
    """
    cancelled = pl.when(void_cancellation(rules).is_null()).then(pl.lit(CANCELLED) + pl.col("cancelled"))
    reason = pl.coalesce(cancelled, late_request(rules), late_confirmation(rules))
    return candidates.select(reason.alias("reason")).to_series()


def wish_reasons(wishes: pl.DataFrame, candidates: pl.DataFrame, rules: SessionRules) -> pl.Series:
    """String per wish: why it is set aside, null where it is not.

    The reason of the request comes first, then the own académie and what follows it, then kind, zone and number, then
    what is set aside for a linked candidate.

    Parameters
    ----------
    wishes : wish facts (`engine.model.criteria.facts.wish_facts`)
    candidates : candidate facts with the column ``request_reason``
    """
    compared = candidates.select("request_reason", max_wishes=_max_wishes(rules))
    compared = compared.with_columns(_rank_of_own_zone(wishes, candidates))
    facts = wishes.select("candidate", "rank", "kind", "school_type", "academy").hstack(
        compared.select(pl.all().gather(wishes["candidate"]))
    )
    truncates = pl.lit(rules.flag("wishes", "own_zone_truncates"))
    reason = pl.coalesce(
        "request_reason",
        first_reason(
            (truncates & (pl.col("rank") == pl.col("own_rank")), "own_zone"),
            (truncates & (pl.col("rank") > pl.col("own_rank")), "after_own_zone"),
            (~pl.col("kind").is_in(rules.codes("wishes", "kinds")), "kind_not_admissible"),
            (_is_typed(rules), "school_type_not_admissible"),
            (~pl.col("academy").is_in(sorted(academies(rules.session))), "zone_not_admissible"),
            (pl.col("rank") > pl.col("max_wishes"), "too_many_wishes"),
        ),
    )
    return wishes_with_links(facts.select(reason.alias("reason")).to_series(), wishes, candidates)


def calendar_notes(campaign: Campaign, rules: SessionRules) -> tuple[str, ...]:
    """What could not be judged because no text was read, where the campaign has something to judge."""
    dated = {name: campaign.candidates[name].is_not_null().any() for name in DATED}
    dated |= {"received": campaign.evidence["received"].is_not_null().any()}
    dated |= {"date": not campaign.amendments.is_empty(), "corrected": not campaign.corrections.is_empty()}
    return tuple(
        f"session {rules.session}: {sentence}"
        for key, (columns, sentence) in UNREAD.items()
        if rules.day("calendar", key) is None and any(dated[column] for column in columns)
    )


def _max_wishes(rules: SessionRules) -> pl.Expr:
    pegc = pl.col("corps") == "pegc"
    return pl.when(pegc).then(rules.count("wishes", "max_wishes_pegc")).otherwise(rules.count("wishes", "max_wishes"))


def _is_typed(rules: SessionRules) -> pl.Expr:
    return pl.lit(False) if rules.flag("wishes", "typed") else pl.col("school_type").is_not_null()


def _rank_of_own_zone(wishes: pl.DataFrame, candidates: pl.DataFrame) -> pl.Series:
    """Int64 per candidate: the rank of the first wish for the académie of the post held, else null."""
    holders = candidates.select(academy="own_academy").with_row_index("candidate").drop_nulls()
    asked = wishes.select("candidate", "academy", "rank").join(holders, on=["candidate", "academy"], how="semi")
    first = asked.group_by("candidate").agg(own_rank=pl.col("rank").min())
    rows = candidates.select("candidate_id").with_row_index("candidate")
    return rows.join(first, on="candidate", how="left", maintain_order="left")["own_rank"]
