"""The way of an intra population: land, posts, people, careers, measures, situations, wishes, seats, tables."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from pathlib import Path
from types import MappingProxyType

import numpy as np
import polars as pl

from engine.model.rulebook import Rulebook
from scenarios.careers import draw_careers
from scenarios.draws import Streams, choose
from scenarios.intra.atlas import build_atlas
from scenarios.intra.land import build_land
from scenarios.intra.lists import draw_lists
from scenarios.intra.measures import draw_measures
from scenarios.intra.people import draw_people
from scenarios.intra.posts import draw_posts
from scenarios.intra.preferences import rank_choices
from scenarios.intra.profile import IntraProfile
from scenarios.intra.reading import read_sources
from scenarios.intra.scene import worth_of_places
from scenarios.intra.seats import draw_seats
from scenarios.intra.selection import select
from scenarios.intra.situations import draw_bonuses, draw_families, draw_tastes, with_certified_in_lp
from scenarios.intra.sources import draw_sources
from scenarios.intra.tables import Drawn, campaign_tables


def intra_tables(profile: IntraProfile, seed: int, scale: float, geography: Path | None) -> dict[str, pl.DataFrame]:
    """Draw an intra population and lay it out as tables.

    Parameters
    ----------
    geography : folder with real communes and schools (`scenarios.intra.reading`); without it they are drawn.
    """
    streams = Streams(seed)
    return campaign_tables(profile, draw_intra(profile, streams, scale, geography), streams)


def draw_intra(
    profile: IntraProfile,
    streams: Streams,
    scale: float,
    geography: Path | None,
    arriving: Mapping[tuple[str, str], int] = MappingProxyType({}),
) -> Drawn:
    """Draw a whole intra population in memory; each subject has its own stream of random numbers.

    Parameters
    ----------
    arriving : académie and discipline -> how many seats are offered for people who are not drawn here
    """
    sources = draw_sources(profile.schools, streams) if geography is None else read_sources(geography)
    selection = select(profile, sources, scale)
    land = build_land(sources, profile.schools, selection.academies, profile.session, streams)
    atlas = build_atlas(land)
    posts = draw_posts(profile, land, atlas, selection, streams)
    facts = list(selection.disciplines.values())
    people = draw_people(profile, atlas, posts, streams, scale)
    kinds = choose([fact.corps for fact in facts], people.discipline)
    career = draw_careers(profile.careers, profile.session, kinds, people, streams)
    career = with_certified_in_lp(profile.bonuses, career, streams)
    people, measures = draw_measures(profile, atlas, posts, people, career, streams, scale)
    family = draw_families(profile, atlas, posts, people, career, streams)
    bonuses = draw_bonuses(profile, facts, posts, people, career, family, streams)
    tastes = draw_tastes(profile, atlas, posts, people, career, family, streams)
    best = rank_choices(profile.choices, atlas, posts, people, tastes, streams)
    asks = streams.flags("asks_specific", len(people), profile.choices.specific_share.value)
    wishes = draw_lists(profile.choices.lists.value, people, best, asks, most_wishes(profile), streams)
    worth = worth_of_places(profile.choices, atlas, streams)
    more = np.array([arriving.get(market, 0) for market in product(selection.academies, selection.disciplines)])
    seats = draw_seats(profile.seats, posts, people, worth, measures.closed, streams, more)
    return Drawn(
        land, atlas, selection, posts, people, career, family, bonuses, measures, tastes.asked_type, wishes, seats
    )


def most_wishes(profile: IntraProfile) -> int:
    """How many wishes the rulebook admits in the session of the profile."""
    return Rulebook.load(profile.rulebook).at(profile.session).count("wishes", "max_wishes")
