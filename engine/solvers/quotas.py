"""`serial` within quotas: requests in strict order, each takes the best of its wishes that is open (the mutations).

A place lets in as many as its entry quota says and lets go as many as its exit quota says; somebody who leaves opens no
seat for another. Linked candidates are examined together and move together or not at all.

Where places have one net balance instead of two quotas, their seats are those of the holders who take part and the
balance, and the phase is `engine.solvers.stable` (negative balances are seats to be closed).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.model.market import Ints, Market, MarketError, Matching
from engine.solvers.requests import Requests, requests_of

Order = Literal["points", "rank"]
"""Which request comes first.

`points`: requests in decreasing priority of their first wish, each with all its wishes at its turn. `rank`: all first
wishes in decreasing priority, then all second ones, and so on ("à rang de vœu égal").
"""


@dataclass(frozen=True, eq=False)
class Quotas:
    """How many may enter and leave each place.

    Attributes
    ----------
    entry, exit : int64[m]
        Not negative. The number of candidates is as good as no limit.
    """

    entry: Ints
    exit: Ints


@dataclass(frozen=True, eq=False)
class LastMoved:
    """Who was the last to enter and to leave each place: what the published cutoffs are the points of.

    Attributes
    ----------
    entry, exit : int64[m]
        The contract granted to him, -1 where nobody entered or left.
    """

    entry: Ints
    exit: Ints


def within_quotas(market: Market, quotas: Quotas, order: Order = "points") -> Matching:
    """Examine the requests one after the other.

    Parameters
    ----------
    market : Market
        Zones are single posts. A stay says where its candidate is; seats are not looked at. Of linked candidates the
        weakest priority at a rank counts.
    quotas : Quotas
    order : which request comes first

    Returns
    -------
    Matching
        Whoever is not moved has his stay, or nothing.

    Raises
    ------
    UnsupportedMarket, MarketError
        As `engine.solvers.requests.requests_of`; MarketError also for quotas that do not fit the market.
    """
    _require_quotas(market, quotas)
    requests = requests_of(market)
    granted = _examine(requests, examination(market, requests, order), quotas)
    contract = np.where(market.stay >= 0, market.stay, -1)
    contract[requests.owner[granted]] = granted
    post = np.full(market.num_candidates, -1, dtype=np.int32)
    held = np.flatnonzero(contract >= 0)
    post[held] = requests.post[contract[held]]
    counters: dict[str, float] = {"requests": int(requests.unit.max(initial=-1)) + 1, "moved": len(granted)}
    return Matching(contract, post, "finished", "feasible", counters=counters)


def examination(market: Market, requests: Requests, order: Order = "points") -> Ints:
    """int64[k]: when each wish is examined, 0 first; -1 for stays. Linked wishes of one rank are examined at once."""
    wishes = np.flatnonzero(requests.is_wish)
    unit, rank = requests.unit[requests.owner[wishes]], requests.rank[wishes]
    _, first, offer = np.unique(unit * (rank.max(initial=0) + 1) + rank, return_index=True, return_inverse=True)
    strength = np.empty(market.num_contracts, dtype=np.int64)
    strength[np.argsort(market.wish_priority, kind="stable")] = np.arange(market.num_contracts)
    weakest = np.full(len(first), market.num_contracts, dtype=np.int64)
    np.minimum.at(weakest, offer, strength[wishes])
    if order == "points":
        lead = np.searchsorted(unit[first], unit[first])  # offers lie by unit and rank: the best-ranked of each unit
        sequence = np.lexsort((rank[first], -weakest[lead]))
    else:
        sequence = np.lexsort((-weakest, rank[first]))
    turn = np.empty(len(first), dtype=np.int64)
    turn[sequence] = np.arange(len(first))
    examined = np.full(market.num_contracts, -1, dtype=np.int64)
    examined[wishes] = turn[offer]
    return examined


def last_moved(market: Market, matching: Matching, examined: Ints) -> LastMoved:
    """Who entered and who left each place last.

    Parameters
    ----------
    matching : Matching
        After the mutations alone: permutations move no cutoff.
    examined : int64[k]
        `examination` after `within_quotas`. After `stable` any numbers that fall as the priority of the wish rises.
    """
    requests = requests_of(market)
    moved = matching.contract[matching.contract >= 0]
    moved = moved[requests.is_wish[moved]]
    moved = moved[np.argsort(market.wish_priority[moved])[::-1]]  # of linked ones the weakest comes last
    moved = moved[np.argsort(examined[moved], kind="stable")]  # the last one of a place is written last
    home = requests.home[requests.owner[moved]]
    entry, exit_ = (np.full(market.num_posts, -1, dtype=np.int64) for _ in range(2))
    entry[requests.post[moved]] = moved
    exit_[home[home >= 0]] = moved[home >= 0]
    return LastMoved(entry, exit_)


def _examine(requests: Requests, examined: Ints, quotas: Quotas) -> Ints:
    """The wishes granted."""
    wishes = np.flatnonzero(requests.is_wish)
    wishes = wishes[np.argsort(examined[wishes], kind="stable")]
    owner = requests.owner[wishes]
    unit, home = requests.unit[owner].tolist(), requests.home[owner].tolist()
    entry, exit_ = quotas.entry.tolist(), quotas.exit.tolist()
    served: set[int] = set()
    granted: list[int] = []
    post = requests.post[wishes].tolist()
    for together in _groups(examined[wishes]):
        if unit[together.start] not in served and _fits([(home[i], post[i]) for i in together], entry, exit_):
            served.add(unit[together.start])
            granted.extend(wishes[together.start : together.stop].tolist())
    return np.array(granted, dtype=np.int64)


def _groups(turn: Ints) -> Iterator[range]:
    """Where each run of equal numbers begins and ends."""
    starts = [*np.flatnonzero(np.diff(turn, prepend=-1)).tolist(), len(turn)]
    return map(range, starts, starts[1:])


def _fits(moves: list[tuple[int, int]], entry: list[int], exit_: list[int]) -> bool:
    """Take the moves off the quotas if they allow all of them, else leave the quotas as they are."""
    for done, (home, post) in enumerate(moves):
        if not entry[post] or (home >= 0 and not exit_[home]):
            for home_before, post_before in moves[:done]:
                _count(home_before, post_before, 1, entry, exit_)
            return False
        _count(home, post, -1, entry, exit_)
    return True


def _count(home: int, post: int, change: int, entry: list[int], exit_: list[int]) -> None:
    entry[post] += change
    if home >= 0:
        exit_[home] += change


def _require_quotas(market: Market, quotas: Quotas) -> None:
    for name, quota in (("entry", quotas.entry), ("exit", quotas.exit)):
        if quota.shape != (market.num_posts,):
            raise MarketError(f"quotas.{name} has shape {quota.shape}, ({market.num_posts},) expected")
        if (quota < 0).any():
            raise MarketError(f"quotas.{name}[{int(np.flatnonzero(quota < 0)[0])}] is negative")
