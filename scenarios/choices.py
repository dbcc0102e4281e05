"""Wishes: a random utility for every académie, and the ranked lists it gives."""

from __future__ import annotations

import numpy as np

from scenarios.draws import Floats, Ints, Streams, gumbel
from scenarios.people import NOWHERE, People
from scenarios.profile import Profile
from scenarios.situations import Bonuses, Family
from scenarios.territory import Territory


def draw_wishes(
    profile: Profile, land: Territory, people: People, family: Family, bonuses: Bonuses, streams: Streams
) -> tuple[Ints, Ints]:
    """Draw the ranked lists of wishes.

    The list is the head of the order of utilities with Gumbel noise (a Plackett-Luce ranking). Who has a family
    strategy, overseas interests or a right of return names that académie first: the rules give points only there.

    Returns
    -------
    ranking : int64[n, a], indices of académies, best first
    length : int64[n], how many of them are wishes
    """
    utility = _utility(profile, land, people, family, streams)
    everyone = np.arange(len(people))
    first = _first_wish(people, family, bonuses)
    pinned = first != NOWHERE
    utility[everyone[pinned], first[pinned]] = np.inf
    holds = people.held != NOWHERE
    utility[everyone[holds], people.held[holds]] = -np.inf
    ranking = np.argsort(-utility, axis=1, kind="stable")
    return ranking, np.minimum(_length(profile, people, streams), len(land.codes) - holds)


def _utility(profile: Profile, land: Territory, people: People, family: Family, streams: Streams) -> Floats:
    """float64[n, a]: attractiveness, ties to home or spouse, training, distance, and noise."""
    choices = profile.choices
    attractiveness = land.weights("attractiveness", profile.places.attractiveness.value)
    distance = np.minimum(land.kilometres, choices.distance_cap_km.value) / 100
    near_home = choices.home.value * np.eye(len(land.codes)) - choices.distance_per_100_km.value * distance
    pull = np.where(people.mandatory, choices.attractiveness_for_mandatory.value, choices.attractiveness.value)
    anchor = np.where(family.academy == NOWHERE, people.home, family.academy)
    noise = gumbel(streams.uniform("utility", len(people), len(land.codes)))
    utility: Floats = pull[:, None] * attractiveness + near_home[anchor] + noise
    trained = np.flatnonzero(people.training != NOWHERE)
    utility[trained, people.training[trained]] += choices.training.value
    return utility


def _first_wish(people: People, family: Family, bonuses: Bonuses) -> Ints:
    """The académie that has to come first for its points, or `NOWHERE`."""
    claims = (family.academy, bonuses.reinstatement, bonuses.overseas_interests)
    first = np.full(len(people), NOWHERE)
    for academy in claims:
        first = np.where(first == NOWHERE, academy, first)
    return first


def _length(profile: Profile, people: People, streams: Streams) -> Ints:
    """How many wishes each makes."""
    choices = profile.choices
    few = streams.number("holder_wishes", len(people), choices.holder_wishes.value)
    many = streams.number("mandatory_wishes", len(people), choices.mandatory_wishes.value)
    return np.where(people.mandatory, many, few)
