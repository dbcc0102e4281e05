"""Specific posts -> inter, intra: who is retained on a specific post takes part in nothing else (RULES 3; S2, S4)."""

from __future__ import annotations

import polars as pl

from engine.year.carried import MOVED, Carried, Finished, alone, leaving, passages, recorded, with_academy, without
from engine.year.tables import Tables


def retained(tables: Tables, own: Tables, before: Finished) -> Carried:
    """The tables of an inter or an intra without those retained on specific posts.

    The ordinary post each of them held is vacant. Who held a specific post leaves that one, which was filled in its own
    movement: he frees nothing here. Partners who were to move together with them are alone.
    """
    people = before.people.filter(pl.col("status").is_in(MOVED)).select("candidate_id", "held_post")
    here = _known(tables, own)
    gone = people.join(here, on="candidate_id", how="semi")
    ordinary = gone.filter(pl.col("held_post").is_null()).select("candidate_id")
    remaining, left = leaving(tables, own, ordinary)
    remaining = without(remaining, gone.select("candidate_id"))
    remaining, lonely = alone(remaining)
    left = with_academy(left, tables)
    others = gone.join(left, on="candidate_id", how="anti")
    record = [
        passages(left, "removed", "retained", freed=True),
        passages(others.select("candidate_id"), "removed", "retained"),
        passages(lonely, "unlinked", "partner_retained"),
    ]
    return Carried(remaining, recorded(record))


def _known(tables: Tables, own: Tables) -> pl.DataFrame:
    """candidate_id of all who take part or hold a post."""
    names = [table.select("candidate_id") for table in (tables["candidates"], own["incumbents"])]
    return pl.concat(names).unique()
