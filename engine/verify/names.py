"""Contracts, posts and candidates as people call them, in both languages."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.model.market import Ints
from engine.verify.audit import Audit
from engine.verify.lists import NOTHING
from engine.verify.texts import texts


def zone_name() -> pl.Expr:
    """Kind and code of a zone, and the type of school where one is asked for."""
    return pl.concat_str("kind", "code", "school_type", separator=" ", ignore_nulls=True)


def _contract_names(rows: pl.DataFrame, by_post: bool) -> pl.Series:
    """The zone of each contract and what it is: wish 3, extension, or the post held; where asked for with its post."""
    named = {
        "main": texts(rows, "contract_wish", zone=zone_name(), rank="rank"),
        "stay": texts(rows, "contract_stay", post="code"),
        "closing": texts(rows, "contract_closing", post="code"),
        "extension": texts(rows, "contract_extension", zone=zone_name()),
    }
    if by_post:
        one_of = rows.select("post_id").with_columns(contract=named["main"])
        named["main"] = texts(one_of, "contract_by", post="post_id", contract="contract")
    table = pl.DataFrame({**named, "phase": rows["phase"].cast(pl.String)})
    return table.select(pl.coalesce(pl.when(pl.col("phase") == name).then(name) for name in named)).to_series()


def contracts_named(audit: Audit, contracts: Ints) -> pl.DataFrame:
    """Columns candidate_id, discipline, kind, code, school_type, name: one row for each contract, in order.

    The name is a text in both languages (`engine.verify.texts`).

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
    named = pl.concat([people, posts, rows], how="horizontal")
    return named.select(
        "candidate_id",
        "discipline",
        "kind",
        "code",
        "school_type",
        _contract_names(named, by_post=audit.scored.selection is not None).alias("name"),
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
