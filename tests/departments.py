"""Small interdépartemental campaigns written by hand or drawn at random, with both phases told in plain words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import numpy as np

SETTINGS = """schema = 1
id = "departments"
movement = "interdepartemental"
rulebook = "none"
session = 2025
seed = 5

[options]
mechanism = "serial"
improvement = "permutations"
extension = "none"
"""


@dataclass(frozen=True)
class Request:
    """A candidate: where he is (None = nowhere), and the départements he asks for with their points, best first."""

    home: str | None
    asked: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Country:
    """Départements with their quotas of entry and exit (or a net balance), and who asks."""

    quotas: Mapping[str, tuple[int, int] | int]
    requests: Mapping[str, Request]
    links: Sequence[Sequence[str]] = field(default=())


def write_country(folder: Path, country: Country, settings: str = SETTINGS, **tables: str) -> Path:
    """A campaign folder; `tables` replaces some of its tables."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "campaign.toml").write_text(settings, encoding="utf-8")
    for name, text in {**_tables(country), **tables}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def _tables(country: Country) -> dict[str, str]:
    quotas, people = country.quotas.items(), country.requests.items()
    posts = [(f"P-{code}", code, "1D", *(quota if isinstance(quota, tuple) else (quota, ""))) for code, quota in quotas]
    held = [(name, "1D", f"P-{request.home}" if request.home else "") for name, request in people]
    wishes = [
        (name, rank, "DPT", code, points)
        for name, request in people
        for rank, (code, points) in enumerate(request.asked, start=1)
    ]
    links = [(f"L{number}", name) for number, names in enumerate(country.links) for name in names]
    tables = {
        "places": _csv("place_id,kind", [(code, "DPT") for code in country.quotas]),
        "posts": _csv("post_id,place_id,discipline,seats,exit_quota", posts),
        "candidates": _csv("candidate_id,discipline,held_post", held),
        "wishes": _csv("candidate_id,rank,kind,code,points", wishes),
    }
    return {**tables, "links": _csv("link_id,candidate_id", links)} if links else tables


def _csv(header: str, rows: Sequence[Sequence[object]]) -> str:
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


def random_country(rng: np.random.Generator, people: int, places: int = 4, linked: float = 0.0) -> Country:
    """Random requests, some linked in pairs; no two requests count with the same points, so that no lot decides."""
    codes = [f"{number:02d}" for number in range(1, places + 1)]
    points = iter((rng.permutation(np.arange(1, 1000)) * 100).tolist())
    requests: dict[str, Request] = {}
    links = []
    while len(requests) < people:
        members = [f"c{len(requests) + i}" for i in range(2 if rng.random() < linked else 1)]
        homes = [codes[int(rng.integers(0, places))] for _ in members]
        goals = [code for code in rng.permutation(codes).tolist() if code not in homes][: int(rng.integers(1, places))]
        if not goals:
            continue
        worth = [next(points) for _ in goals]
        for sign, name, home in zip((-1, 1), members, homes, strict=False):
            off = 7 * sign if len(members) > 1 else 0
            requests[name] = Request(home, [(goal, worth[i] + off) for i, goal in enumerate(goals)])
        links += [members] if len(members) > 1 else []
    quotas = {code: (int(rng.integers(0, 3)), int(rng.integers(0, 3))) for code in codes}
    return Country(quotas, requests, links)


def groups(country: Country) -> list[list[str]]:
    """The requests: linked candidates make one."""
    linked = {name for names in country.links for name in names}
    return [*map(list, country.links), *([name] for name in country.requests if name not in linked)]


def plain_mutations(country: Country) -> dict[str, int]:
    """The rank that the mutations give each who moves: one request after the other."""
    entry = {code: quota[0] for code, quota in country.quotas.items() if isinstance(quota, tuple)}
    leaving = {code: quota[1] for code, quota in country.quotas.items() if isinstance(quota, tuple)}
    asked = {name: request.asked for name, request in country.requests.items()}
    granted = {}
    for names in sorted(groups(country), key=lambda names: -sum(asked[name][0][1] for name in names) / len(names)):
        homes = [home for name in names if (home := country.requests[name].home) is not None]
        for rank, (goal, _) in enumerate(asked[names[0]], start=1):
            if entry[goal] >= len(names) and all(leaving[home] >= homes.count(home) for home in homes):
                entry[goal] -= len(names)
                for home in homes:
                    leaving[home] -= 1
                granted.update(dict.fromkeys(names, rank))
                break
    return granted


def best_permutations(
    country: Country,
    granted: Mapping[str, int],
    first: Collection[str] = (),
    had: Mapping[str, int] | None = None,
) -> tuple[int, int, int, int, int]:
    """How many of some can move by permutation at most, then how many of all, then the least sum of their ranks, then
    how many have the rank they had (0 if none is told), then the most points: all tried.

    Points in halves: those of a pair are the mean.
    """
    units, options = groups(country), []
    for names in units:
        asked = country.requests[names[0]].asked
        nowhere = any(country.requests[name].home is None and name not in granted for name in names)
        options.append([None] if nowhere else [None, *range(1, granted.get(names[0], len(asked) + 1))])
    chosen = (_made(country, granted, units, ranks) for ranks in product(*options))

    def worth(made: Sequence[Made]) -> tuple[int, int, int, int, int]:
        has = dict(granted) | {name: rank for *_, rank, _, name in made}
        kept = 0 if had is None else sum(has.get(name) == had.get(name) for name in country.requests)
        return (
            sum(m[4] in first for m in made),
            len(made),
            -sum(m[2] for m in made),
            kept,
            sum(m[3] for m in made),
        )

    return max(worth(made) for made in chosen if _balanced(made))


Made = tuple[str, str, int, int, str]


def _made(
    country: Country, granted: Mapping[str, int], units: Sequence[Sequence[str]], ranks: Sequence[int | None]
) -> list[Made]:
    """The moves of a choice: from, to, rank, half points, who."""
    made = []
    for names, rank in zip(units, ranks, strict=True):
        if rank is None:
            continue
        mean = 2 * sum(country.requests[name].asked[rank - 1][1] for name in names) // len(names)
        for name in names:
            request = country.requests[name]
            start = request.asked[granted[name] - 1][0] if name in granted else str(request.home)
            made.append((start, request.asked[rank - 1][0], rank, mean, name))
    return made


def _balanced(made: Sequence[Made]) -> bool:
    return sorted(move[0] for move in made) == sorted(move[1] for move in made)
