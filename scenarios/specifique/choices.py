"""Wishes: a random utility for every school, and the ranked lists it gives, some of them widened to zones."""

from __future__ import annotations

import numpy as np
import polars as pl

from scenarios.draws import Floats, Streams, gumbel
from scenarios.specifique.land import Land
from scenarios.specifique.people import NOTHING, People
from scenarios.specifique.profile import SpecifiqueProfile

MOST = 15  # wishes of one request


def draw_wishes(profile: SpecifiqueProfile, land: Land, people: People, streams: Streams) -> pl.DataFrame:
    """Draw the ranked lists.

    Returns
    -------
    polars.DataFrame with columns candidate (Int64), rank, request, kind, school (Int64: the school itself, or the one
    whose zone is asked for), in the order of candidate and rank
    """
    utility = _utility(profile, land, people, streams)
    holds = np.flatnonzero(people.held != NOTHING)
    utility[holds, land.school[people.held[holds]]] = -np.inf
    most = min(MOST, land.num_schools - 1)
    ranking = np.argsort(-utility, axis=1, kind="stable")[:, :most]
    length = np.minimum(streams.number("wishes", len(people), profile.choices.wishes.value), most)
    candidate, position = np.nonzero(np.arange(most) < length[:, None])
    kinds = profile.choices.kinds.value
    kind = streams.label("kind", len(candidate), kinds)
    second = people.second[candidate] & (position >= np.maximum(1, length[candidate] // 2))
    return pl.DataFrame(
        {
            "candidate": candidate,
            "rank": position + 1,
            "request": np.where(second, 2, 1),
            "kind": pl.Series(kind.astype(str)),
            "school": ranking[candidate, position],
        }
    )


def _utility(profile: SpecifiqueProfile, land: Land, people: People, streams: Streams) -> Floats:
    """float64[n, s]: attractiveness of the académie, prestige of the school, home, the stream preferred, and noise."""
    choices = profile.choices
    worth = land.academies.weights("attractiveness", choices.attractiveness.value, complete=False)
    near = choices.home.value * np.eye(len(worth)) - choices.distance_per_100_km.value * land.academies.kilometres / 100
    taught = land.has_stream(len(profile.posts.streams.value))
    school = worth[land.academy] + choices.prestige.value * land.prestige
    noise = gumbel(streams.uniform("utility", len(people), land.num_schools))
    utility: Floats = school + near[people.home][:, land.academy] + noise
    return utility + choices.preferred_stream.value * taught[:, people.preference].T
