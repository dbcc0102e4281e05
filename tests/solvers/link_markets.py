"""Small linked markets: written by hand, or drawn from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
from hypothesis import strategies as st

from engine.model.market import Market
from tests.solvers.markets import CLOSING, STAY, WISH, market_of, num_contracts
from tests.solvers.zone_markets import FAMILIES, Zones, assembled, zone_market


def linked(market: Market, links: Sequence[Sequence[int]]) -> Market:
    """The market with these candidates linked."""
    link = np.full(market.num_candidates, -1, dtype=np.int32)
    for group, members in enumerate(links):
        link[list(members)] = group
    return replace(market, link=link)


@dataclass(frozen=True)
class Sizes:
    """The most there may be of everything in a random market."""

    blocks: int = 2
    posts: int = 3
    unlinked: int = 4
    links: int = 3
    wishes: int = 3
    spare: int = 1


SMALL = Sizes()


@dataclass(frozen=True)
class Block:
    """Posts, seats beside those of holders, and zones, the last of which are the posts one by one."""

    first_post: int
    spare: list[int]
    first_zone: int
    zones: Zones

    def zone(self, number: int) -> int:
        return self.first_zone + number % len(self.zones)

    def alone(self, post: int) -> int:
        return self.first_zone + len(self.zones) - len(self.spare) + post


def random_linked_market(rng: np.random.Generator, family: str, sizes: Sizes = SMALL) -> Market:
    """Candidates alone and linked, by two or three, inside a block or across blocks; holders and closing seats, posts
    with several seats or none, empty lists, the same zone twice in a list."""
    blocks = _blocks(rng, family, sizes)
    groups = [1] * int(rng.integers(0, sizes.unlinked + 1)) + rng.choice(
        [2, 2, 3], rng.integers(1, sizes.links + 1)
    ).tolist()
    lists: list[list[tuple[int, int]]] = []  # zone and class of each contract
    seats = [count for block in blocks for count in block.spare]
    stays, links = list[int](), list[list[int]]()
    for size in groups:
        wished, holds = rng.integers(0, 60, rng.integers(0, sizes.wishes + 1)), rng.random() < 0.3
        if size > 1:
            links.append([len(lists) + t for t in range(size)])
        for _ in range(size):
            block = blocks[rng.integers(len(blocks))]
            listed = [(block.zone(int(number)), WISH) for number in wished]
            if holds:
                post = int(rng.integers(len(block.spare)))
                seats[block.first_post + post] += 1
                stays.append(len(lists))
                listed.append((block.alone(post), STAY))
            lists.append(listed)
    lists += [[(block.alone(0), CLOSING)] for block in blocks if rng.random() < 0.2]
    order = iter(rng.permutation(sum(map(len, lists))).tolist())
    scale = sum(map(len, lists))
    wishes = [[(zone, level * scale + next(order)) for zone, level in listed] for listed in lists]
    zones = [[block.first_post + post for post in zone] for block in blocks for zone in block.zones]
    return linked(zone_market(wishes, zones, seats, stays), links)


def _blocks(rng: np.random.Generator, family: str, sizes: Sizes) -> list[Block]:
    num_posts = rng.integers(1, sizes.posts + 1, rng.integers(1, sizes.blocks + 1)).tolist()
    zones = [[*FAMILIES[family](rng, count), *([post] for post in range(count))] for count in num_posts]
    first_post, first_zone = accumulate(num_posts, initial=0), accumulate(map(len, zones), initial=0)
    spare = [rng.integers(0, sizes.spare + 1, count).tolist() for count in num_posts]
    return [Block(*each) for each in zip(first_post, spare, first_zone, zones, strict=False)]


def troubled_market(rng: np.random.Generator) -> Market:
    """Copies of case E (1) of which none has a stable outcome by itself, and somebody else who may calm or join them.

    In a copy, post h prefers c to s and post k prefers s to d, s prefers h to k, and the link (c, d) asks for (h, k).
    """
    lists: list[list[tuple[int, int]]] = []
    links = list[list[int]]()
    num_copies = int(rng.integers(1, 3))
    strength = iter(rng.permutation(100).tolist())
    for copy in range(num_copies):
        h, k = 2 * copy, 2 * copy + 1
        (c, s_at_h), (s_at_k, d) = (sorted([next(strength), next(strength)], reverse=True) for _ in "hk")
        links.append([len(lists) + 1, len(lists) + 2])
        lists += [[(h, s_at_h), (k, s_at_k)], [(h, c)], [(k, d)]]
    posts = rng.integers(0, 2 * num_copies, (4, 2)).tolist()
    links.append([len(lists), len(lists) + 1])
    lists += [[(post, next(strength)) for post in wished] for wished in posts[: 2 + int(rng.integers(0, 3))]]
    seats = 1 + (rng.random(2 * num_copies) < 0.15)
    return linked(market_of(lists, seats.tolist()), links)


def entangled_market(seed: int, num_wishes: int = 5, *, seats_each: float = 0.8) -> Market:
    """100 candidates, 30 links of two among them, 10 posts that everybody asks for in any order."""
    rng = np.random.default_rng(seed)
    asked = [rng.permutation(10)[:num_wishes].tolist() for _ in range(100)]
    strength = iter(rng.permutation(100 * num_wishes).tolist())
    seats = np.bincount(rng.integers(0, 10, int(100 * seats_each)), minlength=10)
    market = market_of([[(post, next(strength)) for post in posts] for posts in asked], seats.tolist())
    return linked(market, [[2 * link, 2 * link + 1] for link in range(30)])


@st.composite
def linked_markets(draw: st.DrawFn) -> Market:
    """Linked markets for hypothesis, which finds the smallest one that breaks a property."""
    num_posts = draw(st.integers(1, 4))
    post = st.integers(0, num_posts - 1)
    zones = draw(st.lists(st.lists(post, unique=True, max_size=num_posts), max_size=2))
    zone = st.integers(0, len(zones) + num_posts - 1)
    wished, held, links = list[list[int]](), list[int | None](), list[list[int]]()
    for size in draw(st.lists(st.sampled_from([1, 1, 2, 2, 3]), max_size=5)):
        length, holds = draw(st.integers(0, 3)), draw(st.booleans())
        if size > 1:
            links.append([len(wished) + member for member in range(size)])
        for _ in range(size):
            wished.append(draw(st.lists(zone, min_size=length, max_size=length)))
            held.append(draw(post) if holds else None)
    closing = draw(st.lists(post, max_size=1))
    spare = draw(st.lists(st.integers(0, 2), min_size=num_posts, max_size=num_posts))
    order = draw(st.permutations(range(num_contracts(wished, held, closing))))
    return linked(assembled(zones, wished, held, closing, spare, order), links)
