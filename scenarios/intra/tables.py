"""From draws to the tables of an intra campaign (DESIGN 4 and 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from scenarios.careers import Career
from scenarios.draws import Ints, Streams
from scenarios.intra.atlas import NOWHERE, ZR, Atlas
from scenarios.intra.land import Land
from scenarios.intra.lists import POST, Wishes
from scenarios.intra.measures import Measures
from scenarios.intra.people import People
from scenarios.intra.posts import Posts
from scenarios.intra.profile import KINDS, PLACE_TYPES, TYPED_KINDS, IntraProfile
from scenarios.intra.selection import Selection
from scenarios.intra.situations import Bonuses, Family
from scenarios.tables import as_text, candidate_ids


@dataclass(frozen=True, eq=False)
class Drawn:
    """Everything drawn for a population, before it is written.

    Attributes
    ----------
    asked_type : int64[n], as in `Tastes`
    seats : int64[m], vacant seats of each post, negative where some are closed as they fall free
    """

    land: Land
    atlas: Atlas
    selection: Selection
    posts: Posts
    people: People
    career: Career
    family: Family
    bonuses: Bonuses
    measures: Measures
    asked_type: Ints
    wishes: Wishes
    seats: Ints


def campaign_tables(profile: IntraProfile, drawn: Drawn, streams: Streams) -> dict[str, pl.DataFrame]:
    """The tables of a population; closures and opinions where there are some."""
    posts = _posts(drawn)
    names = posts["post_id"]
    closures = pl.DataFrame({"post_id": names.gather(np.sort(drawn.measures.closed))}).with_columns(seats=1)
    tables = {
        "places": _places(drawn),
        "posts": posts,
        "candidates": _candidates(drawn, names),
        "wishes": _wishes(drawn, names),
        "opinions": _opinions(profile, drawn, names, streams),
        "closures": closures,
    }
    return {name: table for name, table in tables.items() if table.height}


def _places(drawn: Drawn) -> pl.DataFrame:
    replacement = pl.col("school_type") == PLACE_TYPES[ZR]
    columns = ["label", "commune", "grouping", "department", "academy", "lat", "lon", "priority_education"]
    return drawn.land.places.select(
        "place_id",
        *columns,
        kind=pl.when(replacement).then(pl.lit("ZR")).otherwise(pl.lit("ETB")),
        school_type=pl.when(~replacement).then("school_type"),
    )


def _posts(drawn: Drawn) -> pl.DataFrame:
    """A post is named after its place and discipline, with a mark where it is specific."""
    posts = drawn.posts
    specific = pl.Series(posts.specific)
    rows = pl.DataFrame(
        {
            "place_id": drawn.land.places["place_id"].gather(posts.place),
            "discipline": _disciplines(drawn, posts.discipline),
            "seats": drawn.seats,
            "profile": pl.Series(["ordinary", "specific"]).gather(specific.cast(pl.Int64)),
            "positions": posts.positions + np.maximum(drawn.seats, 0),
        }
    )
    mark = pl.when(pl.col("profile") == "specific").then(pl.lit("-SPE")).otherwise(pl.lit(""))
    return rows.select(pl.format("{}-{}{}", "place_id", "discipline", mark).alias("post_id"), pl.all())


def _candidates(drawn: Drawn, names: pl.Series) -> pl.DataFrame:
    """The candidates; situations that are worth nothing in the movement are left out."""
    people = drawn.people
    columns = {
        "candidate_id": candidate_ids(len(people)),
        "discipline": _disciplines(drawn, people.discipline),
        "held_post": _at(names, people.held),
        "mandatory": people.mandatory,
        "category": as_text(people.category),
    }
    return pl.DataFrame(
        columns | _career_columns(drawn) | _family_columns(drawn) | _bonus_columns(drawn) | _measure_columns(drawn)
    )


def _career_columns(drawn: Drawn) -> dict[str, Any]:
    career = drawn.career
    recruitment = as_text(drawn.bonuses.recruitment)
    kept = pl.Series(drawn.people.is_entrant) & recruitment.is_not_null()
    return {
        "birth_date": pl.Series(career.birth_date),
        "corps": as_text(career.corps),
        "recruitment_discipline": recruitment,
        "inter_discipline": _only(kept, _disciplines(drawn, drawn.people.discipline)),
        "grade": as_text(career.grade),
        "echelon": career.echelon,
        "echelon_years": career.echelon_years,
        "post_years": career.post_years,
        "former_post_years": career.former_post_years,
    }


def _family_columns(drawn: Drawn) -> dict[str, Any]:
    """Entrants keep the strategy of the inter; the family is at home."""
    family, home = drawn.family, drawn.land.communes.select("department", "commune")[drawn.people.home.tolist()]
    strategy = as_text(family.strategy)
    return {
        "family": strategy,
        "inter_family": _only(pl.Series(drawn.people.is_entrant), strategy),
        "spouse_department": _only(strategy.is_not_null(), home["department"]),
        "spouse_commune": _only(strategy.is_not_null(), home["commune"]),
        "children": family.children,
        "separation_years": family.separation_years,
        "separation_half_years": family.separation_half_years,
    }


def _bonus_columns(drawn: Drawn) -> dict[str, Any]:
    bonuses, department = drawn.bonuses, drawn.land.communes["department"].gather(drawn.people.home)
    label = _at(drawn.land.places["priority_education"], _place(drawn, drawn.people.own))
    return {
        "zr_years": bonuses.zr_years,
        "disability_zones": _only(pl.Series(bonuses.disability), department),
        "boe": bonuses.boe | drawn.measures.adapted,
        "priority_education": label,
        "priority_education_years": np.where(label.is_not_null(), drawn.career.post_years, 0),
        "trainee_points": bonuses.trainee_points,
        "former_contract_echelon": bonuses.former_contract_echelon,
        "reinstatement_department": _only(pl.Series(bonuses.returns), department),
        "preferential_years": bonuses.preferential_years,
    }


def _measure_columns(drawn: Drawn) -> dict[str, Any]:
    measures, closed = drawn.measures, drawn.people.closed
    kind = pl.Series(["carte_scolaire", "greta"]).gather(measures.greta.astype(np.int64))
    return {
        "closed_place": _at(drawn.land.places["place_id"], _place(drawn, closed)),
        "closed_kind": _only(pl.Series(closed != NOWHERE), kind),
        "initial_education": measures.initial_education,
        "volunteer": measures.volunteer,
        "post_adapted": measures.adapted,
    }


def _wishes(drawn: Drawn, names: pl.Series) -> pl.DataFrame:
    wishes = drawn.wishes
    typed = np.isin(wishes.kind, [KINDS.index(kind) for kind in TYPED_KINDS])
    return pl.DataFrame(
        {
            "candidate_id": candidate_ids(len(drawn.people)).gather(wishes.candidate),
            "rank": wishes.rank,
            "kind": pl.Series(KINDS).gather(wishes.kind),
            "code": zone_codes(drawn.atlas, wishes, names),
            "school_type": _at(pl.Series(PLACE_TYPES), np.where(typed, drawn.asked_type[wishes.candidate], NOWHERE)),
        }
    )


def zone_codes(atlas: Atlas, wishes: Wishes, names: pl.Series) -> pl.Series:
    """The code of each wish: one list of the codes of all kinds, in which those of a kind begin where the last end."""
    codes = [names if kind == KINDS[POST] else pl.Series(atlas.codes[kind]) for kind in KINDS]
    first = np.cumsum([0, *(len(series) for series in codes[:-1])])
    every = pl.concat([series.alias("code") for series in codes])
    return every.gather(first[wishes.kind] + wishes.zone)


def _opinions(profile: IntraProfile, drawn: Drawn, names: pl.Series, streams: Streams) -> pl.DataFrame:
    """The opinion on everybody who asks for a specific post, and a rank among those who ask for the same."""
    wishes = drawn.wishes
    rows = np.flatnonzero(wishes.kind == POST)
    table = pl.DataFrame(
        {
            "candidate_id": candidate_ids(len(drawn.people)).gather(wishes.candidate[rows]),
            "post_id": names.gather(wishes.zone[rows]),
            "opinion": as_text(streams.label("opinion", len(rows), profile.measures.opinions.value)),
            "lot": streams.uniform("opinion_order", len(rows)),
        }
    )
    order = pl.col("lot").rank("ordinal").over("post_id").cast(pl.Int64)
    return table.with_columns(order=order).drop("lot")


def _disciplines(drawn: Drawn, number: Ints) -> pl.Series:
    return pl.Series(list(drawn.selection.disciplines)).gather(number)


def _place(drawn: Drawn, post: Ints) -> Ints:
    """Place of each post, `NOWHERE` for none."""
    return np.where(post == NOWHERE, NOWHERE, drawn.posts.place[post])


def _at(words: pl.Series, number: Ints) -> pl.Series:
    """The word of each number, null for `NOWHERE`."""
    position = pl.Series(number)
    return words.gather(position.set(position == NOWHERE, None))


def _only(kept: pl.Series, words: pl.Series) -> pl.Series:
    """The words where `kept`, null elsewhere."""
    return pl.DataFrame({"kept": kept, "word": words}).select(pl.when("kept").then("word")).to_series()
