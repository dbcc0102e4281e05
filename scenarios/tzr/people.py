"""The TZR: discipline, zone, years on zones, part-time, children."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.draws import Flags, Ints, Streams, Words
from scenarios.tzr.ground import Ground
from scenarios.tzr.profile import TzrProfile

FULL = 10
"""Tenths of a full service."""


@dataclass(frozen=True, eq=False)
class People:
    """One entry per TZR, in an order that means nothing.

    Attributes
    ----------
    discipline, zone : int64[n], of the profile and of `Ground.zones`
    mandatory, category : nobody has to move, all are titulaires
    zr_years, children : int64[n]
    tenths : int64[n], of a full service
    """

    discipline: Ints
    zone: Ints
    mandatory: Flags
    category: Words
    zr_years: Ints
    children: Ints
    tenths: Ints

    def __len__(self) -> int:
        return len(self.discipline)


def draw_people(profile: TzrProfile, ground: Ground, streams: Streams, scale: float) -> People:
    """Draw the TZR; how many there are of each discipline is exact."""
    population = profile.population
    count = max(1, round(population.tzr.value * scale))
    weights = np.array([fact.weight for fact in population.disciplines.value.values()])
    discipline = streams.allot("discipline", count, weights)
    home = streams.pick_rows("zone", ground.weight, discipline)
    part_time = streams.flags("part_time", count, population.part_time_share.value)
    tenths = streams.number("part_time_tenths", count, population.part_time_tenths.value)
    return People(
        discipline=discipline,
        zone=ground.zone_of(discipline, home),
        mandatory=np.zeros(count, dtype=np.bool_),
        category=np.full(count, "titulaire", dtype=object),
        zr_years=streams.number("zr_years", count, population.zr_years.value),
        children=streams.number("children", count, population.children.value),
        tenths=np.where(part_time, tenths, FULL),
    )
