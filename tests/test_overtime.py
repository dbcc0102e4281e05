"""Requests over time on the way through a run: explanations, the page, and a run compared with one made before."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from engine.explain.explain import explain_candidate
from engine.pipeline import run
from engine.report.report import render_report
from engine.runfolder import write_run
from engine.runreading import read_previous
from engine.runs import Run
from tests.commands import mouvement
from tests.model.test_overtime import CORRECTED, campaign

BOTH_FOR_RENNES = "candidate_id,rank,kind,code\na,1,ACA,14\na,2,ACA,17\nb,1,ACA,14\n"
LATER = {
    "wishes": BOTH_FOR_RENNES,
    "evidence": "candidate_id,criterion,received\na,rapprochement_conjoints,2010-01-25\na,enfants,2010-01-10\n",
    "corrections": CORRECTED + "K1,b,1,anciennete_poste,90.5,oubli d'une année,le recteur,2010-01-28\n",
    "amendments": "candidate_id,rank,kind,code,date,ground\nb,1,ACA,17,2010-01-05,\n",
}
CANCELLED = "cancelled=withdrawn cancel_date=2010-03-01 cancel_reason=bereavement"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    folder = tmp_path_factory.mktemp("overtime")
    campaign(folder / "first", wishes=BOTH_FOR_RENNES)
    before = run(folder / "first")
    write_run(before, folder / "run")
    campaign(folder / "later", when=CANCELLED, **LATER)
    after = run(folder / "later", previous=read_previous(folder / "run"))
    assert isinstance(before, Run)
    assert isinstance(after, Run)
    return before, after


def told(made: Run, who: str, language: str) -> str:
    tables = {name: getattr(made, name) for name in ("outcomes", "wishes", "cutoffs", "criteria", "changes", "chains")}
    return explain_candidate(made.campaign, tables, who, language)  # type: ignore[arg-type]


def test_the_verdict_holds_with_everything_that_came_later(done: tuple[Run, Run]) -> None:
    assert done[1].verdict.holds


def test_who_changes_is_told_criterion_by_criterion(done: tuple[Run, Run]) -> None:
    rows = {row["candidate_id"]: row for row in done[1].changes.to_dicts()}
    assert rows["b"]["cause"] == "points"
    assert rows["b"]["detail"] == "criterion 1 anciennete_poste 30 90.5; points 1 72 132.5"
    assert "criterion 1 rapprochement_conjoints 150.2 0" in rows["a"]["detail"]


def test_a_candidate_reads_what_came_in_time_and_what_did_not(done: tuple[Run, Run]) -> None:
    english, french = told(done[1], "a", "en"), told(done[1], "a", "fr")
    assert "Calendar of the request:" in english
    assert "2010-01-25: The evidence came after its last day: the bonus is dropped." in english
    assert "2010-01-10: counted." in english
    assert (
        "cancellation, 2010-03-01 (reason: death of the spouse or of a child): The cancellation came after" in english
    )
    assert "annulation, le 2010-03-01 (motif : décès du conjoint ou d'un enfant) : L'annulation a été" in french
    assert "puis" in french[french.index("Depuis le calcul") :]


def test_a_correction_and_a_change_that_is_not_admitted_are_explained(done: tuple[Run, Run]) -> None:
    english = told(done[1], "b", "en")
    assert "correction of points, Ancienneté de poste, 2010-01-28: 90.5 points on wish 1, le recteur." in english
    assert "change of wishes, 2010-01-05: The change of wishes came after its last day without a reason" in english
    assert "wish 1: 72, then 132.5 points" in english


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Les demandes dans le temps", "Points corrigés", "vœu n° 1 : 72 puis 132,5 points")),
        ("en", ("Requests over time", "Points corrected", "wish 1: 72, then 132.5 points")),
    ],
)
def test_the_page_tells_it_in_its_language(done: tuple[Run, Run], language: str, words: tuple[str, ...]) -> None:
    page = render_report(done[1], language).replace("\u00a0", " ").replace("\u202f", " ")  # type: ignore[arg-type]
    assert [phrase for phrase in words if phrase not in page] == []
    assert "Requests over time" not in render_report(done[0], "en")


def test_the_command_takes_it_all(tmp_path: Path, done: tuple[Run, Run]) -> None:
    campaign(tmp_path / "first", wishes=BOTH_FOR_RENNES)
    campaign(tmp_path / "later", **LATER)
    assert mouvement("run", tmp_path / "first", "-o", tmp_path / "run").code == 0
    end = mouvement("run", tmp_path / "later", "-o", tmp_path / "again", "--previous", tmp_path / "run")
    assert end.code == 0, end.err
    assert "wish 1: 72, then 132.5 points" in " ".join(end.out.split())
    assert mouvement("verify", tmp_path / "later", tmp_path / "again").code == 0
    assert pl.read_parquet(tmp_path / "again" / "changes.parquet").height == 2


def test_a_revision_is_told_with_its_ground_and_kept_in_the_run_folder(tmp_path: Path) -> None:
    head = "decision_id,candidate_id,kind,post_id,reason,authority,date,ground,asked\n"
    decided = head + "D1,b,pin,M-17,situation grave,le recteur,2010-03-05,spouse_job,2010-02-20\n"
    campaign(tmp_path / "case", decisions=decided)
    made = run(tmp_path / "case")
    assert isinstance(made, Run)
    folder = write_run(made, tmp_path / "run")
    assert run(tmp_path / "case", previous=read_previous(folder)).changes.is_empty()
    assert "Revision asked for on 2010-02-20, reason: loss of employment" in told(made, "b", "en")
    assert "Révision demandée le 2010-02-20, motif : perte d'emploi" in told(made, "b", "fr")
