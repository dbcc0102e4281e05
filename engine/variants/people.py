"""Candidates of a variant: a share left out or changed, and who may take part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from engine.model.campaign import Campaign
from engine.model.defects import Rule, defects, no_defects
from engine.model.forms import maybe
from engine.model.people import age_at_rentree
from engine.model.schemas import SCHEMAS, column_metadata
from engine.model.whereabouts import posts_with_whereabouts
from engine.model.written import shown
from engine.variants.drawing import drawn
from engine.variants.variant import CandidateChange, Written
from engine.variants.where import as_cell, example, rows_where

V6 = Rule("V6", "A variant sets columns of candidates that the movement knows, to values of their type.")
V7 = Rule("V7", "Who may take part is a rule of the input, and a campaign whose points come with the wishes has none.")

NOT_ELIGIBLE = "not_eligible"
"""Code of the cause for which a variant sets a request aside."""

OF_CANDIDATES = tuple(name for name, schema in SCHEMAS.items() if "candidate_id" in schema.columns())
"""Tables whose rows each speak of one candidate."""

Tables = dict[str, pl.DataFrame]


def changed_people(campaign: Campaign, written: Written, seed: int) -> tuple[Tables, list[str], pl.DataFrame]:
    """The tables of the candidates of a variant, what was done in sentences, and the defects.

    Shares are drawn first, in their order, and each change sees what those before it left; then requests are set
    aside for want of a condition. Linked candidates are drawn together; who is linked with somebody left out, or not
    eligible, goes with him.
    """
    tables = {name: campaign.tables[name] for name in OF_CANDIDATES}
    notes, found = list[str](), [no_defects()]
    changes = written.variant.population.candidates
    for number, change in enumerate(changes, start=1):
        at = f"population.candidates.{number}" if len(changes) > 1 else "population.candidates"
        tables, said, wrong = _share(campaign, tables, written, change, at, seed)
        notes += said
        found.append(wrong)
    tables, said, wrong = _eligible(campaign, tables, written)
    return tables, [*notes, *said], pl.concat([*found, wrong])


def described(campaign: Campaign, tables: Tables) -> pl.DataFrame:
    """Candidates with what a condition may ask: their columns, and holder, linked, age, academy, department.

    The académie and the département are those of the post held, else the académie of the training year; the age is in
    full years at 1 September of the session.
    """
    candidates, linked = tables["candidates"], tables["links"]["candidate_id"].implode()
    homes = posts_with_whereabouts(campaign).select("academy", "department", held_post="post_id")
    rows = candidates.drop("academy", "department", strict=False)
    rows = rows.join(homes, on="held_post", how="left", maintain_order="left")
    return rows.with_columns(
        academy=pl.coalesce("academy", "training_academy"),
        holder=pl.col("held_post").is_not_null(),
        linked=pl.col("candidate_id").is_in(linked),
        age=age_at_rentree(campaign.settings.session),
    )


def _share(
    campaign: Campaign, tables: Tables, written: Written, change: CandidateChange, at: str, seed: int
) -> tuple[Tables, list[str], pl.DataFrame]:
    """One change of a share of the candidates."""
    rows, table, who = described(campaign, tables), written.table, f"variant {written.variant.id}"
    met, wrong = rows_where(rows, change.where, table, f"{at}.where")
    cells, unfit = _cells(campaign, change.set, table, f"{at}.set")
    if wrong.height or unfit.height:
        return tables, [], pl.concat([wrong, unfit])
    ids = rows["candidate_id"]
    lot = drawn(_together(tables["links"], ids), seed, change.draw or at)
    chosen = ids.filter(met & (lot < change.share))
    done = f"{len(chosen)} of {int(met.sum())} candidates drawn"
    if change.leave_out:
        chosen = _with_partners(tables["links"], chosen)
        left = {name: some.filter(~pl.col("candidate_id").is_in(chosen.implode())) for name, some in tables.items()}
        return left, [f"{who}: {at}: {done}, {len(chosen)} left out, those linked with them among them."], wrong
    hit = pl.col("candidate_id").is_in(chosen.implode())
    new = {name: pl.when(hit).then(pl.lit(cell, dtype)).otherwise(name) for name, (cell, dtype) in cells.items()}
    told = ", ".join(f"{name} = {change.set[name]}" for name in cells)
    return tables | {"candidates": tables["candidates"].with_columns(**new)}, [f"{who}: {at}: {done}: {told}."], wrong


def _cells(
    campaign: Campaign, changed: Mapping[str, Any], table: str, at: str
) -> tuple[dict[str, tuple[Any, pl.DataType]], pl.DataFrame]:
    """New cells by column, each with its type; none becomes the neutral value of the column."""
    columns = SCHEMAS["candidates"].columns() | dict(campaign.rules.named_columns)
    cells, found = dict[str, tuple[Any, pl.DataType]](), [no_defects()]
    for name, value in changed.items():
        if name not in columns or name == "candidate_id" or name not in campaign.candidates.columns:
            known = [item for item in columns if item != "candidate_id" and item in campaign.candidates.columns]
            hint = maybe(name, known, 3) or f"There are {', '.join(known)}."
            problem = "is no column of candidates that can be set."
            found.append(defects(V6, table, column=f"{at}.{name}", problem=problem, hint=hint))
            continue
        dtype = campaign.candidates.schema[name]
        cell, problem = as_cell(value, dtype)
        if problem:
            found.append(
                defects(V6, table, column=f"{at}.{name}", value=shown(value), problem=problem, hint=example(dtype))
            )
        cells[name] = (column_metadata(columns[name]).get("neutral") if cell is None else cell, dtype)
    return cells, pl.concat(found)


def _eligible(campaign: Campaign, tables: Tables, written: Written) -> tuple[Tables, list[str], pl.DataFrame]:
    """The candidates, those who miss a condition with their request cancelled for it."""
    table, conditions = written.table, written.variant.eligibility
    if not conditions:
        return tables, [], no_defects()
    if campaign.rules.is_none or campaign.settings.movement == "tzr":
        hint = "Leave candidates out by [population.candidates] with leave_out = true."
        return tables, [], defects(V7, table, column="eligibility", problem="finds no input rule to add to.", hint=hint)
    rows, notes, found = described(campaign, tables), list[str](), [no_defects()]
    out = list[pl.Series]()
    for number, condition in enumerate(conditions, start=1):
        at = f"eligibility.{number}" if len(conditions) > 1 else "eligibility"
        concerned, wrong = rows_where(rows, condition.where, table, f"{at}.where")
        fit, unmet = rows_where(rows, condition.requires, table, f"{at}.requires")
        found += [wrong, unmet]
        missed = rows["candidate_id"].filter(concerned & ~fit)
        out.append(_with_partners(tables["links"], missed))
        notes.append(
            f"variant {written.variant.id}: {at}: {len(missed)} of {int(concerned.sum())} candidates do not meet it."
        )
    hit = pl.col("candidate_id").is_in(pl.concat(out).implode())
    cause = pl.when(hit & pl.col("cancelled").is_null()).then(pl.lit(NOT_ELIGIBLE)).otherwise("cancelled")
    candidates = tables["candidates"].with_columns(cancelled=cause)
    return tables | {"candidates": candidates}, notes, pl.concat(found)


def _together(links: pl.DataFrame, ids: pl.Series) -> pl.Series:
    """The identifier each candidate is drawn by: of linked ones, the first of all."""
    first = links.group_by("link_id").agg(first=pl.col("candidate_id").min()).join(links, on="link_id")
    first = first.group_by("candidate_id").agg(pl.col("first").min())
    named = pl.DataFrame({"candidate_id": ids}).join(first, on="candidate_id", how="left", maintain_order="left")
    return named.select(pl.coalesce("first", "candidate_id"))["first"]


def _with_partners(links: pl.DataFrame, chosen: pl.Series) -> pl.Series:
    """The chosen candidates and everybody linked with one of them."""
    of_them = links.filter(pl.col("candidate_id").is_in(chosen.implode()))["link_id"]
    partners = links.filter(pl.col("link_id").is_in(of_them.implode()))["candidate_id"]
    return pl.concat([chosen, partners]).unique().sort()
