"""Run folders read back, ours or another's: for an audit, an explanation, a comparison, a run that follows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from engine.model.campaign import Campaign
from engine.model.changes import Previous
from engine.model.defects import InputRefused, Rule, defects
from engine.model.results import Kind, columns_of, empty_result
from engine.model.settings import Options
from engine.runfolder import OF_AN_ADJUSTMENT, OF_AN_ASSIGNMENT, POINT_COLUMNS, SOMETIMES, table_paths
from engine.runmanifest import Manifest, read_manifest
from engine.verify.audit import BEFORE_COLUMNS, RESULT_COLUMNS, Least, Result
from engine.verify.sentences import sentence
from engine.verify.tzr.audit import AdjustmentResult

COUNT_COLUMNS = columns_of(Kind.NUMBER)
FLAG_COLUMNS = columns_of(Kind.FLAG)

R1 = Rule("R1", "A run folder holds outcomes.parquet or outcomes.csv, not both, with candidate_id and post_id.")
R3 = Rule("R3", "Decisions, and what changed since a run, are told from its tables as `mouvement run` wrote them.")
R4 = Rule("R4", "A run folder of a TZR adjustment holds needs.parquet or needs.csv, with need_id and candidate_id.")


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
    replays = {sentence("way_read_back"): _joint_digest(_digests(folder, list(recorded)))}
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
    replays = {sentence("way_read_back"): _joint_digest(_digests(folder, list(recorded)))}
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


def _read_table(folder: Path, name: str) -> pl.DataFrame | None:
    """A table with points in thousandths and every column of its type, or None where there is no such file."""
    paths = table_paths(folder, name)
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
    paths = {name: table_paths(folder, name) for name in names}
    return {name: hashlib.sha256(p[0].read_bytes()).hexdigest() if p else "missing" for name, p in paths.items()}


def _joint_digest(digests: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()
