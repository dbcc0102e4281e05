"""P3: no claim. Nobody prefers to what he has a wish that his priority should have given him."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from engine.model.cutoffs import FREE
from engine.model.market import Ints
from engine.verify.audit import Audit
from engine.verify.chain_words import proofs_of, standing_claims
from engine.verify.left import Left
from engine.verify.lists import Mask
from engine.verify.names import contracts_named, holder_of
from engine.verify.promises import is_promised
from engine.verify.seating import Seating
from engine.verify.selection import passed_over
from engine.verify.sentences import Listed, Quoted, Sentence, sentence
from engine.verify.texts import texts
from engine.verify.vacuity import Chains, followed, not_shown_vacuous
from engine.verify.verdict import SHOWN, Property, checked, no_violations, not_applicable, proofs, violations

FOLLOWED = 100  # claims whose chains are looked at for the shortest, which are written out
TITLE = sentence("p3_title")


def p3_claims(audit: Audit, left: Left) -> Property:
    """A candidate claims a contract if he prefers it to what he has, and its priority beats the cutoff of its zone.

    The *cutoff* of a zone is what one has to beat to enter it. From the posts of the zone, walk to those seated there,
    to the other posts of the zones these were granted, and so on: each who is met could make room by leaving, all
    between by moving up. If a free seat is met everybody enters; else the weakest met has to be beaten. A seat still to
    be closed is wanted by a phantom that beats every wish, so it is free to nobody. Who was served by the extension
    that follows a run is not seated in it: his seat was free before.

    An improvement may leave claims behind. Each must then be shown *vacuous*: the claimant takes what he claims, who is
    displaced takes the best that the choice would keep, and so on, until the claimant is displaced himself. The chains
    are the proofs. After the improvement ``stable`` only post claims count, which P10 looks for: nobody beats the
    occupant of a post; claims that would need others to move may stand, and are counted. What the mechanism gave before
    the improvement has no claim at all.

    Linked candidates have no claims of their own: P5 looks for those of links. They take no part in an improvement, so
    that it is judged on the seats they leave. Where somebody is linked there may be no result without claims; then the
    claims of candidates and of links may be as many as the result says, together (`engine.verify.left`).

    Parameters
    ----------
    left : claims on what the mechanism gave
    """
    better = _contested(audit) & audit.lists.better_than(audit.main.contract)
    num_better = int(better[: audit.lists.ptr[audit.lists.num_people]].sum())
    where = "zones" if audit.scored.selection is None else "posts"
    evidence = [sentence(f"p3_better_{where}", better=num_better)]
    if len(left.alone):
        evidence += [sentence("p3_of_them_claims", claims=len(left.alone)), *left.in_words()]
    if not audit.improves or audit.result.improvement == "permutations":
        return _of_the_mechanism(audit, left, evidence)
    return _after_improvement(audit, left, evidence)


def _of_the_mechanism(audit: Audit, left: Left, evidence: Sequence[Sentence]) -> Property:
    """Claims on what the mechanism gave; permutations, which follow their own rule, are no matter of claims."""
    if audit.before is None:
        return not_applicable("P3", TITLE, sentence("untold_before_permutations"))
    wrong = left.wrong(audit.lists.candidate)
    passed = passed_over(audit)
    found = checked("P3", TITLE, evidence, claimed(audit, audit.before, wrong), passed, proofs=excused(audit, left))
    return found.counting(**_counted(audit, left.alone))


def excused(audit: Audit, left: Left) -> pl.DataFrame:
    """The first claims of candidates alone that may be, with why: columns of `PROOF`."""
    may_be = left.excused(audit.lists.candidate)[:SHOWN]
    rows = contracts_named(audit, may_be)
    return proofs(rows, texts(rows, "claim_excused", contract="name", left=Listed(left.in_words())))


def _after_improvement(audit: Audit, left: Left, evidence: Sequence[Sentence]) -> Property:
    before, earlier = audit.before, no_violations()
    if before is not None:
        earlier = claimed(audit, before, left.wrong(audit.lists.candidate), "_before")
    found = audit.apart.claims(_contested(audit))
    may_be = left.excused(audit.lists.candidate)
    found = np.setdiff1d(found, may_be, assume_unique=True)
    if not is_promised("P3", audit):
        return _left_by_others(audit, found, evidence)
    stand = _standing(audit, found)
    vacuous = np.setdiff1d(found, stand.claim, assume_unique=True)
    shown = proofs_of(audit, _followed(audit, vacuous[:FOLLOWED]).shortest(SHOWN))
    return checked(
        "P3",
        TITLE,
        (*evidence, _left_behind(audit, found, vacuous), *_instance(shown)),
        earlier,
        standing_claims(audit, stand) if audit.result.improvement != "stable" else no_violations(),
        proofs=shown,
    ).counting(**_counted(audit, found))


def _left_by_others(audit: Audit, found: Ints, evidence: Sequence[Sentence]) -> Property:
    """Claims that are left after a mechanism which promises nothing about them: their chains are not followed."""
    counts = _counted(audit, found)
    return checked(
        "P3", TITLE, (*evidence, sentence("p3_left", **counts)), claimed(audit, audit.apart, found)
    ).counting(**counts)


def _counted(audit: Audit, found: Ints) -> dict[str, int]:
    """How many claims there are, and of how many candidates."""
    return {"claims": len(found), "claimants": len(np.unique(audit.lists.candidate[found]))}


def _left_behind(audit: Audit, found: Ints, vacuous: Ints) -> Sentence:
    if not len(found):
        return sentence("p3_none_left")
    counts = _counted(audit, found) | {"vacuous": len(vacuous)}
    if audit.result.improvement == "stable" and len(vacuous) < len(found):
        return sentence("p3_left_beside_posts", **counts, others=len(found) - len(vacuous))
    return sentence("p3_left_vacuous", **counts)


def _instance(shown: pl.DataFrame) -> list[Sentence]:
    """The first chain in words."""
    told = shown.drop_nulls("candidate_id").head(1).to_dicts()
    return [sentence("p3_instance", who=row["candidate_id"], how=Quoted.of(row)) for row in told]


def claims_among_people(audit: Audit, now: Seating) -> Ints:
    """Claims of those whose result can be judged and who are not linked.

    What a phantom lacks is a matter of counting seats (P1), what a link claims another (P5).
    """
    found = now.claims(_contested(audit))
    return found[audit.lists.candidate[found] < audit.lists.num_people]


def not_vacuous(audit: Audit, found: Ints) -> Ints:
    """Of claims on the result of the run, those that no chain takes back, where the mechanism promises such chains."""
    return _standing(audit, found).claim if audit.improves and is_promised("P3", audit) else found


def claimed(audit: Audit, now: Seating, found: Ints, when: str = "") -> pl.DataFrame:
    """A violation for each claim, with the free seat, or the name of who would have to make room.

    Parameters
    ----------
    when : "" for a claim on what is held in the end, ``_before`` for one before the improvement
    """
    cutoff = now.zone_cutoffs[audit.lists.zone[found]]
    weakest = holder_of(audit, cutoff)
    inside = np.zeros(len(found), dtype=np.bool_)
    known = np.flatnonzero(weakest >= 0)
    inside[known] = audit.lists.covers(found[known], now.post[audit.lists.candidate[weakest[known]]])
    rows = contracts_named(audit, found).with_columns(
        contracts_named(audit, weakest)["candidate_id"].alias("weakest"),
        pl.Series("free", cutoff == FREE),
        pl.Series("inside", inside),
    )
    beaten = rows.filter(~pl.col("free"))
    return pl.concat(
        [
            violations(rows.filter("free"), f"claims_free{when}", contract="name"),
            violations(beaten.filter("inside"), f"claims_entered{when}", contract="name", weakest="weakest"),
            violations(beaten.filter(~pl.col("inside")), f"claims_room{when}", contract="name", weakest="weakest"),
        ]
    )


def _standing(audit: Audit, found: Ints) -> Chains:
    """Of claims on the result of the run, those that no chain takes back, with their chains."""
    discipline = audit.posts["discipline"].rank("dense").cast(pl.Int64).to_numpy()
    a_post = audit.lists.zone_post[audit.lists.zone_ptr[audit.lists.zone[found]]]
    competing = audit.competing & audit.alone
    rest = not_shown_vacuous(audit.apart, found, competing, _to_close(audit), discipline[a_post])
    return _followed(audit, rest).that_stand()


def _followed(audit: Audit, found: Ints) -> Chains:
    return followed(audit.apart, found, audit.competing & audit.alone, _to_close(audit))


def _to_close(audit: Audit) -> Ints:
    """int64[m]: seats of each post that are still to be closed as they fall free."""
    left: Ints = audit.posts["closing"].to_numpy() - audit.main.closed
    return left


def _contested(audit: Audit) -> Mask:
    """bool[k]: contracts that compete in the run, of those who can be judged and are not linked."""
    contested: Mask = audit.competing & audit.alone & audit.judged[audit.lists.candidate]
    return contested
