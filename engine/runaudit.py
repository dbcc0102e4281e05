"""The verdict on a run folder, ours or another's, by the movement of its campaign."""

from __future__ import annotations

from pathlib import Path

from engine.model.campaign import Campaign, read_campaign
from engine.model.scoring import score
from engine.model.settings import Options
from engine.pipeline import ADJUSTMENT, campaign_under
from engine.runmanifest import Manifest
from engine.runreading import audit_notes, read_adjustment_result, read_result
from engine.variants.variant import as_variant
from engine.variants.vary import vary
from engine.verify.tzr.verify import verify_adjustment
from engine.verify.verdict import Verdict
from engine.verify.verify import verify


def campaign_of_run(folder: Path, told: Manifest | None, variant: Path | None = None) -> Campaign:
    """The campaign in a folder as a run took it: with the seed and the variant its manifest tells of.

    Parameters
    ----------
    variant : laid on the campaign instead of that of the manifest

    Raises
    ------
    InputRefused
        If the campaign has defects, or the variant does not go with it any more.
    """
    campaign = read_campaign(folder)
    if told is not None and told.seed is not None:
        campaign = campaign.with_seed(told.seed)
    if variant is not None:
        return campaign_under(campaign, variant)
    if told is not None and told.variant is not None:
        campaign = vary(campaign, as_variant(told.variant, "variant in manifest.json"))
    return campaign


def audit_folder(
    campaign: Campaign, folder: Path, told: Manifest | None, options: Options
) -> tuple[Verdict, list[str]]:
    """The verdict on the result in a folder, and what a reader of it must know.

    Parameters
    ----------
    campaign : with the seed of the run
    told : the manifest of the folder, where it has one
    options : under which the result was made

    Raises
    ------
    InputRefused
        If the folder has no result, or one of its files cannot be read.
    """
    scored = score(campaign, campaign.rules)
    if campaign.settings.movement == ADJUSTMENT:
        services = read_adjustment_result(folder, told)
        return verify_adjustment(campaign, scored, services), audit_notes(campaign, told, services.outcomes)
    result = read_result(folder, told, options)
    return verify(campaign, scored, result), audit_notes(campaign, told, result.outcomes)
