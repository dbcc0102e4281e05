"""What all draws of a simulation have in common: the campaign as it is, its options, the plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from engine.model.campaign import Campaign
from engine.model.entry import named_posts
from engine.model.market import Ints
from engine.model.scoring import Scored, score
from engine.simulation.plan import Plan
from engine.simulation.preferences import Flags, Lists, lists_of

ZONE_KEY = ("discipline", "kind", "code", "school_type", "post_id")
"""What a row of a table of cutoffs is of: a post, or (without post_id) a zone that a wish names."""


@dataclass(frozen=True, eq=False)
class Experiment:
    """A campaign to be drawn again and again.

    Attributes
    ----------
    campaign : as it is
    plan : what is drawn
    overrides : options that replace those of the campaign
    """

    campaign: Campaign
    plan: Plan
    overrides: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def scored(self) -> Scored:
        """The points of the wishes as they are."""
        return score(self.campaign, self.campaign.rules)

    @cached_property
    def first_wish(self) -> Ints:
        """int64[n+1]: wishes of candidate i are rows first_wish[i] to first_wish[i+1] of the campaign's wishes."""
        return wish_rows(self.campaign)

    @cached_property
    def movable(self) -> Flags:
        """bool[k]: wishes that may change places: those that take part, of requests that do."""
        admitted = self.scored.requests["admissible"].to_numpy()
        wishes: Flags = self.scored.wishes["admissible"].to_numpy() & np.repeat(admitted, np.diff(self.first_wish))
        return wishes

    @cached_property
    def lists(self) -> Lists:
        """The lists of wishes as they are."""
        return lists_of(self.campaign, self.movable)

    @cached_property
    def zones(self) -> pl.DataFrame:
        """The keys of all cutoffs there may be: every post, then every zone that a wish names."""
        disciplines = self.campaign.candidates.select("candidate_id", "discipline")
        named = self.campaign.wishes.join(disciplines, on="candidate_id").select(ZONE_KEY[:-1]).unique()
        zones = named.sort(ZONE_KEY[:-1], nulls_last=False).with_columns(post_id=pl.lit(None, pl.String))
        return pl.concat([named_posts(self.campaign).select(ZONE_KEY), zones.select(ZONE_KEY)])


def wish_rows(campaign: Campaign) -> Ints:
    """int64[n+1]: where the wishes of each candidate begin, in the rows of the table of wishes."""
    counts = campaign.candidates.select("candidate_id").join(
        campaign.wishes.group_by("candidate_id").len(), on="candidate_id", how="left", maintain_order="left"
    )
    return np.append(0, np.cumsum(counts["len"].fill_null(0).to_numpy())).astype(np.int64)
