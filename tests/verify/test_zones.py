"""Zones of several posts: for each property results that hold it, and broken ones that the verdict must catch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from engine.pipeline import run_campaign
from engine.runs import Run
from engine.verify.audit import Result
from engine.verify.verdict import Verdict
from engine.verify.verify import verify
from tests.verify.zone_campaigns import Person, town

EXTENSION = [
    {"origin_kind": "COM", "origin_code": "11111", "position": position, "kind": kind, "code": code}
    for position, (kind, code) in enumerate([("COM", "22222"), ("DPT", "63"), ("ZRD", "63")], start=1)
]

# c1 enters the commune on E1; an improvement exchanges it for E2 with c3, and c2 claims the commune in vain.
INTRA_VILLE = {
    "c1": Person([("ETB", "E2", 50), ("COM", "11111", 200)]),
    "c2": Person([("COM", "11111", 180)]),
    "c3": Person([("ETB", "E1", 120)], held="E2"),
}
SEATS = {"E1": 1, "E2": 0}


@pytest.fixture(scope="module", params=["none", "zone", "full"])
def exchanged(request: pytest.FixtureRequest) -> Run:
    return run_campaign(town(INTRA_VILLE, SEATS), improvement=request.param, extension="none")


@pytest.fixture(scope="module")
def improved() -> Run:
    return run_campaign(town(INTRA_VILLE, SEATS), improvement="full", extension="none")


def audited(done: Run, outcomes: pl.DataFrame | None = None, **other: Any) -> Verdict:
    options = {
        "cutoffs": done.cutoffs,
        "extension": done.options.extension,
        "improvement": done.options.improvement,
        "placement": done.options.placement,
    }
    return verify(
        done.campaign, done.scored, Result(done.outcomes if outcomes is None else outcomes, **(options | other))
    )


def changed(done: Run, **people: dict[str, Any]) -> pl.DataFrame:
    """The outcome table with some cells of some candidates changed."""
    table = done.outcomes
    for candidate, cells in people.items():
        who = pl.col("candidate_id") == candidate
        table = table.with_columns(
            pl.when(who).then(pl.lit(value, table.schema[name])).otherwise(pl.col(name)).alias(name)
            for name, value in cells.items()
        )
    return table


def seated(school: str) -> dict[str, str]:
    return {"place_id": school, "post_id": f"{school}-M"}


def granted(rank: int, kind: str, code: str, school: str) -> dict[str, Any]:
    return {"status": "assigned", "rank": rank, "kind": kind, "code": code, "phase": "main", **seated(school)}


def kept(school: str) -> dict[str, Any]:
    return {"status": "kept", "rank": None, "kind": None, "code": None, "phase": "stay", **seated(school)}


NOTHING: dict[str, Any] = {
    "status": "unassigned", "rank": None, "kind": None, "code": None, "phase": None, "place_id": None, "post_id": None,
}  # fmt: skip


def sentences(verdict: Verdict, name: str) -> str:
    return " | ".join(verdict[name].violations["sentence"].to_list())


def posts_of(done: Run) -> dict[str, str]:
    return dict(done.outcomes.select("candidate_id", "post_id").iter_rows())


def test_results_of_runs_hold_every_property(exchanged: Run) -> None:
    assert exchanged.verdict.holds
    applied = {item.name for item in exchanged.verdict.properties if item.status == "holds"}
    improves = exchanged.options.improvement != "none"
    assert applied == {"P1", "P2", "P3", "P6", "P7", "P9", "P11", "P13"} | ({"P10"} if improves else set())


# P1


def test_p1_catches_a_seat_outside_the_type_of_school_asked_for() -> None:
    people = {"a": Person([("COM", "11111", 10, "LYC")])}
    done = run_campaign(town(people, {"E1": 1, "E2": 1}), extension="none")
    assert posts_of(done) == {"a": "E2-M"}
    wrong = audited(done, changed(done, a=seated("E1")))
    assert sentences(wrong, "P1") == "sits on E1-M, outside the zone COM 11111 LYC he was granted."


def test_p1_catches_more_people_in_a_zone_than_it_has_seats(improved: Run) -> None:
    verdict = audited(improved, changed(improved, c2=granted(1, "COM", "11111", "E1")))
    assert "E1-M has 2 occupants for 1 seat." in sentences(verdict, "P1")


CLOSING = {"E1": -1, "E2": 0}


def test_p1_catches_a_zone_wish_granted_on_a_seat_that_was_to_be_closed() -> None:
    people = {
        "a": Person([("ETB", "E2", 50)], held="E1"),
        "b": Person([("COM", "11111", 60)]),
        "c": Person([("DPT", "63", 10)], held="E2"),
    }
    done = run_campaign(town(people, CLOSING | {"E3": 1}), extension="none")
    assert posts_of(done) == {"a": "E2-M", "b": None, "c": "E3-M"} or done.verdict.holds
    taken = audited(done, changed(done, b=granted(1, "COM", "11111", "E1"), a=granted(1, "ETB", "E2", "E2")))
    assert "E1-M has 1 entrant before its 1 seat to be closed is closed." in sentences(taken, "P1")


def test_p1_catches_an_exchange_of_a_seat_that_was_to_be_closed() -> None:
    """Who leaves such a seat leaves it to nobody, also in an exchange."""
    people = {"a": Person([("ETB", "E2", 50)], held="E1"), "b": Person([("ETB", "E1", 50)], held="E2")}
    done = run_campaign(town(people, CLOSING), improvement="full", extension="none")
    assert done.verdict.holds
    assert posts_of(done) == {"a": "E1-M", "b": "E2-M"}
    swapped = changed(done, a=granted(1, "ETB", "E2", "E2"), b=granted(1, "ETB", "E1", "E1"))
    assert "E1-M has 1 entrant before its 1 seat to be closed is closed." in sentences(audited(done, swapped), "P1")


# P3


def test_p3_names_who_entered_the_zone_with_a_weaker_priority() -> None:
    people = {"a": Person([("COM", "11111", 20)]), "b": Person([("ETB", "E1", 10)])}
    done = run_campaign(town(people, {"E1": 1}), extension="none")
    wrong = audited(done, changed(done, a=NOTHING, b=granted(1, "ETB", "E1", "E1")))
    assert sentences(wrong, "P3") == "claims COM 11111 (wish 1): b entered there with a weaker priority."


def test_p3_finds_the_free_seat_that_is_reached_when_others_move_inside_their_zones() -> None:
    people = {"a": Person([("ETB", "E1", 20)]), "b": Person([("COM", "11111", 30)])}
    done = run_campaign(town(people, {"E1": 1, "E2": 1}), extension="none")
    assert posts_of(done) == {"a": "E1-M", "b": "E2-M"}
    wrong = audited(done, changed(done, a=NOTHING, b=seated("E1")))
    assert sentences(wrong, "P3") == "claims ETB E1 (wish 1): a seat is free there."


def test_p3_finds_who_would_make_room_somewhere_else() -> None:
    """a asks for E1, where b sits by a wish for the commune; c on E2 is weaker than a, and b could sit there."""
    people = {
        "a": Person([("ETB", "E1", 20)]),
        "b": Person([("COM", "11111", 30)]),
        "c": Person([("ETB", "E2", 10)]),
    }
    done = run_campaign(town(people, {"E1": 1, "E2": 1}), extension="none")
    assert posts_of(done) == {"a": "E1-M", "b": "E2-M", "c": None}
    wrong = audited(done, changed(done, a=NOTHING, b=seated("E1"), c=granted(1, "ETB", "E2", "E2")))
    assert "claims ETB E1 (wish 1): c, whose priority is weaker, would make room" in sentences(wrong, "P3")


def test_p3_shows_the_chain_that_takes_a_claim_back(improved: Run) -> None:
    assert posts_of(improved) == {"c1": "E2-M", "c2": None, "c3": "E1-M"}
    found = improved.verdict["P3"]
    assert found.status == "holds"
    assert "The improvement leaves 1 claim of 1 candidate, 1 of them vacuous" in found.evidence_in("en")
    assert found.proofs["sentence"].to_list() == [
        "claims COM 11111 (wish 1) and takes it; c1, displaced from ETB E2 (wish 1), takes COM 11111 (wish 2); "
        "c3, displaced from ETB E1 (wish 1), takes the post held, E2-M; that displaces the claimant again."
    ]
    assert found.proofs["sentence_fr"].to_list() == [
        "a une envie justifiée sur COM 11111 (vœu 1) et l'obtient\u202f; c1, évincé de ETB E2 (vœu 1), prend COM 11111 "
        "(vœu 2)\u202f; c3, évincé de ETB E1 (vœu 1), prend le poste détenu, E2-M\u202f; cela évince "
        "de nouveau le demandeur."
    ]
    assert found.proofs.select("component", "candidate_id").rows() == [("M", "c2")]


def test_p3_catches_a_claim_that_nothing_takes_back() -> None:
    """Without the wish of c1 for the commune nobody displaces c2 again."""
    people = INTRA_VILLE | {"c1": Person([("ETB", "E2", 50)])}
    done = run_campaign(town(people, SEATS), improvement="none", extension="none")
    exchange = changed(done, c1=granted(1, "ETB", "E2", "E2"), c2=NOTHING, c3=granted(1, "ETB", "E1", "E1"))
    verdict = audited(done, exchange, improvement="full", cutoffs=None)
    assert "claims COM 11111 (wish 1), and the claim stands" in sentences(verdict, "P3")
    assert "somebody who finds nothing else" in sentences(verdict, "P3")


def test_p3_wants_no_claim_at_all_before_the_improvement(improved: Run) -> None:
    before = {"c1": (1, "E2-M"), "c2": (None, None), "c3": (1, "E1-M")}
    cells = {name: {"before_rank": rank, "before_post_id": post} for name, (rank, post) in before.items()}
    verdict = audited(improved, changed(improved, **cells))
    assert "before the improvement claims COM 11111 (wish 1): c1 entered there" in sentences(verdict, "P3")


# P6 and P8

LEFT_OVER = {"o": Person([("COM", "22222", 90)]), "m": Person([("COM", "11111", 10)], mandatory=True)}
FULL = {"E1": 0, "E2": 0, "E3": 1}


def test_p6_shows_the_posts_of_all_zones_that_could_make_room() -> None:
    done = run_campaign(town(LEFT_OVER, FULL, EXTENSION), extension="integrated")
    assert done.verdict.holds
    evidence = done.verdict["P6"].evidence_in("en")
    assert "M: 1 left over; the 1 seat of E1-M, E2-M, E3-M is taken by stronger priorities." in evidence
    assert evidence.endswith("1 of those seated there was granted nothing that leads elsewhere.")


def test_p6_shows_the_posts_left_full_after_the_run() -> None:
    done = run_campaign(town(LEFT_OVER, FULL, EXTENSION), extension="residual")
    assert done.verdict.holds
    assert "M: 1 left over; the 1 seat of E1-M, E2-M, E3-M is taken" in done.verdict["P6"].evidence_in("en")


def test_p6_tells_of_posts_without_seats_and_of_candidates_without_posts() -> None:
    people = {"m": Person([("COM", "11111", 10)], mandatory=True), "n": Person(mandatory=True)}
    evidence = run_campaign(town(people, {"E1": 0}), extension="residual").verdict["P6"].evidence_in("en")
    assert "M: 1 left over; there is no seat on E1-M." in evidence
    assert "M: 1 left over; no wish and no extension gives him a post to go to." in evidence


def test_p6_describes_the_first_sets_and_counts_the_others() -> None:
    people = {f"m{k}": Person([("ETB", f"E{1 + k % 4}", 10)], mandatory=True) for k in range(8)}
    people |= {"z": Person([("ZRE", "Z", 10)], mandatory=True), "y": Person([("ZRE", "Z", 10)], mandatory=True)}
    people |= {"n": Person(mandatory=True)}
    done = run_campaign(town(people, {**dict.fromkeys(("E1", "E2", "E3", "E4"), 1), "Z": 1}), extension="none")
    assert done.verdict["P6"].evidence_in("en").endswith("1 more such set, for 1 more candidate.")


@pytest.mark.parametrize("extension", ["integrated", "residual"])
def test_p6_catches_a_free_seat_in_a_zone_of_the_extension(extension: str) -> None:
    people = {"m": Person([("COM", "11111", 10)], mandatory=True)}
    done = run_campaign(town(people, {"E1": 0, "E3": 1, "E4": 1}, EXTENSION), extension=extension)
    assert done.verdict.holds
    verdict = audited(done, changed(done, m=NOTHING))
    assert "a seat is free in COM 22222 (extension)." in sentences(verdict, "P6")
    if extension == "residual":
        assert "was left without a post by the extension, and COM 22222" in sentences(verdict, "P8")


TWO_OBLIGED = {
    "m": Person([("COM", "11111", 30)], mandatory=True),
    "n": Person([("COM", "11111", 20)], mandatory=True),
}


@pytest.mark.parametrize("extension", ["integrated", "residual"])
def test_p8_catches_a_weaker_candidate_served_first(extension: str) -> None:
    done = run_campaign(town(TWO_OBLIGED, {"E1": 0, "E3": 1, "Z": 1}, EXTENSION), extension=extension)
    assert posts_of(done) == {"m": "E3-M", "n": "Z-M"}
    assert done.verdict.holds
    swapped = changed(
        done, m={"kind": "ZRD", "code": "63", **seated("Z")}, n={"kind": "COM", "code": "22222", **seated("E3")}
    )
    found = sentences(audited(done, swapped), "P8")
    assert "was extended past COM 22222 (extension), where there was a seat for him." in found


def test_p8_catches_a_specific_post() -> None:
    people = {"m": Person([("COM", "11111", 30)], mandatory=True)}
    done = run_campaign(town(people, {"E1": 0, "E3": 1, "E4": 1}, EXTENSION, specific="E3"), extension="residual")
    assert posts_of(done) == {"m": "E4-M"}
    verdict = audited(done, changed(done, m=seated("E3")))
    assert "was placed by extension on the specific post E3-M." in sentences(verdict, "P8")


def test_p8_serves_the_extension_on_seats_left_free_by_those_who_stay_where_they_sit() -> None:
    """o could move to E4 for m, but nobody moves for the extension that follows the run."""
    people = {"o": Person([("COM", "22222", 90)]), "m": Person([("COM", "11111", 10)], mandatory=True)}
    table = [{"origin_kind": "COM", "origin_code": "11111", "position": 1, "kind": "ETB", "code": "E3"}]
    done = run_campaign(town(people, {"E1": 0, "E3": 1, "E4": 1}, table), extension="residual")
    assert posts_of(done) == {"o": "E3-M", "m": None}
    assert done.verdict.holds
    integrated = run_campaign(done.campaign, extension="integrated")
    assert posts_of(integrated) == {"o": "E4-M", "m": "E3-M"}


# P9

# a would like to be near E3, b near E1; both get a seat of the département.
GUESTS = {
    "a": Person([("ETB", "E3", 1), ("DPT", "63", 50)]),
    "b": Person([("ETB", "E1", 1), ("DPT", "63", 60)]),
    "x": Person([("ETB", "E1", 100)]),
    "y": Person([("ETB", "E3", 100)]),
}
ONE_EACH = {"E1": 1, "E2": 1, "E3": 1, "E4": 1}


@pytest.mark.parametrize("placement", ["priority", "distance"])
def test_p9_catches_seats_that_could_be_exchanged_for_closer_ones(placement: str) -> None:
    done = run_campaign(town(GUESTS, ONE_EACH), placement=placement, extension="none")
    assert posts_of(done) == {"a": "E4-M", "b": "E2-M", "x": "E1-M", "y": "E3-M"} or placement == "distance"
    assert "2 candidates were granted a zone of several posts and sit inside it, 2 of them" in (
        done.verdict["P9"].evidence_in("en")
    )
    swapped = changed(done, a=seated("E2"), b=seated("E4"))
    found = sentences(audited(done, swapped), "P9")
    expected = "could sit closer to his more precise wish, on E2-M" if placement == "priority" else "would be smaller"
    assert expected in found


@pytest.mark.parametrize("placement", ["priority", "distance"])
def test_p9_catches_a_free_seat_that_is_closer(placement: str) -> None:
    people = {name: GUESTS[name] for name in "bx"}
    done = run_campaign(town(people, ONE_EACH), placement=placement, extension="none")
    assert posts_of(done)["b"] == "E2-M"
    assert audited(done, changed(done, b=seated("E3")))["P9"].status == "fails"


def test_p9_judges_each_rule_by_its_own_measure() -> None:
    """s and w would both like to be near E1. By priority s sits closer; the sum is the same if they exchange."""
    people = {
        "x": Person([("ETB", "E1", 100)]),
        "s": Person([("ETB", "E1", 1), ("DPT", "63", 60)]),
        "w": Person([("COM", "11111", 1), ("DPT", "63", 50)]),
    }
    done = run_campaign(town(people, {"E1": 1, "E5": 1, "E6": 1}), extension="none")
    assert posts_of(done) == {"x": "E1-M", "s": "E5-M", "w": "E6-M"}
    swapped = changed(done, s=seated("E6"), w=seated("E5"))
    assert audited(done, swapped)["P9"].status == "fails"
    assert audited(done, swapped, placement="distance")["P9"].status == "holds"


def test_p9_looks_at_the_extension_that_follows_the_run_apart() -> None:
    people = {"m": Person([("COM", "11111", 30)], mandatory=True)}
    table = [{"origin_kind": "COM", "origin_code": "11111", "position": 1, "kind": "DPT", "code": "63"}]
    done = run_campaign(town(people, {"E1": 0, "E5": 1, "E6": 1}, table), extension="residual")
    assert posts_of(done) == {"m": "E5-M"}
    assert done.verdict.holds
    assert "on E5-M, with nobody stronger farther" in sentences(audited(done, changed(done, m=seated("E6"))), "P9")


def test_p9_does_not_apply_where_the_improvement_gives_the_seats() -> None:
    done = run_campaign(town(INTRA_VILLE, SEATS), improvement="stable", extension="none")
    assert done.verdict["P9"].status == "not_applicable"
    assert "gives seats as well as wishes" in done.verdict["P9"].evidence_in("en")


# P10


def test_p10_counts_who_gained(improved: Run) -> None:
    assert improved.verdict["P10"].evidence_in("en").startswith("2 candidates have a better wish than before it")


def test_p10_catches_somebody_who_is_worse_off(improved: Run) -> None:
    worse = changed(improved, c1=granted(2, "COM", "11111", "E1"), c3=kept("E2"))
    cells = {"before_rank": 1, "before_post_id": "E2-M"}
    table = worse.with_columns(
        pl.when(pl.col("candidate_id") == "c1").then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
        for name, value in cells.items()
    )
    verdict = audited(improved, table, cutoffs=None)
    assert "had ETB E2 (wish 1) before the improvement, and has COM 11111 (wish 2)." in sentences(verdict, "P10")
    assert "E2-M has 2 occupants for 1 seat before the improvement." in sentences(verdict, "P10")


def test_p10_catches_a_post_claim_after_the_improvement_stable() -> None:
    people = {"a": Person([("COM", "11111", 20)]), "b": Person([("ETB", "E1", 10)])}
    done = run_campaign(town(people, {"E1": 1}), improvement="stable", extension="none")
    wrong = audited(done, changed(done, a=NOTHING, b=granted(1, "ETB", "E1", "E1")))
    assert "claims COM 11111 (wish 1): a post of it is free, or held by a weaker priority." in sentences(wrong, "P10")


def test_p10_and_p11_do_not_apply_where_the_result_does_not_say_what_the_mechanism_gave(improved: Run) -> None:
    verdict = audited(improved, improved.outcomes.drop("before_rank", "before_post_id"))
    for name in ("P10", "P11"):
        assert verdict[name].status == "not_applicable"
        assert "before the improvement" in verdict[name].evidence_in("en")
    assert verdict.holds


# P11


def test_p11_reads_the_outcome_before_the_improvement_off_the_cutoffs(improved: Run) -> None:
    cells = {"c2": {"before_rank": 1, "before_post_id": "E1-M"}}
    found = sentences(audited(improved, changed(improved, **cells)), "P11")
    assert "had COM 11111 (wish 1) before the improvement, and the cutoffs give him nothing." in found


def test_p11_catches_a_zone_that_is_not_published_with_the_lowest_of_its_posts(exchanged: Run) -> None:
    rows = exchanged.cutoffs
    of_zone = pl.col("post_id").is_null()
    assert rows.filter(of_zone).select("kind", "code", "cutoff_kind", "last_candidate_id").rows() == [
        ("COM", "11111", "wish", "c1")
    ]
    free = rows.with_columns(
        cutoff_kind=pl.when(of_zone).then(pl.lit("free")).otherwise("cutoff_kind"),
        last_candidate_id=pl.when(~of_zone).then("last_candidate_id"),
    )
    expected = "COM 11111 is published with the cutoff free, and what one has to beat is wish of c1."
    assert expected in sentences(audited(exchanged, cutoffs=free), "P11")
    wrong = rows.with_columns(last_candidate_id=pl.when(of_zone).then(pl.lit("nobody")).otherwise("last_candidate_id"))
    assert "wish of nobody, and what one has to beat is wish of c1" in sentences(
        audited(exchanged, cutoffs=wrong), "P11"
    )


def test_p11_catches_the_points_of_a_zone_that_are_not_those_of_its_last_candidate(exchanged: Run) -> None:
    dearer = exchanged.cutoffs.with_columns(
        cutoff_points=pl.when(pl.col("post_id").is_null()).then(pl.col("cutoff_points") + 1).otherwise("cutoff_points")
    )
    found = audited(exchanged, cutoffs=dearer)["P11"].violations
    assert found["sentence"].to_list() == [
        "COM 11111 is published with a cutoff that is not the points of its last entrant."
    ]
    assert found["component"].to_list() == ["M"]


def test_a_table_of_posts_alone_is_enough_for_p11(exchanged: Run) -> None:
    of_posts = exchanged.cutoffs.filter(pl.col("post_id").is_not_null())
    columns = ["post_id", "cutoff_kind", "cutoff_points", "last_candidate_id"]
    assert audited(exchanged, cutoffs=of_posts.select(columns))["P11"].status == "holds"


# Results made elsewhere


def test_the_rank_tells_which_of_several_wishes_for_a_post_was_granted() -> None:
    """x sits on E1 by the commune, with the points of the commune; with those of the school a would come first."""
    people = {
        "x": Person([("ETB", "E1", 10), ("COM", "11111", 90)]),
        "y": Person([("ETB", "E2", 95)]),
        "a": Person([("ETB", "E1", 50)]),
    }
    done = run_campaign(town(people, {"E1": 1, "E2": 1}), extension="none")
    assert posts_of(done) == {"x": "E1-M", "y": "E2-M", "a": None}
    assert audited(done, done.outcomes.select("candidate_id", "post_id", "rank"), cutoffs=None).holds
    by_post = audited(done, done.outcomes.select("candidate_id", "post_id"), cutoffs=None)
    assert sentences(by_post, "P3") == "claims ETB E1 (wish 1): x entered there with a weaker priority."


def test_of_an_ordered_zone_the_parts_are_granted_in_their_order() -> None:
    campaign = town({"a": Person([("GEO", "G", 10)])}, {"E2": 1, "E3": 1})
    zones = [{"zone_kind": "GEO", "zone_code": "G", "place_id": f"E{k}", "position": (k + 1) // 2} for k in range(1, 5)]
    listed = replace(campaign, zones=campaign.zones.vstack(pl.DataFrame(zones, schema=campaign.zones.schema)))
    done = run_campaign(listed, extension="none")
    assert posts_of(done) == {"a": "E2-M"}
    assert done.verdict.holds
    second = audited(done, changed(done, a=seated("E3")))
    assert sentences(second, "P1") == ""
    assert sentences(second, "P3") == "claims GEO G (wish 1): a seat is free there."
