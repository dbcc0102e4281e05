"""Who takes part: holders of posts, entrants, and those whose post is taken away; and where each would like to be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.draws import Flags, Ints, Streams, Words, apportion, pick_within, sums
from scenarios.figures import ScenarioError
from scenarios.intra.atlas import NOWHERE, Atlas
from scenarios.intra.posts import Posts
from scenarios.intra.profile import SITUATIONS, IntraProfile
from scenarios.intra.sphere import distances

HOLDER, REPLACEMENT, ENTRANT, HIT = range(len(SITUATIONS))


@dataclass(frozen=True, eq=False)
class People:
    """One entry per candidate, in an order that means nothing.

    Attributes
    ----------
    situation : int64[n], number among `SITUATIONS`
    academy, discipline : int64[n]
    held : int64[n], the post held, `NOWHERE` for mandatory candidates
    closed : int64[n], the post that was taken away, `NOWHERE` where none was or where it is still held
    home : int64[n], the commune (row of `Land.communes`) each would like to be near to
    category : object[n]
    """

    situation: Ints
    academy: Ints
    discipline: Ints
    held: Ints
    closed: Ints
    home: Ints
    category: Words

    def __len__(self) -> int:
        return len(self.situation)

    @property
    def mandatory(self) -> Flags:
        """bool[n]: those who hold nothing and must leave with a post."""
        return np.equal(self.held, NOWHERE)

    @property
    def hit(self) -> Flags:
        """bool[n]: those whose post is taken away."""
        return np.equal(self.situation, HIT)

    @property
    def is_entrant(self) -> Flags:
        """bool[n]: those who come from another académie."""
        return np.equal(self.situation, ENTRANT)

    @property
    def own(self) -> Ints:
        """int64[n]: the post held or taken away, or `NOWHERE`."""
        return np.where(self.mandatory, self.closed, self.held)


def draw_people(profile: IntraProfile, atlas: Atlas, posts: Posts, streams: Streams, scale: float) -> People:
    """Draw the candidates; how many hold a post and how many must be given one is exact.

    Raises `ScenarioError` where the scale leaves nobody, or where there are fewer posts than holders.
    """
    situation, own, market = _enrolled(profile, posts, streams, scale)
    order = np.argsort(streams.uniform("order", len(own)), kind="stable")
    situation, own, market = situation[order], own[order], market[order]
    academy = market // posts.num_disciplines
    keeps = (situation == HOLDER) | (situation == REPLACEMENT)
    return People(
        situation=situation,
        academy=academy,
        discipline=market % posts.num_disciplines,
        held=np.where(keeps, own, NOWHERE),
        closed=np.where(keeps, NOWHERE, own),
        home=_home(profile, atlas, posts, academy, own, situation, streams),
        category=_category(profile, situation, streams),
    )


def _enrolled(profile: IntraProfile, posts: Posts, streams: Streams, scale: float) -> tuple[Ints, Ints, Ints]:
    """Situation, post held or taken away and market of each: holders, then victims of a measure, then entrants."""
    population = profile.population
    holders, mandatory = round(population.holders.value * scale), round(population.mandatory.value * scale)
    if holders + mandatory == 0:
        raise ScenarioError(f"scale {scale} leaves nobody; the profile has {population.holders.value} holders.")
    victims = round(mandatory * population.measures_share.value)
    own = _taking_part(profile, posts, holders + victims, streams)
    entering = _entrants(posts, mandatory - victims)
    placed = np.where(posts.replacement[own[:holders]], REPLACEMENT, HOLDER)
    situation = np.concatenate([placed, np.full(victims, HIT), np.full(len(entering), ENTRANT)])
    nothing = np.full(len(entering), NOWHERE)
    return situation, np.concatenate([own, nothing]), np.concatenate([posts.market[own], entering])


def _taking_part(profile: IntraProfile, posts: Posts, count: int, streams: Streams) -> Ints:
    """int64[count]: posts whose holders take part, in random order, none more often than it has positions.

    Everybody waits an exponential time before he asks to move, shorter on replacement; the first ones take part.
    """
    seat = np.repeat(np.arange(len(posts)), posts.positions)
    if len(seat) < count:
        raise ScenarioError(f"{count} holders take part, and there are {len(seat)} posts: raise their mean numbers.")
    eager = np.where(posts.replacement, profile.choices.replacement_propensity.value, 1.0)[seat]
    time = -np.log1p(-streams.uniform("takes_part", len(seat))) / eager
    chosen = seat[np.sort(np.argsort(time, kind="stable")[:count])]
    return chosen[np.argsort(streams.uniform("holders", count), kind="stable")]


def _entrants(posts: Posts, count: int) -> Ints:
    """int64[count]: the market of each entrant, in proportion to the posts of the markets."""
    size = sums(posts.positions, posts.ptr)
    return np.repeat(np.arange(len(size)), apportion(count, size))


def _home(
    profile: IntraProfile, atlas: Atlas, posts: Posts, academy: Ints, own: Ints, situation: Ints, streams: Streams
) -> Ints:
    """The commune each would like to be near to: by inhabitants, and for holders by nearness to the post held.

    Victims of a measure want to stay in the commune of the school.
    """
    uniform = streams.uniform("home", len(academy))
    home = pick_within(uniform, atlas.inhabitants, atlas.commune_ptr, academy)
    for number, start in enumerate(atlas.commune_ptr[:-1]):
        here = slice(start, atlas.commune_ptr[number + 1])
        people = np.flatnonzero((academy == number) & (own != NOWHERE))
        away = distances(atlas.position[posts.place[own[people]]], atlas.commune_position[here])
        weights = atlas.inhabitants[here] * np.exp(-away / profile.choices.home_reach_km.value)
        cumulative = np.cumsum(weights, axis=1)
        home[people] = start + (uniform[people, None] * cumulative[:, -1:] >= cumulative).sum(axis=1)
    school = np.where(own == NOWHERE, NOWHERE, atlas.zone_of["COM"][posts.place[own]])
    return np.where((situation == HIT) & (school != NOWHERE), school, home)


def _category(profile: IntraProfile, situation: Ints, streams: Streams) -> Words:
    drawn = streams.label("category", len(situation), profile.population.mandatory_categories.value)
    return np.where(situation == ENTRANT, drawn, "titulaire")
