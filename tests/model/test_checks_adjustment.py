"""Each defect of a TZR campaign has its sentence; what is only unlucky has a note."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.campaign import read_campaign
from engine.model.defects import InputRefused
from engine.pipeline import run
from tests.adjustment_campaigns import SETTINGS, TABLES, changed, write

DEFECTS = {
    "a school that is not there": (
        changed("needs", "n4,0030003C", "n4,0030003X"),
        'place_id "0030003X" names no school.',
    ),
    "a need longer than any service": (
        changed("needs", "L1300,18,", "L1300,25,"),
        "hours are more than a TZR of L1300 may have, 19.0: it could only stay open.",
    ),
    "hours that are no number": (changed("needs", "L1300,18,", "L1300,18h,"), "is not a number with at most three"),
    "hours of nothing": (changed("needs", "L1300,18,", "L1300,0,"), 'hours "0'),
    "a TZR without a zone": (changed("candidates", "dot,L1300,ZV-M", "dot,L1300,"), "everybody is a TZR"),
    "a zone without schools": (changed("zones", "ZRE,ZV,0030004D\n", ""), "is on ZV, of which zones lists no school."),
    "a corps that owes no hours": (changed("candidates", "ZM-M,agrege", "ZM-M,instituteur"), "instituteur"),
    "nothing that says the hours": (changed("candidates", "ZM-M,agrege", "ZM-M,"), "gives no hours owed"),
    "an attachment outside the zone": (
        changed("attachments", "ann,0,0030002B", "ann,0,0030004D"),
        'place_id "0030004D" is not in the zone ZM.',
    ),
    "an attachment of a stranger": (changed("attachments", "dot,0", "dan,0"), "names no candidate"),
    "an attachment asked for that leaves out a number": (
        changed("attachments", "eve,1", "eve,3"),
        "leaves out a number before it.",
    ),
    "a preference for a school that is not there": (
        changed("wishes", "ann,1,ETB,0030001A", "ann,1,ETB,0030001B"),
        "names no place of kind ETB.",
    ),
    "a zone in a zone": (
        changed("zones", "ZRE,ZV,0030004D", "ZRE,ZV,ZM"),
        "is a place of kind ZR, and a ZRE holds ETB",
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_has_its_sentence(name: str, tmp_path: Path) -> None:
    tables, sentence = DEFECTS[name]
    with pytest.raises(InputRefused) as refused:
        read_campaign(write(tmp_path / "campaign", tables))
    assert sentence in str(refused.value)


def test_needs_in_another_movement_are_refused(tmp_path: Path) -> None:
    settings = SETTINGS.replace('"tzr"', '"intra"').replace("tzr/clermont-ferrand", "none")
    with pytest.raises(InputRefused, match="the movement is intra"):
        read_campaign(write(tmp_path / "campaign", settings=settings))


def test_an_adjustment_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="hours owed and services are those of a rulebook"):
        read_campaign(write(tmp_path / "campaign", settings=SETTINGS.replace("tzr/clermont-ferrand", "none")))


@pytest.mark.parametrize("option", ["improvement=zone", "mechanism=stable"])
def test_options_of_other_movements_are_refused(option: str, tmp_path: Path) -> None:
    name, _, value = option.partition("=")
    with pytest.raises(InputRefused, match=f"options.{name}"):
        run(write(tmp_path / "campaign"), **{name: value})


def test_linked_tzr_are_refused(tmp_path: Path) -> None:
    tables = {**TABLES, "links": "link_id,candidate_id\nL,ann\nL,bob\n"}
    with pytest.raises(InputRefused, match='"ann" is linked to another, and asks for a service'):
        read_campaign(write(tmp_path / "campaign", tables))


def test_a_school_without_need_is_noted_and_refuses_nothing(tmp_path: Path) -> None:
    tables = changed("needs", "n5,0030004D,L1300", "n5,0030004D,L0422")
    notes = read_campaign(write(tmp_path / "campaign", tables)).notes
    assert any("for a school without a need in the discipline" in note for note in notes)


def test_rows_in_any_order_are_the_same_campaign(tmp_path: Path) -> None:
    plain = read_campaign(write(tmp_path / "plain"))
    needs = changed("needs", "n1,0030001A,L1300,18,vacant\n", "")["needs"] + "n1,0030001A,L1300,18,vacant\n"
    turned = read_campaign(write(tmp_path / "turned", {**changed("needs", "n1", "n1"), "needs": needs}))
    assert plain.digest() == turned.digest()
