"""Defects of requests, opinions and orders: each gets its sentence; remarks on what is lawful and odd."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.campaign import read_campaign
from engine.model.defects import InputRefused, describe
from tests.campaigns import write_campaign
from tests.specific_campaigns import write_case

DEFECTS = {
    "an opinion on an unknown post": (
        {"opinions": ("ben,PARC-MPSI", "ben,PARC-MPSII")},
        'opinions row 1 (candidate ben): post_id "PARC-MPSII" names no post.',
        "Maybe PARC-MPSI, which is in posts?",
    ),
    "an opinion on an unknown candidate": (
        {"opinions": ("dia,LAF-CINE", "dea,LAF-CINE")},
        'opinions row 7 (candidate dea): candidate_id "dea" names no candidate.',
        "",
    ),
    "an opinion that is none": (
        {"opinions": ("ben,PARC-MPSI,very_favourable", "ben,PARC-MPSI,excellent")},
        'opinion "excellent" is none of very_favourable, favourable, reserved, unfavourable.',
        "",
    ),
    "a rank given twice": (
        {"opinions": ("cem,PARC-MPSI,favourable,very_favourable,2", "cem,PARC-MPSI,favourable,very_favourable,1")},
        'opinions row 2 (candidate cem): order "1" is also the rank of candidate ben for post PARC-MPSI.',
        "",
    ),
    "an opinion on an ordinary post": (
        {"posts": ("LAF-CINE,0630021F,L1414,1,specific", "LAF-CINE,0630021F,L1414,1,ordinary")},
        'post_id "LAF-CINE" is an ordinary post: points decide there.',
        "",
    ),
    "a request of nobody": (
        {"requests": ("", "zoe,1,CPGE,STI,,true,favourable\n")},
        'requests row 9 (candidate zoe): candidate_id "zoe" names no candidate.',
        "",
    ),
    "a type nobody knows": (
        {"requests": ("cem,1,CPGE", "cem,1,CPEG")},
        'type "CPEG" is a type that neither the rulebook nor a post knows.',
        "Maybe CPGE, which is a type of the rulebook or of a post?",
    ),
    "a post without type": (
        {"posts": ("1,specific,CINEMA", "1,specific,")},
        "posts row 6 (post LAF-CINE): type is empty: no request is for this post.",
        "",
    ),
    "a wish of no request": (
        {"wishes": ("ana,3,2,ETB", "ana,3,,ETB")},
        "wishes row 3 (candidate ana, rank 3): request is empty: what type of post is asked for is not known.",
        "",
    ),
    "a wish of another's request": (
        {"wishes": ("eve,1,1", "eve,1,2")},
        'wishes row 10 (candidate eve, rank 1): request "2" is no request of this candidate.',
        "",
    ),
    "wishes of two requests mixed": (
        {"wishes": ("ana,1,1,ETB", "ana,1,2,ETB")},
        'wishes row 2 (candidate ana, rank 2): request "1" comes after a wish of request 2.',
        "Number the requests in the order of preference",
    ),
    "a link": (
        {"links": ("", "link_id,candidate_id\nL,ana\nL,ben\n")},
        'links row 1 (candidate ana): candidate_id "ana" is linked to another, and asks for specific posts.',
        "",
    ),
    "a request twice": ({"requests": ("ana,2,CINEMA", "ana,1,CINEMA")}, "repeats the candidate_id and request", ""),
    "a place that is no school": (
        {"places": ("0690026D,ETB", "0690026D,ACA")},
        "is not ETB, the kind of place the movement specifique assigns to.",
        "",
    ),
    "a function nobody has": (
        {"candidates": ("cem,STI,,agrege,1982-07-01", "cem,STI,XX,agrege,1982-07-01")},
        'held_post "XX" names no post.',
        "",
    ),
}


def refused(folder: Path) -> str:
    with pytest.raises(InputRefused) as found:
        read_campaign(folder)
    return describe(found.value.defects)


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_gets_its_sentence(tmp_path: Path, name: str) -> None:
    changes, problem, hint = DEFECTS[name]
    text = refused(write_case(tmp_path / "campaign", **changes))
    assert problem in text
    assert hint in text


def test_a_movement_of_requests_without_any_is_refused(tmp_path: Path) -> None:
    folder = write_case(tmp_path / "campaign")
    (folder / "requests.csv").unlink()
    text = refused(folder)
    assert "requests: has no rows, and the movement is made of requests." in text
    assert 'request "1" is no request of this candidate.' in text


def test_requests_in_another_movement_are_refused(tmp_path: Path) -> None:
    text = refused(write_campaign(tmp_path, requests="candidate_id,request,type,discipline\na,1,CPGE,L1300\n"))
    assert "requests: has rows, and the movement inter by the rulebook inter takes none." in text


def test_a_wish_that_names_a_request_in_another_movement_is_refused(tmp_path: Path) -> None:
    text = refused(write_campaign(tmp_path, wishes="candidate_id,rank,request,kind,code\na,1,1,ACA,17\n"))
    assert 'request "1" names a request, and this movement has none.' in text


def test_what_is_lawful_and_odd_is_remarked(tmp_path: Path) -> None:
    folder = write_case(
        tmp_path / "campaign",
        requests=("", "fay,2,CINEMA,L1414,,true,\neve,2,CUIR,STI,MPX,true,\n"),
        opinions=("", "fay,LAF-PTSI,,,\nfay,LAF-CINE,favourable,,\nben,LAF-CINE,favourable,,\n"),
    )
    notes = " ".join(read_campaign(folder).notes)
    assert "requests: 2 have no wish (such as eve)." in notes
    assert "opinions: 1 are on posts of a type the candidate does not ask for (such as ben)." in notes
    assert "opinions: 1 say nothing: neither an opinion nor an order (such as fay)." in notes
    assert "requests: 1 prefer a stream that no post of their type has (such as eve)." in notes


def test_the_cases_are_read_without_remarks_on_zones_they_do_not_use(tmp_path: Path) -> None:
    assert read_campaign(write_case(tmp_path / "campaign")).notes == ()


def test_a_candidate_whose_own_discipline_has_no_post_is_no_matter_of_remark(tmp_path: Path) -> None:
    other = write_case(tmp_path / "campaign", candidates=("ana,L1414", "ana,L9999"))
    assert read_campaign(other).notes == ()
