"""Inter -> intra: who enters an académie must take part in its intra, with the family strategy he had (S2, 2016).

Who leaves an académie leaves his post there. A mandatory candidate who obtained nothing takes part, as mandatory, in
the académie where he was trained; where none is known he is left over, and the report of the year names him.
"""

from __future__ import annotations

import polars as pl

from engine.year.carried import (
    MOVED,
    RESTATED,
    Carried,
    Finished,
    leaving,
    passages,
    recorded,
    unlinked,
    with_academy,
    with_rows,
)
from engine.year.tables import Tables

WITHOUT_A_LIST = (("ACA", 1), ("ZRA", 2))
"""Wishes of who names none: any school of the académie, then any of its zones de remplacement."""


def entrants(tables: Tables, own: Tables, before: Finished) -> Carried:
    """The tables of an intra with those who enter its académies, and without those who leave them."""
    people = before.people
    moved = pl.col("status").is_in(MOVED)
    entered = _into(people.filter(moved), before.tables["places"])
    failed = _failed(people.filter(pl.col("mandatory") & ~moved), tables["candidates"])
    gone = people.filter(moved).select("candidate_id")
    remaining, left = leaving(tables, own, gone)
    here = tables["places"].select("academy").drop_nulls().unique()
    arrivals = pl.concat([entered, failed.drop_nulls("academy")], how="diagonal").join(here, on="academy", how="semi")
    added, apart = _together(_added(remaining, own, arrivals), before.tables["links"], arrivals)
    left = with_academy(left, tables)
    postless = gone.join(tables["candidates"], on="candidate_id", how="semi").join(left, on="candidate_id", how="anti")
    record = [
        passages(left, "removed", "left_academy", freed=True),
        passages(postless, "removed", "left_academy"),
        passages(entered.join(here, on="academy", how="semi"), "entered", "inter"),
        passages(failed.join(here, on="academy", how="semi"), "entered", "failed_at_inter"),
        passages(failed.filter(pl.col("academy").is_null()), "left_over", "no_academy"),
        passages(apart, "unlinked", "apart"),
    ]
    return Carried(added, recorded(record))


def _into(people: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Those who moved, with the académie entered."""
    academy = pl.coalesce(pl.col("academy"), pl.col("place_id"))
    return people.join(places.select("place_id", "academy"), on="place_id", how="left").with_columns(academy=academy)


def _failed(people: pl.DataFrame, taking_part: pl.DataFrame) -> pl.DataFrame:
    """Mandatory candidates without an académie, with that of their training; those who take part as it is left out."""
    known = "training_academy" if "training_academy" in people.columns else None
    others = people.join(taking_part, on="candidate_id", how="anti")
    return others.with_columns(academy=pl.col(known) if known else pl.lit(None, pl.String))


def _added(tables: Tables, own: Tables, arrivals: pl.DataFrame) -> Tables:
    """The tables with the arrivals as mandatory candidates, each with his list."""
    facts = arrivals.drop([c for c in RESTATED if c in arrivals.columns]).with_columns(
        mandatory=pl.lit(True), inter_family=pl.col("family"), inter_discipline=pl.col("discipline")
    )
    stated = own["entrant_facts"].join(facts, on="candidate_id", how="semi")
    told = _restated(facts, stated)
    wishes = _lists(own["entrant_wishes"], arrivals.select("candidate_id", "academy"))
    return {
        **tables,
        "candidates": with_rows(tables["candidates"], told),
        "wishes": with_rows(tables["wishes"], wishes),
    }


def _lists(written: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """The wishes that each has written for the académie he entered; the whole académie where he has written none."""
    lists = written.join(names, on=["candidate_id", "academy"], how="semi")
    silent = names.join(lists, on="candidate_id", how="anti")
    default = [
        silent.select("candidate_id", rank=pl.lit(rank, pl.Int64), kind=pl.lit(kind), code="academy")
        for kind, rank in WITHOUT_A_LIST
    ]
    return pl.concat([lists.drop("academy"), *default], how="diagonal")


def _restated(facts: pl.DataFrame, stated: pl.DataFrame) -> pl.DataFrame:
    """The facts, those stated anew in the place of the former ones."""
    joined = facts.join(stated, on="candidate_id", how="left", suffix="#new", maintain_order="left")
    anew = [column for column in stated.columns if column != "candidate_id" and column in facts.columns]
    coalesced = [pl.coalesce(f"{column}#new", column).alias(column) for column in anew]
    return joined.with_columns(coalesced).drop([f"{column}#new" for column in anew])


def _together(tables: Tables, links: pl.DataFrame, arrivals: pl.DataFrame) -> tuple[Tables, pl.DataFrame]:
    """The tables with the links of those who entered one académie together; and those whose link ends here."""
    sizes = links.group_by("link_id").agg(size=pl.len())
    linked = arrivals.select("candidate_id", "academy").join(links, on="candidate_id").join(sizes, on="link_id")
    alike = (pl.col("academy").n_unique().over("link_id") == 1) & (pl.len().over("link_id") == pl.col("size"))
    kept, apart = linked.filter(alike), linked.filter(~alike).select("candidate_id")
    named = kept.select(pl.format("inter-{}", "link_id").alias("link_id"), "candidate_id")
    return unlinked({**tables, "links": with_rows(tables["links"], named)}, apart), apart
