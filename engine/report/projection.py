"""From degrees to the pixels of a map: same scale both ways, Île-de-France enlarged, overseas brought beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

WIDTH = 535
HEIGHTS = (260, 560)
"""Pixels a map may be high: what it shows decides, between these."""

MARGIN = 24
"""Pixels left free around the outermost points, for their circles."""

LETTER, LINE = 5.6, 10.5
"""Pixels a letter of a name is wide, and a name is high."""

STRIP = 40
"""Pixels below a map that its points leave free, for the scale of its circles."""

LEAST_SPREAD = 0.08
"""Degrees a map covers at least: points of one town are not blown up."""


@dataclass(frozen=True)
class Point:
    """A point on the globe, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Box:
    """A rectangle of a map, in pixels from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


ENLARGED = Box(0, 0, 118, 128)
"""Where Île-de-France is shown on a map of France: north-west of Brittany there is nothing else."""

MAINLAND = Box(84, 4, WIDTH - 84, 460)
OVERSEAS = Box(0, 250, 150, 224)
"""Where overseas areas are shown, one below the other: in the Bay of Biscay."""

FRANCE_HEIGHT = 490


@dataclass(frozen=True)
class Plane:
    """A part of the globe laid flat in a box: equal distances are equal pixels, north is up.

    Attributes
    ----------
    middle : the point in the middle of the box
    scale : pixels per degree of latitude
    """

    box: Box
    middle: Point
    scale: float

    def pixels(self, point: Point) -> tuple[float, float]:
        """x and y of a point."""
        east = (point.lon - self.middle.lon) * cos(radians(self.middle.lat))
        north = point.lat - self.middle.lat
        x = self.box.x + self.box.width / 2 + east * self.scale
        return round(x, 1), round(self.box.y + self.box.height / 2 - north * self.scale, 1)


def fitted(points: Iterable[Point], box: Box, margin: float = MARGIN) -> Plane:
    """The largest plane on which all points lie in the box, `margin` pixels from its sides. At least one point."""
    lats, lons = zip(*((point.lat, point.lon) for point in points), strict=True)
    middle = Point((min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2)
    high = max(max(lats) - min(lats), LEAST_SPREAD)
    wide = max((max(lons) - min(lons)) * cos(radians(middle.lat)), LEAST_SPREAD)
    return Plane(box, middle, min((box.width - 2 * margin) / wide, (box.height - 2 * margin) / high))


def whole_map(points: Sequence[Point]) -> Plane:
    """A plane of the width of a map, as high as its points need; the `STRIP` comes below."""
    wide = fitted(points, Box(0, 0, WIDTH, 10_000))
    lats = [wide.pixels(point)[1] for point in points]
    height = min(max(max(lats) - min(lats) + 2 * MARGIN, HEIGHTS[0]), HEIGHTS[1])
    return fitted(points, Box(0, 0, WIDTH, height))


def slots(count: int) -> list[tuple[float, float]]:
    """x and y of `count` points one below the other, for what lies overseas."""
    step = OVERSEAS.height / max(count, 1)
    return [(OVERSEAS.x + 26, OVERSEAS.y + step * (n + 0.5)) for n in range(count)]


def apart(names: Iterable[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    """Names moved up or down a little so that none covers another; the first come stay where they are.

    Parameters
    ----------
    names : x and y of the middle of each, and the name
    """
    placed: list[tuple[float, float, str]] = []
    for x, y, name in names:
        free = (y + shift * LINE for shift in (0, 1, -1, 2, -2) if not _covers(x, y + shift * LINE, name, placed))
        placed.append((x, round(next(free, y), 1), name))
    return placed


def _covers(x: float, y: float, name: str, placed: Iterable[tuple[float, float, str]]) -> bool:
    return any(
        abs(y - other_y) < LINE and abs(x - other_x) < LETTER * (len(name) + len(other)) / 2
        for other_x, other_y, other in placed
    )
