"""The runs of a comparison: variants of a campaign run one after the other, run folders read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from engine.compare.frontier import Frontier, Known, frontier_of
from engine.compare.side import NO_POSTS, R7, Side, manifest_of, read_side, side_of_run
from engine.model.campaign import Campaign, read_campaign
from engine.model.defects import InputRefused, defects
from engine.model.scoring import score
from engine.pipeline import ADJUSTMENT, campaign_options, campaign_under, run_campaign
from engine.runaudit import campaign_of_run
from engine.runs import Run
from engine.variants.variant import Variant

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What is to be compared, in the order of the comparison.

    Attributes
    ----------
    campaign : folder of the campaign that is run itself and under each variant; None runs nothing
    variants : laid on the campaign, or the TOML files that say them
    runs : run folders that are read
    ground : folder of the campaign that the run folders were made from, for their frontier; None leaves it out
    frontier : whether to look for the frontier
    """

    campaign: Path | None = None
    variants: tuple[Variant | Path, ...] = ()
    runs: tuple[Path, ...] = ()
    ground: Path | None = None
    frontier: bool = True


def sides_of(asked: Asked, progress: Progress | None = None) -> list[Side]:
    """The runs, each reduced to what a comparison needs before the next one begins.

    Raises
    ------
    InputRefused
        With every defect of the campaign, of a variant (all variants are looked at before anything is run) or of a run
        folder.
    """
    say, known = progress or (lambda stage: None), dict[str, int]()
    sides = [read_side(folder, folder.resolve().name) for folder in asked.runs]
    made = _made(asked, known, say)
    if asked.ground is not None and asked.frontier:
        sides = [
            _with_frontier(side, folder, asked.ground, known) for side, folder in zip(sides, asked.runs, strict=True)
        ]
    return [*made, *sides]


def _made(asked: Asked, known: Known, say: Progress) -> list[Side]:
    """The campaign and its variants, run."""
    if asked.campaign is None:
        return []
    say("read")
    base = read_campaign(asked.campaign)
    if base.settings.movement == ADJUSTMENT:
        raise InputRefused(defects(R7, base.settings.id, problem=NO_POSTS))
    campaign_options(base)
    campaigns = {base.settings.id: base, **_varied(base, asked.variants)}
    return [_run(name, campaign, asked.frontier, known, say) for name, campaign in campaigns.items()]


def _varied(base: Campaign, variants: Sequence[Variant | Path]) -> dict[str, Campaign]:
    """The campaigns under the variants, by their names. Raises InputRefused with every defect of all of them."""
    made, found = dict[str, Campaign](), list[pl.DataFrame]()
    for variant in variants:
        try:
            campaign = campaign_under(base, variant)
        except InputRefused as refused:
            found.append(refused.defects)
            continue
        assert campaign.overlay is not None  # a variant was laid on it
        name = campaign.overlay.name
        if name in made or name == base.settings.id:
            problem, hint = "is the id of two variants, or of the campaign itself.", "Give each an id of its own."
            table = f"variant {name}" if isinstance(variant, Variant) else str(variant)
            found.append(defects(R7, table, column="id", value=name, problem=problem, hint=hint))
        made[name] = campaign
    if found:
        raise InputRefused(pl.concat(found))
    return made


def _run(name: str, campaign: Campaign, with_frontier: bool, known: Known, say: Progress) -> Side:
    done = run_campaign(campaign, progress=lambda stage: say(f"{name}: {stage}"))
    assert isinstance(done, Run)  # the adjustment was refused
    say(f"{name}: frontier")
    frontier = frontier_of(campaign, done.scored, known) if with_frontier else None
    return side_of_run(done, name, frontier)


def _with_frontier(side: Side, folder: Path, ground: Path, known: Known) -> Side:
    """The run with its frontier, where the campaign is the one it was made from."""
    campaign = campaign_of_run(ground, manifest_of(folder))
    if campaign.digest() != side.told["input_digest"]:
        problem = f"is not the campaign that {folder} was made from: its digest differs."
        raise InputRefused(defects(R7, str(ground), problem=problem))
    frontier: Frontier = frontier_of(campaign, score(campaign, campaign.rules), known)
    return replace(side, frontier=frontier)
