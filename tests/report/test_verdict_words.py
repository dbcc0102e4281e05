"""The French page of a verdict says everything in French, whether it holds, fails or gives something up."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from markupsafe import escape

from engine.model.campaign import read_campaign
from engine.pipeline import run_campaign
from engine.report.report import render_report
from engine.runs import Run
from engine.verify.audit import Result
from engine.verify.sentences import verify_words
from engine.verify.verdict import SHOWN, Verdict
from engine.verify.verify import verify
from scenarios.closed_market import write_closed_market


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    folder = write_closed_market(tmp_path_factory.mktemp("words") / "market", seed=1, holders=150)
    campaign = read_campaign(folder)
    holds = run_campaign(campaign, improvement="full")
    return {
        "holds": holds,
        "fails": replace(holds, verdict=broken(holds)),
        "gives up": run_campaign(campaign, mechanism="trade"),
    }


def broken(done: Run) -> Verdict:
    """The verdict on a result where everybody who had something better is said to keep the post of the first."""
    post = done.outcomes["post_id"].drop_nulls()[0]
    moved = pl.col("status") == "assigned"
    outcomes = done.outcomes.with_columns(
        post_id=pl.when(moved).then(pl.lit(post)).otherwise("post_id"),
        status=pl.when(moved & (pl.col("rank") > 1)).then(pl.lit("kept")).otherwise("status"),
    )
    return verify(
        done.campaign, done.scored, Result(outcomes, done.cutoffs, done.options.extension, improvement="full")
    )


def said(verdict: Verdict, language: str) -> set[str]:
    """Everything that a page shows of a verdict in a language, sentence by sentence."""
    words, column = verify_words("fr" if language == "fr" else "en"), {"fr": "sentence_fr", "en": "sentence"}[language]
    found = {item.title.told(words) for item in verdict.properties}
    found |= {each.told(words) for item in verdict.properties for each in item.evidence}
    for item in verdict.properties:
        rows = item.proofs if item.status == "given_up" else item.violations
        found |= set(rows.head(SHOWN)[column])
    return {str(escape(text)) for text in found}


@pytest.mark.parametrize("which", ["holds", "fails", "gives up"])
def test_the_french_page_says_all_of_a_verdict_and_nothing_in_english(which: str, runs: dict[str, Run]) -> None:
    page, verdict = render_report(runs[which], "fr"), runs[which].verdict
    assert [text for text in said(verdict, "fr") if text not in page] == []
    assert [text for text in said(verdict, "en") if text in page] == []


def test_the_verdicts_are_what_they_are_called(runs: dict[str, Run]) -> None:
    assert runs["holds"].verdict.holds
    assert {item.name for item in runs["fails"].verdict.failed} >= {"P1", "P2", "P3", "P10"}
    assert {item.name for item in runs["gives up"].verdict.properties if item.status == "given_up"} >= {"P3", "P11"}
