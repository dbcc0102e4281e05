"""The TZR adjustment from folder to run folder, audit, explanation and report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from engine.explain.explain import explain_candidate
from engine.model.campaign import read_campaign
from engine.model.defects import InputRefused
from engine.model.scoring import score
from engine.model.tzr.reach import schools_of_zones, zone_of_tzr
from engine.pipeline import campaign_options, run, run_campaign
from engine.report.report import render_report
from engine.runaudit import audit_folder
from engine.runfolder import write_run
from engine.runmanifest import read_manifest
from engine.runreading import read_previous, read_tables
from engine.runs import AdjustmentRun
from engine.verify.tzr.audit import AdjustmentResult
from engine.verify.tzr.verify import verify_adjustment
from scenarios.generate import generate
from tests.adjustment_campaigns import TABLES, changed, write
from tests.commands import mouvement
from tests.decided import decided


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clermont-Ferrand at a fifth of its size: 76 TZR."""
    return generate("tzr-clermont-2016", tmp_path_factory.mktemp("adjustment") / "drawn", scale=0.2)


def adjusted(folder: Path, **options: Any) -> AdjustmentRun:
    done = run(folder, **options)
    assert isinstance(done, AdjustmentRun)
    return done


def test_services_are_those_told_beforehand(tmp_path: Path) -> None:
    done = adjusted(write(tmp_path / "campaign"))
    owners = dict(done.needs.select("need_id", "candidate_id").iter_rows())
    assert owners == {"n1": "ann", "n2": "bob", "n3": "bob", "n4": None, "n5": None}
    reasons = dict(done.outcomes.select("candidate_id", "reason").iter_rows())
    assert reasons == {
        "ann": None,
        "bob": None,
        "cid": "needs_taken_by_stronger",
        "dot": "no_service_fits",
        "eve": "no_need_in_zone",
    }
    attached = dict(done.tzr.select("candidate_id", "attached").iter_rows())
    assert (attached["bob"], attached["eve"]) == ("0030003C", "0030001A")
    assert (done.stop, done.worth) == ("finished", "optimal")


def test_who_works_part_time_has_a_shorter_service(tmp_path: Path) -> None:
    tables = changed("candidates", "corps,echelon", "corps,hours,echelon")
    rows = tables["candidates"].replace("certifie,", "certifie,,").replace("agrege,", "agrege,5,")
    done = adjusted(write(tmp_path / "campaign", {**tables, "candidates": rows}))
    assert dict(done.needs.select("need_id", "candidate_id").iter_rows())["n4"] == "cid"


def test_a_drawn_population_holds_and_is_made_again_alike(drawn: Path) -> None:
    first, second = adjusted(drawn), adjusted(drawn)
    assert first.verdict.holds
    assert first.needs.equals(second.needs)
    assert first.blocks.equals(second.blocks)
    assert first.summary["gap"] <= 0.01
    assert first.verdict["P13"].status == "holds"
    assert "blocks solved again" in first.verdict["P13"].evidence_in("en")


def test_row_order_changes_nothing(drawn: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned"
    turned.mkdir()
    for path in drawn.iterdir():
        if path.suffix == ".parquet":
            pl.read_parquet(path).reverse().write_parquet(turned / path.name)
        else:
            (turned / path.name).write_bytes(path.read_bytes())
    assert adjusted(drawn).needs.equals(adjusted(turned).needs)


def test_a_run_folder_is_audited_from_its_files(drawn: Path, tmp_path: Path) -> None:
    target = write_run(adjusted(drawn), tmp_path / "run", table_format="csv")
    campaign, told = read_campaign(drawn), read_manifest(target)
    verdict, notes = audit_folder(campaign, target, told, campaign_options(campaign))
    assert verdict.holds
    assert verdict["P13"].status == "holds"
    assert notes == []


def test_an_edited_run_folder_fails(drawn: Path, tmp_path: Path) -> None:
    target = write_run(adjusted(drawn), tmp_path / "run")
    needs = pl.read_parquet(target / "needs.parquet")
    owner = needs["candidate_id"].drop_nulls()[0]
    needs.with_columns(candidate_id=pl.lit(owner)).write_parquet(target / "needs.parquet")
    campaign = read_campaign(drawn)
    verdict, _ = audit_folder(campaign, target, read_manifest(target), campaign_options(campaign))
    assert {"P1", "P13"} <= {item.name for item in verdict.failed}


@pytest.mark.parametrize(
    ("candidate", "french", "english"),
    [
        (
            "ann",
            "service à l'année de 18 heures dans 1 établissement",
            "a service for the year of 18 hours in 1 school",
        ),
        ("bob", "conforme à la préférence 2", "within preference 2"),
        ("cid", "TZR mieux classés", "come first in the order of points"),
        ("dot", "ne font aucun service du nombre d'heures dû", "combine into no service of the hours owed"),
        ("eve", "aucun établissement demandé n'a de besoin", "no school asked for has a need"),
    ],
)
def test_a_decision_is_told_in_words(candidate: str, french: str, english: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "campaign")
    tables = read_tables(write_run(adjusted(folder), tmp_path / "run"))
    campaign = read_campaign(folder)
    assert french in explain_candidate(campaign, tables, candidate, "fr")
    assert english in explain_candidate(campaign, tables, candidate, "en")


def test_the_report_tells_cover_preferences_and_what_stays_open(tmp_path: Path) -> None:
    done = adjusted(write(tmp_path / "campaign"))
    french, english = render_report(done, "fr"), render_report(done, "en")
    assert "36 heures couvertes sur 46,5 à portée des TZR" in french.replace("\u202f", " ").replace("\u00a0", " ")
    assert "36 hours covered of 46.5 within reach of a TZR" in english
    assert "Needs left open" in english


def test_the_commands_know_the_adjustment(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "campaign"), tmp_path / "run"
    assert mouvement("check", folder).code == 0
    assert mouvement("run", folder, "-o", out).code == 0
    assert mouvement("verify", folder, out).code == 0
    assert "cid" in mouvement("explain", folder, out, "cid").out
    assert mouvement("explain", folder, out, "zed").code == 2


def test_a_run_out_of_time_says_so_and_holds(drawn: Path, tmp_path: Path) -> None:
    ended = mouvement("run", drawn, "-o", tmp_path / "run", "--set", "time_limit_s=0.000001", "--json")
    assert ended.code == 4
    assert "stopped by its time limit" in ended.out
    assert mouvement("verify", drawn, tmp_path / "run").code == 0


def test_an_adjustment_is_compared_with_a_previous_one(tmp_path: Path) -> None:
    before = adjusted(write(tmp_path / "before"))
    previous = read_previous(write_run(before, tmp_path / "run"))
    assert adjusted(tmp_path / "before", previous=previous).changes.is_empty()
    stronger = changed("candidates", "cid,L1300,ZM-M,agrege,4,0,", "cid,L1300,ZM-M,certifie,11,9,")
    done = adjusted(write(tmp_path / "after", stronger), previous=previous)
    told = {row["candidate_id"]: row for row in done.changes.to_dicts()}
    assert told["cid"]["cause"] == "points"
    assert all(
        row["changed"] == ("service " in row["detail"] or row["status"] != row["previous_status"])
        for row in told.values()
    )
    target = write_run(done, tmp_path / "again", report=lambda made: render_report(made, "en"))
    assert "What changes since the previous run" in (target / "report.html").read_text("utf-8")
    with pytest.raises(InputRefused, match="here they are services"):
        adjusted(tmp_path / "after", previous=previous, least_change=True)


HEAD = "decision_id,candidate_id,kind,rank,place_id,post_id,reason,authority,date\n"


def pinned(folder: Path, *rows: str) -> Path:
    return write(
        folder, {**TABLES, "decisions": HEAD + "".join(f"{row},raison,la rectrice,2016-07-01\n" for row in rows)}
    )


def test_a_pin_gives_a_service_with_a_part_in_its_school_and_the_claim_is_shown(tmp_path: Path) -> None:
    folder = pinned(tmp_path / "case", "D1,bob,pin,,0030001A,")
    done = adjusted(folder)
    assert done.verdict.holds, done.verdict.to_dict()
    owners = dict(done.needs.select("need_id", "candidate_id").iter_rows())
    assert owners == {"n1": "bob", "n2": "ann", "n3": "ann", "n4": None, "n5": None}
    told = done.outcomes.row(by_predicate=pl.col("candidate_id") == "bob", named=True)
    assert (told["status"], told["place_id"], told["reason"]) == ("assigned", "0030001A", "decision_service")
    (claim,) = done.verdict["P15"].proofs.to_dicts()
    assert claim["candidate_id"] == "ann"
    assert claim["sentence"].startswith("claims the service of bob: ")
    assert "Allowed by D1 (la rectrice, 2016-07-01: raison)" in claim["sentence"]
    assert "1 TZR whom decisions place is apart, with his needs." in done.verdict["P14"].evidence_in("en")
    assert done.summary["hours_covered"] <= done.summary["hours_bound"]
    assert "claims the service of bob" in render_report(done, "en")
    campaign = read_campaign(folder)
    told = explain_candidate(campaign, read_tables(write_run(done, tmp_path / "run")), "bob", "fr")
    assert "Décision hors barème D1" in told
    assert "Une décision prise hors barème donne au TZR un service dans cet établissement." in told
    audited, _ = audit_folder(campaign, tmp_path / "run", read_manifest(tmp_path / "run"), campaign_options(campaign))
    assert audited.holds, audited.to_dict()


def test_a_result_that_ignores_a_pin_is_caught(tmp_path: Path) -> None:
    ignoring = adjusted(write(tmp_path / "plain"))
    campaign = read_campaign(pinned(tmp_path / "case", "D1,bob,pin,,0030001A,"))
    result = AdjustmentResult(None, None, None, ignoring.needs.select("need_id", "candidate_id"), None)
    found = verify_adjustment(campaign, score(campaign, campaign.rules), result)["P15"]
    assert found.status == "fails"
    assert found.violations["sentence"].to_list() == [
        "has no part of a service in 0030001A, and decision D1 places him there."
    ]


def test_pins_without_a_service_are_refused_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        adjusted(pinned(tmp_path / "case", "D1,ann,pin,,0030001A,", "D2,bob,pin,,0030001A,", "D3,dot,pin,,0030004D,"))
    assert refused.value.defects["value"].to_list() == ["D2", "D3"]
    assert "make no service for dot with a part in 0030004D" in str(refused.value)


def test_random_pins_hold_the_verdict_or_are_refused(drawn: Path) -> None:
    campaign = read_campaign(drawn)
    zones, needs = zone_of_tzr(campaign), campaign.needs.select("place_id", "discipline").unique()
    reached = zones.join(schools_of_zones(campaign), on="zone").join(needs, on=["place_id", "discipline"])
    reached = reached.sort("candidate_id", "place_id")
    rng, held, rules = np.random.default_rng(3), 0, set()
    for _ in range(8):
        chosen = reached[rng.permutation(reached.height)[:2].tolist()].unique("candidate_id", maintain_order=True)
        rows = [{"kind": "pin", **row} for row in chosen.select("candidate_id", "place_id").to_dicts()]
        try:
            done = run_campaign(decided(campaign, *rows))
        except InputRefused as refused:
            rules |= set(refused.defects["rule"].str.slice(0, 3))
            continue
        assert done.verdict.holds, done.verdict.to_dict()
        held += 1
    assert held > 2
    assert rules <= {"C78"}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("D1,ann,exclude,,,", "take him out of candidates, his needs out of needs"),
        ("D1,ann,forbid,,0030001A,", "names no school to pin a TZR to"),
        ("D1,ann,pin,1,,", "names no school to pin a TZR to"),
        ("D1,ann,pin,,0030004D,", "is no school of the zone ZM"),
        ("D1,eve,pin,,0030001A,", "has no need of L0422"),
    ],
)
def test_what_is_no_pin_to_a_school_is_refused_with_what_to_do(row: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match=sentence):
        read_campaign(pinned(tmp_path / "case", row))
