"""What the properties look at: the campaign, and a result as tables, joined once. Nothing here comes from a solver.

What each candidate may hold is laid out anew from the scored wishes and the extension table, with its strict order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from engine.extension.contracts import extension_contracts
from engine.model.campaign import Campaign
from engine.model.contracts import Contracts, contracts_of
from engine.model.links import Counted
from engine.model.market import Ints, Matching
from engine.model.scoring import Scored
from engine.verify.grants import before_improvement, completed, granted, in_result
from engine.verify.lists import EXTENSION, MAIN, NOTHING, STAY, Lists, Mask, lists_of
from engine.verify.seating import Seating, seating
from engine.verify.sentences import Replays

RESULT_COLUMNS = ("status", "rank", "kind", "code", "place_id", "post_id", "phase", "reason")
BEFORE_COLUMNS = ("before_rank", "before_post_id")


@dataclass(frozen=True)
class Least:
    """What a result says of the claims that linked requests leave.

    Attributes
    ----------
    claims : how many it has
    bound : how many every outcome has: proven by who made it, and believed here
    """

    claims: int = 0
    bound: int = 0

    @classmethod
    def of(cls, matching: Matching | None) -> Least:
        """Those of what a mechanism returns, none where it was not run."""
        if matching is None:
            return cls()
        return cls(int(matching.counters.get("claims", 0)), matching.bound or 0)


@dataclass(frozen=True, eq=False)
class Result:
    """A result to be audited, ours or another's: its tables, and digests of what it says it was made from.

    Attributes
    ----------
    outcomes : candidate_id and post_id at least; the other columns of DESIGN 9 are derived where they are absent,
        but for before_rank and before_post_id, what each had before the improvement
    cutoffs : the published cutoffs, or None
    extension : none, integrated or residual
    replays : digests of outcome tables computed again, by what is said of the way (rows in another order ...)
    digest : digest of the outcome tables, or "" where there is none to compare with
    improvement : none, stable, zone or full
    placement : priority or distance
    link_points : own, minimum or mean
    least, least_added : of the run, and of the extension that follows it
    stopped : whether a search was stopped by its time limit
    mechanism : a name of DESIGN 7
    departments : at the interdépartemental, the published cutoffs of entry and of exit, or None
    seats_kept : whether those who did not have to move since a previous run keep their seats
    """

    outcomes: pl.DataFrame
    cutoffs: pl.DataFrame | None = None
    extension: str = "integrated"
    replays: Replays | None = None
    digest: str = ""
    improvement: str = "none"
    placement: str = "priority"
    link_points: Counted = "own"
    least: Least = Least()
    least_added: Least = Least()
    stopped: bool = False
    mechanism: str = "stable"
    departments: pl.DataFrame | None = None
    seats_kept: bool = False


@dataclass(frozen=True, eq=False)
class Audit:
    """Facts joined for the properties.

    Attributes
    ----------
    campaign, scored, result : what is audited
    contracts : what every candidate may hold (`engine.model.contracts`)
    lists : the same as arrays
    outcomes : the outcome table, completed; with candidate and post (rows of the campaign's tables, null if unknown),
        discipline, held_post, mandatory, and admitted: whether the request was
    posts : post, post_id, place_id, discipline, offered (vacant seats), closing (seats to be closed), holders (who
        take part), total (seats in all)
    judged : bool[n+f], whose result can be judged: admitted, and not withheld; phantoms among them
    """

    campaign: Campaign
    scored: Scored
    result: Result
    contracts: Contracts
    lists: Lists
    outcomes: pl.DataFrame
    posts: pl.DataFrame
    judged: Mask

    @property
    def extends_afterwards(self) -> bool:
        """Whether the extension follows the run, on seats left free."""
        return self.result.extension == "residual"

    @property
    def in_turns(self) -> bool:
        """Whether requests are examined in turns, within quotas of entry and exit."""
        return self.result.mechanism == "serial" and self.campaign.settings.movement == "interdepartemental"

    @property
    def improves(self) -> bool:
        """Whether an improvement follows the mechanism."""
        return self.result.improvement != "none"

    @cached_property
    def seats(self) -> Ints:
        """int64[m]: seats of each post."""
        return self.posts["total"].to_numpy()

    @cached_property
    def granted(self) -> tuple[Ints, Ints]:
        """int64[n], int64[n]: what each is granted and where he sits, or `NOTHING`; who sits outside has nothing."""
        return granted(self.lists, self.contracts.rows, in_result(self.outcomes))

    @cached_property
    def linked(self) -> Mask:
        """bool[n+f]: who is linked to somebody."""
        return self.lists.link >= 0

    @cached_property
    def discipline(self) -> Ints:
        """int64[n+f]: a number for the discipline of each candidate, that of its post for a seat to be closed."""
        rows, post = self.lists.closings
        phantoms = np.zeros(self.lists.num_candidates - self.lists.num_people, dtype=np.int64)
        phantoms[self.lists.candidate[rows] - self.lists.num_people] = post
        people = self.campaign.candidates["discipline"]
        names = pl.concat([people, self.posts["discipline"].gather(phantoms)])
        return names.rank("dense").cast(pl.Int64).to_numpy() - 1

    @cached_property
    def competing(self) -> Mask:
        """bool[k]: contracts that compete in the run itself."""
        return (self.lists.phase != EXTENSION) if self.extends_afterwards else np.ones(len(self.lists.phase), bool)

    @cached_property
    def main(self) -> Seating:
        """The result of the run, improved, without the extension that follows it."""
        contract, post = self.granted
        kept = (contract >= 0) & np.append(self.competing, False)[contract]
        return self._seating(np.where(kept, contract, NOTHING), np.where(kept, post, NOTHING))

    @cached_property
    def before(self) -> Seating | None:
        """What the mechanism gave, before improvement; None where the result does not say."""
        if not self.improves:
            return self.main
        if any(column not in self.outcomes.columns for column in BEFORE_COLUMNS):
            return None
        contract, post = granted(self.lists, self.contracts.rows, before_improvement(self.outcomes, self.posts))
        now = self.granted[0]  # where several added wishes lead to the post: an improvement leaves links what they have
        kept = self.linked[: len(post)] & (post >= 0) & (np.append(self.lists.phase, MAIN)[now] == EXTENSION)
        kept[kept] = self.lists.covers(now[kept], post[kept])
        return self._seating(np.where(kept, now, contract), post)

    @cached_property
    def alone(self) -> Mask:
        """bool[k]: contracts of candidates who are not linked."""
        return ~self.linked[self.lists.candidate]

    @cached_property
    def apart(self) -> Seating:
        """The result of the run, improved, without linked candidates and the seats they have.

        They take no part in an improvement: what it may do to the others is judged on the other seats.
        """
        if not self.linked.any():
            return self.main
        contract, post = self.main.contract, self.main.post
        taken = np.bincount(post[self.linked & (contract >= 0)], minlength=self.lists.num_posts)
        contract, post = np.where(self.linked, NOTHING, contract), np.where(self.linked, NOTHING, post)
        return Seating(self.lists, self.seats - taken, contract, post)

    @cached_property
    def to_close(self) -> Ints:
        """int64[m]: seats that had to be closed: of those to be closed, the ones that no holder keeps.

        Also after an improvement: a holder who leaves such a seat in an exchange leaves it to nobody. Permutations keep
        head counts, so that no seat falls free in them.
        """
        now = self.main
        if self.result.improvement == "permutations" and self.before is not None:
            now = self.before
        seated = now.seated
        stays = seated[self.lists.phase[now.contract[seated]] == STAY]
        staying = np.bincount(now.post[stays], minlength=self.lists.num_posts)
        due: Ints = np.minimum(self.posts["closing"].to_numpy(), np.maximum(self.seats - staying, 0))
        return due

    @cached_property
    def extended(self) -> Seating:
        """The extension that follows the run: on the seats left free, those served by it."""
        contract, post = self.granted
        added = (contract >= 0) & ~np.append(self.competing, True)[contract]
        contract, post = np.where(added, contract, NOTHING), np.where(added, post, NOTHING)
        return seating(self.lists, self.main.free, np.zeros_like(self.seats), contract, post)

    @cached_property
    def left_over(self) -> Mask:
        """bool[n+f]: whom the extension that follows the run is for, if he is mandatory."""
        return self.judged & (self.main.contract < 0)

    def _seating(self, contract: Ints, post: Ints) -> Seating:
        return seating(self.lists, self.seats, self.posts["closing"].to_numpy(), contract, post)


def audit(campaign: Campaign, scored: Scored, result: Result, contracts: Contracts | None = None) -> Audit:
    """Joins a result with the campaign it is said to be a result of.

    Parameters
    ----------
    contracts : what `engine.model.contracts.contracts_of` gives for this campaign and this way to extend, if it is at
        hand; made anew otherwise
    """
    if contracts is None:
        added = extension_contracts(campaign, scored)
        added = added.clear() if result.extension == "none" else added
        contracts = contracts_of(campaign, scored, added, result.link_points)
    lists = lists_of(contracts, campaign.candidates.height, campaign.posts.height)
    outcomes = completed(_identified(campaign, scored, result.outcomes), campaign, contracts, lists)
    judged = np.zeros(lists.num_candidates, dtype=np.bool_)
    judged[lists.num_people :] = True
    shown = outcomes.filter((pl.col("status") != "withheld") & pl.col("admitted"))
    judged[shown["candidate"].to_numpy()] = True
    return Audit(campaign, scored, result, contracts, lists, outcomes, _posts(campaign, outcomes), judged)


def _identified(campaign: Campaign, scored: Scored, outcomes: pl.DataFrame) -> pl.DataFrame:
    admitted = scored.requests.select("candidate_id", admitted="admissible")
    facts = campaign.candidates.select("candidate_id", "discipline", "held_post", "mandatory").with_row_index(
        "candidate"
    )
    facts = facts.join(admitted, on="candidate_id")
    posts = campaign.posts.select("post_id").with_row_index("post")
    return outcomes.join(facts, on="candidate_id", how="left", maintain_order="left").join(
        posts, on="post_id", how="left", maintain_order="left"
    )


def _posts(campaign: Campaign, outcomes: pl.DataFrame) -> pl.DataFrame:
    taking_part = outcomes.filter(pl.col("admitted") & pl.col("held_post").is_not_null())
    holders = taking_part.unique("candidate_id").group_by(post_id="held_post").agg(holders=pl.len().cast(pl.Int64))
    posts = campaign.posts.with_row_index("post").join(holders, on="post_id", how="left")
    offered, holding = pl.col("seats").clip(lower_bound=0), pl.col("holders").fill_null(0)
    return posts.select(
        "post",
        "post_id",
        "place_id",
        "discipline",
        "profile",
        holders=holding,
        offered=offered,
        closing=(-pl.col("seats")).clip(lower_bound=0),
        total=offered + holding,
    ).sort("post")
