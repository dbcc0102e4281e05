"""Campaigns with decisions outside the barème: by hand, and drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from engine.model.campaign import Campaign, canonical
from engine.model.schemas import empty_table

SIGNED = {"reason": "situation grave", "authority": "le recteur", "date": dt.date(2025, 3, 1)}


def decided(campaign: Campaign, *rows: Mapping[str, Any]) -> Campaign:
    """The campaign with these decisions, D1, D2 ... where they bear no name."""
    full = [{"decision_id": f"D{number}", **SIGNED, **row} for number, row in enumerate(rows, start=1)]
    table = pl.DataFrame(full, schema=empty_table("decisions").schema)
    return replace(campaign, decisions=canonical("decisions", table, {}))


def drawn_decisions(rng: np.random.Generator, campaign: Campaign, most: int = 4) -> list[dict[str, Any]]:
    """Some decisions about some candidates who are not linked, that the checks let through."""
    alone = campaign.candidates.join(campaign.links, on="candidate_id", how="anti")
    if alone.is_empty():
        return []
    chosen = rng.permutation(alone.height)[: rng.integers(1, most + 1)]
    drawn = [_drawn(rng, campaign, alone.row(int(i), named=True)) for i in chosen]
    return [row for row in drawn if row]


def _drawn(rng: np.random.Generator, campaign: Campaign, person: Mapping[str, Any]) -> dict[str, Any]:
    who = person["candidate_id"]
    posts = campaign.posts.filter(pl.col("discipline") == person["discipline"])
    ranks = campaign.wishes.filter(pl.col("candidate_id") == who)["rank"]
    kind = str(rng.choice(["pin", "forbid", "exclude"], p=[0.5, 0.35, 0.15]))
    if kind == "exclude":
        return {"candidate_id": who, "kind": kind}
    named = str(rng.choice(["rank", "post_id", "place_id"]))
    if named == "rank":
        return {"candidate_id": who, "kind": kind, "rank": int(rng.choice(ranks))} if len(ranks) else {}
    what = str(rng.choice(posts[named]))
    return {} if what == person["held_post"] and kind == "forbid" else {"candidate_id": who, "kind": kind, named: what}
