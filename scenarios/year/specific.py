"""Who asks for a specific post: candidates of the inter or the intra of the year, or holders who ask nothing else."""

from __future__ import annotations

import polars as pl

from scenarios.draws import Streams
from scenarios.year.profile import Same
from scenarios.year.same import Tables, by_lot, matched, renamed, unclaimed, with_markets

OF_THE_PERSON = ("birth_date", "corps")


def specific_of_year(
    specific: Tables, inter: Tables, intra: Tables, same: Same, streams: Streams
) -> tuple[Tables, Tables, Tables]:
    """The population on specific posts, the inter and the intra of a year, as the same people.

    Who asks for the first time holds an ordinary post of his discipline: as a candidate of the inter, as one of the
    intra, or as an incumbent of both, as long as there are such posts that nobody else holds.
    """
    newcomers = specific["candidates"].filter(pl.col("held_post").is_null())
    newcomers = by_lot(newcomers.select("candidate_id", market="discipline"), "specific_order", streams)
    asking = streams.flags("specific_in_inter", newcomers.height, same.specific_in_inter.value)
    in_inter = matched(newcomers.filter(pl.Series(asking)), _holders(inter["candidates"], "inter", streams))
    rest = newcomers.join(in_inter, on="candidate_id", how="anti")
    asking = streams.flags("specific_in_intra", rest.height, same.specific_in_intra.value)
    only_intra = intra["candidates"].join(inter["candidates"], on="candidate_id", how="anti")
    in_intra = matched(rest.filter(pl.Series(asking)), _holders(only_intra, "intra", streams))
    rest = rest.join(in_intra, on="candidate_id", how="anti")
    beside = matched(rest, _vacant(intra, streams)).with_columns(person=pl.format("S{}", "candidate_id"))
    names = pl.concat([in_inter, in_intra]).select("candidate_id", "person")
    incumbents = beside.select("post_id", candidate_id="person")
    held = pl.concat([incumbents, _held(in_intra, intra["candidates"])])
    known = {"candidates": _as_elsewhere(specific["candidates"], names, inter["candidates"], intra["candidates"])}
    return (
        renamed({**specific, **known}, names, "S"),
        {**inter, "incumbents": _at_inter(held, inter["posts"], intra)},
        {**intra, "incumbents": _joined(intra["incumbents"], incumbents)},
    )


def _holders(candidates: pl.DataFrame, where: str, streams: Streams) -> pl.DataFrame:
    """market (the discipline), person: holders of posts, in random order."""
    holders = candidates.filter(pl.col("held_post").is_not_null())
    return by_lot(holders.select(market="discipline", person="candidate_id"), f"specific_{where}_holder", streams)


def _vacant(intra: Tables, streams: Streams) -> pl.DataFrame:
    """market (the discipline), post_id: one row per seat of a school that nobody named holds, in random order."""
    free = unclaimed(intra).join(intra["posts"].select("post_id", "place_id", "discipline"), on="post_id")
    schools = intra["places"].filter(pl.col("kind") == "ETB")
    rows = free.join(schools, on="place_id", how="semi", maintain_order="left")
    return by_lot(rows.select("post_id", market="discipline"), "specific_incumbent", streams)


def _held(names: pl.DataFrame, candidates: pl.DataFrame) -> pl.DataFrame:
    """post_id, candidate_id of candidates of the intra."""
    people = names.select(candidate_id="person").join(candidates, on="candidate_id")
    return people.select(post_id="held_post", candidate_id="candidate_id")


def _at_inter(held: pl.DataFrame, posts: pl.DataFrame, intra: Tables) -> pl.DataFrame:
    """candidate_id, post_id: the post of the inter that stands for a post of the intra, its académie and discipline."""
    where = with_markets(intra).select("post_id", "market")
    named = posts.select(of="post_id", market=pl.format("{} {}", "place_id", "discipline")).unique("market")
    rows = held.join(where, on="post_id").join(named, on="market")
    return rows.select("candidate_id", post_id="of").sort("candidate_id")


def _as_elsewhere(specific: pl.DataFrame, names: pl.DataFrame, *others: pl.DataFrame) -> pl.DataFrame:
    """The candidates with the facts that their person has in the first of the other populations that knows him."""
    told = pl.concat([table.select("candidate_id", *OF_THE_PERSON) for table in others], how="vertical_relaxed")
    first = told.unique("candidate_id", keep="first", maintain_order=True)
    facts = names.join(first, left_on="person", right_on="candidate_id").drop("person")
    joined = specific.join(facts, on="candidate_id", how="left", suffix="#known", maintain_order="left")
    known = joined.with_columns(pl.coalesce(f"{name}#known", name).alias(name) for name in OF_THE_PERSON)
    return known.select(specific.columns)


def _joined(incumbents: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([incumbents, more.select(incumbents.columns)]).sort("candidate_id")
