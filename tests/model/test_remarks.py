"""What is lawful and worth a second look is counted, with an example; what is ordinary is not remarked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.model.intra_folder import TABLES, accepted

HEADER = "candidate_id,rank,kind,code,school_type\n"


def notes(folder: Path, **tables: str | None) -> str:
    return "\n".join(accepted(folder, **tables).notes)


@pytest.mark.parametrize(
    ("wishes", "remark"),
    [
        (
            "tim,1,ZRA,06,",
            "such as wish 1 of tim): The discipline has no post in a zone de remplacement of the académie.",
        ),
        ("lea,1,COM,63113,LP", "such as wish 1 of lea): The zone has no school of the type asked for."),
        (
            "tim,1,COM,63300,",
            "wishes: 1 cover no post (such as wish 1 of tim): The wish covers no post of the discipline.",
        ),
        ("tim,1,COM,15014,", "The zone has only specific posts in the discipline: they are asked for one by one."),
        ("tim,1,POST,M-CR,", "The post asked for is of another discipline than the candidate's."),
        ("lea,1,COM,15014,\nlea,2,COM,15014,", "wishes: 1 repeat an earlier wish of the same candidate (such as lea)."),
        ("lea,1,GEO,RIOM,", "places: 1 in no groupement: no GEO wish covers these schools (such as LYC-AURILLAC)."),
    ],
)
def test_a_wish_that_leads_nowhere_is_remarked(tmp_path: Path, wishes: str, remark: str) -> None:
    assert remark in notes(tmp_path, wishes=f"{HEADER}{wishes}\n", opinions=None)


def test_a_wish_for_an_ordinary_zone_is_not_remarked(tmp_path: Path) -> None:
    rows = ("lea,1,COM,63300,", "max,1,DPT,15,", "zoe,1,POST,M-SPE,", "tim,1,ETB,LYC-CLERMONT,")
    wishes = "".join(f"{row}\n" for row in rows)
    assert notes(tmp_path, wishes=HEADER + wishes) == ""


def test_an_opinion_nobody_needs_is_remarked(tmp_path: Path) -> None:
    wishes = TABLES["wishes"].replace("zoe,4,POST,M-SPE,\n", "")
    assert "opinions: 1 are on posts the candidate does not ask for (such as zoe)." in notes(tmp_path, wishes=wishes)


def test_schools_that_typed_wishes_pass_by_are_remarked(tmp_path: Path) -> None:
    places = TABLES["places"].replace("LYC-AURILLAC,ETB,LYC", "LYC-AURILLAC,ETB,")
    remark = "places: 1 without type: no wish for a type of school covers these schools (such as LYC-AURILLAC)."
    assert remark in notes(tmp_path, places=places)


@pytest.mark.parametrize(
    ("old", "new", "remark"),
    [
        ("lea,L1300,M-CV,false", "lea,L1300,M-CV,true", "candidates: 1 must leave with a post and hold one"),
        (
            "max,L1300,,true",
            "max,L1300,,false",
            "candidates: 1 lost their post to a measure and are not said to be mandatory",
        ),
    ],
)
def test_an_odd_obligation_is_remarked(tmp_path: Path, old: str, new: str, remark: str) -> None:
    candidates = TABLES["candidates"]
    assert old in candidates
    assert remark in notes(tmp_path, candidates=candidates.replace(old, new))
