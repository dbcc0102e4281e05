"""The report of a run: one HTML file that opens offline, without scripts, the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from engine.report.balance import areas_section
from engine.report.basis import options_section, reproduction_section, rules_section
from engine.report.chains import chains_section
from engine.report.changes import changes_section
from engine.report.control import banner, verdict_section
from engine.report.cutoffs import cutoffs_section
from engine.report.decisions import decisions_section
from engine.report.drawing import svg, unchecked, warm_up
from engine.report.extension import extension_section
from engine.report.facts import Facts, Told, facts_of
from engine.report.family import family_section
from engine.report.flows import flows_section
from engine.report.improvement import improvement_section
from engine.report.maps import maps_section
from engine.report.moves import disciplines_section, moves_section
from engine.report.overtime import overtime_section
from engine.report.parts import Picture, Section, Tile
from engine.report.phases import gates_section, phases_section
from engine.report.placement import placement_section
from engine.report.refusals import refusals_section, set_aside_section
from engine.report.replacement import replacement_section
from engine.report.selection import selection_section
from engine.report.services import (
    ServiceFacts,
    attachments_section,
    cover_section,
    idle_section,
    open_needs_section,
    preferences_section,
    service_tiles,
)
from engine.report.template import resource, template
from engine.report.tiles import tiles
from engine.report.together import links_section
from engine.report.words import Language, words
from engine.runs import AdjustmentRun, AnyRun

SECTIONS: tuple[Callable[[Facts], Section | None], ...] = (
    changes_section,
    moves_section,
    phases_section,
    maps_section,
    disciplines_section,
    selection_section,
    areas_section,
    cutoffs_section,
    flows_section,
    replacement_section,
    chains_section,
    improvement_section,
    placement_section,
    extension_section,
    family_section,
    links_section,
    overtime_section,
    decisions_section,
    refusals_section,
    set_aside_section,
    verdict_section,
    rules_section,
    options_section,
    reproduction_section,
)

OF_POINTS = (cutoffs_section, placement_section, extension_section, family_section)
"""Sections of no meaning where candidates are retained on specific posts."""


OF_ONE_PHASE = (disciplines_section, chains_section, improvement_section)
"""Sections that the two phases of the interdépartemental take the place of."""


SERVICE_SECTIONS: tuple[Callable[[ServiceFacts], Section | None], ...] = (
    changes_section,
    cover_section,
    preferences_section,
    idle_section,
    open_needs_section,
    attachments_section,
    overtime_section,
    decisions_section,
    verdict_section,
    rules_section,
    options_section,
    reproduction_section,
)
"""Of a TZR adjustment."""


def render_report(run: AnyRun, language: Language = "fr") -> str:
    """The report of a run as one HTML page.

    What the verdict withholds is not in the tables of the run, so it is not in the page; cutoffs follow the secrecy of
    the ministry (none for one entrant or fewer).
    """
    if isinstance(run, AdjustmentRun):
        return render_adjustment(run, language)
    facts = facts_of(run, words(language))
    shown, drawings = _drawn(facts)
    return _page(facts, tiles(facts), shown, drawings)


def render_adjustment(run: AdjustmentRun, language: Language = "fr") -> str:
    """The report of a TZR adjustment as one HTML page."""
    facts = ServiceFacts(run, words(language))
    made = [section for make in SERVICE_SECTIONS if (section := make(facts)) is not None]
    return _page(facts, service_tiles(facts), made, {})


def _page(facts: Told, shown_tiles: tuple[Tile, ...], shown: list[Section], drawings: dict[Picture, str]) -> str:
    return template().render(
        words=facts.words,
        style=resource("report.css"),
        title=_title(facts),
        subtitle=_subtitle(facts),
        banner=banner(facts),
        tiles=shown_tiles,
        sections=shown,
        drawings=drawings,
    )


def _drawn(facts: Facts) -> tuple[list[Section], dict[Picture, str]]:
    """The sections that apply, in order, and their pictures. A thread draws while this one counts what comes next."""
    shown: list[Section] = []
    drawings: dict[Picture, Future[str]] = {}
    with ThreadPoolExecutor(max_workers=1) as painter, unchecked():
        painter.submit(warm_up)
        made = (make(facts) for make in _sections(facts) if not (facts.by_request and make in OF_POINTS))
        for section in filter(None, made):
            shown.append(section)
            for picture in (block for block in section.blocks if isinstance(block, Picture)):
                drawings[picture] = painter.submit(svg, picture.drawing, picture.alternative, facts.words.language)
    return shown, {picture: drawing.result() for picture, drawing in drawings.items()}


def _sections(facts: Facts) -> Iterator[Callable[[Facts], Section | None]]:
    """The sections in their order."""
    two_phases = facts.run.tables.departments is not None
    for make in SECTIONS:
        if not two_phases:
            yield make
        elif make not in OF_ONE_PHASE:
            yield gates_section if make is cutoffs_section else make


def _title(facts: Told) -> str:
    settings = facts.run.campaign.settings
    return facts.words("title", movement=facts.words(f"movement_{settings.movement}"), session=str(settings.session))


def _subtitle(facts: Told) -> str:
    settings = facts.run.campaign.settings
    overlay, key = (
        facts.run.campaign.overlay,
        "subtitle_no_rulebook" if facts.run.campaign.rules.is_none else "subtitle",
    )
    subtitle = facts.words(key, id=settings.id, rulebook=settings.rulebook)
    return subtitle if overlay is None else facts.words("subtitle_variant", subtitle=subtitle, variant=overlay.name)
