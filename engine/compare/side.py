"""One side of a comparison: what is kept of a run, be it just made or read from its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from engine.compare.frontier import Frontier
from engine.model.defects import InputRefused, Rule, defects
from engine.runfolder import tables_of
from engine.runmanifest import Manifest, manifest, read_manifest
from engine.runreading import read_tables
from engine.runs import AdjustmentRun, Run

R7 = Rule("R7", "A comparison is of runs that give posts, each in a run folder as `mouvement run` wrote it.")

KEPT = ("outcomes", "people", "cutoffs", "chains")
"""Tables that a comparison reads."""

FIGURES_READ = ("seats_offered", "chains.number", "chains.longest", "chains.filled_by_chains")
"""What of summary.json is set side by side."""
NO_POSTS = "is a TZR adjustment: it gives services, not posts, and `mouvement compare` compares posts."


@dataclass(frozen=True, eq=False)
class Side:
    """A run as comparisons see it.

    Attributes
    ----------
    name : of the variant, of the campaign or of the run folder
    told : its manifest, as plain values
    verdict : as ``verdict.json`` holds it
    summary : as ``summary.json`` holds it
    outcomes, people, cutoffs, chains : tables of the run folder, points in thousandths
    departments : at the interdépartemental, what each département let in and let go; else None
    frontier : how many candidates could obtain a wish at most; None where it was not asked for or is not known
    """

    name: str
    told: Mapping[str, Any]
    verdict: Mapping[str, Any]
    summary: Mapping[str, Any]
    outcomes: pl.DataFrame
    people: pl.DataFrame
    cutoffs: pl.DataFrame
    chains: pl.DataFrame
    departments: pl.DataFrame | None = None
    frontier: Frontier | None = None

    @property
    def settings(self) -> Mapping[str, Any]:
        """The content of the campaign's ``campaign.toml``."""
        settings: Mapping[str, Any] = self.told["campaign"]
        return settings

    @property
    def movement(self) -> str:
        return str(self.settings["movement"])

    @property
    def description(self) -> str:
        return str((self.told.get("variant") or {}).get("description", ""))

    @property
    def base_digest(self) -> str:
        """Of the campaign as its folder held it, without the variant."""
        return str(self.told.get("base_digest", self.told["input_digest"]))

    @property
    def holds(self) -> bool:
        return bool(self.verdict["holds"])

    @property
    def property_of_claims(self) -> Mapping[str, Any]:
        """P3 of the verdict."""
        found: Mapping[str, Any] = next(item for item in self.verdict["properties"] if item["name"] == "P3")
        return found

    @property
    def claims(self) -> int | None:
        """Claims left, vacuous ones among them; None where the verdict could not look for them."""
        claims = self.property_of_claims
        if claims["status"] == "not_applicable":
            return None
        return int(claims.get("counts", {}).get("claims", claims["num_violations"]))


def side_of_run(run: Run | AdjustmentRun, name: str, frontier: Frontier | None = None) -> Side:
    """What a comparison keeps of a run.

    Raises
    ------
    InputRefused
        If the run gives services and not posts.
    """
    if isinstance(run, AdjustmentRun):
        raise InputRefused(defects(R7, name, problem=NO_POSTS))
    tables = tables_of(run)
    told = manifest(run, {})
    return Side(name, told, run.verdict.to_dict(), run.summary, **_kept(tables), frontier=frontier)


def read_side(folder: Path, name: str) -> Side:
    """What a comparison reads of a run folder.

    Raises
    ------
    InputRefused
        If it is no run folder of an assignment, or is not as it was written; every defect names the folder.
    """
    try:
        told = _manifest(folder)
        tables = read_tables(folder)
        verdict, summary = (_json(folder, file) for file in ("verdict.json", "summary.json"))
    except InputRefused as refused:
        named = pl.format("{}: {}", pl.lit(str(folder)), "table")
        raise InputRefused(refused.defects.with_columns(table=named), refused.notes) from None
    _require_figures(folder, summary)
    if "people" not in tables:
        hint = "Run the campaign again: an earlier version wrote this folder."
        raise InputRefused(defects(R7, f"{folder}: people", problem="is missing.", hint=hint))
    return Side(name, told, verdict, summary, **_kept(tables))


def _kept(tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """The tables of a run folder that a comparison reads."""
    return {table: tables[table] for table in KEPT} | {"departments": tables.get("departments")}


def _require_figures(folder: Path, summary: Mapping[str, Any]) -> None:
    chains = summary.get("chains")
    known = {*summary, *(f"chains.{name}" for name in chains)} if isinstance(chains, dict) else set(summary)
    missing = [name for name in FIGURES_READ if name not in known]
    if missing:
        place = f"{folder}: summary.json"
        raise InputRefused(pl.concat(defects(R7, place, column=name, problem="is missing.") for name in missing))


def manifest_of(folder: Path) -> Manifest:
    """The manifest of a run folder that has one."""
    told = read_manifest(folder)
    assert told is not None  # `read_side` came first
    return told


def _manifest(folder: Path) -> Mapping[str, Any]:
    if not folder.is_dir():
        raise InputRefused(defects(R7, "folder", problem="does not exist, or is none."))
    if (folder / "ledger.json").exists():
        hint = f"Name the runs inside: {folder / 'campaigns'}/NAME."
        raise InputRefused(defects(R7, "folder", problem="is the run of a year, not of one campaign.", hint=hint))
    if not (folder / "manifest.json").exists():
        raise InputRefused(defects(R7, "manifest.json", problem="is missing: this is no run folder."))
    read_manifest(folder)
    told = _json(folder, "manifest.json")
    if told.get("campaign", {}).get("movement") == "tzr":
        raise InputRefused(defects(R7, "manifest.json", problem=NO_POSTS))
    missing = [key for key in ("campaign", "options", "input_digest", "rule_values") if key not in told]
    if missing:
        raise InputRefused(
            pl.concat(defects(R7, "manifest.json", column=key, problem="is missing.") for key in missing)
        )
    return told


def _json(folder: Path, name: str) -> Mapping[str, Any]:
    try:
        content = json.loads((folder / name).read_bytes())
    except OSError as error:
        raise InputRefused(defects(R7, name, problem=f"cannot be read: {error.strerror}.")) from None
    except ValueError as error:
        raise InputRefused(defects(R7, name, problem=f"is not JSON: {error}.")) from None
    if not isinstance(content, dict):
        raise InputRefused(defects(R7, name, problem="is not a table of keys and values."))
    return content
