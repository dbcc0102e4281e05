"""Names of zones for people, as a column: the label of a place, the public name of an académie or a département."""

from __future__ import annotations

import polars as pl

from engine.model.campaign import Campaign
from engine.model.geography import academies, departments

OF_ACADEMIES, OF_DEPARTMENTS, OF_PLACES = ("ACA", "ZRA"), ("DPT", "ZRD"), ("ETB", "ZRE", "ACA", "DPT")


def labelled(campaign: Campaign, table: pl.DataFrame) -> pl.DataFrame:
    """Adds label to a table with kind and code; empty where the zone has no name but its code."""
    places = campaign.places.select("place_id", "label").drop_nulls()
    known = dict(places.iter_rows())
    public = {code: academy.name for code, academy in academies(campaign.settings.session).items()}
    kind, code = pl.col("kind"), pl.col("code")
    return table.with_columns(
        label=pl.coalesce(
            pl.when(kind.is_in(OF_PLACES)).then(_named(code, known)),
            pl.when(kind.is_in(OF_ACADEMIES)).then(_named(code, public)),
            pl.when(kind.is_in(OF_DEPARTMENTS)).then(_named(code, departments())),
        )
    )


def _named(code: pl.Expr, names: dict[str, str]) -> pl.Expr:
    return code.replace_strict(names, default=None, return_dtype=pl.String)
