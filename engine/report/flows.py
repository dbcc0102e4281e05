"""From where to where movers went, as a shaded table of origins and destinations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from engine.report.areas import MOST
from engine.report.facts import Facts
from engine.report.kilometres import km_between, km_picture, median
from engine.report.parts import Block, Key, Section, Shade, Shaded, ShadedColumn, ShadedRow, Text
from engine.report.scale import class_labels, class_of, round_steps

CLASSES = 6
COLOUR = "#0b4a86"
ELSEWHERE, NO_POST = " elsewhere", " no post"
"""What stands for no area: no code begins with a blank."""


def flows_section(facts: Facts) -> Section:
    """From where to where: origins in rows, destinations in columns."""
    words = facts.words
    counts = _flow_counts(facts)
    if not counts:
        return Section("flows", words("flows"), (facts.nothing("empty_flows"),))
    blocks: list[Block] = []
    if facts.areas.ile_de_france and _crossed(counts):
        blocks.append(Text(_ile_de_france(facts), "lead"))
    blocks += _distances(facts, tone="" if blocks else "lead")
    if _crossed(counts):
        blocks.append(_matrix(facts, counts))
    return Section("flows", words("flows"), tuple(blocks) or (facts.nothing("empty_flows"),))


def _crossed(counts: Mapping[tuple[str, str], int]) -> bool:
    """Whether somebody left one area for another: inside académies nobody leaves his own."""
    return any(origin not in (destination, NO_POST) for origin, destination in counts)


def _distances(facts: Facts, tone: str) -> tuple[Block, ...]:
    """How far holders moved."""
    words, places = facts.words, facts.run.campaign.posts.select("post_id", "place_id")
    movers = facts.people.filter(pl.col("moved") & pl.col("holder"))
    ends = movers.join(places.rename({"place_id": "goal"}), on="post_id")
    ends = ends.join(places.rename({"place_id": "start"}), left_on="held_post", right_on="post_id")
    km = km_between(ends, facts.where, "start", "goal").drop_nulls()
    if km.is_empty():
        return ()
    lead = Text(words("lead_distances", median=median(km), count=km.len()), tone)
    picture = km_picture(km, words, unit="holders", axis="axis_km_moved", subject="distances", colour=COLOUR)
    return (lead, picture, Text(words("note_distances_zone" if facts.has_schools else "note_distances_seat"), "note"))


def _flow_counts(facts: Facts) -> dict[tuple[str, str], int]:
    """Movers by (origin, destination); areas beyond the `MOST` busiest are taken together as `ELSEWHERE`."""
    movers = facts.people.filter("moved")
    known = _busiest(movers)
    grouped = movers.select(
        origin=pl.when(pl.col("origin").is_null()).then(pl.lit(NO_POST)).otherwise(_within(known, "origin")),
        destination=_within(known, "destination"),
    )
    counted = grouped.group_by("origin", "destination").agg(count=pl.len())
    return {(origin, destination): int(count) for origin, destination, count in counted.iter_rows()}


def _within(known: Sequence[str], column: str) -> pl.Expr:
    return pl.when(pl.col(column).is_in(list(known))).then(column).otherwise(pl.lit(ELSEWHERE))


def _busiest(movers: pl.DataFrame) -> list[str]:
    ends = pl.concat([movers["origin"].drop_nulls(), movers["destination"].drop_nulls()])
    counted = ends.rename("area").value_counts().sort("count", "area", descending=[True, False])
    return counted["area"].head(MOST).to_list()


def _ile_de_france(facts: Facts) -> str:
    words = facts.words
    inside = list(facts.areas.ile_de_france)
    movers = facts.people.filter("moved")
    from_inside, to_inside = pl.col("origin").is_in(inside), pl.col("destination").is_in(inside)
    leave = movers.filter(from_inside & ~to_inside).height
    enter = movers.filter(pl.col("origin").is_not_null() & ~from_inside & to_inside).height
    new = movers.filter(pl.col("origin").is_null() & to_inside).height
    holders = movers.filter(pl.col("origin").is_not_null()).height
    return words("lead_flows", leave=leave, share=words.share(leave, holders), enter=enter, new=new)


def _matrix(facts: Facts, counts: Mapping[tuple[str, str], int]) -> Shaded:
    words = facts.words
    met = {code for pair in counts for code in pair}
    both = [code for code in (*facts.areas.labels, ELSEWHERE) if code in met]
    # Those who held no post are many more, and would leave all others in the lightest class.
    among_holders = [count for (origin, _), count in counts.items() if origin != NO_POST]
    steps = round_steps(1, max(among_holders or counts.values()), CLASSES - 1)
    labels = {**facts.areas.labels, ELSEWHERE: words("elsewhere"), NO_POST: words("no_post")}
    rows = [*both, *({NO_POST} & met)]
    return Shaded(
        caption=words("caption_flows" if facts.areas.ile_de_france else "caption_flows_plain"),
        corner=words("corner_flows"),
        columns=tuple(ShadedColumn(labels[code], _mark(code, both, facts)) for code in both),
        rows=tuple(
            ShadedRow(
                labels[code],
                tuple(_flow(counts.get((code, to), 0), (labels[code], labels[to]), steps, facts) for to in both),
                mark=_mark(code, both, facts),
            )
            for code in rows
        ),
        legend=tuple(Key(f"s{i}", "", label) for i, label in enumerate(class_labels(steps, words, points=False))),
    )


def _mark(code: str, codes: Sequence[str], facts: Facts) -> str:
    """Class that draws a line: behind the last area of Île-de-France, before those without a post."""
    inside = [area for area in codes if area in facts.areas.ile_de_france]
    if inside and code == inside[-1]:
        return "region end"
    if code in inside:
        return "region"
    return "apart" if code == NO_POST else ""


def _flow(count: int, ends: tuple[str, str], steps: Sequence[int], facts: Facts) -> Shade:
    if not count:
        return Shade("", "same" if ends[0] == ends[1] else "", "")
    hint = facts.words("hint_flow", origin=ends[0], destination=ends[1], count=count)
    return Shade(facts.words.number(count), f"s{class_of(count, steps)}", hint)
