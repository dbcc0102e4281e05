"""The table of cutoffs: posts and zones, by whom they were last entered, and who came and went."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from engine.pipeline import run
from tests.intra_campaigns import SETTINGS

PLACES = """place_id,kind,school_type,commune,grouping,department,academy
E1,ETB,CLG,76540,R,76,21
E2,ETB,LYC,76540,R,76,21
E3,ETB,CLG,76600,R,76,21
Z,ZR,,,,76,21
"""
POSTS = "post_id,place_id,discipline,seats\nE1,E1,D,1\nE2,E2,D,0\nE3,E3,D,{third}\nZ,Z,D,1\n"
CANDIDATES = """candidate_id,discipline,held_post,mandatory
h,D,E2,false
a,D,,true
b,D,,true
"""


def cutoffs(folder: Path, wishes: str, third: int = 0) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Rows by kind, code, school type."""
    (folder / "campaign.toml").write_text(SETTINGS.format(seed=1))
    (folder / "places.csv").write_text(PLACES)
    (folder / "posts.csv").write_text(POSTS.format(third=third))
    (folder / "candidates.csv").write_text(CANDIDATES)
    (folder / "wishes.csv").write_text("candidate_id,rank,kind,code,school_type,points\n" + wishes)
    table = run(folder, extension="none").cutoffs
    assert table.columns[:5] == ["discipline", "kind", "code", "school_type", "post_id"]
    return {(row["kind"], row["code"], row["school_type"]): row for row in table.iter_rows(named=True)}


def test_a_zone_is_entered_at_the_lowest_of_its_posts(tmp_path: Path) -> None:
    rows = cutoffs(tmp_path, "h,1,ETB,E1,,50\na,1,COM,76540,,80\nb,1,GEO,R,,40\n")
    assert rows["ETB", "E1", None]["cutoff_points"] == 50_000
    assert rows["ETB", "E2", None]["cutoff_points"] == 50_000  # who beats h enters E2: a moves to E1
    assert rows["COM", "76540", None]["cutoff_points"] == 50_000
    assert rows["COM", "76540", None]["last_candidate_id"] == "h"
    assert rows["GEO", "R", None]["cutoff_kind"] == "wish"
    assert rows["COM", "76540", None]["post_id"] is None


def test_a_zone_with_a_free_seat_is_free_and_a_school_without_seats_has_none(tmp_path: Path) -> None:
    rows = cutoffs(tmp_path, "a,1,GEO,R,CLG,10\n")
    assert rows["ETB", "E3", None]["cutoff_kind"] == "no_seat"
    assert rows["ETB", "E2", None]["cutoff_kind"] == "stay"
    assert rows["GEO", "R", "CLG"]["cutoff_kind"] == "wish"
    assert rows["ZRE", "Z", None]["cutoff_kind"] == "free"


def test_posts_are_counted_for_every_wish_that_covers_them_once_per_candidate(tmp_path: Path) -> None:
    rows = cutoffs(tmp_path, "a,1,ETB,E1,,90\na,2,COM,76540,,10\nb,1,GEO,R,CLG,20\nb,2,GEO,R,,20\n")
    wanted = {key[1:]: row["wanted_by"] for key, row in rows.items()}
    assert wanted["E1", None] == 2
    assert wanted["E2", None] == 2
    assert wanted["E3", None] == 1
    assert wanted["76540", None] == 1
    assert wanted["R", "CLG"] == wanted["R", None] == 1


def test_zones_sum_the_seats_and_moves_of_their_posts(tmp_path: Path) -> None:
    rows = cutoffs(tmp_path, "h,1,ETB,E1,,50\na,1,COM,76540,,80\n")
    zone = rows["COM", "76540", None]
    assert (zone["seats"], zone["entered"], zone["left"], zone["closed"]) == (2, 2, 1, 0)


def test_the_cutoff_of_a_refused_wish_tells_what_was_missing(tmp_path: Path) -> None:
    cutoffs(tmp_path, "a,1,COM,76540,CLG,80\nb,1,COM,76540,CLG,30\nb,2,ETB,E1,,10\n")
    wishes = run(tmp_path, extension="none").wishes.filter(pl.col("candidate_id") == "b")
    assert wishes["missing_points"].to_list() == [50_000, 70_000]
    assert wishes["reason"].to_list() == ["points_short", "points_short"]
