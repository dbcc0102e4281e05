"""The verdict on a TZR adjustment: the properties of DESIGN 8 that mean something there, P14 for what is optimal."""

from __future__ import annotations

from engine.model.campaign import Campaign
from engine.model.scoring import Scored
from engine.verify.sentences import sentence
from engine.verify.tzr.arenas import arenas_of
from engine.verify.tzr.audit import AdjustmentAudit, AdjustmentResult
from engine.verify.tzr.bounds import p11_figures, p13_same_bytes, p14_most
from engine.verify.tzr.claims import p3_claims, p6_idle
from engine.verify.tzr.decisions import p15_decisions
from engine.verify.tzr.services import p1_services, p2_holders, p7_preferences
from engine.verify.verdict import Property, Verdict, not_applicable

MEANINGLESS = {
    "P4": sentence("nobody_linked"),
    "P5": sentence("nobody_linked"),
    "P8": sentence("not_extended_here"),
    "P9": sentence("nothing_placed_here"),
    "P10": sentence("no_improvement_here"),
    "P12": sentence("no_permutations_here"),
}
"""Properties that have no meaning here, and why."""


def verify_adjustment(campaign: Campaign, scored: Scored, result: AdjustmentResult) -> Verdict:
    """The verdict on a result of an adjustment.

    Parameters
    ----------
    scored : points of the preferences, as `engine.model.scoring.score` gives them for this campaign
    """
    audit = AdjustmentAudit(campaign, scored, result)
    arenas = tuple(arenas_of(audit))
    found = (
        p1_services(audit),
        p2_holders(audit),
        p3_claims(audit, arenas),
        p6_idle(audit, arenas),
        p7_preferences(audit),
        p11_figures(audit),
        p13_same_bytes(audit),
        p14_most(audit, arenas),
        p15_decisions(audit),
    )
    aside = (not_applicable(name, sentence(f"{name.lower()}_title"), why) for name, why in MEANINGLESS.items())
    return Verdict(tuple(sorted((*found, *aside), key=_number)))


def _number(item: Property) -> int:
    return int(item.name.removeprefix("P"))
