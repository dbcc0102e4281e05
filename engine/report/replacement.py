"""Zones de remplacement: who ends on one, and who leaves one for a school."""

from __future__ import annotations

import polars as pl

from engine.report.drawing import INK, Part, stacked_bars
from engine.report.facts import Facts
from engine.report.fates import share_bar
from engine.report.parts import Column, Picture, Section, Table, Text

LOOK = {
    "school_wish": ("#0b4a86", "#ffffff"),
    "school_extension": ("#a8cdea", INK),
    "zr_wish": ("#c77b13", "#ffffff"),
    "zr_extension": ("#f3cd93", INK),
}
"""Colours of where movers end: a school or a zone, by a wish or by extension."""


def replacement_section(facts: Facts) -> Section | None:
    """Where movers end, by where they come from. None where the movement has no zone de remplacement."""
    words, movers = facts.words, _movers(facts)
    if movers is None:
        return None
    if movers.is_empty():
        return Section("replacement", words("replacement"), (facts.nothing("empty_flows"),))
    new, old = movers.filter(pl.col("source") == "none"), movers.filter(pl.col("source") == "zr")
    counts = {"new": new.filter("zr").height, "left": old.filter(~pl.col("zr")).height}
    counts["joined"] = movers.filter((pl.col("source") == "school") & pl.col("zr")).height
    lead = words("lead_replacement", share=words.share(counts["new"], new.height), **counts)
    return Section("replacement", words("replacement"), (Text(lead, "lead"), _picture(facts, movers)))


def _movers(facts: Facts) -> pl.DataFrame | None:
    """One row per mover: source (none, school, zr), zr (whether he ends on one), end (of `LOOK`)."""
    places = facts.run.campaign.places.select("place_id", zr=pl.col("kind") == "ZR")
    if not places["zr"].any():
        return None
    posts = facts.run.campaign.posts.select("post_id", "place_id").join(places, on="place_id").drop("place_id")
    movers = facts.people.filter("moved").join(posts, on="post_id", how="left", maintain_order="left")
    held = posts.rename({"post_id": "held_post", "zr": "from_zr"})
    movers = movers.join(held, on="held_post", how="left", maintain_order="left")
    from_zr, extended = pl.col("from_zr"), pl.col("fate") == "extended"
    source = (
        pl.when(from_zr.is_null()).then(pl.lit("none")).when(from_zr).then(pl.lit("zr")).otherwise(pl.lit("school"))
    )
    where = pl.when("zr").then(pl.lit("zr_")).otherwise(pl.lit("school_"))
    how = pl.when(extended).then(pl.lit("extension")).otherwise(pl.lit("wish"))
    return movers.select("zr", source=source, end=where + how)


def _picture(facts: Facts, movers: pl.DataFrame) -> Picture:
    words = facts.words
    sources = [name for name in ("none", "school", "zr") if (movers["source"] == name).any()]
    labels = {name: words(f"source_{name}") for name in sources}
    counts = {name: _ends(movers.filter(pl.col("source") == name)) for name in sources}
    ends = {words(f"end_{end}"): Part(words(f"end_{end}"), *look) for end, look in LOOK.items()}
    told = {name: {words(f"end_{end}"): count for end, count in counts[name].items()} for name in sources}
    rows = [bar for name in sources for bar in share_bar(labels[name], told[name], words)]
    drawing = stacked_bars({words("everybody"): rows}, list(labels.values()), tuple(ends.values()))
    heads = (Column(words("source")), Column(words("moved")), *map(Column, ends))
    cells = tuple(
        (labels[name], words.number(sum(counts[name].values())), *map(words.number, counts[name].values()))
        for name in sources
    )
    table = Table(words("caption_replacement"), heads, cells, folded=True)
    return Picture(drawing, words("alt_replacement"), words("caption_replacement"), tuple(ends.values()), table)


def _ends(movers: pl.DataFrame) -> dict[str, int]:
    counted = dict(movers["end"].value_counts().iter_rows())
    return {end: int(counted.get(end, 0)) for end in LOOK}
