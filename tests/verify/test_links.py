"""P4 and P5, and P3 beside links: outcomes that hold them, and broken ones that the verdict must catch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.scoring import score
from engine.pipeline import campaign_options, run_campaign
from engine.runfolder import write_run
from engine.runmanifest import read_manifest
from engine.runreading import read_result
from engine.runs import Run
from engine.verify.audit import Least, Result, audit
from engine.verify.left import claims_of_the_run
from engine.verify.verdict import Verdict
from engine.verify.verify import verify
from engine.withholding import joined_by_links
from tests.verify.linked_campaigns import Person, random_linked, random_schools, schools

# Of two links for one school of each discipline, A has the stronger member in M and the weaker in P.
TWO_LINKS = {
    "a1": Person([("ETB", "E1", 50), ("ETB", "E3", 50)], "M", link="A"),
    "a2": Person([("ETB", "E1", 10), ("ETB", "E3", 10)], "P", link="A"),
    "b1": Person([("ETB", "E1", 20)], "M", link="B"),
    "b2": Person([("ETB", "E1", 40)], "P", link="B"),
}
ONE_EACH = {"E1-M": 1, "E1-P": 1, "E3-M": 1, "E3-P": 0}

# Case E (1): h1 and h2 are posts, s wants either, the link both; whatever is done somebody claims something.
UNSTABLE = {
    "c1": Person([("ETB", "E1", 20)], "M", link="L"),
    "c2": Person([("ETB", "E2", 10)], "M", link="L"),
    "s": Person([("ETB", "E1", 10), ("ETB", "E2", 20)], "M"),
}
TWO_POSTS = {"E1-M": 1, "E2-M": 1}


def granted(rows: dict[str, tuple[int, str] | None], **columns: Any) -> pl.DataFrame:
    """An outcome table: the rank and the post of each, or None."""
    table = [
        {"candidate_id": name, "status": "assigned" if has else "unassigned"}
        | (
            {"rank": has[0], "post_id": has[1], "kind": "ETB", "code": has[1][:2], "place_id": has[1][:2]}
            if has
            else {}
        )
        for name, has in rows.items()
    ]
    names = ("candidate_id", "status", "rank", "kind", "code", "place_id", "post_id")
    return pl.DataFrame(table, schema={name: pl.Int64 if name == "rank" else pl.String for name in names})


def judged(people: dict[str, Person], seats: dict[str, int], outcomes: pl.DataFrame, **facts: Any) -> Verdict:
    campaign = schools(people, seats)
    return verify(campaign, score(campaign, campaign.rules), Result(outcomes, extension="none", **facts))


def test_links_served_together_hold_every_property() -> None:
    served = granted({"a1": (1, "E1-M"), "a2": (1, "E1-P"), "b1": None, "b2": None})
    verdict = judged(TWO_LINKS, ONE_EACH, served)
    assert [verdict[name].status for name in ("P3", "P4", "P5")] == ["holds"] * 3
    assert verdict["P4"].evidence_in("en") == "2 links of 4 candidates; 1 of them is granted a wish."


def test_both_links_may_have_the_only_seats_where_each_is_ranked_by_its_own_points() -> None:
    other = granted({"a1": None, "a2": None, "b1": (1, "E1-M"), "b2": (1, "E1-P")})
    assert judged(TWO_LINKS, ONE_EACH, other)["P5"].status == "holds"
    assert judged(TWO_LINKS, ONE_EACH, other, link_points="minimum")["P5"].status == "holds"
    first = granted({"a1": (1, "E1-M"), "a2": (1, "E1-P"), "b1": None, "b2": None})
    by_minimum = judged(TWO_LINKS, ONE_EACH, first, link_points="minimum")["P5"]
    assert by_minimum.violations["candidate_id"].to_list() == ["b1", "b2"]


def test_p4_catches_a_link_of_which_one_is_served() -> None:
    verdict = judged(TWO_LINKS, ONE_EACH, granted({"a1": (1, "E1-M"), "a2": None, "b1": None, "b2": None}))
    assert verdict["P4"].violations["sentence"].to_list() == [
        "has nothing, and a1, linked to him, has ETB E1 (wish 1)."
    ]


def test_p4_catches_members_served_with_different_wishes() -> None:
    parted = granted({"a1": (2, "E3-M"), "a2": (1, "E1-P"), "b1": None, "b2": None})
    verdict = judged(TWO_LINKS, ONE_EACH | {"E3-P": 1}, parted)
    assert verdict["P4"].violations["sentence"].to_list() == [
        "has ETB E1 (wish 1), and a1, linked to him, has ETB E3 (wish 2)."
    ]


def test_p5_catches_a_link_left_without_the_posts_it_beats() -> None:
    nobody = granted(dict.fromkeys(TWO_LINKS))
    found = judged(TWO_LINKS, ONE_EACH, nobody)["P5"]
    assert found.status == "fails"
    assert found.violations["candidate_id"].to_list() == ["a1", "a2", "b1", "b2"]
    assert (
        found.violations["sentence"][0] == "claims ETB E1 (wish 1) with all who are linked to him: each would be kept."
    )


def test_a_link_of_one_discipline_does_not_claim_the_one_seat_each_would_enter_alone() -> None:
    pair = {name: Person([("COM", "11111", 10)], link="L") for name in ("x", "y")}
    nobody = granted(dict.fromkeys(pair))
    assert judged(pair, {"E1-M": 1}, nobody)["P5"].status == "holds"
    assert judged(pair, {"E1-M": 1, "E2-M": 1}, nobody)["P5"].status == "fails"


def test_linked_candidates_have_no_claims_of_their_own() -> None:
    nobody = granted(dict.fromkeys(TWO_LINKS))
    assert judged(TWO_LINKS, ONE_EACH, nobody)["P3"].status == "holds"


@pytest.mark.parametrize(
    "outcome",
    [
        {"c1": (1, "E1-M"), "c2": (1, "E2-M"), "s": None},
        {"c1": None, "c2": None, "s": (1, "E1-M")},
        {"c1": None, "c2": None, "s": (2, "E2-M")},
    ],
)
def test_where_there_is_no_stable_outcome_every_outcome_has_a_claim(outcome: dict[str, Any]) -> None:
    verdict = judged(UNSTABLE, TWO_POSTS, granted(outcome))
    assert {verdict[name].status for name in ("P3", "P5")} == {"holds", "fails"}


def test_claims_may_be_as_many_as_proven() -> None:
    outcome = granted({"c1": (1, "E1-M"), "c2": (1, "E2-M"), "s": None})
    verdict = judged(UNSTABLE, TWO_POSTS, outcome, least=Least(1, 1))
    assert verdict.holds
    assert verdict["P3"].evidence_in("en").endswith("1 claim is left, 0 of them of links: fewer are proven impossible.")
    assert verdict["P3"].proofs["candidate_id"].to_list() == ["s"]


def test_claims_that_are_not_proven_to_be_needed_are_said_to_be_unproven() -> None:
    outcome = granted({"c1": None, "c2": None, "s": (1, "E1-M")})
    found = judged(UNSTABLE, TWO_POSTS, outcome, least=Least(1, 0))["P5"]
    assert found.status == "unproven"
    assert "the best found, of which 0 are proven to be needed" in found.evidence_in("en")


def test_more_claims_than_the_result_says_are_violations() -> None:
    people = UNSTABLE | {"t": Person([("ETB", "E3", 5)], "M")}
    nobody = granted(dict.fromkeys(people))
    verdict = judged(people, TWO_POSTS | {"E3-M": 1}, nobody, least=Least(1, 1))
    assert [verdict[name].status for name in ("P3", "P5")] == ["fails", "fails"]
    assert set(verdict["P3"].violations["candidate_id"]) == {"s", "t"}


def test_where_nobody_is_linked_no_claim_is_excused() -> None:
    people = UNSTABLE | {"t": Person([("ETB", "E1", 5)], "P")}
    outcome = granted({"c1": (1, "E1-M"), "c2": (1, "E2-M"), "s": None, "t": None})
    verdict = judged(people, TWO_POSTS | {"E1-P": 1}, outcome, least=Least(2, 2))
    assert verdict["P3"].violations["candidate_id"].to_list() == ["t"]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_claims_counted_are_those_of_the_greedy_choice(seed: int) -> None:
    rng = np.random.default_rng(seed)
    case = random_linked(rng)
    held = case.drawn(rng)
    scored = score(case.campaign, case.campaign.rules)
    facts = audit(case.campaign, scored, Result(case.outcomes(held), extension="none"))
    assert claims_of_the_run(facts).num == case.claims(held)
    verdict = verify(case.campaign, scored, Result(case.outcomes(held), extension="none"))
    assert [verdict[name].status in ("holds", "not_applicable") for name in ("P1", "P2", "P4")] == [True] * 3


@pytest.fixture(scope="module", params=["none", "stable", "zone", "full"])
def done(request: pytest.FixtureRequest) -> Run:
    return run_campaign(schools(TWO_LINKS, ONE_EACH), improvement=request.param, extension="none")


def test_a_run_with_links_holds_every_property(done: Run) -> None:
    assert done.verdict.holds
    assert done.verdict["P4"].status == done.verdict["P5"].status == "holds"


def test_a_run_without_a_stable_outcome_says_so() -> None:
    unstable = run_campaign(schools(UNSTABLE, TWO_POSTS), extension="none")
    assert unstable.verdict.holds
    assert unstable.least[0] == Least(1, 1)


def test_random_campaigns_with_links_hold_every_property_under_every_option() -> None:
    """Seats to be closed, holders, those who must take part, links of two and three, in one discipline and across."""
    rng = np.random.default_rng(1)
    num_claims = 0
    for _ in range(25):
        campaign, how = random_schools(rng), str(rng.choice(["own", "minimum", "mean"]))
        for extension in ("integrated", "residual"):
            improvement = str(rng.choice(["none", "stable", "zone", "full"]))
            done = run_campaign(campaign, extension=extension, improvement=improvement, link_points=how)
            assert done.verdict.holds, done.verdict.failed
            assert done.verdict["P5"].status in ("holds", "not_applicable")
            num_claims += done.least[0].claims
    assert num_claims < 5, "an outcome with claims is rare"


def test_what_fails_in_one_discipline_is_withheld_in_those_that_links_join_to_it() -> None:
    people = {
        "a": Person((), "M", link="A"),
        "b": Person((), "P", link="A"),
        "c": Person((), "P", link="B"),
        "d": Person((), "Q", link="B"),
        "e": Person((), "R"),
    }
    joined = joined_by_links(schools(people, {}), pl.Series(["M"]))
    assert joined.to_list() == ["M", "P", "Q"]
    assert joined_by_links(schools(people, {}), pl.Series(["R"])).to_list() == ["R"]


def test_the_summary_counts_links_served_and_refused_for_one_member() -> None:
    done = run_campaign(schools(TWO_LINKS, ONE_EACH), extension="none", link_points="mean")
    links = done.summary["links"]
    assert (links["asked"], links["claims"], links["claims_proven"]) == (2, 0, 0)
    assert links.get("wish_1", 0) + links.get("one_short", 0) == 2


# Extension: m and n must leave with a post; the commune 11111 has a seat for m alone, 22222 one for each.

OBLIGED = {
    "m": Person([("ETB", "E4", 10)], "M", link="L", mandatory=True),
    "n": Person([("ETB", "E4", 10)], "P", link="L", mandatory=True),
}
TABLE = [
    {"origin_kind": "DPT", "origin_code": "63", "position": position, "kind": "COM", "code": code}
    for position, code in enumerate(["11111", "22222"], start=1)
]
FOR_BOTH = {"E1-M": 1, "E3-M": 1, "E3-P": 1, "E4-M": 0, "E4-P": 0}


@pytest.mark.parametrize("extension", ["integrated", "residual"])
def test_two_who_must_take_part_are_extended_together_to_the_first_zone_with_a_seat_for_each(extension: str) -> None:
    done = run_campaign(schools(OBLIGED, FOR_BOTH, TABLE), extension=extension)
    assert done.verdict.holds
    assert done.outcomes.select("status", "code").rows() == [("extended", "22222")] * 2


@pytest.mark.parametrize("extension", ["integrated", "residual"])
def test_where_no_zone_has_a_seat_for_each_both_are_left_over_and_the_verdict_says_why(extension: str) -> None:
    done = run_campaign(schools(OBLIGED, FOR_BOTH | {"E3-P": 0}, TABLE), extension=extension)
    assert done.verdict.holds
    assert done.outcomes["status"].to_list() == ["unassigned"] * 2
    assert "2 of those left over are linked: no zone has seats for all of their link." in done.verdict[
        "P6"
    ].evidence_in("en")


def extended(people: dict[str, Person], seats: dict[str, int], zones: list[str], extension: str) -> Verdict:
    """The verdict on a result that extends m and n to these zones."""
    campaign = schools(people, seats, TABLE)
    rows = [
        {"candidate_id": name, "status": "extended", "kind": "COM", "code": zone, "place_id": post[:2], "post_id": post}
        for name, zone, post in zip("mn", zones, ("E1-M" if zones[0] == "11111" else "E3-M", "E3-P"), strict=True)
    ]
    outcomes = pl.DataFrame(rows).with_columns(rank=pl.lit(None, pl.Int64))
    return verify(campaign, score(campaign, campaign.rules), Result(outcomes, extension=extension))


@pytest.mark.parametrize("extension", ["integrated", "residual"])
def test_p4_catches_members_extended_to_different_zones(extension: str) -> None:
    verdict = extended(OBLIGED, FOR_BOTH | {"E2-P": 1}, ["11111", "22222"], extension)
    assert verdict["P4"].violations["sentence"].to_list() == [
        "has COM 22222 (extension), and m, linked to him, has COM 11111 (extension)."
    ]


def test_p8_catches_members_extended_past_a_zone_with_a_seat_for_each() -> None:
    roomy = FOR_BOTH | {"E2-P": 1}
    past = extended(OBLIGED, roomy, ["22222", "22222"], "residual")["P8"]
    assert (
        past.violations["sentence"].to_list()
        == ["could be extended to COM 11111 (extension), and so could all who are linked to him."] * 2
    )
    assert extended(OBLIGED, roomy, ["22222", "22222"], "integrated")["P5"].status == "fails"


@pytest.mark.parametrize("improvement", ["zone", "full"])
def test_an_improvement_leaves_links_as_they_are(improvement: str) -> None:
    people = {
        "a": Person([("ETB", "E2", 5)], "M", "E1", "L"),
        "b": Person([("ETB", "E2", 50)], "P", "E1", "L"),
        "c1": Person([("ETB", "E2", 50), ("COM", "11111", 200)], "P"),
        "c2": Person([("COM", "11111", 180)], "P"),
        "c3": Person([("ETB", "E4", 120)], "P", "E3"),
    }
    campaign = schools(people, {"E1-M": 0, "E1-P": 0, "E2-M": 0, "E2-P": 1, "E3-P": 0, "E4-P": 1})
    done = run_campaign(campaign, extension="none", improvement=improvement)
    assert done.verdict.holds
    linked_ones = done.outcomes.filter(pl.col("candidate_id").is_in(["a", "b"]))
    assert linked_ones["status"].to_list() == ["kept", "kept"]


def test_a_run_folder_says_how_many_claims_are_left_and_is_audited_by_that(tmp_path: Path) -> None:
    campaign = schools(UNSTABLE, TWO_POSTS)
    done = run_campaign(campaign, extension="none")
    told = read_manifest(write_run(done, tmp_path / "run"))
    assert told is not None
    options = campaign_options(campaign, told.options.model_dump(exclude_none=True))
    audited = read_result(tmp_path / "run", told, options)
    assert audited.least == Least(1, 1)
    scored = score(campaign, campaign.rules)
    assert verify(campaign, scored, audited).holds
    assert not verify(campaign, scored, replace(audited, least=Least())).holds
