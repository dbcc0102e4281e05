"""The way extension took for a candidate: from which zone, with which points, over which zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from engine.explain.naming import zone_name
from engine.extension.contracts import extension_contracts
from engine.extension.origins import extension_origins
from engine.extension.table import SYNTHETIC, extension_order
from engine.model.campaign import Campaign
from engine.model.links import Counted, points_of_links
from engine.model.scoring import score
from engine.model.zones import NAME


@dataclass(frozen=True)
class ExtensionLine:
    """One zone examined by extension, in table order, up to the one obtained. Points are thousandths."""

    zone: str
    school_type: str | None
    cutoff_points: int | None
    obtained: bool


@dataclass(frozen=True)
class ExtensionPath:
    """How extension went for a candidate: from where, with which points, over which zones, by which source.

    `residual`: it came after the run, on the seats still free, so that cutoffs say nothing of it.
    """

    origin: str
    residual: bool
    points: int
    zones: tuple[ExtensionLine, ...]
    is_synthetic: bool


def extension_path(
    campaign: Campaign,
    cutoffs: pl.DataFrame,
    outcome: Mapping[str, Any],
    *,
    residual: bool,
    link_points: Counted = "own",
) -> ExtensionPath:
    """The zones of the table before and at the one obtained, each with the cutoff it had.

    Parameters
    ----------
    cutoffs : those of the run
    outcome : the candidate's row of the outcomes
    residual : whether extension came after the run
    link_points : with which points the run ranked linked candidates
    """
    name = outcome["candidate_id"]
    person = campaign.candidates.filter(pl.col("candidate_id") == name)
    alone, added = _added(campaign, name, link_points)
    met = cutoffs.filter(pl.col("discipline") == person["discipline"][0]).select(*NAME, "cutoff_points")
    known = added.join(met, on=NAME, how="left", nulls_equal=True).unique("position", keep="first")
    rows = known.sort("position").to_dicts()
    granted = (outcome["kind"], outcome["code"])
    reached = next((n for n, row in enumerate(rows) if (row["kind"], row["code"]) == granted), len(rows) - 1)
    origin, is_synthetic = _origin(alone, rows[reached]["position"])
    return ExtensionPath(
        origin=origin,
        residual=residual,
        points=rows[0]["points"],
        zones=tuple(
            _line(campaign, row, obtained=n == reached, residual=residual) for n, row in enumerate(rows[: reached + 1])
        ),
        is_synthetic=is_synthetic,
    )


def _added(campaign: Campaign, name: str, link_points: Counted) -> tuple[Campaign, pl.DataFrame]:
    """The campaign of a candidate and those linked to him, and the wishes that extension adds for him."""
    links = campaign.links.filter((pl.col("candidate_id") == name).any().over("link_id"))
    known = pl.col("candidate_id").is_in([name, *links["candidate_id"]])
    few = replace(
        campaign, candidates=campaign.candidates.filter(known), wishes=campaign.wishes.filter(known), links=links
    )
    added = extension_contracts(few, score(few, campaign.rules))
    counted = added.with_columns(points=points_of_links(("position",), link_points))
    return few, counted.filter(pl.col("candidate_id") == name)


def _line(campaign: Campaign, row: Mapping[str, Any], *, obtained: bool, residual: bool) -> ExtensionLine:
    name = f"{row['kind']} {zone_name(campaign, row)}"
    return ExtensionLine(name, row["school_type"], None if residual else row["cutoff_points"], obtained)


def _origin(alone: Campaign, last: int) -> tuple[str, bool]:
    """Where candidates who are extended together entered the table; whether its rows up to a position are synthetic."""
    table = extension_order(alone)
    entered = table.join(extension_origins(alone, table), on=["origin_kind", "origin_code"])
    origin = {"kind": entered["origin_kind"][0], "code": entered["origin_code"][0]}
    examined = entered.filter(pl.col("position") <= last)
    return zone_name(alone, origin), SYNTHETIC in examined["source"].to_list()
