"""One draw of a campaign: another campaign, like in kind, and how its rows come from those of the first."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from engine.model.campaign import Campaign
from engine.model.market import Ints
from engine.model.scoring import Scored, score
from engine.simulation.experiment import Experiment
from engine.simulation.population import everyone, resampled
from engine.simulation.preferences import Flags, Lists, lists_of, redrawn_ranks, reordered
from engine.simulation.seeds import draw_seed


@dataclass(frozen=True, eq=False)
class Drawn:
    """A campaign that was drawn.

    Attributes
    ----------
    campaign : with its lots, preferences and population
    scored : the points of its wishes where they are known already
    people : one row per candidate of it, in its order: source (row in the candidates of the first), copy, candidate_id
    wish : int64[k], for every row of its wishes the one of the first campaign that it is
    """

    campaign: Campaign
    scored: Scored | None
    people: pl.DataFrame
    wish: Ints


def lots_seed(experiment: Experiment, number: int) -> int:
    """The seed that decides the lots of a draw, and whatever else of a campaign a seed decides."""
    if "lots" not in experiment.plan.vary:
        return experiment.campaign.settings.seed
    return draw_seed(experiment.plan.seed, number, "lots")


def drawn_campaign(experiment: Experiment, number: int) -> Drawn:
    """Draw a campaign.

    Parameters
    ----------
    number : of the draw, from 1; the same number always gives the same campaign.

    Raises
    ------
    InputRefused
        If the measures of closure take the post of one member of a link and not of another.
    """
    plan, lots = experiment.plan, lots_seed(experiment, number)
    population = _population(experiment, number)
    if "preferences" in plan.vary:
        return _reordered(experiment, population, draw_seed(plan.seed, number, "preferences"), lots)
    unchanged = "population" not in plan.vary and population.campaign.closures.is_empty()
    scored = experiment.scored if unchanged else None
    return replace(population, campaign=population.campaign.with_seed(lots), scored=scored)


def _population(experiment: Experiment, number: int) -> Drawn:
    """The campaign before any measure is taken, with the population of a draw."""
    plan, campaign = experiment.plan, experiment.campaign
    if "population" not in plan.vary:
        everybody = np.arange(campaign.wishes.height)
        return Drawn(campaign.with_tables(), None, everyone(campaign), everybody)
    campaign, people = resampled(campaign, draw_seed(plan.seed, number, "population"))
    source = people["source"].to_numpy()
    first = np.repeat(experiment.first_wish[source], np.diff(experiment.first_wish)[source])
    return Drawn(campaign, None, people, first + campaign.wishes["rank"].to_numpy() - 1)


def _reordered(experiment: Experiment, drawn: Drawn, seed: int, lots: int) -> Drawn:
    """The draw with preferences drawn anew.

    Only wishes that take part change places, and a list in which one of them or the request would be set aside for its
    new place keeps its old order.
    """
    alike = "population" not in experiment.plan.vary
    lists = experiment.lists if alike else lists_of(drawn.campaign, experiment.movable[drawn.wish])
    ranks = redrawn_ranks(lists, seed, experiment.plan.noise)
    made = _in_order(drawn, lists, ranks, lots)
    lost = experiment.movable[made.wish] & ~_taking_part(made)
    if not lost.any():
        return made
    kept = lists.owner.is_in(lists.owner.filter(pl.Series(lost)).unique().implode()).to_numpy()
    return _in_order(drawn, lists, np.where(kept, lists.rank, ranks), lots)


def _in_order(drawn: Drawn, lists: Lists, ranks: Ints, lots: int) -> Drawn:
    """The draw with other ranks of its wishes, and their points."""
    rows = np.arange(len(ranks))
    order = np.empty_like(rows)
    order[rows - lists.rank + ranks] = rows  # the wishes of a candidate lie by rank, without gaps
    campaign = reordered(drawn.campaign, order).with_seed(lots)
    return Drawn(campaign, score(campaign, campaign.rules), drawn.people, drawn.wish[order])


def _taking_part(drawn: Drawn) -> Flags:
    """bool[k]: wishes that take part, of requests that do."""
    assert drawn.scored is not None  # whose order is drawn has been scored
    wishes, requests = drawn.scored.wishes, drawn.scored.requests.select("candidate_id", admitted="admissible")
    rows = wishes.select("candidate_id", "admissible").join(requests, on="candidate_id", maintain_order="left")
    return rows.select(pl.col("admissible") & pl.col("admitted")).to_series().to_numpy()
