"""A campaign under a variant: `vary` lays the overlay on, without copying a file and without touching the campaign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import ValidationError

from engine.model.campaign import Campaign, Overlay, prepared
from engine.model.checks.context import Context
from engine.model.checks.registry import cross_table_defects
from engine.model.conformity import schema_defects
from engine.model.defects import InputRefused, Rule, defects, no_defects
from engine.model.forms import invalid_values
from engine.model.schemas import SCHEMAS
from engine.model.sessionrules import SessionRules
from engine.model.settings import Options, Settings, resolve_options
from engine.variants.numbers import changed_posts
from engine.variants.people import NOT_ELIGIBLE, changed_people
from engine.variants.rules import changed_rules
from engine.variants.variant import V1, Variant, Written, as_written

V8 = Rule("V8", "A variant is laid on a campaign as its folder holds it, not on another variant.")


@dataclass(frozen=True, eq=False)
class Laid:
    """A variant laid on a campaign.

    Attributes
    ----------
    campaign : the campaign under the variant; where there are defects as far as it could be made, for its options to
        be looked at as well
    table : what defects call the variant
    options : those of the campaign that the variant replaces
    found : the defects of the variant, or of the campaign it makes
    """

    campaign: Campaign
    table: str
    options: frozenset[str]
    found: pl.DataFrame


def vary(campaign: Campaign, variant: Variant | Path | str) -> Campaign:
    """The campaign under a variant.

    A pure function: the campaign stays as it is, the same two always give the same, and the result can be pickled.
    Options and rule values take the place of the campaign's; shares of the population are drawn from
    ``variant.population.seed``, by default the seed of the campaign, identifier by identifier, whatever the order of
    rows. The result is checked as a campaign that is read.

    Parameters
    ----------
    variant : or the TOML file that says it

    Raises
    ------
    InputRefused
        With every defect of the variant, those of its form and those of what it names, or of the campaign it makes.
    """
    laid = lay(campaign, variant)
    if laid.found.height:
        raise InputRefused(laid.found)
    return laid.campaign


def lay(campaign: Campaign, variant: Variant | Path | str) -> Laid:
    """The same with the defects instead of a refusal. Raises InputRefused only for a file that cannot be read."""
    written = as_written(variant)
    variant, names = written.variant, frozenset(written.variant.options)
    if campaign.overlay is not None:
        problem, hint = f"cannot be laid on the variant {campaign.overlay.name}.", "Write both in one file."
        twice = defects(V8, written.table, problem=problem, hint=hint)
        return Laid(campaign, written.table, names, pl.concat([written.found, twice]))
    base = campaign.source
    seed = base.settings.seed if variant.population.seed is None else variant.population.seed
    settings, wrong_options = _settings(base, written)
    rules, wrong_rules = changed_rules(base, written)
    posts, seat_notes, wrong_posts = changed_posts(base, written, seed)
    people, people_notes, wrong_people = changed_people(base, written, seed)
    tables = base.tables | people | {"posts": posts}
    found = pl.concat([written.found, wrong_options, wrong_rules, wrong_posts, wrong_people])
    if written.is_whole and wrong_posts.is_empty() and wrong_people.is_empty():
        known = _knowing_causes(rules, people["candidates"])
        found = pl.concat([found, _broken(tables, Context(settings.movement, known), variant)])
    if found.height:
        return Laid(replace(base, settings=settings, rules=rules), written.table, names, found)
    notes = (*base.notes, *_told(base, settings, known, variant), *seat_notes, *people_notes)
    overlay = Overlay(record(variant, seed), base.digest())
    made = prepared(Campaign(settings, known, **tables, notes=notes, as_read=None, overlay=overlay))
    return Laid(made, written.table, names, found)


def record(variant: Variant, seed: int) -> dict[str, Any]:
    """The whole variant as plain values of JSON, its seed filled in: `as_variant` reads it back."""
    whole = variant.model_copy(update={"population": variant.population.model_copy(update={"seed": seed})})
    plain: dict[str, Any] = whole.model_dump(mode="json", exclude_defaults=True)
    return plain


def _settings(base: Campaign, written: Written) -> tuple[Settings, pl.DataFrame]:
    """The settings with the options of the variant, those that can be."""
    options, found = dict(written.variant.options), no_defects()
    try:
        resolve_options(options)
    except ValidationError as error:
        found = invalid_values(error, Options, written.table, V1, "options.")
        wrong = {item["loc"][0] for item in error.errors()}
        options = {name: value for name, value in options.items() if name not in wrong}
    return base.settings.model_copy(update={"options": {**base.settings.options, **options}}), found


def _knowing_causes(rules: SessionRules, candidates: pl.DataFrame) -> SessionRules:
    """The rules, with want of eligibility among the causes for which a request is cancelled where it is one."""
    known = rules.domains.get("cancelled")
    if known is None or NOT_ELIGIBLE not in candidates["cancelled"]:
        return rules
    added = {**known, NOT_ELIGIBLE: (rules.session, rules.session)}
    return replace(rules, domains={**rules.domains, "cancelled": added})


def _broken(tables: Mapping[str, pl.DataFrame], context: Context, variant: Variant) -> pl.DataFrame:
    """What the tables of the variant break, as in a campaign that is read."""
    numbered = {name: table.with_row_index("#row", offset=1) for name, table in tables.items()}
    form = [schema_defects(name, numbered[name], no_defects()) for name in SCHEMAS]
    under = pl.format("{} under variant {}", "table", pl.lit(variant.id))
    found = pl.concat([*form, cross_table_defects(numbered, context)])
    return found.with_columns(table=under, row=pl.lit(None, pl.Int64))


def _told(base: Campaign, settings: Settings, rules: SessionRules, variant: Variant) -> list[str]:
    """What the variant changes of options and rules, in sentences."""
    before = {(value.block, value.name): value.text for value in base.rules.values_used}
    changed = [value for value in rules.values_used if value.confidence == "assumed"]
    lines = [
        f"{value.block}.{value.name}: {value.text} instead of {before.get((value.block, value.name), 'nothing')}"
        for value in changed
    ]
    lines += [f"{name}: {value}" for name, value in settings.options.items() if name in variant.options]
    return [f"variant {variant.id}: {line}." for line in lines]
