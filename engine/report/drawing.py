"""Charts as static SVG: one look for all, every bar with a title that a pointer shows, the same bytes every time.

Charts are drawn when the report is made: the page carries no script and needs no library. Their figures are given by
the sections, already in words; this module knows marks and colours only. Legends are part of the page, not of the SVG.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from engine.report.words import Language

if TYPE_CHECKING:
    import altair as alt

Rows = Sequence[Mapping[str, Any]]

INK = "#1c2733"
SOFT = "#51606f"

WIDTH = 1040
"""Pixels a chart takes, names of its rows included."""

LETTER = 6.6
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
_LOCALES: Mapping[Language, Literal["fr-FR", "en-US"]] = {"fr": "fr-FR", "en": "en-US"}

_TEXTS = "texts of {}"
_WHOLE = "datum.value % 1 ? '' : format(abs(datum.value), ',d')"

# A mark carries its description in aria-label; a title element says the same to a pointer.
_MARK = re.compile(r'<path aria-label="([^"]*)"([^>]*?)(?:/>|></path>)')
_SERVICE = re.compile(r' (?:aria-[a-z]+|role|class|pointer-events|xmlns(?::xlink)?|version)="[^"]*"')
_PLACES = re.compile(r' (?:d|transform|[xy][12]?)="[^"]*"')
_DIGITS = re.compile(r"(\.\d\d)\d+")
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

    chart: alt.HConcatChart | alt.LayerChart | alt.FacetChart
    rows: Mapping[str, Rows]


@contextmanager
def unchecked() -> Iterator[None]:
    """Charts made inside are not checked against the schema of Vega-Lite, which takes longer than drawing them."""
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):
        yield


def warm_up() -> None:
    """Starts the drawing library, which takes half a second the first time; nothing else depends on it."""
    import vl_convert

    vl_convert.vegalite_to_svg({"data": {"values": [{}]}, "mark": "bar"}, show_warnings=False)


def svg(drawing: Drawing, alternative: str, language: Language) -> str:
    """The drawing as an SVG element that fits its container; `alternative` says what it shows to who cannot see it."""
    import vl_convert

    spec = drawing.chart.to_dict(validate=False)
    spec["datasets"] = {name: list(rows) for name, rows in drawing.rows.items()}
    drawn = vl_convert.vegalite_to_svg(spec, config=_CONFIG, format_locale=_LOCALES[language], show_warnings=False)
    titled = _MARK.sub(r"<path\2><title>\1</title></path>", drawn)
    named = f'<svg role="img" aria-label="{escape(alternative)}" style="max-width:\\1px"'
    return _ROOT.sub(named, _PLACES.sub(_shortened, _SERVICE.sub("", titled)), count=1)


def _shortened(attribute: re.Match[str]) -> str:
    """Coordinates to the hundredth of a pixel."""
    return _DIGITS.sub(r"\1", attribute[0])


def stacked_bars(panels: Mapping[str, Rows], names: Sequence[str], parts: Sequence[Part]) -> Drawing:
    """Bars of one hundred per cent cut in parts, one row per name, one panel beside the other.

    Parameters
    ----------
    panels : rows of each panel, by its title. A row has row (of `names`), part (label of one of `parts`), start, middle
        and end (shares of 1), text, hint.
    """
    import altair as alt

    room = _room(names)
    width = (WIDTH - room) // len(panels) - 28
    step = alt.Step(24 if len(names) > 4 else 36)
    charts = [
        _panel(title, names, parts, room if place == 0 else 0, width).properties(
            height=step, title=title if len(panels) > 1 else ""
        )
        for place, title in enumerate(panels)
    ]
    return Drawing(alt.hconcat(*charts, spacing=28), {**_with_texts(panels), **_names(names)})


def _panel(title: str, names: Sequence[str], parts: Sequence[Part], room: int, width: int) -> alt.LayerChart:
    """One panel. `room`: pixels for the names; 0 leaves them out."""
    import altair as alt

    axis = alt.Axis(format="%", title=None, tickCount=5, grid=False, domain=False)
    shares = alt.X("start:Q", axis=axis, scale=alt.Scale(domain=[0, 1], range=[room, room + width]))
    base = alt.Chart(alt.NamedData(title), width=room + width).encode(y=_rows(names))
    bars = base.mark_bar(stroke="white", strokeWidth=0.8).encode(
        x=shares, x2="end:Q", color=alt.Color("part:N", scale=colours(parts), legend=None), description="hint:N"
    )
    ink = alt.Scale(domain=[part.label for part in parts], range=[part.ink for part in parts])
    texts = _texts(base, title).encode(x="middle:Q", color=alt.Color("part:N", scale=ink, legend=None))
    layers = (bars, texts, _row_names(base, room)) if room else (bars, texts)
    panel: alt.LayerChart = alt.layer(*layers).resolve_scale(color="independent")
    return panel


def columns(rows: Rows, names: Sequence[str], parts: Sequence[Part], title: str, *, shares: bool) -> Drawing:
    """Upright bars, side by side where there are several parts.

    Parameters
    ----------
    rows : row (of `names`), part, value (a count, or a share of 1), text, hint.
    """
    import altair as alt

    axis = alt.Axis(title=title, labelAngle=0, ticks=False)
    text = "format(datum.value, '.0%')" if shares else _WHOLE
    numbers = alt.Axis(labelExpr=text, title=None, tickCount=5, domain=False, minExtent=50, ticks=False)
    base = alt.Chart(alt.NamedData("rows"), width=WIDTH - 50, height=190).encode(
        x=alt.X("row:N", sort=None, scale=_spaced(names), axis=axis),
        y=alt.Y("value:Q", axis=numbers),
        xOffset=alt.XOffset("part:N", sort=[part.label for part in parts]),
    )
    bars = base.mark_bar().encode(color=alt.Color("part:N", scale=colours(parts), legend=None), description="hint:N")
    return Drawing(alt.layer(bars, _texts(base, "rows", dy=-6)), _with_texts({"rows": rows}))


def opposed_bars(rows: Rows, names: Sequence[str], parts: Sequence[Part], title: str, sums: str) -> Drawing:
    """Bars to the right and to the left of zero, with a mark at their sum and the sum at the end of the line.

    Parameters
    ----------
    rows : row (of `names`), part, value (negative to the left), hint; in one row of each name also sum and text.
    sums : heading of the sums.
    """
    import altair as alt

    room = _room(names)
    counts = alt.Axis(title=title, labelExpr=_WHOLE, tickCount=6)
    base = alt.Chart(alt.NamedData("rows"), width=WIDTH, height=alt.Step(19)).encode(y=_rows(names))
    bars = base.mark_bar().encode(
        x=alt.X("value:Q", axis=counts, stack=None, scale=alt.Scale(range=[room, WIDTH - 70])),
        color=alt.Color("part:N", scale=colours(parts), legend=None),
        description="hint:N",
    )
    texts = _texts(base, "rows", align="right", fontWeight=600).encode(x=alt.value(WIDTH))
    marks = texts.mark_tick(color=INK, thickness=3, size=17, aria=False).encode(x="sum:Q")
    heading = alt.Chart(alt.NamedData("heading")).mark_text(align="right", color=SOFT, aria=False)
    heading = heading.encode(x=alt.value(WIDTH), y=alt.value(-8), text="text:N")
    layers = alt.layer(bars, marks, texts, heading, _row_names(base, room))
    return Drawing(layers, {**_with_texts({"rows": rows}), **_names(names), "heading": [{"text": sums}]})


def _rows(names: Sequence[str]) -> alt.Y:
    import altair as alt

    return alt.Y("row:N", sort=None, axis=None, scale=_spaced(names))


def _row_names(base: alt.Chart, room: int) -> alt.Chart:
    """The names of the rows, as texts inside the chart: as labels of an axis each would be measured six times."""
    import altair as alt

    names = base.mark_text(align="right", fontSize=12, aria=False)
    named: alt.Chart = names.encode(x=alt.value(room - 6), text="row:N")
    named.data = alt.NamedData("names")
    return named


def _names(names: Sequence[str]) -> dict[str, Rows]:
    return {"names": [{"row": name} for name in names]}


def _texts(base: alt.Chart, rows: str, **look: Any) -> alt.Chart:
    """The texts of some rows, on a chart of them."""
    import altair as alt

    texts: alt.Chart = base.mark_text(aria=False, **look).encode(text="text:N")
    texts.data = alt.NamedData(_TEXTS.format(rows))
    return texts


def _with_texts(rows: Mapping[str, Rows]) -> dict[str, Rows]:
    """The rows, and those of them that have a text: to measure a text takes longer than to draw ten bars."""
    texts = {_TEXTS.format(name): [row for row in some if row.get("text")] for name, some in rows.items()}
    return {**rows, **texts}


def _room(names: Sequence[str]) -> int:
    """Pixels the names of rows take; what is set aside must not depend on the fonts of the machine that draws."""
    return 12 + int(LETTER * max(map(len, names), default=0))


def _spaced(names: Sequence[str]) -> alt.Scale:
    import altair as alt

    return alt.Scale(domain=list(names), paddingInner=0.22, paddingOuter=0.1)


def colours(parts: Sequence[Part]) -> alt.Scale:
    """The scale that gives each kind of mark its colour."""
    import altair as alt

    return alt.Scale(domain=[part.label for part in parts], range=[part.colour for part in parts])
