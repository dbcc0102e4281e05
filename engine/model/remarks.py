"""What is lawful in an input and still worth a second look: remarks, each with how many it concerns and an example."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl


def remarks(tables: Mapping[str, pl.DataFrame]) -> tuple[str, ...]:
    """Remarks on checked tables."""
    candidates, wishes = tables["candidates"], tables["wishes"]
    stranded = candidates.join(tables["posts"], on="discipline", how="anti")
    family = candidates.filter(
        pl.col("family").is_not_null() & pl.all_horizontal(pl.col("^spouse_(academy|department|commune)$").is_null())
    )
    silent = candidates.join(wishes, on="candidate_id", how="anti")
    found = (
        (stranded, "of a discipline without any post can be assigned nowhere"),
        (family, "with a family strategy name no place of the family: the bonus is not granted"),
        (silent.filter("mandatory"), "must take part and made no wish: extension alone can place them"),
        (silent.filter(~pl.col("mandatory")), "made no wish: they stay as they are"),
    )
    return tuple(_remark(rows, sentence) for rows, sentence in found if rows.height)


def _remark(rows: pl.DataFrame, sentence: str) -> str:
    return f"candidates: {rows.height} {sentence} (such as {rows['candidate_id'][0]})."
