"""Linked requests of a population: two candidates who ask for the same wishes in the same order, spouses or not.

How many there are was read nowhere. Pairs are made of candidates of one place without a family strategy, after
everything else was drawn: the second takes over the list of the first.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from scenarios.draws import Streams
from scenarios.figures import Links

STRATEGY = "mutation_simultanee"
ZONE_COLUMNS = ("place_id", "commune", "grouping", "department", "academy")

MOST_PAIRS = 1500
"""More are drawn only where they are asked for."""

Tables = Mapping[str, pl.DataFrame]


def with_links(tables: Tables, links: Links, pairs: int, streams: Streams) -> dict[str, pl.DataFrame]:
    """The tables of a campaign, some of its candidates linked in pairs.

    Parameters
    ----------
    tables : places, posts, candidates, wishes and others, as drawn
    pairs : how many there are; fewer where there are not so many candidates to link

    Returns
    -------
    The same tables with `links`. Partners are both mandatory or hold posts in one département (académie, where places
    are académies), and at the intra are of one académie. Spouses have the strategy mutation simultanée.
    """
    members = _pairs(tables, pairs, streams)
    if members.is_empty():
        return dict(tables)
    together = streams.flags("link_spouses", members.height // 2, links.spouses_share.value)
    spouses = members.filter(pl.Series(np.repeat(together, 2)))
    return {
        **tables,
        "candidates": _with_strategy(tables, spouses),
        "wishes": _with_shared_lists(tables["wishes"], members),
        "links": members.select("link_id", "candidate_id").sort("link_id", "candidate_id"),
    }


def _pairs(tables: Tables, pairs: int, streams: Streams) -> pl.DataFrame:
    """link_id, candidate_id, first (whose list counts): two rows for each pair, one after the other."""
    people = tables["candidates"].with_columns(lot=pl.Series(streams.uniform("link", tables["candidates"].height)))
    free = people.filter(pl.col("family").is_null()).join(tables["wishes"], on="candidate_id", how="semi")
    free = free.join(_out_of_question(tables), on="candidate_id", how="anti")
    grouped = free.join(_groups(tables), on="candidate_id").sort("group", "lot")
    place = pl.int_range(pl.len()).over("group")
    paired = grouped.with_columns(pair=place // 2).filter(pl.len().over("group", "pair") == 2)
    first = pl.col("candidate_id").first().over("group", "pair")
    lot = pl.col("lot").first().over("group", "pair")
    chosen = paired.with_columns(first=first, order=lot).sort("order", "lot").head(2 * pairs)
    number = (pl.int_range(pl.len()) // 2 + 1).cast(pl.String).str.zfill(max(4, len(str(pairs))))
    return chosen.select(link_id=pl.lit("L") + number, candidate_id="candidate_id", first="first")


def _out_of_question(tables: Tables) -> pl.DataFrame:
    """Candidates for whom a list is made of what only they may ask for: specific posts, a post that is taken away."""
    specific = tables["wishes"].filter(pl.col("kind") == "POST").select("candidate_id")
    lost = [specific]
    candidates = tables["candidates"]
    if "closed_kind" in candidates.columns:
        lost.append(candidates.filter(pl.col("closed_kind").is_not_null()).select("candidate_id"))
    if "closures" in tables:
        closing = tables["closures"].select(held_post="post_id")
        lost.append(candidates.join(closing, on="held_post", how="semi").select("candidate_id"))
    return pl.concat(lost).unique()


def _groups(tables: Tables) -> pl.DataFrame:
    """candidate_id, group: who may be linked to whom."""
    department = pl.col("department") if "department" in tables["places"].columns else pl.lit(None, pl.String)
    places = tables["places"].select("place_id", around=pl.coalesce(department, "academy"))
    held = tables["posts"].select("place_id", held_post="post_id").join(places, on="place_id")
    asked = tables["wishes"].filter(pl.col("rank") == 1).select("candidate_id", "kind", "code")
    rows = tables["candidates"].select("candidate_id", "held_post").join(held, on="held_post", how="left")
    rows = rows.join(asked, on="candidate_id").join(_academies(tables), on=["kind", "code"], how="left")
    free = pl.concat_str(pl.lit("mandatory "), pl.col("academy").fill_null(""))
    return rows.select("candidate_id", group=pl.coalesce("around", free))


def _academies(tables: Tables) -> pl.DataFrame:
    """kind, code, academy of the zones of an intra; none for those of an inter, where everybody may meet."""
    places = tables["places"].filter(pl.col("kind") != "ACA")
    kinds = {"ETB": "place_id", "ZRE": "place_id", "COM": "commune", "GEO": "grouping", "DPT": "department"}
    kinds |= {"ACA": "academy", "ZRD": "department", "ZRA": "academy"}
    named = [
        places.select(kind=pl.lit(kind), code=pl.col(column), academy=pl.col("academy"))
        for kind, column in kinds.items()
        if column in places.columns
    ]
    return pl.concat(named).drop_nulls().unique(["kind", "code"], keep="first", maintain_order=True)


def _with_shared_lists(wishes: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """The wishes, the second of each pair asking for what the first asks for."""
    shared = members.join(wishes, left_on="first", right_on="candidate_id").select(wishes.columns)
    others = wishes.join(members, on="candidate_id", how="anti")
    return pl.concat([others, shared]).sort("candidate_id", "rank")


def _with_strategy(tables: Tables, spouses: pl.DataFrame) -> pl.DataFrame:
    """The candidates, spouses with their strategy, which points to where their first wish is."""
    first = tables["wishes"].filter(pl.col("rank") == 1).select(first="candidate_id", code="code")
    where = spouses.join(first, on="first").join(_departments(tables), on="code", how="left")
    rows = tables["candidates"].join(where, on="candidate_id", how="left", maintain_order="left")
    spouse = pl.col("first").is_not_null()
    changed: dict[str, pl.Expr] = {"family": pl.lit(STRATEGY)}
    if "spouse_academy" in rows.columns:
        changed["spouse_academy"] = pl.col("code")
    else:
        changed["spouse_department"] = pl.col("of_zone")
        changed["inter_family"] = pl.when("mandatory").then(pl.lit(STRATEGY))  # entrants keep it
    told = rows.with_columns(
        pl.when(spouse).then(value).otherwise(pl.col(name)).alias(name) for name, value in changed.items()
    )
    return told.select(tables["candidates"].columns)


def _departments(tables: Tables) -> pl.DataFrame:
    """code, of_zone: a département of every zone that can be asked for."""
    places = tables["places"]
    if "department" not in places.columns:
        return pl.DataFrame(schema={"code": pl.String, "of_zone": pl.String})
    named = [places.select(code=pl.col(column), of_zone=pl.col("department")) for column in ZONE_COLUMNS]
    return pl.concat(named).drop_nulls().unique("code", keep="first", maintain_order=True)
