"""Mutations and permutations in the verdict: a true result holds, and each broken one is caught by its property."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from engine.model.campaign import read_campaign
from engine.model.scoring import score
from engine.pipeline import run
from engine.runs import Run
from engine.verify.audit import Result
from engine.verify.verdict import Verdict
from engine.verify.verify import verify
from tests.departments import SETTINGS, Country, Request, write_country

# a and b enter Finistère by mutation, c and d come too late; e and f exchange; the pair g, h wants two of the three
# places of Orne that Paris may still let go, and has them; i is the last to leave Paris, k stays.
COUNTRY = Country(
    {"29": (2, 0), "75": (0, 5), "35": (0, 1), "61": (3, 0), "69": (0, 0)},
    {
        "a": Request("75", [("29", 500)]),
        "b": Request("35", [("29", 400)]),
        "c": Request("75", [("29", 300)]),
        "d": Request("35", [("29", 350), ("61", 350)]),
        "e": Request("69", [("35", 20)]),
        "f": Request("35", [("69", 10)]),
        "g": Request("75", [("61", 210)]),
        "h": Request("75", [("61", 190)]),
        "i": Request("75", [("29", 250), ("61", 250)]),
        "k": Request("75", [("61", 100)]),
    },
    links=[("g", "h")],
)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(write_country(tmp_path_factory.mktemp("phases"), COUNTRY), link_points="mean")


def result_of(done: Run) -> Result:
    return Result(
        done.outcomes,
        done.cutoffs,
        "none",
        improvement="permutations",
        link_points="mean",
        mechanism="serial",
        departments=done.departments,
    )


def judged(done: Run, result: Result) -> Verdict:
    return verify(done.campaign, done.scored, result)


def changed(outcomes: pl.DataFrame, name: str, **values: object) -> pl.DataFrame:
    """The outcomes with some columns of one candidate changed."""
    is_he = pl.col("candidate_id") == name
    return outcomes.with_columns(
        pl.when(is_he).then(pl.lit(value, outcomes.schema[column])).otherwise(pl.col(column)).alias(column)
        for column, value in values.items()
    )


def granted(outcomes: pl.DataFrame, name: str, place: str, rank: int) -> pl.DataFrame:
    """The outcomes with a candidate moved by mutation."""
    where = {"place_id": place, "post_id": f"P-{place}", "code": place, "kind": "DPT", "before_post_id": f"P-{place}"}
    told = {"status": "assigned", "rank": rank, "before_rank": rank, "phase": "mutation", "reason": None}
    return changed(outcomes, name, **where, **told)


def kept(outcomes: pl.DataFrame, name: str, place: str) -> pl.DataFrame:
    """The outcomes with a candidate who never moved."""
    where = {"place_id": place, "post_id": f"P-{place}", "before_post_id": f"P-{place}", "phase": "stay"}
    return changed(outcomes, name, **where, status="kept", rank=None, before_rank=None, code=None, kind=None)


def sentences(verdict: Verdict, name: str) -> str:
    return " ".join(verdict[name].violations["sentence"].to_list())


def test_the_result_is_the_one_expected_and_holds(done: Run) -> None:
    phases = dict(done.outcomes.select("candidate_id", "phase").iter_rows())
    assert {who for who, phase in phases.items() if phase == "mutation"} == {"a", "b", "g", "h", "i"}
    assert {who for who, phase in phases.items() if phase == "permutation"} == {"e", "f"}
    verdict = judged(done, result_of(done))
    assert verdict.failed == ()
    assert {p.name for p in verdict.properties if p.status == "not_applicable"} == {"P8", "P9", "P13", "P15"}


def test_more_entries_than_the_quota_break_p1(done: Run) -> None:
    broken = replace(result_of(done), outcomes=granted(done.outcomes, "c", "29", 1))
    assert "P-29 lets in 3 by mutation, and may 2." in sentences(judged(done, broken), "P1")


def test_more_departures_than_the_quota_break_p1(done: Run) -> None:
    broken = granted(granted(done.outcomes, "k", "61", 1), "c", "29", 1)
    assert "P-75 lets go 6 by mutation, and may 5." in sentences(
        judged(done, replace(result_of(done), outcomes=broken)), "P1"
    )


def test_a_weaker_request_served_before_a_stronger_one_breaks_p3(done: Run) -> None:
    broken = granted(kept(done.outcomes, "a", "75"), "c", "29", 1)
    told = sentences(judged(done, replace(result_of(done), outcomes=broken)), "P3")
    assert told == "claims DPT 29 (wish 1): at its turn 0 of 2 had entered, and 0 of 5 had left."


def test_a_later_wish_where_an_earlier_one_was_open_breaks_p3(done: Run) -> None:
    broken = kept(done.outcomes, "i", "75")
    assert "claims DPT 61 (wish 2)" in sentences(judged(done, replace(result_of(done), outcomes=broken)), "P3")


def test_a_link_left_where_two_places_were_open_breaks_p5(done: Run) -> None:
    broken = kept(kept(done.outcomes, "g", "75"), "h", "75")
    verdict = judged(done, replace(result_of(done), outcomes=broken))
    assert "claims DPT 61 (wish 1)" in sentences(verdict, "P5")
    assert verdict["P3"].violations["candidate_id"].to_list() == ["k"]  # who could then have had a place of theirs


def test_a_link_parted_breaks_p4(done: Run) -> None:
    broken = kept(done.outcomes, "h", "75")
    assert judged(done, replace(result_of(done), outcomes=broken))["P4"].status == "fails"


def test_a_permutation_that_changes_a_head_count_breaks_p12(done: Run) -> None:
    moved = {"place_id": "29", "post_id": "P-29", "code": "29", "kind": "DPT"}
    broken = changed(done.outcomes, "c", **moved, status="assigned", rank=1, phase="permutation", reason=None)
    verdict = judged(done, replace(result_of(done), outcomes=broken))
    assert "P-29 has 2 people before the permutations and 3 after them." in sentences(verdict, "P12")
    assert "P-75" in sentences(verdict, "P12")


def test_the_wrong_phase_breaks_p12(done: Run) -> None:
    broken = changed(done.outcomes, "a", phase="permutation")
    told = sentences(judged(done, replace(result_of(done), outcomes=broken)), "P12")
    assert told == "is said to have moved by permutation, and had DPT 29 (wish 1) after the mutations."


def test_somebody_worse_off_after_permutations_breaks_p10(done: Run) -> None:
    broken = changed(kept(done.outcomes, "a", "75"), "a", before_rank=1, before_post_id="P-29")
    assert judged(done, replace(result_of(done), outcomes=broken))["P10"].status == "fails"


@pytest.mark.parametrize("way", ["entry", "exit"])
@pytest.mark.parametrize("what", ["cutoff_points", "turn_points", "last_candidate_id"])
def test_a_cutoff_that_is_not_the_last_mover_s_breaks_p11(done: Run, way: str, what: str) -> None:
    column = f"{way}_{what}"
    wrong = pl.lit("a") if what == "last_candidate_id" else pl.col(column) + 1000
    rows = pl.col("department") == ("29" if way == "entry" else "75")
    departments = done.departments.with_columns(pl.when(rows).then(wrong).otherwise(column).alias(column))
    told = sentences(judged(done, replace(result_of(done), departments=departments)), "P11")
    assert ("P-29" if way == "entry" else "P-75") in told


def test_cutoffs_of_another_result_do_not_reproduce_this_one(done: Run) -> None:
    rows = pl.col("department") == "29"
    columns = {"entry_cutoff_points": 500_000, "entry_turn_points": 500_000, "entry_last_candidate_id": "a"}
    departments = done.departments.with_columns(
        pl.when(rows).then(pl.lit(value)).otherwise(name).alias(name) for name, value in columns.items()
    )
    told = sentences(judged(done, replace(result_of(done), departments=departments)), "P11")
    assert "had DPT 29 (wish 1) after the mutations, and the cutoffs give him the post held, P-35." in told


UNTOLD: dict[str, Callable[[Result], Result]] = {
    "P3": lambda result: replace(result, outcomes=result.outcomes.drop("before_rank", "before_post_id")),
    "P10": lambda result: replace(result, outcomes=result.outcomes.drop("before_rank", "before_post_id")),
    "P11": lambda result: replace(result, departments=None),
    "P12": lambda result: replace(result, outcomes=result.outcomes.drop("before_rank", "before_post_id")),
}


@pytest.mark.parametrize("name", UNTOLD)
def test_what_a_result_does_not_tell_is_not_judged(done: Run, name: str) -> None:
    assert judged(done, UNTOLD[name](result_of(done)))[name].status == "not_applicable"


def test_a_net_balance_publishes_both_cutoffs_too(tmp_path: Path) -> None:
    country = Country({"29": 1, "75": -1}, {"a": Request("75", [("29", 500)]), "b": Request("75", [("29", 400)])})
    done = run(write_country(tmp_path, country, SETTINGS.replace("serial", "stable")))
    campaign = read_campaign(tmp_path)
    wrong = done.departments.with_columns(exit_last_candidate_id=pl.lit("b"))
    result = replace(result_of(done), mechanism="stable", departments=wrong)
    assert verify(campaign, score(campaign, campaign.rules), result)["P11"].status == "fails"
    assert verify(campaign, score(campaign, campaign.rules), replace(result, departments=done.departments)).holds


def test_an_exchange_left_out_beside_links_breaks_p12_unless_the_time_ran_out(done: Run) -> None:
    broken = replace(result_of(done), outcomes=kept(kept(done.outcomes, "e", "69"), "f", "35"))
    told = sentences(judged(done, broken), "P12")
    assert told == "0 candidates move by permutation, their ranks adding up to 0; 2 can, adding up to 2."
    stopped = judged(done, replace(broken, stopped=True))["P12"]
    assert (stopped.status, stopped.violations.height) == ("unproven", 0)
    assert stopped.evidence_in("en").startswith("0 candidates move by permutation, 2 can at most;")


def test_an_exchange_left_out_where_nobody_is_linked_breaks_p12(tmp_path: Path) -> None:
    country = Country(
        {"35": (0, 0), "69": (0, 0)}, {"e": Request("69", [("35", 20)]), "f": Request("35", [("69", 10)])}
    )
    done = run(write_country(tmp_path, country))
    broken = kept(kept(done.outcomes, "e", "69"), "f", "35")
    told = sentences(judged(done, replace(result_of(done), outcomes=broken)), "P12")
    assert told == "0 candidates move by permutation, their ranks adding up to 0; 2 can, adding up to 2."


def test_an_exchange_on_worse_ranks_breaks_p12(tmp_path: Path) -> None:
    country = Country(
        {"35": (0, 0), "69": (0, 0), "75": (0, 0)},
        {
            "e": Request("69", [("35", 20), ("75", 20)]),
            "f": Request("35", [("69", 10)]),
            "g": Request("75", [("69", 10)]),
        },
    )
    done = run(write_country(tmp_path, country))
    moved = {"place_id": "75", "post_id": "P-75", "code": "75", "rank": 2}
    there = {"place_id": "69", "post_id": "P-69", "code": "69", "kind": "DPT", "rank": 1, "phase": "permutation"}
    broken = changed(changed(kept(done.outcomes, "f", "35"), "e", **moved), "g", **there, status="assigned")
    told = sentences(judged(done, replace(result_of(done), outcomes=broken)), "P12")
    assert told == "2 candidates move by permutation, their ranks adding up to 3; 2 can, adding up to 2."
