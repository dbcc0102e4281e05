"""Chains of claims in words: why a claim that is left is vacuous, or why it stands."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.verify.audit import Audit
from engine.verify.names import contracts_named
from engine.verify.vacuity import LONG, OUT, SEAT, VACUOUS, Chains
from engine.verify.verdict import violations

WHY_STANDING = {
    SEAT: "granted, it displaces nobody in the end: a seat is found",
    OUT: "granted, it displaces somebody who finds nothing else",
    LONG: "that it is taken back could not be shown",
}


def proofs(audit: Audit, chains: Chains) -> pl.DataFrame:
    """The chain of every vacuous claim in words: columns of `PROOF`."""
    vacuous = np.flatnonzero(chains.end == VACUOUS)
    claims = contracts_named(audit, chains.claim[vacuous])
    return claims.with_columns(_steps_in_words(audit, chains).alias("chain")).select(
        component="discipline",
        candidate_id="candidate_id",
        sentence=pl.when(pl.col("chain").is_null())
        .then(pl.format("claims {}, and is refused it once the seat he leaves is closed.", "name"))
        .otherwise(pl.format("claims {} and takes it; {}; that displaces the claimant again.", "name", "chain")),
    )


def _steps_in_words(audit: Audit, chains: Chains) -> pl.Series:
    """For each vacuous claim, who is displaced from what and takes what."""
    number = np.repeat(np.arange(len(chains.claim)), np.diff(chains.ptr))
    first = np.zeros(len(number), dtype=np.bool_)
    first[chains.ptr[:-1][np.diff(chains.ptr) > 0]] = True
    later = np.flatnonzero(~first & (chains.end[number] == VACUOUS))
    taken, lost = contracts_named(audit, chains.taken[later]), contracts_named(audit, chains.lost[later - 1])
    steps = taken.select("candidate_id", "name").with_columns(lost["name"].alias("lost"), claim=number[later])
    who = pl.col("candidate_id").fill_null("a seat to be closed")
    words = steps.with_columns(text=pl.format("{}, displaced from {}, takes {}", who, "lost", "name"))
    chains_told = words.group_by("claim").agg(pl.col("text").str.join("; "))
    vacuous = pl.DataFrame({"claim": np.flatnonzero(chains.end == VACUOUS)})
    return vacuous.join(chains_told, on="claim", how="left", maintain_order="left")["text"]


def standing_claims(audit: Audit, chains: Chains) -> pl.DataFrame:
    """A violation for each claim that is not vacuous."""
    rows = np.flatnonzero(chains.end != VACUOUS)
    why = pl.Series("why", [WHY_STANDING[int(end)] for end in chains.end[rows]], dtype=pl.String)
    named = contracts_named(audit, chains.claim[rows]).with_columns(why)
    return violations(named, "claims {}, and the claim stands: {}.", "name", "why")
