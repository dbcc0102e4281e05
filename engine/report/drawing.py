"""Charts as static SVG: one look for all, every bar with a title that a pointer shows, the same bytes every time.

Charts are drawn when the report is made: the page carries no script and needs no library. Their figures are given by
the sections, already in words; this module knows marks and colours only. Legends are part of the page, not of the SVG.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from engine.report.words import Language

if TYPE_CHECKING:
    import altair as alt

Rows = Sequence[Mapping[str, Any]]

INK = "#1c2733"
SOFT = "#51606f"

WIDTH = 940
"""Pixels a chart takes, names of its rows included."""

LETTER = 7.4
"""Pixels to set aside per letter of a name: more than the fonts of most readers need at 12 pixels."""

_CONFIG: dict[str, Any] = {
    "font": "sans-serif",
    "background": "transparent",
    "padding": {"left": 2, "top": 6, "right": 20, "bottom": 2},
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": SOFT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelLimit": 420,
        "gridColor": "#e3e8ee",
        "domainColor": "#9aa7b4",
        "tickColor": "#9aa7b4",
    },
    "title": {"color": INK, "fontSize": 12.5, "anchor": "start", "offset": 6},
    "text": {"fontSize": 11, "color": INK},
}
_LOCALES: Mapping[Language, str] = {"fr": "fr-FR", "en": "en-US"}

# A mark carries its description in aria-label; a title element says the same to a pointer.
_MARK = re.compile(r'<path aria-label="([^"]*)"([^>]*?)(?:/>|></path>)')
_SERVICE = re.compile(r' (?:aria-[a-z]+|role|class|pointer-events|xmlns(?::xlink)?|version)="[^"]*"')
_ROOT = re.compile(r'<svg width="([\d.]+)" height="([\d.]+)"')


@dataclass(frozen=True)
class Part:
    """A kind of bar in a chart: its name in the data and in the legend, its colour and that of text on it."""

    label: str
    colour: str
    ink: str = INK


@dataclass(frozen=True)
class Drawing:
    """A chart and its rows, kept apart: what is inside a chart is copied at every step of its making."""

    chart: alt.Chart | alt.HConcatChart | alt.LayerChart
    rows: Mapping[str, Rows]


def svg(drawing: Drawing, alternative: str, language: Language) -> str:
    """The drawing as an SVG element that fits its container; `alternative` says what it shows to who cannot see it."""
    import vl_convert

    spec = drawing.chart.to_dict(validate=False)
    spec["datasets"] = {name: list(rows) for name, rows in drawing.rows.items()}
    drawn = vl_convert.vegalite_to_svg(spec, config=_CONFIG, format_locale=_LOCALES[language], show_warnings=False)
    titled = _MARK.sub(r"<path\2><title>\1</title></path>", drawn)
    named = f'<svg role="img" aria-label="{escape(alternative)}" style="max-width:\\1px"'
    return _ROOT.sub(named, _SERVICE.sub("", titled), count=1)


def stacked_bars(panels: Mapping[str, Rows], names: Sequence[str], parts: Sequence[Part]) -> Drawing:
    """Bars of one hundred per cent cut in parts, one row per name, one panel beside the other.

    Parameters
    ----------
    panels : rows of each panel, by its title. A row has row (of `names`), part (label of one of `parts`), start, middle
        and end (shares of 1), text, hint.
    """
    import altair as alt

    room = _room(names)
    width = (WIDTH - room) / len(panels) - 28
    step = alt.Step(24 if len(names) > 4 else 36)
    charts = [
        _segments(title, names if place == 0 else (), parts, room).properties(
            width=width, height=step, title=title if len(panels) > 1 else alt.Undefined
        )
        for place, title in enumerate(panels)
    ]
    return Drawing(alt.hconcat(*charts, spacing=28), panels)
