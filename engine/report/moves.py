"""Who moved and on which wish: in all, by discipline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from engine.report.drawing import Part, columns, stacked_bars
from engine.report.facts import OBTAINED, Facts, fate_counts, groups_present, obtained
from engine.report.fates import fate_bar, fate_cells, fate_columns, fate_panels, fate_parts
from engine.report.parts import Block, Column, Picture, Section, Table, Text
from engine.report.words import Words

LAST_RANK = 10
"""Ranks from this one on are shown together."""

LARGEST = 20
"""Disciplines drawn; the table has all of them."""

GROUP_COLOURS = {"holders": "#0b4a86", "mandatory": "#e8a33d", "others": "#7b8794"}


def moves_section(facts: Facts) -> Section:
    """What became of holders and of mandatory candidates, and the rank of the wish obtained."""
    words = facts.words
    blocks: tuple[Block, ...] = (facts.nothing("empty_moves"),)
    if facts.people.height:
        blocks = (Text(_lead(facts), "lead"), _fates(facts), *_ranks(facts))
    return Section("moves", words("moves"), blocks)


def disciplines_section(facts: Facts) -> Section:
    """What became of candidates in each discipline."""
    words = facts.words
    blocks: tuple[Block, ...] = (facts.nothing("empty_disciplines"),)
    if facts.people.height:
        blocks = (*_largest(facts), _every_discipline(facts))
    return Section("disciplines", words("disciplines"), blocks)


def _lead(facts: Facts) -> str:
    words, groups = facts.words, groups_present(facts.people)
    sentences = []
    if "holders" in groups:
        holders = groups["holders"]
        moved, fates = holders.filter("moved").height, fate_counts(holders)
        sentences.append(
            words(
                "lead_holders",
                moved=moved,
                share=words.share(moved, holders.height),
                first=words.share(fates["wish_1"], obtained(fates)),
            )
        )
    if "mandatory" in groups:
        fates = fate_counts(groups["mandatory"])
        all_of_them = groups["mandatory"].height
        first, later = (words.share(count, all_of_them) for count in (fates["wish_1"], fates["extended"]))
        sentences.append(words("lead_mandatory", first=first, extended=later, unassigned=fates["unassigned"]))
    return " ".join(sentences)


def _fates(facts: Facts) -> Picture:
    words, groups = facts.words, groups_present(facts.people)
    names = {name: words(f"group_{name}") for name in groups}
    rows = [row for name, group in groups.items() for row in fate_bar(names[name], "", group, words)]
    parts = fate_parts(words, facts.people)
    drawing = stacked_bars({words("everybody"): rows}, list(names.values()), parts)
    cells = tuple((names[name], *fate_cells(group, words)) for name, group in groups.items())
    table = Table(words("caption_fates"), (Column(words("group")), *fate_columns(words)), cells, folded=True)
    return Picture(drawing, words("alt_fates"), words("caption_fates"), parts, table)


def _ranks(facts: Facts) -> tuple[Block, ...]:
    """How the wishes obtained spread over the ranks, in each group."""
    words = facts.words
    winners = facts.people.filter(pl.col("fate").is_in(OBTAINED)).with_columns(
        pl.col("rank").clip(upper_bound=LAST_RANK)
    )
    if winners.is_empty():
        return (facts.nothing("empty_ranks"),)
    groups = {words(f"group_{name}"): group for name, group in groups_present(winners).items()}
    ranks = range(1, max(winners["rank"]) + 1)
    labels = [words("rank_from", rank=rank) if rank == LAST_RANK else str(rank) for rank in ranks]
    counts = {name: [group.filter(pl.col("rank") == rank).height for rank in ranks] for name, group in groups.items()}
    rows = [bar for name in groups for bar in _rank_bars(name, labels, counts[name], words)]
    parts = tuple(Part(words(f"group_{name}"), GROUP_COLOURS[name]) for name in groups_present(winners))
    drawing = columns(rows, labels, parts, words("axis_rank"), shares=True)
    heads = (Column(words("axis_rank")), *map(Column, groups))
    cells = tuple((label, *(words.number(counts[name][at]) for name in groups)) for at, label in enumerate(labels))
    table = Table(words("caption_ranks"), heads, cells, folded=True)
    return (Picture(drawing, words("alt_ranks"), words("caption_ranks"), parts, table),)


def _rank_bars(group: str, labels: Sequence[str], counts: Sequence[int], words: Words) -> Iterator[Mapping[str, Any]]:
    """One bar for each rank: its share of all wishes obtained in the group."""
    total = sum(counts)
    for label, count in zip(labels, counts, strict=True):
        yield {
            "row": label,
            "part": group,
            "value": count / total,
            "text": words.share(count, total, 0) if count else "",
            "hint": words("hint_rank", group=group, rank=label, count=count, share=words.share(count, total)),
        }


def _by_size(people: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    """The candidates of each discipline, the largest discipline first."""
    parts = people.partition_by("discipline", as_dict=True)
    return sorted(((str(key[0]), part) for key, part in parts.items()), key=lambda item: (-item[1].height, item[0]))


def _largest(facts: Facts) -> tuple[Block, ...]:
    words = facts.words
    drawn = _by_size(facts.people)[:LARGEST]
    parts = fate_parts(words, pl.concat([people for _, people in drawn]))
    drawing = stacked_bars(fate_panels(drawn, facts), [name for name, _ in drawn], parts)
    caption = words("caption_largest", count=len(drawn), of=facts.disciplines)
    return (Picture(drawing, words("alt_largest"), caption, parts),)


def _every_discipline(facts: Facts) -> Table:
    words = facts.words
    heads = [
        Column(words("discipline")),
        Column(words("holders")),
        Column(words("moved")),
        Column(words("share_moved")),
    ]
    heads += [Column(words("wish_1_of_moved")), Column(words("mandatory")), Column(words("wish_1_of_mandatory"))]
    heads += [Column(words("fate_extended")), Column(words("fate_unassigned"))]
    rows = [_discipline_row(name, people, facts) for name, people in _by_size(facts.people)]
    if len(rows) > 1:
        rows.append(_discipline_row(words("total"), facts.people, facts))
    return Table(words("caption_disciplines"), tuple(heads), tuple(rows), folded=True)


def _discipline_row(name: str, people: pl.DataFrame, facts: Facts) -> tuple[str, ...]:
    words = facts.words
    holders, mandatory = people.filter("holder"), people.filter("mandatory")
    moved = holders.filter("moved").height
    of_holders, of_mandatory = fate_counts(holders), fate_counts(mandatory)
    return (
        name,
        words.number(holders.height),
        words.number(moved),
        words.share(moved, holders.height),
        words.share(of_holders["wish_1"], obtained(of_holders)),
        words.number(mandatory.height),
        words.share(of_mandatory["wish_1"], mandatory.height),
        words.number(of_mandatory["extended"]),
        words.number(of_mandatory["unassigned"]),
    )
