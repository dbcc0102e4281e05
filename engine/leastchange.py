"""The claim-free outcome that keeps what it can of a previous run (`--least-change`).

Everybody whose previous placement still exists, the same wish or added zone on the same post, or the post held, or
nothing, starts as *kept*: he asks for that alone, with the priority he has. The mechanism runs; then whoever lost his
placement to a stronger priority is let go, whoever has a claim by his whole list, and whoever sits where the claim of
another leads. The same again until nobody is let go. The kept only become fewer, so it ends; then there is no claim by
the whole lists, and everybody kept has what he had. Linked candidates are let go from the start.

The number who move is an upper bound of the fewest. A lower one: the mechanism on whole lists gives the outcome best
for all at once (DESIGN 7), so whoever had something better, or something that is no longer there, moves in every
claim-free outcome; and that outcome is taken where fewer move in it. Where the two numbers agree it is proven.

At the interdépartemental the mutations leave no choice: each request has the best wish that is open at its turn. Of the
sets of exchanges that move most candidates with the least sum of ranks, the permutations make one that leaves as many
as possible with what they had; unless time runs out nobody else could be kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from engine.assignment import Assignment, Facts, assign
from engine.model.campaign import Campaign
from engine.model.changes import Previous
from engine.model.compilation import compile_market
from engine.model.contracts import Contracts
from engine.model.decisions import narrower
from engine.model.market import Ints, Market, Matching
from engine.model.settings import Options
from engine.solvers.mechanisms import SolveOptions, solve
from engine.verify.lists import Lists, Mask, lists_of
from engine.verify.seating import Seating, reached_from

NOTHING, GONE = -1, -2  # instead of a row: had no post; what he had is not there any more

DISPLACED, CLAIMS, ROOM, LOST, TURN, EXCHANGE = (
    f"kept {why}" for why in ("displaced", "claims", "room", "lost", "turn", "exchange")
)
"""Why somebody is let go: another has a stronger priority there, a better wish is his by claim, the claim of another
leads to his seat, the placement is not admissible any more, the requests examined before leave something else at his
turn, the exchanges that move most are others."""


@dataclass(frozen=True, eq=False)
class LeastChange:
    """What was kept.

    Attributes
    ----------
    assignment : contracts are rows among those that compete
    moved, bound : how many of those who had a place in the previous run move, and how many move at least
    why : candidate_id, detail: why somebody was let go
    """

    assignment: Assignment
    moved: int
    bound: int
    why: pl.DataFrame


@dataclass(frozen=True, eq=False)
class _Had:
    """row, post : int64[n+f], what everybody had: a row of the contracts (`NOTHING`, `GONE`), and the post or -1."""

    row: Ints
    post: Ints


def least_change(
    campaign: Campaign, contracts: Contracts, competing: Ints, previous: Previous, options: Options
) -> LeastChange:
    """The outcome that keeps everybody of a previous run whom no claim and no stronger priority moves.

    Parameters
    ----------
    competing : int64[k], the rows of `contracts.rows` that take part in the run
    """
    n = campaign.candidates.height + contracts.num_phantoms
    lists = lists_of(contracts, campaign.candidates.height, campaign.posts.height)
    counted = np.zeros(len(lists.candidate), dtype=np.bool_)
    counted[competing] = True
    had = _had(campaign, contracts, lists, counted, previous)
    kept = (had.row != GONE) & (contracts.link < 0) & (np.arange(n) < campaign.candidates.height)
    why = {int(i): LOST for i in np.flatnonzero(had.row == GONE)[: campaign.candidates.height] if i < lists.num_people}
    while True:
        now, matching = _served(campaign, contracts, lists, counted, had, kept, options)
        let_go = _let_go(now, had, kept, counted & (lists.link[lists.candidate] < 0))
        why |= {i: reason for i, reason in let_go.items() if i not in why}
        if not let_go:
            break
        kept[list(let_go)] = False
    best, of_best = _served(campaign, contracts, lists, counted, had, np.zeros_like(kept), options)
    there = (np.arange(n) < lists.num_people) & (had.row != NOTHING)
    if _moved(best, had)[there].sum() < _moved(now, had)[there].sum():
        now, matching = best, of_best
    moved = there & _moved(now, had)
    alone = contracts.link < 0
    end = np.where(best.contract >= 0, best.contract, lists.ptr[1:])
    at_least = there & alone & ((had.row == GONE) | (end > had.row))
    place = np.full(len(lists.candidate) + 1, -1)
    place[competing] = np.arange(len(competing))
    told = replace(matching, contract=place[now.contract], post=now.post.astype(np.int32))
    movers = [i for i in sorted(why) if moved[i] or had.row[i] == NOTHING]
    names = campaign.candidates["candidate_id"].gather(movers)
    reasons = pl.DataFrame(
        {"candidate_id": names, "detail": [why[i] for i in movers]}, schema_overrides={"detail": pl.String}
    )
    return LeastChange(Assignment(told, told), int(moved.sum()), int(at_least.sum()), reasons)


def least_change_by_turns(
    campaign: Campaign,
    contracts: Contracts,
    competing: Ints,
    previous: Previous,
    options: Options,
    market: Market,
    facts: Facts,
) -> LeastChange:
    """The outcome of both phases of the interdépartemental that keeps most of a previous run.

    Parameters
    ----------
    market, facts : made of the contracts that compete
    """
    lists = lists_of(contracts, campaign.candidates.height, campaign.posts.height)
    counted = np.zeros(len(lists.candidate), dtype=np.bool_)
    counted[competing] = True
    had = _had(campaign, contracts, lists, counted, previous)
    number = np.full(len(lists.candidate), GONE)
    number[competing] = np.arange(len(competing))
    before = np.where(had.row >= 0, number[had.row], had.row)
    assignment = assign(market, replace(facts, had=before), options)
    now = assignment.after.contract
    there, moved = before != NOTHING, now != before
    exchanged = (now != assignment.before.contract) | _by_permutation(campaign, previous)
    codes = np.where(before == GONE, LOST, np.where(exchanged, EXCHANGE, TURN))
    why = campaign.candidates.select("candidate_id", detail=pl.Series(codes)).filter(pl.Series(moved))
    num_moved = int((there & moved).sum())
    proven = assignment.after.stop != "time_limit"
    return LeastChange(assignment, num_moved, num_moved if proven else int((before == GONE).sum()), why)


def _by_permutation(campaign: Campaign, previous: Previous) -> Mask:
    """bool[n]: who moved by permutation in the previous run."""
    told = previous.outcomes.filter(pl.col("phase") == "permutation")["candidate_id"]
    found: Mask = campaign.candidates["candidate_id"].is_in(told.implode()).to_numpy()
    return found


def _moved(now: Seating, had: _Had) -> Mask:
    """bool[n+f]: who has something else than he had."""
    found: Mask = (now.contract != had.row) | (now.post != had.post)
    return found


def _had(campaign: Campaign, contracts: Contracts, lists: Lists, counted: Mask, previous: Previous) -> _Had:
    """What everybody had in the previous run, as contracts of this one."""
    names = campaign.candidates.select("candidate_id", "held_post").with_row_index("candidate")
    posts = campaign.posts.select("post_id").with_row_index("post")
    before = names.join(previous.outcomes.drop("held_post", strict=False), on="candidate_id")
    before = before.join(posts, on="post_id", how="left")
    rows = contracts.rows.with_row_index("row").filter(pl.Series(counted))
    rows = rows.select(
        "row", "candidate", phase=pl.col("phase").cast(pl.String), the_rank="rank", the_kind="kind", the_code="code"
    )
    pairs = before.join(rows, on="candidate")
    own = (pl.col("status") == "assigned") & (pl.col("phase_right") == "main")
    own &= pl.col("rank") == pl.col("the_rank").cast(pl.Int64)
    added = (pl.col("status") == "extended") & (pl.col("phase_right") == "extension")
    named = (pl.col("kind") == pl.col("the_kind")) & (pl.col("code") == pl.col("the_code"))
    stays = pl.col("status").is_in(["kept", "excluded"]) & (pl.col("phase_right") == "stay")
    found = pairs.filter(((own | added) & named) | (stays & (pl.col("post_id") == pl.col("held_post")))).drop_nulls(
        "post"
    )
    row, post = np.full(lists.num_candidates, GONE), np.full(lists.num_candidates, NOTHING)
    placeless = pl.col("status").is_in(["unassigned", "extended"]) & pl.col("held_post").is_null()
    empty = before.filter(placeless)  # an extension that follows the run is made anew
    row[empty["candidate"].to_numpy()] = NOTHING
    contract, where = found["row"].to_numpy().astype(np.int64), found["post"].to_numpy().astype(np.int64)
    inside = lists.covers(contract, where)
    row[lists.candidate[contract[inside]]] = contract[inside]
    post[lists.candidate[contract[inside]]] = where[inside]
    row[lists.num_people :] = NOTHING
    aside = before.filter(pl.col("status") == "excluded")["candidate"].to_numpy()
    row[aside[np.diff(lists.ptr)[aside] == 0]] = NOTHING  # set aside then and now
    return _Had(row, post)


def _served(
    campaign: Campaign,
    contracts: Contracts,
    lists: Lists,
    counted: Mask,
    had: _Had,
    kept: Mask,
    options: Options,
) -> tuple[Seating, Matching]:
    """The outcome where the kept ask for what they had alone; contracts are rows of `contracts`."""
    number = np.arange(len(lists.candidate))
    theirs = kept[lists.candidate]
    stay = contracts.rows["phase"].cast(pl.String).to_numpy() == "stay"
    take = np.flatnonzero(counted & (~theirs | (had.row[lists.candidate] == number) | stay))
    seated = np.flatnonzero(kept & (had.row >= 0))
    places = pl.DataFrame({"candidate": seated, "post": had.post[seated]}).cast(
        {"candidate": contracts.rows.schema["candidate"], "post": pl.UInt32}
    )
    rows = contracts.rows[take]
    asked = rows.select("candidate", "zone", movable=pl.col("phase").cast(pl.String) != "stay")
    zone, zones = narrower(asked, places, places.clear(), contracts.zones)
    market = compile_market(campaign, replace(contracts, zones=zones), rows.with_columns(zone.alias("zone")))
    closing = np.arange(lists.num_candidates) >= lists.num_people
    matching = solve(market, options.mechanism, SolveOptions(time_limit_s=options.time_limit_s, closing=closing))
    contract = np.append(take, NOTHING)[matching.contract]
    return Seating(lists, market.seats.astype(np.int64), contract, matching.post.astype(np.int64)), matching


def _let_go(now: Seating, had: _Had, kept: Mask, counted: Mask) -> dict[int, str]:
    """Who cannot be kept, and why."""
    lists = now.lists
    found = now.claims(counted)
    found = found[lists.candidate[found] < lists.num_people]
    owner = lists.candidate[found]
    posts, _ = reached_from(now, lists.zone[found[~kept[owner]]])
    in_the_way = kept & (now.contract >= 0) & np.append(posts, False)[now.post]
    lost = kept & (now.contract != had.row)
    claimants = np.unique(owner[kept[owner]])
    found_for: dict[int, str] = {int(i): ROOM for i in np.flatnonzero(in_the_way[: lists.num_people])}
    found_for |= {int(i): CLAIMS for i in claimants}
    return found_for | {int(i): DISPLACED for i in np.flatnonzero(lost[: lists.num_people])}
