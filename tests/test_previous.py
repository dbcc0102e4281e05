"""A run compared with one made before: exactly who changes, and why; what is no such run has its sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from engine.model.changes import Previous
from engine.model.defects import InputRefused
from engine.pipeline import run
from engine.runfolder import write_run
from engine.runreading import read_previous
from engine.runs import Run
from tests.campaigns import SETTINGS, TABLES, with_cell, write_campaign
from tests.commands import mouvement

DECIDED = "decision_id,candidate_id,kind,rank,reason,authority,date\nD1,b,exclude,,raison,le recteur,2025-03-01\n"


@pytest.fixture
def before(tmp_path: Path) -> Path:
    return write_run(run(write_campaign(tmp_path / "campaign")), tmp_path / "before")


def after(tmp_path: Path, before: Path, settings: str = SETTINGS, **tables: str) -> Run:
    return run(write_campaign(tmp_path / "after", settings, **tables), previous=read_previous(before))


def causes(done: Run) -> dict[str, tuple[bool, str]]:
    return {
        who: (changed, cause) for who, changed, cause in done.changes.select("candidate_id", "changed", "cause").rows()
    }


def outcome(done: Run) -> dict[str, object]:
    return {row["candidate_id"]: (row["status"], row["rank"], row["post_id"]) for row in done.outcomes.to_dicts()}


def test_the_same_campaign_changes_nobody(tmp_path: Path, before: Path) -> None:
    assert after(tmp_path, before).changes.is_empty()


def test_corrected_points_are_told_and_so_are_those_they_move(tmp_path: Path, before: Path) -> None:
    """With six years more c beats b for Nantes; b stays in Rennes, and a, for whom it was, takes Nantes from c."""
    done = after(
        tmp_path,
        before,
        **with_cell("candidates", "c,L1300,M-25,false,titulaire,6,3", "c,L1300,M-25,false,titulaire,6,9"),
    )
    told = causes(done)
    assert told == {"a": (True, "chain"), "b": (True, "chain"), "c": (False, "points")}
    assert done.changes.filter(pl.col("candidate_id") == "c")["detail"][0].endswith(
        "points 1 102 322; points 2 102 322; points 3 102 322"
    )


def test_everybody_who_changes_is_listed_and_nobody_else(tmp_path: Path, before: Path) -> None:
    done = after(tmp_path, before, **with_cell("wishes", "a,1,ACA,14\na,2,ACA,17", "a,1,ACA,17\na,2,ACA,14"))
    first, now = outcome(run(write_campaign(tmp_path / "again"))), outcome(done)
    assert {who for who, (changed, _) in causes(done).items() if changed} == {
        who for who in now if now[who] != first[who]
    }
    assert causes(done)["a"][1].startswith("wishes")


def test_requests_that_come_go_or_are_cancelled_are_told(tmp_path: Path, before: Path) -> None:
    candidates = TABLES["candidates"].replace("f,L0422,,true,stagiaire,2,0,,,0,1998-01-01,\n", "")
    candidates = candidates.replace(
        "a,L1300,M-24,false,titulaire,7,5,rapprochement_conjoints,14,2,1985-01-01,",
        "a,L1300,M-24,false,titulaire,7,5,rapprochement_conjoints,14,2,1985-01-01,detachment",
    )
    candidates += "g,L0422,,true,stagiaire,2,0,,,0,1998-01-01,\n"
    wishes = TABLES["wishes"].replace("f,1,", "g,1,")
    told = causes(after(tmp_path, before, candidates=candidates, wishes=wishes))
    assert told["f"] == (True, "left")
    assert told["g"] == (True, "entered")
    assert told["a"][1].split()[0] == "request"


def test_evidence_that_arrived_is_told_by_the_points_it_gives(tmp_path: Path) -> None:
    without = TABLES["candidates"].replace("cancelled\n", "cancelled,evidence_missing\n")
    lines = [line + ("," if number else "") for number, line in enumerate(without.splitlines())]
    lines[1] += "rapprochement_conjoints"
    first = run(write_campaign(tmp_path / "campaign", candidates="\n".join(lines) + "\n"))
    if "evidence_missing" not in first.criteria["reason"].to_list():
        pytest.fail("the evidence missing took no bonus")
    before = write_run(first, tmp_path / "before")
    assert causes(after(tmp_path, before))["a"][1].startswith("points")


def test_decisions_taken_since_are_told(tmp_path: Path, before: Path) -> None:
    done = after(tmp_path, before, decisions=DECIDED)
    assert "decision" in causes(done)["b"][1].split()
    again = write_run(done, tmp_path / "second")
    same = run(tmp_path / "after", previous=read_previous(again))
    assert same.changes.is_empty()


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (SETTINGS.replace("session = 2025", "session = 2024"), "session"),
        (SETTINGS.replace("seed = 7", "seed = 8"), "seed"),
        (SETTINGS.replace('"by-hand"', '"another"'), "id"),
        (SETTINGS + '[options]\nextension = "residual"\n', "options.extension"),
    ],
)
def test_a_previous_run_of_other_rules_is_refused(tmp_path: Path, before: Path, settings: str, name: str) -> None:
    with pytest.raises(InputRefused) as refused:
        after(tmp_path, before, settings)
    assert name in refused.value.defects["column"].to_list()
    assert "R5" in str(refused.value)


def test_a_run_folder_that_was_edited_or_is_broken_is_refused(tmp_path: Path, before: Path) -> None:
    for name, spoil in {
        "outcomes.parquet": lambda path: path.write_bytes(path.read_bytes() + b" "),
        "wishes.parquet": lambda path: path.unlink(),
        "manifest.json": lambda path: path.write_text("{"),
    }.items():
        folder = write_run(run(tmp_path / "campaign"), tmp_path / f"spoilt-{name}")
        spoil(folder / name)
        with pytest.raises(InputRefused):
            read_previous(folder)
    with pytest.raises(InputRefused, match="does not exist"):
        read_previous(tmp_path / "nowhere")


def test_each_wrong_folder_has_its_sentence(tmp_path: Path, before: Path) -> None:
    """A campaign folder, an empty one, one with a table edited, and one whose manifest tells other rule values."""
    (tmp_path / "empty").mkdir()
    year = tmp_path / "year"
    year.mkdir()
    (year / "ledger.json").write_text("{}")
    spoilt = write_run(run(tmp_path / "campaign"), tmp_path / "spoilt")
    table = pl.read_parquet(spoilt / "outcomes.parquet")
    table.with_columns(post_id=pl.lit("M-14")).write_parquet(spoilt / "outcomes.parquet")
    for folder, sentence in {
        tmp_path / "campaign": "manifest.json: is missing",
        tmp_path / "empty": "manifest.json: is missing",
        spoilt: "outcomes: is not the table the run wrote",
        year: "Name the run folder of one of its campaigns",
    }.items():
        end = mouvement("run", tmp_path / "campaign", "-o", tmp_path / "again", "--previous", folder)
        assert end.code == 1
        assert sentence in " ".join(end.err.split()), end.err
        assert not (tmp_path / "again").exists()


def test_a_run_that_withholds_results_is_refused(tmp_path: Path, before: Path) -> None:
    previous = read_previous(before)
    lost = previous.outcomes.with_columns(status=pl.lit("withheld"))
    with pytest.raises(InputRefused, match="withholds the result of 6 candidates"):
        run(tmp_path / "campaign", previous=replace(previous, outcomes=lost))


def test_other_rule_values_are_named(tmp_path: Path, before: Path) -> None:
    told = json.loads((before / "manifest.json").read_text("utf-8"))
    (value,) = (v for v in told["rule_values"] if (v["block"], v["name"]) == ("echelon", "hors_classe_base"))
    value["value"] = "1"
    (before / "manifest.json").write_text(json.dumps(told), "utf-8")
    with pytest.raises(InputRefused, match=r"echelon\.hors_classe_base"):
        run(tmp_path / "campaign", previous=read_previous(before))


def test_the_command_says_who_changes_and_writes_it(tmp_path: Path, before: Path) -> None:
    folder = write_campaign(tmp_path / "after", decisions=DECIDED)
    end = mouvement("run", folder, "-o", tmp_path / "run", "--previous", before, "--lang", "en")
    assert end.code == 0, end.err
    assert "since the previous run: " in end.out
    assert (tmp_path / "run" / "changes.parquet").exists()
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "What changes since the previous run" in page
    assert "Decisions outside the barème" in page
    told = mouvement("explain", folder, tmp_path / "run", "b", "--lang", "en")
    assert "Since the previous run: another outcome" in told.out
    assert "Decision outside the barème D1 of 2025-03-01, le recteur: request set aside. Reason: raison." in told.out
    assert mouvement("verify", folder, tmp_path / "run").code == 0


def test_the_manifest_of_a_previous_run_tells_what_it_was_made_under(before: Path) -> None:
    told: Previous = read_previous(before)
    assert told.settings["id"] == json.loads((before / "manifest.json").read_text())["campaign"]["id"]
    assert told.rule_values
