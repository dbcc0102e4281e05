"""What the properties of an adjustment look at: the campaign and the tables of a result, joined once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from engine.model.campaign import Campaign
from engine.model.scoring import Scored
from engine.model.tzr.attachments import attachments
from engine.model.tzr.blocks import staff_of
from engine.model.tzr.pins import pinned_schools
from engine.model.tzr.reach import reached_places, schools_of_zones, zone_of_tzr
from engine.verify.sentences import Replays


@dataclass(frozen=True, eq=False)
class AdjustmentResult:
    """A result to be audited, ours or another's.

    Attributes
    ----------
    outcomes, wishes, tzr, needs, blocks : as in a run folder; `needs` with need_id and candidate_id is what is audited,
        the others may be absent (None)
    replays : digests of the tables made again in other ways, by what is said of them
    digest : digest of the tables, or "" where there is none to compare with
    stopped : whether time ran out before the search ended
    """

    outcomes: pl.DataFrame | None
    wishes: pl.DataFrame | None
    tzr: pl.DataFrame | None
    needs: pl.DataFrame
    blocks: pl.DataFrame | None
    replays: Replays | None = None
    digest: str = ""
    stopped: bool = False


@dataclass(frozen=True, eq=False)
class AdjustmentAudit:
    """Facts joined for the properties.

    Attributes
    ----------
    campaign, scored, result : what is audited
    """

    campaign: Campaign
    scored: Scored
    result: AdjustmentResult

    @cached_property
    def withheld(self) -> frozenset[str]:
        """TZR whose result is not shown."""
        if self.result.outcomes is None or "status" not in self.result.outcomes.columns:
            return frozenset()
        shown = self.result.outcomes.filter(pl.col("status") == "withheld")
        return frozenset(shown["candidate_id"])

    @cached_property
    def pinned(self) -> frozenset[str]:
        """TZR whom a decision places: they are served before the others."""
        return frozenset(pinned_schools(self.campaign)["candidate_id"])

    @cached_property
    def staff(self) -> pl.DataFrame:
        """candidate_id, discipline, zone, owed, low, high, points, order, attached: the TZR judged, in order."""
        attached = attachments(self.campaign).select("candidate_id", attached="place_id")
        table = staff_of(self.campaign, self.scored).join(attached, on="candidate_id").drop("candidate")
        return table.filter(~pl.col("candidate_id").is_in(list(self.withheld))).sort("order")

    @cached_property
    def given(self) -> pl.DataFrame:
        """need_id, place_id, discipline, hours (of the campaign; null where there is no such need), candidate_id."""
        told = self.result.needs.select("need_id", "candidate_id").drop_nulls("candidate_id")
        return told.join(self.campaign.needs, on="need_id", how="left").sort("candidate_id", "place_id", "need_id")

    @cached_property
    def reach(self) -> pl.DataFrame:
        """zone, place_id: the schools of every ZR."""
        return schools_of_zones(self.campaign)

    @cached_property
    def ranks(self) -> pl.DataFrame:
        """candidate_id, place_id, rank: the first admissible preference of each TZR that covers a school."""
        named = self.scored.wishes.filter("admissible").join(zone_of_tzr(self.campaign), on="candidate_id")
        return reached_places(self.campaign, named).group_by("candidate_id", "place_id").agg(pl.col("rank").min())
