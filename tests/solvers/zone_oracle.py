"""What `stable` over zones must agree with, in plain Python: the greedy choice by augmenting paths, deferred acceptance
with that choice, and all stable outcomes of a tiny market."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, product

from engine.model.market import Market

Held = tuple[int, ...]  # the contract of each candidate, or -1


class Oracle:
    """The lists of a market, and what the administration and the candidates make of them."""

    def __init__(self, market: Market) -> None:
        posts = market.zone_post.tolist()
        zones = [posts[first:end] for first, end in pairwise(market.zone_ptr.tolist())]
        self.posts = [zones[zone] for zone in market.wish_zone]  # of each contract
        self.priority = market.wish_priority.tolist()
        self.lists = [range(first, end) for first, end in pairwise(market.wish_ptr.tolist())]
        self.holder = (market.stay >= 0).tolist()
        self.seats = [(post, k) for post, count in enumerate(market.seats) for k in range(count)]
        self.seats_of = [[seat for seat in self.seats if seat[0] in posts] for posts in self.posts]

    def seat(self, contracts: Iterable[int]) -> dict[tuple[int, int], int] | None:
        """The contract on each seat used, or None if they cannot all be seated."""
        taken: dict[tuple[int, int], int] = {}
        if all(self._take(contract, taken, set()) for contract in contracts):
            return taken
        return None

    def _take(self, contract: int, taken: dict[tuple[int, int], int], tried: set[tuple[int, int]]) -> bool:
        for seat in self.seats_of[contract]:
            if seat not in tried:
                tried.add(seat)
                if seat not in taken or self._take(taken[seat], taken, tried):
                    taken[seat] = contract
                    return True
        return False

    def choice(self, contracts: Iterable[int]) -> list[int]:
        """In decreasing priority, each contract that can still be seated beside those kept (DESIGN 7)."""
        taken: dict[tuple[int, int], int] = {}
        ordered = sorted(contracts, key=self.priority.__getitem__, reverse=True)
        return [contract for contract in ordered if self._take(contract, taken, set())]

    def deferred_acceptance(self) -> tuple[Held, int]:
        """The contract of each candidate, and the number of proposals. One candidate at a time."""
        asked = [listed.start - 1 for listed in self.lists]
        free = list(range(len(self.lists)))
        owner = {contract: i for i, listed in enumerate(self.lists) for contract in listed}
        kept: list[int] = []
        proposals = 0
        while free:
            i = free.pop()
            asked[i] += 1
            if asked[i] < self.lists[i].stop:
                proposals += 1
                offered = [*kept, asked[i]]
                kept = self.choice(offered)
                free += [owner[contract] for contract in set(offered) - set(kept)]
        held = (c if c < listed.stop else -1 for c, listed in zip(asked, self.lists, strict=True))
        return tuple(held), proposals

    def stable_outcomes(self) -> Iterator[Held]:
        """Every stable outcome, by trying all: for a handful of candidates with a handful of wishes."""
        return (held for held in product(*([-1, *listed] for listed in self.lists)) if self.is_stable(held))

    def is_stable(self, held: Sequence[int]) -> bool:
        """Feasible, nobody below his stay, no claim (DESIGN 7)."""
        return self.is_feasible(held) and not self.below_stay(held) and not self.claims(held)

    def is_feasible(self, held: Sequence[int]) -> bool:
        return self.seat(placed(held)) is not None

    def below_stay(self, held: Sequence[int]) -> list[int]:
        """The holders who have less than the post they hold: his stay is his last contract, so only nothing is less."""
        return [i for i, contract in enumerate(held) if self.holder[i] and contract < 0]

    def claims(self, held: Sequence[int]) -> list[int]:
        """Contracts that their candidate prefers to what he has, and that the choice would keep beside all held."""
        return [c for c in self.preferred(held) if c in self.choice([*placed(held), c])]

    def preferred(self, held: Sequence[int]) -> list[int]:
        lists = zip(held, self.lists, strict=True)
        return [c for mine, listed in lists for c in range(listed.start, mine if mine >= 0 else listed.stop)]


def placed(held: Iterable[int]) -> list[int]:
    return [contract for contract in held if contract >= 0]
