"""Who asks: those who hold such a post and want another, and those who ask for the first time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.draws import Flags, Floats, Ints, Streams, gumbel
from scenarios.specifique.land import Land
from scenarios.specifique.profile import SpecifiqueProfile

NOTHING = -1


@dataclass(frozen=True, eq=False)
class People:
    """One entry per candidate, in an order that means nothing.

    Attributes
    ----------
    held : int64[n], the post each holds, or `NOTHING`
    home : int64[n], the académie each is bound to
    preference : int64[n], the stream preferred
    second : bool[n], who makes a second request
    letter : bool[n], who wrote his letters
    merit : float64[n], what inspections and heads look for
    agrege : bool[n]
    age : int64[n]
    """

    held: Ints
    home: Ints
    preference: Ints
    second: Flags
    letter: Flags
    merit: Floats
    agrege: Flags
    age: Ints

    def __len__(self) -> int:
        return len(self.held)


def draw_people(profile: SpecifiqueProfile, land: Land, streams: Streams, holders: int, count: int) -> People:
    """Draw `count` candidates, of whom the first `holders` hold one post each."""
    population = profile.population
    held = np.where(np.arange(count) < holders, np.arange(count), NOTHING)
    weights = np.bincount(land.academy, minlength=len(land.academies.codes)).astype(np.float64)
    own = land.academy[land.school[np.minimum(held, len(land.school) - 1)]]
    elsewhere = streams.pick("home", count, weights)
    stays = streams.flags("bound_to_own", count, 0.5) & (held != NOTHING)
    experience = profile.judgements.experience.value * (held != NOTHING)
    return People(
        held=held,
        home=np.where(stays, own, elsewhere),
        preference=streams.pick("preference", count, list(profile.posts.streams.value.values())),
        second=streams.flags("second", count, population.second_request_share.value),
        letter=~streams.flags("letter", count, population.letter_missing_share.value),
        merit=gumbel(streams.uniform("merit", count)) + experience,
        agrege=streams.flags("agrege", count, population.agrege_share.value),
        age=streams.number("age", count, population.ages.value),
    )
