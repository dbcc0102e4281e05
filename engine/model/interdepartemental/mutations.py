"""What the mutations of the interdépartemental left: who was the last to enter and to leave each département.

These are the two cutoffs that are published. Where départements have quotas, they say who was refused, and why: a wish
is open at its turn if the entry quota of the département asked for and the exit quota of one's own are not used up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.model.campaign import Campaign
from engine.model.contracts import Contracts
from engine.model.criteria.award import first_reason
from engine.model.cutoffs import FREE
from engine.model.cutoffs import NOBODY as NOBODY_ENTERS
from engine.model.decisions import TAKEN, placed_by_pins
from engine.model.entry import Entry
from engine.model.market import Ints
from engine.model.refusals import ANOTHER, NO_ROOM

Mask = npt.NDArray[np.bool_]

NOBODY = -1
NOWHERE = -1


@dataclass(frozen=True, eq=False)
class Mutations:
    """How the requests of a campaign were examined.

    Attributes
    ----------
    examined : int64[k]
        When each row of `Contracts.rows` was examined, 0 first; negative numbers for those that are no wish.
    lead : int64[k]
        The row whose points said when: the first wish of its candidate, or itself.
    entry, exit : int64[m]
        The row granted to the last to enter and to the last to leave each post; `NOBODY`.
    has_quotas : whether départements have an entry and an exit quota, and not one net balance
    """

    examined: Ints
    lead: Ints
    entry: Ints
    exit: Ints
    has_quotas: bool


@dataclass(frozen=True, eq=False)
class Moves:
    """Who moved from where to where, in numbers of rows of the campaign's tables.

    Attributes
    ----------
    start, goal : int64[], posts; `NOWHERE` for who held none
    """

    start: Ints
    goal: Ints

    def leaving(self, num_posts: int) -> Ints:
        """int64[m]: how many left each post."""
        left: Ints = np.bincount(self.start[self.start >= 0], minlength=num_posts)
        return left

    def entering(self, num_posts: int) -> Ints:
        """int64[m]: how many entered each post."""
        entered: Ints = np.bincount(self.goal, minlength=num_posts)
        return entered


def homes(campaign: Campaign) -> Ints:
    """int64[n]: the post (row of campaign.posts) each candidate holds, or `NOWHERE`."""
    index = campaign.posts.select(held_post="post_id").with_row_index("post")
    held = campaign.candidates.select("held_post").join(index, on="held_post", how="left", maintain_order="left")
    return held["post"].cast(pl.Int64).fill_null(NOWHERE).to_numpy()


def moved_by_mutation(campaign: Campaign, main: pl.DataFrame) -> Moves:
    """The moves of the mutations.

    Parameters
    ----------
    main : contracts granted by the mutations (`engine.model.compilation.granted_contracts`)
    """
    movers = main.filter(pl.col("phase") == "main")
    return Moves(homes(campaign)[movers["candidate"].to_numpy()], movers["post"].cast(pl.Int64).to_numpy())


def moved_by_permutation(main: pl.DataFrame, final: pl.DataFrame) -> Moves:
    """The moves from what the mutations gave to what the permutations gave."""
    had = main.select("candidate", start="post")
    moves = final.select("candidate", "post").join(had, on="candidate").filter(pl.col("post") != pl.col("start"))
    return Moves(*(moves[name].cast(pl.Int64).to_numpy() for name in ("start", "post")))


def full_quotas(campaign: Campaign, main: pl.DataFrame) -> tuple[Mask, Mask]:
    """bool[m], bool[m]: whether the entry quota and the exit quota of each post are used up."""
    moves, posts = moved_by_mutation(campaign, main), campaign.posts
    entry: Mask = moves.entering(posts.height) >= posts["seats"].to_numpy()
    leaving: Mask = moves.leaving(posts.height) >= posts["exit_quota"].to_numpy()
    return entry, leaving


def entry_by_quota(campaign: Campaign, contracts: Contracts, mutations: Mutations, main: pl.DataFrame) -> Entry:
    """The cutoffs of entry: the points of the last entrant where the quota is used up, else a free seat."""
    full, _ = full_quotas(campaign, main)
    kind = np.where(~full, "free", np.where(mutations.entry >= 0, "wish", "no_seat"))
    shown = pl.Series(np.where(full & (mutations.entry >= 0), mutations.entry, NOBODY)).replace(NOBODY, None)
    last = contracts.rows.select("points", "candidate").select(pl.all().gather(shown))
    by_post = last.select(pl.Series("cutoff_kind", kind), cutoff_points="points", candidate="candidate")
    priority = np.append(contracts.rows["priority"].to_numpy(), NOBODY_ENTERS)[mutations.entry]
    post = contracts.zones.post[contracts.zones.ptr[:-1]]
    return Entry(np.where(full, priority, FREE)[post], by_post, by_post[post])


def refusals(campaign: Campaign, contracts: Contracts, mutations: Mutations, main: pl.DataFrame) -> pl.DataFrame:
    """Which of the two quotas would have stopped each wish at its turn, and by how many points.

    Returns
    -------
    polars.DataFrame: candidate, rank, refusal (code; where no quota stopped a linked candidate, whether another member
    was stopped or there was no room for all; ``decision_taken`` where only pinned candidates moved before a wish that
    has more points), missing (thousandths: how far the points that decided on the turn are
    below those of the last who moved; null where points could not help).
    """
    rows = np.flatnonzero((contracts.rows["phase"] == "main").to_numpy())
    post = contracts.zones.post[contracts.zones.ptr[contracts.rows["zone"].to_numpy()[rows]]]
    home = homes(campaign)[contracts.rows["candidate"].to_numpy()[rows]]
    full_entry, full_exit = full_quotas(campaign, main)
    comes, stays = full_entry[post], (home >= 0) & full_exit[home]
    last_in = np.where(comes, mutations.entry[post], NOBODY)
    last_out = np.where(stays, mutations.exit[home], NOBODY)
    late_in, late_out = (_is_late(mutations, rows, last) for last in (last_in, last_out))
    short = np.maximum(
        _short(contracts, mutations, rows, last_in, late_in), _short(contracts, mutations, rows, last_out, late_out)
    )
    closed_in, closed_out = comes & (last_in < 0), stays & (last_out < 0)
    facts = pl.DataFrame(
        {"no_entry": closed_in, "no_exit": closed_out, "entry": late_in, "exit": late_out, "missing": short}
    ).with_columns(taken=pl.Series(_only_after_pins(contracts, mutations, rows, last_in, last_out)))
    code = first_reason(
        (pl.col("taken"), TAKEN),
        (pl.col("no_entry"), "no_entry"),
        (pl.col("no_exit"), "no_exit"),
        (pl.col("entry") & pl.col("exit"), "entry_and_exit_short"),
        (pl.col("entry"), "entry_short"),
        (pl.col("exit"), "exit_short"),
    )
    by_points = ~pl.col("taken") & ~pl.col("no_entry") & ~pl.col("no_exit") & (pl.col("missing") >= 0)
    told = facts.select(own=code, missing=pl.when(by_points).then("missing"))
    asked = contracts.rows.select("candidate", "rank", "order")[rows].hstack(told)
    link = pl.Series("link", contracts.link[asked["candidate"].to_numpy()])
    others = pl.col("own").is_not_null().any().over("link", "order")
    by_link = pl.when(others).then(pl.lit(ANOTHER)).otherwise(pl.lit(NO_ROOM))
    return asked.with_columns(link).select("candidate", "rank", "missing", refusal=pl.coalesce("own", by_link))


def _only_after_pins(contracts: Contracts, mutations: Mutations, rows: Ints, last_in: Ints, last_out: Ints) -> Mask:
    """Whether those who stopped each wish, of the last to enter and to leave, are all pinned and have fewer points."""
    pinned = np.isin(contracts.rows["candidate"].to_numpy(), placed_by_pins(contracts.wishes)["candidate"].to_numpy())
    points = np.append(contracts.rows["points"].cast(pl.Int64).fill_null(0).to_numpy(), 0)
    found, stopped = np.ones(len(rows), dtype=np.bool_), np.zeros(len(rows), dtype=np.bool_)
    for last in (last_in, last_out):
        late = _is_late(mutations, rows, last)
        fewer = np.append(pinned, False)[last] & (points[mutations.lead[last]] < points[mutations.lead[rows]])
        found, stopped = found & (~late | fewer), stopped | late
    return found & stopped


def _is_late(mutations: Mutations, rows: Ints, last: Ints) -> Mask:
    """Whether each wish was examined after the last who moved; False where there is none."""
    late: Mask = (last >= 0) & (mutations.examined[rows] > mutations.examined[last])
    return late


def _short(contracts: Contracts, mutations: Mutations, rows: Ints, last: Ints, late: Mask) -> Ints:
    """int64[]: points between each wish and the last who moved, by what decides on the turn; -1 where not late."""
    points = contracts.rows["points"].cast(pl.Int64).fill_null(0).to_numpy()
    short = points[mutations.lead[last]] - points[mutations.lead[rows]]
    return np.where(late, np.maximum(short, 0), NOBODY)
