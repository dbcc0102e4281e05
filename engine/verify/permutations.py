"""P12: the permutations keep the head count of every département, and serve as many as can be served."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.model.decisions import placed_by_pins
from engine.verify.audit import Audit
from engine.verify.largest import Largest, program_of
from engine.verify.names import contracts_named
from engine.verify.seating import Seating
from engine.verify.sentences import sentence
from engine.verify.texts import codes_named
from engine.verify.verdict import Property, checked, no_violations, not_applicable, violations

TITLE = sentence("p12_title")


def p12_head_counts(audit: Audit) -> Property:
    """As many leave every département by permutation as enter it, and no larger set of exchanges is possible.

    What each had before is what the mutations gave. That everybody who moves has a better wish is P10. A linear program
    says how many can move at most, and with which sum of ranks at least (`engine.verify.largest`). Where fewer move and
    nothing shows that as many can, or the search was stopped by its time limit, the property is open (``unproven``).
    Whoever is pinned and moves by permutation is a condition of the program: that all pins are met is P15.
    """
    if audit.result.improvement != "permutations":
        return not_applicable("P12", TITLE, sentence("no_permutations"))
    if audit.before is None:
        return not_applicable("P12", TITLE, sentence("untold_mutations"))
    rows = audit.posts.with_columns(before=_heads(audit, audit.before), after=_heads(audit, audit.main))
    made = _made(audit, audit.before)
    most = _most(audit, audit.before, made)
    key = "p12_fewer" if made.height < most.moves else "p12_most"
    evidence = [sentence(key, moved=made.height, most=most.moves, posts=audit.posts.height)]
    head_counts = violations(
        rows.filter(pl.col("before") != pl.col("after")),
        "head_count_changed",
        post="post_id",
        before="before",
        after="after",
    )
    short = _short(made, most)
    if short.height and (audit.result.stopped or not most.is_exact):
        found = checked("P12", TITLE, evidence, head_counts, _phases(audit))
        return found.unproven() if found.status == "holds" else found
    return checked("P12", TITLE, evidence, head_counts, _phases(audit), short)


def _heads(audit: Audit, now: Seating) -> pl.Series:
    """How many sit at each post, seats closed aside."""
    post = now.post[: audit.lists.num_people]
    return pl.Series(np.bincount(post[post >= 0], minlength=audit.lists.num_posts))


def _made(audit: Audit, before: Seating) -> pl.DataFrame:
    """Who moves by permutation, with the rank of his wish."""
    people = slice(audit.lists.num_people)
    had, has = before.contract[people], audit.main.contract[people]
    moved = np.flatnonzero(audit.judged[people] & (had != has) & (before.post[people] != audit.main.post[people]))
    return pl.DataFrame({"candidate": moved, "rank": has[moved] - audit.lists.ptr[moved] + 1})


def _most(audit: Audit, before: Seating, made: pl.DataFrame) -> Largest:
    """What is possible at most beside what decisions ask for; where links leave the first bound out of reach, a better
    one."""
    pinned = placed_by_pins(audit.contracts.wishes)["candidate"]
    program = program_of(audit, before, np.intersect1d(made["candidate"].to_numpy(), pinned.to_numpy()))
    most = program.largest()
    if most.is_reached(made.height, int(made["rank"].sum())) or not audit.linked.any():
        return most
    return program.largest(whole=True)


def _short(made: pl.DataFrame, most: Largest) -> pl.DataFrame:
    """A violation of the whole result where a larger set of exchanges is possible, or one with better ranks."""
    ranks = int(made["rank"].sum())
    if most.is_reached(made.height, ranks):
        return no_violations()
    row = pl.DataFrame({"moved": made.height, "ranks": ranks, "most": most.moves, "least": most.ranks})
    return violations(row, "fewer_moves", **{name: name for name in row.columns})


def _phases(audit: Audit) -> pl.DataFrame:
    """Who is said to have moved in another phase than he did."""
    assert audit.before is not None
    if "phase" not in audit.outcomes.columns:
        return no_violations()
    before, after = audit.before.contract, audit.main.contract
    people = np.arange(audit.lists.num_people)
    phase = np.where(before[people] != after[people], "permutation", "mutation")
    said = audit.outcomes.filter((pl.col("status") == "assigned") & pl.col("candidate").is_not_null())
    said = said.with_columns(moved_in=pl.Series(phase[said["candidate"].to_numpy()], dtype=pl.String))
    had = contracts_named(audit, before[said["candidate"].to_numpy()])["name"]
    wrong = said.with_columns(had=had).filter(pl.col("phase").is_not_null() & (pl.col("phase") != pl.col("moved_in")))
    wrong = wrong.with_columns(told=codes_named(wrong["phase"], "phase"))
    return violations(wrong, "other_phase", phase="told", had="had")
