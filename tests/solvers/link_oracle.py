"""What `stable_with_links` must agree with, in plain Python: all outcomes of a tiny market, and the claims of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from engine.model.market import Market
from tests.solvers.zone_oracle import Held, Oracle, placed


class LinkOracle(Oracle):
    """Links are lists of candidates; a joint contract is a tuple, one contract for each member."""

    def __init__(self, market: Market) -> None:
        super().__init__(market)
        groups = sorted(set(market.link.tolist()) - {-1})
        self.links = [[i for i, group in enumerate(market.link.tolist()) if group == each] for each in groups]
        self.unlinked = [i for i, group in enumerate(market.link.tolist()) if group == -1]
        self.joints = [list(zip(*(self.lists[i] for i in members), strict=True)) for members in self.links]

    def outcomes(self) -> Iterator[Held]:
        """Every outcome: what is held can be seated, links are served together, and nobody is below his stay."""
        alone = [[*self.lists[i], *self._nothing(i)] for i in self.unlinked]
        together = [
            [*joints, *((-1,) * len(members) for _ in self._nothing(members[0]))]
            for members, joints in zip(self.links, self.joints, strict=True)
        ]
        owners = [*([i] for i in self.unlinked), *self.links]
        for picked in product(*([(c,) for c in listed] for listed in alone), *together):
            held = [-1] * len(self.lists)
            for members, contracts in zip(owners, picked, strict=True):
                for i, contract in zip(members, contracts, strict=True):
                    held[i] = contract
            if self.is_feasible(held):
                yield tuple(held)

    def fewest_claims(self) -> tuple[int, list[Held]]:
        """The least number of claims, and the outcomes that have no more."""
        fewest, best = 10**9, list[Held]()
        for held in self.outcomes():
            found = self.num_claims(held)
            if found < fewest:
                fewest, best = found, []
            if found == fewest:
                best.append(held)
        return fewest, best

    def is_outcome(self, held: Sequence[int]) -> bool:
        together = all(
            tuple(held[i] for i in members) in {*joints, (-1,) * len(members)}
            for members, joints in zip(self.links, self.joints, strict=True)
        )
        return together and self.is_feasible(held) and not self.below_stay(held)

    def num_claims(self, held: Sequence[int]) -> int:
        """One for each contract an unlinked candidate claims, and for each rank a link claims (DESIGN 7)."""
        alone = [c for c in self.preferred(held) if self._owner(c) in self.unlinked]
        together = [joint for link in range(len(self.links)) for joint in self._preferred_joints(link, held)]
        there = placed(held)
        return sum(set(joint) <= set(self.choice([*there, *joint])) for joint in [*((c,) for c in alone), *together])

    def sum_of_ranks(self, held: Sequence[int]) -> int:
        lists = zip(held, self.lists, strict=True)
        return sum((mine if mine >= 0 else listed.stop) - listed.start for mine, listed in lists)

    def _preferred_joints(self, link: int, held: Sequence[int]) -> list[tuple[int, ...]]:
        first = self.links[link][0]
        mine = held[first] if held[first] >= 0 else self.lists[first].stop
        return [joint for joint in self.joints[link] if joint[0] < mine]

    def _owner(self, contract: int) -> int:
        return next(i for i, listed in enumerate(self.lists) if contract in listed)

    def _nothing(self, candidate: int) -> list[int]:
        """To hold nothing is for those who hold no post."""
        return [] if self.holder[candidate] else [-1]
