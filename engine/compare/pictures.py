"""Charts of comparisons, in the look of those of reports: dots on lines, opposed bars in panels, bars to a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.report.drawing import INK, LETTER, SOFT, WIDTH, Drawing, Part, Rows, colours

if TYPE_CHECKING:
    import altair as alt

GAP = 24
"""Pixels between two panels."""

MARK = "M-0.13,-1L0.13,-1L0.13,1L-0.13,1Z"
"""An upright bar, higher than a dot: it is seen behind the others."""

SHAPES = (MARK, "circle", "square", "triangle-up", "triangle-down", "cross")
"""Of the dots of each run, the first that all others are compared with."""


def dots(
    panels: Mapping[str, Rows], names: Sequence[str], parts: Sequence[Part], titles: Sequence[str], text: str
) -> Drawing:
    """Dots on one line per name, one colour and shape per part, an upright bar for the first part, a grey line from the
    least to the largest.

    Parameters
    ----------
    panels : rows of each panel, by its title. A row has row (of `names`), part, value, low and high (the ends of the
        line), hint.
    titles : of the axis of each panel
    text : how Vega writes the values of the axis (an expression of ``datum.value``)
    """
    import altair as alt

    room = _room(names)
    width = (WIDTH - room - GAP * (len(panels) - 1)) // len(panels)
    order = [part.label for part in parts]
    shapes = alt.Scale(domain=order, range=list(SHAPES[: len(parts)]))
    charts = []
    for place, (title, axis_title) in enumerate(zip(panels, titles, strict=True)):
        lead = room if place == 0 else 0
        axis = alt.Axis(title=axis_title, labelExpr=text, tickCount=5)
        scale = alt.Scale(range=[lead, lead + width], zero=False, nice=True)
        base = alt.Chart(alt.NamedData(title), width=lead + width, height=alt.Step(19)).encode(y=_rows(names))
        lines = base.mark_rule(color="#c9d3dc", strokeWidth=3, aria=False)
        lines = lines.encode(x=alt.X("low:Q", axis=axis, scale=scale), x2="high:Q")
        points = base.encode(
            x=alt.X("value:Q", axis=axis, scale=scale),
            color=alt.Color("part:N", scale=colours(parts), legend=None),
            shape=alt.Shape("part:N", scale=shapes, legend=None),
            description="hint:N",
        )
        first = points.mark_point(filled=True, opacity=1, size=300)
        first.data = alt.NamedData(f"first of {title}")
        others = points.mark_point(filled=True, opacity=1, size=64, stroke="white", strokeWidth=0.7)
        others.data = alt.NamedData(f"others of {title}")
        layers = (lines, first, others, _row_names(base, room)) if place == 0 else (lines, first, others)
        shown = alt.layer(*layers)
        charts.append(shown.properties(title=_title(title, lead)) if len(panels) > 1 else shown)
    return Drawing(alt.hconcat(*charts, spacing=GAP), {**panels, **_apart(panels, order[0]), **_names(names)})


def _apart(panels: Mapping[str, Rows], first: str) -> dict[str, Rows]:
    """The rows of the first part, and those of the others."""
    firsts: dict[str, Rows] = {
        f"first of {title}": [row for row in rows if row["part"] == first] for title, rows in panels.items()
    }
    others: dict[str, Rows] = {
        f"others of {title}": [row for row in rows if row["part"] != first] for title, rows in panels.items()
    }
    return {**firsts, **others}


def opposed_panels(panels: Mapping[str, Rows], names: Sequence[str], parts: Sequence[Part], text: str) -> Drawing:
    """Bars to the right and to the left of zero, one panel per run, all on one scale, the sum at the end of the line.

    Parameters
    ----------
    panels : rows of each panel, by its title. A row has row, part, value (negative to the left), hint; in one row of
        each name also text, what stands at the end of the line.
    """
    import altair as alt

    room = _room(names)
    width = (WIDTH - room - GAP * (len(panels) - 1)) // len(panels)
    values = [row["value"] for rows in panels.values() for row in rows] or [0]
    domain = [min(*values, 0), max(*values, 0)] if any(values) else [-1, 1]
    charts = []
    for place, name in enumerate(panels):
        lead = room if place == 0 else 0
        axis = alt.Axis(title=None, labelExpr=text, tickCount=4 if len(panels) < 3 else 3, labelOverlap=True)
        scale = alt.Scale(domain=domain, range=[lead, lead + width - 54], nice=False)
        base = alt.Chart(alt.NamedData(name), width=lead + width, height=alt.Step(20)).encode(y=_rows(names))
        bars = base.mark_bar().encode(
            x=alt.X("value:Q", axis=axis, stack=None, scale=scale),
            color=alt.Color("part:N", scale=colours(parts), legend=None),
            description="hint:N",
        )
        sums = base.mark_text(aria=False, align="right", fontWeight=600).encode(
            x=alt.value(lead + width), text="text:N"
        )
        sums.data = alt.NamedData(f"sums of {name}")
        layers = (bars, sums, _row_names(base, room)) if place == 0 else (bars, sums)
        charts.append(alt.layer(*layers).properties(title=_title(name, lead)))
    texts = {f"sums of {name}": [row for row in rows if row.get("text")] for name, rows in panels.items()}
    return Drawing(alt.hconcat(*charts, spacing=GAP), {**panels, **texts, **_names(names)})


def bars_to_limit(rows: Rows, names: Sequence[str], parts: Sequence[Part], title: str) -> Drawing:
    """One bar per name in parts one after the other, a text behind it.

    Parameters
    ----------
    rows : row, part, start, end, hint; in one row of each name also text, and last (where the text stands).
    """
    import altair as alt

    room = _room(names)
    far = max((row["end"] for row in rows), default=1)
    whole = "format(datum.value, ',d')"
    axis = alt.Axis(title=title, labelExpr=whole, tickCount=6)
    scale = alt.Scale(domain=[0, far], range=[room, WIDTH - 190], nice=False)
    base = alt.Chart(alt.NamedData("rows"), width=WIDTH, height=alt.Step(30)).encode(y=_rows(names))
    bars = base.mark_bar(stroke="white", strokeWidth=0.8).encode(
        x=alt.X("start:Q", axis=axis, scale=scale),
        x2="end:Q",
        color=alt.Color("part:N", scale=colours(parts), legend=None),
        description="hint:N",
    )
    texts = base.mark_text(aria=False, align="left", dx=8).encode(x=alt.X("last:Q", scale=scale), text="text:N")
    texts.data = alt.NamedData("texts")
    told = [row for row in rows if row.get("text")]
    return Drawing(alt.layer(bars, texts, _row_names(base, room)), {"rows": rows, "texts": told, **_names(names)})


def _title(text: str, lead: int) -> alt.TitleParams:
    """The title of a panel, above its marks and not above the names of its rows."""
    import altair as alt

    return alt.TitleParams(text, dx=lead)


def _rows(names: Sequence[str]) -> alt.Y:
    import altair as alt

    scale = alt.Scale(domain=list(names), paddingInner=0.22, paddingOuter=0.1)
    return alt.Y("row:N", sort=None, axis=None, scale=scale)


def _row_names(base: alt.Chart, room: int) -> alt.Chart:
    import altair as alt

    names = base.mark_text(align="right", fontSize=12, color=INK, aria=False)
    named: alt.Chart = names.encode(x=alt.value(room - 8), text="row:N")
    named.data = alt.NamedData("names")
    return named


def _names(names: Sequence[str]) -> dict[str, Rows]:
    return {"names": [{"row": name} for name in names]}


def _room(names: Sequence[str]) -> int:
    """Pixels set aside for the names of rows."""
    return 14 + int(LETTER * max(map(len, names), default=0))


def run_parts(names: Sequence[str]) -> tuple[Part, ...]:
    """A colour for each run, grey for the first: blue, orange, green, vermilion, violet stay apart for all eyes."""
    shades = (SOFT, "#0b5fa5", "#e08e1b", "#2a7f62", "#b5402a", "#7b5ea7")
    return tuple(Part(name, shades[place % len(shades)]) for place, name in enumerate(names))


def spread(values: Sequence[float]) -> dict[str, Any]:
    """The ends of the line of some dots."""
    return {"low": min(values), "high": max(values)}
