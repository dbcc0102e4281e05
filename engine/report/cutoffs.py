"""Cutoffs by discipline and area, under the secrecy of the ministry: none is shown for one entrant or fewer."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from engine.report.areas import MOST, Areas, areas_of
from engine.report.facts import Facts
from engine.report.parts import Block, Key, Section, Shade, Shaded, ShadedColumn, ShadedRow, Text
from engine.report.scale import class_labels, class_of, round_steps, shade_of

SECRET_UP_TO = 1
"""Entrants up to which a cutoff is secret: it would tell the points of one person."""

ZONE_KINDS = {"ACA": "ACA", "DPT": "DPT", "grouping": "GEO", "commune": "COM"}
"""The kind of wish that names an area."""

LONGEST = 150
"""Areas a heat map may have as its rows, where the disciplines are few enough to be its columns."""

CLASSES = 7


def cutoffs_section(facts: Facts) -> Section:
    """Cutoffs as a shaded table: disciplines x areas, or the other way round where disciplines are few."""
    words = facts.words
    upright = facts.disciplines < len(facts.areas.labels) // 2 and facts.disciplines <= MOST
    areas = areas_of(facts.run.campaign, LONGEST) if upright else facts.areas
    cells = cutoff_cells(facts, areas)
    if cells.is_empty():
        return Section("cutoffs", words("cutoffs"), (facts.nothing("empty_cutoffs"),))
    blocks: list[Block] = [Text(_lead(facts, areas, cells), "lead"), _heat_map(facts, areas, cells, upright=upright)]
    improved = facts.run.options.improvement != "none"
    notes = ("note_cutoffs", *(("note_before_improvement",) if improved else ()), "note_all_cutoffs")
    blocks.append(Text(" ".join(map(words, notes)), "note"))
    return Section("cutoffs", words("cutoffs"), tuple(blocks))


def cutoff_cells(facts: Facts, areas: Areas) -> pl.DataFrame:
    """The cutoff of each discipline in each area, secrecy applied.

    Returns
    -------
    polars.DataFrame: discipline, area, state (points, free, secret, nobody), points (thousandths, null unless the
    state is points), seats, entered, wanted_by. Where there is no seat there is no row.
    """
    lowest = lowest_cutoffs(facts, areas).filter(pl.col("seats") > 0)
    state = (
        pl.when("free")
        .then(pl.lit("free"))
        .when((pl.col("entered") == 0) | pl.col("lowest").is_null())
        .then(pl.lit("nobody"))
        .when(pl.col("entered") <= SECRET_UP_TO)
        .then(pl.lit("secret"))
        .otherwise(pl.lit("points"))
    )
    told = lowest.with_columns(state=state).with_columns(points=pl.when(pl.col("state") == "points").then("lowest"))
    return told.select("discipline", "area", "state", "points", "seats", "entered", "wanted_by").sort(
        "discipline", "area"
    )


def lowest_cutoffs(facts: Facts, areas: Areas) -> pl.DataFrame:
    """The cutoff of each discipline in each area, secrets included: not to be shown as it is.

    An area is what the wish for it covers: its posts, without specific ones and zones de remplacement (unless they are
    an area themselves). Its cutoff is that of the zone where a wish names it, else the lowest of its posts (DESIGN 7).

    Returns
    -------
    polars.DataFrame: discipline, area, seats, entered (not by the extension that follows the run: it says nothing of
    cutoffs), wanted_by, free (whether a seat is), lowest (thousandths, null where nobody entered on points).
    """
    wider = areas.kind in ZONE_KINDS and not areas.are_places and areas.kind != "commune"
    inside = pl.col("kind").is_in(["POST", "ZRE"] if wider else ["POST"]).not_()
    rows = facts.run.cutoffs.filter(inside & pl.col("post_id").is_not_null()).join(areas.of_post, on="post_id")
    by_wish = pl.col("cutoff_kind") == "wish"
    counted = rows.group_by("discipline", "area").agg(
        pl.col("seats", "entered").sum(),
        wanted=pl.col("wanted_by").max(),
        free=(pl.col("cutoff_kind") == "free").any(),
        lowest_post=pl.col("cutoff_points").filter(by_wish).min(),
    )
    kind, untyped = ZONE_KINDS.get(areas.kind, ""), pl.col("school_type").is_null()
    named = facts.run.cutoffs.filter((pl.col("kind") == kind) & untyped & pl.col("post_id").is_null())
    named = named.select("discipline", "wanted_by", area="code", lowest_zone=pl.when(by_wish).then("cutoff_points"))
    both = counted.join(named, on=["discipline", "area"], how="left")
    both = both.join(_entered_after(facts, areas), on=["discipline", "area"], how="left")
    return both.select(
        "discipline",
        "area",
        "seats",
        "free",
        entered=pl.col("entered") - pl.col("after").fill_null(0),
        wanted_by=pl.coalesce("wanted_by", "wanted"),
        lowest=pl.coalesce("lowest_zone", "lowest_post"),
    )


def _entered_after(facts: Facts, areas: Areas) -> pl.DataFrame:
    """Who was placed by the extension that follows the run: discipline, area, after."""
    residual = facts.run.options.extension == "residual"
    extended = facts.people.filter((pl.col("fate") == "extended") & residual)
    return extended.join(areas.of_post, on="post_id").group_by("discipline", "area").agg(after=pl.len().cast(pl.Int64))


def _lead(facts: Facts, areas: Areas, cells: pl.DataFrame) -> str:
    words = facts.words
    points = cells["points"].drop_nulls().sort().to_list()
    states = dict(cells["state"].value_counts().iter_rows())
    counts = {name: int(states.get(name, 0)) for name in ("free", "secret", "nobody")}
    if not points:
        return words("lead_no_cutoffs", **counts)
    middle = points[(len(points) - 1) // 2]
    lowest, median, highest = (words.points(value) for value in (points[0], middle, points[-1]))
    secret = cells.filter(pl.col("state") == "secret").join(lowest_cutoffs(facts, areas), on=["discipline", "area"])
    above = secret.filter(pl.col("lowest") > middle).height
    figures: dict[str, str | int] = {
        "shown": len(points),
        "lowest": lowest,
        "median": median,
        "highest": highest,
        "above": above,
    }
    return words("lead_cutoffs", **figures, **counts)


def _heat_map(facts: Facts, areas: Areas, cells: pl.DataFrame, *, upright: bool) -> Shaded:
    words = facts.words
    disciplines, codes = _by_candidates(facts, cells), _by_demand(cells)[:LONGEST]
    told = {(row["discipline"], row["area"]): row for row in cells.iter_rows(named=True)}
    points = cells["points"].drop_nulls()
    steps = round_steps(int(points.min() or 0), int(points.max() or 0), CLASSES - 1, unit=1000)  # type: ignore[arg-type]
    shade = {
        (discipline, code): _shade(facts, steps, told.get((discipline, code)), areas.labels[code])
        for discipline in disciplines
        for code in codes
    }
    area_names = [(code, areas.labels[code]) for code in codes]
    names = [(discipline, discipline) for discipline in disciplines]
    down, across = (area_names, names) if upright else (names, area_names)
    corner = words("corner_areas") if upright else words("corner_disciplines")
    return Shaded(
        caption=words("caption_cutoffs"),
        corner=corner,
        columns=tuple(ShadedColumn(label) for _, label in across),
        rows=tuple(
            ShadedRow(label, tuple(shade[(to, key) if upright else (key, to)] for to, _ in across))
            for key, label in down
        ),
        legend=_legend(facts, steps, cells),
    )


def _by_candidates(facts: Facts, cells: pl.DataFrame) -> list[str]:
    """Disciplines of the cells, the one with most candidates first."""
    sizes = dict(facts.run.campaign.candidates["discipline"].value_counts().iter_rows())
    return sorted(cells["discipline"].unique().to_list(), key=lambda name: (-sizes.get(name, 0), name))


def _by_demand(cells: pl.DataFrame) -> list[str]:
    """Areas, the one hardest to enter first: by the median of its cutoffs, a free seat counting as none."""
    open_to_all = pl.when(pl.col("state") == "free").then(0).otherwise("points")
    order = cells.group_by("area").agg(height=open_to_all.median().fill_null(0), asked=pl.col("wanted_by").sum())
    return order.sort("height", "asked", "area", descending=[True, True, False])["area"].to_list()


def _shade(facts: Facts, steps: Sequence[int], row: dict[str, object] | None, area: str) -> Shade:
    """How one cell is shown: its figure or the mark of its state."""
    words = facts.words
    if row is None:
        return Shade("", "", "")
    state, points = str(row["state"]), row["points"]
    told = words.points(points) if isinstance(points, int) else words(f"state_{state}")
    counts = {name: _whole(row[name]) for name in ("seats", "entered", "wanted_by")}
    secret = words("hint_secret") if state == "secret" else words("hint_entered", entered=counts.pop("entered"))
    hint = words(
        "hint_cutoff", discipline=str(row["discipline"]), area=area, cutoff=told, entered=secret,
        seats=counts["seats"], wanted=counts["wanted_by"],
    )  # fmt: skip
    if isinstance(points, int):
        return Shade(words.points(points), f"h{shade_of(class_of(points, steps), len(steps) + 1, CLASSES)}", hint)
    return Shade(words(f"mark_{state}"), state, hint)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _legend(facts: Facts, steps: Sequence[int], cells: pl.DataFrame) -> tuple[Key, ...]:
    """Classes of points, then the states that occur."""
    words, states = facts.words, set(cells["state"])
    classes = class_labels(steps, words, points=True) if "points" in states else ()
    named = [state for state in ("free", "secret", "nobody") if state in states]
    shades = (Key(f"h{shade_of(i, len(classes), CLASSES)}", "", label) for i, label in enumerate(classes))
    return (*shades, *(Key(state, words(f"mark_{state}"), words(f"state_{state}")) for state in named))
