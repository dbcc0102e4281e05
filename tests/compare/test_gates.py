"""Points needed as each movement has them: entry and exit of départements, none for specific posts."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import polars as pl

from engine.compare.compare import Comparison, compare
from engine.compare.cutoffs import cutoffs_beside
from engine.compare.page import render_comparison
from engine.compare.running import Asked, sides_of
from engine.compare.sections.points import points_section
from engine.compare.told import Told
from engine.compare.words import compare_words
from engine.pipeline import run
from engine.report.parts import Table, Text
from engine.runfolder import write_run
from tests.compare.runs import compared, variant
from tests.departments import SETTINGS, Country, Request, write_country

CODES = [f"{number:02}" for number in range(1, 7)]


def country(quota: int = 3) -> Country:
    """Six départements in a ring; of ten people in each, all ask for the next two."""
    requests = {
        f"{home}-{number}": Request(home, [(after, 100 - 3 * number), (later, 50 - number)])
        for home, after, later in zip(CODES, [*CODES[1:], CODES[0]], [*CODES[2:], *CODES[:2]], strict=True)
        for number in range(10)
    }
    return Country({code: (quota + position % 2, quota) for position, code in enumerate(CODES)}, requests)


def gates(tmp_path: Path) -> Comparison:
    """The country beside itself with more departures, then with fewer entries."""
    folder = write_country(tmp_path / "country", country())
    more = variant("more", "quotas.exit.add = 2\nquotas.entry.add = 1")
    return compared(folder, more, variant("open", "quotas.exit.number = 60"), frontier=False)


def test_both_cutoffs_of_every_departement_are_set_side_by_side(tmp_path: Path) -> None:
    done = gates(tmp_path)
    for side in done.sides:
        rows = done.cutoffs.filter(variant=side.name)
        assert rows.select("code", "way").sort(pl.all()).rows() == [(c, w) for c in CODES for w in ("entry", "exit")]
        assert side.departments is not None
        told = {row["department"]: row for row in side.departments.iter_rows(named=True)}
        for row in rows.iter_rows(named=True):
            own, (quota, moved) = told[row["code"]], FIGURES[row["way"]]
            assert (row["seats"], row["entered"]) == (own[quota], own[moved])
            used_up = own[moved] >= own[quota]
            assert (row["cutoff_kind"] == "free") == (not used_up)
            points = own[f"{row['way']}_cutoff_points"] if used_up else None
            assert row["cutoff_points"] == points
            assert row["difference"] is None or row["difference"] == points - row["before_cutoff_points"]
    opened = done.cutoffs.filter(variant="open", way="exit")
    assert set(opened["cutoff_kind"]) == {"free"}
    assert set(opened["change"]) == {"easier"}


FIGURES = {"entry": ("entry_quota", "entered_mutations"), "exit": ("exit_quota", "left_mutations")}


def test_the_page_tells_entry_and_exit_apart(tmp_path: Path) -> None:
    done = gates(tmp_path)
    section = points_section(Told(done, compare_words("en")))
    assert section.title == "Entry and exit cutoffs"
    led = [block.text.partition(":")[0] for block in section.blocks if isinstance(block, Text) and block.tone == "lead"]
    assert led == ["Entry", "Entry", "Exit", "Exit"]
    listed = {
        block.caption: [head.label for head in block.columns] for block in section.blocks if isinstance(block, Table)
    }
    assert all(("Left" in heads) == caption.startswith("Exit") for caption, heads in listed.items())
    assert "Barres d&#39;entrée et de sortie" in render_comparison(done)


def test_runs_read_have_the_same_cutoffs_as_runs_made(tmp_path: Path) -> None:
    done = gates(tmp_path)
    more = variant("more", "quotas.exit.add = 2\nquotas.entry.add = 1")
    one = write_run(run(tmp_path / "country"), tmp_path / "departments")
    other = write_run(run(tmp_path / "country", variant=more), tmp_path / "more", table_format="csv")
    read = compare(sides_of(Asked(runs=(one, other))))
    assert read.cutoffs.equals(done.cutoffs.filter(pl.col("variant") != "open"))


def test_where_nobody_is_held_back_no_cutoff_of_exit_is_shown(tmp_path: Path) -> None:
    people = country().requests
    balanced = Country(dict.fromkeys(CODES, 1), people)
    folder = write_country(tmp_path / "balance", balanced, SETTINGS.replace('"serial"', '"stable"'))
    done = compared(folder, variant("more", "population.seats.add = 1"), frontier=False)
    assert set(done.cutoffs["way"]) == {"entry"}
    assert "Exit:" not in render_comparison(done, "en")


def test_a_specific_post_has_no_points_needed() -> None:
    row = {"discipline": "L1300", "kind": "POST", "code": "P1", "school_type": None, "post_id": "P1", "way": "entry"}
    counts = {"seats": 1, "wanted_by": 2, "entered": 1}
    ends = [{"cutoff_points": 5000, "cutoff_kind": "wish"}, {"cutoff_points": None, "cutoff_kind": "free"}]
    kinds = {"school_type": pl.String, "cutoff_points": pl.Int64}
    runs = [pl.DataFrame([{**row, **counts, **end}], schema_overrides=kinds) for end in (*ends, *ends[::-1])]
    for first, second in pairwise(runs):
        (told,) = cutoffs_beside(first, second).to_dicts()
        assert (told["difference"], told["change"]) == (None, None)
