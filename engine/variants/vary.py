"""A campaign under a variant: `vary` lays the overlay on, without copying a file and without touching the campaign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import ValidationError

from engine.model.campaign import Campaign, Overlay, prepared
from engine.model.checks.context import Context
from engine.model.checks.registry import cross_table_defects
from engine.model.conformity import schema_defects
from engine.model.defects import InputRefused, Rule, defects, no_defects
from engine.model.schemas import SCHEMAS
from engine.model.sessionrules import SessionRules
from engine.model.settings import Settings, invalid_values, resolve_options
from engine.variants.numbers import changed_posts
from engine.variants.people import NOT_ELIGIBLE, changed_people
from engine.variants.rules import changed_rules
from engine.variants.variant import V1, Variant, read_variant

V8 = Rule("V8", "A variant is laid on a campaign as its folder holds it, not on another variant.")


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
        With every defect of the variant, or of the campaign it makes.
    """
    variant = variant if isinstance(variant, Variant) else read_variant(variant)
    if campaign.overlay is not None:
        problem = f"cannot be laid on the variant {campaign.overlay.name}."
        raise InputRefused(defects(V8, f"variant {variant.id}", problem=problem, hint="Write both in one file."))
    base = campaign.source
    seed = base.settings.seed if variant.population.seed is None else variant.population.seed
    settings, wrong_options = _settings(base, variant)
    rules, wrong_rules = changed_rules(base, variant.rules, variant.id)
    posts, seat_notes, wrong_posts = changed_posts(base, variant, seed)
    people, people_notes, wrong_people = changed_people(base, variant, seed)
    found = pl.concat([wrong_options, wrong_rules, wrong_posts, wrong_people])
    if found.height:
        raise InputRefused(found)
    rules = _knowing_causes(rules, people["candidates"])
    tables = base.tables | people | {"posts": posts}
    _require_whole(tables, Context(settings.movement, rules), variant)
    notes = (*base.notes, *_told(base, settings, rules, variant), *seat_notes, *people_notes)
    overlay = Overlay(record(variant, seed), base.digest())
    return prepared(Campaign(settings, rules, **tables, notes=notes, as_read=None, overlay=overlay))


def record(variant: Variant, seed: int) -> dict[str, Any]:
    """The whole variant as plain values of JSON, its seed filled in: `as_variant` reads it back."""
    whole = variant.model_copy(update={"population": variant.population.model_copy(update={"seed": seed})})
    plain: dict[str, Any] = whole.model_dump(mode="json", exclude_defaults=True)
    return plain


def _settings(base: Campaign, variant: Variant) -> tuple[Settings, pl.DataFrame]:
    """The settings with the options of the variant."""
    try:
        resolve_options(variant.options)
    except ValidationError as error:
        return base.settings, invalid_values(error, f"variant {variant.id}", "options.", V1)
    options = {**base.settings.options, **variant.options}
    return base.settings.model_copy(update={"options": options}), no_defects()


def _knowing_causes(rules: SessionRules, candidates: pl.DataFrame) -> SessionRules:
    """The rules, with want of eligibility among the causes for which a request is cancelled where it is one."""
    known = rules.domains.get("cancelled")
    if known is None or NOT_ELIGIBLE not in candidates["cancelled"]:
        return rules
    added = {**known, NOT_ELIGIBLE: (rules.session, rules.session)}
    return replace(rules, domains={**rules.domains, "cancelled": added})


def _require_whole(tables: Mapping[str, pl.DataFrame], context: Context, variant: Variant) -> None:
    """Raise InputRefused for what the tables of the variant break, as in a campaign that is read."""
    numbered = {name: table.with_row_index("#row", offset=1) for name, table in tables.items()}
    form = [schema_defects(name, numbered[name], no_defects()) for name in SCHEMAS]
    found = pl.concat([*form, cross_table_defects(numbered, context)])
    if found.height:
        under = pl.format("{} under variant {}", "table", pl.lit(variant.id))
        raise InputRefused(found.with_columns(table=under, row=pl.lit(None, pl.Int64)))


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
