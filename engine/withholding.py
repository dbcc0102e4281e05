"""A property that fails withholds the result of the disciplines it touches, and nothing else (DESIGN 8).

Disciplines that links join are one component: what is withheld in one is withheld in all.
"""

from __future__ import annotations

import polars as pl

from engine.model.campaign import Campaign
from engine.model.outcome import Outcome
from engine.verify.verdict import Verdict

CLEARED = ("rank", "kind", "code", "place_id", "post_id", "phase", "before_rank", "before_post_id")


def withhold(campaign: Campaign, tables: Outcome, verdict: Verdict) -> Outcome:
    """The tables without what the failed properties touch: candidates stay, with the status ``withheld`` and the
    reason."""
    touched = verdict.withheld_components()
    if touched.is_empty():
        return tables
    everything = touched["component"].null_count() > 0
    named = touched["component"].drop_nulls()
    disciplines = campaign.candidates["discipline"].unique() if everything else _joined(campaign, named)
    people = campaign.candidates.filter(pl.col("discipline").is_in(disciplines.implode())).select("candidate_id")
    failed = [item.name for item in verdict.failed]
    return Outcome(
        outcomes=_withheld_outcomes(tables.outcomes, people, " ".join(failed)),
        wishes=_withheld_wishes(tables.wishes, people),
        cutoffs=_left(tables.cutoffs, disciplines),
        chains=tables.chains.join(people, on="candidate_id", how="anti"),
        departments=None if tables.departments is None else _left(tables.departments, disciplines),
        selections=None if tables.selections is None else _withheld_selections(tables.selections, people),
    )


def _joined(campaign: Campaign, disciplines: pl.Series) -> pl.Series:
    """These disciplines, and those that links or requests join to one of them: there are no links beside requests."""
    joined = _joined_by_requests if campaign.requests.height else joined_by_links
    return joined(campaign, disciplines)


def _left(table: pl.DataFrame, disciplines: pl.Series) -> pl.DataFrame:
    return table.filter(~pl.col("discipline").is_in(disciplines.implode()))


def joined_by_links(campaign: Campaign, disciplines: pl.Series) -> pl.Series:
    """These disciplines, and those that a row of links joins to one of them."""
    members = campaign.candidates.select("candidate_id", "discipline").join(campaign.links, on="candidate_id")
    while True:  # ends: each turn but the last finds a discipline more
        within = members.filter(pl.col("discipline").is_in(disciplines.implode()))
        links = members.join(within, on="link_id", how="semi")
        found = pl.concat([disciplines, links["discipline"]]).unique().sort()
        if len(found) == disciplines.n_unique():
            return found
        disciplines = found


def _joined_by_requests(campaign: Campaign, disciplines: pl.Series) -> pl.Series:
    """The disciplines, and those that candidates join to them by asking for posts of several."""
    asked = campaign.candidates.select("candidate_id", "discipline").vstack(
        campaign.requests.select("candidate_id", "discipline")
    )
    while True:
        people = asked.filter(pl.col("discipline").is_in(disciplines.implode())).select("candidate_id")
        wider = pl.concat([disciplines, asked.join(people, on="candidate_id", how="semi")["discipline"]]).unique()
        if len(wider) == disciplines.n_unique():
            return wider.sort()
        disciplines = wider


def _withheld_outcomes(outcomes: pl.DataFrame, people: pl.DataFrame, names: str) -> pl.DataFrame:
    concerned = pl.col("candidate_id").is_in(people["candidate_id"].implode())
    cleared = [pl.when(concerned).then(None).otherwise(pl.col(column)).alias(column) for column in CLEARED]
    return outcomes.with_columns(
        *cleared,
        status=pl.when(concerned).then(pl.lit("withheld")).otherwise("status"),
        reason=pl.when(concerned).then(pl.lit(f"verdict_failed {names}")).otherwise("reason"),
    )


def _withheld_selections(selections: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    concerned = pl.col("candidate_id").is_in(people["candidate_id"].implode())
    return selections.with_columns(
        position=pl.when(~concerned).then("position"),
        result=pl.when(concerned).then(pl.lit("withheld")).otherwise("result"),
    )


def _withheld_wishes(wishes: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    concerned = pl.col("candidate_id").is_in(people["candidate_id"].implode())
    cleared = [pl.when(concerned).then(None).otherwise(pl.col(c)).alias(c) for c in ("cutoff_points", "missing_points")]
    return wishes.with_columns(*cleared, result=pl.when(concerned).then(pl.lit("withheld")).otherwise("result"))
