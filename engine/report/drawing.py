"""Charts as static SVG: one look for all, every mark with a title that a pointer shows, the same bytes every time.

Charts are drawn when the report is made: the page carries no script and needs no library. Their figures are given by
the sections, already in words; this module knows marks and colours only.
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

INK = "#1c2733"
SOFT = "#5b6b7b"
GRID = "#e3e8ee"

WIDTH = 640
"""Pixels of the plotting area of a chart of one panel."""

_CONFIG: dict[str, Any] = {
    "font": "sans-serif",
    "background": None,
    "padding": {"left": 4, "top": 4, "right": 24, "bottom": 4},
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": SOFT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 420,
        "gridColor": GRID,
        "domainColor": "#9aa7b4",
        "tickColor": "#9aa7b4",
    },
    "legend": {"labelColor": INK, "labelFontSize": 12, "labelLimit": 320, "symbolType": "square", "orient": "top"},
    "title": {"color": INK, "fontSize": 13, "anchor": "start"},
    "text": {"fontSize": 11},
}
_LOCALES: Mapping[Language, str] = {"fr": "fr-FR", "en": "en-US"}

# A mark carries its description in aria-label; a title element says the same to a pointer.
_MARK = re.compile(r'<path aria-label="([^"]*)"([^>]*?)(?:/>|></path>)')
_SERVICE = re.compile(r' (?:aria-[a-z]+|role|class|pointer-events|xmlns(?::xlink)?|version)="[^"]*"')
_ROOT = re.compile(r'<svg width="(\d+)" height="(\d+)"')


@dataclass(frozen=True)
class Part:
    """A kind of mark in a chart: its name in the data and in the legend, its colour and that of text on it."""

    label: str
    colour: str
    ink: str = INK


def svg(chart: alt.Chart | alt.HConcatChart | alt.LayerChart, alternative: str, language: Language) -> str:
    """The chart as an SVG element that fits its container; `alternative` says what it shows to who cannot see it."""
    import vl_convert

    spec = chart.configure(**_CONFIG).to_dict(validate=False)
    drawn = vl_convert.vegalite_to_svg(spec, format_locale=_LOCALES[language], show_warnings=False)
    titled = _MARK.sub(r"<path\2><title>\1</title></path>", drawn)
    named = f'<svg role="img" aria-label="{escape(alternative)}" style="max-width:\\1px"'
    return _ROOT.sub(named, _SERVICE.sub("", titled), count=1)


def stacked_bars(
    rows: Sequence[Mapping[str, Any]], names: Sequence[str], parts: Sequence[Part], panels: Mapping[str, str]
) -> alt.HConcatChart:
    """Bars of one hundred per cent cut in parts, one row per name, one panel beside the other.

    Parameters
    ----------
    rows : row (of `names`), panel (key of `panels`), part (label of one of `parts`), start and end (shares of 1), text, hint.
    panels : title of each panel, by key.
    """
    import altair as alt

    charts = []
    for place, (key, title) in enumerate(panels.items()):
        cut = [row for row in rows if row["panel"] == key]
        axis = alt.Axis(title=None, ticks=False, domain=False, labels=place == 0)
        height = alt.Step(24 if len(names) > 4 else 38)
        bars = _segments(cut, names, parts, axis)
        charts.append(bars.properties(width=(WIDTH + 140) // len(panels), height=height, title=title))
    return alt.hconcat(*charts, spacing=28)


def _segments(
    rows: list[Mapping[str, Any]], names: Sequence[str], parts: Sequence[Part], axis: alt.Axis
) -> alt.LayerChart:
    import altair as alt

    base = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("row:N", sort=list(names), axis=axis, scale=_names(names)))
    percent = alt.Axis(format="%", title=None, tickCount=5, grid=False, domain=False)
    bars = base.mark_bar(stroke="white", strokeWidth=0.8).encode(
        x=alt.X("start:Q", axis=percent, scale=alt.Scale(domain=[0, 1])),
        x2="end:Q",
        color=alt.Color("part:N", scale=_colours(parts), legend=_legend(parts)),
        description="hint:N",
    )
    ink = alt.Scale(domain=[part.label for part in parts], range=[part.ink for part in parts])
    labels = base.mark_text(aria=False).encode(
        x=alt.X("middle:Q"), text="text:N", color=alt.Color("part:N", scale=ink, legend=None)
    )
    return alt.layer(bars, labels).resolve_scale(color="independent")


def grouped_columns(
    rows: Sequence[Mapping[str, Any]], names: Sequence[str], parts: Sequence[Part], title: str
) -> alt.LayerChart:
    """Upright bars side by side: rows have row (of `names`), part, value (share of 1), text, hint."""
    import altair as alt

    offset = alt.XOffset("part:N", sort=[part.label for part in parts])
    base = alt.Chart(alt.Data(values=list(rows)), width=WIDTH + 140, height=200).encode(
        x=alt.X("row:N", sort=list(names), scale=_names(names), axis=alt.Axis(title=title, labelAngle=0, ticks=False)),
        y=alt.Y("value:Q", axis=alt.Axis(format="%", title=None, tickCount=5, domain=False)),
        xOffset=offset,
    )
    bars = base.mark_bar().encode(
        color=alt.Color("part:N", scale=_colours(parts), legend=_legend(parts)), description="hint:N"
    )
    return alt.layer(bars, base.mark_text(dy=-6, aria=False).encode(text="text:N"))


def columns(rows: Sequence[Mapping[str, Any]], names: Sequence[str], colour: str, title: str) -> alt.LayerChart:
    """Upright bars of counts: rows have row (of `names`), value, text, hint."""
    import altair as alt

    base = alt.Chart(alt.Data(values=list(rows)), width=WIDTH + 140, height=200).encode(
        x=alt.X("row:N", sort=list(names), scale=_names(names), axis=alt.Axis(title=title, labelAngle=0, ticks=False)),
        y=alt.Y("value:Q", axis=alt.Axis(title=None, format=",d", tickCount=5, tickMinStep=1, domain=False)),
    )
    bars = base.mark_bar(color=colour).encode(description="hint:N")
    return alt.layer(bars, base.mark_text(dy=-6, aria=False).encode(text="text:N"))


def opposed_bars(
    rows: Sequence[Mapping[str, Any]], names: Sequence[str], parts: Sequence[Part], title: str
) -> alt.LayerChart:
    """Bars to the right and to the left of zero, with a mark at their sum.

    Parameters
    ----------
    rows : row (of `names`), part, value (negative to the left), hint; balance and text are the same in all rows of a name.
    """
    import altair as alt

    base = alt.Chart(alt.Data(values=list(rows)), width=WIDTH, height=alt.Step(19)).encode(
        y=alt.Y("row:N", sort=list(names), scale=_names(names), axis=alt.Axis(title=None, ticks=False, domain=False))
    )
    counts = alt.Axis(title=title, format=",d", tickCount=8, tickMinStep=1)
    bars = base.mark_bar().encode(
        x=alt.X("value:Q", axis=counts, stack=None),
        color=alt.Color("part:N", scale=_colours(parts), legend=_legend(parts)),
        description="hint:N",
    )
    marks = base.mark_tick(color=INK, thickness=3, size=15, aria=False).encode(x="balance:Q")
    furthest = base.mark_text(align="left", dx=6, aria=False).encode(x="furthest:Q", text="text:N")
    return alt.layer(bars, marks, furthest)


def _names(names: Sequence[str]) -> alt.Scale:
    import altair as alt

    return alt.Scale(domain=list(names), paddingInner=0.22, paddingOuter=0.1)


def _colours(parts: Sequence[Part]) -> alt.Scale:
    import altair as alt

    return alt.Scale(domain=[part.label for part in parts], range=[part.colour for part in parts])


def _legend(parts: Sequence[Part]) -> alt.Legend:
    import altair as alt

    return alt.Legend(title=None, columns=len(parts), columnPadding=18)
