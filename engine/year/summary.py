"""What a run of a year gives: the campaigns in their order, who passed between them, the figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from engine.verify.verdict import Verdict
from engine.year.plan import Plan

STATUSES = ("assigned", "extended", "kept", "as_before", "unassigned", "other")
"""What becomes of candidates.

as_before: nothing in this campaign, of who need not leave it with a post (on specific posts, whoever keeps the ordinary
one held); unassigned: nothing, of who must; other: excluded, or withheld by a check.
"""


@dataclass(frozen=True, eq=False)
class YearRun:
    """A year that was run.

    Attributes
    ----------
    plan : its campaigns in their order
    passages : source, target, link and the columns of `engine.year.carried`: who passed from one campaign to another
    summaries : of the campaigns, by name
    statuses : how many candidates of each campaign ended in which of `STATUSES`
    after : the same for those whom a link brought into a campaign, by ``SOURCE → TARGET``
    verdicts : whether all properties hold, by campaign; a campaign after one that fails is not run
    handovers : the verdict on what campaigns hand over to each other
    stopped : whether a search reached its time limit
    reports : whether each campaign has a report
    """

    plan: Plan
    passages: pl.DataFrame
    summaries: dict[str, dict[str, Any]]
    statuses: dict[str, dict[str, int]]
    after: dict[str, dict[str, int]]
    verdicts: dict[str, bool]
    handovers: Verdict
    stopped: bool
    reports: bool
    session: int

    @property
    def holds(self) -> bool:
        """Whether every campaign was run and every verdict holds, that of the hand-overs too."""
        whole = len(self.verdicts) == len(self.plan.steps) and all(self.verdicts.values())
        return whole and self.handovers.holds


def year_record(done: YearRun) -> dict[str, Any]:
    """The year as plain values: verdicts, who passed between campaigns, and the figures of each."""
    return {
        "year": done.plan.id,
        "order": [step.name for step in done.plan.steps],
        "verdicts": done.verdicts,
        "handovers": {item.name: item.status for item in done.handovers.properties},
        "passages": passage_counts(done.passages).to_dicts(),
        "campaigns": done.summaries,
    }


def status_counts(outcomes: pl.DataFrame, obliged: pl.Series) -> dict[str, int]:
    """How many ended in which of `STATUSES`; `obliged` are the candidates who must leave the campaign with a post."""
    free = (pl.col("status") == "unassigned") & ~pl.col("candidate_id").is_in(obliged.implode())
    known = pl.when(pl.col("status").is_in(STATUSES)).then("status").otherwise(pl.lit("other"))
    named = outcomes.select(status=pl.when(free).then(pl.lit("as_before")).otherwise(known))
    counts = dict(named["status"].value_counts().iter_rows())
    return {status: int(counts.get(status, 0)) for status in STATUSES}


def passage_counts(passages: pl.DataFrame) -> pl.DataFrame:
    """source, target, link, change, reason with how many people, and how many seats they freed."""
    keys = ["source", "target", "link", "change", "reason"]
    counts = passages.group_by(keys).agg(people=pl.len(), seats=pl.col("seat_freed").sum())
    return counts.with_columns(pl.col("people", "seats").cast(pl.Int64)).sort(keys)


def print_year(done: YearRun, out: Path) -> None:
    """Verdicts and passages as tables on a terminal."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"[bold]{done.plan.id}[/]")
    verdicts = Table("campaign", "candidates", "verdict", box=None, pad_edge=False)
    for step in done.plan.steps:
        holds = {True: "holds", False: "FAILS", None: "not run"}[done.verdicts.get(step.name)]
        candidates = sum(done.statuses.get(step.name, {}).values())
        verdicts.add_row(step.name, f"{candidates:,}", holds)
    console.print(verdicts)
    counts = Table("from", "to", "link", "change", "why", "people", "seats freed", box=None, pad_edge=False)
    for row in passage_counts(done.passages).iter_rows():
        counts.add_row(*(f"{cell:,}" if isinstance(cell, int) else cell for cell in row))
    if counts.row_count:
        console.print(counts)
    print_handovers(done.handovers)
    console.print(f"{out}")


def print_handovers(verdict: Verdict) -> None:
    """The properties of the hand-overs as a table on a terminal, with the first of what breaks them."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    table = Table("", "hand-overs", "", "evidence", box=None, pad_edge=False)
    for item in verdict.properties:
        title, status = item.title.told_in("en"), item.status.replace("_", " ")
        table.add_row(item.name, title, status, item.evidence_in("en"))
    console.print(table)
    for item in verdict.failed:
        for row in item.violations.head(3).iter_rows(named=True):
            console.print(f"  {item.name}: {row['candidate_id'] or ''} {row['sentence']}", markup=False)
