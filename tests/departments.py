"""Small interdépartemental campaigns written by hand or drawn at random, with both phases told in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def random_country(rng: np.random.Generator, people: int, places: int = 4) -> Country:
    """Random requests; nobody has the points of another, so that no lot decides."""
    codes = [f"{number:02d}" for number in range(1, places + 1)]
    points = iter(rng.permutation(np.arange(1, 1000)).tolist())
    requests = {}
    for number in range(people):
        home = codes[int(rng.integers(0, places))]
        goals = [code for code in rng.permutation(codes).tolist() if code != home][: int(rng.integers(1, places))]
        requests[f"c{number}"] = Request(home, [(goal, next(points)) for goal in goals])
    quotas = {code: (int(rng.integers(0, 3)), int(rng.integers(0, 3))) for code in codes}
    return Country(quotas, requests)


def plain_mutations(country: Country) -> dict[str, int]:
    """The rank that the mutations give each who moves: one request after the other."""
    entry = {code: quota[0] for code, quota in country.quotas.items() if isinstance(quota, tuple)}
    leaving = {code: quota[1] for code, quota in country.quotas.items() if isinstance(quota, tuple)}
    granted = {}
    for name, request in sorted(country.requests.items(), key=lambda item: -item[1].asked[0][1]):
        for rank, (goal, _) in enumerate(request.asked, start=1):
            if entry[goal] and (request.home is None or leaving[request.home]):
                entry[goal] -= 1
                if request.home is not None:
                    leaving[request.home] -= 1
                granted[name] = rank
                break
    return granted


def best_permutations(country: Country, granted: Mapping[str, int]) -> tuple[int, int, int]:
    """How many can move by permutation at most, then the least sum of their ranks, then the most points: all tried."""
    options, starts = [], []
    for name, request in country.requests.items():
        rank = granted.get(name, len(request.asked) + 1)
        start = request.asked[rank - 1][0] if name in granted else request.home
        starts.append(start)
        options.append([None, *range(1, rank)] if start else [None])
    requests = list(country.requests.values())
    return max(
        (len(made), -sum(rank for _, rank in made), sum(requests[i].asked[rank - 1][1] for i, rank in made))
        for chosen in product(*options)
        if (made := [(i, rank) for i, rank in enumerate(chosen) if rank is not None]) is not None
        and sorted(str(starts[i]) for i, _ in made) == sorted(requests[i].asked[rank - 1][0] for i, rank in made)
    )
