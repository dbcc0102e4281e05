"""P15: decisions outside the barème are kept, and the claims they create are those of the barème alone."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from engine.model.campaign import Campaign
from engine.model.decisions import without_decisions
from engine.model.defects import InputRefused
from engine.model.market import Market
from engine.model.scoring import score
from engine.pipeline import run_campaign
from engine.runs import Run
from engine.solvers.mechanisms import MECHANISMS
from engine.verify.audit import Result
from engine.verify.verdict import Property
from engine.verify.verify import verify
from tests.decided import decided, drawn_decisions
from tests.solvers.zone_oracle import Oracle
from tests.verify.linked_campaigns import linked, random_schools
from tests.verify.zone_campaigns import Person, random_told, town

SEATS = {"E1": 1, "E2": 1, "E3": 0}
PEOPLE = {
    "ANNE": Person([("ETB", "E1", 30), ("ETB", "E2", 30)]),
    "BRUNO": Person([("ETB", "E1", 20), ("ETB", "E2", 20)]),
    "CLARA": Person([("COM", "11111", 10)]),
}
ALONE = {"improvement": "none", "extension": "none"}


def town_with(*rows: dict[str, object]) -> Run:
    return run_campaign(decided(town(PEOPLE, SEATS), *rows), **ALONE)


def post_of(done: Run) -> dict[str, str | None]:
    return dict(done.outcomes.select("candidate_id", "post_id").iter_rows())


def test_a_pin_gives_its_wish_before_all_who_have_more_points() -> None:
    done = town_with({"candidate_id": "BRUNO", "kind": "pin", "rank": 1})
    assert post_of(done) == {"ANNE": "E2-M", "BRUNO": "E1-M", "CLARA": None}
    assert done.verdict.holds
    (claim,) = done.verdict["P15"].proofs.to_dicts()
    assert claim["candidate_id"] == "ANNE"
    assert "claims ETB E1 (wish 1): BRUNO would make room. Allowed by D1 (le recteur, 2025-03-01" in claim["sentence"]
    assert done.verdict["P15"].evidence_in("fr") == (
        "1 affectation imposée. Elle crée 1 envie justifiée, de 1 candidat, qu'elle autorise."
    )
    assert claim["sentence_fr"].startswith(
        "a une envie justifiée sur ETB E1 (vœu 1)\u00a0: BRUNO ferait place. Autorisée par D1 (le recteur, 2025-03-01"
    )
    reasons = done.wishes.filter(pl.col("candidate_id") == "ANNE")["reason"].to_list()
    assert reasons == ["decision_taken", None]


def test_a_pin_on_a_post_stands_on_the_first_wish_that_covers_it() -> None:
    done = town_with({"candidate_id": "CLARA", "kind": "pin", "post_id": "E2-M"})
    clara = done.outcomes.row(by_predicate=pl.col("candidate_id") == "CLARA", named=True)
    assert (clara["post_id"], clara["rank"], clara["kind"]) == ("E2-M", 1, "COM")
    assert clara["reason"] == "decision_places"
    assert done.verdict["P15"].proofs["candidate_id"].to_list() == ["BRUNO"]


def test_a_pin_beside_all_wishes_adds_one() -> None:
    done = run_campaign(
        decided(town(PEOPLE, SEATS | {"E3": 1}), {"candidate_id": "ANNE", "kind": "pin", "place_id": "E3"})
    )
    anne = done.outcomes.row(by_predicate=pl.col("candidate_id") == "ANNE", named=True)
    assert (anne["post_id"], anne["rank"], anne["kind"], anne["code"]) == ("E3-M", 3, "ETB", "E3")
    assert set(done.verdict["P15"].proofs["candidate_id"]) == {"ANNE"}


def test_a_candidate_kept_from_a_post_may_have_another_of_the_same_zone() -> None:
    people = {"CLARA": Person([("COM", "11111", 10)]), "DORA": Person([("ETB", "E2", 20)])}
    campaign = decided(town(people, SEATS), {"candidate_id": "CLARA", "kind": "forbid", "post_id": "E1-M"})
    done = run_campaign(campaign, **ALONE)
    assert post_of(done) == {"CLARA": None, "DORA": "E2-M"}
    assert done.verdict["P15"].proofs["candidate_id"].to_list() == ["CLARA"]


def test_a_wish_of_which_nothing_is_left_is_set_aside_with_its_reason() -> None:
    done = town_with({"candidate_id": "ANNE", "kind": "forbid", "rank": 1})
    assert done.wishes.filter(pl.col("candidate_id") == "ANNE")["reason"].to_list() == ["decision_forbid", None]
    assert post_of(done)["ANNE"] == "E2-M"


def test_an_excluded_holder_keeps_his_post() -> None:
    people = PEOPLE | {"HUGO": Person([("ETB", "E1", 90)], held="E3")}
    done = run_campaign(decided(town(people, SEATS), {"candidate_id": "HUGO", "kind": "exclude"}), **ALONE)
    hugo = done.outcomes.row(by_predicate=pl.col("candidate_id") == "HUGO", named=True)
    assert (hugo["status"], hugo["reason"], hugo["post_id"]) == ("excluded", "decision_exclude", "E3-M")
    assert done.verdict["P15"].proofs["candidate_id"].to_list() == ["HUGO"]


def test_a_pin_takes_no_post_from_a_holder_who_stays() -> None:
    people = PEOPLE | {"HUGO": Person(held="E3")}
    campaign = decided(
        town(people, SEATS),
        {"candidate_id": "ANNE", "kind": "pin", "post_id": "E3-M"},
        {"candidate_id": "BRUNO", "kind": "pin", "rank": 2},
    )
    with pytest.raises(InputRefused) as refused:
        run_campaign(campaign, **ALONE)
    assert refused.value.defects["value"].to_list() == ["D1"]
    assert "cannot be met: no seat of E3-M is vacant or falls free for ANNE" in str(refused.value)


def test_who_is_pinned_on_his_own_post_stays() -> None:
    people = PEOPLE | {"HUGO": Person([("ETB", "E1", 90)], held="E3")}
    done = run_campaign(
        decided(town(people, SEATS), {"candidate_id": "HUGO", "kind": "pin", "post_id": "E3-M"}), **ALONE
    )
    hugo = done.outcomes.row(by_predicate=pl.col("candidate_id") == "HUGO", named=True)
    assert (hugo["status"], hugo["reason"]) == ("kept", "decision_keeps")
    assert set(done.verdict["P15"].proofs["candidate_id"]) == {"HUGO"}


def test_without_decisions_the_property_does_not_apply() -> None:
    assert run_campaign(town(PEOPLE, SEATS), **ALONE).verdict["P15"].status == "not_applicable"


def judged(campaign: Campaign, outcomes: pl.DataFrame) -> Property:
    return verify(campaign, score(campaign, campaign.rules), Result(outcomes, extension="none"))["P15"]


@pytest.mark.parametrize(
    "decision",
    [
        {"candidate_id": "BRUNO", "kind": "pin", "rank": 1},
        {"candidate_id": "BRUNO", "kind": "pin", "place_id": "E1"},
        {"candidate_id": "ANNE", "kind": "forbid", "rank": 1},
        {"candidate_id": "ANNE", "kind": "forbid", "post_id": "E1-M"},
        {"candidate_id": "ANNE", "kind": "forbid", "place_id": "E1"},
        {"candidate_id": "ANNE", "kind": "exclude"},
    ],
    ids=lambda row: f"{row['kind']} {[name for name in row if name not in ('candidate_id', 'kind')]}",
)
def test_an_outcome_that_ignores_a_decision_is_caught(decision: dict[str, object]) -> None:
    campaign = town(PEOPLE, SEATS)
    ignoring = run_campaign(campaign, **ALONE).outcomes
    found = judged(decided(campaign, decision), ignoring)
    assert found.status == "fails"
    assert found.violations["candidate_id"].to_list() == [decision["candidate_id"]]
    assert "decision D1" in found.violations["sentence"][0]


OPTIONS = {
    "improvement": ("none", "stable", "zone", "full"),
    "extension": ("none", "integrated", "residual"),
}


@pytest.mark.parametrize("seed", range(4))
def test_random_campaigns_with_decisions_hold_the_verdict_or_are_refused(seed: int) -> None:
    rng = np.random.default_rng(seed)
    held = 0
    for _ in range(12):
        family = str(rng.choice(["single", "nested", "typed", "any", "schools"]))
        campaign = random_schools(rng) if family == "schools" else random_told(rng, family).campaign
        campaign = decided(campaign, *drawn_decisions(rng, campaign))
        chosen = {name: str(rng.choice(values)) for name, values in OPTIONS.items()}
        try:
            done = run_campaign(campaign, **chosen)
        except InputRefused:
            continue
        assert done.verdict.holds, done.verdict.to_dict()
        held += 1
    assert held > 4


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_the_claims_created_are_those_of_the_definition(mechanism: str) -> None:
    rng = np.random.default_rng(100)
    counted, pinned, rules = 0, 0, set()
    for _ in range(40):
        plain = random_told(rng, str(rng.choice(["single", "nested", "any"])), closing=False).campaign
        campaign = decided(plain, *drawn_decisions(rng, plain, most=2))
        try:
            done = run_campaign(campaign, mechanism=mechanism, **ALONE)
        except InputRefused as refused:
            rules |= set(refused.defects["rule"].str.slice(0, 3))
            continue
        assert not done.verdict.failed, done.verdict.to_dict()
        if campaign.decisions.height:
            by_the_bareme = claims_of(without_decisions(campaign), done)
            found = done.verdict["P15"].proofs
            assert found.height == len(by_the_bareme - claims_of(campaign, done))
            counted += found.height
            pinned += campaign.decisions["kind"].to_list().count("pin")
    assert counted > 5
    assert pinned > 5
    assert rules <= {"C69"}


def claims_of(campaign: Campaign, done: Run) -> set[tuple[str, int]]:
    """Claims by the definition (DESIGN 7): offered beside all that is held, the choice would keep the contract."""
    plain = linked(campaign)
    rows = plain.contracts.rows.with_row_index("contract")
    names = campaign.candidates["candidate_id"].to_list()
    held = []
    posts = campaign.posts["post_id"].to_list()
    for i, name in enumerate(names):
        outcome = done.outcomes.row(by_predicate=pl.col("candidate_id") == name, named=True)
        stays = outcome["post_id"] is not None and outcome["rank"] is None
        granted = pl.col("phase").cast(pl.String) == "stay" if stays else pl.col("rank") == (outcome["rank"] or 0)
        mine = rows.filter((pl.col("candidate") == i) & granted)
        covers = [c for c in mine["contract"] if outcome["post_id"] in posts_of(plain.market, c, posts)]
        held.append(covers[0] if covers else -1)
    oracle = Oracle(plain.market)
    kept = [c for c in held if c >= 0]
    claimed = [c for c in oracle.preferred(held) if c in oracle.choice([*kept, c])]
    told = rows.select("candidate", "rank").rows()
    return {(names[told[c][0]], told[c][1]) for c in claimed}


def posts_of(market: Market, contract: int, posts: list[str]) -> list[str]:
    zone = market.wish_zone[contract]
    return [posts[p] for p in market.zone_post[market.zone_ptr[zone] : market.zone_ptr[zone + 1]]]


@pytest.mark.parametrize("mechanism", [name for name in MECHANISMS if name != "stable"])
@pytest.mark.parametrize("improvement", ["none", "zone", "full"])
def test_every_mechanism_keeps_decisions(mechanism: str, improvement: str) -> None:
    rng = np.random.default_rng(len(mechanism))
    held, pinned, rules = 0, 0, set()
    for _ in range(20):
        plain = random_told(rng, str(rng.choice(["single", "nested", "typed"]))).campaign
        campaign = decided(plain, *drawn_decisions(rng, plain))
        try:
            done = run_campaign(campaign, mechanism=mechanism, improvement=improvement, extension="none")
        except InputRefused as refused:
            rules |= set(refused.defects["rule"].str.slice(0, 3))
            continue
        assert not done.verdict.failed, done.verdict.to_dict()
        if campaign.decisions.height:
            assert done.verdict["P15"].status == "holds"
            held += 1
            pinned += campaign.decisions["kind"].to_list().count("pin")
    assert held > 4
    assert pinned > 3
    assert rules <= {"C69"}


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_refusal_for_a_decision_is_told_from_one_by_the_mechanism(mechanism: str) -> None:
    done = run_campaign(
        decided(town(PEOPLE, SEATS), {"candidate_id": "BRUNO", "kind": "pin", "rank": 1}), mechanism=mechanism, **ALONE
    )
    gives = {"ANNE": None, "CLARA": "E2-M"} if mechanism == "flow" else {"ANNE": "E2-M", "CLARA": None}
    assert post_of(done) == {"BRUNO": "E1-M", **gives}
    assert done.verdict["P15"].proofs["candidate_id"].to_list() == ["ANNE"]
    second = "priority_waived" if mechanism == "flow" else None
    assert done.wishes.filter(pl.col("candidate_id") == "ANNE")["reason"].to_list() == ["decision_taken", second]
