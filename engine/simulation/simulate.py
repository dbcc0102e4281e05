"""The whole way of a simulation: plan -> draws, each a file -> tables of what they say -> folder.

Draws are asked for in the order of their numbers and finish in any. Whether they are enough is judged after fixed
numbers of them, on the first ones: what happens to be finished beyond those counts for nothing. So the result is the
same wherever and however often interrupted the draws are made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, wait
from pathlib import Path
from typing import Any

from engine.folders import require_free
from engine.model.campaign import Campaign, read_campaign
from engine.pipeline import campaign_options, campaign_under
from engine.runmanifest import rules_digest
from engine.simulation.experiment import Experiment
from engine.simulation.folder import SIMULATION_FILES, Simulation, write_simulation
from engine.simulation.gather import gather
from engine.simulation.plan import NOISE, Plan, plan_of
from engine.simulation.record import SHARE_MOVED, head_of
from engine.simulation.statistics import half_width
from engine.simulation.store import Store, discard, store_of
from engine.simulation.workers import Place, Promise, num_cores, place_of
from engine.variants.variant import Variant
from engine.versions import versions

JUDGED_EVERY = 20
"""Draws between one judgement of the precision and the next."""

RESTARTS = 3
"""How often lost processes are replaced before it is taken for a fault of the draws."""

Progress = Callable[[int, int], None]


class WorkersLost(Exception):
    """Processes or machines that make draws end again and again; the message says what to do."""


def simulate(
    campaign: Campaign | Path | str,
    target: Path | str,
    *,
    draws: int,
    vary: Collection[str] = ("lots",),
    seed: int | None = None,
    variant: Variant | Path | str | None = None,
    noise: float = NOISE,
    precision: float | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    replace: bool = False,
    progress: Progress | None = None,
    page: Callable[[Simulation], str] | None = None,
    **overrides: Any,
) -> Simulation:
    """Runs a campaign again and again with something of it drawn anew, and writes what the draws say.

    What a stopped simulation has finished is not done again when the same one is asked for.

    Parameters
    ----------
    campaign : or the folder it is in
    target : folder to write; the draws are in ``TARGET.partial`` until they are done
    draws : how many, at the most
    vary : what is drawn: some of lots, preferences, population
    seed : every draw comes from it; by default the campaign's
    variant : laid on the campaign (`engine.variants.vary`), or the TOML file that says it
    noise : scale of the noise of preferences (`engine.simulation.preferences`)
    precision : half-width of the 95 % interval of the share of candidates who move at which draws stop; None = all
    workers : processes; by default one for each processor. With one, this process makes the draws
    cluster : address of the scheduler of a Dask cluster to make them on instead
    replace : begin anew, and take the place of a finished simulation
    progress : called with the draws finished and the draws planned
    page : makes ``report.html``; None writes none
    overrides : options of the campaign to replace, by name

    Raises
    ------
    InputRefused
        If the campaign, its options or the plan are not as they must be, or a stopped simulation was another.
    engine.folders.TargetExists
        If `target` exists and `replace` is false.
    WorkersLost, engine.simulation.cluster.ClusterUnreachable
        What is finished stays, and the same call goes on from there.
    """
    target = Path(target)
    require_free(target, replace=replace, content=SIMULATION_FILES)
    campaign = campaign if isinstance(campaign, Campaign) else read_campaign(campaign)
    campaign = campaign if variant is None else campaign_under(campaign, variant, overrides)
    options = campaign_options(campaign, overrides)
    experiment = Experiment(campaign, plan_of(campaign, draws, vary, seed, noise, precision), overrides)
    begun_with = {
        "campaign": campaign.settings.model_dump(by_alias=True),
        "input_digest": campaign.digest(),
        "variant": None if campaign.overlay is None else campaign.overlay.content,
        "rules_digest": rules_digest(campaign),
        "options": options.model_dump(),
        **experiment.plan.model_dump(mode="json"),
        "libraries": versions(),
    }
    with store_of(target, begun_with, replace=replace) as store:
        counted = _made(experiment, store, workers or num_cores(), cluster, progress or _silent)
        gathered = gather(experiment, store, counted)
        done = write_simulation(target, experiment, begun_with, gathered, page, replace=replace)
        discard(store)
    return done


def _silent(finished: int, planned: int) -> None:
    """No progress is asked for."""


def _made(experiment: Experiment, store: Store, workers: int, cluster: str | None, say: Progress) -> int:
    """Makes the draws that are missing; how many count."""
    judge = _Judge(experiment.plan, store)
    for _ in range(RESTARTS):
        if judge.counted() is not None:
            break
        try:
            with place_of(experiment, workers, cluster) as place:
                _make(experiment.plan, store, judge, place, say)
        except BrokenExecutor:  # what was running is made again by new processes
            continue
    counted = judge.counted()
    if counted is None:
        raise WorkersLost(
            f"The processes that make draws ended {RESTARTS} times, perhaps for want of memory. The finished draws are "
            "kept: give the same command again, with fewer --workers. A script that calls engine.simulate has to do so "
            'under `if __name__ == "__main__":`, since workers load it too.'
        )
    return counted


def _make(plan: Plan, store: Store, judge: _Judge, place: Place, say: Progress) -> None:
    """Asks for draws in their order, some at a time, until they are enough."""
    missing = (number for number in range(1, plan.draws + 1) if not store.has(number))
    running: dict[Promise, int] = {}
    try:
        while judge.counted() is None:
            say(judge.reached, plan.draws)
            for number in _some(missing, place.width - len(running)):
                running[place.submit(number)] = number
            for promise in wait(running, return_when=FIRST_COMPLETED).done:
                store.write(running.pop(promise), promise.result())
        say(plan.draws, plan.draws)
    finally:
        for promise in running:
            promise.cancel()


def _some(numbers: Iterator[int], count: int) -> Iterator[int]:
    for _, number in zip(range(count), numbers, strict=False):
        yield number


class _Judge:
    """Whether the draws from the first to some number are there, and enough."""

    def __init__(self, plan: Plan, store: Store) -> None:
        self.plan, self.store = plan, store
        self.reached = 0
        self._shares: list[float] = []
        self._enough = False

    def counted(self) -> int | None:
        """How many draws count, once that is known."""
        while not self._enough and self.store.has(self.reached + 1):
            self.reached += 1
            self._enough = self.reached == self.plan.draws or self._precise()
        return self.reached if self._enough else None

    def _precise(self) -> bool:
        if self.plan.precision is None:
            return False
        with self.store.read(self.reached) as content:
            share = head_of(content)["figures"].get(SHARE_MOVED)
        self._shares += [] if share is None else [share]
        due = self.reached % JUDGED_EVERY == 0 and len(self._shares) > 1
        return due and half_width(self._shares) <= self.plan.precision
