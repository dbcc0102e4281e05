"""P4 and P5: linked candidates are served together or not at all, and their links claim nothing."""

from __future__ import annotations

import numpy as np
import polars as pl

from engine.model.market import Ints
from engine.verify.audit import Audit
from engine.verify.left import Left
from engine.verify.lists import NOTHING, STAY
from engine.verify.names import contracts_named
from engine.verify.sentences import sentence
from engine.verify.verdict import PROOF, SHOWN, Property, checked, no_violations, not_applicable, violations

TOGETHER = sentence("p4_title")
FEWEST = sentence("p5_title")
NONE_LINKED = sentence("none_linked")


def p4_together(audit: Audit) -> Property:
    """The members of a link are granted the same wish, or the same zone of the extension, or each keeps what he has.

    What the mechanism gave before an improvement is looked at too.
    """
    if not audit.linked.any():
        return not_applicable("P4", TOGETHER, NONE_LINKED)
    moments = [("", audit.granted[0])]
    if audit.improves and audit.before is not None:
        moments.append(("_before", audit.before.contract[: audit.lists.num_people]))
    served = _served(audit, audit.granted[0])
    evidence = sentence("p4_links", links=_num_links(audit), people=int(audit.linked.sum()), served=served)
    parted = [_parted(audit, granted, when) for when, granted in moments]
    return checked("P4", TOGETHER, [evidence], *parted)


def _num_links(audit: Audit) -> int:
    return len(np.unique(audit.lists.link[audit.linked]))


def _served(audit: Audit, granted: Ints) -> int:
    """Links of which some member has something else than his post."""
    moved = (granted >= 0) & (np.append(audit.lists.phase, STAY)[granted] != STAY)
    moved &= audit.linked[: audit.lists.num_people]
    return len(np.unique(audit.lists.link[: audit.lists.num_people][moved]))


def _parted(audit: Audit, granted: Ints, when: str) -> pl.DataFrame:
    """Members who have something else than the first of their link: the contract of another place in their lists."""
    lists = audit.lists
    people = np.flatnonzero(audit.linked & audit.judged)
    link = lists.link[people]
    place = np.where(granted[people] >= 0, granted[people] - lists.ptr[people], NOTHING)
    _, first, of_link = np.unique(link, return_index=True, return_inverse=True)
    other = np.flatnonzero(place != place[first][of_link])
    him, mate = people[other], people[first][of_link][other]
    rows = audit.campaign.candidates.select("candidate_id", "discipline")[him].with_columns(
        contracts_named(audit, granted[him])["name"].alias("has"),
        contracts_named(audit, granted[mate])["name"].alias("other"),
        audit.campaign.candidates["candidate_id"][mate].alias("mate"),
    )
    return violations(rows, f"parted{when}", has="has", mate="mate", other="other")


def p5_claims(audit: Audit, left: Left) -> Property:
    """A link claims a wish if every member prefers it to what he has, and the choice would keep the contracts of all.

    Each contract has to beat the cutoff of its zone (P3). Where members are of one discipline, one may be in the way of
    another: then their contracts are taken in one after the other, who is displaced going, and all have to be there in
    the end (`engine.verify.together`). A link without posts claims like any other.

    With links a result without claims may not exist. How few claims are possible is proven by who made the result; here
    they are counted. If there are more than are proven to be needed, the property is open: ``unproven``.

    Parameters
    ----------
    left : claims on what the mechanism gave
    """
    if not audit.linked.any():
        return not_applicable("P5", FEWEST, NONE_LINKED)
    better = int((audit.competing & ~audit.alone & audit.lists.better_than(audit.main.contract)).sum())
    evidence = [sentence("p5_better", better=better), *(left.in_words() or [sentence("no_claim")])]
    claims = _claims(audit, left)
    if not left.may_be:
        return checked("P5", FEWEST, evidence, claims)
    proofs = claims.head(SHOWN).select(PROOF.keys())
    held = checked("P5", FEWEST, evidence, proofs=proofs)
    return held if left.are_fewest else held.unproven()


def _claims(audit: Audit, left: Left) -> pl.DataFrame:
    """A violation for each member of a link that has a claim."""
    if not left.joint:
        return no_violations()
    members = np.concatenate(left.joint)
    rows = contracts_named(audit, members)
    return violations(rows, "claims_together", contract="name")
