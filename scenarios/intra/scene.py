"""What candidates look at when they choose: the worth of places to everybody, the tastes of each, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scenarios.draws import Flags, Floats, Ints, Streams, gumbel
from scenarios.intra.atlas import NOWHERE, Atlas
from scenarios.intra.people import People
from scenarios.intra.posts import Posts
from scenarios.intra.profile import SCHOOL_TYPES, Choices

BLOCK = 2048
"""Candidates handled at once: bounds the memory of the tables candidates x schools."""


@dataclass(frozen=True, eq=False)
class Tastes:
    """What makes candidates differ.

    Attributes
    ----------
    asked_type : int64[n], type of school (of `PLACE_TYPES`) that wide wishes name, `NOWHERE` for any
    lycee : float64[n], worth of a lycée beyond what it is worth to everybody
    town : float64[n], worth of a town ten times as large
    department : float64[n], worth of the département of his home
    """

    asked_type: Ints
    lycee: Floats
    town: Floats
    department: Floats


@dataclass(frozen=True, eq=False)
class Scene:
    """What is the same for everybody.

    Attributes
    ----------
    worth : float64[p], of each place
    town : float64[p], decimal logarithm of the inhabitants of its commune
    offered : bool[p, d], disciplines it has ordinary posts in
    taught : bool[q, d, types + 1], whether each of the q départements has ordinary posts in schools of each type; the
        last column is for any type
    replaced : bool[q, d], whether it has ordinary posts in ZR
    middle : float64[q, 3], mean point of its places
    """

    choices: Choices
    atlas: Atlas
    worth: Floats
    town: Floats
    offered: Flags
    taught: Flags
    replaced: Flags
    middle: Floats


@dataclass(frozen=True, eq=False)
class Block:
    """Some candidates of one académie, r of them.

    Attributes
    ----------
    number : of the block
    rows : int64[r], who they are
    discipline, home : int64[r], as in `People`
    held : int64[r], place of the post held, `NOWHERE` for those who hold none or lose it
    lost : int64[r], place of the post taken away, or `NOWHERE`
    asked_type, lycee, town, department : as in `Tastes`
    places, departments : rows of those of the académie
    """

    number: int
    rows: Ints
    discipline: Ints
    home: Ints
    held: Ints
    lost: Ints
    asked_type: Ints
    lycee: Floats
    town: Floats
    department: Floats
    places: slice
    departments: slice


def worth_of_places(choices: Choices, atlas: Atlas, streams: Streams) -> Floats:
    """float64[p]: what each place is worth to everybody, its town left out."""
    types = np.array([*(choices.appeal.value.get(kind, 0.0) for kind in SCHOOL_TYPES), 0.0])
    noise = gumbel(streams.uniform("worth", len(atlas.type_of)))
    worth: Floats = types[atlas.type_of] + choices.noise_of_schools.value * noise
    return worth + choices.priority_education.value * atlas.priority_education


def build_scene(choices: Choices, atlas: Atlas, posts: Posts, streams: Streams) -> Scene:
    """The scene of a campaign."""
    worth = worth_of_places(choices, atlas, streams)
    inhabitants = np.append(atlas.inhabitants, 1.0)[atlas.zone_of["COM"]]
    offered = np.zeros((len(atlas.type_of), posts.num_disciplines), dtype=np.bool_)
    offered[posts.place[~posts.specific], posts.discipline[~posts.specific]] = True
    replaced = _by_department(atlas, offered & atlas.replacement[:, None]) > 0
    kinds = [(atlas.type_of == kind)[:, None] for kind in range(len(SCHOOL_TYPES))]
    kinds.append(~atlas.replacement[:, None])
    taught = np.stack([_by_department(atlas, offered & kind) > 0 for kind in kinds], axis=2)
    middle = _by_department(atlas, atlas.position) / _by_department(atlas, np.ones((len(worth), 1)))
    return Scene(choices, atlas, worth, np.log10(inhabitants), offered, taught, replaced, middle)


def _by_department(atlas: Atlas, values: Floats | Flags) -> Floats:
    """float64[number of départements, k]: sums over the places of each."""
    total = np.zeros((len(atlas.codes["DPT"]), values.shape[1]))
    np.add.at(total, atlas.zone_of["DPT"], values)
    return total


def blocks(atlas: Atlas, posts: Posts, people: People, tastes: Tastes) -> Iterator[Block]:
    """All candidates, at most `BLOCK` of one académie at a time."""
    own = np.where(people.own == NOWHERE, NOWHERE, posts.place[people.own])
    held, lost = np.where(people.hit, NOWHERE, own), np.where(people.hit, own, NOWHERE)
    starts = [
        (academy, start)
        for academy, count in enumerate(np.bincount(people.academy, minlength=len(atlas.place_ptr) - 1))
        for start in range(0, int(count), BLOCK)
    ]
    for number, (academy, start) in enumerate(starts):
        rows = np.flatnonzero(people.academy == academy)[start : start + BLOCK]
        yield Block(
            number=number,
            rows=rows,
            discipline=people.discipline[rows],
            home=people.home[rows],
            held=held[rows],
            lost=lost[rows],
            asked_type=tastes.asked_type[rows],
            lycee=tastes.lycee[rows],
            town=tastes.town[rows],
            department=tastes.department[rows],
            places=slice(*atlas.place_ptr[academy : academy + 2].tolist()),
            departments=slice(*atlas.department_ptr[academy : academy + 2].tolist()),
        )
