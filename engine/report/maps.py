"""Who enters and leaves, and how hard it is to enter, on a map: by académie, by département or by commune."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from engine.report.areas import Areas, areas_at
from engine.report.balance import DEPARTURES, ENTRIES
from engine.report.circles import Circle, Map, circle_map
from engine.report.cutoffs import SECRET_UP_TO, lowest_cutoffs
from engine.report.drawing import Part
from engine.report.facts import Facts
from engine.report.parts import Block, Picture, Section, Text
from engine.report.scale import class_labels, class_of, round_steps, shade_of
from engine.report.sites import Sites, sites_of

SHADES = ("#eaf2f9", "#cfe1f0", "#a9cde6", "#74b0d6", "#4292c6", "#1b68ab", "#0a3a73")
"""The colours of classes of points: those of the heat map of cutoffs."""

FREE, UNTOLD = "#b9d08b", "#ffffff"

MOST_CIRCLES = 500
"""Areas a map shows; where there are more, those with most entries and departures."""


def maps_section(facts: Facts) -> Section | None:
    """Two maps: entries and departures, cutoffs. None where fewer than two areas have movers and lie somewhere."""
    areas = areas_at(facts.run.campaign, _level(facts))
    counted = _counted(facts, areas)
    sites = sites_of(facts.run.campaign, areas, counted["area"].to_list())
    if len(sites.places) < 2:
        return None
    words, rows = facts.words, {row["area"]: row for row in counted.iter_rows(named=True)}
    seen = [rows[site.code] for site in sites.places]
    most = {what: _most(facts, seen, areas, what) for what in ("entries", "departures")}
    pictures = [_moves_map(facts, areas, sites, rows)]
    entered = [row for row in seen if row["entries"]]
    if entered and not facts.by_request:
        pictures.append(_cutoffs_map(facts, areas, sites, entered))
    blocks: list[Block] = [Text(words("lead_map", **most), "lead"), *pictures]
    unseen = sum(row["entries"] for row in rows.values()) - sum(row["entries"] for row in seen)
    unseen += facts.people.filter("moved").height - int(counted["entries"].sum())
    notes = [words("note_map_zones")] if _zones(facts) & sites.at.keys() else []
    notes += [words("note_map", count=unseen)] if unseen else []
    if notes:
        blocks.append(Text(" ".join(notes), "note"))
    return Section("map", words("on_the_map"), tuple(blocks))


def _level(facts: Facts) -> str:
    """Which column of places the circles stand for."""
    if not facts.has_schools:
        return "place_id"
    return "commune" if facts.run.campaign.places["academy"].drop_nulls().n_unique() == 1 else "department"


def _counted(facts: Facts, areas: Areas) -> pl.DataFrame:
    """The areas somebody enters or leaves: area, entries, departures; the busiest first."""
    movers = facts.people.filter("moved")
    ends = {"entries": "post_id", "departures": "held_post"}
    parts = [movers.select(post_id=column, what=pl.lit(what)).drop_nulls() for what, column in ends.items()]
    located = pl.concat(parts).join(areas.of_post, on="post_id")
    counted = located.group_by("area").agg((pl.col("what") == what).sum().alias(what) for what in ends)
    whole = counted.with_columns(pl.col(*ends).cast(pl.Int64))
    busy = pl.sum_horizontal(*ends)
    return whole.sort(busy, "area", descending=[True, False]).head(MOST_CIRCLES)


def _most(facts: Facts, rows: Sequence[Mapping[str, Any]], areas: Areas, what: str) -> str:
    """The area with most entries or departures, and how many."""
    best = max(rows, key=lambda row: (row[what], areas.labels[row["area"]]))
    return f"{areas.labels[best['area']]} ({facts.words.number(best[what])})"


def _moves_map(facts: Facts, areas: Areas, sites: Sites, rows: Mapping[str, Mapping[str, Any]]) -> Picture:
    words = facts.words
    parts = (Part(words("departures"), DEPARTURES), Part(words("entries"), ENTRIES))
    circles, zones = [], _zones(facts)
    for site in sites.places:
        row, label = rows[site.code], areas.labels[site.code]
        hint = words("hint_map", area=label, entries=row["entries"], departures=row["departures"])
        form = _form(site.code, zones)
        circles.append(Circle(site.x, site.y, row["departures"], parts[0].label, hint, form, "left"))
        circles.append(Circle(site.x, site.y, row["entries"], parts[1].label, hint, form, "right"))
    drawing = circle_map(_map(facts, sites, [circle for circle in circles if circle.count]), parts)
    return Picture(drawing, words("alt_map"), words("caption_map"), parts, half=True)


def _cutoffs_map(facts: Facts, areas: Areas, sites: Sites, rows: Sequence[Mapping[str, Any]]) -> Picture:
    """The middle of the cutoffs of the disciplines of each area, as a class of points: nobody's points are told."""
    words = facts.words
    told = _middle_cutoffs(facts, areas)
    values = [points for points in told.values() if points]
    steps = round_steps(min(values, default=0), max(values, default=0), len(SHADES) - 1, unit=1000)
    labels = class_labels(steps, words, points=True)
    classes = [Part(label, SHADES[shade_of(at, len(labels), len(SHADES))]) for at, label in enumerate(labels)]
    free, untold = Part(words("state_free"), FREE), Part(words("state_untold"), UNTOLD)
    circles, zones = [], _zones(facts)
    for site, row in ((sites.at[row["area"]], row) for row in rows):
        points = told.get(site.code)
        part = untold if points is None else classes[class_of(points, steps)] if points else free
        hint = words("hint_map_cutoff", area=areas.labels[site.code], cutoff=part.label, entries=row["entries"])
        circles.append(Circle(site.x, site.y, row["entries"], part.label, hint, _form(site.code, zones)))
    met = {circle.part for circle in circles}
    parts = tuple(part for part in (*classes, free, untold) if part.label in met)
    drawing = circle_map(_map(facts, sites, circles), parts)
    return Picture(drawing, words("alt_map_cutoffs"), words("caption_map_cutoffs"), parts, half=True)


def _zones(facts: Facts) -> frozenset[str]:
    """The zones de remplacement."""
    places = facts.run.campaign.places
    return frozenset(places.filter(pl.col("kind") == "ZR")["place_id"])


def _form(code: str, zones: frozenset[str]) -> str:
    return "diamond" if code in zones else "disc"


def _middle_cutoffs(facts: Facts, areas: Areas) -> dict[str, int]:
    """The median over the disciplines that somebody entered, a free seat counting as 0; secrets are left out."""
    entered = lowest_cutoffs(facts, areas).filter(pl.col("entered") > 0)
    open_to_all = pl.when("free").then(0).otherwise("lowest")
    middle = entered.group_by("area").agg(open_to_all.quantile(0.5, "higher").cast(pl.Int64), pl.col("entered").sum())
    shown = middle.filter(pl.col("entered") > SECRET_UP_TO).drop_nulls()
    return dict(shown.select("area", "literal").iter_rows())


def _map(facts: Facts, sites: Sites, circles: Sequence[Circle]) -> Map:
    largest = max(circle.count for circle in circles)
    counts = round_steps(0, largest, 3)
    scale = {count: facts.words.number(count) for count in counts}
    return Map(sites.width, sites.height, largest, circles, sites.labels, sites.names, sites.boxes, scale)
