"""The run folder (DESIGN 9): tables, verdict, manifest, summary, report; written whole, and read back for an audit."""

from __future__ import annotations

import hashlib
import io
import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
from polars.exceptions import PolarsError
from pydantic import BaseModel, Field, ValidationError

from engine.folders import new_folder
from engine.model.campaign import Campaign
from engine.model.changes import Previous
from engine.model.defects import InputRefused, Rule, defects
from engine.model.priorities import order_columns
from engine.model.results import RESULT_SCHEMAS, Kind, columns_of, empty_result
from engine.model.rulebook import RuleValue
from engine.model.scoring import Scored
from engine.model.settings import Options
from engine.runs import AdjustmentRun, AnyRun
from engine.verify.audit import BEFORE_COLUMNS, RESULT_COLUMNS, Least, Result
from engine.verify.tzr.audit import AdjustmentResult

Format = Literal["parquet", "csv"]
TABLES = tuple(RESULT_SCHEMAS)
OF_AN_ADJUSTMENT = ("outcomes", "wishes", "criteria", "tzr", "needs", "blocks", "changes")
OF_AN_ASSIGNMENT = tuple(name for name in TABLES if name not in ("tzr", "needs", "blocks"))
SOMETIMES = ("people", "designated", "departments", "selections", "changes")  # tables that only some run folders have
SCORED_POINTS = {"kept_points", "kept_points_without_wishes"}
POINT_COLUMNS = columns_of(Kind.POINTS) | SCORED_POINTS  # int64 thousandths inside, decimals in the files
COUNT_COLUMNS = columns_of(Kind.NUMBER)
FLAG_COLUMNS = columns_of(Kind.FLAG)
RUN_FILES = frozenset(
    {f"{name}.{form}" for name in TABLES for form in ("parquet", "csv")}
    | {"verdict.json", "summary.json", "manifest.json", "report.html"}
)
LIBRARIES = ("polars", "numpy", "numba", "dataframely", "pydantic")

R1 = Rule("R1", "A run folder holds outcomes.parquet or outcomes.csv, not both, with candidate_id and post_id.")
R2 = Rule("R2", "The manifest.json of a run folder, where there is one, is as `mouvement run` writes it.")
R4 = Rule("R4", "A run folder of a TZR adjustment holds needs.parquet or needs.csv, with need_id and candidate_id.")
R3 = Rule("R3", "Decisions, and what changed since a run, are told from its tables as `mouvement run` wrote them.")


class ManifestOptions(BaseModel):
    """The options of a run that an audit depends on; None where the manifest does not say."""

    extension: Literal["none", "integrated", "residual"] | None = None
    improvement: Literal["none", "stable", "zone", "full", "permutations"] | None = None
    mechanism: str | None = None
    placement: Literal["priority", "distance"] | None = None
    link_points: Literal["own", "minimum", "mean"] | None = None


class ManifestClaims(BaseModel):
    """How many claims linked requests leave, and how few are proven possible."""

    claims: Annotated[int, Field(ge=0)] = 0
    bound: Annotated[int, Field(ge=0)] = 0

    @property
    def least(self) -> Least:
        return Least(self.claims, self.bound)


class ManifestValue(BaseModel):
    """A rule value that a run used."""

    block: str
    name: str
    value: str


class ManifestDecision(BaseModel):
    """A decision outside the barème that a run was made with."""

    decision_id: str
    candidate_id: str
    kind: str
    rank: int | None = None
    place_id: str | None = None
    post_id: str | None = None


class Manifest(BaseModel):
    """What an audit reads in ``manifest.json``; a result made elsewhere may tell less, or nothing."""

    options: ManifestOptions = ManifestOptions()
    seed: Annotated[int | None, Field(ge=0, lt=2**63)] = None
    input_digest: str | None = None
    campaign: dict[str, Any] = {}
    claims: ManifestClaims = ManifestClaims()
    claims_in_extension: ManifestClaims = ManifestClaims()
    stopped: bool = False
    table_digests: dict[str, str] = {}
    least_change: bool = False
    rule_values: list[ManifestValue] = []
    decisions: list[ManifestDecision] = []
    variant: dict[str, Any] | None = None


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


def manifest(run: AnyRun, digests: dict[str, str]) -> dict[str, Any]:
    """What is needed to make the run again and to know that it is the same."""
    return {
        "mouvement": _version("mouvement"),
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "campaign": run.campaign.settings.model_dump(by_alias=True),
        "options": run.options.model_dump(),
        "seed": run.campaign.settings.seed,
        "input_digest": run.campaign.digest(),
        "claims": asdict(run.least[0]),
        "claims_in_extension": asdict(run.least[1]),
        "stopped": run.stop == "time_limit",
        "least_change": "least_change" in run.summary,
        "decisions": [told_decision(row) for row in run.campaign.decisions.iter_rows(named=True)],
        "table_digests": digests,
        "rule_values": [rule_record(value) for value in run.campaign.rules.values_used],
        "notes": [*run.campaign.notes, *run.scored.notes],
        **_variant(run.campaign),
        "seconds": run.seconds,
    }


def told_decision(row: dict[str, Any]) -> dict[str, Any]:
    """A decision as plain values."""
    return {name: str(value) if isinstance(value, date) else value for name, value in row.items()}


def _variant(campaign: Campaign) -> dict[str, Any]:
    """The variant of the campaign, whole, and what it was laid on; nothing where there is none."""
    overlay = campaign.overlay
    return {} if overlay is None else {"variant": overlay.content, "base_digest": overlay.base_digest}


def rules_digest(campaign: Campaign) -> str:
    """SHA-256 of the rule values in force."""
    record = [rule_record(value) for value in campaign.rules.values_used]
    return hashlib.sha256(json.dumps(record, default=str).encode()).hexdigest()


def rule_record(value: RuleValue) -> dict[str, Any]:
    """A rule value as plain text values: what it is, since when, where it was read and how sure it is."""
    return {
        "block": value.block,
        "name": value.name,
        "since": value.session_from,
        "value": value.text,
        "unit": value.unit,
        "confidence": value.told_confidence,
        "source": value.source,
        "source_title": value.source_title,
        "note": value.note,
    }


def read_manifest(folder: Path) -> Manifest | None:
    """What the manifest of a run folder tells; None where there is none, for a result made elsewhere.

    Raises
    ------
    InputRefused
        If it is there and is not a manifest.
    """
    path = folder / "manifest.json"
    if not path.exists():
        return None
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputRefused(defects(R2, "manifest.json", problem=f"cannot be read: {error.strerror}.")) from None
    except ValidationError as error:
        found = [(".".join(map(str, item["loc"])), item["msg"]) for item in error.errors()]
        wrong = [defects(R2, "manifest.json", column=key, problem=f"cannot be read: {why}.") for key, why in found]
        raise InputRefused(pl.concat(wrong)) from None


def read_result(folder: Path, told: Manifest | None, options: Options) -> Result:
    """The result in a run folder, ours or another's.

    Parameters
    ----------
    told : its manifest
    options : under which the result was made

    Raises
    ------
    InputRefused
        If the folder has no outcome table, or one of its files cannot be read.
    """
    outcomes = _read_table(folder, "outcomes")
    if outcomes is None:
        raise InputRefused(defects(R1, "outcomes", problem=f"is missing in {folder}."))
    _require_columns(outcomes, ("candidate_id", "post_id"))
    recorded = told.table_digests if told else {}
    replays = {"the tables read back from the run folder": _joint_digest(_digests(folder, list(recorded)))}
    named = ("candidate_id", *RESULT_COLUMNS, *BEFORE_COLUMNS)
    return Result(
        outcomes.select(column for column in named if column in outcomes.columns),
        _read_table(folder, "cutoffs"),
        options.extension,
        replays if recorded else None,
        _joint_digest(recorded) if recorded else "",
        options.improvement,
        options.placement,
        options.link_points,
        told.claims.least if told else Least(),
        told.claims_in_extension.least if told else Least(),
        told.stopped if told else False,
        mechanism=options.mechanism,
        departments=_read_table(folder, "departments"),
        seats_kept=told.least_change if told else False,
    )


def read_adjustment_result(folder: Path, told: Manifest | None) -> AdjustmentResult:
    """The result of a TZR adjustment in a run folder, ours or another's.

    Raises
    ------
    InputRefused
        If the folder has no table of needs, or one of its files cannot be read.
    """
    tables = {name: _read_table(folder, name) for name in OF_AN_ADJUSTMENT}
    needs = tables["needs"]
    if needs is None:
        raise InputRefused(defects(R4, "needs", problem=f"is missing in {folder}."))
    missing = [column for column in ("need_id", "candidate_id") if column not in needs.columns]
    if missing:
        raise InputRefused(pl.concat(defects(R4, "needs", column=c, problem="is missing.") for c in missing))
    recorded = told.table_digests if told else {}
    replays = {"the tables read back from the run folder": _joint_digest(_digests(folder, list(recorded)))}
    parts = (tables[name] for name in ("outcomes", "wishes", "tzr", "needs", "blocks"))
    outcomes, wishes, tzr, _, blocks = parts
    digest = _joint_digest(recorded) if recorded else ""
    return AdjustmentResult(outcomes, wishes, tzr, needs, blocks, replays if recorded else None, digest)


def read_tables(folder: Path) -> dict[str, pl.DataFrame]:
    """The tables of a run folder of ours as the run wrote them, points in thousandths, by name.

    Raises
    ------
    InputRefused
        If one of them is missing, or is not the one its manifest tells of.
    """
    told = read_manifest(folder)
    if told is None:
        raise InputRefused(defects(R3, "manifest.json", problem=f"is missing in {folder}."))
    made = OF_AN_ADJUSTMENT if told.campaign.get("movement") == "tzr" else OF_AN_ASSIGNMENT
    names = [name for name in made if name not in SOMETIMES or name in told.table_digests]
    digests = _digests(folder, names)
    wrong = [name for name in names if digests[name] != told.table_digests.get(name)]
    if wrong:
        problem = "is not the table the run wrote: its digest is not that of manifest.json."
        raise InputRefused(pl.concat(defects(R3, name, problem=problem) for name in wrong))
    read = {name: _read_table(folder, name) for name in names}
    return {name: table for name, table in read.items() if table is not None}


def read_previous(folder: Path | str) -> Previous:
    """A run made before, as `mouvement run` wrote it, for a run to be compared with.

    Raises
    ------
    InputRefused
        If the folder is not there, is not one of ours, or was edited.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputRefused(defects(R3, "previous run", problem=f"the folder {folder} does not exist."))
    if (folder / "ledger.json").exists():
        hint = "Name the run folder of one of its campaigns: campaigns/NAME."
        raise InputRefused(defects(R3, "previous run", problem=f"{folder} is the run of a year.", hint=hint))
    tables, told = read_tables(folder), read_manifest(folder)
    assert told is not None  # read_tables refuses a folder without a manifest
    return Previous(
        settings=told.campaign | {"seed": told.seed},
        options=told.options.model_dump(exclude_none=True),
        rule_values={(value.block, value.name): value.value for value in told.rule_values},
        decisions=[decision.model_dump() for decision in told.decisions],
        outcomes=tables["outcomes"],
        wishes=tables["wishes"],
        criteria=tables["criteria"],
        needs=tables.get("needs", empty_result("needs")),
    )


def audit_notes(campaign: Campaign, told: Manifest | None, outcomes: pl.DataFrame | None) -> list[str]:
    """What a reader of a verdict must know of the result: where it comes from, and whom it withholds."""
    notes = []
    if told is None:
        notes.append("The result has no manifest: it is taken as made elsewhere.")
    elif told.input_digest not in (None, campaign.digest()):
        notes.append("The campaign is not the one the run was made from: its digest differs from that of the manifest.")
    stated = outcomes is not None and "status" in outcomes.columns
    withheld = outcomes.filter(pl.col("status") == "withheld").height if outcomes is not None and stated else 0
    if withheld:
        notes.append(f"The result withholds {withheld} candidates, since a property failed: they are not audited.")
    return notes


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


def _table_paths(folder: Path, name: str) -> list[Path]:
    return [path for path in (folder / f"{name}.parquet", folder / f"{name}.csv") if path.exists()]


def _read_table(folder: Path, name: str) -> pl.DataFrame | None:
    """A table with points in thousandths and every column of its type, or None where there is no such file."""
    paths = _table_paths(folder, name)
    if not paths:
        return None
    if len(paths) == 2:
        raise InputRefused(defects(R1, name, problem=f"is there twice in {folder}.", hint="Remove one."))
    try:
        read = pl.read_parquet if paths[0].suffix == ".parquet" else partial(pl.read_csv, infer_schema=False)
        return _typed(read(paths[0]))
    except (PolarsError, OSError, pl.exceptions.PanicException) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise InputRefused(defects(R1, name, problem=f"{paths[0].name} cannot be read: {reason}.")) from None


def _typed(table: pl.DataFrame) -> pl.DataFrame:
    """Points in thousandths, counts whole, flags true or false, all the rest text; what is not of its type is null.

    A spreadsheet or a table with floats writes the rank 1 as 1.0, and an absent text as an empty one.
    """
    text = {column: pl.col(column).cast(pl.String) for column in table.columns}
    whole = {c: text[c].str.replace(r"\.0+$", "").cast(pl.Int64, strict=False) for c in text if c in COUNT_COLUMNS}
    decimal = {c: text[c].cast(pl.Decimal(18, 3), strict=False) for c in text if c in POINT_COLUMNS}
    points = {c: (value * 1000).cast(pl.Int64) for c, value in decimal.items()}
    flags = {c: text[c].str.to_lowercase() == "true" for c in text if c in FLAG_COLUMNS}
    present = {c: pl.when(value != "").then(value) for c, value in text.items()}
    return table.select(**(present | whole | points | flags))


def _require_columns(outcomes: pl.DataFrame, columns: Sequence[str]) -> None:
    missing = [c for c in columns if c not in outcomes.columns]
    if missing:
        raise InputRefused(pl.concat(defects(R1, "outcomes", column=c, problem="is missing.") for c in missing))


def _digests(folder: Path, names: Sequence[str]) -> dict[str, str]:
    """SHA-256 of the file of each table; ``missing`` where there is none."""
    paths = {name: _table_paths(folder, name) for name in names}
    return {name: hashlib.sha256(p[0].read_bytes()).hexdigest() if p else "missing" for name, p in paths.items()}


def _joint_digest(digests: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()


def versions() -> dict[str, str]:
    """The versions of the engine and of the libraries its numbers come from."""
    return {name: _version(name) for name in ("mouvement", *LIBRARIES)}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
