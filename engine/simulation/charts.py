"""The pictures of a simulation, in the look of all reports: histograms, ranges of cutoffs, curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.report.drawing import INK, LETTER, SOFT, WIDTH, Drawing, Rows

if TYPE_CHECKING:
    import altair as alt

BAR, RANGE = "#2a6f97", "#8fb8d0"
ACROSS = 5
"""Curves side by side."""


def histograms(panels: Mapping[str, Rows], title: str, shares: Mapping[str, bool]) -> Drawing:
    """Columns over ranges of values, one panel beside the other.

    Parameters
    ----------
    panels : rows of each panel, by its heading: low, high (of the range), count, hint.
    title : of the axis of counts
    shares : whether the values of a panel are shares
    """
    import altair as alt

    charts = [_histogram(name, title, share=shares[name]) for name in panels]
    return Drawing(alt.hconcat(*charts, spacing=40), dict(panels))


def _histogram(name: str, title: str, *, share: bool) -> alt.LayerChart | alt.FacetChart:
    import altair as alt

    step = alt.Undefined if share else 1
    axis = alt.Axis(title=None, tickCount=5, tickMinStep=step, format=".2%" if share else ",d", grid=False)
    base = alt.Chart(alt.NamedData(name), width=WIDTH // 2 - 90, height=120, title=name.split("\n")).encode(
        x=alt.X("low:Q", axis=axis, scale=alt.Scale(zero=False, nice=False)),
        x2="high:Q",
        y=alt.Y("count:Q", axis=alt.Axis(title=title, tickCount=3, format="d", domain=False, minExtent=40)),
        y2=alt.Y2Datum(0),
    )
    bars = base.mark_rect(fill=BAR, stroke="white", strokeWidth=0.6).encode(description="hint:N")
    return alt.layer(bars)


def ranges(rows: Rows, names: Sequence[str], title: str) -> Drawing:
    """A line from low to high and a dot between, one row per name.

    Parameters
    ----------
    rows : row (of `names`), low, middle, high, hint.
    """
    import altair as alt

    room = 12 + int(LETTER * max(map(len, names), default=0))
    scale = alt.Scale(range=[room, WIDTH], zero=True)
    base = alt.Chart(alt.NamedData("rows"), width=WIDTH, height=alt.Step(20)).encode(
        y=alt.Y("row:N", sort=None, axis=None, scale=alt.Scale(domain=list(names), padding=0.3))
    )
    axis = alt.Axis(title=title, tickCount=8, format=",d")
    lines = base.mark_bar(color=RANGE, height=7).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", description="hint:N"
    )
    dots = base.mark_point(filled=True, size=55, color=INK, opacity=1, aria=False).encode(x="middle:Q")
    labels = base.mark_text(align="right", fontSize=12, aria=False).encode(x=alt.value(room - 6), text="row:N")
    return Drawing(alt.layer(lines, dots, labels), {"rows": rows})


def curve_frames(frames: Mapping[str, Rows], title: str) -> Drawing:
    """Small frames of one curve each, in rows of `ACROSS`.

    Parameters
    ----------
    frames : rows of each frame by its heading: points, probability.
    """
    import altair as alt

    rows = [{"frame": name, **row} for name, some in frames.items() for row in some]
    x = alt.X("points:Q", axis=alt.Axis(title=None, tickCount=3, format=",d", grid=False))
    y = alt.Y(
        "probability:Q", axis=alt.Axis(title=None, format="%", values=[0, 0.5, 1]), scale=alt.Scale(domain=[0, 1])
    )
    base = alt.Chart(width=WIDTH // ACROSS - 56, height=84)
    area = base.mark_area(color=RANGE, opacity=0.45, interpolate="step-after", aria=False).encode(x=x, y=y)
    line = base.mark_line(color=BAR, strokeWidth=1.8, interpolate="step-after", aria=False).encode(x=x, y=y)
    header = alt.Header(title=None, labelFontSize=12, labelColor=INK, labelFontWeight=600)
    facet: Any = alt.layer(area, line, data=alt.NamedData("rows")).facet(
        facet=alt.Facet("frame:N", sort=list(frames), header=header), columns=ACROSS, spacing={"row": 14, "column": 22}
    )
    return Drawing(facet.properties(title=_below(title)), {"rows": rows})


def _below(title: str) -> alt.TitleParams:
    """A title for the axis that all frames share."""
    import altair as alt

    return alt.TitleParams(title, orient="bottom", color=SOFT, fontSize=12, fontWeight="normal", anchor="middle")
