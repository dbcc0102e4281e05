"""The report of a run: one HTML file that opens offline, without scripts, the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from engine.report.balance import areas_section
from engine.report.basis import options_section, reproduction_section, rules_section
from engine.report.chains import chains_section
from engine.report.changes import changes_section
from engine.report.control import banner, verdict_section
from engine.report.cutoffs import cutoffs_section
from engine.report.decisions import decisions_section
from engine.report.drawing import svg, unchecked, warm_up
from engine.report.extension import extension_section
from engine.report.facts import Facts, facts_of
from engine.report.family import family_section
from engine.report.flows import flows_section
from engine.report.improvement import improvement_section
from engine.report.maps import maps_section
from engine.report.moves import disciplines_section, moves_section
from engine.report.parts import Picture, Section
from engine.report.phases import gates_section, phases_section
from engine.report.placement import placement_section
from engine.report.refusals import refusals_section, set_aside_section
from engine.report.replacement import replacement_section
from engine.report.tiles import tiles
from engine.report.together import links_section
from engine.report.words import Language, words
from engine.runs import Run

if TYPE_CHECKING:
    from jinja2 import Template

SECTIONS: tuple[Callable[[Facts], Section | None], ...] = (
    changes_section,
    moves_section,
    phases_section,
    maps_section,
    disciplines_section,
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
    decisions_section,
    refusals_section,
    set_aside_section,
    verdict_section,
    rules_section,
    options_section,
    reproduction_section,
)


OF_ONE_PHASE = (disciplines_section, chains_section, improvement_section)
"""Sections that the two phases of the interdépartemental take the place of."""


def render_report(run: Run, language: Language = "fr") -> str:
    """The report of a run as one HTML page.

    What the verdict withholds is not in the tables of the run, so it is not in the page; cutoffs follow the secrecy of
    the ministry (none for one entrant or fewer).
    """
    facts = facts_of(run, words(language))
    shown, drawings = _drawn(facts)
    return _template().render(
        words=facts.words,
        style=_resource("report.css"),
        title=_title(facts),
        subtitle=_subtitle(facts),
        banner=banner(facts),
        tiles=tiles(facts),
        sections=shown,
        drawings=drawings,
    )


def _drawn(facts: Facts) -> tuple[list[Section], dict[Picture, str]]:
    """The sections that apply, in order, and their pictures. A thread draws while this one counts what comes next."""
    shown: list[Section] = []
    drawings: dict[Picture, Future[str]] = {}
    with ThreadPoolExecutor(max_workers=1) as painter, unchecked():
        painter.submit(warm_up)
        for section in filter(None, (make(facts) for make in _sections(facts))):
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


def _title(facts: Facts) -> str:
    settings = facts.run.campaign.settings
    return facts.words("title", movement=facts.words(f"movement_{settings.movement}"), session=str(settings.session))


def _subtitle(facts: Facts) -> str:
    settings = facts.run.campaign.settings
    if facts.run.campaign.rules.is_none:
        return facts.words("subtitle_no_rulebook", id=settings.id)
    return facts.words("subtitle", id=settings.id, rulebook=settings.rulebook)


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_resource("report.html.j2"))


def _resource(name: str) -> str:
    return (files("engine.report") / name).read_text(encoding="utf-8")
