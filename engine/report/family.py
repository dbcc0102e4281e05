"""How requests fared by family strategy."""

from __future__ import annotations

import polars as pl

from engine.report.drawing import stacked_bars, svg
from engine.report.facts import Facts, groups_present
from engine.report.fates import fate_bar, fate_cells, fate_columns, fate_parts
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
    groups = groups_present(people)
    panels = {words(f"group_{name}"): words(f"group_{name}") for name in groups}
    apart = {(label, group): part for label, all_ in strategies.items() for group, part in groups_present(all_).items()}
    rows = [
        row for (label, group), part in apart.items() for row in fate_bar(label, words(f"group_{group}"), part, words)
    ]
    chart = stacked_bars(rows, list(strategies), fate_parts(words, people), panels)
    heads = (Column(words("family_strategy")), Column(words("group"), numeric=False), *fate_columns(words))
    cells = tuple((label, words(f"group_{group}"), *fate_cells(part, words)) for (label, group), part in apart.items())
    table = Table(words("caption_family"), heads, cells, folded=True)
    return Picture(svg(chart, words("alt_family"), words.language), words("caption_family"), table)


def _by_size(people: pl.DataFrame) -> list[str]:
    """Strategies that occur, the most frequent first, no request last."""
    counted = people["family"].value_counts().iter_rows()
    return [name for name, _ in sorted(counted, key=lambda item: (item[0] == NONE, -item[1], item[0]))]
