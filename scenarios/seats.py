"""Seats: how many each académie offers in each discipline."""

from __future__ import annotations

import numpy as np

from scenarios.draws import Floats, Ints, Streams, apportion
from scenarios.people import NOWHERE, People
from scenarios.profile import Profile
from scenarios.territory import Territory


def draw_seats(profile: Profile, land: Territory, people: People, streams: Streams) -> Ints:
    """Draw the vacant seats of every (discipline, académie); negative where seats are closed as they fall free.

    An académie offers seats in proportion to its needs, unevenly from one discipline to another. In each discipline
    the académies the extension reaches offer at least as many, net of closings, as there are mandatory candidates and
    holders from elsewhere: then whoever must be placed can be. (Were a mandatory candidate refused everywhere, every
    seat there would be taken, by fewer people than there are seats.)

    Returns
    -------
    int64[d, a]
    """
    shape = (len(profile.population.disciplines.value), len(land.codes))
    closing = -_closings(profile, people, shape, streams)
    weights = _weights(profile, land, shape, streams) * (closing == 0)
    needed = _needed(land, people, shape[0])
    reached = np.ceil(needed * (1 + profile.seats.slack.value)).astype(np.int64)
    reached -= (closing * land.reached).sum(axis=1)
    seats = closing.copy()
    for row, (weight, total) in enumerate(zip(weights, reached, strict=True)):
        seats[row] += _spread(weight, land, int(total))
    return seats


def _spread(weight: Floats, land: Territory, total: int) -> Ints:
    """One discipline: `total` seats where the extension reaches, and elsewhere as many as weights command."""
    inside, outside = weight * land.reached, weight * ~land.reached
    beyond = round(total * outside.sum() / inside.sum())
    return apportion(total, inside) + (apportion(beyond, outside) if beyond else 0)


def _weights(profile: Profile, land: Territory, shape: tuple[int, int], streams: Streams) -> Floats:
    """float64[d, a]: needs, less where people like to stay, times an uneven factor per discipline."""
    needs = land.weights("needs", profile.places.needs.value)
    attractiveness = land.weights("attractiveness", profile.places.attractiveness.value)
    uneven = -np.log1p(-streams.uniform("seats", *shape))
    base = needs * np.exp(profile.seats.attractiveness.value * attractiveness)
    weights: Floats = base * uneven**profile.seats.dispersion.value
    return weights


def _closings(profile: Profile, people: People, shape: tuple[int, int], streams: Streams) -> Ints:
    """int64[d, a]: seats to close, at most those participants hold."""
    held = count_by_cell(people.discipline, people.held, shape)
    concerned = streams.flags("closing", shape[0] * shape[1], profile.seats.closing_share.value).reshape(shape)
    number = streams.number("closing_seats", shape[0] * shape[1], profile.seats.closing_seats.value).reshape(shape)
    return np.where(concerned, np.minimum(number, held), 0)


def _needed(land: Territory, people: People, disciplines: int) -> Ints:
    """int64[d]: mandatory candidates, and holders who could come from where the extension does not reach."""
    from_beyond = (people.held != NOWHERE) & ~land.reached[people.held]
    return np.bincount(people.discipline[people.mandatory | from_beyond], minlength=disciplines)


def count_by_cell(discipline: Ints, academy: Ints, shape: tuple[int, int]) -> Ints:
    """int64[d, a]: how many entries fall in each cell; entries without académie are left out."""
    some = academy != NOWHERE
    cells = discipline[some] * shape[1] + academy[some]
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
