"""Chains of claims in words: why a claim that is left is vacuous, or why it stands."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.verify.audit import Audit
from engine.verify.names import contracts_named
from engine.verify.texts import codes_named, either, joined_texts, texts
from engine.verify.vacuity import LONG, OUT, SEAT, VACUOUS, Chains
from engine.verify.verdict import proofs, violations

WHY_STANDING = {SEAT: "seat", OUT: "out", LONG: "long"}


def proofs_of(audit: Audit, chains: Chains) -> pl.DataFrame:
    """The chain of every vacuous claim in words: columns of `PROOF`."""
    vacuous = np.flatnonzero(chains.end == VACUOUS)
    claims = contracts_named(audit, chains.claim[vacuous]).with_columns(_steps_in_words(audit, chains).alias("chain"))
    at_once = texts(claims, "vacuous_by_closing", contract="name")
    by_chain = texts(claims, "vacuous_by_chain", contract="name", chain="chain")
    return proofs(claims, either(claims["chain"].is_null(), at_once, by_chain))


def _steps_in_words(audit: Audit, chains: Chains) -> pl.Series:
    """For each vacuous claim, who is displaced from what and takes what."""
    number = np.repeat(np.arange(len(chains.claim)), np.diff(chains.ptr))
    first = np.zeros(len(number), dtype=np.bool_)
    first[chains.ptr[:-1][np.diff(chains.ptr) > 0]] = True
    later = np.flatnonzero(~first & (chains.end[number] == VACUOUS))
    taken, lost = contracts_named(audit, chains.taken[later]), contracts_named(audit, chains.lost[later - 1])
    steps = taken.select("candidate_id", "name").with_columns(lost["name"].alias("lost"), claim=number[later])
    person = texts(steps, "chain_step", who="candidate_id", lost="lost", taken="name")
    seat = texts(steps, "chain_step_of_a_seat", lost="lost", taken="name")
    words = steps.with_columns(text=either(steps["candidate_id"].is_null(), seat, person))
    chains_told = words.group_by("claim").agg(text=joined_texts("text", "chain_joint"))
    vacuous = pl.DataFrame({"claim": np.flatnonzero(chains.end == VACUOUS)})
    return vacuous.join(chains_told, on="claim", how="left", maintain_order="left")["text"]


def standing_claims(audit: Audit, chains: Chains) -> pl.DataFrame:
    """A violation for each claim that is not vacuous."""
    rows = np.flatnonzero(chains.end != VACUOUS)
    why = pl.Series([WHY_STANDING[int(end)] for end in chains.end[rows]], dtype=pl.String)
    named = contracts_named(audit, chains.claim[rows]).with_columns(why=codes_named(why, "standing"))
    return violations(named, "claim_stands", contract="name", why="why")
