"""Runs on specific posts against plain words: every outcome of small random campaigns is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pytest

from engine.model.campaign import Campaign, read_campaign
from engine.model.defects import InputRefused
from engine.pipeline import run, run_campaign
from engine.runfolder import write_run
from engine.runreading import read_previous
from engine.solvers.mechanisms import MECHANISMS
from tests.decided import decided
from tests.specific_campaigns import CASES, write_case, write_random

LEVELS = {None: 0, "unfavourable": 1, "reserved": 2, "favourable": 3, "very_favourable": 4}
COLUMN = {"ETB": "place_id", "COM": "commune", "DPT": "department", "ACA": "academy"}


class Seat(NamedTuple):
    """A post as one candidate may have it: None for nothing; how he stands there, None on the post he holds."""

    post: str | None
    standing: tuple[Any, ...] | None


Outcome = Mapping[str, Seat]


class Plain:
    """A campaign in plain words: what each candidate wants in which order, and how he stands there."""

    def __init__(self, campaign: Campaign) -> None:
        self.people = {row["candidate_id"]: row for row in campaign.candidates.iter_rows(named=True)}
        self.posts = {row["post_id"]: row for row in campaign.posts.iter_rows(named=True)}
        self.said = {(row["candidate_id"], row["post_id"]): row for row in campaign.opinions.iter_rows(named=True)}
        self.requests = {(row["candidate_id"], row["request"]): row for row in campaign.requests.iter_rows(named=True)}
        self.places = {row["place_id"]: row for row in campaign.places.iter_rows(named=True)}
        self.wishes = sorted(campaign.wishes.iter_rows(named=True), key=lambda wish: wish["rank"])
        self.wanted = {who: list(dict.fromkeys(self._list(who))) for who in self.people}
        held = [row["held_post"] for row in self.people.values()]
        self.seats = {post: row["seats"] + held.count(post) for post, row in self.posts.items()}

    def _list(self, who: str) -> Iterator[Seat]:
        person = self.people[who]
        for wish in (wish for wish in self.wishes if wish["candidate_id"] == who):
            request = self.requests[who, wish["request"]]
            titular = request["type"] == "DDF" and person["function"] == "DDF"
            if not request["letter"] or (request["type"] == "DDF" and not titular and person["teaching_years"] < 5):
                continue
            ordered = []
            for post, row in self.posts.items():
                zone = self.places[row["place_id"]][COLUMN[wish["kind"]]]
                if zone != wish["code"] or row["discipline"] != request["discipline"] or post == person["held_post"]:
                    continue
                said = self.said.get((who, post), {})
                opinion, order = said.get("opinion") or request["opinion"], said.get("order")
                if opinion == "unfavourable" or (opinion is None and order is None):
                    continue
                standing = (titular, -(order or 10**6), LEVELS[opinion], LEVELS[said.get("head_opinion")])
                elsewhere = request["preference"] is not None and row["preference"] != request["preference"]
                ordered.append((elsewhere, tuple(-int(part) for part in standing), Seat(post, standing)))
            yield from (seat for *_, seat in sorted(ordered))

    def stronger(self, one: str, wants: Seat, other: str, has: Seat) -> bool:
        """Whether a post places one candidate before another who is there; the older first among equals."""
        if has.standing is None or wants.standing is None:
            return False
        return (wants.standing, -self._born(one)) > (has.standing, -self._born(other))

    def _born(self, who: str) -> int:
        return int(self.people[who]["birth_date"].toordinal())

    def outcomes(self) -> Iterator[dict[str, Seat]]:
        """Everything that can be: each has a post he wants, or what he had."""
        choices = [[*self.wanted[who], Seat(self.people[who]["held_post"], None)] for who in self.people]
        for chosen in product(*choices):
            posts = [seat.post for seat in chosen]
            if all(posts.count(post) <= seats for post, seats in self.seats.items()):
                yield dict(zip(self.people, chosen, strict=True))

    def place(self, who: str, has: Seat) -> int:
        return self.wanted[who].index(has) if has.standing is not None else len(self.wanted[who])

    def is_stable(self, outcome: Outcome) -> bool:
        for who, has in outcome.items():
            for wants in self.wanted[who][: self.place(who, has)]:
                there = [other for other, seat in outcome.items() if seat.post == wants.post]
                if len(there) < self.seats[str(wants.post)]:
                    return False
                if any(self.stronger(who, wants, other, outcome[other]) for other in there):
                    return False
        return True

    def best(self) -> dict[str, Seat]:
        """The outcome without a claim that is best for everybody."""
        stable = [outcome for outcome in self.outcomes() if self.is_stable(outcome)]
        best = {who: min(self.place(who, outcome[who]) for outcome in stable) for who in self.people}
        (found,) = (o for o in stable if all(self.place(who, o[who]) == best[who] for who in self.people))
        return found


def engine_posts(campaign: Campaign) -> dict[str, str | None]:
    done = run_campaign(campaign)
    assert done.verdict.holds, [item.violations.to_dicts() for item in done.verdict.failed]
    return dict(done.outcomes.select("candidate_id", "post_id").iter_rows())


def posts_of(outcome: Outcome) -> dict[str, str | None]:
    return {who: seat.post for who, seat in outcome.items()}


@pytest.mark.parametrize("movement", ["specifique", "ddf"])
@pytest.mark.parametrize("first", range(0, 60, 20))
def test_of_all_outcomes_without_a_claim_the_run_gives_the_best_for_everybody(
    tmp_path: Path, first: int, movement: str
) -> None:
    for seed in range(first, first + 20):
        campaign = read_campaign(write_random(tmp_path / str(seed), seed, movement))
        assert engine_posts(campaign) == posts_of(Plain(campaign).best()), seed


def test_one_run_gives_what_two_phases_give(tmp_path: Path) -> None:
    """Those who hold the function among themselves, then the others on the seats that are left."""
    compared = 0
    for seed in range(40):
        campaign = read_campaign(write_random(tmp_path / str(seed), seed, "ddf"))
        plain, everybody = Plain(campaign), Plain(campaign).people
        titulars = {who: row for who, row in everybody.items() if row["function"] == "DDF"}
        if not 0 < len(titulars) < len(everybody):
            continue
        compared += 1
        plain.people = titulars
        first = posts_of(plain.best())
        plain.seats = {post: seats - list(first.values()).count(post) for post, seats in plain.seats.items()}
        plain.people = {who: row for who, row in everybody.items() if who not in titulars}
        assert engine_posts(campaign) == first | posts_of(plain.best()), seed
    assert compared > 10


def drawn(rng: np.random.Generator, campaign: Campaign) -> dict[str, Any]:
    """A decision about somebody that the checks let through."""
    person = campaign.candidates.row(int(rng.integers(campaign.candidates.height)), named=True)
    who, kind = person["candidate_id"], str(rng.choice(["pin", "forbid", "exclude"], p=[0.5, 0.35, 0.15]))
    ranks = campaign.wishes.filter(pl.col("candidate_id") == who)["rank"].to_list()
    asked = campaign.requests.filter(pl.col("candidate_id") == who)
    posts = campaign.posts.join(asked, on=["type", "discipline"], how="semi")["post_id"]
    by_rank = rng.random() < 0.5 or posts.is_empty()
    named = {"rank": int(rng.choice(ranks))} if by_rank else {"post_id": str(rng.choice(posts))}
    if kind == "exclude" or (kind == "forbid" and named.get("post_id") == person["held_post"]):
        return {"candidate_id": who, "kind": "exclude"}
    return {"candidate_id": who, "kind": kind, **named}


@pytest.mark.parametrize("movement", ["specifique", "ddf"])
def test_decisions_are_kept_on_specific_posts_or_refused(tmp_path: Path, movement: str) -> None:
    held = pinned = 0
    for seed in range(40):
        campaign = read_campaign(write_random(tmp_path / f"{movement}{seed}", seed, movement))
        decision = drawn(np.random.default_rng(seed), campaign)
        try:
            done = run_campaign(decided(campaign, decision), mechanism=list(MECHANISMS)[seed % len(MECHANISMS)])
        except InputRefused:
            continue
        assert not done.verdict.failed, done.verdict.to_dict()
        assert done.verdict["P15"].status == "holds"
        held += 1
        pinned += decision["kind"] == "pin"
    assert held > 20
    assert pinned > 5


def test_a_pin_retains_against_opinion_and_order(tmp_path: Path) -> None:
    """eve was refused for an unfavourable opinion; ben, ranked first for the post, is passed over."""
    campaign = read_campaign(CASES / "specifique")
    done = run_campaign(decided(campaign, {"candidate_id": "eve", "kind": "pin", "post_id": "PARC-MPSI"}))
    eve = done.outcomes.row(by_predicate=pl.col("candidate_id") == "eve", named=True)
    assert (eve["status"], eve["post_id"], eve["reason"]) == ("assigned", "PARC-MPSI", "decision_places")
    assert done.verdict.holds
    assert "ben" in done.verdict["P15"].proofs["candidate_id"].to_list()


def test_a_candidate_kept_from_a_post_is_told_so(tmp_path: Path) -> None:
    campaign = read_campaign(CASES / "specifique")
    done = run_campaign(decided(campaign, {"candidate_id": "ben", "kind": "forbid", "post_id": "PARC-MPSI"}))
    assert done.wishes.filter(pl.col("candidate_id") == "ben")["reason"].to_list() == ["decision_forbid"]
    assert done.verdict.holds


def test_a_pin_on_a_place_is_refused_where_posts_have_orders(tmp_path: Path) -> None:
    rows = "decision_id,candidate_id,kind,place_id,reason,authority,date\nD1,ana,pin,0630021F,r,a,2021-02-01\n"
    with pytest.raises(InputRefused, match="C76"):
        read_campaign(write_case(tmp_path / "case", decisions=("", rows)))


@pytest.mark.parametrize("movement", ["specifique", "ddf"])
def test_who_need_not_move_keeps_his_specific_post(tmp_path: Path, movement: str) -> None:
    for seed in range(15):
        folder = write_random(tmp_path / f"{movement}{seed}", seed, movement)
        first = run(folder)
        previous = read_previous(write_run(first, tmp_path / f"run-{movement}{seed}"))
        same = run(folder, previous=previous, least_change=True)
        assert same.changes.is_empty()
        assert same.verdict.holds, same.verdict.to_dict()
        decision = drawn(np.random.default_rng(seed), first.campaign)
        try:
            done = run_campaign(decided(first.campaign, decision), previous=previous, least_change=True)
        except InputRefused:
            continue
        assert done.verdict.holds, done.verdict.to_dict()
        assert done.summary["least_change"]["moved"] >= done.summary["least_change"]["bound"]
