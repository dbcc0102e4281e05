"""Who asks: where each teaches and comes from, and with whom a request is linked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.draws import Flags, Floats, Ints, Streams, Words, apportion
from scenarios.interdepartemental.land import Land
from scenarios.interdepartemental.profile import InterdepartementalProfile

ALONE = -1


@dataclass(frozen=True, eq=False)
class People:
    """One entry per candidate, in an order that means nothing.

    Attributes
    ----------
    held, home : int64[n], the département each teaches in, and the one he comes from
    corps, category : object[n]
    mandatory : bool[n], nobody has to take part
    link : int64[n], number of the linked request, or `ALONE`
    leader : int64[n], the candidate whose wishes count: the first of a linked request, or himself
    """

    held: Ints
    home: Ints
    corps: Words
    category: Words
    mandatory: Flags
    link: Ints
    leader: Ints

    def __len__(self) -> int:
        return len(self.held)


def draw_people(profile: InterdepartementalProfile, land: Land, streams: Streams, scale: float, pairs: int) -> People:
    """Draw the candidates; how many there are, and how many in Île-de-France, is exact.

    Parameters
    ----------
    pairs : of linked requests; at most all candidates are in one
    """
    count = max(1, round(profile.population.requests.value * scale))
    link, leader = _links(min(pairs, count // 2), count, streams)
    held = _held(profile, land, count, streams)
    together = streams.uniform("two_departments", count) >= profile.links.two_departments_share.value
    held = np.where(together, held[leader], held)
    return People(
        held=held,
        home=_home(profile, land, held, streams)[leader],
        corps=streams.label("corps", count, profile.population.corps.value),
        category=np.full(count, "titulaire", dtype=object),
        mandatory=np.zeros(count, dtype=np.bool_),
        link=link,
        leader=leader,
    )


def _links(pairs: int, count: int, streams: Streams) -> tuple[Ints, Ints]:
    """Pairs of candidates, drawn among all."""
    members = np.argsort(streams.uniform("links", count), kind="stable")[: 2 * pairs].reshape(pairs, 2)
    link, leader = np.full(count, ALONE), np.arange(count)
    link[members] = np.arange(pairs)[:, None]
    leader[members[:, 1]] = members[:, 0]
    return link, leader


def _held(profile: InterdepartementalProfile, land: Land, count: int, streams: Streams) -> Ints:
    """The département each teaches in: Île-de-France in its share, elsewhere by inhabitants and how many leave."""
    places = profile.places
    inside = land.values("ile_de_france", places.ile_de_france.value, 0.0)
    outside = land.values("inhabitants", places.inhabitants.value) * land.values("leaving", places.leaving.value, 1.0)
    outside[land.ile_de_france] = 0.0
    near = round(count * places.ile_de_france_share.value)
    numbers = apportion(near, inside) + apportion(count - near, outside)
    order = np.argsort(streams.uniform("held", count), kind="stable")
    return np.repeat(np.arange(len(land)), numbers)[order]


def _home(profile: InterdepartementalProfile, land: Land, held: Ints, streams: Streams) -> Ints:
    """Where they come from: inhabitants and attractiveness; never where they teach."""
    inhabitants = land.values("inhabitants", profile.places.inhabitants.value)
    pull = np.exp(profile.choices.home_pull.value * land.values("attractiveness", profile.places.attractiveness.value))
    weights: Floats = np.tile(inhabitants * pull, (len(land), 1))
    np.fill_diagonal(weights, 0.0)
    return streams.pick_rows("home", weights, held)
