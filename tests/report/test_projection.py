"""Maps: the same scale both ways, north up, everything inside, names apart."""

from __future__ import annotations

from math import hypot

import pytest

from engine.model.geography import academies, distance_km
from engine.report.areas import areas_at
from engine.report.projection import ENLARGED, MARGIN, WIDTH, Box, Point, apart, fitted, slots, whole_map
from engine.report.sites import sites_of
from tests.report.runs import Bar, Story, make
from tests.report.schools import schools

AUVERGNE = [Point(46.57, 3.33), Point(45.78, 3.08), Point(44.93, 2.44), Point(45.04, 3.89)]


def test_equal_distances_are_equal_pixels() -> None:
    plane = whole_map(AUVERGNE)
    ratios = []
    for a in AUVERGNE[1:]:
        (x, y), (x0, y0) = plane.pixels(a), plane.pixels(AUVERGNE[0])
        ratios.append(hypot(x - x0, y - y0) / distance_km(a, AUVERGNE[0]))
    assert max(ratios) / min(ratios) < 1.02


def test_north_is_up_and_east_is_right() -> None:
    plane = whole_map(AUVERGNE)
    assert plane.pixels(AUVERGNE[0])[1] < plane.pixels(AUVERGNE[2])[1]
    assert plane.pixels(AUVERGNE[2])[0] < plane.pixels(AUVERGNE[3])[0]


@pytest.mark.parametrize("points", [AUVERGNE, AUVERGNE[:1], AUVERGNE[1:3]])
def test_everything_lies_inside_the_box(points: list[Point]) -> None:
    plane = fitted(points, Box(10, 20, 300, 200))
    for x, y in map(plane.pixels, points):
        assert 10 + MARGIN - 0.1 <= x <= 310 - MARGIN + 0.1
        assert 20 + MARGIN - 0.1 <= y <= 220 - MARGIN + 0.1


def test_names_that_would_cover_each_other_are_moved_apart() -> None:
    placed = apart([(100, 50, "Dijon"), (110, 52, "Besançon"), (300, 50, "Nantes")])
    assert placed[0] == (100, 50, "Dijon")
    assert placed[2] == (300, 50, "Nantes")
    assert abs(placed[1][1] - 50) >= 10


def test_overseas_areas_have_a_place_each() -> None:
    assert len(set(slots(5))) == 5
    assert slots(0) == []


def test_on_a_map_of_france_ile_de_france_is_enlarged_and_overseas_is_beside() -> None:
    known = academies(2025)
    bars = [Bar("M", code, 2, 1000) for code in known]
    campaign = make(Story((), bars, {code: academy.name for code, academy in known.items()})).campaign
    areas = areas_at(campaign, "place_id")
    sites = sites_of(campaign, areas, list(known))
    at = sites.at
    assert set(at) == set(known)
    assert all(0 <= site.x <= WIDTH and 0 <= site.y <= sites.height for site in at.values())
    for code in ("01", "24", "25"):
        assert at[code].x < ENLARGED.width
        assert at[code].y < ENLARGED.height
    assert {label.text for label in sites.labels} == {a.name for a in known.values() if a.overseas}
    assert at["15"].x > at["14"].x  # Strasbourg is east of Rennes


def test_what_lies_nowhere_is_not_on_the_map() -> None:
    campaign = schools().campaign
    sites = sites_of(campaign, areas_at(campaign, "commune"), ["63113", "Z1", "Z2"])
    assert set(sites.at) == {"63113", "Z2"}
