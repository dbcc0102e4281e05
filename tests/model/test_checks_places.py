"""Places of the intra: of the movement, in the zones they say, on the map; candidates ask where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.model.intra_folder import SETTINGS, TABLES, accepted, changed, refusal

NO_COORDINATES = "\n".join(
    ",".join(cell if i < 7 else "" for i, cell in enumerate(line.split(",")))
    for line in TABLES["places"].splitlines()[1:]
)


def without_coordinates() -> str:
    return TABLES["places"].splitlines()[0] + "\n" + NO_COORDINATES + "\n"


def test_the_small_campaign_has_no_defect(tmp_path: Path) -> None:
    assert accepted(tmp_path).wishes.height == 12


def test_the_movement_is_that_of_the_rulebook(tmp_path: Path) -> None:
    text = refusal(tmp_path, SETTINGS.replace('"intra"', '"inter"'))
    assert text.startswith('campaign.toml: movement "inter" is not intra, the movement of the rulebook intra/clermont')
    assert "C13" not in text, "places are not measured by the wrong movement"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("ZR-63,ZR", "ZR-63,DPT", 'kind "DPT" is not ETB or ZR, the kind of place the movement intra assigns to.'),
        ("ETB,LYC", "ETB,LYCEE", 'school_type "LYCEE" is none of CLG, LYC, LP, SEP, SEGPA.'),
        (",63300,", ",,", "places row 1 (place CLG-RIOM): commune is empty: its posts would be in no zone of kind COM"),
        (
            ",15,06,44.9",
            ",15,,44.9",
            "(place LYC-AURILLAC): academy is empty: its posts would be in no zone of kind ACA",
        ),
        (",63,06,,", ",,06,,", "(place ZR-63): department is empty: its posts would be in no zone of kind ZRD"),
        (",63,06", ",063,06", 'department "063" is no département.\n    Maybe 63, a département?'),
        (",15,06", ",15,6", 'academy "6" is no code in force in session 2016.'),
        (",15,06", ",15,70", 'academy "70" is Normandie from session 2023 on.'),
        (",15,06", ",15,10", 'academy "10" is not the académie of département 15, which is 06.'),
        (",15014,", ",5014,", 'commune "5014" does not begin with the number of its département, 15.'),
    ],
)
def test_a_place_that_is_not_where_it_says_is_shown(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert expected in refusal(tmp_path, **changed("places", old, new))


def test_a_school_may_have_its_commune_from_the_table_of_zones(tmp_path: Path) -> None:
    places = TABLES["places"].replace("CLG-VOLVIC,ETB,CLG,63470", "CLG-VOLVIC,ETB,CLG,")
    assert "commune is empty" in refusal(tmp_path / "a", places=places)
    zones = "zone_kind,zone_code,place_id\nCOM,63470,CLG-VOLVIC\n"
    assert accepted(tmp_path / "b", places=places, zones=zones).zones.height == 1


def test_one_code_for_the_groupements_of_two_academies_is_refused(tmp_path: Path) -> None:
    added = "LYC-LYON,ETB,LYC,69381,RIOM,69,10,45.76,4.83\n"
    text = refusal(tmp_path, places=TABLES["places"] + added)
    assert 'grouping "RIOM" is of academy 10 here and of 06 elsewhere.' in text
    assert "Zones of one code are one zone: give each its own." in text


def test_without_a_rulebook_codes_are_compared_with_each_other(tmp_path: Path) -> None:
    settings = SETTINGS.replace('"intra/clermont-ferrand"', '"none"')
    wishes = "candidate_id,rank,kind,code,points\nlea,1,COM,63300,10\n"
    places = TABLES["places"].replace("CLG-VOLVIC,ETB,CLG,63470,RIOM,63", "CLG-VOLVIC,ETB,CLG,63300,RIOM,15")
    text = refusal(tmp_path, settings, places=places, wishes=wishes)
    assert 'commune "63300" is of department 15 here and of 63 elsewhere.' in text


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "45.780,3.087",
            "3.087,45.780",
            "are 5787 km from the chef-lieu of département 63.\n    Maybe lat and lon are sw",
        ),
        ("45.780,3.087", "0,0", 'lat "0.0" and lon 0.0 are 5098 km from the chef-lieu of département 63.'),
        ("45.780,3.087", "45.780,", "(place LYC-CLERMONT): lon is empty, and lat is given."),
        ("45.780,3.087", "95.780,3.087", 'lat "95.78" is above 90'),
        ("45.780,3.087", ",", "(place LYC-CLERMONT): lat is empty, and so it is for its whole commune"),
    ],
)
def test_a_school_that_is_not_on_the_map_is_shown(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert expected in refusal(tmp_path, **changed("places", old, new))


def test_coordinates_that_no_placement_needs_may_be_missing(tmp_path: Path) -> None:
    assert accepted(tmp_path / "a", **changed("places", "45.891,3.115", ",")).notes, "its commune is on the map"
    aurillac, wishes = changed("places", "44.926,2.440", ","), TABLES["wishes"].replace("max,4,ACA,06,\n", "")
    assert accepted(tmp_path / "b", **aurillac, wishes=wishes), "all schools of the Cantal are in Aurillac"
    assert "(place LYC-AURILLAC): lat is empty" in refusal(tmp_path / "c", **aurillac)


def test_a_campaign_without_coordinates_is_lawful_and_told_what_follows(tmp_path: Path) -> None:
    notes = accepted(tmp_path / "a", places=without_coordinates()).notes
    assert any(note.startswith("places: no school has coordinates: all seats of a zone are alike") for note in notes)
    wishes = "candidate_id,rank,kind,code\nlea,1,COM,63300\ntim,1,DPT,15\n"
    notes = accepted(tmp_path / "b", places=without_coordinates(), wishes=wishes, opinions=None).notes
    assert not any("coordinates" in note for note in notes), "nobody asks for a wide zone after a more precise one"


def test_a_post_in_an_academie_where_nothing_is_asked_is_refused(tmp_path: Path) -> None:
    places = TABLES["places"] + "LYC-LYON,ETB,LYC,69381,,69,10,45.76,4.83\n"
    posts = TABLES["posts"] + "M-LL,LYC-LYON,L1300,0,,\n"
    candidates = TABLES["candidates"].replace("zoe,L1300,,", "zoe,L1300,M-LL,")
    text = refusal(tmp_path, places=places, posts=posts, candidates=candidates)
    assert '(candidate zoe): held_post "M-LL" is a post of académie 10, where the candidate asks for nothing.' in text
    assert "An entrant from the inter movement holds no post any more" in text
    wishes = TABLES["wishes"] + "zoe,5,ACA,10,\n"
    assert accepted(tmp_path / "a", places=places, posts=posts, candidates=candidates, wishes=wishes)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("ZRD,63", "ZRD,ZRD 063", 'code "ZRD 063" names no zone: no place has it as its department.\n    Maybe 63,'),
        ("ZRD,63", "ZRD,063", "Maybe 63, which is a zone of the campaign?"),
        ("ZRD,63", "ZRE,63", "Maybe the kind DPT or ZRD is meant, of which it is a zone?"),
        ("63300,CLG", "63300,COLLEGE", 'wishes row 7 (candidate zoe, rank 1): school_type "COLLEGE" is none of CLG'),
    ],
)
def test_a_wish_for_no_zone_says_what_was_probably_meant(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert expected in refusal(tmp_path, **changed("wishes", old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("63300,63", "63300,15", 'spouse_commune "63300" is not in the département 15 of the family.'),
        ("63300,63", "RIOM,63", 'spouse_commune "RIOM" is no INSEE code.'),
        (
            "63 CLG-RIOM",
            "063 CLG-RIOM",
            "lists 063, which names no zone of the campaign.\n    Maybe 63, which is a zone?",
        ),
        (",echelon\n", ",echelons\n", "lists echelons, which is no criterion of the rulebook.\n    Maybe echelon,"),
    ],
)
def test_a_code_of_a_candidate_that_names_nothing_is_shown(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert expected in refusal(tmp_path, **changed("candidates", old, new))
