"""The whole way of a year: each campaign is composed from its folder and the results before it, run and written.

The run folder grows in ``RUN.partial`` and takes its name when all is there. In it: ``inputs/NAME``, the campaign as
it was composed, for ``mouvement explain`` and ``verify``; ``campaigns/NAME``, its run folder; the record of who passed
from one to another; ``report.html``.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from engine.folders import new_folder, put_in_place, require_free
from engine.model.defects import InputRefused
from engine.model.reading import read_tables as read_campaign_tables
from engine.model.results import empty_result
from engine.model.rulebook import Rulebook
from engine.model.settings import read_settings
from engine.pipeline import Progress, run
from engine.runfolder import Format, write_run
from engine.runreading import read_tables
from engine.runs import AnyRun
from engine.year.audit import audit_handovers
from engine.year.carried import PASSAGE_COLUMNS, Finished
from engine.year.ledger import Entry, confirm, digests, joint_digest, read_ledger, write_ledger
from engine.year.links import LINKS
from engine.year.lock import LOCK_FILE, alone
from engine.year.plan import Plan, Step, read_plan
from engine.year.summary import YearRun, status_counts, year_record
from engine.year.tables import incumbents_checked, read_inputs, write_inputs

WRITTEN = ("inputs", "campaigns", "ledger.json", "passages.parquet", "summary.json", "verdict.json", "report.html")
YEAR_FILES = frozenset({*WRITTEN, LOCK_FILE})
IN_PROGRESS = YEAR_FILES | {".ledger.json.unfinished"}
STOPPED = "time_limit"

Report = Callable[[AnyRun], str]


@dataclass(frozen=True)
class Form:
    """How run folders are written: the format of their tables, their report (None writes none), its language."""

    table_format: Format
    report: Report | None
    language: str


def run_year(
    folder: Path,
    target: Path,
    form: Form,
    page: Callable[[YearRun], str] | None,
    *,
    replace: bool = False,
    progress: Progress | None = None,
) -> YearRun:
    """Runs the campaigns of a year, or those that a stopped run has left to do.

    Parameters
    ----------
    page : makes the HTML page of the year; None writes none.
    replace : begin anew, and take the place of a finished run.

    Raises
    ------
    InputRefused
        If the year, a campaign of it, or what a stopped run left is not as it must be.
    engine.folders.TargetExists
        If `target` exists and `replace` is false.
    engine.year.lock.InUse
        If another process runs a year into the same folder.
    """
    require_free(target, replace=replace, content=YEAR_FILES)
    plan = read_plan(folder)
    partial = target.with_name(f"{target.name}.partial")
    require_free(partial, replace=True, content=IN_PROGRESS)
    partial.mkdir(parents=True, exist_ok=True)
    with alone(partial, target):
        require_free(target, replace=replace, content=YEAR_FILES)  # another run may have ended before the lock was ours
        if replace:
            _emptied(partial)
        done = _run_steps(plan, partial, form, page, progress or (lambda stage: None))
        put_in_place(partial, target, replace=replace)
    return done


def _emptied(partial: Path) -> None:
    """Removes what a stopped run left, but for the lock."""
    for entry in partial.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name != LOCK_FILE:
            entry.unlink()


def _run_steps(plan: Plan, partial: Path, form: Form, page: Callable[[YearRun], str] | None, say: Progress) -> YearRun:
    """Runs the campaigns in their order until one fails, and writes the year."""
    for step in plan.steps:
        _run_step(step, partial, form, _within(say, step.name))
        if not _holds(partial, step):
            break
    say("year: verify")
    done = _gathered(plan, partial)
    say("year: write")
    _finish(done, partial, page)
    return done


def _run_step(step: Step, partial: Path, form: Form, progress: Progress) -> None:
    """Runs one campaign, unless the ledger says that it is done."""
    ledger = read_ledger(partial)
    made_from = _made_from(step, form, ledger.campaigns)
    folders = (partial / "inputs" / step.name, partial / "campaigns" / step.name)
    if step.name in ledger.campaigns:
        confirm(ledger.campaigns[step.name], step.name, folders, made_from)
        return
    for unfinished in folders:  # killed before the ledger told of it
        shutil.rmtree(unfinished, ignore_errors=True)
    progress("compose")
    _compose(step, partial, folders[0])
    done = run(folders[0], progress=progress)
    progress("write")
    write_run(done, folders[1], table_format=form.table_format, report=form.report)
    stopped = done.stop == STOPPED
    ledger.campaigns[step.name] = Entry(made_from=made_from, files=digests(folders), stopped=stopped)
    write_ledger(partial, ledger)


def _within(progress: Progress, name: str) -> Progress:
    """Names the campaign before each of its stages."""
    return lambda stage: progress(f"{name}: {stage}")


def _made_from(step: Step, form: Form, before: dict[str, Entry]) -> str:
    """Digest of the files of a campaign, its links, the results they read and how its run is written."""
    return joint_digest(
        {
            "files": digests([step.folder]),
            "links": [link.model_dump() for link in step.links],
            "results": {link.source: before[link.source].files for link in step.links},
            "form": [form.table_format, form.report is not None, form.language],
        }
    )


def _compose(step: Step, partial: Path, target: Path) -> None:
    """Writes the campaign as its links make it; as it stands where none leads into it."""
    with new_folder(target) as draft:
        shutil.copyfile(step.folder / "campaign.toml", draft / "campaign.toml")
        if not step.links:
            for path in step.folder.iterdir():
                if path.suffix in (".parquet", ".csv"):
                    shutil.copyfile(path, draft / path.name)
            return
        tables, own = read_inputs(step.folder, _named_columns(step.folder))
        incumbents_checked(tables, own["incumbents"])
        record = []
        for link in step.links:
            carried = LINKS[link.link].carry(tables, own, finished(partial, link.source))
            tables = carried.tables
            ends = {"source": link.source, "target": link.target, "link": link.link}
            record.append(carried.passages.select(**{end: pl.lit(name) for end, name in ends.items()}, **EVERYTHING))
        write_inputs(draft, tables)
        _record(record).write_parquet(draft / "passages.parquet")


EVERYTHING = {name: pl.col(name) for name in PASSAGE_COLUMNS}


def _record(parts: list[pl.DataFrame]) -> pl.DataFrame:
    schema = dict.fromkeys(("source", "target", "link"), pl.String()) | dict(PASSAGE_COLUMNS)
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def _named_columns(folder: Path) -> Any:
    written, _ = read_settings(folder / "campaign.toml")
    assert written.settings is not None  # the plan was checked
    return Rulebook.load(written.settings.rulebook).at(written.settings.session).named_columns


def finished(partial: Path, name: str) -> Finished:
    """A campaign of the year that has been run, read from its folders."""
    folder = partial / "inputs" / name
    written, _ = read_settings(folder / "campaign.toml")
    tables, found, notes = read_campaign_tables(folder, _named_columns(folder))
    if found.height:
        raise InputRefused(found, notes)
    return Finished(name, written.movement, tables, read_tables(partial / "campaigns" / name)["outcomes"])


def _holds(partial: Path, step: Step) -> bool:
    told = json.loads((partial / "campaigns" / step.name / "verdict.json").read_bytes())
    return bool(told["holds"])


def _gathered(plan: Plan, partial: Path) -> YearRun:
    """What the run folders tell of the year."""
    ledger = read_ledger(partial)
    steps = [step for step in plan.steps if step.name in ledger.campaigns]
    folders = {step.name: partial / "campaigns" / step.name for step in steps}
    summaries = {name: json.loads((folder / "summary.json").read_bytes()) for name, folder in folders.items()}
    told = {name: read_tables(folder) for name, folder in folders.items()}
    fates = {name: (tables["outcomes"], _obliged(tables)) for name, tables in told.items()}
    records = [partial / "inputs" / step.name / "passages.parquet" for step in steps if step.links]
    passages = _record([pl.read_parquet(path) for path in records])
    return YearRun(
        plan,
        passages,
        summaries,
        {name: status_counts(*fate) for name, fate in fates.items()},
        _after(passages, fates),
        {step.name: _holds(partial, step) for step in steps},
        audit_handovers(plan, partial),
        any(entry.stopped for entry in ledger.campaigns.values()),
        all((folder / "report.html").exists() for folder in folders.values()),
        max(step.session for step in plan.steps),
    )


def _obliged(tables: dict[str, pl.DataFrame]) -> pl.Series:
    """The candidates who must leave a campaign with a post; nobody at the TZR adjustment, which has no table people."""
    people = tables.get("people", empty_result("people"))
    return people.filter("mandatory")["candidate_id"]


def _after(passages: pl.DataFrame, fates: dict[str, tuple[pl.DataFrame, pl.Series]]) -> dict[str, dict[str, int]]:
    """What those obtain whom each link brings in."""
    entered = passages.filter(pl.col("change") == "entered").select("source", "target", "candidate_id")
    ends = entered.select("source", "target").unique().sort("source", "target").rows()
    counts = {}
    for source, target in ends:
        outcomes, obliged = fates[target]
        counts[f"{source} → {target}"] = status_counts(
            outcomes.join(_of(entered, source, target), on="candidate_id"), obliged
        )
    return counts


def _of(entered: pl.DataFrame, source: str, target: str) -> pl.DataFrame:
    return entered.filter((pl.col("source") == source) & (pl.col("target") == target)).select("candidate_id")


def _finish(done: YearRun, partial: Path, page: Callable[[YearRun], str] | None) -> None:
    done.passages.write_parquet(partial / "passages.parquet")
    text = json.dumps(year_record(done), ensure_ascii=False, indent=2)
    (partial / "summary.json").write_text(text + "\n", encoding="utf-8")
    told = json.dumps(done.handovers.to_dict(), ensure_ascii=False, indent=2)
    (partial / "verdict.json").write_text(told + "\n", encoding="utf-8")
    if page is not None:
        (partial / "report.html").write_text(page(done), encoding="utf-8")
