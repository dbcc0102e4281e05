"""Extension: how many it placed, and how far from their first wish."""

from __future__ import annotations

import polars as pl

from engine.model.zones import NAME
from engine.report.facts import Facts
from engine.report.kilometres import km_picture, km_to_zone, median
from engine.report.parts import Block, Section, Text

COLOUR = "#e8a33d"


def extension_section(facts: Facts) -> Section | None:
    """Distances from the first wish to the post given by extension. None where wishes are not extended."""
    words = facts.words
    if facts.run.options.extension == "none":
        return None
    extended = facts.people.filter(pl.col("fate") == "extended")
    if extended.is_empty():
        return Section("extension", words("extension"), (facts.nothing("empty_extension"),))
    km = _distances(facts, extended)
    known, mandatory = km.drop_nulls(), facts.people.filter("mandatory").height
    share = words.share(extended.height, mandatory)
    blocks: list[Block] = [Text(words("lead_extension", count=extended.height, share=share), "lead")]
    if known.len():
        figures: dict[str, str | int] = {"count": extended.height, "share": share, "median": median(known)}
        near = {"near": words.share(int((known == 0).sum()), known.len())} if facts.has_schools else {}
        lead = words("lead_extension_km" if near else "lead_extension_seat", **figures, **near)
        blocks = [Text(lead, "lead")]
        blocks.append(km_picture(known, words, unit="candidates", axis="axis_km", subject="extension", colour=COLOUR))
        blocks.append(Text(words("note_extension_zone" if facts.has_schools else "note_extension_seat"), "note"))
    return Section("extension", words("extension"), tuple(blocks))


def _distances(facts: Facts, extended: pl.DataFrame) -> pl.Series:
    """Kilometres from the post given to the nearest place of the first wish; null where it cannot be told."""
    campaign = facts.run.campaign
    first = campaign.wishes.filter(pl.col("rank") == 1).select("candidate_id", *NAME)
    places = campaign.posts.select("post_id", "place_id")
    rows = extended.select("candidate_id", "post_id").join(first, on="candidate_id").join(places, on="post_id")
    return km_to_zone(campaign, facts.where, rows.sort("candidate_id"))
