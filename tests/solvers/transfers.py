"""Small markets of requests to change place, plain versions of both phases, and everything that may be exchanged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, product

import numpy as np

from engine.model.market import Ints, Market, Matching

Ask = Sequence[tuple[int, int]]
"""Places asked for with the points of each, best first."""


def requests_market(
    asked: Sequence[Ask], homes: Sequence[int | None], places: int, links: Sequence[Sequence[int]] = ()
) -> tuple[Market, Ints]:
    """A market and the points of its contracts; among equal points the earlier candidate, then his earlier wish, wins.

    Parameters
    ----------
    homes : the place each candidate is in, None for nowhere
    links : groups of candidates who move together
    """
    lists = [[*wishes, *([] if home is None else [(home, 0)])] for wishes, home in zip(asked, homes, strict=True)]
    ptr = np.array([0, *accumulate(map(len, lists))], dtype=np.int64)
    points = np.array([points for row in lists for _, points in row], dtype=np.int64)
    holders = [i for i, home in enumerate(homes) if home is not None]
    stay = np.full(len(lists), -1, dtype=np.int64)
    stay[holders] = ptr[1:][holders] - 1
    is_stay = np.isin(np.arange(len(points)), stay)
    order = np.lexsort((-np.arange(len(points)), points, is_stay))
    priority = np.empty(len(points), dtype=np.int64)
    priority[order] = np.arange(len(points))
    link = np.full(len(lists), -1, dtype=np.int32)
    for number, members in enumerate(links):
        link[list(members)] = number
    market = Market(
        wish_ptr=ptr,
        wish_zone=np.array([place for row in lists for place, _ in row], dtype=np.int32),
        wish_priority=priority,
        zone_ptr=np.arange(places + 1, dtype=np.int64),
        zone_post=np.arange(places, dtype=np.int32),
        seats=np.bincount([homes[i] for i in holders], minlength=places).astype(np.int32),
        stay=stay,
        link=link,
    )
    market.check()
    return market, points


def random_requests(
    rng: np.random.Generator, most: int, places: int, linked: float = 0.0, wishes: int = 3
) -> tuple[Market, Ints]:
    """Candidates in random places; some are linked, in pairs or threes, of one place or several."""
    homes, asked, links = [], [], []
    while len(homes) < most:
        members = int(rng.integers(2, 4)) if rng.random() < linked else 1
        home = rng.integers(0, places, members)
        if rng.random() < 0.7:
            home[:] = home[0]
        goals = [place for place in rng.permutation(places).tolist() if place not in home][
            : rng.integers(0, wishes + 1)
        ]
        if members > 1:
            links.append(range(len(homes), len(homes) + members))
        for place in home.tolist():
            homes.append(place)
            asked.append([(goal, int(rng.integers(1, 6)) * 100) for goal in goals])
    return requests_market(asked, homes, places, links)


def stays(market: Market) -> Matching:
    """Nobody has moved."""
    post = np.where(market.stay >= 0, market.zone_post[market.wish_zone[market.stay]], -1)
    return Matching(market.stay.copy(), post.astype(np.int32), "finished", "feasible")


def renumbered(market: Market, points: Ints, order: Sequence[int]) -> tuple[Market, Ints]:
    """The same market and points, candidate ``order[i]`` now being number i."""
    other, contracts = market.renumbered(np.array(order, dtype=np.int64))
    return other, points[contracts]


def plain_serial(market: Market, entry: Sequence[int], exit_: Sequence[int], by_rank: bool) -> list[int]:
    """The contract of each candidate: requests one after the other, in words."""
    entry, exit_, held = list(entry), list(exit_), market.stay.tolist()
    home = stays(market).post
    groups: dict[object, list[int]] = {}
    for i in range(market.num_candidates):
        groups.setdefault(("link", market.link[i]) if market.link[i] >= 0 else i, []).append(i)
    offers = []
    for members in groups.values():
        ends = [market.stay[i] if market.stay[i] >= 0 else market.wish_ptr[i + 1] for i in members]
        lists = [range(market.wish_ptr[i], end) for i, end in zip(members, ends, strict=True)]
        by = [min(market.wish_priority[c] for c in contracts) for contracts in zip(*lists, strict=True)]
        for rank, contracts in enumerate(zip(*lists, strict=True)):
            key = (rank, -by[rank]) if by_rank else (-by[0], rank)
            offers.append((key, members, contracts))
    served: set[int] = set()
    for _, members, contracts in sorted(offers, key=lambda offer: offer[0]):
        goals = [market.wish_zone[c] for c in contracts]
        leaves = [home[i] for i in members if home[i] >= 0]
        fits = all(goals.count(p) <= entry[p] for p in goals) and all(leaves.count(p) <= exit_[p] for p in leaves)
        if fits and members[0] not in served:
            served.update(members)
            for i, contract in zip(members, contracts, strict=True):
                held[i] = contract
            for place in goals:
                entry[place] -= 1
            for place in leaves:
                exit_[place] -= 1
    return held


def better_lists(market: Market, matching: Matching) -> list[range]:
    """The contracts that each candidate prefers to what he has; none for who is nowhere."""
    held = np.where(matching.contract >= 0, matching.contract, market.wish_ptr[1:])
    nowhere = matching.post < 0
    return [range(0) if nowhere[i] else range(market.wish_ptr[i], held[i]) for i in range(market.num_candidates)]


def score(market: Market, matching: Matching, points: Ints, chosen: Sequence[int]) -> tuple[int, int, int, int]:
    """What is maximised, level by level, by contracts chosen (one per candidate, -1 for none)."""
    made = np.array([contract for contract in chosen if contract >= 0], dtype=np.int64)
    owner = market.candidate_of_contract()[made]
    standing = np.argsort(np.argsort(market.wish_priority))
    ranks = made - market.wish_ptr[owner] + 1
    return len(made), -int(ranks.sum()), int(points[made].sum()), int(standing[made].sum())


def circulations(market: Market, matching: Matching) -> Iterator[tuple[int, ...]]:
    """Every set of moves that keeps the head counts and the links, one contract or -1 per candidate."""
    options = [(-1, *better) for better in better_lists(market, matching)]
    for chosen in product(*options):
        moves = [(matching.post[i], market.wish_zone[c]) for i, c in enumerate(chosen) if c >= 0]
        if sorted(start for start, _ in moves) == sorted(goal for _, goal in moves) and together(market, chosen):
            yield chosen


def together(market: Market, chosen: Sequence[int]) -> bool:
    rank = [contract - market.wish_ptr[i] if contract >= 0 else -1 for i, contract in enumerate(chosen)]
    return all(len({rank[i] for i in np.flatnonzero(market.link == link)}) == 1 for link in set(market.link) - {-1})


def best_by_branch_and_bound(market: Market, matching: Matching, points: Ints) -> tuple[int, int, int, int]:
    """The best score, level by level, by the mixed-integer solver of scipy (HiGHS)."""
    from scipy.optimize import LinearConstraint, milp
    from scipy.sparse import lil_array

    contracts = np.array([c for better in better_lists(market, matching) for c in better], dtype=np.int64)
    if not len(contracts):
        return 0, 0, 0, 0
    owner = market.candidate_of_contract()[contracts]
    gains = [np.array(score(market, matching, points, [c]), dtype=float) for c in contracts]
    places, people = market.num_posts, market.num_candidates
    rows = lil_array((places + people, len(contracts)))
    for column, contract in enumerate(contracts):
        rows[market.wish_zone[contract], column] += 1
        rows[matching.post[owner[column]], column] -= 1
        rows[places + owner[column], column] = 1
    low, high = np.zeros(places + people), np.concatenate((np.zeros(places), np.ones(people)))
    conditions = [LinearConstraint(rows.tocsr(), low, high)]
    rank = contracts - market.wish_ptr[owner]
    for one, other in ((i, j) for i in range(people) for j in range(i) if market.link[i] == market.link[j] >= 0):
        for r in set(rank[owner == one]):
            row = (owner == one) & (rank == r)
            conditions.append(LinearConstraint(row * 1.0 - ((owner == other) & (rank == r)), 0, 0))
    for level in range(4):
        gain = np.array([g[level] for g in gains])
        solved = milp(-gain, integrality=np.ones(len(contracts)), bounds=(0, 1), constraints=conditions)
        conditions.append(LinearConstraint(gain, round(gain @ np.rint(solved.x)), np.inf))
    chosen = contracts[np.rint(solved.x) == 1]
    return score(market, matching, points, chosen.tolist())
