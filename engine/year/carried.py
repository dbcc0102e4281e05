"""What links are made of: who goes, which seats that frees, who comes, and the record of all of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from engine.year.tables import Tables

MOVED = ("assigned", "extended")
TOGETHER = "mutation_simultanee"
RESTATED = (
    "held_post",
    "mandatory",
    "disability_zones",
    "preferential_years",
    "renewal_years",
    "reinstatement_academy",
    "overseas_interests",
    "closed_place",
    "closed_kind",
    "evidence_missing",
    "request_date",
    "late_reason",
    "confirmation_date",
    "confirmation_excuse",
    "cancelled",
    "cancel_date",
    "cancel_reason",
    "hours",
)
"""Facts of a candidate that belong to one movement: the next one starts without them, or they are stated anew."""

PASSAGE_COLUMNS = {
    "candidate_id": pl.String,
    "change": pl.String,
    "reason": pl.String,
    "academy": pl.String,
    "post_id": pl.String,
    "seat_freed": pl.Boolean,
}


@dataclass(frozen=True, eq=False)
class Finished:
    """A campaign that has been run.

    Attributes
    ----------
    name, movement : of the campaign
    tables : places, posts, candidates, links it was run on
    outcomes : of the run
    """

    name: str
    movement: str
    tables: Tables
    outcomes: pl.DataFrame

    @property
    def people(self) -> pl.DataFrame:
        """The candidates with their outcome: status, place_id, post_id."""
        return self.tables["candidates"].join(
            self.outcomes.select("candidate_id", "status", "place_id", "post_id"), on="candidate_id"
        )


@dataclass(frozen=True, eq=False)
class Carried:
    """The tables of a campaign after a link, and who passed through it.

    Attributes
    ----------
    passages : candidate_id, change (removed, entered, left_over), reason, academy (entered, or of the seat freed),
        post_id (the seat freed), seat_freed
    """

    tables: Tables
    passages: pl.DataFrame


def passages(rows: pl.DataFrame, change: str, reason: str, *, freed: bool = False) -> pl.DataFrame:
    """Rows of the record, from frames with candidate_id and, where it is known, academy and post_id."""
    known = {name: pl.col(name) for name in ("academy", "post_id") if name in rows.columns}
    absent = {name: pl.lit(None, pl.String) for name in ("academy", "post_id") if name not in rows.columns}
    said = {"change": pl.lit(change), "reason": pl.lit(reason), "seat_freed": pl.lit(freed)}
    return rows.select("candidate_id", **known, **absent, **said).select(
        pl.col(name).cast(kind) for name, kind in PASSAGE_COLUMNS.items()
    )


def recorded(rows: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The record in one form: sorted, nobody twice for the same change."""
    return pl.concat([pl.DataFrame(schema=PASSAGE_COLUMNS), *rows]).sort("candidate_id", "change", "post_id")


def without(tables: Tables, gone: pl.DataFrame) -> Tables:
    """The tables without any row of the candidates in `gone`."""
    kept = {
        name: table.join(gone, on="candidate_id", how="anti", maintain_order="left")
        for name, table in tables.items()
        if "candidate_id" in table.columns
    }
    return {**tables, **kept}


def with_seats(posts: pl.DataFrame, freed: pl.Series) -> pl.DataFrame:
    """The posts with one more seat for each time they are named in `freed`."""
    more = freed.drop_nulls().value_counts(name="#more").rename({freed.name: "post_id"})
    joined = posts.join(more, on="post_id", how="left", maintain_order="left")
    seats = pl.col("seats") + pl.col("#more").fill_null(0).cast(pl.Int64)
    return joined.with_columns(seats=seats).drop("#more")


def with_rows(table: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The table with more rows; columns that these do not have are empty in them, others are dropped."""
    known = [column for column in table.columns if column in rows.columns]
    typed = rows.select(pl.col(column).cast(table.schema[column]) for column in known)
    return pl.concat([table, typed], how="diagonal")


def alone(tables: Tables) -> tuple[Tables, pl.DataFrame]:
    """The tables without links of one member, and the members left alone: their strategy falls with the link."""
    links = tables["links"]
    lonely = links.filter(pl.len().over("link_id") < 2).select("candidate_id")
    return unlinked(tables, lonely), lonely


def unlinked(tables: Tables, members: pl.DataFrame) -> Tables:
    """The tables without the links of some candidates, who no longer ask to move together."""
    if members.is_empty():
        return tables
    people, links = tables["candidates"], tables["links"]
    marked = people.join(members.with_columns(alone=True), on="candidate_id", how="left", maintain_order="left")
    strategies = [name for name in ("family", "inter_family") if name in people.columns]
    lost = pl.col("alone").fill_null(False) & (pl.col("family") == TOGETHER)
    changed = marked.with_columns(
        pl.when(lost).then(None).otherwise(pl.col(name)).alias(name) for name in strategies
    ).drop("alone")
    return {**tables, "candidates": changed, "links": links.join(members, on="candidate_id", how="anti")}


def leaving(tables: Tables, own: Tables, gone: pl.DataFrame) -> tuple[Tables, pl.DataFrame]:
    """The tables without those who are gone, whose posts are vacant; and the posts: candidate_id, post_id.

    Who takes part leaves the post he holds, who does not the one the table of incumbents names. A seat is freed once.
    """
    held = tables["candidates"].select("candidate_id", post_id="held_post")
    both = pl.concat([held, own["incumbents"].select("candidate_id", "post_id")])
    left = both.join(gone.unique(), on="candidate_id", how="semi").drop_nulls("post_id").unique("candidate_id")
    seats = with_seats(tables["posts"], left["post_id"])
    return without({**tables, "posts": seats}, gone), left.sort("candidate_id")


def with_academy(posts: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Rows that name posts with the académie of each."""
    where = (
        tables["posts"]
        .select("post_id", "place_id")
        .join(tables["places"].select("place_id", "academy"), on="place_id")
    )
    return posts.join(where.select("post_id", "academy"), on="post_id", how="left")
