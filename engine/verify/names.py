"""Contracts, posts and candidates as people call them."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.model.market import Ints
from engine.verify.audit import Audit
from engine.verify.lists import NOTHING


def zone_name() -> pl.Expr:
    """Kind and code of a zone, and the type of school where one is asked for."""
    return pl.concat_str("kind", "code", "school_type", separator=" ", ignore_nulls=True)


def contract_name() -> pl.Expr:
    """The zone of a contract and what it is: wish 3, extension, or the post held."""
    phase = pl.col("phase").cast(pl.String)
    return (
        pl.when(phase == "main")
        .then(pl.format("{} (wish {})", zone_name(), pl.col("rank")))
        .when(phase == "stay")
        .then(pl.format("the post held, {}", pl.col("code")))
        .when(phase == "closing")
        .then(pl.format("a seat of {} to be closed", pl.col("code")))
        .when(phase == "extension")
        .then(pl.format("{} (extension)", zone_name()))
    )


def contracts_named(audit: Audit, contracts: Ints) -> pl.DataFrame:
    """Columns candidate_id, discipline, kind, code, school_type, name: one row for each contract, in order.

    All are null for `NOTHING`; candidate_id for a seat to be closed.
    """
    lists = audit.lists
    owner = np.where(contracts >= 0, np.append(lists.candidate, NOTHING)[contracts], NOTHING)
    person = or_null(np.where(owner < lists.num_people, owner, NOTHING))
    a_post = np.append(lists.zone_post, NOTHING)[lists.zone_ptr[np.append(lists.zone, NOTHING)[contracts]]]
    columns = pl.col("kind", "code", "school_type", "phase", "rank")
    rows = audit.contracts.rows.select(columns.gather(or_null(contracts)))
    people = audit.campaign.candidates.select(pl.col("candidate_id").gather(person))
    posts = audit.posts.select(
        pl.col("discipline", "post_id").gather(or_null(np.where(contracts >= 0, a_post, NOTHING)))
    )
    one_of = (pl.col("phase").cast(pl.String) == "main") & pl.lit(audit.scored.selection is not None)
    name = pl.when(one_of).then(pl.format("{} by {}", "post_id", contract_name())).otherwise(contract_name())
    return pl.concat([people, posts, rows], how="horizontal").select(
        "candidate_id", "discipline", "kind", "code", "school_type", name.alias("name")
    )


def or_null(numbers: Ints) -> pl.Series:
    """Numbers of rows, null where there is none: what a column can be gathered by."""
    rows = pl.Series("row", numbers, dtype=pl.Int64)
    return rows.to_frame().select(pl.when(pl.col("row") >= 0).then("row"))["row"]


def holder_of(audit: Audit, priorities: Ints) -> Ints:
    """Contracts of these priorities, `NOTHING` for what is none."""
    known = audit.lists.row_of_priority
    inside = (priorities > 0) & (priorities < len(known))
    return np.where(inside, known[np.where(inside, priorities, 0)], NOTHING)
