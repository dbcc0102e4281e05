"""The way of a TZR population: land, TZR on their zones, needs of schools, attachments, preferences, tables."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from scenarios.careers import Career, draw_careers
from scenarios.draws import Streams, choose
from scenarios.intra.land import Land, build_land
from scenarios.intra.reading import read_sources
from scenarios.intra.sources import draw_sources
from scenarios.tzr.ground import Ground, ground_of
from scenarios.tzr.needs import draw_needs
from scenarios.tzr.people import People, draw_people
from scenarios.tzr.preferences import draw_attachments, draw_preferences
from scenarios.tzr.profile import TzrProfile
from scenarios.tzr.tables import Drawn, campaign_tables


def tzr_tables(profile: TzrProfile, seed: int, scale: float, geography: Path | None) -> dict[str, pl.DataFrame]:
    """Draw a TZR population and lay it out as tables.

    Parameters
    ----------
    geography : folder with real communes and schools (`scenarios.intra.reading`); without it they are drawn.
    """
    streams = Streams(seed)
    land = _land(profile, streams, geography)
    return campaign_tables(profile, land, draw_tzr(profile, land, streams, scale))


def draw_tzr(profile: TzrProfile, land: Land, streams: Streams, scale: float) -> Drawn:
    """Draw a whole population in memory; each subject has its own stream of random numbers."""
    ground = ground_of(profile, land)
    people = draw_people(profile, ground, streams, scale)
    kinds = choose([fact.corps for fact in profile.population.disciplines.value.values()], people.discipline)
    career = draw_careers(profile.careers, profile.session, kinds, people, streams)
    return equipped(profile, ground, people, career, streams)


def equipped(profile: TzrProfile, ground: Ground, people: People, career: Career, streams: Streams) -> Drawn:
    """A population of given people, with what their schools need and what they ask for."""
    needs = draw_needs(profile, ground, people, streams)
    attached = draw_attachments(profile, ground, people, streams)
    wishes = draw_preferences(profile, ground, people, attached, streams)
    return Drawn(ground, people, career, needs, attached, wishes)


def _land(profile: TzrProfile, streams: Streams, geography: Path | None) -> Land:
    sources = draw_sources(profile.schools, streams) if geography is None else read_sources(geography)
    return build_land(sources, profile.schools, [profile.population.academy.value], profile.session, streams)
