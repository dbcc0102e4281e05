"""A candidate for specific posts is told his requests, his place on each post, and why another was retained."""

from __future__ import annotations

import pytest

from engine.explain.explain import Language, explain_candidate
from engine.pipeline import run
from engine.runfolder import tables_of
from engine.runs import Run
from tests.specific_campaigns import CASES


@pytest.fixture(scope="module")
def cases() -> dict[str, Run]:
    return {name: run(CASES / name) for name in ("specifique", "ddf", "cio", "pegc")}


def told(done: Run, candidate: str, language: Language) -> str:
    return explain_candidate(done.campaign, tables_of(done), candidate, language)


def test_a_candidate_reads_his_requests_and_his_place_on_each_post(cases: dict[str, Run]) -> None:
    text = told(cases["specifique"], "cem", "fr")
    assert "Demande n° 1 : Classes préparatoires aux grandes écoles, discipline STI" in text
    assert "PARC-MPSI : 2e sur 2, classé 2e, avis favorable, avis du chef d'établissement très favorable" in text
    assert "1 place, dernier retenu le 1er" in text
    assert "MAR-PTSI : 2e sur 2, classé 2e, avis favorable : RETENU" in text
    assert "points" not in text
    text = told(cases["specifique"], "cem", "en")
    assert "place 2 of 2, ranked 2, opinion favourable" in text
    assert "1 seat, the last retained had place 1" in text


def test_who_cannot_be_retained_reads_why_on_each_post(cases: dict[str, Run]) -> None:
    text = told(cases["specifique"], "eve", "en")
    assert "Set aside. The opinion on the candidature for this specific post is unfavourable." in text
    assert "MAR-PTSI: cannot be retained there, opinion unfavourable." in text
    assert "lettre de motivation" in told(cases["specifique"], "ana", "fr")


def test_a_first_request_for_a_function_reads_that_those_who_hold_it_come_first(cases: dict[str, Run]) -> None:
    sentence = "Première demande : les titulaires de la fonction sont servis avant."
    assert sentence in told(cases["ddf"], "eli", "fr")
    assert sentence not in told(cases["ddf"], "dan", "fr")


def test_undifferentiated_posts_are_told_with_their_points(cases: dict[str, Run]) -> None:
    text = told(cases["cio"], "ida", "fr")
    assert "Vœu n° 1, ACA Lyon (10) : 1000 points. OBTENU." in text
    assert "Handicap, situations médicales ou sociales graves [S4]" in text


def test_a_pegc_is_told_that_his_barème_was_counted_elsewhere(cases: dict[str, Run]) -> None:
    text = told(cases["pegc"], "p1", "fr")
    assert "140  Barème des PEGC, tel que compté par les services" in text
    assert "600  Handicap" in text
