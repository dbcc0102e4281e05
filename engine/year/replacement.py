"""Intra -> TZR adjustment: who lands on a zone de remplacement is placed for the year, who left it not (S2, VIII)."""

from __future__ import annotations

import polars as pl

from engine.year.carried import MOVED, RESTATED, Carried, Finished, passages, recorded, with_rows, without
from engine.year.tables import Tables


def replacement(tables: Tables, own: Tables, before: Finished) -> Carried:
    """The tables of a TZR adjustment with those the intra put on its zones, and without those it took off them.

    Zones are the places of kind ZR of the adjustment. Who moved from one to another states preferences and attachment
    anew, as do newcomers: none stands for them here unless the tables of links have it.
    """
    people = before.people.filter(pl.col("status").is_in(MOVED))
    gone = people.join(tables["candidates"], on="candidate_id", how="semi")
    zones = tables["places"].filter(pl.col("kind") == "ZR").select("place_id", "academy")
    arrivals = people.join(zones, on="place_id")
    remaining = without(tables, gone.select("candidate_id"))
    posts, held = _posts(tables["posts"], arrivals)
    newcomers = arrivals.drop([c for c in RESTATED if c in arrivals.columns]).join(held, on="candidate_id")
    facts = newcomers.with_columns(zr_years=pl.lit(0, pl.Int64))
    added = {**remaining, "posts": posts, "candidates": with_rows(remaining["candidates"], facts)}
    record = [
        passages(gone.select("candidate_id"), "removed", "left_zone"),
        passages(arrivals.select("candidate_id", "academy"), "entered", "on_replacement"),
    ]
    return Carried(_with_lists(added, own, arrivals), recorded(record))


def _posts(posts: pl.DataFrame, arrivals: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The posts with those of the zones that nobody held before; and candidate_id, held_post of the arrivals."""
    known = posts.select("place_id", "discipline", held_post="post_id").unique(
        ["place_id", "discipline"], keep="first", maintain_order=True
    )
    wanted = arrivals.select("candidate_id", "place_id", "discipline", "post_id").join(
        known, on=["place_id", "discipline"], how="left"
    )
    new = wanted.filter(pl.col("held_post").is_null()).select("post_id", "place_id", "discipline").unique()
    rows = new.sort("post_id").with_columns(seats=pl.lit(0, pl.Int64))
    held = wanted.select("candidate_id", held_post=pl.coalesce("held_post", "post_id"))
    return with_rows(posts, rows), held


def _with_lists(tables: Tables, own: Tables, arrivals: pl.DataFrame) -> Tables:
    """The tables with the preferences the arrivals state for the académie they are in."""
    names = arrivals.select("candidate_id", "academy")
    lists = own["entrant_wishes"].join(names, on=["candidate_id", "academy"], how="semi").drop("academy")
    return {**tables, "wishes": with_rows(tables["wishes"], lists)}
