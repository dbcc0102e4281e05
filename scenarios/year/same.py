"""Who is the same person in several campaigns of a year: one name in all of them."""

from __future__ import annotations

import polars as pl

from scenarios.draws import Streams

Tables = dict[str, pl.DataFrame]

OF_THE_PERSON = ("birth_date", "corps", "grade", "echelon", "echelon_years", "post_years")
SERVED = ("zr_years", "priority_education_years", "preferential_years")


def renamed(tables: Tables, names: pl.DataFrame, prefix: str) -> Tables:
    """The tables with candidates renamed: those of `names` (candidate_id, person), the others by a prefix."""
    return {
        name: _renamed(table, names, prefix) if "candidate_id" in table.columns else table
        for name, table in tables.items()
    }


def _renamed(table: pl.DataFrame, names: pl.DataFrame, prefix: str) -> pl.DataFrame:
    other = pl.lit(prefix) + pl.col("candidate_id")
    joined = table.join(names, on="candidate_id", how="left", maintain_order="left")
    return joined.with_columns(candidate_id=pl.coalesce("person", other)).drop("person")


def holders_in_intra(inter: Tables, intra: Tables, share: float, streams: Streams) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Where the holders of the inter serve.

    Returns
    -------
    names : candidate_id of the intra, person: its candidates who are candidates of the inter too
    incumbents : candidate_id of the inter, post_id: the others, as long as there are posts of their discipline in
        their académie that no participant of the intra holds
    """
    holders = by_lot(_inter_holders(inter), "inter_order", streams)
    asking = streams.flags("inter_in_intra", holders.height, share)
    free = by_lot(_intra_holders(intra), "intra_order", streams)
    both = holders.filter(pl.Series(asking))
    names = matched(both, free.select("market", person="candidate_id")).rename(
        {"candidate_id": "person", "person": "candidate_id"}
    )
    others = holders.join(names, left_on="candidate_id", right_on="person", how="anti")
    vacant = by_lot(unclaimed(intra), "slot_order", streams)
    incumbents = matched(others, vacant.select("market", "post_id"))
    return names.select("candidate_id", "person"), incumbents.sort("candidate_id")


def as_in_inter(candidates: pl.DataFrame, inter: pl.DataFrame) -> pl.DataFrame:
    """The candidates of the intra, those of the inter with the facts of their person as they are there."""
    told = inter.select("candidate_id", *OF_THE_PERSON)
    joined = candidates.join(told, on="candidate_id", how="left", suffix="#inter", maintain_order="left")
    known = joined.with_columns(pl.coalesce(f"{name}#inter", name).alias(name) for name in OF_THE_PERSON)
    return known.with_columns(pl.min_horizontal(name, "post_years").alias(name) for name in SERVED).select(
        candidates.columns
    )


def _inter_holders(inter: Tables) -> pl.DataFrame:
    held = inter["posts"].select(held_post="post_id", academy="place_id")
    linked = (
        inter["links"].select("candidate_id")
        if "links" in inter
        else inter["candidates"].select("candidate_id").clear()
    )
    people = inter["candidates"].join(linked, on="candidate_id", how="anti").join(held, on="held_post")
    rest = inter["candidates"].join(linked, on="candidate_id", how="semi").join(held, on="held_post")
    every = pl.concat([people, rest])
    return every.select("candidate_id", market=pl.format("{} {}", "academy", "discipline"))


def _intra_holders(intra: Tables) -> pl.DataFrame:
    """Holders of ordinary posts in the intra, but for those on posts that are closed: the least senior loses his."""
    posts = with_markets(intra).filter(pl.col("profile") == "ordinary")
    closing = intra["closures"].select("post_id") if "closures" in intra else posts.select("post_id").clear()
    here = posts.join(closing, on="post_id", how="anti").select(held_post="post_id", market="market")
    return intra["candidates"].select("candidate_id", "held_post").join(here, on="held_post")


def unclaimed(intra: Tables) -> pl.DataFrame:
    """post_id, market, once per seat of an ordinary post that is neither vacant nor held by anybody who is named."""
    people = [intra["candidates"].select(post_id="held_post")]
    people += [intra["incumbents"].select("post_id")] if "incumbents" in intra else []
    held = pl.concat(people).group_by("post_id").agg(held=pl.len())
    lost = intra["candidates"].filter(pl.col("closed_place").is_not_null())
    taken = lost.group_by(place_id="closed_place", discipline="discipline").agg(lost=pl.len())
    posts = with_markets(intra).filter(pl.col("profile") == "ordinary").join(held, on="post_id", how="left")
    posts = posts.join(taken, on=["place_id", "discipline"], how="left").fill_null(0)
    room = pl.col("positions") - pl.col("seats").clip(0) - pl.col("held").cast(pl.Int64) - pl.col("lost").cast(pl.Int64)
    slots = posts.sort("post_id").select("post_id", "market", room=room.clip(0))
    return slots.select(pl.all().exclude("room").repeat_by("room").explode()).drop_nulls()


def with_markets(intra: Tables) -> pl.DataFrame:
    where = intra["places"].select("place_id", "academy")
    named = intra["posts"].join(where, on="place_id", maintain_order="left")
    return named.with_columns(market=pl.format("{} {}", "academy", "discipline"))


def by_lot(rows: pl.DataFrame, subject: str, streams: Streams) -> pl.DataFrame:
    """The rows in random order."""
    return rows.with_columns(lot=pl.Series(streams.uniform(subject, rows.height))).sort("lot").drop("lot")


def matched(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """Rows of one and the other put together one by one, market by market."""
    number = pl.int_range(pl.len()).over("market").alias("number")
    pairs = first.with_columns(number).join(second.with_columns(number), on=["market", "number"], maintain_order="left")
    return pairs.drop("market", "number")
