"""The folder of a comparison: tables, ``comparison.json``, the page; written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from engine.compare.compare import Comparison
from engine.compare.results import COMPARISON_SCHEMAS
from engine.compare.words import compare_words
from engine.folders import new_folder
from engine.runfolder import Format, write_table

COMPARISON_FILES = frozenset(
    {f"{name}.{form}" for name in COMPARISON_SCHEMAS for form in ("parquet", "csv")}
    | {"comparison.json", "report.html"}
)


def write_comparison(
    done: Comparison,
    target: Path,
    *,
    table_format: Format = "parquet",
    page: Callable[[Comparison], str] | None = None,
    replace: bool = False,
) -> None:
    """Writes the folder of a comparison.

    Parameters
    ----------
    page : makes the HTML page; None writes none.

    Raises
    ------
    engine.folders.TargetExists
        If `target` exists and `replace` is false.
    """
    with new_folder(target, replace=replace, content=COMPARISON_FILES) as draft:
        for name, table in tables_of_comparison(done).items():
            write_table(draft, name, table, table_format)
        text = json.dumps(comparison_record(done), ensure_ascii=False, indent=2)
        (draft / "comparison.json").write_text(text + "\n", encoding="utf-8")
        if page is not None:
            (draft / "report.html").write_text(page(done), encoding="utf-8")


def tables_of_comparison(done: Comparison) -> dict[str, pl.DataFrame]:
    """The tables as files hold them, points as exact decimals."""
    tables = {name: getattr(done, name) for name in COMPARISON_SCHEMAS if name != "figures"}
    rows = [
        {"variant": name, "figure": figure, "value": value}
        for name, figures in done.figures.items()
        for figure, value in figures.items()
    ]
    schema = {"variant": pl.String, "figure": pl.String, "value": pl.Float64}
    points = ("cutoff_points", "before_cutoff_points", "difference")
    decimal = [(pl.col(name).cast(pl.Decimal(18, 3)) / 1000).cast(pl.Decimal(18, 3)) for name in points]
    return {"figures": pl.DataFrame(rows, schema=schema), **tables, "cutoffs": tables["cutoffs"].with_columns(decimal)}


def comparison_record(done: Comparison) -> dict[str, Any]:
    """The comparison as plain values, without its long tables."""
    say = compare_words("en")
    pairs = {pair: dict(zip(table["change"], table["candidates"], strict=True)) for pair, table in _by_pair(done)}
    return {
        "level": done.level,
        "variants": [
            {
                "name": side.name,
                "description": side.description,
                "campaign": dict(side.settings),
                "variant": side.told.get("variant"),
                "holds": side.holds,
                "figures": dict(done.figures[side.name]),
            }
            for side in done.sides
        ],
        "pairs": [{"first": first, "second": second, **counts} for (first, second), counts in pairs.items()],
        "differences": [
            {"kind": item.kind, "name": item.name, "values": dict(zip(done.names, item.values, strict=True))}
            for item in done.differences
        ],
        "remarks": [say(f"remark_{remark.key}", **remark.values) for remark in done.remarks],
    }


def _by_pair(done: Comparison) -> list[tuple[tuple[str, str], pl.DataFrame]]:
    parts = done.pairs.partition_by("first", "second", as_dict=True, maintain_order=True)
    return [((str(key[0]), str(key[1])), table) for key, table in parts.items()]
