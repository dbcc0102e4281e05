"""P6: mandatory candidates are placed, or the posts that are too few for them are shown."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from engine.model.cutoffs import FREE
from engine.model.market import Ints
from engine.verify.audit import Audit
from engine.verify.left import Left
from engine.verify.lists import EXTENSION, Mask, ranges
from engine.verify.names import contracts_named
from engine.verify.seating import Seating, reached_from
from engine.verify.sentences import Listed, Sentence, sentence
from engine.verify.verdict import Property, checked, violations

TITLE = sentence("p6_title")
SHOWN_SETS = 5  # sets of posts described; the others are counted
SHOWN_POSTS = 12


def p6_mandatory(audit: Audit, claims: Left) -> Property:
    """Mandatory candidates are all placed, or the set of posts that is too small for them is shown.

    The set: from the zones a candidate left over may have, by wish or extension, walk to those seated there, to the
    other posts of the zones these were granted, and so on. No seat of it is free. So the candidates who were granted a
    zone inside it, and those left over, are more than its seats: that is why it is too small (Hall). Where the
    extension follows the run, seats are those the run left free, and nobody moves for it any more.

    Linked candidates left over are counted: each may find a seat, and there is none for all of the link (P5, P8).

    Parameters
    ----------
    claims : on what the mechanism gave
    """
    obliged = audit.outcomes.filter(pl.col("mandatory") & pl.col("admitted") & (pl.col("status") != "withheld"))
    left = obliged.filter(pl.col("post_id").is_null())
    waiting = np.zeros(audit.lists.num_candidates, dtype=np.bool_)
    waiting[left["candidate"].to_numpy()] = True
    wanted = np.flatnonzero(waiting[audit.lists.candidate])
    opened = wanted[(_cutoff(audit, wanted) == FREE) & audit.alone[wanted]]
    waiting[audit.lists.candidate[opened]] = False
    together = waiting & audit.linked
    opened = np.setdiff1d(opened, claims.excused(audit.lists.candidate))
    evidence = sentence("p6_placed", placed=obliged.height - left.height, people=obliged.height)
    return checked(
        "P6",
        TITLE,
        [evidence, *_linked_left_over(audit, together, claims), *_shortages(audit, waiting & ~together)],
        violations(contracts_named(audit, opened), "seat_free", contract="name"),
    )


def _linked_left_over(audit: Audit, together: Mask, claims: Left) -> list[Sentence]:
    claimed = audit.lists.candidate[np.concatenate([np.zeros(0, dtype=np.int64), *claims.joint])]
    claiming = np.zeros_like(together)
    claiming[claimed] = True
    count, more = int((together & ~claiming).sum()), int((together & claiming).sum())
    told = {"p6_linked": count, "p6_linked_claiming": more}
    return [sentence(key, people=people) for key, people in told.items() if people]


def _added(audit: Audit, contracts: Ints) -> Mask:
    """Whether a contract is served after the run."""
    added: Mask = (audit.lists.phase[contracts] == EXTENSION) & audit.extends_afterwards
    return added


def _cutoff(audit: Audit, contracts: Ints) -> Ints:
    zone = audit.lists.zone[contracts]
    cutoff = audit.main.zone_cutoffs[zone]
    if audit.extends_afterwards:
        cutoff = np.where(_added(audit, contracts), audit.extended.zone_cutoffs[zone], cutoff)
    return cutoff


def _shortages(audit: Audit, waiting: Mask) -> list[Sentence]:
    """A sentence for each set of posts that is too small, the first ones; the others counted."""
    if not waiting.any():
        return []
    sets = _sets(audit, waiting)
    told = [_shortage(row, audit.improves) for row in sets.head(SHOWN_SETS).iter_rows(named=True)]
    if sets.height > SHOWN_SETS:
        hidden = sets.slice(SHOWN_SETS)
        told.append(sentence("p6_more_sets", sets=hidden.height, people=int(hidden["left"].sum())))
    return told


def _shortage(row: dict[str, Any], improves: bool) -> Sentence:
    left = {"discipline": row["discipline"], "left": row["left"]}
    if not row["posts"]:
        return sentence("p6_no_post", **left)
    names = Listed(tuple(row["shown"]))
    if row["posts"] > SHOWN_POSTS:
        names = Listed((sentence("and_more", names=names, more=row["posts"] - SHOWN_POSTS),))
    if not row["seats"]:
        return sentence("p6_no_seat", **left, posts=names)
    key = "p6_taken" if improves else "p6_taken_by_priority"
    return sentence(key, **left, seats=row["seats"], posts=names, inside=row["inside"])


def _sets(audit: Audit, waiting: Mask) -> pl.DataFrame:
    """The sets of posts, apart from each other: discipline, left, posts, shown (names), seats, inside; sorted."""
    parts, set_of = _walks(audit, waiting), pl.col("set")
    label = _labels(audit, waiting, parts)
    m = audit.lists.num_posts
    people = audit.campaign.candidates.select("discipline").with_columns(
        set=pl.Series(label[m:]), waiting=pl.Series(waiting[: audit.lists.num_people])
    )
    reached = np.logical_or.reduce([posts for _, posts, _ in parts])
    seats = pl.Series("seats", audit.seats - audit.main.closed)
    inside = pl.Series("inside", np.sum([_inside(now, zones) for now, _, zones in parts], axis=0))
    posts = audit.posts.select("post_id").with_columns(seats, inside, set=pl.Series(label[:m]))
    posts = posts.filter(pl.Series(reached)).sort("post_id")
    counted = posts.group_by("set", maintain_order=True).agg(
        pl.col("seats").sum(), pl.col("inside").sum(), shown=pl.col("post_id").head(SHOWN_POSTS), posts=pl.len()
    )
    left = people.filter("waiting").join(counted, on="set", how="left").with_columns(pl.col("posts").fill_null(0))
    alike = pl.when(pl.col("posts") > 0).then(set_of)  # who has no post at all: one row for each discipline
    rows = left.group_by("discipline", alike).agg(
        pl.len().alias("left"), *(pl.col(name).first() for name in ("posts", "shown", "seats", "inside"))
    )
    return rows.sort("discipline", pl.col("shown").list.first(), nulls_last=True)


def _walks(audit: Audit, waiting: Mask) -> list[tuple[Seating, Mask, Mask]]:
    """What is met from the zones of those left over: posts and zones, in the run and in the extension after it."""
    wanted = np.flatnonzero(waiting[audit.lists.candidate])
    added, zone = _added(audit, wanted), audit.lists.zone[wanted]
    walks = [(audit.main, *reached_from(audit.main, zone[~added]))]
    if added.any():
        walks.append((audit.extended, *reached_from(audit.extended, zone[added])))
    return walks


def _labels(audit: Audit, waiting: Mask, walks: list[tuple[Seating, Mask, Mask]]) -> Ints:
    """int64[m+n]: which set each post and each candidate left over belongs to."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    lists, m = audit.lists, audit.lists.num_posts
    wanted = np.flatnonzero(waiting[lists.candidate])
    met = np.flatnonzero(np.logical_or.reduce([zones for _, _, zones in walks]))
    anchor = lists.zone_post[lists.zone_ptr[:-1]]  # a post of each zone
    posts = lists.zone_post[ranges(lists.zone_ptr[met], lists.width[met])]
    start = np.concatenate((m + lists.candidate[wanted], np.repeat(anchor[met], lists.width[met])))
    goal = np.concatenate((anchor[lists.zone[wanted]], posts))
    size = m + lists.num_people
    edges = coo_array((np.ones(len(start), dtype=np.int8), (start, goal)), shape=(size, size))
    label: Ints = connected_components(edges, directed=False)[1]
    return label


def _inside(now: Seating, zones: Mask) -> Ints:
    """int64[m]: people seated on each post who were granted one of these zones."""
    people = now.seated[now.seated < now.lists.num_people]
    held = people[zones[now.lists.zone[now.contract[people]]]]
    return np.bincount(now.post[held], minlength=now.lists.num_posts)
