"""The thin waist: one campaign as sparse arrays, and what a mechanism returns for them.

A *contract* is one admissible wish of one candidate. Blocks (disciplines) do not touch. Everything above this file
speaks of candidates and wishes, everything below of these arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = npt.NDArray[np.int64]
ShortInts = npt.NDArray[np.int32]

Stop = Literal["finished", "time_limit", "refused"]
Worth = Literal["stable", "optimal", "feasible", "none"]

DTYPES = {
    "wish_ptr": "int64",
    "wish_zone": "int32",
    "wish_priority": "int64",
    "zone_ptr": "int64",
    "zone_post": "int32",
    "seats": "int32",
    "stay": "int64",
    "link": "int32",
}


class MarketError(ValueError):
    """The arrays do not describe a market; the message names the array and the first offending index."""


@dataclass(frozen=True, eq=False)
class Market:
    """Candidates, their ranked contracts, zones and posts (DESIGN 6).

    Parameters
    ----------
    wish_ptr : int64[n+1]
        Contracts of candidate i are ``wish_ptr[i]:wish_ptr[i+1]``, best first.
    wish_zone : int32[k]
        The zone each contract asks for.
    wish_priority : int64[k]
        Larger is stronger. Strict among contracts that can meet in a post.
    zone_ptr, zone_post : int64[z+1], int32[]
        Posts of zone z are ``zone_post[zone_ptr[z]:zone_ptr[z+1]]``.
    seats : int32[m]
        Seats of each post, those of participating holders included.
    stay : int64[n]
        The contract by which i keeps his post (his last one), or -1.
    link : int32[n]
        Link group of i, or -1.
    """

    wish_ptr: Ints
    wish_zone: ShortInts
    wish_priority: Ints
    zone_ptr: Ints
    zone_post: ShortInts
    seats: ShortInts
    stay: Ints
    link: ShortInts

    @property
    def num_candidates(self) -> int:
        return len(self.wish_ptr) - 1

    @property
    def num_contracts(self) -> int:
        return len(self.wish_zone)

    @property
    def num_zones(self) -> int:
        return len(self.zone_ptr) - 1

    @property
    def num_posts(self) -> int:
        return len(self.seats)

    @property
    def has_single_post_zones(self) -> bool:
        """Whether every zone is exactly one post."""
        return bool((np.diff(self.zone_ptr) == 1).all())

    @property
    def has_links(self) -> bool:
        return bool((self.link >= 0).any())

    def candidate_of_contract(self) -> Ints:
        """int64[k]: the candidate each contract belongs to."""
        return np.repeat(np.arange(self.num_candidates, dtype=np.int64), np.diff(self.wish_ptr))

    def matrix(self, values: Literal["rank", "priority"] = "rank") -> csr_array:
        """The campaign as a sparse matrix, candidates x posts.

        An entry is the rank (from 1) or the priority of the candidate's best contract that covers the post.

        Returns
        -------
        scipy.sparse.csr_array, int64[n, m]
        """
        from scipy.sparse import csr_array

        width = np.diff(self.zone_ptr)[self.wish_zone]
        contract = np.repeat(np.arange(self.num_contracts, dtype=np.int64), width)
        offset = np.arange(len(contract), dtype=np.int64) - np.repeat(np.cumsum(width) - width, width)
        post = self.zone_post[self.zone_ptr[self.wish_zone[contract]] + offset]
        candidate = self.candidate_of_contract()[contract]
        entry = candidate * self.num_posts + post
        _, best = np.unique(entry, return_index=True)  # contracts come best first: the first entry is the best
        rank = contract - self.wish_ptr[candidate] + 1
        data = rank if values == "rank" else self.wish_priority[contract]
        shape = (self.num_candidates, self.num_posts)
        return csr_array((data[best], (candidate[best], post[best])), shape=shape)

    def renumbered(self, order: Ints) -> tuple[Market, Ints]:
        """The same market with its candidates in another order.

        Parameters
        ----------
        order : int64[n], the old number of each new candidate.

        Returns
        -------
        market : Market
        contracts : int64[k], the old number of each new contract.
        """
        counts = np.diff(self.wish_ptr)[order]
        wish_ptr = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        shift = np.repeat(self.wish_ptr[:-1][order] - wish_ptr[:-1], counts)
        contracts = np.arange(self.num_contracts, dtype=np.int64) + shift
        stay = self.stay[order]
        market = replace(
            self,
            wish_ptr=wish_ptr,
            wish_zone=self.wish_zone[contracts],
            wish_priority=self.wish_priority[contracts],
            stay=np.where(stay >= 0, wish_ptr[1:] - 1, -1),
            link=self.link[order],
        )
        return market, contracts

    def check(self) -> None:
        """Raise `MarketError` unless the arrays satisfy the invariants above. One linear pass.

        That priorities are strict is not checked here, since it takes a sort: see `check_strict`.
        """
        for name, dtype in DTYPES.items():
            found = getattr(getattr(self, name), "dtype", type(getattr(self, name)).__name__)
            if found != dtype:
                raise MarketError(f"{name} is {found}, and an array of {dtype} is expected")
        n, k, z, m = self.num_candidates, self.num_contracts, self.num_zones, self.num_posts
        _require_pointer("wish_ptr", self.wish_ptr, k)
        _require_pointer("zone_ptr", self.zone_ptr, len(self.zone_post))
        for name, array, length in (
            ("wish_priority", self.wish_priority, k),
            ("stay", self.stay, n),
            ("link", self.link, n),
        ):
            if len(array) != length:
                raise MarketError(f"{name} has {len(array)} entries, {length} expected")
        _require_range("wish_zone", self.wish_zone, 0, z)
        _require_range("zone_post", self.zone_post, 0, m)
        _require_range("seats", self.seats, 0, np.iinfo(np.int32).max)
        holders = np.flatnonzero(self.stay >= 0)
        misplaced = self.stay[holders] != self.wish_ptr[holders + 1] - 1
        if misplaced.any():
            raise MarketError(f"stay[{holders[misplaced][0]}] is not the last contract of its candidate")
        if (np.diff(self.wish_ptr)[holders] == 0).any():
            raise MarketError("stay names a contract of a candidate without contracts")

    def check_strict(self) -> None:
        """Raise `MarketError` where two contracts of one zone have the same priority, or a stay is not the strongest.

        Such a market still has an outcome, but one that depends on the order of its candidates. Zones that differ and
        share a post are not compared. Takes a sort of the contracts.
        """
        order = np.lexsort((self.wish_priority, self.wish_zone))
        zone, priority = self.wish_zone[order], self.wish_priority[order]
        tied = np.flatnonzero((zone[1:] == zone[:-1]) & (priority[1:] == priority[:-1]))
        if len(tied):
            first, second = sorted((order[tied[0]], order[tied[0] + 1]))
            raise MarketError(f"wish_priority[{first}] and wish_priority[{second}] are equal in zone {zone[tied[0]]}")
        strongest = np.full(self.num_zones, np.iinfo(np.int64).min)
        asked = np.setdiff1d(np.arange(self.num_contracts), self.stay)
        np.maximum.at(strongest, self.wish_zone[asked], self.wish_priority[asked])
        stays = self.stay[self.stay >= 0]
        weak = stays[self.wish_priority[stays] < strongest[self.wish_zone[stays]]]
        if len(weak):
            raise MarketError(f"wish_priority[{weak[0]}] is a stay, and weaker than a wish for the same zone")


@dataclass(frozen=True, eq=False)
class Matching:
    """What a mechanism returns.

    Attributes
    ----------
    contract : int64[n]
        The contract each candidate holds, or -1.
    post : int32[n]
        The post each candidate sits on, or -1.
    stop : why the mechanism stopped
    worth : what the result is worth
    bound : a bound on the objective where the mechanism has one
    counters : proposals, displacements, rounds, seconds, ...
    """

    contract: Ints
    post: ShortInts
    stop: Stop
    worth: Worth
    bound: int | None = None
    counters: dict[str, float] = field(default_factory=dict)


def _require_pointer(name: str, pointer: Ints, end: int) -> None:
    if len(pointer) == 0 or pointer[0] != 0 or pointer[-1] != end or (np.diff(pointer) < 0).any():
        raise MarketError(f"{name} must start at 0, never decrease and end at {end}")


def _require_range(name: str, array: ShortInts, low: int, high: int) -> None:
    outside = np.flatnonzero((array < low) | (array >= high))
    if len(outside):
        raise MarketError(f"{name}[{outside[0]}] = {array[outside[0]]} is outside {low}..{high - 1}")
