"""P11 and P13: the cutoffs published reproduce the outcome, and the same input gives the same bytes."""

from __future__ import annotations

import polars as pl

from engine.verify.audit import Audit
from engine.verify.verdict import Property, checked, not_applicable, violations

CUTOFF_COLUMNS = ("post_id", "cutoff_kind", "cutoff_points", "last_candidate_id")
OPEN_TO_NOBODY = ("stay", "closing", "no_seat")


def p11_cutoffs(audit: Audit) -> Property:
    """Read with the cutoffs alone, everybody gets his first wish that beats its cutoff, and that is what he has."""
    title = "Cutoffs published reproduce the outcome"
    cutoffs = audit.result.cutoffs
    if cutoffs is None or any(column not in cutoffs.columns for column in CUTOFF_COLUMNS):
        return not_applicable("P11", title, "No cutoffs were published with the last entrant of each post.")
    thresholds = _thresholds(audit, cutoffs)
    misprinted = thresholds.filter(
        pl.col("cutoff_points").ne_missing(pl.col("points")) & (pl.col("cutoff_kind") == "wish")
    )
    return checked(
        "P11",
        title,
        f"{cutoffs.height} cutoffs.",
        violations(misprinted, "{} is published with a cutoff that is not the points of its last entrant.", "post_id"),
        _not_reproduced(audit, thresholds),
    )


def _thresholds(audit: Audit, cutoffs: pl.DataFrame) -> pl.DataFrame:
    people = audit.people().select("candidate", last_candidate_id="candidate_id")
    last = audit.held.filter(pl.col("phase") != "stay").join(people, on="candidate")
    last = last.select("post", "last_candidate_id", "points", threshold="priority")
    published = cutoffs.select(CUTOFF_COLUMNS).join(audit.posts, on="post_id", how="left")
    return published.join(last, on=["post", "last_candidate_id"], how="left")


def _not_reproduced(audit: Audit, thresholds: pl.DataFrame) -> pl.DataFrame:
    competing = ["main", "stay"] if audit.result.extension == "residual" else ["main", "extension", "stay"]
    contracts = audit.of_phase(*competing).join(audit.contracts.zones.members, on="zone")
    met = contracts.join(thresholds.select("post", "post_id", "cutoff_kind", "threshold"), on="post", how="left")
    shut = pl.col("cutoff_kind").is_in(OPEN_TO_NOBODY) | pl.col("cutoff_kind").is_null()
    beats = pl.col("priority") >= pl.col("threshold").fill_null(2**62)
    opened = (pl.col("cutoff_kind") == "free") | (~shut & beats)
    reached = met.filter((pl.col("phase") == "stay") | opened).sort("candidate", "order")
    predicted = reached.group_by("candidate", maintain_order=True).agg(predicted=pl.col("post_id").first())
    people = audit.outcomes.filter(pl.col("admitted") & (pl.col("status") != "withheld"))
    if audit.result.extension == "residual":
        people = people.filter(pl.col("status") != "extended")
    compared = people.join(predicted, on="candidate", how="left")
    wrong = compared.filter(pl.col("predicted").ne_missing(pl.col("post_id")))
    return violations(wrong, "has {}, and the cutoffs give him {}.", "post_id", "predicted")


def p13_determinism(audit: Audit) -> Property:
    """The same input gives the same bytes: the outcome tables were made again in other ways and compared."""
    title = "Same input, same bytes"
    if not audit.result.replays or not audit.result.digest:
        return not_applicable("P13", title, "The result comes without a digest to compare with.")
    rows = pl.DataFrame({"way": list(audit.result.replays), "digest": list(audit.result.replays.values())})
    different = rows.filter(pl.col("digest") != audit.result.digest)
    ways = ", ".join(audit.result.replays)
    return checked(
        "P13",
        title,
        f"Digest {audit.result.digest[:16]}; compared: {ways}.",
        violations(different, "The tables differ: {}.", "way"),
    )
