"""Opinions on requests and candidates, and the order of those ranked for each post."""

from __future__ import annotations

import numpy as np
import polars as pl

from scenarios.draws import Streams, Words, choose, gumbel
from scenarios.specifique.people import People
from scenarios.specifique.profile import SpecifiqueProfile

UNFAVOURABLE = "unfavourable"


def draw_request_opinions(profile: SpecifiqueProfile, people: People, streams: Streams) -> Words:
    """object[n]: the opinion of the inspection on each candidate, the best by merit and chance the most favourable."""
    judgements = profile.judgements
    seen = people.merit + judgements.noise.value * gumbel(streams.uniform("inspection", len(people)))
    shares = np.array(list(judgements.opinions.value.values()))
    ends = np.cumsum(shares) / shares.sum() * len(people)
    place = np.empty(len(people), dtype=np.int64)
    place[np.argsort(-seen, kind="stable")] = np.arange(len(people))
    level = np.searchsorted(ends, place, side="right")
    return choose(list(judgements.opinions.value), np.minimum(level, len(shares) - 1))


def draw_post_opinions(
    profile: SpecifiqueProfile, people: People, reached: pl.DataFrame, opinion: Words, streams: Streams
) -> pl.DataFrame:
    """The rows of the table opinions, candidates and posts by number.

    Parameters
    ----------
    reached : candidate, post, named (whether a wish names the school itself): each pair once, sorted
    opinion : object[n], of the inspection on the request

    Returns
    -------
    polars.DataFrame with columns candidate, post, head_opinion, order; rows that say something, sorted
    """
    judgements = profile.judgements
    num = reached.height
    noise = judgements.noise.value * gumbel(streams.uniform("order", num))
    merit = people.merit[reached["candidate"].to_numpy()] + noise
    refused = pl.Series(opinion[reached["candidate"].to_numpy()] == UNFAVOURABLE)
    heard = streams.flags("head", num, judgements.head_opinion_share.value)
    said = streams.label("head_opinion", num, judgements.head_opinions.value)
    rows = reached.with_columns(pl.Series("merit", merit), refused.alias("refused"))
    rows = rows.with_columns(
        order=pl.when(~pl.col("refused")).then(
            pl.when(~pl.col("refused")).then("merit").rank("ordinal", descending=True).over("post").cast(pl.Int64)
        ),
        head_opinion=pl.when(pl.col("named") & pl.Series(heard)).then(pl.Series(said.astype(str))),
    )
    within = pl.col("order") <= judgements.ranked_per_post.value
    rows = rows.with_columns(order=pl.when(within).then("order"))
    told = rows.filter(pl.col("order").is_not_null() | pl.col("head_opinion").is_not_null())
    return told.select("candidate", "post", "head_opinion", "order")
