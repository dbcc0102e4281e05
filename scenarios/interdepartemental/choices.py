"""Wishes: a random utility for every département, and the ranked lists it gives."""

from __future__ import annotations

import numpy as np

from scenarios.draws import Floats, Ints, Streams, gumbel
from scenarios.interdepartemental.land import Land
from scenarios.interdepartemental.people import People
from scenarios.interdepartemental.profile import InterdepartementalProfile
from scenarios.interdepartemental.situations import NOWHERE, Situations


def draw_wishes(
    profile: InterdepartementalProfile, land: Land, people: People, situations: Situations, streams: Streams
) -> tuple[Ints, Ints]:
    """Draw the ranked lists of wishes; linked candidates have that of the first of them.

    The list is the head of the order of utilities with Gumbel noise (a Plackett-Luce ranking). Who has a family
    strategy or overseas interests names that département first: the rules give points only there.

    Returns
    -------
    ranking : int64[n, 6], indices of départements, best first
    length : int64[n], how many of them are wishes
    """
    utility = _utility(profile, land, people, situations, streams)
    everyone = np.arange(len(people))
    first = np.where(situations.family != NOWHERE, situations.family, situations.overseas_interests)
    pinned = first != NOWHERE
    utility[everyone[pinned], first[pinned]] = np.inf
    for own in (people.held, _of_the_other(people)):
        utility[everyone, own] = -np.inf
    most = max(profile.choices.wishes.value)
    ranking = np.argsort(-utility, axis=1, kind="stable")[:, :most]
    length = np.minimum(streams.number("wishes", len(people), profile.choices.wishes.value), most)
    return ranking[people.leader], length[people.leader]


def _utility(
    profile: InterdepartementalProfile, land: Land, people: People, situations: Situations, streams: Streams
) -> Floats:
    """float64[n, d]: attractiveness, tie to home or spouse, distance, and noise."""
    choices = profile.choices
    attractiveness = land.values("attractiveness", profile.places.attractiveness.value)
    distance = np.minimum(land.kilometres, choices.distance_cap_km.value) / 100
    near_home = choices.home.value * np.eye(len(land)) - choices.distance_per_100_km.value * distance
    anchor = np.where(situations.family == NOWHERE, people.home, situations.family)
    noise = gumbel(streams.uniform("utility", len(people), len(land)))
    utility: Floats = choices.attractiveness.value * attractiveness + near_home[anchor] + noise
    return utility


def _of_the_other(people: People) -> Ints:
    """int64[n]: the département of the other member of a linked request; one's own for the others."""
    other = people.held.copy()
    followers = np.flatnonzero(people.leader != np.arange(len(people)))
    other[people.leader[followers]] = people.held[followers]
    other[followers] = people.held[people.leader[followers]]
    return other
