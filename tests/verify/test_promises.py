"""What a mechanism gives up is counted as an exhaustive judge counts it, with true examples; what it promises fails."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from engine.model.campaign import read_campaign
from engine.model.compilation import compile_market
from engine.model.contracts import contracts_of
from engine.model.scoring import score
from engine.pipeline import run_campaign
from engine.runs import Run
from engine.solvers.mechanisms import MECHANISMS
from engine.verify.audit import Result
from engine.verify.promises import GIVEN_UP, LEAVES_NO_SEAT
from engine.verify.verify import verify
from tests.intra_campaigns import write_random_intra
from tests.solvers.zone_oracle import Oracle

CASES = re.compile(r"`(\w+)` gives this up: (\d+) cases?, (\d+) candidates? concerned\.")
OTHERS = [name for name in MECHANISMS if name in GIVEN_UP]


def claims_of(done: Run) -> set[tuple[str, int]]:
    """Who claims which of his wishes, by offering each to the choice beside all that is held."""
    campaign, contracts = done.campaign, contracts_of(done.campaign, done.scored, _nothing_added(done))
    rows = np.arange(contracts.rows.height)
    market = compile_market(campaign, contracts, contracts.rows)
    owner = market.candidate_of_contract()
    found = [c for c in Oracle(market).claims(done.matching.contract.tolist()) if owner[c] < campaign.candidates.height]
    people = campaign.candidates["candidate_id"]
    ranks = contracts.rows["rank"]
    return {(people[int(owner[c])], ranks[int(rows[c])]) for c in found}


def _nothing_added(done: Run) -> pl.DataFrame:
    from engine.extension.contracts import extension_contracts

    return extension_contracts(done.campaign, done.scored).clear()


def small_runs(tmp_path: Path, mechanism: str, seeds: range) -> list[Run]:
    campaigns = (read_campaign(write_random_intra(tmp_path / str(seed), seed)) for seed in seeds)
    return [run_campaign(campaign, mechanism=mechanism, extension="none") for campaign in campaigns]


@pytest.mark.parametrize("mechanism", OTHERS)
def test_claims_given_up_are_all_counted_and_the_examples_are_claims(mechanism: str, tmp_path: Path) -> None:
    counted = 0
    for done in small_runs(tmp_path, mechanism, range(20)):
        item, claims = done.verdict["P3"], claims_of(done)
        assert item.status == ("given_up" if claims else "holds")
        if not claims:
            continue
        told = CASES.search(item.evidence_in("en"))
        assert told is not None
        assert told.groups() == (mechanism, str(len(claims)), str(len({who for who, _ in claims})))
        shown = item.proofs.select("candidate_id", pl.col("sentence").str.extract(r"\(wish (\d+)\)").cast(pl.Int64))
        assert set(shown.iter_rows()) <= claims
        assert shown.height == min(len(claims), 20)
        counted += len(claims)
    assert counted > 4


@pytest.mark.parametrize("mechanism", OTHERS)
def test_cutoffs_given_up_are_counted_once_for_each_who_has_a_claim(mechanism: str, tmp_path: Path) -> None:
    for done in small_runs(tmp_path, mechanism, range(20, 26)):
        told = CASES.search(done.verdict["P11"].evidence_in("en"))
        assert (int(told.group(3)) if told else 0) == len({who for who, _ in claims_of(done)})


@pytest.mark.parametrize("mechanism", OTHERS)
def test_only_respect_of_priorities_is_given_up(mechanism: str, tmp_path: Path) -> None:
    for done in small_runs(tmp_path, mechanism, range(26, 30)):
        assert {item.name for item in done.verdict.properties if item.status == "given_up"} <= GIVEN_UP[mechanism]
        assert {item.name for item in done.verdict.failed} <= {"P6"}  # without extension the mandatory may be left over


def test_stable_gives_up_nothing() -> None:
    assert GIVEN_UP.keys() == MECHANISMS.keys() - {"stable"}


@pytest.mark.parametrize("mechanism", OTHERS)
def test_a_free_seat_withheld_breaks_the_promise_of_those_who_leave_none(mechanism: str, tmp_path: Path) -> None:
    """Somebody who obtained a wish is put back to nothing: his seat is free, and he would rather have it."""
    for done in small_runs(tmp_path, mechanism, range(6)):
        served = done.outcomes.filter(
            pl.col("status") == "assigned",
            pl.col("candidate_id").is_in(
                done.campaign.candidates.filter(pl.col("held_post").is_null())["candidate_id"]
            ),
        )
        if served.is_empty():
            continue
        sent_away = served["candidate_id"][0]
        columns = ("rank", "kind", "code", "place_id", "post_id", "phase")
        gone = pl.col("candidate_id") == sent_away
        broken = done.outcomes.with_columns(
            pl.when(gone).then(None).otherwise(pl.col(name)).alias(name) for name in columns
        ).with_columns(status=pl.when(gone).then(pl.lit("unassigned")).otherwise("status"))
        result = Result(broken, extension="none", mechanism=mechanism)
        item = verify(done.campaign, score(done.campaign, done.campaign.rules), result)["P3"]
        seat_wanted = item.violations.filter(pl.col("sentence").str.contains("a seat is free there"))
        assert (item.status == "fails") == (mechanism in LEAVES_NO_SEAT) == (seat_wanted.height > 0)
        assert "gives this up" in item.evidence_in("en")


def test_within_quotas_serial_gives_up_nothing(tmp_path: Path) -> None:
    from engine.pipeline import run
    from tests.departments import SETTINGS, random_country, write_country

    country = random_country(np.random.default_rng(3), people=10)
    done = run(write_country(tmp_path / "campaign", country, SETTINGS))
    assert done.options.mechanism == "serial"
    assert "given_up" not in {item.status for item in done.verdict.properties}
    result = replace(_result_of(done), outcomes=_somebody_stays(done.outcomes))
    if result.outcomes.equals(done.outcomes):
        pytest.skip("nobody moved in this country")
    assert not verify(done.campaign, done.scored, result).holds


def _result_of(done: Run) -> Result:
    return Result(
        done.outcomes,
        extension="none",
        improvement=done.options.improvement,
        mechanism="serial",
        departments=done.tables.departments,
    )


def _somebody_stays(outcomes: pl.DataFrame) -> pl.DataFrame:
    """The outcomes with the first of those who moved left without anything."""
    moved = outcomes.filter(pl.col("status") == "assigned")["candidate_id"]
    if not len(moved):
        return outcomes
    gone = pl.col("candidate_id") == moved[0]
    return outcomes.with_columns(
        pl.when(gone).then(None).otherwise(pl.col(name)).alias(name) for name in ("rank", "post_id", "place_id")
    )
