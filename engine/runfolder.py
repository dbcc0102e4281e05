"""The run folder (DESIGN 9): tables, verdict, manifest, summary, report, written whole."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import polars as pl

from engine.folders import new_folder
from engine.model.priorities import order_columns
from engine.model.results import RESULT_SCHEMAS, Kind, columns_of
from engine.model.scoring import Scored
from engine.runmanifest import manifest
from engine.runs import AdjustmentRun, AnyRun

Format = Literal["parquet", "csv"]
TABLES = tuple(RESULT_SCHEMAS)
OF_AN_ADJUSTMENT = ("outcomes", "wishes", "criteria", "tzr", "needs", "blocks", "changes")
OF_AN_ASSIGNMENT = tuple(name for name in TABLES if name not in ("tzr", "needs", "blocks"))
SOMETIMES = ("people", "designated", "departments", "selections", "changes")  # tables that only some run folders have
SCORED_POINTS = {"kept_points", "kept_points_without_wishes"}
POINT_COLUMNS = columns_of(Kind.POINTS) | SCORED_POINTS  # int64 thousandths inside, decimals in the files
RUN_FILES = frozenset(
    {f"{name}.{form}" for name in TABLES for form in ("parquet", "csv")}
    | {"verdict.json", "summary.json", "manifest.json", "report.html"}
)


def write_run(
    run: AnyRun,
    target: Path | str,
    *,
    table_format: Format = "parquet",
    report: Callable[[AnyRun], str] | None = None,
    replace: bool = False,
) -> Path:
    """Writes a run folder; nothing that looks finished is left by a process that was killed.

    Parameters
    ----------
    report : makes the HTML page of the run; None writes none.

    Raises
    ------
    engine.folders.TargetExists
        If `target` exists and `replace` is false.
    """
    target = Path(target)
    with new_folder(target, replace=replace, content=RUN_FILES) as draft:
        tables = tables_of(run)
        digests = {name: write_table(draft, name, published(table), table_format) for name, table in tables.items()}
        _write_json(draft / "verdict.json", run.verdict.to_dict())
        _write_json(draft / "summary.json", run.summary)
        if report is not None:
            (draft / "report.html").write_text(report(run), encoding="utf-8")
        _write_json(draft / "manifest.json", manifest(run, digests))
    return target


def tables_of(run: AnyRun) -> dict[str, pl.DataFrame]:
    """The tables of a run by name; those that only some runs have where this one has them."""
    made = {"changes": run.compared is not None}
    if isinstance(run, AdjustmentRun):
        return {name: getattr(run, name) for name in OF_AN_ADJUSTMENT if made.get(name, True)}
    made |= {
        "designated": bool(run.campaign.closures.height),
        "departments": run.tables.departments is not None,
        "selections": run.tables.selections is not None,
    }
    return {name: getattr(run, name) for name in OF_AN_ASSIGNMENT if made.get(name, True)}


def scored_tables(scored: Scored) -> dict[str, pl.DataFrame]:
    """What `mouvement score` writes: wishes, criteria, requests, without the keys of the tie-breaks."""
    keys = order_columns(scored.wishes)
    return {"wishes": scored.wishes.drop(keys), "criteria": scored.criteria, "requests": scored.requests}


def published(table: pl.DataFrame) -> pl.DataFrame:
    """A table as it stands in files: points as exact decimals."""
    columns = [column for column in POINT_COLUMNS if column in table.columns]
    return table.with_columns(
        (pl.col(column).cast(pl.Decimal(18, 3)) / 1000).cast(pl.Decimal(18, 3)) for column in columns
    )


def write_table(folder: Path, name: str, table: pl.DataFrame, table_format: Format) -> str:
    """Writes a table and gives the SHA-256 of its bytes."""
    buffer = io.BytesIO()
    if table_format == "csv":
        table.write_csv(buffer)
    else:
        table.write_parquet(buffer)
    (folder / f"{name}.{table_format}").write_bytes(buffer.getvalue())
    return hashlib.sha256(buffer.getvalue()).hexdigest()


def table_paths(folder: Path, name: str) -> list[Path]:
    """The files of a table in a run folder: none, one, or one of each format."""
    return [path for path in (folder / f"{name}.parquet", folder / f"{name}.csv") if path.exists()]


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
