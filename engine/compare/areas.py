"""Where candidates come from and go to: by académie where candidates ask for académies, else by département."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from engine.compare.side import Side
from engine.model.geography import academies, departments

BY_DEPARTMENT = ("intra", "interdepartemental")
"""Movements inside an académie, or between départements."""


def level_of(sides: Sequence[Side]) -> str:
    """academy, or department where the movement is inside académies or between départements."""
    people = sides[0].people
    told = people["origin_department"].null_count() + people["arrival_department"].null_count() < 2 * people.height
    return "department" if sides[0].movement in BY_DEPARTMENT and told else "academy"


def area_names(level: str, session: int) -> dict[str, str]:
    """Name of every académie or département, by code."""
    if level == "department":
        return departments()
    return {code: academy.name for code, academy in academies(session).items()}


def with_areas(people: pl.DataFrame, level: str) -> pl.DataFrame:
    """The candidates with origin and arrival at one level."""
    return people.with_columns(origin=f"origin_{level}", arrival=f"arrival_{level}")
