"""Where the areas of a report stand on its map, in pixels, and what says where one is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from engine.model.campaign import Campaign
from engine.model.geography import Located, academies, academy_of_department, all_departments
from engine.report.areas import Areas
from engine.report.circles import Label
from engine.report.location import commune_centres, located
from engine.report.projection import (
    ENLARGED,
    FRANCE_HEIGHT,
    MAINLAND,
    STRIP,
    WIDTH,
    Box,
    Point,
    apart,
    fitted,
    slots,
    whole_map,
)


@dataclass(frozen=True)
class Site:
    """An area on the map: its code, and where it stands."""

    code: str
    x: float
    y: float


@dataclass(frozen=True)
class Sites:
    """A map before anything is counted on it.

    Attributes
    ----------
    places : the areas that lie somewhere
    labels, names, boxes : what says where one is (`engine.report.circles.Map`)
    """

    width: float
    height: float
    places: tuple[Site, ...]
    labels: tuple[Label, ...] = ()
    names: tuple[tuple[float, float, str], ...] = ()
    boxes: tuple[Box, ...] = ()

    @cached_property
    def at(self) -> dict[str, Site]:
        return {site.code: site for site in self.places}


SEVERAL = 5
"""Académies from which a map shows all of France."""

OFFSET = 18
"""Pixels from the middle of a circle overseas to its name."""


def sites_of(campaign: Campaign, areas: Areas, codes: Sequence[str]) -> Sites:
    """Where some areas stand; those that nobody knows to lie anywhere are left out."""
    points = _points(campaign, areas)
    known = [code for code in codes if code in points]
    session = campaign.settings.session
    touched = {_academy(code, areas.kind, session) for code in known} if areas.kind in ("ACA", "DPT") else set()
    if len(touched) >= SEVERAL:
        return _france(areas, {code: points[code] for code in known}, session)
    return _region(campaign, areas, {code: points[code] for code in known})


def _points(campaign: Campaign, areas: Areas) -> dict[str, Point]:
    if areas.kind == "DPT":
        return _seats(all_departments())
    if areas.kind == "ACA":
        return _seats(academies(campaign.settings.session))
    rows = _communes(campaign) if areas.kind == "commune" else located(campaign).drop_nulls()
    return {code: Point(lat, lon) for code, lat, lon in rows.iter_rows()}


def _communes(campaign: Campaign) -> pl.DataFrame:
    """Where communes lie, and the zones de remplacement that have coordinates of their own."""
    zones = campaign.places.filter(pl.col("kind") == "ZR").drop_nulls(["lat", "lon"])
    return pl.concat([commune_centres(campaign), zones.select(commune="place_id", lat="lat", lon="lon")])


def _seats(known: Mapping[str, Located]) -> dict[str, Point]:
    return {code: Point(seat.lat, seat.lon) for code, seat in known.items()}


def _academy(code: str, kind: str, session: int) -> str:
    return code if kind == "ACA" else academy_of_department(code, session)


def _region(campaign: Campaign, areas: Areas, points: Mapping[str, Point]) -> Sites:
    """A map of what there is, with the seats of its départements."""
    held = campaign.places["department"].drop_nulls().unique().sort() if areas.kind == "commune" else ()
    seats = [all_departments()[code] for code in held if code in all_departments()]
    shown = [*points.values(), *(Point(seat.lat, seat.lon) for seat in seats)]
    if not points:
        return Sites(0, 0, ())
    plane = whole_map(shown)
    places = tuple(Site(code, *plane.pixels(point)) for code, point in points.items())
    named = [] if areas.kind == "commune" else [(site.x, site.y, areas.labels[site.code]) for site in places]
    labels = tuple(Label(*plane.pixels(Point(seat.lat, seat.lon)), seat.seat) for seat in seats)
    return Sites(plane.box.width, plane.box.height + STRIP, places, labels, tuple(apart(named)))


def _france(areas: Areas, points: Mapping[str, Point], session: int) -> Sites:
    """A map of France: Île-de-France enlarged, overseas beside."""
    known = academies(session)
    overseas = [code for code in areas.labels if code in points and known[_academy(code, areas.kind, session)].overseas]
    near = [code for code in areas.ile_de_france if code in points]
    codes = [code for academy in known.values() if not academy.overseas for code in academy.departments]
    plane = fitted((Point(all_departments()[code].lat, all_departments()[code].lon) for code in codes), MAINLAND)
    pixels = {code: plane.pixels(point) for code, point in points.items() if code not in overseas}
    boxes = []
    if near:
        boxes = [ENLARGED, _around([pixels[code] for code in near])]
        close_up = fitted((points[code] for code in near), ENLARGED)
        pixels |= {code: close_up.pixels(points[code]) for code in near}
    pixels |= dict(zip(overseas, slots(len(overseas)), strict=True))
    places = tuple(Site(code, *pixels[code]) for code in points)
    text = areas.labels if areas.kind == "ACA" else {code: code for code in points}
    names = apart((site.x, site.y, text[site.code]) for site in places if site.code not in overseas)
    labels = [Label(pixels[code][0] + OFFSET, pixels[code][1], areas.labels[code], marked=False) for code in overseas]
    return Sites(WIDTH, FRANCE_HEIGHT, places, tuple(labels), tuple(names), tuple(boxes))


def _around(pixels: Sequence[tuple[float, float]]) -> Box:
    """A box a little larger than what it holds."""
    xs, ys = zip(*pixels, strict=True)
    return Box(min(xs) - 4, min(ys) - 4, max(xs) - min(xs) + 8, max(ys) - min(ys) + 8)
