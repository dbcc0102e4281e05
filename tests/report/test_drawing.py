"""Charts: valid Vega-Lite, SVG without identifiers, texts escaped, every bar with a title."""

from __future__ import annotations

import re

import pytest

from engine.report.circles import Circle, Label, Map, circle_map
from engine.report.drawing import Drawing, Part, columns, opposed_bars, stacked_bars, svg
from engine.report.projection import Box

HOSTILE = "<script>alert('&\"')</script>"
PARTS = (Part("one", "#000000"), Part(HOSTILE, "#ffffff"))
NAMES = ["a", HOSTILE]


def drawings() -> dict[str, Drawing]:
    cut = [
        {"row": name, "part": part.label, "start": 0, "middle": 0.2, "end": 0.4, "text": "40", "hint": HOSTILE}
        for name in NAMES
        for part in PARTS
    ]
    bars = [{"row": name, "part": part.label, "value": 3, "text": "", "hint": name} for name in NAMES for part in PARTS]
    sums = [{**bar, "sum": 0, "text": "0"} for bar in bars]
    return {
        "stacked": stacked_bars({"one": cut, HOSTILE: cut}, NAMES, PARTS),
        "columns": columns(bars, NAMES, PARTS, "title", shares=False),
        "shares": columns(bars, NAMES, PARTS, "title", shares=True),
        "opposed": opposed_bars(sums, NAMES, PARTS, "title", "sum"),
        "map": circle_map(
            Map(
                200,
                100,
                9,
                [Circle(50, 40, 9, "one", HOSTILE, "diamond", "left")],
                [Label(9, 9, HOSTILE)],
                [(50, 40, HOSTILE)],
                [Box(0, 0, 20, 20)],
                {5: "5"},
            ),
            PARTS,
        ),
        "empty map": circle_map(Map(200, 100, 0, []), ()),
        "nothing": columns([], [], PARTS, "title", shares=False),
        "no rows": stacked_bars({"one": []}, [], ()),
    }


@pytest.mark.parametrize("name", list(drawings()))
def test_a_chart_keeps_to_the_schema(name: str) -> None:
    drawings()[name].chart.to_dict()


@pytest.mark.parametrize("name", list(drawings()))
def test_a_drawing_is_the_same_twice_and_safe_in_a_page(name: str) -> None:
    drawn = svg(drawings()[name], HOSTILE, "fr")
    assert drawn == svg(drawings()[name], HOSTILE, "fr")
    assert drawn.startswith('<svg role="img" aria-label="&lt;script&gt;')
    assert "<script" not in drawn
    assert "http" not in drawn
    assert not re.search(r"\bid=", drawn)


def test_every_bar_has_a_title() -> None:
    drawn = svg(drawings()["columns"], "bars", "en")
    assert drawn.count("<title>") == 4
    assert "<title>a</title>" in drawn


def test_a_circle_has_the_area_of_its_count_and_a_title() -> None:
    shown = Map(200, 100, 100, [Circle(50, 50, 100, "one", "large"), Circle(50, 50, 25, "one", "small")])
    large, small = (row["area"] for row in circle_map(shown, PARTS).rows["circles"])
    assert large == 4 * small
    drawn = svg(circle_map(shown, PARTS), "map", "en")
    assert drawn.count("<title>") == 2
    assert "<title>small</title>" in drawn
