"""The verdict against a judge by definition, on random markets: claims by the greedy choice, chains step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from engine.model.contracts import contracts_of
from engine.model.cutoffs import FREE
from engine.model.market import Matching
from engine.model.scoring import score
from engine.solvers.improvement import Kind, improve
from engine.solvers.stable import stable
from engine.verify.audit import Audit, Result, audit
from engine.verify.claims import p3_claims
from engine.verify.improvement import p10_improvement
from engine.verify.left import claims_of_the_run
from engine.verify.seats import p1_seats
from engine.verify.sentences import sentence
from engine.verify.vacuity import VACUOUS, followed, not_shown_vacuous
from engine.verify.verdict import Property
from tests.solvers.zone_markets import FAMILIES
from tests.solvers.zone_oracle import Oracle
from tests.verify.zone_campaigns import Told, random_told

LIMITS = [{}, {"max_candidates": 14, "max_posts": 6, "max_wishes": 6}]
IMPROVEMENTS: list[Kind] = ["stable", "zone", "full"]


def audited(told: Told, outcomes: pl.DataFrame, improvement: str = "none") -> Audit:
    scored = score(told.campaign, told.campaign.rules)
    return audit(told.campaign, scored, Result(outcomes, extension="none", improvement=improvement))


def p3(facts: Audit) -> Property:
    return p3_claims(facts, claims_of_the_run(facts))


def claimed(found: Property) -> set[tuple[str, int]]:
    """Who claims which wish, by the violations."""
    rows = found.violations.select("candidate_id", pl.col("sentence").str.extract(r"\(wish (\d+)\)").cast(pl.Int64))
    return set(rows.drop_nulls("candidate_id").iter_rows())


@dataclass
class Judge:
    """An outcome of a market, with the seats that are closed: what claims there are, and where each leads."""

    told: Told
    oracle: Oracle
    held: list[int]  # the contract of each candidate, phantoms among them, or -1
    post: list[int]

    def claims(self) -> Iterator[int]:
        """Claims of people."""
        people = [*self.held[: self.told.num_people], *(0 for _ in self.held[self.told.num_people :])]
        oracle, kept = self.oracle, [c for c in self.held if c >= 0]
        for i, listed in list(enumerate(oracle.lists))[: self.told.num_people]:
            for c in range(listed.start, people[i] if people[i] >= 0 else listed.stop):
                if c in oracle.choice([*kept, c]):
                    yield c

    def is_vacuous(self, claim: int) -> bool:
        """Whether granting it displaces the claimant again; a seat he leaves that is to be closed is closed."""
        claimant = self.owner(claim)
        held = [c for i, c in enumerate(self.held) if c >= 0 and i != claimant] + self.closing_after(claimant)
        offered: int | None = claim
        while offered is not None:
            kept = self.oracle.choice([*held, offered])
            lost = set(held) | {offered} - set(kept)
            lost -= set(kept)
            held, offered = kept, None
            for x in map(self.owner, lost):
                if x == claimant:
                    return True
                listed = self.oracle.lists[x]
                offered = next((c for c in listed if c in self.oracle.choice([*held, c])), None)
        return False

    def closing_after(self, leaver: int) -> list[int]:
        """The strongest seat to be closed that waits at the post somebody leaves."""
        waiting = [i for i in range(self.told.num_people, len(self.held)) if self.held[i] < 0]
        contracts = [self.oracle.lists[i].start for i in waiting]
        there = [c for c in contracts if self.held[leaver] >= 0 and self.post[leaver] in self.oracle.posts[c]]
        return sorted(there, key=self.oracle.priority.__getitem__)[-1:]

    def owner(self, contract: int) -> int:
        return int(np.searchsorted(self.told.market.wish_ptr, contract, side="right")) - 1


def judge(told: Told, held: Sequence[int], post: Sequence[int]) -> Judge:
    """Seats that people leave free are closed, the strongest phantoms first."""
    market, oracle = told.market, Oracle(told.market)
    everybody, seats = [-1] * market.num_candidates, [-1] * market.num_candidates
    everybody[: told.num_people], seats[: told.num_people] = held[: told.num_people], post[: told.num_people]
    free = market.seats - np.bincount([p for p in seats if p >= 0], minlength=market.num_posts)
    phantoms = range(told.num_people, market.num_candidates)
    for i in sorted(phantoms, key=lambda i: -oracle.priority[oracle.lists[i].start]):
        c = oracle.lists[i].start
        p = oracle.posts[c][0]
        if free[p] > 0:
            free[p] -= 1
            everybody[i], seats[i] = c, p
    return Judge(told, oracle, everybody, seats)


def drawn(told: Told, rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """Contracts of people that can be seated at once, and the post of each; who has a post keeps one."""
    oracle = Oracle(told.market)
    held = [int(told.market.stay[i]) for i in range(told.num_people)]
    for i in rng.permutation(told.num_people):
        listed = oracle.lists[i]
        if len(listed):
            other = [*held]
            other[i] = int(rng.choice(listed))
            if oracle.seat([c for c in other if c >= 0]) is not None:
                held = other
    seating = oracle.seat([c for c in held if c >= 0])
    assert seating is not None
    of = {c: p for (p, _), c in seating.items()}
    return held, [of.get(c, -1) for c in held]


def markets(family: str, seed: int, count: int, closing: bool = True) -> Iterator[tuple[Told, np.random.Generator]]:
    rng = np.random.default_rng(seed)
    for k in range(count):
        yield random_told(rng, family, closing, **LIMITS[k % 2]), rng


@pytest.mark.parametrize("family", FAMILIES)
def test_claims_are_those_of_the_greedy_choice(family: str) -> None:
    for told, rng in markets(family, 1, 40):
        held, post = drawn(told, rng)
        found = p3(audited(told, told.outcomes(held, post)))
        assert claimed(found) == {told.claim(c) for c in judge(told, held, post).claims()}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_outcome_of_the_mechanism_has_no_claim(family: str) -> None:
    for told, _ in markets(family, 2, 20):
        matching = stable(told.market)
        facts = audited(told, told.outcomes(matching.contract, matching.post))
        assert p1_seats(facts, claims_of_the_run(facts)).status == p3(facts).status == "holds"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_claim_that_is_left_is_a_violation_unless_its_chain_takes_it_back(family: str) -> None:
    for told, rng in markets(family, 3, 40):
        held, post = drawn(told, rng)
        found = p3(audited(told, told.outcomes(held, post), improvement="full"))
        judged = judge(told, held, post)
        assert claimed(found) == {told.claim(c) for c in judged.claims() if not judged.is_vacuous(c)}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("kind", IMPROVEMENTS)
def test_what_is_shown_at_one_stroke_is_what_the_chains_show(family: str, kind: Kind) -> None:
    for told, rng in markets(family, 4, 15):
        matching = improved(told, kind)
        for held, post in ((matching.contract.tolist(), matching.post.tolist()), drawn(told, rng)):
            facts = audited(told, told.outcomes(held, post), improvement=kind)
            claims = facts.main.claims(facts.competing)
            to_close = facts.posts["closing"].to_numpy() - facts.main.closed
            rest = not_shown_vacuous(facts.main, claims, facts.competing, to_close, np.zeros_like(claims))
            chains = followed(facts.main, claims, facts.competing, to_close)
            assert set(chains.claim[chains.end != VACUOUS]) <= set(rest)


def improved(told: Told, kind: Kind) -> Matching:
    regions = (np.arange(told.market.num_posts, dtype=np.int32) % 2,)
    return improve(told.market, stable(told.market), kind, regions)


def test_most_claims_that_an_improvement_leaves_are_shown_vacuous_at_one_stroke() -> None:
    rest = total = 0
    for told, _ in markets("typed", 5, 60, closing=False):
        matching = improved(told, "full")
        facts = audited(told, told.outcomes(matching.contract, matching.post), improvement="full")
        claims = facts.main.claims(facts.competing)
        left = not_shown_vacuous(
            facts.main, claims, facts.competing, np.zeros(told.market.num_posts, np.int64), np.zeros_like(claims)
        )
        rest, total = rest + len(left), total + len(claims)
    assert total > 20
    assert rest < total / 5


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("kind", ["zone", "full"])
def test_improvements_hold_p3_and_p10(family: str, kind: Kind) -> None:
    for told, _ in markets(family, 6, 25, closing=False):
        before, after = stable(told.market), improved(told, kind)
        outcomes = told.with_before(told.outcomes(after.contract, after.post), before.contract, before.post)
        facts = audited(told, outcomes, improvement=kind)
        assert [
            found.status
            for found in (
                p1_seats(facts, claims_of_the_run(facts)),
                p3(facts),
                p10_improvement(facts, claims_of_the_run(facts)),
            )
        ] == ["holds"] * 3


@pytest.mark.parametrize("family", FAMILIES)
def test_worse_off_and_post_claims_are_those_of_the_definition(family: str) -> None:
    for told, rng in markets(family, 7, 30):
        before, (held, post) = stable(told.market), drawn(told, rng)
        outcomes = told.with_before(told.outcomes(held, post), before.contract, before.post)
        facts = audited(told, outcomes, improvement="stable")
        found = p10_improvement(facts, claims_of_the_run(facts)).violations
        worse = found.filter(pl.col("sentence").str.starts_with("had"))["candidate_id"]
        ends = told.market.wish_ptr[1:]
        place = [
            [c if c >= 0 else ends[i] for i, c in enumerate(x[: told.num_people])] for x in (before.contract, held)
        ]
        assert worse.to_list() == [f"C{i:03}" for i, (was, now) in enumerate(zip(*place, strict=True)) if now > was]
        claims = claimed(
            Property("", sentence(""), "holds", (), found.filter(pl.col("sentence").str.starts_with("claims")))
        )
        assert claims == {told.claim(c) for c in post_claims(judge(told, held, post))}


def post_claims(judged: Judge) -> Iterator[int]:
    """Better contracts of people that beat somebody seated on a post of the zone, or find a free seat there."""
    oracle, market = judged.oracle, judged.told.market
    for p_seats in (np.bincount([p for p in judged.post if p >= 0], minlength=market.num_posts),):
        for i in range(judged.told.num_people):
            listed = oracle.lists[i]
            for c in range(listed.start, judged.held[i] if judged.held[i] >= 0 else listed.stop):
                there = [oracle.priority[judged.held[j]] for j, p in enumerate(judged.post) if p in oracle.posts[c]]
                free = any(p_seats[p] < market.seats[p] for p in oracle.posts[c])
                if free or any(priority < oracle.priority[c] for priority in there):
                    yield c


def test_zone_cutoffs_of_the_audit_are_lists_lowest() -> None:
    told, rng = next(markets("typed", 8, 1))
    facts = audited(told, told.outcomes(*drawn(told, rng)))
    for z, (first, end) in enumerate(pairwise(facts.lists.zone_ptr.tolist())):
        posts = facts.lists.zone_post[first:end]
        assert facts.main.zone_cutoffs[z] == facts.main.post_cutoffs[posts].min()
    assert facts.main.zone_cutoffs.min() >= FREE
    assert contracts_of  # the audit lays contracts out by the same rules as the run
