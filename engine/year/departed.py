"""Specific posts, inter -> TZR adjustment: who obtained a post elsewhere holds no zone de remplacement any more."""

from __future__ import annotations

import polars as pl

from engine.year.carried import MOVED, Carried, Finished, passages, recorded, without
from engine.year.tables import Tables


def departed(tables: Tables, own: Tables, before: Finished) -> Carried:
    """The tables of a TZR adjustment without those who moved in another movement. No zone offers a seat here."""
    moved = before.outcomes.filter(pl.col("status").is_in(MOVED)).select("candidate_id")
    gone = moved.join(tables["candidates"], on="candidate_id", how="semi")
    return Carried(without(tables, gone), recorded([passages(gone, "removed", "left_zone")]))
