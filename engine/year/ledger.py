"""What a year has finished: by it a run that was stopped goes on where it was, and nothing edited is built upon."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

import polars as pl
from pydantic import BaseModel, ValidationError

from engine.model.defects import InputRefused, Rule, defects

LEDGER_FILE = "ledger.json"

Y7 = Rule("Y7", "Nothing is built on or read from a campaign of a year that is not as its run left it.")
ANEW = "`mouvement run` with --replace begins anew."


class Entry(BaseModel):
    """A finished campaign: digests of what it was made from, and of what it left, file by file."""

    made_from: str
    files: dict[str, str]
    stopped: bool = False


class Ledger(BaseModel):
    """The finished campaigns of a year, in the order in which they ran."""

    campaigns: dict[str, Entry] = {}


def read_ledger(folder: Path) -> Ledger:
    """The ledger of a year in progress; an empty one where none was begun."""
    path = folder / LEDGER_FILE
    if not path.exists():
        return Ledger()
    try:
        return Ledger.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise InputRefused(_defect(str(path), "cannot be read.")) from None


def write_ledger(folder: Path, ledger: Ledger) -> None:
    """Puts the ledger in its place in one step."""
    draft = folder / f".{LEDGER_FILE}.unfinished"
    draft.write_text(json.dumps(ledger.model_dump(), indent=2) + "\n", encoding="utf-8")
    os.replace(draft, folder / LEDGER_FILE)


def confirm(entry: Entry, name: str, folders: Iterable[Path], made_from: str) -> None:
    """Raises InputRefused where a finished campaign is not what the ledger says, or would be made of something else."""
    if entry.made_from != made_from:
        raise InputRefused(_defect(name, "would be made from other input, results or options than when it was run."))
    confirm_files(entry, name, folders)


def confirm_files(entry: Entry | None, name: str, folders: Iterable[Path]) -> None:
    """Raises InputRefused where the files of a finished campaign are not those the ledger says, or it is not in it."""
    if entry is None:
        raise InputRefused(_defect(name, "is not in the ledger: it was not run to its end."))
    found = digests(folders)
    wrong = sorted(file for file in entry.files.keys() | found.keys() if entry.files.get(file) != found.get(file))
    if wrong:
        what = {True: "is missing", False: "is not as it was written"}[wrong[0] not in found]
        raise InputRefused(_defect(name, f"{wrong[0]} {what}."))


def digests(folders: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of every file of some folders, by folder and name."""
    return {
        f"{folder.parent.name}/{folder.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders
        if folder.is_dir()
        for path in sorted(folder.iterdir())
    }


def joint_digest(content: object) -> str:
    """SHA-256 of plain values."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _defect(column: str, problem: str) -> pl.DataFrame:
    return defects(Y7, "run of the year", column=column, problem=problem, hint=ANEW)
