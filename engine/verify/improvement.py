"""P10: the improvement that follows the mechanism made nobody worse off."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.model.cutoffs import FREE, NOBODY, zone_cutoffs
from engine.model.market import Ints
from engine.verify.audit import Audit
from engine.verify.left import Left
from engine.verify.names import contracts_named
from engine.verify.seating import Seating
from engine.verify.sentences import sentence
from engine.verify.verdict import Property, checked, not_applicable, violations

TITLE = sentence("p10_title")


def p10_improvement(audit: Audit, left: Left) -> Property:
    """Everybody has what the mechanism gave him, or a wish he prefers; what it gave could be seated.

    After the improvement ``stable`` there is no *post claim* either: nobody has a better wish that covers a post where
    a seat is free, or where somebody is seated by a weaker priority; but for claims that links leave.

    Parameters
    ----------
    left : claims on what the mechanism gave
    """
    if not audit.improves:
        return not_applicable("P10", TITLE, sentence("no_improvement"))
    before, after = audit.before, audit.main
    if before is None:
        return not_applicable("P10", TITLE, sentence("untold_before_improvement"))
    last = audit.lists.ptr[1:]
    gain = np.where(before.contract >= 0, before.contract, last) - np.where(after.contract >= 0, after.contract, last)
    counted = audit.judged & (np.arange(len(gain)) < audit.lists.num_people)
    worse = np.flatnonzero(counted & (gain < 0))
    better = sentence("p10_better", people=int((counted & (gain > 0)).sum()))
    return checked(
        "P10",
        TITLE,
        [sentence("p10_worse", people=len(worse)) if len(worse) else better],
        _worse(audit, before, after, worse),
        _crowded(audit, before),
        *([_post_claims(audit, left)] if audit.result.improvement == "stable" else []),
    )


def _worse(audit: Audit, before: Seating, after: Seating, worse: Ints) -> pl.DataFrame:
    had = contracts_named(audit, before.contract[worse])
    rows = had.with_columns(contracts_named(audit, after.contract[worse])["name"].alias("now"))
    return violations(rows, "worse_off", had="name", has="now")


def _crowded(audit: Audit, before: Seating) -> pl.DataFrame:
    rows = audit.posts.with_columns(occupants=pl.Series(before.occupants))
    crowded = rows.filter(pl.col("occupants") > pl.col("total"))
    return violations(crowded, "crowded_before", post="post_id", occupants="occupants", seats="total")


def _post_claims(audit: Audit, left: Left) -> pl.DataFrame:
    """Better wishes that beat the very occupant of one of their posts, or find a free seat there."""
    lists, now = audit.lists, audit.main
    weakest = np.full(lists.num_posts, NOBODY)
    np.minimum.at(weakest, now.post[now.seated], lists.priority[now.contract[now.seated]])
    weakest[now.free > 0] = FREE
    lowest = zone_cutoffs(lists.zone_ptr, lists.zone_post, weakest)[lists.zone]
    better = audit.competing & audit.alone & audit.judged[lists.candidate] & lists.better_than(now.contract)
    found = np.setdiff1d(np.flatnonzero(better & (lists.priority > lowest)), left.excused(lists.candidate))
    return violations(contracts_named(audit, found), "claims_post", contract="name")
