"""Small random campaigns of the intra movement: schools in communes, ZR, typed wishes, holders, seats to close."""

from __future__ import annotations

from pathlib import Path
from random import Random

import polars as pl

SETTINGS = """schema = 1
id = "random-intra"
movement = "intra"
rulebook = "none"
session = 2018
seed = {seed}
[options]
improvement = "none"
extension = "residual"
"""
DEPARTMENTS = ("29", "35")
EXTENSION = [(d, p, k, c) for d in DEPARTMENTS for p, (k, c) in enumerate(
    [("DPT", d), ("ZRD", d), ("ACA", "14"), ("ZRA", "14")], 1)]  # fmt: skip


def write_random_intra(folder: Path, seed: int) -> Path:
    """A campaign of two disciplines in two départements of one académie; about ten candidates."""
    random = Random(seed)
    folder.mkdir(parents=True)
    (folder / "campaign.toml").write_text(SETTINGS.format(seed=seed))
    places = _places(random)
    posts = _posts(random, places)
    people = _people(random, posts)
    tables = {
        "places": places,
        "posts": posts.drop("kind"),
        "candidates": people,
        "wishes": _wishes(random, people, places),
        "extension": pl.DataFrame(EXTENSION, schema=["origin_code", "position", "kind", "code"], orient="row").select(
            pl.lit("DPT").alias("origin_kind"), "origin_code", "position", "kind", "code"
        ),
    }
    for name, table in tables.items():
        table.write_csv(folder / f"{name}.csv")
    return folder


def _places(random: Random) -> pl.DataFrame:
    rows: list[tuple[str, str, str | None, str | None, str | None, str, float | None, float | None]] = []
    for d in DEPARTMENTS:
        for commune in range(random.randint(1, 3)):
            for school in range(random.randint(1, 2)):
                where = (47 + random.random() * 2, -4 + random.random() * 3)
                kind = random.choice(["CLG", "LYC"])
                grouping = f"G{d}{commune % 2}" if random.random() < 0.9 else None
                rows.append((f"E{d}{commune}{school}", "ETB", kind, f"{d}00{commune}", grouping, d, *where))
        if random.random() < 0.8:
            rows.append((f"Z{d}", "ZR", None, None, None, d, None, None))
    columns = ["place_id", "kind", "school_type", "commune", "grouping", "department", "lat", "lon"]
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(academy=pl.lit("14"))


def _posts(random: Random, places: pl.DataFrame) -> pl.DataFrame:
    rows = [
        (f"{place}-{discipline}", place, discipline, random.choice([-1, 0, 0, 1, 1, 2]), kind)
        for place, kind in places.select("place_id", "kind").iter_rows()
        for discipline in ("D1", "D2")
        if random.random() < 0.8
    ]
    return pl.DataFrame(rows, schema=["post_id", "place_id", "discipline", "seats", "kind"], orient="row")


def _people(random: Random, posts: pl.DataFrame) -> pl.DataFrame:
    rows = []
    for number in range(random.randint(1, 11)):
        discipline = random.choice(["D1", "D1", "D2"])
        own = posts.filter(pl.col("discipline") == discipline)["post_id"].to_list()
        held = random.choice(own) if own and random.random() < 0.5 else None
        rows.append((f"c{number}", discipline, held, held is None and random.random() < 0.7))
    schema = {"candidate_id": pl.String, "discipline": pl.String, "held_post": pl.String, "mandatory": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _wishes(random: Random, people: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    columns = {"ETB": "place_id", "COM": "commune", "GEO": "grouping", "DPT": "department", "ACA": "academy"}
    schools, zones = places.filter(pl.col("kind") == "ETB"), places.filter(pl.col("kind") == "ZR")
    codes = {kind: schools[column].drop_nulls().unique().sort().to_list() for kind, column in columns.items()}
    codes |= {kind: zones[column].unique().sort().to_list() for kind, column in (
        ("ZRE", "place_id"), ("ZRD", "department"), ("ZRA", "academy"))}  # fmt: skip
    named = [(kind, code) for kind, listed in codes.items() for code in listed]
    rows = []
    for candidate in people["candidate_id"]:
        for rank, (kind, code) in enumerate(random.sample(named, min(len(named), random.randint(1, 6))), 1):
            typed = kind in ("COM", "GEO", "DPT", "ACA") and random.random() < 0.25
            rows.append((candidate, rank, kind, code, random.choice(["CLG", "LYC"]) if typed else None,
                         random.randint(1, 12) * 10))  # fmt: skip
    schema = {"candidate_id": pl.String, "rank": pl.Int64, "kind": pl.String, "code": pl.String,
              "school_type": pl.String, "points": pl.Int64}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")
