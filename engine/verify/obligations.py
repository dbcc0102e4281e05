"""P7 and P8: nothing inadmissible is granted, and extension is lawful."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.model.market import Ints
from engine.model.reasons import reason_codes, reason_sentence
from engine.model.words import Language
from engine.verify.audit import Audit
from engine.verify.claims import claims_among_people, not_vacuous
from engine.verify.left import Left, claims_left
from engine.verify.lists import EXTENSION, NOTHING, Mask
from engine.verify.names import contracts_named, or_null
from engine.verify.selection import unlawfully_retained
from engine.verify.sentences import sentence
from engine.verify.texts import codes_told
from engine.verify.verdict import Property, checked, not_applicable, violations

RANKS = 1 << 20  # more than a candidate can give


def p7_admissible(audit: Audit) -> Property:
    """Nothing is granted that was not admissible: neither a wish set aside nor anything to an excluded request.

    Of specific posts, read off the requests and opinions: who is retained asked for posts of that type and discipline,
    with what the type demands, and no opinion excludes him.
    """
    granted = pl.col("status") == "assigned"
    assigned = audit.outcomes.filter(granted & pl.col("candidate").is_not_null()).with_columns(
        pl.col("rank").cast(pl.Int64)
    )
    named = assigned.hstack(_wishes_of(audit, assigned))
    aside = named.filter(~pl.col("asked_admissible"))
    aside = aside.with_columns(why=codes_told(aside["asked_reason"], _reason))
    unasked = named.filter(
        pl.col("kind").ne_missing(pl.col("asked_kind")) | pl.col("code").ne_missing(pl.col("asked_code"))
    )
    moved = audit.outcomes.filter(
        ~pl.col("admitted")
        & (pl.col("status").is_in(["assigned", "extended"]) | pl.col("post_id").ne_missing(pl.col("held_post")))
    )
    num_aside = audit.contracts.wishes.height - int(audit.contracts.wishes["admissible"].sum())
    return checked(
        "P7",
        sentence("p7_title"),
        [sentence("p7_granted", granted=assigned.height, aside=num_aside)],
        violations(aside, "granted_aside", rank="rank", why="why"),
        violations(unasked, "granted_unasked", kind="kind", code="code", rank="rank"),
        violations(moved, "granted_to_excluded", post="post_id"),
        unlawfully_retained(audit),
    )


def _reason(code: str, language: Language) -> str:
    return reason_sentence(code, language) if code in reason_codes() else code


def _wishes_of(audit: Audit, assigned: pl.DataFrame) -> pl.DataFrame:
    """The wish of each rank granted: asked_kind, asked_code, asked_admissible, asked_reason; null where none is."""
    wishes = audit.contracts.wishes
    keys, asked = (
        rows.select(pl.col("candidate").cast(pl.Int64) * RANKS + pl.col("rank").fill_null(0)).to_series().to_numpy()
        for rows in (wishes, assigned)
    )
    place = np.searchsorted(keys, asked)
    there = np.append(keys, NOTHING)[place] == asked
    found = or_null(np.where(there, place, NOTHING))
    names = {f"asked_{name}": pl.col(name).gather(found) for name in ("kind", "code", "admissible", "reason")}
    return wishes.select(**names)


def p8_extension(audit: Audit, left: Left) -> Property:
    """Extension comes after own wishes, in the order of the table, on admissible posts, for mandatory candidates only.

    Where it follows the run it shares out the seats left free: in decreasing priority each gets the first zone of his
    table in which a seat can be had, that is, nobody has a claim on an earlier one. It never gives a specific post.
    Linked candidates are extended together: to the first zone that has seats for all of them, those of others given.

    Parameters
    ----------
    left : claims on what the mechanism gave
    """
    title = sentence("p8_title")
    extended = audit.outcomes.filter(pl.col("status") == "extended")
    if audit.result.extension == "none" and extended.is_empty():
        return not_applicable("P8", title, sentence("no_extension"))
    optional = extended.filter(~pl.col("mandatory") | pl.col("held_post").is_not_null())
    afterwards = _left_afterwards(audit)
    passed = afterwards.wrong(audit.lists.candidate) if afterwards else _passed_over(audit, left)
    served = audit.granted[0][audit.lists.candidate[passed]] >= 0
    return checked(
        "P8",
        title,
        [sentence("p8_extended", people=extended.height), *(afterwards.in_words() if afterwards else ())],
        violations(optional, "extended_optional"),
        violations(
            extended.filter(~pl.Series(_in_table(audit, extended))), "extended_beside_table", kind="kind", code="code"
        ),
        violations(
            extended.join(audit.posts.filter(pl.col("profile") == "specific"), on="post_id", how="semi"),
            "extended_to_specific",
            post="post_id",
        ),
        violations(contracts_named(audit, passed[served]), "extended_past", contract="name"),
        violations(contracts_named(audit, passed[~served]), "not_extended", contract="name"),
        violations(contracts_named(audit, _passed_over_together(afterwards)), "not_extended_together", contract="name"),
    )


def _in_table(audit: Audit, extended: pl.DataFrame) -> Mask:
    """Whether the table adds a zone of that name for the candidate, and it has the post."""
    contract = np.append(audit.granted[0], -1)
    found: Mask = contract[extended["candidate"].fill_null(len(contract) - 1).to_numpy()] >= 0
    return found


def _left_afterwards(audit: Audit) -> Left | None:
    """Claims on the seats that the run left, where the extension follows it."""
    if not audit.extends_afterwards:
        return None
    added = (audit.lists.phase == EXTENSION) & audit.left_over[audit.lists.candidate]
    return claims_left(audit, audit.extended, added, audit.result.least_added)


def _passed_over(audit: Audit, left: Left) -> Ints:
    """Added wishes that should have been granted rather than what the extension gave."""
    lists = audit.lists
    added = lists.phase == EXTENSION
    holds_added = np.append(added, False)[audit.main.contract]
    found = claims_among_people(audit, audit.apart if audit.improves else audit.main)
    found = found[added[found] & holds_added[lists.candidate[found]]]
    may_be = left.excused(lists.candidate)
    return not_vacuous(audit, np.setdiff1d(found, may_be, assume_unique=True))


def _passed_over_together(afterwards: Left | None) -> Ints:
    """The same for links, after the run."""
    if afterwards is None or afterwards.may_be:
        return np.zeros(0, dtype=np.int64)
    return np.concatenate([np.zeros(0, dtype=np.int64), *afterwards.joint])
