"""The whole way on small random campaigns, against a plain account of deferred acceptance on the tables themselves."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import NamedTuple

import polars as pl
import pytest

from engine.pipeline import run

SETTINGS = """schema = 1
id = "random"
movement = "inter"
rulebook = "none"
session = 2025
seed = {seed}
[options]
extension = "{extension}"
"""


class Person(NamedTuple):
    name: str
    held: str | None
    mandatory: bool
    wishes: list[tuple[str, int]]  # place, points in whole points, all different


class Small(NamedTuple):
    people: list[Person]
    seats: dict[str, int]
    extension: list[str]


def small_campaign(random: Random) -> Small:
    places = [f"p{number}" for number in range(random.randint(1, 5))]
    points = random.sample(range(1, 1000), 60)
    people = []
    for number in range(random.randint(1, 7)):
        held = random.choice([*places, None])
        others = [place for place in places if place != held]
        wishes = random.sample(others, random.randint(0, len(others)))
        listed = [(place, points.pop()) for place in wishes]
        people.append(Person(f"c{number}", held, held is None and random.random() < 0.6 and bool(wishes), listed))
    return Small(people, {place: random.randint(-1, 2) for place in places}, random.sample(places, len(places)))


def write(small: Small, folder: Path, extension: str, seed: int) -> Path:
    folder.mkdir()
    (folder / "campaign.toml").write_text(SETTINGS.format(seed=seed, extension=extension))
    held = {person.name: f"post-{person.held}" if person.held else None for person in small.people}
    pl.DataFrame({"place_id": list(small.seats), "kind": "ACA"}).write_csv(folder / "places.csv")
    posts = {"post_id": [f"post-{p}" for p in small.seats], "place_id": list(small.seats), "discipline": "D"}
    pl.DataFrame({**posts, "seats": list(small.seats.values())}).write_csv(folder / "posts.csv")
    people = {"candidate_id": list(held), "discipline": "D", "held_post": list(held.values())}
    pl.DataFrame({**people, "mandatory": [p.mandatory for p in small.people]}).write_csv(folder / "candidates.csv")
    wishes = [(p.name, r, "ACA", w, v) for p in small.people for r, (w, v) in enumerate(p.wishes, 1)]
    names = ["candidate_id", "rank", "kind", "code", "points"]
    pl.DataFrame(wishes, schema=names, orient="row").write_csv(folder / "wishes.csv")
    rows = [("ACA", origin, n, "ACA", place) for origin in small.seats for n, place in enumerate(small.extension, 1)]
    columns = ["origin_kind", "origin_code", "position", "kind", "code"]
    pl.DataFrame(rows, schema=columns, orient="row").write_csv(folder / "extension.csv")
    return folder


def by_the_book(small: Small, extension: str) -> dict[str, str | None]:
    """Deferred acceptance as one would do it with paper slips: who ends where, or None."""
    lists = {person.name: list(person.wishes) for person in small.people}
    if extension == "integrated":
        for person in small.people:
            lists[person.name] += added(small, person)
    capacity = {p: max(s, 0) + sum(q.held == p for q in small.people) for p, s in small.seats.items()}
    slips: dict[str, list[tuple[int, str]]] = {place: [] for place in small.seats}
    for person in small.people:
        if person.held:
            lists[person.name].append((person.held, 10**9))
    for place, seats in small.seats.items():
        for number in range(-seats):
            lists[f"close {place} {number}"] = [(place, 10**8 + number)]
    free = list(lists)
    while free:
        name = free.pop()
        if lists[name]:
            place, points = lists[name].pop(0)
            slips[place] = sorted([*slips[place], (points, name)], reverse=True)
            free += [loser for _, loser in slips[place][capacity[place] :]]
            slips[place] = slips[place][: capacity[place]]
    at = {name: place for place, held in slips.items() for _, name in held}
    if extension == "residual":
        at |= residual(small, capacity, at)
    return {person.name: at.get(person.name) for person in small.people}


def added(small: Small, person: Person) -> list[tuple[str, int]]:
    if not person.mandatory:
        return []
    own = [place for place, _ in person.wishes]
    return [(place, min(points for _, points in person.wishes)) for place in small.extension if place not in own]


def residual(small: Small, capacity: dict[str, int], at: dict[str, str]) -> dict[str, str]:
    room = {place: seats - list(at.values()).count(place) for place, seats in capacity.items()}
    left = [person for person in small.people if person.mandatory and person.name not in at]
    placed: dict[str, str] = {}
    for person in sorted(left, key=lambda p: -min(points for _, points in p.wishes)):
        place = next((place for place, _ in added(small, person) if room[place] > 0), None)
        if place:
            placed[person.name] = place
            room[place] -= 1
    return placed


@pytest.mark.parametrize("extension", ["none", "integrated", "residual"])
def test_random_campaigns_end_as_by_the_book_and_hold_the_verdict(tmp_path: Path, extension: str) -> None:
    random = Random(20250101)
    for number in range(60):
        small = small_campaign(random)
        done = run(write(small, tmp_path / str(number), extension, number))
        seated = {
            name: post and post.removeprefix("post-")
            for name, post in done.outcomes.select("candidate_id", "post_id").iter_rows()
        }
        assert seated == by_the_book(small, extension), (number, small)
        assert done.verdict.holds, (number, small, done.verdict.failed)


CASE_F = Small(
    people=[
        Person("M", None, True, [("full", 300), ("full2", 80)]),
        Person("V", None, False, [("E", 50)]),
        Person("H", "full", False, []),
        Person("H2", "full2", False, []),
    ],
    seats={"full": 0, "full2": 0, "E": 1, "next": 1},
    extension=["full", "E", "next", "full2"],
)


@pytest.mark.parametrize(("extension", "m", "v"), [("integrated", "post-E", None), ("residual", "post-next", "post-E")])
def test_case_f_extension_before_the_run_beats_a_weaker_wish_and_after_it_does_not(
    tmp_path: Path, extension: str, m: str, v: str | None
) -> None:
    """ALGORITHMS 8 F: M competes in extension at 80, the lower of his points."""
    done = run(write(CASE_F, tmp_path / "f", extension, 1))
    seated = dict(done.outcomes.select("candidate_id", "post_id").iter_rows())
    assert (seated["M"], seated["V"]) == (m, v)


def test_case_f_extension_has_the_lowest_points_of_the_wishes(tmp_path: Path) -> None:
    """With V at 90 the 80 points of M in extension are not enough, though his first wish has 300."""
    people = [person._replace(wishes=[("E", 90)]) if person.name == "V" else person for person in CASE_F.people]
    done = run(write(CASE_F._replace(people=people), tmp_path / "f", "integrated", 1))
    assert dict(done.outcomes.select("candidate_id", "post_id").iter_rows())["M"] == "post-next"
