"""P6, P7 and P8: the mandatory are placed or the shortage is shown, nothing inadmissible is granted, extension is
lawful."""

from __future__ import annotations

import polars as pl

from engine.verify.audit import Audit
from engine.verify.claims import post_thresholds
from engine.verify.verdict import Property, checked, not_applicable, violations


def p6_mandatory(audit: Audit) -> Property:
    """Mandatory candidates are all placed, or the set of posts that is too small for them is shown.

    The set of a discipline: every post that a candidate left over may hold. It is too small when it has no free
    seat: all
    its seats are held by holders who stay or by candidates whose priority is stronger there.
    """
    obliged = audit.outcomes.filter(pl.col("mandatory") & pl.col("admitted") & (pl.col("status") != "withheld"))
    left_over = obliged.filter(pl.col("post_id").is_null())
    reach = _reach(audit, left_over)
    free = reach.join(post_thresholds(audit).filter(pl.col("free_seats") > 0), on="post")
    title = "Mandatory candidates all placed, or the too small set of posts shown"
    evidence = f"{obliged.height - left_over.height} of {obliged.height} mandatory candidates placed."
    stuck = left_over.join(free, on="candidate_id", how="anti")
    shortages = " ".join(_shortages(audit, stuck, reach))
    return checked(
        "P6",
        title,
        f"{evidence} {shortages}".strip(),
        violations(free, "must have a post and has none, and a seat of {} is free.", "post_id"),
    )


def _reach(audit: Audit, left_over: pl.DataFrame) -> pl.DataFrame:
    """Every post that a candidate left over may hold: candidate_id, discipline, post, post_id."""
    zones = audit.of_phase("main", "extension").join(left_over.select("candidate"), on="candidate", how="semi")
    posts = zones.join(audit.contracts.zones.members, on="zone").select("candidate_id", "discipline", "post").unique()
    return posts.join(audit.posts.select("post", "post_id"), on="post")


def _shortages(audit: Audit, left_over: pl.DataFrame, reach: pl.DataFrame) -> list[str]:
    sentences = []
    for discipline, rows in left_over.group_by("discipline", maintain_order=True):
        posts = reach.filter(pl.col("discipline") == discipline[0])["post_id"].unique().sort()
        seats = audit.posts.filter(pl.col("post_id").is_in(posts.implode()))
        total = int(seats["total"].sum()) - int(seats["closing"].sum())
        names = ", ".join(posts.head(12)) + (f" and {len(posts) - 12} more" if len(posts) > 12 else "")
        left = f"{discipline[0]}: {rows.height} left over;"
        if len(posts):
            sentences.append(f"{left} the {total} seats of {names} are all taken by stronger priorities.")
        else:
            sentences.append(f"{left} no wish and no extension gives them a post to go to.")
    return sentences


def p7_admissible(audit: Audit) -> Property:
    """Nothing is granted that was not admissible: neither a wish set aside nor anything to an excluded request."""
    assigned = audit.outcomes.filter(pl.col("status") == "assigned").with_columns(pl.col("rank").cast(pl.Int64))
    set_aside = audit.contracts.wishes.filter(~pl.col("admissible"))
    aside = assigned.join(set_aside.select("candidate_id", "rank", why="reason"), on=["candidate_id", "rank"])
    own = audit.campaign.wishes.select("candidate_id", "rank", asked_kind="kind", asked_code="code")
    named = assigned.join(own, on=["candidate_id", "rank"], how="left")
    unasked = named.filter(
        pl.col("kind").ne_missing(pl.col("asked_kind")) | pl.col("code").ne_missing(pl.col("asked_code"))
    )
    moved = audit.outcomes.filter(
        ~pl.col("admitted")
        & (pl.col("status").is_in(["assigned", "extended"]) | pl.col("post_id").ne_missing(pl.col("held_post")))
    )
    return checked(
        "P7",
        "Nothing granted that was not admissible",
        f"{assigned.height} wishes granted; {set_aside.height} wishes set aside.",
        violations(aside, "was granted wish {}, set aside as {}.", "rank", "why"),
        violations(unasked, "was granted {} {} as wish {}, which is not that wish.", "kind", "code", "rank"),
        violations(moved, "made a request that is excluded, and the result gives him {}.", "post_id"),
    )


def p8_extension(audit: Audit) -> Property:
    """Extension comes after own wishes, in the order of the table, on admissible posts, for mandatory candidates
    only."""
    title = "Extension only after own wishes, in table order, on admissible posts"
    extended = audit.outcomes.filter(pl.col("status") == "extended")
    if audit.result.extension == "none" and extended.is_empty():
        return not_applicable("P8", title, "This campaign extends no wishes.")
    optional = extended.filter(~pl.col("mandatory") | pl.col("held_post").is_not_null())
    added = audit.of_phase("extension")
    allowed = added.join(audit.contracts.zones.members, on="zone").select("candidate", "kind", "code", "post")
    outside = extended.join(allowed, on=["candidate", "kind", "code", "post"], how="anti")
    return checked(
        "P8",
        title,
        f"{extended.height} candidates placed by extension.",
        violations(optional, "was placed by extension and is not obliged to take part."),
        violations(outside, "was placed by extension on {} {}, which the table does not give him.", "kind", "code"),
        _earlier_zone_open(audit, added),
    )


def _earlier_zone_open(audit: Audit, added: pl.DataFrame) -> pl.DataFrame:
    """Who was extended past a zone of the table that had a seat for him: free, or held by a weaker extension."""
    extensions = audit.held.filter(pl.col("phase") == "extension")
    weakest = extensions.group_by("post").agg(weakest_extension=pl.col("priority").min())
    free = post_thresholds(audit).select("post", "post_id", "free_seats")
    have = extensions.select("candidate", have="position")
    earlier = added.join(have, on="candidate").filter(pl.col("position") < pl.col("have"))
    posts = earlier.join(audit.contracts.zones.members, on="zone")
    met = posts.join(free, on="post", how="left").join(weakest, on="post", how="left")
    passed = met.filter((pl.col("free_seats") > 0) | (pl.col("priority") > pl.col("weakest_extension")))
    return violations(passed, "was extended past {}, where there was a seat for him.", "post_id")
