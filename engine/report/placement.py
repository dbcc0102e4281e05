"""Placement: how near to what they asked for first those sit who obtained a wide wish."""

from __future__ import annotations

import polars as pl

from engine.model.zones import NAME
from engine.report.facts import Facts
from engine.report.kilometres import km_picture, km_to_zone, median
from engine.report.parts import Section, Text

PRECISION = {"POST": 0, "ETB": 0, "COM": 1, "GEO": 2, "DPT": 3, "ACA": 4}
"""Kinds of wishes for schools; the smaller, the more precise."""

COLOUR = "#0b4a86"


def placement_section(facts: Facts) -> Section | None:
    """Distances from the indicative wish to the seat. None where no zone holds several posts."""
    words, wide = facts.words, facts.people.filter(pl.col("fate") != "extended")
    wide = wide.filter(pl.col("moved") & pl.col("kind").is_in(["COM", "GEO", "DPT", "ACA"]) & facts.has_schools)
    if wide.is_empty():
        return None
    guided = _guided(facts, wide)
    km = km_to_zone(facts.run.campaign, facts.where, guided).drop_nulls()
    if km.is_empty():
        return Section("placement", words("placement"), (Text(words("lead_unguided", count=wide.height), "lead"),))
    inside = words.share(int((km == 0).sum()), km.len())
    rule = words(f"rule_{facts.run.options.placement}")
    lead = words("lead_placement", wide=wide.height, guided=km.len(), inside=inside, median=median(km), rule=rule)
    picture = km_picture(km, words, unit="candidates", axis="axis_km", subject="placement", colour=COLOUR)
    note = Text(words("note_placement"), "note")
    return Section("placement", words("placement"), (Text(lead, "lead"), picture, note))


def _guided(facts: Facts, wide: pl.DataFrame) -> pl.DataFrame:
    """Where each sits, and his indicative wish: the most precise earlier one that is more precise (DESIGN 7)."""
    wishes = facts.run.campaign.wishes.select("candidate_id", *NAME, asked="rank")
    wishes = wishes.with_columns(precision=_precision(pl.col("kind")))
    granted = wide.select("candidate_id", "rank", "post_id", within=_precision(pl.col("kind")))
    earlier = granted.join(wishes, on="candidate_id").filter(
        (pl.col("asked") < pl.col("rank")) & (pl.col("precision") < pl.col("within"))
    )
    chosen = earlier.sort("candidate_id", "precision", "asked").unique(
        "candidate_id", keep="first", maintain_order=True
    )
    return chosen.join(facts.run.campaign.posts.select("post_id", "place_id"), on="post_id", maintain_order="left")


def _precision(kind: pl.Expr) -> pl.Expr:
    return kind.replace_strict(PRECISION, default=None, return_dtype=pl.Int64)
