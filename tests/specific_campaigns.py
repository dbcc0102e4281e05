"""Campaigns on specific posts: the legal cases with some of their rows changed, and small random ones."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import polars as pl

import scenarios

CASES = Path(scenarios.__file__).parent / "cases"
OPINIONS = ("very_favourable", "favourable", "reserved", "unfavourable")
SETTINGS = """schema = 1
id = "random-specific"
movement = "{movement}"
rulebook = "{movement}"
session = 2021
seed = {seed}
"""


def write_case(folder: Path, name: str = "specifique", **changes: tuple[str, str]) -> Path:
    """A case with one piece of text of some tables replaced by another; an empty piece appends."""
    shutil.copytree(CASES / name, folder, ignore=shutil.ignore_patterns("expected*", "case.md"))
    for table, (old, new) in changes.items():
        path = folder / (f"{table}.toml" if table == "campaign" else f"{table}.csv")
        text = path.read_text("utf-8") if path.exists() else ""
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else text + new, "utf-8")
    return folder


def write_random(folder: Path, seed: int, movement: str = "specifique") -> Path:
    """Up to five candidates and four posts of two disciplines in two communes; nobody is as old as another."""
    random = Random(seed)
    folder.mkdir(parents=True)
    (folder / "campaign.toml").write_text(SETTINGS.format(movement=movement, seed=seed))
    places = pl.DataFrame(
        [("E1", "63113"), ("E2", "63113"), ("E3", "63300")], schema=["place_id", "commune"], orient="row"
    ).with_columns(kind=pl.lit("ETB"), department=pl.lit("63"), academy=pl.lit("06"))
    posts = _posts(random, places, movement)
    people = _people(random, posts, movement)
    requests = _requests(random, people, movement)
    wishes = _wishes(random, requests)
    tables = {"places": places, "posts": posts, "candidates": people, "requests": requests, "wishes": wishes}
    tables["opinions"] = _opinions(random, people, posts)
    for name, table in tables.items():
        table.write_csv(folder / f"{name}.csv")
    return folder


def _posts(random: Random, places: pl.DataFrame, movement: str) -> pl.DataFrame:
    kind = "DDF" if movement == "ddf" else "CPGE"
    rows = [
        (f"P{n}", random.choice(places["place_id"].to_list()), random.choice(["D1", "D1", "D2"]),
         random.choice([0, 1, 1]), "specific", kind, random.choice(["MPSI", "PCSI", None]))
        for n in range(random.randint(1, 4))
    ]  # fmt: skip
    columns = ["post_id", "place_id", "discipline", "seats", "profile", "type", "preference"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _people(random: Random, posts: pl.DataFrame, movement: str) -> pl.DataFrame:
    free = posts["post_id"].to_list()
    rows = []
    for n in range(random.randint(1, 5)):
        held = free.pop(random.randrange(len(free))) if free and random.random() < 0.35 else None
        discipline = posts.filter(pl.col("post_id") == held)["discipline"][0] if held else random.choice(["D1", "D2"])
        function = "DDF" if movement == "ddf" and (held or random.random() < 0.2) else None
        rows.append((f"c{n}", discipline, held, "plp", function, random.randint(4, 12), f"19{60 + n}-01-0{n + 1}"))
    columns = ["candidate_id", "discipline", "held_post", "corps", "function", "teaching_years", "birth_date"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _requests(random: Random, people: pl.DataFrame, movement: str) -> pl.DataFrame:
    kind = "DDF" if movement == "ddf" else "CPGE"
    rows = [
        (who, request, kind, random.choice(["D1", "D1", "D2"]), random.choice(["MPSI", None]), random.random() < 0.9,
         random.choice([*OPINIONS, None]))
        for who in people["candidate_id"]
        for request in range(1, random.choice([2, 2, 3]))
    ]  # fmt: skip
    columns = ["candidate_id", "request", "type", "discipline", "preference", "letter", "opinion"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _wishes(random: Random, requests: pl.DataFrame) -> pl.DataFrame:
    named = [("ETB", "E1"), ("ETB", "E2"), ("ETB", "E3"), ("COM", "63113"), ("DPT", "63"), ("ACA", "06")]
    rows, rank = [], dict.fromkeys(requests["candidate_id"], 0)
    for who, request in requests.select("candidate_id", "request").iter_rows():
        for kind, code in random.sample(named, random.randint(1, 3)):
            rank[who] += 1
            rows.append((who, rank[who], request, kind, code))
    return pl.DataFrame(rows, schema=["candidate_id", "rank", "request", "kind", "code"], orient="row")


def _opinions(random: Random, people: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    rows = []
    for post in posts["post_id"]:
        ranks = random.sample(range(1, 9), people.height)
        for who, order in zip(people["candidate_id"], ranks, strict=True):
            if random.random() < 0.6:
                said = [random.choice([*OPINIONS, None]) for _ in range(2)]
                rows.append((who, post, *said, order if random.random() < 0.6 else None))
    schema = {"candidate_id": pl.String, "post_id": pl.String, "opinion": pl.String, "head_opinion": pl.String,
              "order": pl.Int64}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")
