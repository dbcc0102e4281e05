"""One draw from its number to its record: the same pipeline as any run, on a campaign that was drawn."""

from __future__ import annotations

from engine.model.defects import InputRefused
from engine.pipeline import run_campaign
from engine.runs import Run
from engine.simulation.drawn import drawn_campaign, lots_seed
from engine.simulation.experiment import Experiment
from engine.simulation.record import record_of, record_of_refusal, to_bytes

REPLAYED_EVERY = 10
"""Of draws with links one in so many is solved a second time for P13: the search for links is half of their cost."""


def draw(experiment: Experiment, number: int) -> bytes:
    """The record of a draw as the content of a file; it depends on nothing but the experiment and the number."""
    seed = lots_seed(experiment, number)
    replay = experiment.campaign.links.is_empty() or number % REPLAYED_EVERY == 1
    try:
        drawn = drawn_campaign(experiment, number)
        run = run_campaign(drawn.campaign, scored=drawn.scored, replay=replay, **experiment.overrides)
    except InputRefused as refused:
        return to_bytes(record_of_refusal(experiment, number, seed, str(refused)))
    assert isinstance(run, Run)  # the plan refuses the movement of the other kind
    return to_bytes(record_of(experiment, number, seed, drawn, run))
