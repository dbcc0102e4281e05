"""From draws to the tables of a TZR campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

from engine.model.rulebook import Rulebook
from scenarios.careers import Career
from scenarios.intra.land import Land
from scenarios.tables import as_text, candidate_ids
from scenarios.tzr.ground import Ground
from scenarios.tzr.needs import Needs
from scenarios.tzr.people import FULL, People
from scenarios.tzr.preferences import NOWHERE, Attachments, Preferences
from scenarios.tzr.profile import TzrProfile


@dataclass(frozen=True, eq=False)
class Drawn:
    """Everything drawn for a population, before it is written."""

    ground: Ground
    people: People
    career: Career
    needs: Needs
    attached: Attachments
    wishes: Preferences


def campaign_tables(profile: TzrProfile, land: Land, drawn: Drawn) -> dict[str, pl.DataFrame]:
    """The tables of a population."""
    posts = _posts(profile, drawn)
    return {
        "places": _places(land),
        "zones": _zones(drawn.ground),
        "posts": posts.drop("discipline_number", "zone_number"),
        "candidates": _candidates(profile, drawn, posts),
        "wishes": _wishes(drawn),
        "needs": _needs(profile, drawn),
        "attachments": _attachments(drawn),
    }


def _places(land: Land) -> pl.DataFrame:
    is_school = pl.col("zone").is_not_null()
    columns = ("label", "commune", "grouping", "department", "academy", "lat", "lon", "priority_education")
    return land.places.select(
        "place_id",
        pl.when(is_school).then(pl.lit("ETB")).otherwise(pl.lit("ZR")).alias("kind"),
        pl.when(is_school).then("school_type").alias("school_type"),
        *columns,
    )


def _zones(ground: Ground) -> pl.DataFrame:
    small = ground.schools.select(zone_kind=pl.lit("ZRE"), zone_code="zone", place_id="place_id")
    whole = ground.schools.select(zone_kind=pl.lit("ZRE"), zone_code="whole_zone", place_id="place_id")
    return pl.concat([small, whole]).unique().sort("zone_code", "place_id")


def _posts(profile: TzrProfile, drawn: Drawn) -> pl.DataFrame:
    """One post for every discipline and zone that has TZR; none of its seats is offered."""
    people, names = drawn.people, list(profile.population.disciplines.value)
    held = pl.DataFrame({"discipline_number": people.discipline, "zone_number": people.zone}).unique().sort(pl.all())
    place = pl.Series("place_id", drawn.ground.zones).gather(held["zone_number"])
    discipline = pl.Series("discipline", names).gather(held["discipline_number"])
    rows = held.with_columns(place, discipline, seats=0)
    return rows.select(pl.format("{}-{}", "place_id", "discipline").alias("post_id"), pl.all())


def _candidates(profile: TzrProfile, drawn: Drawn, posts: pl.DataFrame) -> pl.DataFrame:
    people, career = drawn.people, drawn.career
    keys = pl.DataFrame({"discipline_number": people.discipline, "zone_number": people.zone})
    held = keys.join(posts, on=["discipline_number", "zone_number"], how="left", maintain_order="left")
    rules = Rulebook.load(profile.rulebook).at(profile.session)
    owed = as_text(career.corps).replace_strict(rules.hours_by_corps("services", "owed"), return_dtype=pl.Int64)
    closed = rules.day("calendar", "server_close")
    hours = owed * pl.Series(people.tenths) // FULL // 500 * 500 / 1000  # whole half hours
    late = pl.Series(drawn.wishes.late)
    frame = pl.DataFrame(
        {
            "candidate_id": candidate_ids(len(people)),
            "discipline": held["discipline"],
            "held_post": held["post_id"],
            "corps": as_text(career.corps),
            "grade": as_text(career.grade),
            "echelon": career.echelon,
            "zr_years": people.zr_years,
            "children": people.children,
            "birth_date": pl.Series(career.birth_date),
            "hours": hours.set(pl.Series(people.tenths == FULL), None),
        }
    )
    if closed is None:
        return frame
    sent = pl.when(late).then(pl.lit(closed + timedelta(days=30))).otherwise(pl.lit(closed - timedelta(days=3)))
    reason = pl.when(late & (pl.int_range(len(people)) % 2 == 0)).then(pl.lit("new_on_zone"))
    return frame.with_columns(request_date=sent, late_reason=reason)


def _wishes(drawn: Drawn) -> pl.DataFrame:
    rows = drawn.wishes.rows
    names = candidate_ids(len(drawn.people))
    return rows.select(names.gather(rows["row"]).alias("candidate_id"), "rank", "kind", "code", "school_type")


def _needs(profile: TzrProfile, drawn: Drawn) -> pl.DataFrame:
    needs, names = drawn.needs, list(profile.population.disciplines.value)
    width = max(5, len(str(len(needs.hours))))
    return pl.DataFrame(
        {
            "need_id": pl.int_range(1, len(needs.hours) + 1, eager=True).cast(pl.String).str.zfill(width),
            "place_id": drawn.ground.schools["place_id"].gather(needs.school),
            "discipline": pl.Series(names).gather(needs.discipline),
            "hours": needs.hours / 1000,
            "kind": as_text(needs.kind),
        }
    )


def _attachments(drawn: Drawn) -> pl.DataFrame:
    names, places = candidate_ids(len(drawn.people)), drawn.ground.schools["place_id"]
    parts = []
    for position, school in enumerate((drawn.attached.school, drawn.attached.asked)):
        rows = np.flatnonzero(school != NOWHERE)
        columns = {"candidate_id": names.gather(rows), "place_id": places.gather(school[rows])}
        parts.append(pl.DataFrame(columns).with_columns(position=position))
    return pl.concat(parts).select("candidate_id", "position", "place_id").sort("candidate_id", "position")
