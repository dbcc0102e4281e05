"""The page of a simulation: how the main figures spread, where cutoffs move, what points are worth."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from engine.report.drawing import Part, columns, svg, unchecked
from engine.report.parts import Banner, Block, Cell, Column, Commands, Picture, Section, Table, Text, Tile
from engine.report.template import resource, template
from engine.report.words import NOTHING, Language, Words
from engine.simulation.chances import undecided
from engine.simulation.charts import BAR, curve_frames, histograms, ranges
from engine.simulation.folder import Simulation
from engine.simulation.record import SHARE_MOVED
from engine.simulation.said import named, percent, simulation_words, varied
from engine.simulation.seeds import Floats

MAIN = (
    SHARE_MOVED,
    "holders.moved",
    "holders.on_wish_1",
    "mandatory.on_wish_1",
    "mandatory.extended",
    "mandatory.unassigned",
    "chains.filled_by_chains",
)
OBLIGED = "mandatory.candidates"
CUTOFFS_SHOWN, FAILED_SHOWN, RANGES, BANDS = 30, 10, 24, 10
TELLING_SHARES = (0.1, 0.5, 0.9)


def render_simulation(done: Simulation, language: Language = "fr") -> str:
    """The page of a simulation as HTML: no scripts, no network, the same bytes every time."""
    said = simulation_words(language)
    sections = [_distributions(done, said), _curves(done, said), _cutoffs(done, said), _wishes(done, said)]
    sections += [_figures(done, said), _reading(done, said)]
    pictures = [block for section in sections for block in section.blocks if isinstance(block, Picture)]
    with unchecked():
        drawings = {picture: svg(picture.drawing, picture.alternative, language) for picture in pictures}
    what, draws = varied(done.manifest, said), done.manifest["draws_made"]
    return template().render(
        words=said,
        style=resource("report.css"),
        title=said("simulation_title", id=named(done.manifest, said)),
        subtitle=said("simulation_subtitle", draws=draws, what=what),
        banner=_banner(done, said),
        tiles=_tiles(done, said),
        sections=sections,
        drawings=drawings,
    )


def _banner(done: Simulation, said: Words) -> Banner:
    lines = [
        said("simulation_failed_draw", **{name: str(row[name]) for name in ("draw", "seed", "failed")})
        for row in done.summary["failed"][:FAILED_SHOWN]
    ]
    if done.stopped:
        lines.append(said("simulation_time_limit", count=done.stopped))
    if done.manifest["stopped_early"]:
        made, planned = done.manifest["draws_made"], done.manifest["draws"]
        precision = _decimal(done.manifest["precision"], said)
        lines.append(said("simulation_early", precision=precision, draws=made, planned=planned))
    if done.num_failed:
        return Banner("bad", said("simulation_fails", count=done.num_failed), tuple(lines))
    return Banner("good", said("simulation_holds"), tuple(lines))


def _tiles(done: Simulation, said: Words) -> tuple[Tile, ...]:
    return tuple(
        Tile(_label(row["name"], said), _value(row["mean"], row["name"], said), _note(row, said))
        for row in _main_figures(done)
    )


def _note(row: dict[str, Any], said: Words) -> str:
    if row["low"] is None:
        return said("simulation_one_draw")
    low, high = (_value(row[edge], str(row["name"]), said) for edge in ("low", "high"))
    return said("simulation_interval", low=low, high=high)


def _main_figures(done: Simulation) -> list[dict[str, Any]]:
    """The rows of the main figures; those of the obliged only where there are any."""
    rows = {row["name"]: row for row in done.figures.iter_rows(named=True) if row["name"] in (*MAIN, OBLIGED)}
    obliged = rows.pop(OBLIGED, {"most": 0})["most"] > 0
    return [rows[name] for name in MAIN if name in rows and (obliged or not name.startswith("mandatory."))]


def _label(name: str, said: Words) -> str:
    return said(f"figure_{name.replace('.', '_')}")


def _value(value: float | None, name: str, said: Words) -> str:
    """A figure in words: a share in per cent, a whole number whole, a mean with one decimal."""
    if value is None:
        return NOTHING
    if "share" in name:
        return said.share(round(10_000 * value), 10_000, 2)
    return said.number(round(value)) if value == round(value) else _decimal(round(value, 1), said)


def _decimal(value: float, said: Words) -> str:
    whole, _, decimals = f"{abs(value):.10g}".partition(".")
    text = said.number(int(whole)) + ("," if said.language == "fr" else ".") * bool(decimals) + decimals
    return f"−{text}" if value < 0 else text


def _distributions(done: Simulation, said: Words) -> Section:
    rows = _main_figures(done)
    moving = [row for row in rows if row["least"] != row["most"]]
    still = [
        f"{_label(str(r['name']), said)} ({_value(r['mean'], str(r['name']), said)})" for r in rows if r not in moving
    ]
    notes = [Text(said("distributions_note"), "note")]
    notes += [Text(said("distributions_still", what=", ".join(still)), "empty")] if still else []
    pairs = (_histograms(done, moving[place : place + 2], said) for place in range(0, len(moving), 2))
    return Section("distributions", said("distributions"), (*notes, *pairs))


def _histograms(done: Simulation, rows: list[dict[str, Any]], said: Words) -> Picture:
    """Two figures side by side, each headed by its name and what 95 % of the draws stay within."""
    names = [str(row["name"]) for row in rows]
    spreads = [{edge: _value(row[edge], str(row["name"]), said) for edge in ("q025", "q975")} for row in rows]
    spread = [said("simulation_spread", low=edges["q025"], high=edges["q975"]) for edges in spreads]
    headings = [f"{_label(name, said)}\n{within}" for name, within in zip(names, spread, strict=True)]
    panels = {head: _bins(done.draws[name], name, said) for head, name in zip(headings, names, strict=True)}
    shares = {head: "share" in name for head, name in zip(headings, names, strict=True)}
    what = ", ".join(_label(name, said) for name in names)
    drawing = histograms(panels, said("num_draws"), shares)
    return Picture(drawing, said("distribution_alt", what=what), what)


def _bins(values: pl.Series, name: str, said: Words) -> list[dict[str, Any]]:
    """Counts of draws in ranges of equal width; of whole numbers each range holds as many."""
    known = values.drop_nulls().to_numpy()
    low, high = float(known.min()), float(known.max())
    whole = bool((known == np.floor(known)).all())
    width = math.ceil((high - low + 1) / RANGES) if whole else (high - low) / RANGES
    count = math.ceil((high - low + 1) / width) if whole else RANGES
    counts, _ = np.histogram(known, bins=low + width * np.arange(count + 1))
    rows = list[dict[str, Any]]()
    for place, number in enumerate(counts):
        start, end = low + place * width, low + (place + 1) * width
        edges = _value(start, name, said), _value(end - 1 if whole else end, name, said)
        hint = said("distribution_hint", low=edges[0], high=edges[1], count=int(number))
        rows.append({"low": start, "high": end, "count": int(number), "hint": hint})
    return rows


def _curves(done: Simulation, said: Words) -> Section:
    title = said("curves_title")
    if done.curves.is_empty():
        return Section("curves", title, (Text(said("curves_none"), "empty"),))
    if undecided(done) is not None:
        return Section("curves", title, (Text(said("curves_undecided"), "empty"),))
    frames = {
        str(name): part.sort("points").select(pl.col("points") / 1000, "probability").to_dicts()
        for (name,), part in _named(done.curves).group_by(["name"], maintain_order=True)
    }
    drawing = curve_frames(frames, said("points_axis"))
    picture = Picture(drawing, said("curves_alt"), title, table=_points_for(done, said))
    return Section("curves", title, (Text(said("curves_note"), "note"), picture))


def _named(table: pl.DataFrame) -> pl.DataFrame:
    """Adds the name of each zone; two of one name are told apart by their codes."""
    name = pl.coalesce("label", "code")
    twice = pl.col("code").n_unique().over(name) > 1
    return table.with_columns(name=pl.when(twice).then(pl.format("{} ({})", name, "code")).otherwise(name)).sort("name")


def _points_for(done: Simulation, said: Words) -> Table:
    """The points from which a curve stays at or above a few shares."""
    shares = [said.share(round(100 * share), 100, 0) for share in TELLING_SHARES]
    header = (Column(said("column_zone")), *(Column(said("column_points_for", share=share)) for share in shares))
    rows = []
    for (name,), part in _named(done.curves).group_by(["name"], maintain_order=True):
        curve = part.sort("points")
        reached = (curve.filter(pl.col("probability") >= share)["points"] for share in TELLING_SHARES)
        cells = (said.points(int(found[0])) if len(found) else said("beyond") for found in reached)
        rows.append((str(name), *cells))
    return Table(said("curves_title"), header, tuple(rows), folded=True)


def _cutoffs(done: Simulation, said: Words) -> Section:
    title = said("cutoffs_title")
    if undecided(done) is not None:
        return Section("cutoffs", title, (Text(said("cutoffs_undecided"), "empty"),))
    moving = done.cutoffs.filter(pl.col("q975") > pl.col("q025"))
    if moving.is_empty():
        return Section("cutoffs", title, (Text(said("cutoffs_still"), "empty"),))
    wanted = moving.sort("entered", "discipline", "kind", "code", descending=[True, False, False, False])
    shown = wanted.head(4 * CUTOFFS_SHOWN).sort(
        "sd", "discipline", "kind", "code", descending=[True, False, False, False]
    )
    rows, cells = list[dict[str, Any]](), list[tuple[str | Cell, ...]]()
    for row in shown.head(CUTOFFS_SHOWN).sort("q50", "code", "discipline").iter_rows(named=True):
        name = ", ".join(
            filter(None, (row["label"] or f"{row['kind']} {row['code']}", row["school_type"], row["discipline"]))
        )
        low, middle, high = (said.points(row[key]) for key in ("q025", "q50", "q975"))
        hint = said("cutoffs_hint", name=name, low=low, middle=middle, high=high)
        edges = {edge: row[key] / 1000 for edge, key in (("low", "q025"), ("middle", "q50"), ("high", "q975"))}
        rows.append({"row": name, **edges, "hint": hint})
        free = percent(row["share_free"], said)
        cells.append((name, low, middle, high, free, _decimal(round(row["entered"], 1), said)))
    names = ("zone", "low", "middle", "high", "free", "entered")
    table = Table(title, tuple(Column(said(f"column_{name}")) for name in names), tuple(cells), folded=True)
    drawing = ranges(rows, [str(row["row"]) for row in rows], said("points_axis"))
    return Section(
        "cutoffs",
        title,
        (Text(said("cutoffs_note"), "note"), Picture(drawing, said("cutoffs_alt"), title, table=table)),
    )


def _wishes(done: Simulation, said: Words) -> Section:
    """Candidates by their chance of a new assignment: those who never or always have one counted, the others shown."""
    known = done.candidates.filter(pl.col("draws") > 0)
    share = (known["share_assigned"] + known["share_extended"]).to_numpy()
    never, always = int((share <= 0).sum()), int((share >= 1).sum())
    lead = Text(said("wishes_lead", never=never, always=always, between=len(share) - never - always), "lead")
    blocks: tuple[Block, ...] = (lead,)
    if never + always < len(share):
        drawing = columns(*_bands(share[(share > 0) & (share < 1)], said), said("wishes_axis"), shares=False)
        blocks += (Text(said("wishes_note"), "note"), Picture(drawing, said("wishes_alt"), said("wishes_between")))
    return Section("wishes", said("wishes_title"), blocks)


def _bands(share: Floats, said: Words) -> tuple[list[dict[str, str | int]], list[str], tuple[Part]]:
    """Candidates by tenths of their chance: rows of a chart, the names of the bands, the one kind of bar."""
    counts, edges = np.histogram(share, bins=BANDS, range=(0, 1))
    part = Part(said("candidates_part"), BAR)
    names = [f"{100 * edges[place]:.0f}–{said.share(place + 1, BANDS, 0)}" for place in range(BANDS)]
    rows = list[dict[str, str | int]]()
    for name, count in zip(names, map(int, counts), strict=True):
        hint = said("wishes_hint", band=name, count=count)
        rows.append({"row": name, "part": part.label, "value": count, "text": said.number(count), "hint": hint})
    return rows, names, (part,)


def _figures(done: Simulation, said: Words) -> Section:
    header = tuple(Column(said(f"column_{name}")) for name in ("figure", "mean", "interval", "range"))
    rows = tuple(tuple(_row(row, said)) for row in done.figures.sort("name").iter_rows(named=True))
    table = Table(said("figures_title"), header, rows, folded=True)
    return Section("figures", said("figures_title"), (Text(said("figures_note"), "note"), table))


def _row(row: dict[str, Any], said: Words) -> Iterator[str | Cell]:
    name = str(row["name"])
    yield Cell(name, foreign=True)
    yield _value(row["mean"], name, said)
    for low, high in (("low", "high"), ("q025", "q975")):
        yield f"{_value(row[low], name, said)} – {_value(row[high], name, said)}" if row[low] is not None else NOTHING


def _reading(done: Simulation, said: Words) -> Section:
    manifest = done.manifest
    told = said("chance_varies", what=varied(manifest, said), session=str(manifest["campaign"]["session"]))
    command = f"mouvement simulate {manifest['campaign']['id']} -o {manifest['campaign']['id']}-draws"
    command += f" --draws {manifest['draws']} --vary {','.join(manifest['vary'])} --seed {manifest['seed']}"
    command += f" --noise {manifest['noise']:g}" if "preferences" in manifest["vary"] else ""
    command += f" --precision {manifest['precision']:g}" if manifest["precision"] else ""
    blocks = (Text(said("chance_means")), Text(told), Text(said("reading_repeat")), Commands((command,)))
    return Section("reading", said("reading_title"), blocks)
