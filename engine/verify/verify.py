"""The audit of a result: every property of DESIGN 8, from tables alone, by code that shares nothing with the
solvers."""

from __future__ import annotations

from engine.model.campaign import Campaign
from engine.model.contracts import Contracts
from engine.model.scoring import Scored
from engine.verify.audit import Audit, Result, audit
from engine.verify.claims import p3_claims
from engine.verify.decisions import p15_decisions
from engine.verify.improvement import p10_improvement
from engine.verify.left import Left, claims_of_the_run
from engine.verify.links import p4_together, p5_claims
from engine.verify.mutations import p3_mutations, p5_mutations, p11_mutations
from engine.verify.obligations import p7_admissible, p8_extension
from engine.verify.permutations import p12_head_counts
from engine.verify.placement import p9_placement
from engine.verify.publication import p11_cutoffs, p13_determinism
from engine.verify.seats import p1_seats, p2_holders
from engine.verify.shortage import p6_mandatory
from engine.verify.verdict import Property, Verdict, joined
from engine.verify.waived import as_promised


def verify(campaign: Campaign, scored: Scored, result: Result, contracts: Contracts | None = None) -> Verdict:
    """The verdict on a result of a campaign.

    Parameters
    ----------
    scored : points of the wishes, as `engine.model.scoring.score` gives them for this campaign
    result : the tables to audit, ours or another's
    contracts : what `engine.model.contracts.contracts_of` gives for this campaign and the way the result extends
        wishes, where it is at hand; made anew otherwise
    """
    facts = audit(campaign, scored, result, contracts)
    left = claims_of_the_run(facts)
    by_turns = facts.in_turns
    found = (
        p1_seats(facts, left),
        p2_holders(facts),
        p3_mutations(facts) if by_turns else p3_claims(facts, left),
        p4_together(facts),
        p5_mutations(facts) if by_turns else p5_claims(facts, left),
        p6_mandatory(facts, left),
        p7_admissible(facts),
        p8_extension(facts, left),
        p9_placement(facts),
        p10_improvement(facts, left),
        _cutoffs(facts, left),
        p12_head_counts(facts),
        p13_determinism(facts),
        p15_decisions(facts, left),
    )
    return Verdict(tuple(as_promised(item, facts) for item in found))


def _cutoffs(facts: Audit, left: Left) -> Property:
    """P11, by the cutoffs of entry and exit where the movement publishes both."""
    generic = not facts.in_turns
    both = p11_mutations(facts) if facts.campaign.settings.movement == "interdepartemental" else None
    if both is None or (generic and both.status == "not_applicable"):
        return p11_cutoffs(facts, left)
    return both if not generic else joined(p11_cutoffs(facts, left), both)
