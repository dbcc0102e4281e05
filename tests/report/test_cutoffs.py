"""Cutoffs as published: secret for one entrant or fewer, the lowest of its posts for an area."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from engine.report.areas import areas_of
from engine.report.cutoffs import cutoff_cells, cutoffs_section
from engine.report.facts import facts_of
from engine.report.parts import Shaded, Text
from engine.report.words import words
from engine.runs import Run
from tests.report.runs import Bar, Person, Story, make, ordinary


def cells(run: Run) -> dict[tuple[str, str], tuple[str, int | None]]:
    facts = facts_of(run, words("en"))
    rows = cutoff_cells(facts, areas_of(run.campaign)).iter_rows(named=True)
    return {(row["discipline"], row["area"]): (row["state"], row["points"]) for row in rows}


@pytest.mark.parametrize(
    ("bar", "state"),
    [
        (Bar("D", "14", 2, 77_700), ("points", 77_700)),
        (Bar("D", "14", 1, 77_700), ("secret", None)),
        (Bar("D", "14", 0, 77_700), ("nobody", None)),
        (Bar("D", "14", 1, 77_700, "free"), ("free", None)),
        (Bar("D", "14", 0, None, "stay"), ("nobody", None)),
        (Bar("D", "14", 0, None, "closing"), ("nobody", None)),
    ],
)
def test_a_cutoff_is_told_or_its_state_is(bar: Bar, state: tuple[str, int | None]) -> None:
    assert cells(make(Story((), [bar]))) == {("D", "14"): state}


def test_where_there_is_no_seat_there_is_no_cell() -> None:
    assert cells(make(Story((), [Bar("D", "14", 0, None, "no_seat", 0), Bar("D", "17", 2, 9)]))) == {
        ("D", "17"): ("points", 9)
    }


def test_how_many_secret_cutoffs_are_above_the_median_is_told() -> None:
    shown = [Bar("D", "14", 2, 50_000), Bar("D", "17", 2, 60_000), Bar("D", "24", 2, 70_000)]
    run = make(Story((), [*shown, Bar("D", "25", 1, 99_000)]))
    (lead, *_) = cutoffs_section(facts_of(run, words("en"))).blocks
    assert isinstance(lead, Text)
    assert "(median 60)" in lead.text
    assert "secret for want of two entrants: 1, of which 1 above that median" in lead.text


def by_department(*bars: Bar) -> Run:
    """A run on many schools, so that they are taken together: all lie in one département."""
    filling = [Bar("E", f"S{number:02d}", 0, None, "stay") for number in range(41)]
    run = make(Story((), [*bars, *filling], {bar.place: bar.place for bar in (*bars, *filling)}, "ETB"))
    places = run.campaign.places.with_columns(department=pl.lit("63"))
    return replace(run, campaign=replace(run.campaign, places=places))


def test_the_cutoff_of_an_area_is_the_lowest_of_its_posts() -> None:
    run = by_department(Bar("D", "S00", 2, 50_000), Bar("D", "S01", 1, 40_000), Bar("D", "S02", 0, None, "stay"))
    assert cells(run)["D", "63"] == ("points", 40_000)


def test_an_area_with_a_free_seat_has_no_cutoff() -> None:
    run = by_department(Bar("D", "S00", 2, 50_000), Bar("D", "S01", 0, None, "free"))
    assert cells(run)["D", "63"] == ("free", None)


def test_the_wish_for_an_area_tells_its_cutoff_where_somebody_named_it() -> None:
    run = by_department(Bar("D", "S00", 2, 50_000), Bar("D", "S01", 1, 40_000))
    zone = run.cutoffs[:1].with_columns(
        pl.lit("DPT").alias("kind"), pl.lit("63").alias("code"), cutoff_points=45_000, wanted_by=7
    )
    zone = zone.with_columns(post_id=pl.lit(None, pl.String), cutoff_kind=pl.lit("wish"), discipline=pl.lit("D"))
    tables = replace(run.tables, cutoffs=pl.concat([run.cutoffs, zone.cast(dict(run.cutoffs.schema))]))
    facts = facts_of(replace(run, tables=tables), words("en"))
    (row,) = cutoff_cells(facts, areas_of(run.campaign)).filter(pl.col("discipline") == "D").to_dicts()
    assert (row["points"], row["wanted_by"]) == (45_000, 7)


def test_who_came_by_the_extension_that_follows_lifts_no_secret() -> None:
    people = [Person("a", "D", "extended", None, "14", mandatory=True)]
    bars = [Bar("D", "14", 2, 77_700)]
    assert cells(make(Story(people, bars)))["D", "14"] == ("points", 77_700)
    assert cells(make(Story(people, bars, options={"extension": "residual"})))["D", "14"] == ("secret", None)


def test_specific_posts_have_no_place_in_the_map() -> None:
    run = make(ordinary())
    tables = replace(run.tables, cutoffs=run.cutoffs.with_columns(kind=pl.lit("POST")))
    section = cutoffs_section(facts_of(replace(run, tables=tables), words("en")))
    assert not [block for block in section.blocks if isinstance(block, Shaded)]


def test_few_disciplines_become_the_columns() -> None:
    section = cutoffs_section(facts_of(make(ordinary()), words("en")))
    (map_,) = (block for block in section.blocks if isinstance(block, Shaded))
    assert [row.label for row in map_.rows] == ["L0422", "L1300"]
    run = make(
        Story((), [Bar("D", f"{number}", 2, 1_000) for number in range(9)], {f"{n}": f"at {n}" for n in range(9)})
    )
    section = cutoffs_section(facts_of(run, words("en")))
    (map_,) = (block for block in section.blocks if isinstance(block, Shaded))
    assert [column.label for column in map_.columns] == ["D"]
    assert len(map_.rows) == 9
