"""Charts: valid Vega-Lite, SVG without identifiers, texts escaped, every bar with a title."""

from __future__ import annotations

import re

import pytest

from engine.report.drawing import Drawing, Part, columns, opposed_bars, stacked_bars, svg

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
