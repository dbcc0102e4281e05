"""The run folder (DESIGN 9): tables, verdict, manifest, summary, report; written whole, and read back for an audit."""

from __future__ import annotations

import hashlib
import io
import json
import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

import polars as pl
from polars.exceptions import PolarsError

from engine.folders import new_folder
from engine.model.campaign import Campaign
from engine.model.defects import InputRefused, Rule, defects
from engine.model.rulebook import RuleValue
from engine.run import Run
from engine.verify.audit import Result

Format = Literal["parquet", "csv"]
TABLES = ("outcomes", "wishes", "cutoffs", "criteria", "chains")
POINT_COLUMNS = ("points", "cutoff_points", "missing_points")  # int64 thousandths inside, decimals in the files
COUNT_COLUMNS = ("rank", "position", "chain_id", "seats", "wanted_by", "entered", "left", "closed")
LIBRARIES = ("polars", "numpy", "numba", "dataframely", "pydantic")

R1 = Rule("R1", "A run folder holds outcomes.parquet or outcomes.csv with candidate_id and post_id.")


def write_run(
    run: Run,
    target: Path,
    *,
    table_format: Format = "parquet",
    report: Callable[[Run], str] | None = None,
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
    with new_folder(target, replace=replace) as draft:
        digests = {name: write_table(draft, name, published(getattr(run, name)), table_format) for name in TABLES}
        _write_json(draft / "verdict.json", run.verdict.to_dict())
        _write_json(draft / "summary.json", run.summary)
        if report is not None:
            (draft / "report.html").write_text(report(run), encoding="utf-8")
        _write_json(draft / "manifest.json", manifest(run, digests))
    return target


def published(table: pl.DataFrame) -> pl.DataFrame:
    """A table as it stands in files: points as exact decimals."""
    columns = [column for column in POINT_COLUMNS if column in table.columns]
    return table.with_columns(
        (pl.col(column).cast(pl.Decimal(18, 3)) / 1000).cast(pl.Decimal(18, 3)) for column in columns
    )


def manifest(run: Run, digests: dict[str, str]) -> dict[str, Any]:
    """What is needed to make the run again and to know that it is the same."""
    return {
        "mouvement": _version("mouvement"),
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "campaign": run.campaign.settings.model_dump(by_alias=True),
        "options": run.options.model_dump(),
        "seed": run.campaign.settings.seed,
        "input_digest": run.campaign.digest(),
        "table_digests": digests,
        "rule_values": [rule_record(value) for value in run.campaign.rules.values_used],
        "notes": [*run.campaign.notes, *run.scored.notes],
        "seconds": run.seconds,
    }


def rule_record(value: RuleValue) -> dict[str, Any]:
    """A rule value as plain text values: what it is, since when, where it was read and how sure it is."""
    return {
        "block": value.block,
        "name": value.name,
        "since": value.session_from,
        "value": value.text,
        "unit": value.unit,
        "confidence": value.confidence,
        "source": value.source,
        "source_title": value.source_title,
        "note": value.note,
    }


def read_result(folder: Path, extension: str | None = None) -> tuple[Result, dict[str, Any]]:
    """The result in a run folder, ours or another's, and its manifest (empty where there is none).

    Raises
    ------
    InputRefused
        If the folder has no outcome table, or one that cannot be read.
    """
    outcomes = _read_table(folder, "outcomes")
    if outcomes is None:
        raise InputRefused(defects(R1, "outcomes", problem=f"is missing in {folder}."))
    found = [
        defects(R1, "outcomes", column=c, problem="is missing.")
        for c in ("candidate_id", "post_id")
        if c not in outcomes.columns
    ]
    if found:
        raise InputRefused(pl.concat(found))
    told = _read_manifest(folder)
    mode = extension or told.get("options", {}).get("extension", "integrated")
    names = [name for name in TABLES if name in told.get("table_digests", {})]
    recorded = _joint_digest({name: told["table_digests"][name] for name in names}) if names else ""
    replays = {"the tables read back from the run folder": _joint_digest(_digests(folder, names))} if names else None
    cutoffs = _read_table(folder, "cutoffs")
    return Result(
        _typed(outcomes), None if cutoffs is None else _in_thousandths(cutoffs), mode, replays, recorded
    ), told


def read_tables(folder: Path) -> dict[str, pl.DataFrame]:
    """The tables of a run folder of ours, points in thousandths, by name.

    Raises
    ------
    InputRefused
        If one of them is missing or cannot be read.
    """
    tables: dict[str, pl.DataFrame] = {}
    for name in TABLES:
        table = _read_table(folder, name)
        if table is None:
            raise InputRefused(defects(R1, name, problem=f"is missing in {folder}.", hint="`mouvement run` writes it."))
        tables[name] = _in_thousandths(_whole_numbers(table))
    return tables


def input_notes(campaign: Campaign, told: dict[str, Any]) -> list[str]:
    """What the manifest of a run says of its input, where the campaign is not, or not any more, that input."""
    if not told:
        return ["The result has no manifest: it is taken as made elsewhere."]
    if told.get("input_digest") not in (None, campaign.digest()):
        return ["The campaign is not the one the run was made from: its digest differs from that of the manifest."]
    return []


def write_table(folder: Path, name: str, table: pl.DataFrame, table_format: Format) -> str:
    """Writes a table and gives the SHA-256 of its bytes."""
    buffer = io.BytesIO()
    if table_format == "csv":
        table.write_csv(buffer)
    else:
        table.write_parquet(buffer)
    (folder / f"{name}.{table_format}").write_bytes(buffer.getvalue())
    return hashlib.sha256(buffer.getvalue()).hexdigest()


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _table_path(folder: Path, name: str) -> Path | None:
    paths = [folder / f"{name}.parquet", folder / f"{name}.csv"]
    return next((path for path in paths if path.exists()), None)


def _read_table(folder: Path, name: str) -> pl.DataFrame | None:
    path = _table_path(folder, name)
    if path is None:
        return None
    try:
        return pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)
    except (PolarsError, OSError, pl.exceptions.PanicException) as error:
        raise InputRefused(
            defects(R1, name, problem=f"{path.name} cannot be read: {str(error).splitlines()[0]}.")
        ) from None


def _typed(outcomes: pl.DataFrame) -> pl.DataFrame:
    """An outcome table with its columns as text, ranks as whole numbers."""
    text = [pl.col(column).cast(pl.String) for column in outcomes.columns if column != "rank"]
    rank = [pl.col("rank").cast(pl.Int64, strict=False)] if "rank" in outcomes.columns else []
    return outcomes.select(*text, *rank)


def _in_thousandths(table: pl.DataFrame) -> pl.DataFrame:
    columns = [column for column in POINT_COLUMNS if column in table.columns]
    decimals = {column: pl.col(column).cast(pl.Decimal(18, 3), strict=False) for column in columns}
    return table.with_columns((points * 1000).cast(pl.Int64).alias(column) for column, points in decimals.items())


def _whole_numbers(table: pl.DataFrame) -> pl.DataFrame:
    """Ranks, positions and counts of a CSV table as whole numbers."""
    columns = [column for column in COUNT_COLUMNS if column in table.columns]
    return table.with_columns(pl.col(columns).cast(pl.Int64, strict=False)) if columns else table


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputRefused(defects(R1, "manifest.json", problem=f"cannot be read: {error}.")) from None
    return content if isinstance(content, dict) else {}


def _digests(folder: Path, names: list[str]) -> dict[str, str]:
    paths = {name: _table_path(folder, name) for name in names}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() if path else "missing" for name, path in paths.items()}


def _joint_digest(digests: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
