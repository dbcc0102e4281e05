"""A year audited from its folders: what the ledger says of them, each campaign's own verdict, and the hand-overs."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from engine.model.campaign import read_campaign
from engine.model.defects import InputRefused
from engine.model.reading import ROW, read_file, read_tables
from engine.model.rulebook import Rulebook
from engine.model.settings import read_settings
from engine.pipeline import campaign_options
from engine.runaudit import audit_folder
from engine.runmanifest import read_manifest
from engine.runreading import read_tables as read_run_tables
from engine.verify.verdict import Verdict
from engine.verify.year.stages import Handover, Stage
from engine.verify.year.verify import verify_handovers
from engine.year.ledger import confirm_files, read_ledger
from engine.year.plan import Plan, Step, read_plan

JUDGED = ("places", "posts", "candidates", "wishes")
NO_INCUMBENTS = pl.DataFrame(schema={"candidate_id": pl.String, "post_id": pl.String})


def audit_year(folder: Path, target: Path) -> dict[str, Verdict]:
    """The verdicts on a finished year: of each campaign by its name, and of the hand-overs under ``year``.

    Raises
    ------
    InputRefused
        If a file is not the one the run wrote, or cannot be read.
    """
    plan, ledger = read_plan(folder), read_ledger(target)
    for step in plan.steps:
        entry = ledger.campaigns.get(step.name)
        confirm_files(entry, step.name, (target / "inputs" / step.name, target / "campaigns" / step.name))
    verdicts = {step.name: _own_verdict(target, step.name) for step in plan.steps}
    return {**verdicts, "year": audit_handovers(plan, target)}


def _own_verdict(target: Path, name: str) -> Verdict:
    campaign, result = read_campaign(target / "inputs" / name), target / "campaigns" / name
    told = read_manifest(result)
    options = campaign_options(campaign, told.options.model_dump(exclude_none=True) if told else {})
    return audit_folder(campaign, result, told, options)[0]


def audit_handovers(plan: Plan, target: Path) -> Verdict:
    """The verdict on the links between the campaigns that have been run."""
    return verify_handovers(*handovers(plan, target))


def handovers(plan: Plan, target: Path) -> tuple[tuple[Stage, ...], tuple[Handover, ...]]:
    """The campaigns that have been run and the links between them, as they are judged."""
    done = [step for step in plan.steps if (target / "campaigns" / step.name).is_dir()]
    stages = {step.name: _stage(step, target) for step in done}
    links = tuple(
        Handover(link.link, stages[link.source], stages[link.target])
        for step in done
        for link in step.links
        if link.source in stages
    )
    return tuple(stages.values()), links


def _stage(step: Step, target: Path) -> Stage:
    before = _tables(step.folder)
    incumbents, _ = read_file(step.folder, "incumbents") if _has(step.folder, "incumbents") else (None, None)
    own = NO_INCUMBENTS if incumbents is None else incumbents.select(pl.col(*NO_INCUMBENTS.columns).cast(pl.String))
    outcomes = read_run_tables(target / "campaigns" / step.name)["outcomes"]
    given = _tables(target / "inputs" / step.name)
    return Stage(step.name, step.movement, {**before, "incumbents": own}, given, outcomes)


def _has(folder: Path, name: str) -> bool:
    return any((folder / f"{name}.{form}").exists() for form in ("parquet", "csv"))


def _tables(folder: Path) -> dict[str, pl.DataFrame]:
    written, _ = read_settings(folder / "campaign.toml")
    if written.settings is None:
        return {}
    columns = Rulebook.load(written.settings.rulebook).at(written.settings.session).named_columns
    tables, found, notes = read_tables(folder, columns)
    if found.height:
        raise InputRefused(found, notes)
    return {name: tables[name].drop(ROW) for name in JUDGED}
