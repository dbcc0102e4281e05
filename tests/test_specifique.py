"""Runs on specific posts against plain words: every outcome of small random campaigns is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from engine.model.campaign import Campaign, read_campaign
from engine.pipeline import run_campaign
from tests.specific_campaigns import write_random

Outcome = Mapping[str, str | None]
LEVELS = {None: 0, "unfavourable": 1, "reserved": 2, "favourable": 3, "very_favourable": 4}
COLUMN = {"ETB": "place_id", "COM": "commune", "DPT": "department", "ACA": "academy"}


class Plain:
    """A campaign in plain words: whom each post ranks how, and what each candidate wants in which order."""

    def __init__(self, campaign: Campaign) -> None:
        self.people = {row["candidate_id"]: row for row in campaign.candidates.iter_rows(named=True)}
        self.posts = {row["post_id"]: row for row in campaign.posts.iter_rows(named=True)}
        self.said = {(row["candidate_id"], row["post_id"]): row for row in campaign.opinions.iter_rows(named=True)}
        self.requests = {(row["candidate_id"], row["request"]): row for row in campaign.requests.iter_rows(named=True)}
        self.places = {row["place_id"]: row for row in campaign.places.iter_rows(named=True)}
        self.wishes = list(campaign.wishes.iter_rows(named=True))
        self.keys: dict[tuple[str, str], tuple[Any, ...]] = {}
        self.wanted = {who: list(dict.fromkeys(self._list(who))) for who in self.people}
        held = [row["held_post"] for row in self.people.values()]
        self.seats = {post: row["seats"] + held.count(post) for post, row in self.posts.items()}

    def _list(self, who: str) -> Iterator[str]:
        person = self.people[who]
        for wish in sorted((w for w in self.wishes if w["candidate_id"] == who), key=lambda w: w["rank"]):
            request = self.requests[who, wish["request"]]
            titular = request["type"] == "DDF" and person["function"] == "DDF"
            if not request["letter"] or (request["type"] == "DDF" and not titular and person["teaching_years"] < 5):
                continue
            ordered = []
            for post, row in self.posts.items():
                place = self.places[row["place_id"]]
                if place[COLUMN[wish["kind"]]] != wish["code"] or row["discipline"] != request["discipline"]:
                    continue
                said = self.said.get((who, post), {})
                opinion, order = said.get("opinion") or request["opinion"], said.get("order")
                if opinion == "unfavourable" or (opinion is None and order is None) or post == person["held_post"]:
                    continue
                key = (titular, -(order or 10**6), LEVELS[opinion], LEVELS[said.get("head_opinion")])
                known = self.keys.setdefault((who, post), (key, who, wish["rank"]))
                self.keys[who, post] = max(known, (key, who, wish["rank"]), key=lambda k: (k[0], -k[2]))
                elsewhere = request["preference"] is not None and row["preference"] != request["preference"]
                ordered.append((elsewhere, tuple(-int(part) for part in key), post))
            yield from (post for *_, post in sorted(ordered))

    def stronger(self, one: str, other: str, post: str) -> bool:
        """Whether a post places one candidate before another; the older first among equals."""
        if self.people[other]["held_post"] == post:
            return False
        mine, his = self.keys[one, post][0], self.keys[other, post][0]
        return (mine, -self._born(one)) > (his, -self._born(other))

    def _born(self, who: str) -> int:
        return int(self.people[who]["birth_date"].toordinal())

    def outcomes(self) -> Iterator[dict[str, str | None]]:
        """Everything that can be: each has a post he wants, or what he had."""
        choices = [[*self.wanted[who], self.people[who]["held_post"]] for who in self.people]
        for chosen in product(*choices):
            if all(chosen.count(post) <= seats for post, seats in self.seats.items()):
                yield dict(zip(self.people, chosen, strict=True))

    def place(self, who: str, has: str | None) -> int:
        return self.wanted[who].index(has) if has in self.wanted[who] else len(self.wanted[who])

    def is_stable(self, outcome: Outcome) -> bool:
        for who, has in outcome.items():
            for post in self.wanted[who][: self.place(who, has)]:
                there = [other for other, where in outcome.items() if where == post]
                if len(there) < self.seats[post] or any(self.stronger(who, other, post) for other in there):
                    return False
        return True


def engine_outcome(campaign: Campaign) -> dict[str, str | None]:
    done = run_campaign(campaign)
    assert done.verdict.holds, [item.violations.to_dicts() for item in done.verdict.failed]
    return dict(done.outcomes.select("candidate_id", "post_id").iter_rows())


@pytest.mark.parametrize("movement", ["specifique", "ddf"])
@pytest.mark.parametrize("first", range(0, 60, 20))
def test_of_all_outcomes_without_a_claim_the_run_gives_the_best_for_everybody(
    tmp_path: Path, first: int, movement: str
) -> None:
    for seed in range(first, first + 20):
        campaign = read_campaign(write_random(tmp_path / str(seed), seed, movement))
        plain, found = Plain(campaign), engine_outcome(campaign)
        stable = [outcome for outcome in plain.outcomes() if plain.is_stable(outcome)]
        assert found in stable, seed
        for who, has in found.items():
            best = min(plain.place(who, outcome[who]) for outcome in stable)
            assert plain.place(who, has) == best, (seed, who)


def test_one_run_gives_what_two_phases_give(tmp_path: Path) -> None:
    """Those who hold the function among themselves, then the others on the seats that are left."""
    compared = 0
    for seed in range(40):
        campaign = read_campaign(write_random(tmp_path / str(seed), seed, "ddf"))
        plain, found = Plain(campaign), engine_outcome(campaign)
        titulars = [who for who, row in plain.people.items() if row["function"] == "DDF"]
        if not 0 < len(titulars) < len(plain.people):
            continue
        compared += 1
        alone = {who: plain.people[who] for who in titulars}
        others, plain.people = plain.people, alone
        first = [outcome for outcome in plain.outcomes() if plain.is_stable(outcome)]
        best = min(first, key=lambda outcome: sum(plain.place(who, has) for who, has in outcome.items()))
        assert {who: found[who] for who in titulars} == best, seed
        plain.people = {who: row for who, row in others.items() if who not in titulars}
        plain.seats = {post: seats - list(best.values()).count(post) for post, seats in plain.seats.items()}
        second = [outcome for outcome in plain.outcomes() if plain.is_stable(outcome)]
        after = min(second, key=lambda outcome: sum(plain.place(who, has) for who, has in outcome.items()))
        assert {who: has for who, has in found.items() if who not in titulars} == after, seed
    assert compared > 10
