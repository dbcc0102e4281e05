"""How requests fared by family strategy."""

from __future__ import annotations

import polars as pl

from engine.report.drawing import stacked_bars
from engine.report.facts import Facts, groups_present
from engine.report.fates import fate_cells, fate_columns, fate_panels, fate_parts
from engine.report.parts import Column, Picture, Section, Table, Text

NONE = "none"


def family_section(facts: Facts) -> Section:
    """What became of the candidates of each family strategy, holders and mandatory apart."""
    words = facts.words
    people = facts.people.with_columns(pl.col("family").fill_null(NONE))
    if not (people["family"] != NONE).any():
        return Section("family", words("family"), (Text(words("empty_family"), "empty"),))
    return Section("family", words("family"), (_picture(facts, people),))


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
