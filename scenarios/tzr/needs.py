"""What schools need for the year: vacant posts, posts freed, fractions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.draws import Flags, Floats, Ints, Streams, Words
from scenarios.tzr.ground import Ground
from scenarios.tzr.people import People
from scenarios.tzr.profile import TzrProfile

HALF_HOUR = 500
"""Thousandths of an hour."""


@dataclass(frozen=True, eq=False)
class Needs:
    """One entry per need.

    Attributes
    ----------
    discipline, school : int64[m]
    kind : object[m]
    hours : int64[m], thousandths of an hour
    """

    discipline: Ints
    school: Ints
    kind: Words
    hours: Ints


def draw_needs(profile: TzrProfile, ground: Ground, people: People, streams: Streams) -> Needs:
    """Draw the needs: as many in each discipline as its TZR call for, most of them in zones where some are."""
    plan = profile.needs
    count = max(1, round(plan.per_tzr.value * len(people)))
    tzr = np.bincount(people.discipline, minlength=len(ground.small)).astype(np.float64)
    discipline = streams.allot("need_discipline", count, tzr)
    kind = streams.label("need_kind", count, plan.kinds.value)
    whole = 2 * streams.number("need_post", count, plan.post_hours.value)
    part = streams.number("need_fraction", count, plan.fraction_half_hours.value)
    everywhere = streams.flags("need_outside", count, plan.outside_share.value)
    school = _schools(ground, people, discipline, everywhere, streams)
    return Needs(discipline, school, kind, HALF_HOUR * np.where(kind == "fraction", part, whole))


def _schools(ground: Ground, people: People, discipline: Ints, everywhere: Flags, streams: Streams) -> Ints:
    """A school for each need: anywhere it is taught, or in a zone in proportion to the TZR there."""
    near = ground.weight.copy()
    for number in range(len(near)):
        near[number] *= _staffing(ground, people, number)
    near = np.where(near.sum(axis=1, keepdims=True) > 0, near, ground.weight)
    anywhere = streams.pick_rows("need_school", ground.weight, discipline)
    staffed = streams.pick_rows("need_school_staffed", near, discipline)
    return np.where(everywhere, anywhere, staffed)


def _staffing(ground: Ground, people: People, number: int) -> Floats:
    """float64[s]: TZR of a discipline in the zone of each school, for each unit of weight of its schools."""
    schools = np.arange(ground.zone.shape[1])
    zone = ground.zone_of(np.full(len(schools), number), schools)
    tzr = np.bincount(people.zone[people.discipline == number], minlength=len(ground.zones))
    size = np.bincount(zone, weights=ground.weight[number], minlength=len(ground.zones))
    staffed: Floats = np.divide(tzr[zone], size[zone], out=np.zeros(len(zone)), where=size[zone] > 0)
    return staffed
