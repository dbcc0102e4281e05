"""Seats of départements and académies: complete, and where public tables put them."""

import csv
from pathlib import Path

import pytest

from engine.model.geography import Department, academies, all_departments, departments, distance_km

DATA = Path(__file__).parents[3] / "shared" / "data"


def test_every_departement_has_a_name_and_a_seat() -> None:
    assert {code: department.name for code, department in all_departments().items()} == departments()
    assert len(departments()) == 101
    assert all(department.seat for department in all_departments().values())


def test_distances_are_those_of_the_globe() -> None:
    paris, lyon = all_departments()["75"], all_departments()["69"]
    assert distance_km(paris, lyon) == pytest.approx(392, abs=3)
    assert distance_km(lyon, paris) == distance_km(paris, lyon)
    assert distance_km(paris, paris) == 0


def test_the_seat_of_an_academie_is_near_one_of_its_departements() -> None:
    seats = all_departments()
    for academy in academies(2025).values():
        assert min(distance_km(academy, seats[code]) for code in academy.departments) < 50, academy


@pytest.mark.skipif(not DATA.exists(), reason="the public tables are not beside the repository")
def test_seats_are_where_the_public_tables_put_the_chefs_lieux() -> None:
    communes = {row["code"]: row for row in _rows("communes.csv")}
    for row in _rows("departements.csv"):
        commune, seat = communes[row["chef_lieu"]], all_departments()[row["code"]]
        there = Department(row["code"], row["name"], commune["name"], float(commune["lat"]), float(commune["lon"]))
        assert distance_km(seat, there) < 2, seat


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / name).read_text(encoding="utf-8").splitlines()))
