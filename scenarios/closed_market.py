"""A market of holders alone, shaped like the national one: what mechanisms do where few or no seats are vacant.

The holders of the profile ``inter-2025`` with their careers, families and wishes (each figure is tagged there as
published, derived or assumed), in one discipline, so that an académie is one post; nobody else takes part. Créteil and
Versailles have about 48 % of the holders, and few ask for them. Assumed here: one discipline, no entrants, and vacant
seats in the same proportion to the holders of each académie.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

import polars as pl

from scenarios.generate import draw
from scenarios.loading import load_profile
from scenarios.profile import Profile
from scenarios.tables import campaign_tables
from scenarios.territory import territory
from scenarios.writing import write_campaign

PROFILE = "inter-2025"
DISCIPLINE = "ONE"


def write_closed_market(folder: Path, *, seed: int = 2025, holders: int = 1000, vacant: float = 0.0) -> Path:
    """Write the campaign folder.

    Parameters
    ----------
    folder : where to write; must not exist
    seed : of every draw
    holders : how many, about
    vacant : vacant seats for each holder: 0 closes the market

    Raises
    ------
    ScenarioError
        If the folder exists or cannot be written.
    """
    plan = cast(Profile, load_profile(PROFILE, others=()))
    scale = holders / plan.population.holders.value
    land = territory(plan.session)
    tables = closed(campaign_tables(plan, land, draw(plan, land, seed, scale)), vacant)
    note = f"Holders alone, in one discipline; {vacant:g} vacant seats for each of them. Académies are real."
    return write_campaign(folder, plan, seed, scale, tables, "parquet", note)


def closed(tables: dict[str, pl.DataFrame], vacant: float) -> dict[str, pl.DataFrame]:
    """The tables of an inter-académique campaign with its holders alone, in one discipline."""
    places = tables["places"].filter(pl.col("kind") == "ACA")
    of_place = pl.concat_str(pl.lit(f"{DISCIPLINE}-"), "place_id")
    home = tables["posts"].select(held_post="post_id", home=of_place)
    people = tables["candidates"].join(home, on="held_post", maintain_order="left")
    people = people.with_columns(held_post="home", discipline=pl.lit(DISCIPLINE)).drop("home")
    counts = people.group_by(post_id="held_post").agg(holders=pl.len())
    posts = places.select("place_id", post_id=of_place).join(counts, on="post_id", how="left", maintain_order="left")
    seats = (pl.col("holders").fill_null(0) * vacant).round().cast(pl.Int64)
    return {
        "places": places,
        "posts": posts.select("post_id", "place_id", discipline=pl.lit(DISCIPLINE), seats=seats),
        "candidates": people,
        "wishes": tables["wishes"].join(people, on="candidate_id", how="semi", maintain_order="left"),
    }
