"""The extension table: lines that were read, then distance, and the campaign's own lines over both."""

import polars as pl
import pytest

from engine.extension.table import extension_order, rulebook_order
from engine.model.geography import academies, distance_km
from engine.model.rulebook import Rulebook
from tests.model.small_campaign import small_campaign


def order(session: int, origin: str) -> pl.DataFrame:
    return rulebook_order(Rulebook.load("inter").at(session)).filter(pl.col("origin_code") == origin)


@pytest.mark.parametrize(
    ("session", "origin", "first"),
    [
        (2020, "02", ["23", "11", "08", "10"]),
        (2020, "16", ["11", "04"]),
        (2020, "06", ["10", "22"]),
        (2020, "05", ["21", "25", "14", "17", "01", "24"]),
        (2025, "02", ["23", "11", "08", "10"]),
    ],
)
def test_the_lines_that_were_read_come_first(session: int, origin: str, first: list[str]) -> None:
    table = order(session, origin)
    assert table["code"].head(len(first)).to_list() == first
    assert table["source"].to_list() == ["R35"] * len(first) + ["synthetic"] * (table.height - len(first))


@pytest.mark.parametrize("session", [2010, 2022, 2023, 2026])
def test_from_every_academie_all_of_the_mainland_is_examined_once(session: int) -> None:
    overseas_or_corse = {"27", "28", "31", "32", "33", "43"}
    mainland = set(academies(session)) - overseas_or_corse
    for origin in academies(session):
        table = order(session, origin)
        assert sorted(table["code"]) == sorted(mainland - {origin})
        assert table["position"].to_list() == list(range(1, table.height + 1))


def test_where_no_line_was_read_the_nearest_seat_comes_first() -> None:
    known = academies(2025)
    distances = [distance_km(known["14"], known[code]) for code in order(2025, "14")["code"]]
    assert distances == sorted(distances)
    assert order(2025, "14")["code"][0] == "17"


def test_a_campaign_may_bring_the_lines_of_its_own_table_origin_by_origin() -> None:
    own = [
        {"origin_kind": "ACA", "origin_code": "14", "position": position, "kind": "ACA", "code": code}
        for position, code in enumerate(["25", "28"], start=1)
    ]
    table = extension_order(small_campaign(2025, {"wishes": ["14"]}, extension=own))
    rennes = table.filter(pl.col("origin_code") == "14")
    assert rennes.select("position", "code", "source").rows() == [(1, "25", "campaign"), (2, "28", "campaign")]
    assert table.filter(pl.col("origin_code") == "10").height == 23
    assert table.equals(table.sort("origin_kind", "origin_code", "position"))


def test_without_a_rulebook_only_the_campaigns_own_table_counts() -> None:
    own = [{"origin_kind": "ACA", "origin_code": "A", "position": 1, "kind": "ACA", "code": "B"}]
    table = extension_order(small_campaign(2025, {"wishes": []}, rulebook="none", extension=own))
    assert table.rows() == [("ACA", "A", 1, "ACA", "B", None, "campaign")]
    assert extension_order(small_campaign(2025, {"wishes": []}, rulebook="none")).is_empty()
