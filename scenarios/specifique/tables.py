"""From draws to the tables of a campaign folder."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from engine.model.geography import academies
from scenarios.draws import Words
from scenarios.specifique.land import Land
from scenarios.specifique.people import NOTHING, People
from scenarios.specifique.profile import SpecifiqueProfile

SCHOOL = ("place_id", "commune", "department", "academy")
CODE_OF_KIND = {"ETB": "place_id", "COM": "commune", "DPT": "department", "ACA": "academy"}


def places_table(profile: SpecifiqueProfile, land: Land) -> pl.DataFrame:
    """One row per school, in the order of their numbers; every school in a commune of its own."""
    known = academies(profile.session)
    rows = []
    for number, (academy, department) in enumerate(zip(land.academy, land.department, strict=True)):
        code = land.academies.codes[academy]
        within = land.academies.departments[academy][department]
        commune = f"{within}{900 + number % 100:03d}" if len(within) == 2 else f"{within}{90 + number % 10:02d}"
        name = f"Lycée {number + 1} ({known[code].name})"
        rows.append((f"{within:0>3}9{number:03d}L", "ETB", name, "LYC", commune, within, code))
    columns = ["place_id", "kind", "label", "school_type", "commune", "department", "academy"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def posts_table(profile: SpecifiqueProfile, land: Land, people: People) -> pl.DataFrame:
    """One row per post, in the order of their numbers: a seat is vacant where no participant holds it."""
    number = np.arange(len(land.school))
    vacant = ~np.isin(number, people.held[people.held != NOTHING])
    streams = pl.Series(list(profile.posts.streams.value))
    return pl.DataFrame(
        {
            "post_id": post_ids(len(number)),
            "place_id": places_table(profile, land)["place_id"].gather(land.school),
            "discipline": [profile.posts.discipline] * len(number),
            "seats": vacant.astype(np.int64),
            "profile": ["specific"] * len(number),
            "type": [profile.posts.type] * len(number),
            "preference": streams.gather(land.stream),
        }
    )


def candidates_table(profile: SpecifiqueProfile, people: People) -> pl.DataFrame:
    held = pl.Series(people.held)
    return pl.DataFrame(
        {
            "candidate_id": candidate_ids(len(people)),
            "discipline": [profile.posts.discipline] * len(people),
            "held_post": post_ids(len(people)).gather(held.set(held == NOTHING, None)),
            "corps": np.where(people.agrege, "agrege", "certifie"),
            "teaching_years": np.maximum(people.age - 25, 0),
            "birth_date": [
                date(profile.session - int(age), 1 + i % 12, 1 + i % 28) for i, age in enumerate(people.age)
            ],
        },
        schema_overrides={"corps": pl.String},
    )


def requests_table(profile: SpecifiqueProfile, people: People, wishes: pl.DataFrame, opinion: Words) -> pl.DataFrame:
    """One row per request that has a wish; the second prefers the stream after the first one's."""
    streams = list(profile.posts.streams.value)
    made = wishes.select("candidate", "request").unique().sort("candidate", "request")
    candidate, request = made["candidate"].to_numpy(), made["request"].to_numpy()
    preferred = (people.preference[candidate] + request - 1) % len(streams)
    return pl.DataFrame(
        {
            "candidate_id": candidate_ids(len(people)).gather(candidate),
            "request": request,
            "type": [profile.posts.type] * made.height,
            "discipline": [profile.posts.discipline] * made.height,
            "preference": pl.Series(streams).gather(preferred),
            "letter": people.letter[candidate],
            "opinion": pl.Series(opinion[candidate].astype(str)),
        }
    )


def wishes_table(wishes: pl.DataFrame, places: pl.DataFrame, num_people: int) -> pl.DataFrame:
    """The wishes by code, each zone once in a request, ranked anew."""
    code = pl.coalesce(pl.when(pl.col("kind") == kind).then(column) for kind, column in CODE_OF_KIND.items())
    named = wishes.hstack(places.select(pl.col(SCHOOL).gather(wishes["school"]))).with_columns(code=code)
    once = named.unique(["candidate", "request", "kind", "code"], keep="first", maintain_order=True)
    return once.select(
        candidate_id=candidate_ids(num_people).gather(once["candidate"]),
        rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("candidate"),
        request="request",
        kind="kind",
        code="code",
    )


def reached_posts(wishes: pl.DataFrame, places: pl.DataFrame, land: Land) -> pl.DataFrame:
    """candidate, post, named (a wish names the school): the posts every candidate's wishes reach, each pair once."""
    schools = places.select(SCHOOL).with_row_index("at").with_columns(pl.col("at").cast(pl.Int64))
    posts = pl.DataFrame({"at": land.school, "post": np.arange(len(land.school))})
    asked = wishes.hstack(places.select(pl.col(SCHOOL).gather(wishes["school"])))
    found = []
    for kind, column in CODE_OF_KIND.items():
        rows = asked.filter(pl.col("kind") == kind).select("candidate", column)
        inside = rows.join(schools, on=column).join(posts, on="at")
        found.append(inside.select("candidate", "post", named=pl.lit(kind == "ETB")))
    return pl.concat(found).group_by("candidate", "post").agg(pl.col("named").any()).sort("candidate", "post")


def candidate_ids(count: int) -> pl.Series:
    numbers = pl.Series("candidate_id", np.arange(1, count + 1)).cast(pl.String)
    return "S" + numbers.str.zfill(6)


def post_ids(count: int) -> pl.Series:
    return "P" + pl.Series("post_id", np.arange(1, count + 1)).cast(pl.String).str.zfill(5)
