"""The page of a comparison: one HTML file, no scripts, no network, the same bytes every time."""

from __future__ import annotations

from engine.compare.compare import Comparison
from engine.compare.sections.experience import experience_section
from engine.compare.sections.glance import differences_section, glance_section, tiles
from engine.compare.sections.limits import limits_section
from engine.compare.sections.points import points_section
from engine.compare.sections.ranks import groups_section, ranks_section
from engine.compare.sections.winners import winners_section
from engine.compare.told import Told
from engine.compare.words import compare_words
from engine.report.drawing import svg, unchecked
from engine.report.parts import Banner, Picture
from engine.report.template import resource, template
from engine.report.words import Language

SECTIONS = (
    glance_section,
    differences_section,
    ranks_section,
    winners_section,
    limits_section,
    groups_section,
    points_section,
    experience_section,
)

BY_REQUEST = ("specifique", "ddf")
"""Movements without points: posts have orders of their own."""


def render_comparison(done: Comparison, language: Language = "fr") -> str:
    """The page of a comparison.

    No cutoff is shown where one candidate or none entered, as in the report of a run.
    """
    told = Told(done, compare_words(language))
    without = (points_section,) if done.sides[0].movement in BY_REQUEST else ()
    sections = [make(told) for make in SECTIONS if make not in without]
    pictures = [block for section in sections for block in section.blocks if isinstance(block, Picture)]
    with unchecked():
        drawings = {picture: svg(picture.drawing, picture.alternative, language) for picture in pictures}
    return template().render(
        words=told.words,
        style=resource("report.css"),
        title=told.words("compare_title", count=len(done.sides)),
        subtitle=_subtitle(told),
        banner=_banner(told),
        tiles=tiles(told),
        sections=sections,
        drawings=drawings,
    )


def _subtitle(told: Told) -> str:
    settings = told.done.sides[0].settings
    movement = told.words(f"movement_{settings['movement']}")
    names = ", ".join(told.done.names)
    sessions = ", ".join(dict.fromkeys(str(side.settings["session"]) for side in told.done.sides))
    return told.words("compare_subtitle", movement=movement, session=sessions, names=names)


def _banner(told: Told) -> Banner:
    words, done = told.words, told.done
    lines = tuple(words(f"remark_{remark.key}", **remark.values) for remark in done.remarks)
    more = (words("not_drawn", count=len(told.others) - len(told.drawn)),) if len(told.others) > len(told.drawn) else ()
    failed = sum(not side.holds for side in done.sides)
    title = words("banner_runs_fail", count=failed) if failed else words("banner_runs_hold", count=len(done.sides))
    return Banner("bad" if failed else "good", title, (*lines, *more))
