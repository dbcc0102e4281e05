"""What a check is: a function from the tables of a campaign, and what is known beside them, to defects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from engine.model.sessionrules import SessionRules

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Context:
    """What the checks know beside the tables.

    Attributes
    ----------
    movement : as campaign.toml says
    rules : the rulebook's values in force in the session
    """

    movement: str
    rules: SessionRules

    @property
    def session(self) -> int:
        return self.rules.session

    @property
    def is_intra(self) -> bool:
        """Whether candidates ask for schools and ZRs of an académie."""
        return self.movement == "intra"

    @property
    def is_by_request(self) -> bool:
        """Whether candidates make requests for specific posts, each post with an order of its own."""
        return self.movement in ("specifique", "ddf") and self.rules.movement == self.movement

    @property
    def has_intra_rules(self) -> bool:
        return self.is_intra and self.rules.movement == "intra"


Check = Callable[[Tables, Context], pl.DataFrame]


@dataclass(frozen=True)
class Ground:
    """The tables that zones are made of (`engine.model.zones.Territory`)."""

    places: pl.DataFrame
    posts: pl.DataFrame
    zones: pl.DataFrame


def ground(tables: Tables) -> Ground:
    return Ground(tables["places"], tables["posts"], tables["zones"])
