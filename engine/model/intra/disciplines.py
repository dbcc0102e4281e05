"""In which types of school a discipline is taught, as the ordinary posts of the campaign show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from engine.model.sessionrules import SessionRules

if TYPE_CHECKING:
    from engine.model.campaign import Campaign


def types_taught(campaign: Campaign, rules: SessionRules) -> pl.DataFrame:
    """One row per discipline with ordinary posts in schools.

    Returns
    -------
    polars.DataFrame with columns discipline, only_type (the one type of school of all its posts, else null),
    taught_everywhere (Boolean: both in lycées and in schools of another type)
    """
    schools = campaign.places.filter(pl.col("kind") == "ETB").select("place_id", "school_type")
    ordinary = campaign.posts.filter(pl.col("profile").fill_null("ordinary") == "ordinary")
    typed = ordinary.join(schools, on="place_id").select("discipline", "school_type").unique()
    lycee = pl.col("school_type").is_in(rules.codes("agrege_lycee", "school_types")).fill_null(False)
    alone = rules.flag("typed_wishes", "only_type_counts") & (pl.len() == 1)
    return typed.group_by("discipline").agg(
        only_type=pl.when(alone).then(pl.col("school_type").first()), taught_everywhere=lycee.any() & (~lycee).any()
    )
