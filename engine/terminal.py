"""Figures, verdicts and rule values as tables on a terminal."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.model.differences import told_details
from engine.model.linkfates import SERVED
from engine.model.rulebook import SessionRules, dotted_name
from engine.runs import AdjustmentRun, AnyRun
from engine.verify.verdict import Verdict

MARK = {
    "holds": ("holds", "green"),
    "fails": ("FAILS", "bold red"),
    "unproven": ("open", "yellow"),
    "given_up": ("waived", "yellow"),
    "not_applicable": ("n/a", "dim"),
}
EXAMPLES = 2  # cases of what the mechanism gives up
SHOWN = 5  # violations of a property shown on the terminal; verdict.json has more


def print_summary(done: AnyRun) -> None:
    """The main figures of a run."""
    settings, summary = done.campaign.settings, done.summary
    console = Console(highlight=False)
    console.print(
        f"[bold]{settings.id}[/]  {settings.movement}, rulebook {settings.rulebook}, session {settings.session}"
    )
    table = Table(show_header=False, box=None, pad_edge=False)
    for label, value in _of_services(summary) if isinstance(done, AdjustmentRun) else _figures(summary):
        table.add_row(label, Text(value, justify="right"))
    console.print(table)
    if done.compared is not None:
        _print_changes(console, done.compared)
    if "least_change" in summary:
        kept = summary["least_change"]
        console.print(f"who had a place and moves: {kept['moved']:,}; at least {kept['bound']:,} have to")


def _print_changes(console: Console, changes: pl.DataFrame) -> None:
    """Who changes since the previous run, the first of them named."""
    changed = changes.filter("changed")
    others = changes.height - changed.height
    console.print(f"since the previous run: {changed.height:,} change, {others:,} have other input and do not")
    for row in changed.head(SHOWN).iter_rows(named=True):
        way = f"{row['previous_post_id'] or 'nothing'} > {row['post_id'] or 'nothing'}"
        why = f"{row['cause']} {told_details(row['detail'], 'en', {})}".strip()
        console.print(Text(f"      {row['candidate_id']} {way}: {why}"))


def print_verdict(verdict: Verdict, *, ours: bool = True) -> None:
    """Every property with its status; the first violations of those that fail."""
    console = Console(highlight=False, soft_wrap=True)
    for item in verdict.properties:
        word, style = MARK[item.status]
        title, evidence = item.title.told_in("en"), item.evidence_in("en")
        console.print(
            Text.assemble((f"{item.name:<4}", "bold"), (f"{word:<7}", style), f"{title}. ", (evidence, "dim"))
        )
        for row in item.violations.head(SHOWN).iter_rows(named=True):
            console.print(Text(f"      {row['candidate_id'] or row['post_id'] or ''} {row['sentence']}"))
        if item.status == "given_up":
            for row in item.proofs.head(EXAMPLES).iter_rows(named=True):
                console.print(Text(f"      e.g. {row['candidate_id'] or ''} {row['sentence']}", style="dim"))
        if item.violations.height > SHOWN:
            console.print(f"      and {item.violations.height - SHOWN} more")
    fails = "The verdict FAILS: what it touches is withheld." if ours else "The verdict FAILS."
    outcome = "The verdict holds." if verdict.holds else fails
    console.print(Text(outcome, style="bold green" if verdict.holds else "bold red"))


def print_rules(rules: SessionRules) -> None:
    """Values in force, legal block by legal block, each with its source; those not read in a text stand out."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[bold]{rules.rulebook}[/], session {rules.session}")
    for block, values in groupby(rules.values_used, key=lambda value: value.block):
        title = rules.blocks[block].title if block in rules.blocks else "not in force"
        console.print(Text.assemble("\n", (block, "bold"), f"  {title}"))
        for value in values:
            note = f" ({value.note})" if value.note else ""
            since = f"since {value.session_from}, {value.told_confidence}, {value.source}{note}"
            name = dotted_name(rules.rulebook, block, value.name)
            style = "dim" if value.confidence == "read" else "yellow"
            console.print(Text.assemble(f"  {name:<28} {value.text:<12} {value.unit:<8} ", (since, style)))
    for note in rules.notes:
        console.print(f"note: {note}")


def _figures(summary: dict[str, Any]) -> list[tuple[str, str]]:
    holders, mandatory, chains = summary["holders"], summary["mandatory"], summary["chains"]
    return [
        ("candidates", f"{summary['candidates']:,}"),
        ("wishes", f"{summary['wishes']:,}"),
        ("holders who moved", _of(holders["moved"], holders["candidates"])),
        ("  of them on wish 1", _of(holders["on_wish_1"], holders["moved"])),
        *(_of_phases(summary["phases"], holders["moved"]) if "phases" in summary else _of_the_obliged(mandatory)),
        ("seats filled that others freed", f"{chains['filled_by_chains']:,}"),
        *_linked(summary["links"]),
        *_on_requests(summary.get("requests")),
    ]


def _of_the_obliged(mandatory: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        ("mandatory on wish 1", _of(mandatory["on_wish_1"], mandatory["candidates"])),
        ("mandatory extended", _of(mandatory["extended"], mandatory["candidates"])),
        ("mandatory without a post", _of(mandatory["unassigned"], mandatory["candidates"])),
    ]


def _on_requests(requests: dict[str, int] | None) -> list[tuple[str, str]]:
    """What specific posts add; nothing in other movements."""
    if requests is None:
        return []
    return [
        ("requests admissible", _of(requests["admissible"], requests["made"])),
        ("candidates retained", _of(requests["retained"], requests["candidates"])),
        ("  of them first on the post", _of(requests["retained_first_ranked"], requests["retained"])),
    ]


def _of_phases(phases: dict[str, Any], moved: int) -> list[tuple[str, str]]:
    later = phases["permutations"]
    return [
        ("moved by mutation", _of(phases["mutations"]["moved"], moved)),
        ("moved by permutation", _of(later["moved"], moved)),
        ("  of them moved before", _of(later["moved_before"], later["moved"])),
    ]


def _linked(links: dict[str, Any]) -> list[tuple[str, str]]:
    if not links:
        return []
    served = sum(links.get(fate, 0) for fate in SERVED)
    one_short = ("  refused for one member's sake", _of(links.get("one_short", 0), links["asked"]))
    return [("linked requests served", _of(served, links["asked"])), one_short]


def _of_services(summary: dict[str, Any]) -> list[tuple[str, str]]:
    covered, within = summary["hours_covered"] // 1000, summary["hours_within_reach"] // 1000
    return [
        ("TZR", f"{summary['tzr']:,}"),
        ("with a service for the year", _of(summary["employed"], summary["tzr"])),
        ("  in two or three schools", _of(summary["split"], summary["employed"])),
        ("  on preference 1", _of(summary["preference"].get("1", 0), summary["employed"])),
        ("hours covered, of those within reach", _of(covered, within)),
        ("  at most possible", f"{summary['hours_bound'] // 1000:,}"),
        ("blocks proven", _of(summary["blocks_proven"], summary["blocks"])),
    ]


def _of(part: int, whole: int) -> str:
    share = f"  {100 * part / whole:5.1f} %" if whole else ""
    return f"{part:,} of {whole:,}{share}"
