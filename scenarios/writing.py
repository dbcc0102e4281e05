"""Campaign folders on disk: written beside the target and renamed at the end, never over anything."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import polars as pl

from scenarios.figures import Header, ScenarioError


def write_campaign(
    folder: Path, profile: Header, seed: int, scale: float, tables: Mapping[str, pl.DataFrame], format: str, note: str
) -> Path:
    """Write ``campaign.toml`` and the tables. Raises `ScenarioError` where the folder exists or cannot be written.

    Parameters
    ----------
    note : a sentence about the places, for people who open ``campaign.toml``
    """
    with new_folder(folder) as draft:
        settings = campaign_toml(profile, seed, scale, note)
        (draft / "campaign.toml").write_text(settings, encoding="utf-8", newline="\n")
        for name, table in tables.items():
            _write_table(table, draft / f"{name}.{format}")
    return folder


def copy_campaign(name: str, folder: Path) -> Path:
    """Copy a ready campaign to a new folder. Raises `ScenarioError` as `write_campaign` does."""
    with new_folder(folder) as draft:
        for entry in _ready()[name].iterdir():
            (draft / entry.name).write_bytes(entry.read_bytes())
    return folder


def ready_campaigns() -> list[str]:
    """Names of the ready campaigns and legal cases that come with the package, sorted."""
    return sorted(_ready())


def _ready() -> dict[str, Traversable]:
    folders = (files("scenarios") / "campaigns", files("scenarios") / "cases")
    return {entry.name: entry for folder in folders for entry in folder.iterdir() if entry.is_dir()}


def campaign_toml(profile: Header, seed: int, scale: float, note: str) -> str:
    """The text of ``campaign.toml`` of a generated population."""
    options = "\n".join(f'{name} = "{value}"' for name, value in sorted(profile.options.items()))
    return f"""\
# Synthetic population: no candidate is a real person.
# Profile {profile.id}, seed {seed}, scale {scale:g}. Each figure it was drawn from is tagged published, derived or
# assumed in the profile. {note}
schema = 1
id = "{profile.id}"
movement = "{profile.movement}"
rulebook = "{profile.rulebook}"
session = {profile.session}
seed = {seed}

[options]
{options}
"""


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A draft beside `folder` that becomes `folder` when all went well, and leaves nothing otherwise."""
    if folder.exists():
        raise ScenarioError(f'"{folder}" exists already. Choose another folder, or remove that one first.')
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
            draft = Path(beside) / folder.name
            draft.mkdir()
            yield draft
            os.rename(draft, folder)
    except OSError as error:
        raise ScenarioError(f'"{folder}" cannot be written: {error.strerror}.') from error


def _write_table(table: pl.DataFrame, path: Path) -> None:
    if path.suffix == ".csv":
        table.write_csv(path)
    else:
        table.write_parquet(path)
