"""How the report shows what became of candidates: the bars and their colours, the same in every section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from engine.report.drawing import INK, Part
from engine.report.facts import FATES, Facts, fate_counts, groups_present
from engine.report.parts import Column
from engine.report.words import Words

# Blues for wishes, the darker the better the rank; orange and vermilion stay apart for colour-blind readers too.
_LOOK = {
    "wish_1": ("#0b4a86", "#ffffff"),
    "wish_2": ("#3f86c1", "#ffffff"),
    "wish_3": ("#a8cdea", INK),
    "extended": ("#e8a33d", INK),
    "kept": ("#d3d9e0", INK),
    "unassigned": ("#b5402a", "#ffffff"),
    "excluded": ("#7b8794", "#ffffff"),
}
READABLE = 0.09
"""Share of the bar from which its text fits inside."""


def fate_parts(words: Words, people: pl.DataFrame) -> tuple[Part, ...]:
    """The fates some candidate met, with their colours."""
    met = set(people["fate"])
    return tuple(Part(words(f"fate_{fate}"), *_LOOK[fate]) for fate in FATES if fate in met)


def fate_panels(drawn: Sequence[tuple[str, pl.DataFrame]], facts: Facts) -> dict[str, list[Mapping[str, Any]]]:
    """The bars of each group of candidates, by its title: one bar for each name that has such candidates."""
    words = facts.words
    panels: dict[str, list[Mapping[str, Any]]] = {words(f"group_{name}"): [] for name in groups_present(facts.people)}
    for name, people in drawn:
        for group, members in groups_present(people).items():
            title = words(f"group_{group}")
            panels[title].extend(fate_bar(name, title, members, words))
    return panels


def fate_bar(name: str, group: str, people: pl.DataFrame, words: Words) -> Iterator[Mapping[str, Any]]:
    """The segments of the bar of some candidates (`engine.report.drawing.stacked_bars`)."""
    counts = {words(f"fate_{fate}"): count for fate, count in fate_counts(people).items()}
    return share_bar(name, counts, words, whole=f"{name}, {group}" if group else name)


def share_bar(name: str, counts: Mapping[str, int], words: Words, whole: str = "") -> Iterator[Mapping[str, Any]]:
    """The segments of a bar cut in shares (`engine.report.drawing.stacked_bars`).

    Parameters
    ----------
    counts : by label of the part
    whole : what the bar is called when pointed at; the name of its row by default
    """
    start, total = 0, sum(counts.values())
    for label, count in counts.items():
        if count:
            share = words.share(count, total)
            yield {
                "row": name,
                "part": label,
                "start": start / total,
                "middle": (start + count / 2) / total,
                "end": (start + count) / total,
                "text": words.share(count, total, 0) if count >= READABLE * total else "",
                "hint": words("hint_fate", name=whole or name, fate=label, count=count, share=share),
            }
        start += count


def fate_columns(words: Words) -> tuple[Column, ...]:
    """Headings of `fate_cells`."""
    return (Column(words("candidates")), *(Column(words(f"fate_{fate}")) for fate in FATES))


def fate_cells(people: pl.DataFrame, words: Words) -> tuple[str, ...]:
    """How many candidates there are, and how many met each fate."""
    return (words.number(people.height), *(words.number(count) for count in fate_counts(people).values()))
