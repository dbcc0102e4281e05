"""A comparison as tables on a terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from engine.compare.compare import Comparison
from engine.compare.figures import Figure
from engine.compare.words import compare_words

WIDTH = 200
"""Columns in a pipe, which has no width of its own."""


def print_comparison(done: Comparison, out: Path) -> None:
    """The figures side by side, who wins and loses against the first, what a reader must know."""
    say, console = (
        compare_words("en"),
        Console(highlight=False, soft_wrap=True, width=WIDTH if not sys.stdout.isatty() else None),
    )
    figures = Table(box=None, pad_edge=False)
    for name in ("", *done.names):
        figures.add_column(name, justify="right" if name else "left", no_wrap=True)
    for figure in done.figures[done.names[0]]:
        values = [done.figures[name][figure] for name in done.names]
        if any(value not in (None, 0) for value in values):
            figures.add_row(say(f"figure_{figure}"), *(_written(value) for value in values))
    for change in ("better", "worse"):
        counts = done.pairs.filter((done.pairs["first"] == done.names[0]) & (done.pairs["change"] == change))
        figures.add_row(say(f"change_{change}"), "", *(f"{count:,}" for count in counts["candidates"]))
    console.print(figures)
    for remark in done.remarks:
        console.print(f"note: {say(f'remark_{remark.key}', **remark.values)}")
    console.print(f"{out}")


def _written(value: Figure) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.2f}"
