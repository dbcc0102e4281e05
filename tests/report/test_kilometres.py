"""Distances: between communes, to the nearest place of a zone, unknown where a place lies nowhere."""

from __future__ import annotations

import polars as pl

from engine.model.geography import all_departments
from engine.report.kilometres import km_between, km_picture, km_to_zone, median
from engine.report.location import located
from engine.report.words import words
from tests.report.schools import schools


def zone(place: str, kind: str, code: str, school_type: str | None = None) -> pl.DataFrame:
    row = {"place_id": [place], "kind": [kind], "code": [code], "school_type": [school_type]}
    return pl.DataFrame(row, schema_overrides={"school_type": pl.String})


def test_schools_of_one_commune_lie_in_its_middle() -> None:
    where = {row["place_id"]: (row["lat"], row["lon"]) for row in located(schools().campaign).to_dicts()}
    assert where["E1"] == where["E2"] == (45.79, 3.09)


def test_a_zone_without_coordinates_lies_at_the_chef_lieu_of_its_departement() -> None:
    where = {row["place_id"]: row["lat"] for row in located(schools().campaign).to_dicts()}
    assert where["Z1"] == all_departments()["63"].lat
    assert where["Z2"] == 45.03


def test_the_distance_to_a_zone_is_that_to_its_nearest_place() -> None:
    campaign = schools().campaign
    where = located(campaign)
    rows = pl.concat(
        [zone("E4", "ETB", "E3"), zone("E4", "GEO", "G1"), zone("E4", "DPT", "15"), zone("E4", "COM", "0")]
    )
    far, near, inside, nowhere = km_to_zone(campaign, where, rows).to_list()
    assert far > near > inside == 0
    assert nowhere is None


def test_nothing_is_said_of_a_place_that_lies_nowhere() -> None:
    where = pl.DataFrame({"place_id": ["a", "b"], "lat": [45.0, None], "lon": [3.0, None]})
    rows = pl.DataFrame({"start": ["a", "a"], "goal": ["a", "b"]})
    assert km_between(rows, where, "start", "goal").to_list() == [0, None]


def test_classes_of_distances_begin_at_the_shortest_and_end_at_the_longest() -> None:
    def told(*km: int) -> dict[str, str]:
        picture = km_picture(
            pl.Series(km), words("en"), unit="holders", axis="axis_km", subject="distances", colour="#000"
        )
        assert picture.table is not None
        return {str(name): str(count) for name, count in picture.table.rows}

    assert told(0, 0) == {"same commune": "2", "below 5": "0"}
    assert told(3, 4) == {"below 5": "2"}
    assert told(12, 20, 60) == {"below 20": "1", "20 to 50": "1", "50 or more": "1"}


def test_the_median_is_the_lower_of_two() -> None:
    assert median(pl.Series([9, 1, 5, 3])) == 3
