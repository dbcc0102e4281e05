"""Charts: SVG that is well formed, bars where the figures put them, texts escaped, every bar with a title."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from engine.report.drawing import WIDTH, Bar, Opposed, Part, Segment, columns, opposed_bars, stacked_bars

HOSTILE = "<script>alert('&\"')</script>"
ONE, TWO = Part("one", "#111111"), Part(HOSTILE, "#222222")
NAMES = ["a", HOSTILE]
BARS = [Bar("a", ONE, 10, "10", "ten"), Bar("a", TWO, 5, "5", HOSTILE), Bar(HOSTILE, ONE, 0, "", "none")]


def segments() -> list[Segment]:
    return [
        Segment(name, part, start, start + 0.5, "50", HOSTILE)
        for name in NAMES
        for part, start in ((ONE, 0.0), (TWO, 0.5))
    ]


def drawings() -> dict[str, str]:
    return {
        "stacked": stacked_bars({"one": segments(), HOSTILE: segments()}, NAMES, HOSTILE, str),
        "columns": columns(BARS, NAMES, (ONE, TWO), HOSTILE, HOSTILE, str),
        "opposed": opposed_bars([Opposed("a", 3, 2, "+1", HOSTILE)], ONE, TWO, (HOSTILE, "sum"), HOSTILE, str),
        "empty columns": columns([], [], (), HOSTILE, HOSTILE, str),
        "empty panel": stacked_bars({HOSTILE: []}, [], HOSTILE, str),
    }


def places(svg: str, colour: str) -> list[dict[str, float]]:
    """Where the bars of a colour are."""
    found = re.findall(rf'<rect x="([^"]*)" y="([^"]*)" width="([^"]*)" height="([^"]*)" fill="{colour}"', svg)
    return [dict(zip(("x", "y", "width", "height"), map(float, place), strict=True)) for place in found]


@pytest.mark.parametrize("name", list(drawings()))
def test_a_drawing_is_well_formed_and_hostile_text_stays_text(name: str) -> None:
    drawn = drawings()[name]
    root = ElementTree.fromstring(drawn)
    assert root.attrib["aria-label"] == HOSTILE
    assert {element.tag for element in root.iter()} <= {"svg", "rect", "path", "text", "title"}
    assert not re.search(r"\bid=|http|nan|inf", drawn.replace(HOSTILE, ""))


@pytest.mark.parametrize("name", list(drawings()))
def test_nothing_is_drawn_outside_the_picture(name: str) -> None:
    root = ElementTree.fromstring(drawings()[name])
    width, height = map(float, root.attrib["viewBox"].split()[2:])
    for element in root.iter():
        across, down = float(element.attrib.get("x", 0)), float(element.attrib.get("y", 0))
        assert 0 <= across <= across + float(element.attrib.get("width", 0)) <= width == WIDTH
        assert 0 <= down <= down + float(element.attrib.get("height", 0)) <= height or element.tag == "svg"


def test_segments_fill_their_bar() -> None:
    drawn = stacked_bars({"only": segments()}, NAMES, "alternative", str)
    for left, right in zip(places(drawn, ONE.colour), places(drawn, TWO.colour), strict=True):
        assert left["width"] == right["width"] > 0
        assert right["x"] == pytest.approx(left["x"] + left["width"])
        assert left["y"] == right["y"]
    assert ">only<" not in drawn


def test_columns_are_as_high_as_their_values() -> None:
    drawn = columns(BARS, NAMES, (ONE, TWO), "title", "alternative", str)
    (ten, none), (five,) = places(drawn, ONE.colour), places(drawn, TWO.colour)
    assert ten["height"] == 2 * five["height"] > 0 == none["height"]
    assert five["x"] == pytest.approx(ten["x"] + ten["width"], abs=0.2)
    assert drawn.count("<title>") == 3


def test_opposed_bars_meet_at_zero() -> None:
    rows = [Opposed("a", 2000, 1000, "+1000", "hint"), Opposed("b", 0, 500, "-500", "hint")]
    drawn = opposed_bars(rows, ONE, TWO, ("scale", "sum"), "alternative", str)
    right, left = places(drawn, ONE.colour), places(drawn, TWO.colour)
    assert right[0]["x"] == right[1]["x"] == pytest.approx(left[0]["x"] + left[0]["width"], abs=0.2)
    assert right[0]["width"] == pytest.approx(2 * left[0]["width"], abs=0.2)
    assert left[0]["width"] == pytest.approx(2 * left[1]["width"], abs=0.2)
    assert drawn.count(">1000<") == 2
