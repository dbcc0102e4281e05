"""P12: the permutations keep the head count of every département."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.verify.audit import Audit
from engine.verify.names import contracts_named
from engine.verify.verdict import Property, checked, not_applicable, violations

TITLE = "Each permutation phase keeps every head count"


def p12_head_counts(audit: Audit) -> Property:
    """As many leave every département by permutation as enter it: it has as many people after them as before.

    What each had before is what the mutations gave. That everybody who moves has a better wish is P10.
    """
    if audit.result.improvement != "permutations":
        return not_applicable("P12", TITLE, "No permutation phase follows the mechanism.")
    if audit.before is None:
        return not_applicable("P12", TITLE, "The result does not say what the mutations gave before the permutations.")
    before, after, people = audit.before, audit.main, slice(audit.lists.num_people)
    moved = audit.judged[people] & (before.post[people] != after.post[people])
    counts = {
        name: np.bincount(now.post[people][now.post[people] >= 0], minlength=audit.lists.num_posts)
        for name, now in (("before", before), ("after", after))
    }
    rows = audit.posts.with_columns(pl.Series(name, values) for name, values in counts.items())
    return checked(
        "P12",
        TITLE,
        f"{int(moved.sum())} candidates move by permutation; {audit.posts.height} head counts compared.",
        violations(
            rows.filter(pl.col("before") != pl.col("after")),
            "{} has {} people before the permutations and {} after them.",
            "post_id",
            "before",
            "after",
        ),
        _phases(audit),
    )


def _phases(audit: Audit) -> pl.DataFrame:
    """Who is said to have moved in another phase than he did."""
    assert audit.before is not None
    if "phase" not in audit.outcomes.columns:
        return violations(audit.outcomes.clear(), "")
    before, after = audit.before.contract, audit.main.contract
    people = np.arange(audit.lists.num_people)
    phase = np.where(before[people] != after[people], "permutation", "mutation")
    said = audit.outcomes.filter((pl.col("status") == "assigned") & pl.col("candidate").is_not_null())
    said = said.with_columns(moved_in=pl.Series(phase[said["candidate"].to_numpy()], dtype=pl.String))
    had = contracts_named(audit, before[said["candidate"].to_numpy()])["name"]
    wrong = said.with_columns(had=had).filter(pl.col("phase").is_not_null() & (pl.col("phase") != pl.col("moved_in")))
    return violations(wrong, "is said to have moved by {}, and had {} after the mutations.", "phase", "had")
