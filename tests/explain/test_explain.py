"""A candidate is told every wish, its points by criterion with the source, the cutoff, and why a wish was set aside."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest

from engine.explain.decision import UnknownCandidate, decision
from engine.explain.explain import Language, explain_candidate
from engine.pipeline import run
from engine.runs import Run
from tests.campaigns import TABLES, write_campaign

LANGUAGES: tuple[Language, Language] = ("fr", "en")


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Run:
    candidates = TABLES["candidates"].replace("birth_date,cancelled", "birth_date,cancelled,evidence_missing")
    rows = candidates.splitlines()
    rows = [rows[0], rows[1] + ",enfants", *[row + "," for row in rows[2:]]]
    return run(write_campaign(tmp_path_factory.mktemp("by-hand"), candidates="\n".join(rows) + "\n"))


def tables(done: Run) -> Mapping[str, pl.DataFrame]:
    return {"outcomes": done.outcomes, "wishes": done.wishes, "cutoffs": done.cutoffs, "criteria": done.criteria}


def told(done: Run, candidate: str, language: Language) -> str:
    return explain_candidate(done.campaign, tables(done), candidate, language)


def test_an_assigned_candidate_reads_the_wish_granted_its_points_and_their_sources(by_hand: Run) -> None:
    text = told(by_hand, "a", "en")
    assert "Decision: assigned on wish 1, Rennes (14)." in text
    assert "349.2 points. OBTAINED." in text
    assert "150.2  Rapprochement de conjoints [" in text
    assert "Wish 2, ACA Nantes (17): 349.2 points. Not examined: a wish ranked higher was obtained." in text


def test_a_bonus_refused_for_want_of_evidence_is_shown_with_its_reason(by_hand: Run) -> None:
    assert "0  Enfants à charge" in told(by_hand, "a", "en")
    assert "not granted. The evidence was not supplied" in told(by_hand, "a", "en")
    assert "non accordé. Les pièces justificatives" in told(by_hand, "a", "fr")


def test_a_candidate_who_loses_a_tie_is_told_so(by_hand: Run) -> None:
    assert "Barre : 102. À égalité de points" in told(by_hand, "c", "fr")


def test_a_wish_set_aside_is_shown_with_its_reason(by_hand: Run) -> None:
    text = told(by_hand, "c", "en")
    assert "Set aside. The wish is for the académie of the present post" in text
    assert "Set aside. The wish follows one for the académie of the present post" in text


def test_a_refused_candidate_reads_how_many_points_were_missing(by_hand: Run) -> None:
    assert "Il a manqué 335,2 points." in told(by_hand, "d", "fr")
    assert "335.2 points were missing." in told(by_hand, "d", "en")


def test_an_extended_candidate_reads_the_zones_examined_in_their_order(by_hand: Run) -> None:
    text = told(by_hand, "d", "en")
    assert "Extension from Rennes (14), with 14 points" in text
    assert text.index("ACA Nantes (17): cutoff 102") < text.index("ACA Créteil (24): OBTAINED")
    assert "The order of the zones is synthetic" in text


def test_an_excluded_candidate_reads_why_and_that_the_post_is_kept(by_hand: Run) -> None:
    text = told(by_hand, "e", "en")
    assert "request set aside. The post held, Rennes (14), is kept." in text
    assert "a detachment was obtained" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_be_told_in_both_languages(by_hand: Run, language: Language) -> None:
    for candidate in by_hand.campaign.candidates["candidate_id"]:
        text = told(by_hand, candidate, language)
        assert "None" not in text
        assert "{" not in text


def test_the_breakdown_of_every_wish_adds_up_to_its_points(by_hand: Run) -> None:
    for candidate in by_hand.campaign.candidates["candidate_id"]:
        for wish in decision(by_hand.campaign, tables(by_hand), candidate).wishes:
            assert sum(line.points for line in wish.breakdown) == wish.points


def test_an_unknown_candidate_is_refused_with_a_close_name(by_hand: Run) -> None:
    with pytest.raises(UnknownCandidate, match="there is no candidate zz in by-hand"):
        told(by_hand, "zz", "en")
