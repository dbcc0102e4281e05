"""One draw of a campaign: another campaign, like in kind, and how its rows come from those of the first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from engine.model.campaign import Campaign
from engine.model.market import Ints
from engine.model.scoring import Scored, score
from engine.simulation.experiment import Experiment, wish_rows
from engine.simulation.population import everyone, resampled
from engine.simulation.preferences import owners, redrawn_ranks, reordered
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
    plan, campaign = experiment.plan, experiment.campaign
    people = everyone(campaign)
    if "population" in plan.vary:
        campaign, people = resampled(campaign, draw_seed(plan.seed, number, "population"))
    else:
        campaign = campaign.with_tables()
    wish = _sources(experiment, campaign, people)
    lots = lots_seed(experiment, number)
    if "preferences" not in plan.vary:
        alike = "population" not in plan.vary and campaign.closures.is_empty()
        return Drawn(campaign.with_seed(lots), experiment.scored if alike else None, people, wish)
    return _reordered(
        experiment, Drawn(campaign, None, people, wish), draw_seed(plan.seed, number, "preferences"), lots
    )


def _sources(experiment: Experiment, campaign: Campaign, people: pl.DataFrame) -> Ints:
    """int64[k]: the row of every wish in the table of the first campaign."""
    source = people["source"].to_numpy()
    counts = np.diff(wish_rows(campaign))
    rows: Ints = np.repeat(experiment.first_wish[source], counts) + campaign.wishes["rank"].to_numpy() - 1
    return rows


def _reordered(experiment: Experiment, drawn: Drawn, seed: int, lots: int) -> Drawn:
    """The draw with preferences drawn anew.

    Only wishes that take part change places, and a list in which one of them or the request would be set aside for its
    new place keeps its old order.
    """
    before = experiment.scored
    admissible = before.wishes["admissible"].to_numpy()[drawn.wish]
    admitted = before.requests["admissible"].to_numpy()[drawn.people["source"].to_numpy()]
    counts = np.diff(wish_rows(drawn.campaign))
    wanted = redrawn_ranks(drawn.campaign, admissible & np.repeat(admitted, counts), seed, experiment.plan.noise)
    made, scored, wish = _scored_again(drawn, wanted, lots)
    set_aside = ~scored.wishes["admissible"].to_numpy() & before.wishes["admissible"].to_numpy()[wish]
    refused = admitted & ~scored.requests["admissible"].to_numpy()
    lost = set_aside | np.repeat(refused, counts)
    if lost.any():
        owner = owners(drawn.campaign)
        kept = owner.is_in(owner.filter(pl.Series(lost)).unique().implode()).to_numpy()
        asked = np.where(kept, drawn.campaign.wishes["rank"].to_numpy(), wanted)
        made, scored, wish = _scored_again(drawn, asked, lots)
    return Drawn(made, scored, drawn.people, wish)


def _scored_again(drawn: Drawn, ranks: Ints, lots: int) -> tuple[Campaign, Scored, Ints]:
    """The campaign with its wishes in another order, their points, and where each of its rows comes from."""
    made = reordered(drawn.campaign, ranks).with_seed(lots)
    first = np.repeat(wish_rows(drawn.campaign)[:-1], np.diff(wish_rows(drawn.campaign)))
    wish = np.empty_like(drawn.wish)
    wish[first + ranks - 1] = drawn.wish
    return made, score(made, made.rules), wish
