"""Posts: how many each place has in each discipline, and which of them are specific."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.draws import Flags, Floats, Ints, Streams
from scenarios.intra.atlas import ZR, Atlas, numbers
from scenarios.intra.land import Land
from scenarios.intra.profile import SCHOOL_TYPES, IntraProfile
from scenarios.intra.selection import Selection


@dataclass(frozen=True, eq=False)
class Posts:
    """The posts of a campaign, sorted by market (académie, discipline), then by place; m of them.

    Attributes
    ----------
    place, discipline, academy : int64[m], numbers of each
    positions : int64[m], seats that exist, vacant ones left out
    specific : bool[m]
    replacement : bool[m], posts of a zone de remplacement
    ptr : int64[a * d + 1]: posts of discipline j in académie i are ``ptr[i*d+j]:ptr[i*d+j+1]``
    num_disciplines : d
    """

    place: Ints
    discipline: Ints
    academy: Ints
    positions: Ints
    specific: Flags
    replacement: Flags
    ptr: Ints
    num_disciplines: int

    def __len__(self) -> int:
        return len(self.place)

    @property
    def market(self) -> Ints:
        """int64[m]: the market of each post."""
        return np.repeat(np.arange(len(self.ptr) - 1), np.diff(self.ptr))


def draw_posts(profile: IntraProfile, land: Land, atlas: Atlas, selection: Selection, streams: Streams) -> Posts:
    """Draw how many posts every place has; a place has one row per discipline it has posts in.

    A number with a fraction is rounded up with the probability of the fraction: where few are expected, most schools
    have none. A zone de remplacement is a post of the disciplines it serves, also where nobody holds one.
    """
    expected, served = _expected(profile, land, atlas, selection, streams)
    positions = np.floor(expected + streams.uniform("positions", *expected.shape)).astype(np.int64)
    place, discipline = np.nonzero((positions > 0) | served)
    beside = _specific(profile, atlas.type_of[place], streams)
    row = np.concatenate([np.arange(len(place)), beside])
    specific = np.arange(len(row)) >= len(place)
    academy, num_disciplines = atlas.zone_of["ACA"][place], len(selection.disciplines)
    market = (academy * num_disciplines + discipline)[row]
    order = np.lexsort((specific, place[row], market))
    row, specific = row[order], specific[order]
    return Posts(
        place=place[row],
        discipline=discipline[row],
        academy=academy[row],
        positions=np.where(specific, 1, positions[place, discipline][row]),
        specific=specific,
        replacement=atlas.type_of[place[row]] == ZR,
        ptr=np.searchsorted(market[order], np.arange(len(land.academies) * num_disciplines + 1)),
        num_disciplines=num_disciplines,
    )


def _expected(
    profile: IntraProfile, land: Land, atlas: Atlas, selection: Selection, streams: Streams
) -> tuple[Floats, Flags]:
    """Expected posts of each place in each discipline, float64[p, d]; and whether a ZR serves it, bool[p, d]."""
    facts = selection.disciplines.values()
    means = np.array([[fact.posts.get(kind, 0.0) for fact in facts] for kind in SCHOOL_TYPES])
    uneven = profile.posts.unevenness.value * (2 * streams.uniform("school_size", len(atlas.type_of)) - 1)
    schools = np.flatnonzero(~atlas.replacement)
    expected = np.zeros((len(atlas.type_of), len(facts)))
    expected[schools] = selection.density * means[atlas.type_of[schools]] * (1 + uneven[schools, None])
    on_replacement = profile.posts.replacement_share.value * expected[schools]
    for column in ("zone", "whole_zone"):
        np.add.at(expected, numbers(land.places[column], atlas.codes["ETB"])[schools], on_replacement)
    served = _served(land, selection)
    return np.where(atlas.replacement[:, None] & ~served, 0.0, expected), served


def _served(land: Land, selection: Selection) -> Flags:
    """bool[p, d]: zones de remplacement that serve a discipline, the smaller ones or those of the département."""
    in_small = np.array([fact.small_zones for fact in selection.disciplines.values()])
    small = land.places["small"]
    zones = small.is_not_null().to_numpy()
    served: Flags = zones[:, None] & (small.fill_null(False).to_numpy()[:, None] == in_small)
    return served


def _specific(profile: IntraProfile, type_of: Ints, streams: Streams) -> Ints:
    """Rows of ordinary posts in schools that have a specific one beside them."""
    share = profile.posts.specific_share.value * (type_of != ZR)
    return np.flatnonzero(streams.flags("specific", len(type_of), share))
