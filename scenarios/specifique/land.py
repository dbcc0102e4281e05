"""Schools with preparatory classes and their posts: fictitious schools in the académies of the session."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.draws import Flags, Floats, Ints, Streams, apportion, gumbel
from scenarios.specifique.profile import SpecifiqueProfile
from scenarios.territory import Territory, territory


@dataclass(frozen=True, eq=False)
class Land:
    """Schools and posts.

    Attributes
    ----------
    academies : the académies of the session
    academy : int64[s], the académie of each school
    department : int64[s], which of its départements it is in
    prestige : float64[s]
    school, stream : int64[p], of each post
    """

    academies: Territory
    academy: Ints
    department: Ints
    prestige: Floats
    school: Ints
    stream: Ints

    @property
    def num_schools(self) -> int:
        return len(self.academy)

    def has_stream(self, num_streams: int) -> Flags:
        """bool[s, t]: whether a school has a post of each stream."""
        there = np.zeros((self.num_schools, num_streams), dtype=np.bool_)
        there[self.school, self.stream] = True
        return there


def draw_land(profile: SpecifiqueProfile, streams: Streams, num_posts: int, scale: float) -> Land:
    """Draw the schools and so many posts in them, every school and every stream as the profile weighs them."""
    academies = territory(profile.session)
    weights = academies.weights("schools_by_academy", profile.posts.schools_by_academy.value, complete=False)
    count = max(1, round(profile.posts.schools.value * scale))
    academy = np.repeat(np.arange(len(weights)), apportion(count, weights))
    sizes = np.array([len(departments) for departments in academies.departments])
    department = (streams.uniform("department", count) * sizes[academy]).astype(np.int64)
    prestige = gumbel(streams.uniform("prestige", count))
    school = streams.allot("school", num_posts, np.exp(profile.posts.prestige_in_size.value * prestige))
    stream = streams.pick("stream", num_posts, list(profile.posts.streams.value.values()))
    return Land(academies, academy, department, prestige, school, stream)
