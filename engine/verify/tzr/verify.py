"""The verdict on a TZR adjustment: the properties of DESIGN 8 that mean something there, P14 for what is optimal."""

from __future__ import annotations

from engine.model.campaign import Campaign
from engine.model.scoring import Scored
from engine.verify.tzr.audit import AdjustmentAudit, AdjustmentResult
from engine.verify.tzr.services import p1_services, p2_holders, p7_preferences
from engine.verify.verdict import Verdict


def verify_adjustment(campaign: Campaign, scored: Scored, result: AdjustmentResult) -> Verdict:
    """The verdict on a result of an adjustment.

    Parameters
    ----------
    scored : points of the preferences, as `engine.model.scoring.score` gives them for this campaign
    """
    audit = AdjustmentAudit(campaign, scored, result)
    return Verdict((p1_services(audit), p2_holders(audit), p7_preferences(audit)))
