"""The library `matching` (daffidwilde) on a market, its objects built apart so that only its algorithm is timed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matching import Player
from matching.algorithms import hospital_resident
from matching.players import Hospital

from engine.model.market import Market


class Players(NamedTuple):
    """Candidates and posts as the library's objects; solving uses them up."""

    residents: list[Player]
    hospitals: list[Hospital]


def players(market: Market) -> Players:
    """The market as objects; a post ranks those who ask for it by priority. Every post needs a seat.

    The game class of the library is left out: it only checks its input, which takes far longer than solving.
    """
    residents = [Player(candidate) for candidate in range(market.num_candidates)]
    hospitals = [Hospital(post, int(seats)) for post, seats in enumerate(market.seats)]
    post = market.zone_post[market.wish_zone]
    for resident, first, end in zip(residents, market.wish_ptr, market.wish_ptr[1:], strict=False):
        resident.set_prefs([hospitals[p] for p in post[first:end]])
    strongest_first = np.lexsort((-market.wish_priority, post))
    candidate = market.candidate_of_contract()[strongest_first]
    ends = np.cumsum(np.bincount(post, minlength=market.num_posts))
    for hospital, ranked in zip(hospitals, np.split(candidate, ends[:-1]), strict=True):
        hospital.set_prefs([residents[i] for i in ranked])
    return Players(residents, hospitals)


def solve(game: Players) -> None:
    """Run the library's algorithm; the outcome is written into the players."""
    hospital_resident(*game)


def posts(game: Players) -> list[int]:
    """The post of each candidate, or -1."""
    return [-1 if resident.matching is None else resident.matching.name for resident in game.residents]
