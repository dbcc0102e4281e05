"""The way of an interdépartemental population: people, careers, situations, wishes, quotas, tables."""

from __future__ import annotations

import polars as pl

from scenarios.careers import draw_careers
from scenarios.draws import Streams
from scenarios.interdepartemental.choices import draw_wishes
from scenarios.interdepartemental.land import Land, land_of
from scenarios.interdepartemental.people import draw_people
from scenarios.interdepartemental.profile import InterdepartementalProfile
from scenarios.interdepartemental.quotas import draw_quotas
from scenarios.interdepartemental.situations import draw_situations
from scenarios.interdepartemental.tables import Drawn, campaign_tables


def interdepartemental_tables(
    profile: InterdepartementalProfile, seed: int, scale: float, pairs: int
) -> dict[str, pl.DataFrame]:
    """Draw an interdépartemental population and lay it out as tables."""
    land = land_of(profile.session)
    return campaign_tables(land, draw_interdepartemental(profile, land, Streams(seed), scale, pairs))


def draw_interdepartemental(
    profile: InterdepartementalProfile, land: Land, streams: Streams, scale: float, pairs: int
) -> Drawn:
    """Draw a whole population in memory; each subject has its own stream of random numbers."""
    people = draw_people(profile, land, streams, scale, pairs)
    career = draw_careers(profile.careers, profile.session, people.corps, people, streams)
    situations = draw_situations(profile, land, people, career, streams)
    ranking, length = draw_wishes(profile, land, people, situations, streams)
    entry, leaving = draw_quotas(profile, land, people, streams, scale)
    return Drawn(people, career, situations, ranking, length, entry, leaving)
