"""Maps as charts: circles at their places, as large as what they count, with a few words for where one is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.report.drawing import INK, LETTER, SOFT, Drawing, Part, Rows, colours
from engine.report.projection import Box

if TYPE_CHECKING:
    import altair as alt

GROUND, EDGE = "#f3f5f7", "#4d5a67"
HALO = {"stroke": "white", "strokeWidth": 2.6, "strokeOpacity": 0.75, "color": "white"}
"""Under words that stand on circles."""

LARGEST = 21.0
"""Radius of the largest circle, in pixels."""

SMALLEST = 2.0


SIDES: Mapping[str, Mapping[str, Any]] = {"right": {"align": "left", "dx": 6}, "left": {"align": "right", "dx": -6}}
"""How labels stand on either side of their dot."""

SHAPES = {
    ("disc", "whole"): "circle",
    ("disc", "left"): "M0,-1A1,1,0,0,0,0,1Z",
    ("disc", "right"): "M0,-1A1,1,0,0,1,0,1Z",
    ("diamond", "whole"): "M0,-1.25L1.25,0L0,1.25L-1.25,0Z",
    ("diamond", "left"): "M0,-1.25L-1.25,0L0,1.25Z",
    ("diamond", "right"): "M0,-1.25L1.25,0L0,1.25Z",
}
"""Forms as Vega names or draws them; a diamond has the area of the disc."""


@dataclass(frozen=True)
class Circle:
    """A circle of a map, or a diamond.

    Attributes
    ----------
    x, y : its middle, in pixels
    count : what its area stands for
    part : label of one of the parts of the map
    hint : what a pointer reads
    form, half : of `SHAPES`; a half stands for as much as a whole of the same radius
    """

    x: float
    y: float
    count: int
    part: str
    hint: str
    form: str = "disc"
    half: str = "whole"


@dataclass(frozen=True)
class Label:
    """Words of a map beside a dot at x and y, or, where they are not `marked`, beside nothing."""

    x: float
    y: float
    text: str
    marked: bool = True


@dataclass(frozen=True)
class Map:
    """What a map shows, in pixels.

    Attributes
    ----------
    largest : the count that the largest circle stands for
    labels : what says where one is
    names : x and y of the middle, and text, of what is written on circles
    boxes : parts of the map with another scale
    scale : what some circles stand for, by count
    """

    width: float
    height: float
    largest: int
    circles: Sequence[Circle]
    labels: Sequence[Label] = ()
    names: Sequence[tuple[float, float, str]] = ()
    boxes: Sequence[Box] = ()
    scale: Mapping[int, str] = field(default_factory=dict)


def circle_map(shown: Map, parts: Sequence[Part]) -> Drawing:
    """A map as a chart: large circles below small ones."""
    import altair as alt

    marks = _layer(shown, "circles").mark_point(filled=True, opacity=1, fillOpacity=0.85, stroke=EDGE, strokeWidth=0.5)
    layers = [
        _layer(shown, "boxes").mark_rect(fill="none", stroke="#c3ccd5", aria=False).encode(x2="x2:Q", y2="y2:Q"),
        marks.encode(
            color=alt.Color("part:N", scale=colours(parts), legend=None),
            shape=alt.Shape("shape:N", scale=None),
            size=_area(),
            description="hint:N",
        ),
        _layer(shown, "dots").mark_point(size=14, color=SOFT, filled=True, aria=False),
        *(
            _words(shown, rows, **side, **look, fontSize=11, fontStyle="italic")
            for rows, side in SIDES.items()
            for look in (HALO, {"color": SOFT})
        ),
        _words(shown, "names", fontSize=9, **HALO),
        _words(shown, "names", fontSize=9, color=INK),
        _layer(shown, "scale").mark_point(stroke=SOFT, strokeWidth=1, aria=False).encode(size=_area()),
        _words(shown, "scale", align="left", fontSize=10.5, color=SOFT).encode(x="x2:Q"),
    ]
    chart = alt.layer(*layers).resolve_scale(color="independent")
    return Drawing(chart.properties(view=alt.ViewBackground(fill=GROUND)), _rows(shown))


def _layer(shown: Map, rows: str) -> alt.Chart:
    """A chart of some rows on the pixels of the map."""
    import altair as alt

    across = alt.Scale(domain=[0, shown.width], nice=False, zero=False)
    down = alt.Scale(domain=[shown.height, 0], nice=False, zero=False)
    base = alt.Chart(alt.NamedData(rows), width=shown.width, height=shown.height)
    placed: alt.Chart = base.encode(x=alt.X("x:Q", axis=None, scale=across), y=alt.Y("y:Q", axis=None, scale=down))
    return placed


def _area() -> alt.Size:
    import altair as alt

    return alt.Size("area:Q", scale=None, legend=None)


def _words(shown: Map, rows: str, **look: Any) -> alt.Chart:
    words: alt.Chart = _layer(shown, rows).mark_text(aria=False, **look).encode(text="text:N")
    return words


def _rows(shown: Map) -> dict[str, Rows]:
    ordered = sorted(shown.circles, key=lambda circle: (-circle.count, circle.hint, circle.half))
    labels = [{"x": label.x, "y": label.y, "text": label.text} for label in shown.labels]
    beyond = [label.x + LETTER * (len(label.text) + 1) > shown.width for label in shown.labels]
    return {
        "boxes": [{"x": box.x, "y": box.y, "x2": box.x + box.width, "y2": box.y + box.height} for box in shown.boxes],
        "circles": [_circle(circle, shown.largest) for circle in ordered],
        "dots": [row for label, row in zip(shown.labels, labels, strict=True) if label.marked],
        "right": [row for row, over in zip(labels, beyond, strict=True) if not over],
        "left": [row for row, over in zip(labels, beyond, strict=True) if over],
        "names": [{"x": x, "y": y, "text": text} for x, y, text in shown.names],
        "scale": _scale(shown),
    }


def _circle(circle: Circle, largest: int) -> dict[str, Any]:
    look = {"area": _pixels(circle.count, largest), "shape": SHAPES[circle.form, circle.half]}
    return {"x": circle.x, "y": circle.y, **look, "part": circle.part, "hint": circle.hint}


def _pixels(count: int, largest: int) -> float:
    """What Vega calls the size of a point: the square of its diameter."""
    radius = max(LARGEST * (count / max(largest, 1)) ** 0.5, SMALLEST)
    return float(round(4 * radius**2, 1))


def _scale(shown: Map) -> list[dict[str, Any]]:
    """Circles that say how large counts are, in the lower right corner, one beside the other."""
    rows: list[dict[str, Any]] = []
    x = shown.width - 10.0
    for count, text in sorted(shown.scale.items(), reverse=True):
        area = _pixels(count, shown.largest)
        radius = area**0.5 / 2
        x -= 8.0 * len(text) + 6
        rows.append({"x": x - radius - 2, "x2": x + 3, "y": shown.height - LARGEST - 4, "area": area, "text": text})
        x -= 2 * radius + 10
    return rows
