"""A campaign: one movement of one year, read from its folder and checked.

The tables of a `Campaign` are canonical: all columns of their schema, rows in the order of their key, neutral values
where an optional fact is absent. So nothing downstream depends on the order of rows in the files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl
from pydantic import ValidationError

from engine.model.checks.context import Context
from engine.model.checks.registry import cross_table_defects
from engine.model.conformity import schema_defects
from engine.model.defects import InputRefused, defects, no_defects
from engine.model.forms import invalid_values
from engine.model.intra.designation import take_measures
from engine.model.overtime.amendments import with_amendments
from engine.model.reading import read_tables
from engine.model.remarks import remarks
from engine.model.rulebook import Rulebook, RulebookError, SessionRules
from engine.model.schemas import SCHEMAS, column_metadata, key_columns
from engine.model.settings import C0, Settings, Written, read_settings

TABLE_ORDER = {name: position for position, name in enumerate(("campaign.toml", *SCHEMAS))}


@dataclass(frozen=True)
class Overlay:
    """The variant that a campaign was made with (`engine.variants`).

    Attributes
    ----------
    content : the whole variant as plain values, its seed filled in: laid upon the same campaign it gives the same
    base_digest : of the campaign it was laid upon
    """

    content: Mapping[str, Any]
    base_digest: str

    @property
    def name(self) -> str:
        return str(self.content["id"])


@dataclass(frozen=True, eq=False)
class Campaign:
    """Checked tables and settings.

    Attributes
    ----------
    settings : the content of campaign.toml
    rules : the rulebook's values in force in the session
    places, zones, posts, candidates, wishes, requests, links, opinions, extension, closures : polars.DataFrame
    needs, attachments : polars.DataFrame, of the TZR adjustment
    decisions : polars.DataFrame, decisions outside the barème
    evidence, amendments, corrections : polars.DataFrame, what came after the requests; amendments are made in `wishes`
    notes : remarks on the input that are no defects
    designated : who lost his post where seats are closed (`engine.model.intra.designation`); None before it is decided
    as_read : the campaign before that, where seats are closed or requests were changed
    overlay : the variant it was made with; None for a campaign as its folder holds it
    """

    settings: Settings
    rules: SessionRules
    places: pl.DataFrame
    zones: pl.DataFrame
    posts: pl.DataFrame
    candidates: pl.DataFrame
    wishes: pl.DataFrame
    requests: pl.DataFrame
    links: pl.DataFrame
    opinions: pl.DataFrame
    extension: pl.DataFrame
    closures: pl.DataFrame
    needs: pl.DataFrame
    attachments: pl.DataFrame
    decisions: pl.DataFrame
    evidence: pl.DataFrame
    amendments: pl.DataFrame
    corrections: pl.DataFrame
    notes: tuple[str, ...] = ()
    designated: pl.DataFrame | None = None
    as_read: Campaign | None = None
    overlay: Overlay | None = None

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        return {name: getattr(self, name) for name in SCHEMAS}

    @property
    def source(self) -> Campaign:
        """The campaign as its folder holds it, before requests are changed and measures of closure taken."""
        return self if self.as_read is None else self.as_read.source

    def with_seed(self, seed: int) -> Campaign:
        """The same campaign with other draws. Raises InputRefused for a seed that is none."""
        source = self.source
        try:
            settings = Settings.model_validate(source.settings.model_dump(by_alias=True) | {"seed": seed})
        except ValidationError as error:
            raise InputRefused(invalid_values(error, Settings, "campaign.toml", C0)) from None
        return prepared(replace(source, settings=settings))

    def with_tables(self, **tables: Any) -> Campaign:
        """The same campaign with other rows in some tables, before requests are changed and measures taken.

        The tables must be canonical and such as the checks of a folder let pass: they are not checked again.
        `with_seed` makes the changes and takes the measures.
        """
        return replace(self.source, **tables)

    def digest(self) -> str:
        """SHA-256 of the settings and the canonical tables: the same for the same campaign, however its rows lie."""
        source = self.source
        content = hashlib.sha256(source.settings.model_dump_json().encode())
        for name, table in source.tables.items():
            content.update(name.encode() + b"\n" + table.write_csv().encode())
        return content.hexdigest()


def read_campaign(folder: Path | str) -> Campaign:
    """The campaign in a folder.

    Raises
    ------
    InputRefused
        With every defect of the settings, the files, the columns, the cells and across the tables.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputRefused(defects(C0, "campaign", problem=f"the folder {folder} does not exist."))
    written, found = read_settings(folder / "campaign.toml")
    rules, problems = _rules(written)
    tables, form, notes = read_tables(folder, rules.named_columns if rules else {})
    found = pl.concat([found, problems, form, *(schema_defects(name, table, form) for name, table in tables.items())])
    if rules is not None:
        context = Context(written.movement, rules)
        found = pl.concat([found, cross_table_defects(tables, context)])
    settings = written.settings
    if not found.is_empty() or settings is None or rules is None:
        raise InputRefused(_in_order(found), notes)
    checked = {name: canonical(name, table, rules.named_columns) for name, table in tables.items()}
    told = (*rules.notes, *notes, *remarks(checked, settings.movement))
    return prepared(Campaign(settings, rules, **checked, notes=told, as_read=None, overlay=None))


def prepared(campaign: Campaign) -> Campaign:
    """The campaign with the changes of requests made and the measures of closure taken."""
    return take_measures(with_amendments(campaign))


def canonical(name: str, table: pl.DataFrame, named_columns: Mapping[str, dy.Column]) -> pl.DataFrame:
    """A checked table in its one form: schema columns first, neutral values, rows in the order of the key."""
    columns = SCHEMAS[name].columns() | (dict(named_columns) if name == "candidates" else {})
    extra = [column for column in table.columns if column not in columns and column != "#row"]
    neutral = {column: column_metadata(schema).get("neutral") for column, schema in columns.items()}
    filled = [pl.col(column).fill_null(value) for column, value in neutral.items() if value is not None]
    return table.with_columns(filled).select(*columns, *extra).sort(key_columns(name))


def _rules(written: Written) -> tuple[SessionRules | None, pl.DataFrame]:
    if written.rulebook is None or written.session is None:
        return None, no_defects()
    try:
        return Rulebook.load(written.rulebook).at(written.session), no_defects()
    except RulebookError as error:
        return None, defects(C0, "campaign.toml", problem=f"{error}.")


def _in_order(found: pl.DataFrame) -> pl.DataFrame:
    order = pl.col("table").replace_strict(TABLE_ORDER, default=len(TABLE_ORDER), return_dtype=pl.Int64)
    return found.sort(order, "row", "column", maintain_order=True, nulls_last=False)
