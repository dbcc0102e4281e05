"""Improvement: who gained by the exchanges that follow the mechanism, how much, and inside which zone."""

from __future__ import annotations

import polars as pl

from engine.report.bars import count_picture
from engine.report.drawing import INK, Part, stacked_bars
from engine.report.facts import Facts
from engine.report.fates import share_bar
from engine.report.parts import Block, Column, Picture, Section, Table, Text

LEVELS = ("commune", "grouping", "department")
MANY = 6
"""Ranks gained from this one on are counted together."""

COLOUR = "#3f86c1"
LOOK = {
    "commune": ("#0b4a86", "#ffffff"),
    "grouping": ("#3f86c1", "#ffffff"),
    "department": ("#a8cdea", INK),
    "beyond": ("#d3d9e0", INK),
}


def improvement_section(facts: Facts) -> Section | None:
    """Who obtained a better wish after the mechanism, and who moved to make room. None without improvement."""
    words = facts.words
    if facts.run.options.improvement == "none":
        return None
    changed = _changed(facts)
    better = changed.filter("better")
    if better.is_empty():
        return Section("improvement", words("improvement"), (facts.nothing("empty_improvement"),))
    moved_on = better.filter(pl.col("from_rank").is_null() & pl.col("holder")).height
    lead = words("lead_improvement", better=better.height, kept=moved_on, other=changed.height - better.height)
    blocks: list[Block] = [Text(lead, "lead")]
    if facts.has_schools:
        blocks.append(_levels(facts, changed))
    return Section("improvement", words("improvement"), (*blocks, *_ranks(facts, better)))


def _changed(facts: Facts) -> pl.DataFrame:
    """Whom improvement gave another wish or another post: holder, better, from_rank, rank, level (of `LOOK`)."""
    had, has = pl.col("before_post_id"), pl.col("post_id")
    by_wish = pl.col("fate").is_in(["wish_1", "wish_2", "wish_3"])
    rows = facts.people.filter(by_wish & had.is_not_null()).rename({"before_rank": "from_rank"})
    better = pl.col("from_rank").is_null() | (pl.col("rank") < pl.col("from_rank"))
    rows = rows.with_columns(better=better).filter(pl.col("better") | (had != has))
    places = facts.run.campaign.places.select("place_id", *LEVELS)
    posts = facts.run.campaign.posts.select("post_id", "place_id").join(places, on="place_id")
    rows = rows.join(posts, on="post_id", how="left", maintain_order="left")
    rows = rows.join(
        posts, left_on="before_post_id", right_on="post_id", how="left", maintain_order="left", suffix="_before"
    )
    return rows.select("holder", "better", "from_rank", "rank", level=_level())


def _level() -> pl.Expr:
    """The narrowest zone that holds both the post before and the post after."""
    level = pl.lit("beyond")
    for name in reversed(LEVELS):
        level = pl.when(pl.col(name) == pl.col(f"{name}_before")).then(pl.lit(name)).otherwise(level)
    return level


def _levels(facts: Facts, changed: pl.DataFrame) -> Picture:
    words = facts.words
    groups = {"better": changed.filter("better"), "other": changed.filter(~pl.col("better"))}
    labels = {name: words(f"improved_{name}") for name, rows in groups.items() if rows.height}
    counts = {name: _by_level(groups[name]) for name in labels}
    parts = tuple(Part(words(f"level_{level}"), *look) for level, look in LOOK.items())
    told = {name: {words(f"level_{level}"): n for level, n in counts[name].items()} for name in labels}
    rows = [bar for name, label in labels.items() for bar in share_bar(label, told[name], words)]
    drawing = stacked_bars({words("everybody"): rows}, list(labels.values()), parts)
    heads = (Column(words("group")), *(Column(part.label) for part in parts))
    cells = tuple((label, *map(words.number, counts[name].values())) for name, label in labels.items())
    table = Table(words("caption_levels"), heads, cells, folded=True)
    return Picture(drawing, words("alt_levels"), words("caption_levels"), parts, table)


def _by_level(rows: pl.DataFrame) -> dict[str, int]:
    counted = dict(rows["level"].value_counts().iter_rows())
    return {level: int(counted.get(level, 0)) for level in LOOK}


def _ranks(facts: Facts, better: pl.DataFrame) -> tuple[Block, ...]:
    """How many ranks were gained, of those who had a wish before."""
    words = facts.words
    gained = (better["from_rank"] - better["rank"]).drop_nulls().clip(upper_bound=MANY)
    if gained.is_empty():
        return ()
    counted = dict(gained.value_counts().iter_rows())
    sizes = range(1, max(counted) + 1)
    counts = {words("rank_from", rank=n) if n == MANY else str(n): counted.get(n, 0) for n in sizes}
    return (count_picture(counts, words, unit="candidates", axis="axis_gained", subject="gained", colour=COLOUR),)
