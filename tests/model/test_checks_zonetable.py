"""The table of zones: places only, each where it can be, without contradiction, in an order without gaps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from engine.model.checks.context import Context
from engine.model.checks.zonetable import positions_are_an_order
from engine.model.reading import read_tables
from engine.model.rulebook import Rulebook
from engine.model.sessionrules import SessionRules
from tests.model.intra_folder import accepted, refusal, write_intra

HEADER = "zone_kind,zone_code,place_id,position\n"


def zones(*rows: str) -> str:
    return HEADER + "".join(f"{row}\n" for row in rows)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["GEO,A,B,", "GEO,B,A,"], 'zones row 1 (GEO A): place_id "B" is a zone, not a place, and leads back to A.'),
        (
            ["GEO,A,B,", "GEO,B,C,", "GEO,C,A,", "GEO,D,A,"],
            'zones row 3 (GEO C): place_id "A" is a zone, not a place, and leads back to C.',
        ),
        (["GEO,A,B,", "GEO,B,A,", "GEO,D,A,"], 'zones row 3 (GEO D): place_id "A" is a zone, not a place.\n'),
        (["GEO,A,A,"], 'place_id "A" is the zone itself, not a place.'),
        (["GEO,A,63300,"], 'place_id "63300" is a zone, not a place.\n'),
        (["GEO,A,NOWHERE,"], 'place_id "NOWHERE" names no place.'),
        (["GEO,A,CLG-RIO,"], "Maybe CLG-RIOM, which is in places?"),
        (["ETB,A,CLG-RIOM,"], 'zone_kind "ETB" names one thing by itself, and takes no table of places.'),
        (["POST,M-CR,CLG-RIOM,"], 'zone_kind "POST" names one thing by itself'),
        (["ZRD,77,CLG-RIOM,"], 'place_id "CLG-RIOM" is a place of kind ETB, and a ZRD holds ZR.'),
        (["GEO,A,ZR-63,"], 'place_id "ZR-63" is a place of kind ZR, and a GEO holds ETB.'),
        (["GEO,A,CLG-RIOM,1", "GEO,A,CLG-RIOM,2"], "repeats the zone_kind and zone_code and place_id of row 1."),
    ],
)
def test_a_row_that_puts_no_place_into_a_zone_is_shown(tmp_path: Path, rows: list[str], expected: str) -> None:
    assert expected in refusal(tmp_path, zones=zones(*rows))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            ["GEO,A,CLG-RIOM,1", "GEO,A,LYC-RIOM,"],
            "zones row 2 (GEO A): position is empty for LYC-RIOM, where other places of the zone have one.",
        ),
        (
            ["GEO,A,CLG-RIOM,1", "GEO,A,CLG-VOLVIC,3"],
            'position "3" follows position 1 of the same zone: positions are missing between them.',
        ),
        (["GEO,A,CLG-RIOM,2"], 'position "2" follows position 0 of the same zone'),
        (["GEO,A,CLG-RIOM,0"], 'position "0" is below 1'),
        (
            ["GEO,A,CLG-RIOM,1", "GEO,A,CLG-VOLVIC,1"],
            'position "1" is that of CLG-RIOM and of others, which are not all the schools of one commune.',
        ),
    ],
)
def test_an_order_with_gaps_or_shared_positions_is_refused(tmp_path: Path, rows: list[str], expected: str) -> None:
    assert expected in refusal(tmp_path, zones=zones(*rows))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            ["GEO,RIOM,CLG-RIOM,", "GEO,RIOM,LYC-RIOM,"],
            '(GEO RIOM): zone_code "RIOM" lacks CLG-VOLVIC, which the column grouping of places puts there.',
        ),
        (
            ["GEO,CLERMONT,LYC-CLERMONT,", "GEO,CLERMONT,CLG-RIOM,"],
            "holds CLG-RIOM by this row, and not by the column grouping of places.",
        ),
        (["COM,X,CLG-RIOM,"], 'zone_code "X" holds CLG-RIOM, which is in 63300 by the column commune.'),
        (["ZRA,99,ZR-63,"], 'zone_code "99" holds ZR-63, which is in 06 by the column academy.'),
    ],
)
def test_a_zone_that_contradicts_the_columns_is_refused(tmp_path: Path, rows: list[str], expected: str) -> None:
    assert expected in refusal(tmp_path, zones=zones(*rows))


def test_groupements_may_overlap_and_a_remark_says_so(tmp_path: Path) -> None:
    table = zones("GEO,AROUND,CLG-RIOM,", "GEO,AROUND,LYC-CLERMONT,")
    notes = accepted(tmp_path, zones=table).notes
    assert "places: 2 are in several groupements (such as CLG-RIOM)." in notes


def test_a_zone_may_be_given_by_table_and_column_alike(tmp_path: Path) -> None:
    table = zones("GEO,RIOM,CLG-RIOM,2", "GEO,RIOM,LYC-RIOM,2", "GEO,RIOM,CLG-VOLVIC,1")
    assert accepted(tmp_path, zones=table).zones.height == 3


def ordered_rules() -> SessionRules:
    """Clermont-Ferrand, if it read a groupement as the ordered list of its communes."""
    rules = Rulebook.load("intra/clermont-ferrand").at(2016)
    block = rules.blocks["wishes"]
    value = replace(block.values["geo_is_ordered"], value=True)
    return replace(
        rules, blocks={**rules.blocks, "wishes": replace(block, values={**block.values, "geo_is_ordered": value})}
    )


@pytest.mark.parametrize(("listed", "found"), [(False, ["RIOM"]), (True, [])])
def test_where_groupements_are_ordered_each_has_its_order(tmp_path: Path, listed: bool, found: list[str]) -> None:
    wishes = "candidate_id,rank,kind,code,school_type\nlea,1,GEO,RIOM,\nlea,2,GEO,CLERMONT,\n"
    table = zones("GEO,RIOM,CLG-RIOM,1", "GEO,RIOM,LYC-RIOM,1", "GEO,RIOM,CLG-VOLVIC,2") if listed else None
    tables, _, _ = read_tables(write_intra(tmp_path, wishes=wishes, zones=table), {})
    rules = ordered_rules()
    told = positions_are_an_order(tables, Context("intra", rules))
    assert told["value"].to_list() == found  # the groupement of one commune needs no order
    assert told.filter(~pl.col("problem").str.contains("ordered list of its communes")).is_empty()
