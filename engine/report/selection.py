"""Specific posts: requests and appointments by type, and at which place of the order of a post those retained stood."""

from __future__ import annotations

import polars as pl

from engine.report.facts import Facts
from engine.report.parts import Block, Column, Section, Table, Text

PLACES = 4
"""Places from this one on are shown together."""


def selection_section(facts: Facts) -> Section | None:
    """What became of the requests; None in movements without."""
    if not facts.by_request:
        return None
    words = facts.words
    kept = facts.run.selections.filter(pl.col("result") == "obtained")
    empty = facts.nothing("empty_selection")
    blocks: tuple[Block, ...] = (_by_type(facts, kept), _places(facts, kept) if kept.height else empty)
    return Section("selection", words("selection"), (Text(_lead(facts, kept), "lead"), *blocks))


def _lead(facts: Facts, kept: pl.DataFrame) -> str:
    requests, words = facts.run.campaign.requests, facts.words
    people = requests["candidate_id"].n_unique()
    share = words.share(kept.height, people)
    return words("lead_selection", requests=requests.height, people=people, retained=kept.height, share=share)


def _by_type(facts: Facts, kept: pl.DataFrame) -> Table:
    """One row per type and discipline: requests, those with an admissible wish, retained, seats offered, left free."""
    words, campaign = facts.words, facts.run.campaign
    key = ["type", "discipline"]
    admissible = facts.run.wishes.filter("admissible").select("candidate_id", "rank")
    named = campaign.wishes.join(admissible, on=["candidate_id", "rank"]).select("candidate_id", "request").unique()
    free = facts.run.cutoffs.filter(pl.col("cutoff_kind") == "free").select("post_id", free=pl.lit(1))
    of_post = campaign.posts.select("post_id", *key, "seats").join(free, on="post_id", how="left")
    counts = (
        campaign.requests.group_by(key).agg(requests=pl.len()),
        campaign.requests.join(named, on=["candidate_id", "request"]).group_by(key).agg(examined=pl.len()),
        of_post.join(kept, on="post_id").group_by(key).agg(retained=pl.len()),
        of_post.group_by(key).agg(offered=pl.col("seats").clip(lower_bound=0).sum(), free=pl.col("free").sum()),
    )
    rows = counts[0]
    for count in counts[1:]:
        rows = rows.join(count, on=key, how="full", coalesce=True)
    figures = ("requests", "examined", "retained", "offered", "free")
    heads = (Column(words("selection_type"), numeric=False), *(Column(words(f"selection_{name}")) for name in figures))
    cells = tuple(
        (_named(facts, row), *(words.number(int(row[name] or 0)) for name in figures))
        for row in rows.sort(key, nulls_last=True).iter_rows(named=True)
    )
    return Table(words("caption_selection"), heads, cells)


def _named(facts: Facts, row: dict[str, str]) -> str:
    names = facts.run.campaign.rules.code_lists("types", "names")
    return f"{' '.join(names.get(row['type'], (row['type'],)))}, {row['discipline']}"


def _places(facts: Facts, kept: pl.DataFrame) -> Table:
    """How many of those retained stood first, second ... in the order of their post."""
    words = facts.words
    place = pl.col("position").clip(upper_bound=PLACES)
    counted = dict(kept.group_by(place).agg(pl.len()).iter_rows())
    labels = {n: words("selection_place", place=n) for n in range(1, PLACES)}
    labels[PLACES] = words("selection_place_on", place=PLACES)
    heads = (Column(words("selection_position"), numeric=False), Column(words("selection_retained")))
    return Table(
        words("caption_selection_places"),
        heads,
        tuple((label, words.number(int(counted.get(n, 0)))) for n, label in labels.items()),
    )
