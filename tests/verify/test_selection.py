"""Specific posts: results broken on purpose, each caught by the property it breaks and with its sentence."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from engine.model.reasons import reason_sentence
from engine.pipeline import run
from engine.runs import Run
from engine.withholding import withhold
from tests.specific_campaigns import CASES, write_case
from tests.verify.test_properties import audited, changed, failed, sentences


@pytest.fixture(scope="module")
def by_hand() -> Run:
    return run(CASES / "specifique")


@pytest.fixture(scope="module")
def chefs() -> Run:
    return run(CASES / "ddf")


def placed(done: Run, candidate: str, rank: int, kind: str, code: str, post: str) -> pl.DataFrame:
    place = done.campaign.posts.filter(pl.col("post_id") == post)["place_id"][0]
    return changed(
        done, candidate, status="assigned", rank=rank, kind=kind, code=code, place_id=place, post_id=post, phase="main"
    )


def without(outcomes: pl.DataFrame, candidate: str) -> pl.DataFrame:
    """The table with one candidate left with nothing."""
    gone = pl.col("candidate_id") == candidate
    cleared = ("rank", "kind", "code", "place_id", "post_id", "phase")
    return outcomes.with_columns(
        *(pl.when(~gone).then(name).alias(name) for name in cleared),
        status=pl.when(gone).then(pl.lit("unassigned")).otherwise("status"),
    )


def test_the_results_of_the_cases_hold(by_hand: Run, chefs: Run) -> None:
    for done in (by_hand, chefs):
        assert not failed(audited(done, done.outcomes, cutoffs=None))


def test_who_is_ranked_behind_does_not_enter_first(by_hand: Run) -> None:
    outcomes = placed(by_hand, "cem", 1, "ETB", "0690026D", "PARC-MPSI")
    ben = changed(by_hand, "ben", status="kept", rank=None, kind=None, code=None, place_id="0630018C",
                  post_id="BP-MPSI", phase="stay")  # fmt: skip
    outcomes = outcomes.filter(pl.col("candidate_id") != "ben").vstack(ben.filter(pl.col("candidate_id") == "ben"))
    verdict = audited(by_hand, outcomes, cutoffs=None)
    assert failed(verdict) == {"P3"}
    told = sentences(verdict, "P3")
    assert "is ranked 1 for PARC-MPSI, wish 1 of his; cem entered there, ranked 2." in told
    assert "claims PARC-MPSI by ETB 0690026D (wish 1): cem entered there with a weaker priority." in told


def test_a_free_post_left_to_nobody_is_a_claim(by_hand: Run) -> None:
    verdict = audited(by_hand, without(by_hand.outcomes, "dia"), cutoffs=None)
    assert "claims LAF-CINE by ETB 0630021F (wish 1): a seat is free there." in sentences(verdict, "P3")


def test_a_request_without_its_letter_gives_nothing(by_hand: Run) -> None:
    outcomes = without(placed(by_hand, "ana", 3, "ETB", "0630021F", "LAF-CINE"), "dia")
    told = sentences(audited(by_hand, outcomes, cutoffs=None), "P7")
    assert f"was granted wish 3, which was set aside. {reason_sentence('letter_missing', 'en')}" in told
    assert "is retained by request 2, without its letter." in told


def test_nobody_is_retained_on_a_post_of_another_type(by_hand: Run) -> None:
    outcomes = without(placed(by_hand, "ana", 1, "ETB", "0630021F", "LAF-CINE"), "dia")
    verdict = audited(by_hand, outcomes, cutoffs=None)
    assert "is retained on LAF-CINE, of type CINEMA, and his request 1 is for other posts." in sentences(verdict, "P7")
    assert "P1" in failed(verdict)


@pytest.mark.parametrize(
    ("candidate", "sentence"),
    [
        ("eve", "is retained on MAR-PTSI, and the opinion excludes him there."),
        ("fay", "is retained on MAR-PTSI, and nobody judged or ranked him."),
    ],
)
def test_nobody_is_retained_against_or_without_an_opinion(by_hand: Run, candidate: str, sentence: str) -> None:
    outcomes = without(placed(by_hand, candidate, 1, "ACA", "10", "MAR-PTSI"), "cem")
    assert sentence in sentences(audited(by_hand, outcomes, cutoffs=None), "P7")


def test_who_holds_the_function_may_enter_before_better_ranks(chefs: Run) -> None:
    assert chefs.verdict["P3"].status == "holds"
    outcomes = without(placed(chefs, "eli", 2, "COM", "38169", "PRE"), "gil")
    assert "is ranked 1 for PRE, wish 1 of his; eli entered there, ranked 2." in sentences(
        audited(chefs, outcomes, cutoffs=None), "P3"
    )


def test_what_hangs_together_by_requests_is_withheld_together(by_hand: Run, tmp_path: Path) -> None:
    apart = "ned,L9999,,agrege,1980-01-01\n"
    done = run(write_case(tmp_path / "a", candidates=("", apart), requests=("", "ned,1,CUIR,L9999,,true,favourable\n"),
                          wishes=("", "ned,1,1,ACA,06\n")))  # fmt: skip
    verdict = audited(done, without(done.outcomes, "dia"), cutoffs=None)
    tables = withhold(done.campaign, done.tables, verdict)
    status = dict(tables.outcomes.select("candidate_id", "status").iter_rows())
    assert {who for who, what in status.items() if what == "withheld"} == {"ana", "ben", "cem", "dia", "eve", "fay"}
    assert status["ned"] == "unassigned"
    assert tables.selections is not None
    assert set(tables.selections["result"]) == {"withheld"}
