"""For each property a result that holds it, and broken ones that the verdict must catch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from engine.model.campaign import read_campaign
from engine.model.reasons import reason_sentence
from engine.model.scoring import score
from engine.pipeline import run, run_campaign
from engine.runs import Run
from engine.verify.audit import Result
from engine.verify.verdict import Verdict
from engine.verify.verify import verify
from tests.campaigns import SETTINGS, TABLES, write_campaign


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(write_campaign(tmp_path_factory.mktemp("by-hand")))


def audited(done: Run, outcomes: pl.DataFrame, **other: Any) -> Verdict:
    result = Result(
        outcomes, other.pop("cutoffs", done.cutoffs), other.pop("extension", done.options.extension), **other
    )
    return verify(done.campaign, done.scored, result)


def changed(done: Run, candidate: str, **cells: Any) -> pl.DataFrame:
    """The outcome table with some cells of one candidate changed."""
    who = pl.col("candidate_id") == candidate
    types = done.outcomes.schema
    return done.outcomes.with_columns(
        pl.when(who).then(pl.lit(value, types[column])).otherwise(pl.col(column)).alias(column)
        for column, value in cells.items()
    )


def sentences(verdict: Verdict, name: str) -> str:
    return " | ".join(verdict[name].violations["sentence"].to_list())


def failed(verdict: Verdict) -> set[str]:
    return {item.name for item in verdict.failed}


def test_the_result_of_a_run_holds_every_property(by_hand: Run) -> None:
    assert by_hand.verdict.holds
    applied = {item.name for item in by_hand.verdict.properties if item.status == "holds"}
    assert applied == {"P1", "P2", "P3", "P6", "P7", "P8", "P11", "P13"}
    assert [item.name for item in by_hand.verdict.properties] == [f"P{number}" for number in (*range(1, 14), 15)]


def test_a_property_that_does_not_apply_says_why(by_hand: Run) -> None:
    for item in by_hand.verdict.properties:
        assert item.evidence_in("en") or item.status == "holds", item.name


def test_the_outcome_by_hand_is_the_one_worked_out_by_hand(by_hand: Run) -> None:
    seated = dict(by_hand.outcomes.select("candidate_id", "post_id").iter_rows())
    assert seated == {"a": "M-14", "b": "M-17", "c": "M-25", "d": "M-24", "e": "A-14", "f": "A-24"}
    status = dict(by_hand.outcomes.select("candidate_id", "status").iter_rows())
    assert status == {"a": "assigned", "b": "assigned", "c": "kept", "d": "extended", "e": "excluded", "f": "extended"}


# P1


def test_p1_catches_two_on_one_seat(by_hand: Run) -> None:
    verdict = audited(
        by_hand,
        changed(
            by_hand, "c", status="assigned", rank=1, kind="ACA", code="17", place_id="17", post_id="M-17", phase="main"
        ),
    )
    assert "M-17 has 2 occupants for 1 seat." in sentences(verdict, "P1")


def test_p1_catches_a_post_of_another_discipline(by_hand: Run) -> None:
    verdict = audited(by_hand, changed(by_hand, "a", post_id="A-14"))
    assert "of L1300 sits on a post of L0422." in sentences(verdict, "P1")


def test_p1_catches_a_post_outside_the_zone_granted(by_hand: Run) -> None:
    verdict = audited(by_hand, changed(by_hand, "a", post_id="M-24", place_id="24"))
    assert "outside the zone ACA 14 he was granted." in sentences(verdict, "P1")


def test_p1_catches_a_post_that_is_none_and_a_place_that_is_not_its_own(by_hand: Run) -> None:
    assert "which is no post." in sentences(audited(by_hand, changed(by_hand, "a", post_id="M-99")), "P1")
    assert "is said to be in 17, and the post is in 14." in sentences(
        audited(by_hand, changed(by_hand, "a", place_id="17")), "P1"
    )


def test_p1_catches_a_candidate_who_is_forgotten_twice_there_or_unknown(by_hand: Run) -> None:
    kept = by_hand.outcomes.filter(pl.col("candidate_id") != "d")
    assert "is missing from the result." in sentences(audited(by_hand, kept), "P1")
    twice = pl.concat([by_hand.outcomes, by_hand.outcomes.filter(pl.col("candidate_id") == "d")])
    assert "is named more than once." in sentences(audited(by_hand, twice), "P1")
    stranger = by_hand.outcomes.with_columns(candidate_id=pl.col("candidate_id").replace("d", "dd"))
    assert "is no candidate of the campaign." in sentences(audited(by_hand, stranger), "P1")


def test_p1_catches_an_entrant_on_a_seat_that_was_to_be_closed(tmp_path: Path) -> None:
    wishes = (
        TABLES["wishes"]
        .replace("b,1,ACA,17", "b,1,ACA,24")
        .replace("c,1,ACA,17\nc,2,ACA,25\nc,3,ACA,24\n", "c,1,ACA,17\n")
    )
    done = run(write_campaign(tmp_path, wishes=wishes + "d,2,ACA,25\n"))
    assert done.cutoffs.filter(pl.col("post_id") == "M-25")["closed"].to_list() == [1]
    assert done.verdict.holds
    broken = changed(
        done, "d", status="assigned", rank=2, kind="ACA", code="25", place_id="25", post_id="M-25", phase="main"
    )
    assert "before its 1 seat to be closed is closed" in sentences(audited(done, broken), "P1")


# P2


def test_p2_catches_a_holder_without_a_post(by_hand: Run) -> None:
    verdict = audited(by_hand, changed(by_hand, "c", status="unassigned", post_id=None, place_id=None, phase=None))
    assert "holds M-25 and is unassigned in the result." in sentences(verdict, "P2")


def test_p2_catches_a_holder_kept_on_another_post(by_hand: Run) -> None:
    verdict = audited(by_hand, changed(by_hand, "c", post_id="M-24", place_id="24"))
    assert "is said to keep his post M-25 and sits on M-24." in sentences(verdict, "P2")


def test_p2_catches_a_holder_sent_away_by_extension(by_hand: Run) -> None:
    verdict = audited(
        by_hand,
        changed(
            by_hand, "c", status="extended", kind="ACA", code="24", post_id="M-24", place_id="24", phase="extension"
        ),
    )
    assert {"P2", "P8"} <= failed(verdict)


# P3


def test_p3_catches_a_seat_given_to_the_weaker_of_two(by_hand: Run) -> None:
    swapped = changed(
        by_hand, "b", status="kept", rank=None, kind=None, code=None, place_id="14", post_id="M-14", phase="stay"
    )
    verdict = audited(by_hand, swapped)
    assert "claims ACA 17 (wish 1): a seat is free there." in sentences(verdict, "P3")


def test_p3_names_the_weaker_entrant(tmp_path: Path) -> None:
    rows = "x1,L1300,,true,stagiaire,2,0,,,0,1990-01-01,\nx2,L1300,,true,stagiaire,6,0,,,0,1990-01-01,\n"
    wishes = TABLES["wishes"] + "x1,1,ACA,24\nx2,1,ACA,24\n"
    posts = TABLES["posts"].replace("M-24,24,L1300,1", "M-24,24,L1300,0")
    done = run(write_campaign(tmp_path, candidates=TABLES["candidates"] + rows, wishes=wishes, posts=posts))
    assert dict(done.outcomes.select("candidate_id", "post_id").iter_rows())["x2"] == "M-24"
    wrong = done.outcomes.with_columns(candidate_id=pl.col("candidate_id").replace({"x1": "x2", "x2": "x1"}))
    verdict = audited(done, wrong)
    assert "claims ACA 24 (wish 1): x1 entered there with a weaker priority." in sentences(verdict, "P3")


def test_p3_counts_a_tie_broken_the_wrong_way_as_a_claim(by_hand: Run) -> None:
    """b and c have the same points for Nantes; b is older."""
    points = by_hand.wishes.filter(pl.col("code") == "17", pl.col("candidate_id").is_in(["b", "c"]))["points"]
    assert points.n_unique() == 1
    wrong = changed(
        by_hand, "c", status="assigned", rank=1, kind="ACA", code="17", place_id="17", post_id="M-17", phase="main"
    )
    who = pl.col("candidate_id") == "b"
    wrong = wrong.with_columns(
        status=pl.when(who).then(pl.lit("kept")).otherwise("status"),
        post_id=pl.when(who).then(pl.lit("M-14")).otherwise("post_id"),
        place_id=pl.when(who).then(pl.lit("14")).otherwise("place_id"),
    )
    assert "c entered there with a weaker priority" in sentences(audited(by_hand, wrong), "P3")


# P6


def test_p6_catches_a_mandatory_candidate_left_without_a_post_beside_a_free_seat(by_hand: Run) -> None:
    left = changed(by_hand, "d", status="unassigned", kind=None, code=None, post_id=None, place_id=None, phase=None)
    assert "a seat is free in ACA 24 (extension)." in sentences(audited(by_hand, left), "P6")


def test_p6_shows_the_set_of_posts_that_is_too_small(tmp_path: Path) -> None:
    posts = "\n".join(line[:-1] + "0" if line.endswith(",1") else line for line in TABLES["posts"].splitlines()) + "\n"
    done = run(write_campaign(tmp_path, posts=posts))
    assert done.verdict["P6"].status == "holds"
    assert (
        "L1300: 1 left over; the 3 seats of M-14, M-17, M-24, M-25 are all taken by stronger priorities."
        in done.verdict["P6"].evidence_in("en")
    )
    assert done.outcomes.filter(pl.col("candidate_id") == "d")["status"].to_list() == ["unassigned"]


# P7


def test_p7_catches_a_wish_granted_that_was_set_aside(by_hand: Run) -> None:
    """c's wish 2 is for his own académie: it deletes itself and wish 3."""
    granted = changed(
        by_hand, "c", status="assigned", rank=3, kind="ACA", code="24", place_id="24", post_id="M-24", phase="main"
    )
    told = f"was granted wish 3, which was set aside. {reason_sentence('after_own_zone', 'en')}"
    assert told in sentences(audited(by_hand, granted), "P7")


def test_p7_catches_a_wish_nobody_made(by_hand: Run) -> None:
    granted = changed(by_hand, "d", status="assigned", rank=2, kind="ACA", code="24", phase="main")
    assert "was granted ACA 24 as wish 2, which is not that wish." in sentences(audited(by_hand, granted), "P7")


def test_p7_catches_a_move_given_to_an_excluded_request(by_hand: Run) -> None:
    moved = changed(
        by_hand, "e", status="assigned", rank=1, kind="ACA", code="24", place_id="24", post_id="A-24", phase="main"
    )
    assert "made a request that is excluded" in sentences(audited(by_hand, moved), "P7")


# P8


@pytest.mark.parametrize("extension", ["integrated", "residual"])
def test_p8_catches_an_extension_past_a_zone_that_had_a_seat(tmp_path: Path, extension: str) -> None:
    """From Rennes the table examines Nantes before Versailles; both have a seat."""
    posts = TABLES["posts"].replace("M-25,25,L1300,-1", "M-25,25,L1300,1").replace("M-17,17,L1300,1", "M-17,17,L1300,2")
    settings = SETTINGS + f'[options]\nextension = "{extension}"\n'
    wishes = TABLES["wishes"].replace("c,1,ACA,17\n", "c,1,ACA,24\n").replace("c,3,ACA,24", "c,3,ACA,17")
    done = run(write_campaign(tmp_path, settings, posts=posts, wishes=wishes))
    assert done.verdict.holds
    at = done.outcomes.filter(pl.col("candidate_id") == "d")
    assert at["status"].to_list() == ["extended"]
    assert at["post_id"].to_list() == ["M-17"]
    passed = changed(done, "d", kind="ACA", code="25", place_id="25", post_id="M-25")
    assert "was extended past ACA 17 (extension), where there was a seat for him." in sentences(
        audited(done, passed), "P8"
    )


def test_p8_catches_an_extension_of_somebody_who_is_not_obliged(by_hand: Run) -> None:
    verdict = audited(by_hand, changed(by_hand, "a", status="extended", phase="extension"))
    assert "was placed by extension and is not obliged to take part." in sentences(verdict, "P8")


def test_p8_catches_a_place_the_table_never_reaches(tmp_path: Path) -> None:
    """Corse is never reached by extension."""
    tables = {
        "places": TABLES["places"] + "27,ACA,Corse\n",
        "posts": TABLES["posts"] + "M-27,27,L1300,1\n",
    }
    done = run(write_campaign(tmp_path, **tables))
    sent = changed(done, "d", kind="ACA", code="27", place_id="27", post_id="M-27")
    assert "was placed by extension on ACA 27, which the table does not give him." in sentences(
        audited(done, sent), "P8"
    )


# P11


def test_p11_catches_cutoffs_that_do_not_give_the_outcome(by_hand: Run) -> None:
    opened = by_hand.cutoffs.with_columns(
        cutoff_kind=pl.when(pl.col("post_id") == "M-14").then(pl.lit("free")).otherwise("cutoff_kind")
    )
    assert "the cutoffs give him ACA 14 (wish 1)." in sentences(
        audited(by_hand, by_hand.outcomes, cutoffs=opened), "P11"
    )


def test_p11_catches_a_misprinted_cutoff(by_hand: Run) -> None:
    misprinted = by_hand.cutoffs.with_columns(pl.col("cutoff_points") - 1)
    assert "not the points of its last entrant" in sentences(
        audited(by_hand, by_hand.outcomes, cutoffs=misprinted), "P11"
    )


def test_p11_does_not_apply_where_no_cutoffs_are_published(by_hand: Run) -> None:
    assert audited(by_hand, by_hand.outcomes, cutoffs=None)["P11"].status == "not_applicable"


# P13


def test_p13_catches_tables_that_differ_when_made_again(by_hand: Run) -> None:
    verdict = audited(by_hand, by_hand.outcomes, digest="one", replays={"another way": "two"})
    assert "The tables differ: another way." in sentences(verdict, "P13")


# Results made elsewhere, and withholding


def test_an_outcome_with_candidates_and_posts_only_is_audited(by_hand: Run) -> None:
    bare = by_hand.outcomes.select("candidate_id", "post_id")
    assert audited(by_hand, bare, cutoffs=None).holds
    worse = bare.with_columns(post_id=pl.when(pl.col("candidate_id") == "a").then(pl.lit("M-24")).otherwise("post_id"))
    assert "P3" in failed(audited(by_hand, worse, cutoffs=None))


def test_every_single_seat_taken_away_or_moved_is_caught(by_hand: Run) -> None:
    """Exhaustively: any other post for any one candidate breaks a property."""
    posts = [*by_hand.campaign.posts["post_id"], None]
    for candidate, seat in by_hand.outcomes.select("candidate_id", "post_id").iter_rows():
        for other in posts:
            if other != seat:
                bare = changed(by_hand, candidate, post_id=other).select("candidate_id", "post_id")
                assert not audited(by_hand, bare, cutoffs=None).holds, (candidate, other)


def test_points_that_change_after_the_run_are_noticed(by_hand: Run, tmp_path: Path) -> None:
    candidates = TABLES["candidates"].replace("c,L1300,M-25,false,titulaire,6,3", "c,L1300,M-25,false,titulaire,6,9")
    campaign = read_campaign(write_campaign(tmp_path, candidates=candidates))
    verdict = verify(campaign, score(campaign, campaign.rules), Result(by_hand.outcomes))
    assert "claims ACA 17" in sentences(verdict, "P3")


def test_a_failed_property_withholds_its_discipline_and_nothing_else(
    by_hand: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.model.market import Market, Matching
    from engine.solvers import mechanisms

    def forgets_a_mover(market: Market, options: mechanisms.SolveOptions) -> Matching:
        good = mechanisms.stable(market)
        contract, post = good.contract.copy(), good.post.copy()
        movers = np.flatnonzero((contract != market.stay) & (market.stay >= 0))
        strongest = movers[np.argmax(market.wish_priority[contract[movers]])]
        contract[strongest] = market.stay[strongest]
        post[strongest] = market.zone_post[market.wish_zone[market.stay[strongest]]]
        return Matching(contract, post, "finished", "stable")

    monkeypatch.setitem(mechanisms.MECHANISMS, "stable", forgets_a_mover)
    done = run_campaign(by_hand.campaign)
    assert not done.verdict.holds
    status = dict(done.outcomes.select("candidate_id", "status").iter_rows())
    assert {status[name] for name in "abcd"} == {"withheld"}
    assert (status["e"], status["f"]) == ("excluded", "extended")
    assert done.cutoffs["discipline"].unique().to_list() == ["L0422"]
    reason = done.outcomes.filter(pl.col("candidate_id") == "a")["reason"].to_list()
    assert reason[0].startswith("verdict_failed P3")


def test_p1_catches_a_withheld_candidate_who_is_shown_a_post(by_hand: Run) -> None:
    assert "where no wish" in sentences(audited(by_hand, changed(by_hand, "a", status="withheld")), "P1")


def test_p6_counts_nobody_who_is_withheld(by_hand: Run) -> None:
    hidden = by_hand.outcomes.with_columns(status=pl.lit("withheld"), post_id=pl.lit(None, pl.String))
    assert audited(by_hand, hidden, cutoffs=None)["P6"].evidence_in("en") == "0 of 0 mandatory candidates placed."
