"""Mesures de carte scolaire: which posts are closed where somebody holds them, and who will be designated."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scenarios.careers import Career
from scenarios.draws import Flags, Ints, Streams
from scenarios.intra.atlas import NOWHERE, Atlas
from scenarios.intra.people import HIT, HOLDER, People
from scenarios.intra.posts import Posts
from scenarios.intra.profile import IntraProfile
from scenarios.intra.profile import Measures as Figures


@dataclass(frozen=True, eq=False)
class Measures:
    """Closures, and what the designation of their victims looks at.

    Attributes
    ----------
    closed : int64[c], posts of which one held seat is closed
    volunteer, adapted : bool[n]; adapted posts are spared
    greta : bool[n], whose post closed was in a GRETA
    initial_education : bool[n], of these, who once held a post in initial education
    """

    closed: Ints
    volunteer: Flags
    adapted: Flags
    greta: Flags
    initial_education: Flags


def draw_measures(
    profile: IntraProfile, atlas: Atlas, posts: Posts, people: People, career: Career, streams: Streams, scale: float
) -> tuple[People, Measures]:
    """Draw the closures, and let the people know: who will be designated asks for what he loses.

    On each post closed the participant of least seniority is the victim, a volunteer in some cases and wherever another
    has as little; on some posts one of still lower seniority is spared, because his post was adapted.
    """
    measures, count = profile.measures, len(people)
    closed, victims, spared = _victims(measures, posts, people, career, streams, scale)
    situation, home = people.situation.copy(), people.home.copy()
    situation[victims] = HIT
    home[victims] = atlas.zone_of["COM"][posts.place[people.held[victims]]]
    volunteer, adapted = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    volunteer[victims] = streams.flags("volunteer", len(victims), measures.volunteers_share.value)
    volunteer[victims] |= _tied(people, career, victims)
    adapted[spared] = True
    greta = (people.closed != NOWHERE) & streams.flags("greta", count, measures.greta_share.value)
    once = greta & streams.flags("initial_education", count, measures.initial_education_share.value)
    return replace(people, situation=situation, home=home), Measures(closed, volunteer, adapted, greta, once)


def _victims(
    measures: Figures, posts: Posts, people: People, career: Career, streams: Streams, scale: float
) -> tuple[Ints, Ints, Ints]:
    """Posts closed, the victim of each; and who is spared on the first of them, where another holder takes part."""
    ordinary = (people.situation == HOLDER) & ~posts.specific[people.held]
    holders = np.flatnonzero(ordinary)
    holders = holders[np.lexsort((holders, career.post_years[holders], people.held[holders]))]
    held, least = np.unique(people.held[holders], return_index=True)
    several = np.diff(np.append(least, len(holders))) > 1
    drawn = np.argsort(streams.uniform("closures", len(held)), kind="stable")
    sparing = drawn[several[drawn]][: round(measures.adapted.value * scale)]
    others = drawn[~np.isin(drawn, sparing)][: round(measures.closures.value * scale) - len(sparing)]
    victims = np.concatenate([holders[least[sparing] + 1], holders[least[others]]])
    return held[np.concatenate([sparing, others])], victims, holders[least[sparing]]


def _tied(people: People, career: Career, victims: Ints) -> Flags:
    """bool[v]: victims who have as many years in the post as another participant who holds it."""
    held, row = np.unique(np.column_stack([people.held, career.post_years]), axis=0, return_inverse=True)
    tied: Flags = np.bincount(row.ravel(), minlength=len(held))[row.ravel()[victims]] > 1
    return tied
