"""The page of a year: its campaigns, who passed between them, and the reports of each one click away."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from engine.model.geography import academies
from engine.model.words import Language, Words, words_of
from engine.report.control import finding
from engine.report.drawing import INK, Part, opposed_bars, stacked_bars, svg, unchecked
from engine.report.fates import share_bar
from engine.report.parts import Banner, Cell, Column, Findings, Picture, Section, Table, Text, Tile
from engine.report.template import resource, template
from engine.year.summary import STATUSES, YearRun, passage_counts

COLOURS = dict(zip(STATUSES, ("#2a7f62", "#8bbf9f", "#c9d3dc", "#e6ebf0", "#c8553d", "#e3b23c"), strict=True))
DARK = ("assigned", "unassigned")
ENTERED, LEFT = "#2a7f62", "#c8553d"


def render_year(done: YearRun, language: Language = "fr") -> str:
    """The page of a year as HTML: no scripts, no network, the same bytes every time."""
    said = year_words(language)
    sections = [section for section in (_campaigns(done, said), _chain(done, said), _handovers(done, said)) if section]
    pictures = [block for section in sections for block in section.blocks if isinstance(block, Picture)]
    with unchecked():
        drawings = {picture: svg(picture.drawing, picture.alternative, language) for picture in pictures}
    names = ", ".join(step.name for step in done.plan.steps)
    return template().render(
        words=said,
        style=resource("report.css"),
        title=said("year_title", id=done.plan.id),
        subtitle=said("year_subtitle", count=len(done.plan.steps), names=names),
        banner=_banner(done, said),
        tiles=_tiles(done, said),
        sections=sections,
        drawings=drawings,
    )


def year_words(language: Language) -> Words:
    """The phrases of reports and those of the year."""
    return words_of(language, "engine.report", "engine.year")


def _banner(done: YearRun, said: Words) -> Banner:
    limit = (said("year_time_limit"),) if done.stopped else ()
    if done.holds:
        return Banner("good", said("year_holds"), limit)
    failed = [name for name, holds in done.verdicts.items() if not holds]
    failed += [item.name for item in done.handovers.failed]
    missing = [step.name for step in done.plan.steps if step.name not in done.verdicts]
    line = said("year_stopped_at", failed=", ".join(failed) or "–", missing=", ".join(missing) or "–")
    return Banner("bad", said("year_fails"), (line, *limit))


def _tiles(done: YearRun, said: Words) -> tuple[Tile, ...]:
    counts, passages = done.statuses, passage_counts(done.passages)
    everyone, granted = sum(map(_total, counts.values())), sum(map(_granted, counts.values()))
    entered = passages.filter(pl.col("change") == "entered")
    left_over = passages.filter(pl.col("change") == "left_over")
    figures = {
        "candidates": (everyone, said("year_candidates_note")),
        "moved": (granted, said("year_moved_note", share=said.share(granted, everyone))),
        "passed": (int(entered["people"].sum()), said("year_passed_note")),
        "freed": (int(passages["seats"].sum()), said("year_freed_note")),
        "left_over": (int(left_over["people"].sum()), said("year_left_over_note")),
    }
    return tuple(Tile(said(f"year_{name}"), said.number(value), note) for name, (value, note) in figures.items())


def _total(counts: Mapping[str, int]) -> int:
    return sum(counts.values())


def _granted(counts: Mapping[str, int]) -> int:
    return counts["assigned"] + counts["extended"]


def _campaigns(done: YearRun, said: Words) -> Section:
    header = ("campaign", "requests", *(f"status_{name}" for name in STATUSES), "verdict")
    columns = tuple(Column(said(f"year_{name}"), name != "verdict") for name in header)
    rows = list[tuple[str | Cell, ...]]()
    for step in done.plan.steps:
        if step.name in done.verdicts:
            counts, holds = done.statuses[step.name], done.verdicts[step.name]
            name = said(f"movement_{step.movement}")
            leads = f"./campaigns/{step.name}/report.html" if done.reports else ""
            verdict = Cell(said(f"year_verdict_{str(holds).lower()}"), tone="good" if holds else "bad")
            figures = (said.number(_total(counts)), *(said.number(counts[status]) for status in STATUSES))
            rows.append((Cell(step.name, leads, name), *figures, verdict))
    table = Table(said("year_campaigns"), columns, tuple(rows))
    return Section(
        "campaigns",
        said("year_campaigns"),
        (Text(said("year_campaigns_note"), "note"), table, _fates(done.statuses, "fates", said)),
    )


def _fates(counts: Mapping[str, Mapping[str, int]], subject: str, said: Words) -> Picture:
    """Shares of statuses, one bar per campaign or link."""
    parts = tuple(
        Part(said(f"year_status_{name}"), colour, "#ffffff" if name in DARK else INK)
        for name, colour in COLOURS.items()
    )
    labels = {status: part.label for status, part in zip(COLOURS, parts, strict=True)}
    rows = [
        segment
        for name, some in counts.items()
        for segment in share_bar(name, {labels[status]: some[status] for status in labels}, said)
    ]
    drawing = stacked_bars({"year": rows}, list(counts), parts)
    return Picture(drawing, said(f"year_alt_{subject}"), said(f"year_{subject}"), parts)


def _chain(done: YearRun, said: Words) -> Section:
    counts = passage_counts(done.passages)
    if counts.is_empty():
        return Section("chain", said("year_chain"), (Text(said("year_no_links"), "empty"),))
    columns = tuple(Column(said(f"year_{name}"), name in ("people", "freed")) for name in ("from", "to", "change"))
    columns += (Column(said("year_people")), Column(said("year_freed")))
    rows = tuple(
        (
            row["source"],
            row["target"],
            said(f"year_change_{row['change']}_{row['reason']}"),
            said.number(row["people"]),
            said.number(row["seats"]),
        )
        for row in counts.iter_rows(named=True)
    )
    table = Table(said("year_chain"), columns, rows)
    pictures = [_fates(done.after, "after", said)] if done.after else []
    by_academy = _by_academy(done, said)
    pictures += [by_academy] if by_academy else []
    return Section("chain", said("year_chain"), (Text(said("year_chain_note"), "note"), table, *pictures))


def _handovers(done: YearRun, said: Words) -> Section:
    """Every property of the hand-overs with its evidence."""
    items = tuple(finding(item, said) for item in done.handovers.properties)
    return Section("handovers", said("year_handovers"), (Text(said("year_handovers_note"), "note"), Findings(items)))


def _by_academy(done: YearRun, said: Words) -> Picture | None:
    """Who enters and who leaves each académie by the inter."""
    inter = done.passages.filter((pl.col("link") == "entrants") & pl.col("academy").is_not_null())
    if inter.is_empty():
        return None
    counts = inter.group_by("academy").agg(
        entered=(pl.col("change") == "entered").sum(), left=(pl.col("change") == "removed").sum()
    )
    parts = (Part(said("year_entered"), ENTERED), Part(said("year_left"), LEFT))
    names, rows, cells = [], list[dict[str, str | int]](), list[tuple[str, ...]]()
    known = academies(done.session)
    for academy, entered, left in counts.sort("academy").iter_rows():
        name = known[academy].name if academy in known else academy
        names.append(name)
        for part, value in zip(parts, (entered, -left), strict=True):
            hint = f"{name}: {part.label} {said.number(abs(value))}"
            rows.append({"row": name, "part": part.label, "value": value, "hint": hint})
        balance = said.number(entered - left, signed=True)
        rows[-1] |= {"sum": entered - left, "text": balance}
        cells.append((name, said.number(entered), said.number(left), balance))
    drawing = opposed_bars(rows, names, parts, said("year_people"), said("year_balance"))
    header = tuple(Column(said(f"year_{name}")) for name in ("academy", "entered", "left", "balance"))
    table = Table(said("year_by_academy"), header, tuple(cells), folded=True)
    return Picture(drawing, said("year_alt_by_academy"), said("year_by_academy"), parts, table)
