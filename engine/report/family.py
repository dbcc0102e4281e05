"""How requests fared by family strategy."""

from __future__ import annotations

import polars as pl

from engine.report.drawing import stacked_bars
from engine.report.facts import Facts, fate_counts, groups_present
from engine.report.fates import fate_cells, fate_columns, fate_panels, fate_parts
from engine.report.parts import Column, Picture, Section, Table, Text

NONE = "none"


def family_section(facts: Facts) -> Section:
    """What became of the candidates of each family strategy, holders and mandatory apart."""
    words = facts.words
    people = facts.people.with_columns(pl.col("family").fill_null(NONE))
    if not (people["family"] != NONE).any():
        return Section("family", words("family"), (facts.nothing("empty_family"),))
    return Section("family", words("family"), (Text(_lead(facts, people), "lead"), _picture(facts, people)))


def _lead(facts: Facts, people: pl.DataFrame) -> str:
    """The share of each strategy on the first wish."""
    words = facts.words
    shares = []
    for name in _by_size(people):
        group = people.filter(pl.col("family") == name)
        first = words.share(fate_counts(group)["wish_1"], group.height)
        shares.append(words("share_of_strategy", strategy=words.named("family", name), share=first))
    return words("lead_family", shares=words("separator").join(shares))


def _picture(facts: Facts, people: pl.DataFrame) -> Picture:
    words = facts.words
    strategies = {words.named("family", name): people.filter(pl.col("family") == name) for name in _by_size(people)}
    parts = fate_parts(words, people)
    drawing = stacked_bars(fate_panels(list(strategies.items()), facts), list(strategies), parts)
    heads = (Column(words("family_strategy")), Column(words("group"), numeric=False), *fate_columns(words))
    cells = tuple(
        (label, words(f"group_{group}"), *fate_cells(members, words))
        for label, everyone in strategies.items()
        for group, members in groups_present(everyone).items()
    )
    table = Table(words("caption_family"), heads, cells, folded=True)
    return Picture(drawing, words("alt_family"), words("caption_family"), parts, table)


def _by_size(people: pl.DataFrame) -> list[str]:
    """Strategies that occur, the most frequent first, no request last."""
    counted = people["family"].value_counts().iter_rows()
    return [name for name, _ in sorted(counted, key=lambda item: (item[0] == NONE, -item[1], item[0]))]
