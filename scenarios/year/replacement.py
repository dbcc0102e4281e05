"""The TZR of some académies of a year: those of its intra and its inter who hold a zone, and the others on zones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from scenarios.careers import draw_careers
from scenarios.draws import Streams, choose
from scenarios.intra.tables import Drawn
from scenarios.tzr.generate import equipped
from scenarios.tzr.ground import Ground, ground_of
from scenarios.tzr.people import FULL, People
from scenarios.tzr.profile import TzrDiscipline, TzrProfile
from scenarios.tzr.tables import campaign_tables
from scenarios.year.same import Tables, renamed, unclaimed

OF_THE_PERSON = ("birth_date", "corps", "grade", "echelon")
ASKED = 5
"""Wishes for schools that count as preferences on the zone, the first ones."""

WHOLE = {"cpe": 35, "psyen": 35}
"""Hours of the posts of those who do not teach: they are needed for a whole post alone."""


def replacement_of_year(
    profile: TzrProfile, wanted: list[str], drawn: Drawn, intra: Tables, inter: Tables, streams: Streams
) -> tuple[TzrProfile, Tables]:
    """The adjustment of some académies of an intra, before anybody moves; and the profile it was drawn from."""
    codes = _kept(wanted, intra["places"])
    places = drawn.land.places.filter(pl.col("academy").is_in(codes))
    plan = _of_disciplines(profile, drawn, set(places["school_type"]))
    land = replace(drawn.land, places=places)
    ground = ground_of(plan, land)
    staff = _staff(intra, ground, plan)
    people = _people(plan, staff, intra["candidates"], streams)
    kinds = choose([fact.corps for fact in plan.population.disciplines.value.values()], people.discipline)
    career = draw_careers(plan.careers, plan.session, kinds, people, streams)
    tables = campaign_tables(plan, land, equipped(plan, ground, people, career, streams))
    numbered = tables["candidates"].select("candidate_id").hstack(staff.select(person="candidate_id"))
    tables = renamed(tables, numbered.drop_nulls("person"), "T")
    tables["candidates"] = _as_elsewhere(tables["candidates"], intra["candidates"], inter["candidates"])
    tables["needs"] = _whole_posts(tables["needs"], plan)
    return plan, {**tables, "entrant_wishes": _preferences(intra, codes)}


def _kept(wanted: list[str], places: pl.DataFrame) -> list[str]:
    """The académies wanted that are there; the smallest one where none is."""
    sizes = places.group_by("academy").len().sort("len", "academy")
    there = sorted(set(wanted) & set(sizes["academy"]))
    return there or [sizes["academy"][0]]


def _of_disciplines(profile: TzrProfile, drawn: Drawn, types: set[str]) -> TzrProfile:
    """The profile with the disciplines of the intra that some school of the académies teaches."""
    facts = {
        code: TzrDiscipline(
            name=fact.name, corps=fact.corps, weight=1, schools=fact.posts, small_zones=fact.small_zones
        )
        for code, fact in drawn.selection.disciplines.items()
        if set(fact.posts) & types
    }
    every = profile.population.disciplines.model_copy(update={"value": facts})
    population = profile.population.model_copy(update={"disciplines": every})
    return profile.model_copy(update={"id": f"tzr-{profile.session}", "population": population})


def _staff(intra: Tables, ground: Ground, plan: TzrProfile) -> pl.DataFrame:
    """candidate_id (null for who is in no other campaign), discipline, zone (numbers): who is on a zone, by name."""
    zones = pl.DataFrame({"place_id": list(ground.zones)}).with_row_index("zone")
    subjects = pl.DataFrame({"discipline": list(plan.population.disciplines.value)}).with_row_index("subject")
    posts = intra["posts"].select("post_id", "place_id", "discipline")
    here = posts.join(zones, on="place_id").join(subjects, on="discipline")
    held = intra["candidates"].select("candidate_id", post_id="held_post").drop_nulls()
    named = pl.concat([held, intra["incumbents"].select("candidate_id", "post_id")])
    others = unclaimed(intra).select(pl.lit(None, pl.String).alias("candidate_id"), "post_id")
    rows = pl.concat([named, others]).join(here, on="post_id")
    numbers = pl.col("subject", "zone").cast(pl.Int64)
    return rows.sort("candidate_id", "post_id", nulls_last=True).select("candidate_id", numbers)


def _people(plan: TzrProfile, staff: pl.DataFrame, candidates: pl.DataFrame, streams: Streams) -> People:
    count, population = staff.height, plan.population
    told = staff.join(candidates, on="candidate_id", how="left", maintain_order="left")
    years = streams.number("tzr_years", count, population.zr_years.value)
    part_time = streams.flags("tzr_part_time", count, population.part_time_share.value)
    tenths = streams.number("tzr_tenths", count, population.part_time_tenths.value)
    return People(
        discipline=staff["subject"].to_numpy(),
        zone=staff["zone"].to_numpy(),
        mandatory=np.zeros(count, dtype=np.bool_),
        category=np.full(count, "titulaire", dtype=object),
        zr_years=told["zr_years"].fill_null(pl.Series(years)).to_numpy(),
        children=streams.number("tzr_children", count, population.children.value),
        tenths=np.where(part_time, tenths, FULL),
    )


def _as_elsewhere(tzr: pl.DataFrame, *others: pl.DataFrame) -> pl.DataFrame:
    """The TZR with the facts that they have in the first of the other populations that knows them."""
    told = pl.concat([table.select("candidate_id", *OF_THE_PERSON) for table in others], how="vertical_relaxed")
    first = told.unique("candidate_id", keep="first", maintain_order=True)
    joined = tzr.join(first, on="candidate_id", how="left", suffix="#known", maintain_order="left")
    known = joined.with_columns(pl.coalesce(f"{name}#known", name).alias(name) for name in OF_THE_PERSON)
    return known.select(tzr.columns)


def _whole_posts(needs: pl.DataFrame, plan: TzrProfile) -> pl.DataFrame:
    """The needs, those of disciplines that do not teach by whole posts."""
    hours = {code: WHOLE[fact.corps] for code, fact in plan.population.disciplines.value.items() if fact.corps in WHOLE}
    whole = pl.col("discipline").replace_strict(hours, default=None, return_dtype=pl.Float64)
    kind = pl.when(whole.is_not_null()).then(pl.lit("vacant")).otherwise("kind")
    return needs.with_columns(hours=pl.coalesce(whole, "hours"), kind=kind)


def _preferences(intra: Tables, codes: list[str]) -> pl.DataFrame:
    """The preferences of whom the intra may put on a zone: the first wishes for schools in each académie."""
    columns = {"ETB": "place_id", "COM": "commune", "GEO": "grouping", "DPT": "department"}
    schools = intra["places"].filter((pl.col("kind") == "ETB") & pl.col("academy").is_in(codes))
    zones = pl.concat(
        schools.select("academy", kind=pl.lit(kind), code=pl.col(column)) for kind, column in columns.items()
    )
    own = intra["wishes"].join(zones.unique(), on=["kind", "code"])
    lists = [own]
    if "entrant_wishes" in intra:
        lists.append(intra["entrant_wishes"].filter(pl.col("academy").is_in(codes) & pl.col("kind").is_in(columns)))
    names = ["candidate_id", "academy", "rank", "kind", "code", "school_type"]
    rows = pl.concat([table.select(names) for table in lists], how="vertical_relaxed").sort(names[:3])
    once = rows.unique(["candidate_id", "academy", "kind", "code"], keep="first", maintain_order=True)
    ranked = once.with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("candidate_id", "academy"))
    return ranked.filter(pl.col("rank") <= ASKED)
