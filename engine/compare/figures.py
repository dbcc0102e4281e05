"""The figures of a run that are set side by side. Counts are whole, means are floats."""

from __future__ import annotations

from typing import Any

import polars as pl

from engine.compare.fates import SATISFIED
from engine.compare.side import Side

Figure = int | float | None


def figures_of(side: Side, people: pl.DataFrame) -> dict[str, Figure]:
    """Figures by name, the same names for every side; None where a figure does not exist.

    Parameters
    ----------
    people : `engine.compare.fates.fates_of`
    """
    holders, mandatory = people.filter("holder"), people.filter("mandatory")
    satisfied = people.filter(pl.col("fate").is_in(SATISFIED))
    chains: dict[str, Any] = side.summary["chains"]
    frontier = side.frontier.satisfied if side.frontier else None
    return {
        "candidates": people.height,
        "satisfied": satisfied.height,
        "moved": holders.filter("moved").height,
        "wish_1": _met(people, "wish_1"),
        "wish_2": _met(people, "wish_2"),
        "wish_3": _met(people, "wish_3"),
        "wish_4_on": _met(people, "wish_4_on"),
        "mean_rank": _mean(satisfied["rank"]),
        "mandatory_satisfied": mandatory.filter(pl.col("fate").is_in(SATISFIED)).height,
        "extended": _met(people, "extended"),
        "unassigned": _met(people, "unassigned"),
        "kept": _met(people, "kept"),
        "excluded": _met(people, "excluded"),
        "withheld": _met(people, "withheld"),
        "seats_offered": side.summary["seats_offered"],
        "claims": side.claims,
        "frontier": frontier,
        "distance": None if frontier is None else frontier - satisfied.height,
        "chains": chains["number"],
        "longest_chain": chains["longest"],
        "filled_by_chains": chains["filled_by_chains"],
    }


def _met(people: pl.DataFrame, fate: str) -> int:
    return people.filter(pl.col("fate") == fate).height


def _mean(values: pl.Series) -> float | None:
    return round(int(values.sum()) / len(values), 4) if len(values) else None
