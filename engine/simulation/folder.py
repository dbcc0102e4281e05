"""The folder of a simulation: its tables, its manifest, its figures, its page; written whole, and read back."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from engine.folders import new_folder
from engine.model.defects import InputRefused, Rule, defects
from engine.runfolder import write_table
from engine.simulation.curves import curves
from engine.simulation.experiment import Experiment
from engine.simulation.gather import Gathered, num_failed
from engine.simulation.labels import labelled
from engine.simulation.record import HOLDS, SHARE_MOVED
from engine.simulation.schemas import SIMULATION_SCHEMAS

TABLES = tuple(SIMULATION_SCHEMAS)
SIMULATION_FILES = frozenset({f"{name}.parquet" for name in TABLES} | {"manifest.json", "summary.json", "report.html"})
LABELLED = ("cutoffs", "wishes", "curves")
NAMED = 100
"""Draws that fail named in the summary; the table of draws has all."""

S4 = Rule("S4", "A simulation folder is as `mouvement simulate` writes it.")


@dataclass(frozen=True, eq=False)
class Simulation:
    """A simulation that is finished: its folder, and its tables when they are asked for (points in thousandths)."""

    folder: Path
    manifest: dict[str, Any]
    summary: dict[str, Any]

    @cached_property
    def draws(self) -> pl.DataFrame:
        return self.table("draws")

    @cached_property
    def figures(self) -> pl.DataFrame:
        return self.table("figures")

    @cached_property
    def cutoffs(self) -> pl.DataFrame:
        return self.table("cutoffs")

    @cached_property
    def cutoff_values(self) -> pl.DataFrame:
        return self.table("cutoff_values")

    @cached_property
    def wishes(self) -> pl.DataFrame:
        return self.table("wishes")

    @cached_property
    def candidates(self) -> pl.DataFrame:
        return self.table("candidates")

    @cached_property
    def curves(self) -> pl.DataFrame:
        return self.table("curves")

    @property
    def num_failed(self) -> int:
        """Draws whose verdict fails, or that gave no campaign that can be run."""
        return int(self.summary["draws_failed"])

    @property
    def stopped(self) -> int:
        """Draws in which a search stopped at its time limit."""
        return int(self.summary["draws_at_the_time_limit"])

    def table(self, name: str) -> pl.DataFrame:
        """The table as it was written. Raises InputRefused if its file was changed since."""
        content = (self.folder / f"{name}.parquet").read_bytes()
        if hashlib.sha256(content).hexdigest() != self.manifest["table_digests"][name]:
            problem = f"in {self.folder} is not the table that was written."
            raise InputRefused(defects(S4, f"{name}.parquet", problem=problem, hint="Make the simulation again."))
        table = pl.read_parquet(io.BytesIO(content))
        return table.with_columns((pl.col(column) * 1000).cast(pl.Int64) for column in point_columns(name))


def point_columns(name: str) -> tuple[str, ...]:
    """The columns of a table that hold exact points."""
    columns = SIMULATION_SCHEMAS[name].columns()
    return tuple(key for key, column in columns.items() if "unit" in (column.metadata or {}))


def write_simulation(
    target: Path,
    experiment: Experiment,
    begun_with: dict[str, Any],
    gathered: Gathered,
    page: Callable[[Simulation], str] | None,
    *,
    replace: bool,
) -> Simulation:
    """Writes the folder; nothing that looks finished is left by a process that was killed."""
    tables = {name: getattr(gathered, name) for name in TABLES if name != "curves"}
    tables["curves"] = curves(experiment, gathered)
    tables |= {name: labelled(experiment.campaign, tables[name]) for name in LABELLED}
    summary = _summary(gathered)
    with new_folder(target, replace=replace, content=SIMULATION_FILES) as draft:
        digests = {name: write_table(draft, name, _published(name, table), "parquet") for name, table in tables.items()}
        manifest = {
            **begun_with,
            "draws_made": gathered.draws.height,
            "stopped_early": gathered.draws.height < experiment.plan.draws,
            "table_digests": digests,
            "notes": [*experiment.campaign.notes, *experiment.scored.notes],
        }
        _write_json(draft / "manifest.json", manifest)
        _write_json(draft / "summary.json", summary)
        if page is not None:
            (draft / "report.html").write_text(page(Simulation(draft, manifest, summary)), encoding="utf-8")
    return Simulation(target, manifest, summary)


def read_simulation(folder: Path | str) -> Simulation:
    """A simulation from its folder.

    Raises
    ------
    InputRefused
        If it is none.
    """
    folder = Path(folder)
    found = []
    for name in ("manifest", "summary"):
        try:
            found.append(json.loads((folder / f"{name}.json").read_bytes()))
        except FileNotFoundError:
            hint = f"Its draws are still being made in {folder.name}.partial." if _in_progress(folder) else ""
            missing = defects(S4, f"{name}.json", problem=f"is missing in {folder}.", hint=hint)
            raise InputRefused(missing) from None
        except (OSError, ValueError):
            raise InputRefused(defects(S4, f"{name}.json", problem="cannot be read.")) from None
    if "draws_made" not in found[0] or "table_digests" not in found[0]:
        what = "A run folder tells of one draw: `mouvement simulate` makes many."
        raise InputRefused(defects(S4, "manifest.json", problem=f"in {folder} is not one of a simulation.", hint=what))
    absent = [name for name in TABLES if not (folder / f"{name}.parquet").exists()]
    if absent:
        raise InputRefused(pl.concat(defects(S4, name, problem=f"is missing in {folder}.") for name in absent))
    return Simulation(folder, found[0], found[1])


def _in_progress(folder: Path) -> bool:
    return folder.with_name(f"{folder.name}.partial").is_dir()


def _summary(gathered: Gathered) -> dict[str, Any]:
    draws = gathered.draws
    failed = draws.filter(pl.col("verdict") != HOLDS)
    moved = gathered.figures.filter(pl.col("name") == SHARE_MOVED)
    return {
        "draws": draws.height,
        "draws_failed": num_failed(draws),
        "draws_at_the_time_limit": draws.filter(pl.col("stop") == "time_limit").height,
        "failed": failed.head(NAMED).select("draw", "seed", "verdict", "failed").to_dicts(),
        "share_moved": moved.drop("name").to_dicts()[0] if moved.height else None,
        "figures": {row["name"]: row["mean"] for row in gathered.figures.iter_rows(named=True)},
    }


def _published(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """A table as it stands in files: its columns in the order declared, points as exact decimals."""
    declared = list(SIMULATION_SCHEMAS[name].columns())
    others = [column for column in table.columns if column not in declared]
    return table.select(*declared, *others).with_columns(
        (pl.col(column).cast(pl.Decimal(18, 3)) / 1000).cast(pl.Decimal(18, 3)) for column in point_columns(name)
    )


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
