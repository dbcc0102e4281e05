"""What `stable` must agree with: deferred acceptance in plain Python, and all stable matchings of a tiny market."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from engine.model.market import Market

Held = tuple[int, ...]  # the contract of each candidate, or -1


def deferred_acceptance(market: Market) -> tuple[Held, int]:
    """The contract of each candidate, and the number of proposals. One candidate at a time, posts as sorted lists."""
    seats, ptr = market.seats.tolist(), market.wish_ptr.tolist()
    asked = [first - 1 for first in ptr[:-1]]
    sitting: list[list[tuple[int, int]]] = [[] for _ in seats]  # (priority, candidate), strongest first
    free = list(range(market.num_candidates))
    proposals = 0
    while free:
        i = free.pop()
        asked[i] += 1
        if asked[i] == ptr[i + 1]:
            continue
        proposals += 1
        post = post_of(market, asked[i])
        sitting[post] = sorted([*sitting[post], (int(market.wish_priority[asked[i]]), i)], reverse=True)
        free += [loser for _, loser in sitting[post][seats[post] :]]
        del sitting[post][seats[post] :]
    return tuple(c if c < end else -1 for c, end in zip(asked, ptr[1:], strict=True)), proposals


def stable_matchings(market: Market) -> Iterator[Held]:
    """Every stable matching, by trying all: for a handful of candidates with a handful of wishes."""
    ptr = market.wish_ptr.tolist()
    choices = [[-1, *range(first, end)] for first, end in pairwise(ptr)]
    return (held for held in product(*choices) if is_stable(market, held))


def is_stable(market: Market, held: Sequence[int]) -> bool:
    """Feasible, nobody below his stay, no claim (DESIGN 7)."""
    return is_feasible(market, held) and not below_stay(market, held) and not claims(market, held)


def is_feasible(market: Market, held: Sequence[int]) -> bool:
    return all(len(there) <= seats for there, seats in zip(priorities_at(market, held), market.seats, strict=True))


def below_stay(market: Market, held: Sequence[int]) -> list[int]:
    """The holders who have less than the post they hold: his stay is his last contract, so only nothing is less."""
    return [i for i, c in enumerate(held) if market.stay[i] >= 0 and c < 0]


def claims(market: Market, held: Sequence[int]) -> list[int]:
    """The contracts that beat the cutoff of their post and that their candidate prefers to what he has."""
    there = priorities_at(market, held)
    return [
        c
        for i, mine in enumerate(held)
        for c in range(market.wish_ptr[i], mine if mine >= 0 else market.wish_ptr[i + 1])
        if would_enter(int(market.wish_priority[c]), there[post_of(market, c)], int(market.seats[post_of(market, c)]))
    ]


def would_enter(priority: int, there: Sequence[int], seats: int) -> bool:
    return len(there) < seats or (seats > 0 and priority > min(there))


def priorities_at(market: Market, held: Sequence[int]) -> list[list[int]]:
    """The priorities of those who sit on each post."""
    there: list[list[int]] = [[] for _ in market.seats]
    for c in held:
        if c >= 0:
            there[post_of(market, c)].append(int(market.wish_priority[c]))
    return there


def post_of(market: Market, contract: int) -> int:
    return int(market.zone_post[market.wish_zone[contract]])


def ranks(market: Market, held: Sequence[int]) -> list[int]:
    """The place of each candidate's contract in his list, from 0; the length of the list for nothing."""
    lists = pairwise(market.wish_ptr.tolist())
    return [(c if c >= 0 else end) - first for c, (first, end) in zip(held, lists, strict=True)]
