"""P1 and P2: seats are used once and lawfully, and no holder loses his post."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.verify.audit import Audit
from engine.verify.left import Left
from engine.verify.mutations import beyond_quotas
from engine.verify.names import zone_name
from engine.verify.sentences import sentence
from engine.verify.texts import codes_named
from engine.verify.verdict import Property, checked, no_violations, violations

STATUSES = ("assigned", "kept", "extended", "unassigned", "excluded", "withheld")


def p1_seats(audit: Audit, left: Left) -> Property:
    """Every seat is used once, inside the wish granted, in the right discipline; everybody is named once.

    Parameters
    ----------
    left : claims on what the mechanism gave: those of seats to be closed, where they may be, leave the seats open
    """
    seated = audit.outcomes.filter(pl.col("post_id").is_not_null() & (pl.col("status") != "excluded"))
    return checked(
        "P1",
        sentence("p1_title"),
        [sentence("p1_seated", people=seated.height, posts=seated["post_id"].n_unique())],
        *_named_once(audit),
        *_known_posts(audit, seated),
        _inside(audit),
        *_counts(audit, seated, left),
        beyond_quotas(audit),
    )


def p2_holders(audit: Audit) -> Property:
    """Nobody is below the post he holds: a holder keeps it or has a wish of his own."""
    holders = audit.outcomes.filter(pl.col("held_post").is_not_null() & pl.col("admitted"))
    lost = holders.filter(~pl.col("status").is_in(["kept", "assigned", "withheld"]))
    elsewhere = holders.filter((pl.col("status") == "kept") & pl.col("post_id").ne_missing(pl.col("held_post")))
    lost = lost.with_columns(told=codes_named(lost["status"], "status"))
    return checked(
        "P2",
        sentence("p2_title"),
        [sentence("p2_holders", holders=holders.height)],
        violations(lost, "post_lost", held="held_post", status="told"),
        violations(elsewhere, "kept_elsewhere", held="held_post", post="post_id"),
    )


def _named_once(audit: Audit) -> list[pl.DataFrame]:
    unknown = audit.outcomes.filter(pl.col("discipline").is_null())
    known = audit.outcomes.filter(pl.col("discipline").is_not_null())
    twice = known.filter(pl.col("candidate_id").is_duplicated())
    forgotten = audit.campaign.candidates.join(audit.outcomes, on="candidate_id", how="anti")
    odd = known.filter(~pl.col("status").is_in(STATUSES))
    return [
        violations(unknown, "no_candidate"),
        violations(twice, "named_twice"),
        violations(forgotten, "forgotten"),
        violations(odd, "no_status", status="status"),
    ]


def _known_posts(audit: Audit, seated: pl.DataFrame) -> list[pl.DataFrame]:
    facts = audit.posts.select(pl.col("place_id", "discipline").gather(seated["post"]).name.prefix("post_"))
    named = seated.hstack(facts.rename({"post_place_id": "post_place"}))
    unknown = named.filter(pl.col("post_discipline").is_null())
    requested = audit.campaign.requests.select("candidate_id", post_discipline="discipline")
    wrong = named.filter(pl.col("post_discipline") != pl.col("discipline"))
    wrong = wrong.join(requested, on=["candidate_id", "post_discipline"], how="anti")
    place = named.filter(pl.col("place_id").ne_missing(pl.col("post_place")) & pl.col("post_place").is_not_null())
    known = audit.outcomes.filter(pl.col("discipline").is_not_null())
    seatless = known.filter(pl.col("status").is_in(["assigned", "extended", "kept"]) & pl.col("post_id").is_null())
    sent = known.filter(pl.col("status").is_in(["unassigned", "withheld"]) & pl.col("post_id").is_not_null())
    return [
        violations(sent, "seated_without_wish", post="post_id"),
        violations(unknown, "no_post", post="post_id"),
        violations(wrong, "other_discipline", discipline="discipline", other="post_discipline"),
        violations(place, "other_place", place="place_id", of_post="post_place"),
        violations(
            seatless.with_columns(told=codes_named(seatless["status"], "status")), "seated_nowhere", status="told"
        ),
    ]


def _inside(audit: Audit) -> pl.DataFrame:
    """Who sits outside the zone he is said to have been granted. What is no wish of his is another matter (P7, P8)."""
    granted = audit.outcomes.filter(
        pl.col("status").is_in(["assigned", "extended"]) & pl.col("candidate").is_not_null()
    ).with_columns(pl.col("rank").cast(pl.Int64))
    outside = granted.filter(pl.Series(audit.granted[0][granted["candidate"].to_numpy()] < 0))
    if outside.is_empty():
        return no_violations()
    own, added = outside.filter(pl.col("status") == "assigned"), outside.filter(pl.col("status") == "extended")
    wishes = audit.contracts.wishes.filter("admissible").select("candidate_id", "rank", "school_type")
    asked = own.join(wishes, on=["candidate_id", "rank"])
    in_table = audit.contracts.rows.filter(pl.col("phase") == "extension").select("candidate", "kind", "code")
    tabled = added.join(in_table, on=["candidate", "kind", "code"], how="semi")
    named = pl.concat([asked, tabled], how="diagonal")
    return violations(named, "outside_zone", post="post_id", zone=zone_name())


def _counts(audit: Audit, seated: pl.DataFrame, left: Left) -> list[pl.DataFrame]:
    """Posts with more people than seats, or with entrants where a seat that fell free was to be closed."""
    rows, post = audit.lists.closings
    kept_open = np.bincount(post[np.isin(rows, left.excused(audit.lists.candidate))], minlength=audit.posts.height)
    entrants = seated.filter(pl.col("status").is_in(["assigned", "extended"]))
    posts = audit.posts.with_columns(
        closed=pl.Series(audit.to_close - kept_open),
        occupants=_on_each_post(audit, seated),
        entered=_on_each_post(audit, entrants),
    )
    overfull = posts.filter(pl.col("occupants") > pl.col("total"))
    unclosed = posts.filter((pl.col("entered") > 0) & (pl.col("closed") > pl.col("total") - pl.col("occupants")))
    return [
        violations(overfull, "crowded", post="post_id", occupants="occupants", seats="total"),
        violations(
            unclosed.filter(pl.col("closed") > 0), "unclosed", post="post_id", entered="entered", closing="closing"
        ),
    ]


def _on_each_post(audit: Audit, seated: pl.DataFrame) -> pl.Series:
    return pl.Series(np.bincount(seated["post"].drop_nulls().to_numpy(), minlength=audit.posts.height), dtype=pl.Int64)
