"""What a Dask worker holds of a simulation."""

from __future__ import annotations

from distributed import WorkerPlugin

from engine.simulation.experiment import Experiment


class ExperimentPlugin(WorkerPlugin):
    """The experiment, in the memory of the worker; draws find it under the plugin's name."""

    def __init__(self, experiment: Experiment, name: str) -> None:
        self.experiment = experiment
        self.name = name
