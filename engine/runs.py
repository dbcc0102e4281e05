"""A run: what a campaign became, from its scored wishes to its verdict, in one frozen object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import polars as pl

from engine.model.campaign import Campaign
from engine.model.market import Matching
from engine.model.outcome import Outcome
from engine.model.people import people_of
from engine.model.results import empty_result
from engine.model.scoring import Scored
from engine.model.settings import Options
from engine.model.tzr.outcome import Adjusted
from engine.verify.audit import Least
from engine.verify.verdict import Verdict

Tables = TypeVar("Tables", Outcome, Adjusted, covariant=True)


@dataclass(frozen=True, eq=False)
class _Made(Generic[Tables]):
    """What every run has, whatever its movement."""

    campaign: Campaign
    scored: Scored
    options: Options
    tables: Tables
    verdict: Verdict
    summary: dict[str, Any]
    seconds: dict[str, float]
    least: tuple[Least, Least] = field(default=(Least(), Least()), kw_only=True)
    compared: pl.DataFrame | None = field(default=None, kw_only=True)

    @property
    def outcomes(self) -> pl.DataFrame:
        return self.tables.outcomes

    @property
    def wishes(self) -> pl.DataFrame:
        return self.tables.wishes

    @property
    def criteria(self) -> pl.DataFrame:
        return self.scored.criteria

    @property
    def changes(self) -> pl.DataFrame:
        """Without rows where the run was compared with none."""
        return empty_result("changes") if self.compared is None else self.compared


@dataclass(frozen=True, eq=False)
class Run(_Made[Outcome]):
    """Everything a run made.

    Attributes
    ----------
    campaign, scored, options : what went in, with the points of every wish and their breakdown
    matching : what the mechanism returned
    tables : outcomes, wishes, cutoffs, chains, departments; what a failed property touches is withheld
    verdict : the properties, each with its evidence
    summary : figures
    seconds : how long each stage took
    least : of claims that linked requests leave, in the run and in an extension after it
    compared : what differs from a previous run; None where it was compared with none
    """

    matching: Matching

    @property
    def stop(self) -> str:
        """Why the solver stopped: finished, time_limit or refused."""
        return self.matching.stop

    @property
    def worth(self) -> str:
        """What the result is worth: stable, optimal, feasible or none."""
        return self.matching.worth

    @property
    def cutoffs(self) -> pl.DataFrame:
        return self.tables.cutoffs

    @property
    def chains(self) -> pl.DataFrame:
        return self.tables.chains

    @property
    def designated(self) -> pl.DataFrame:
        assert self.campaign.designated is not None  # a run takes the measures first
        return self.campaign.designated

    @property
    def selections(self) -> pl.DataFrame:
        assert self.tables.selections is not None  # asked for where posts have orders of their own
        return self.tables.selections

    @property
    def departments(self) -> pl.DataFrame:
        """Without rows in movements of one phase."""
        return empty_result("departments") if self.tables.departments is None else self.tables.departments

    @property
    def people(self) -> pl.DataFrame:
        """Who the candidates are and where they go."""
        return people_of(self.campaign, self.outcomes)


@dataclass(frozen=True, eq=False)
class AdjustmentRun(_Made[Adjusted]):
    """Everything a run of the TZR adjustment made.

    Attributes
    ----------
    campaign, scored, options : what went in, with the points of every TZR and their breakdown
    tables : outcomes, wishes, tzr, needs, blocks; what a failed property touches is withheld
    stop, worth : why the solver stopped (finished or time_limit), what the result is worth (optimal or feasible)
    verdict : the properties, each with its evidence
    summary : figures
    seconds : how long each stage took
    least : of claims that linked requests leave; nothing, there are no links
    compared : what differs from a previous run; None where it was compared with none
    """

    stop: str
    worth: str

    @property
    def tzr(self) -> pl.DataFrame:
        return self.tables.tzr

    @property
    def needs(self) -> pl.DataFrame:
        return self.tables.needs

    @property
    def blocks(self) -> pl.DataFrame:
        return self.tables.blocks


AnyRun = Run | AdjustmentRun
