"""When a search by CP-SAT has to end, and what makes it repeatable."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpSolver


@dataclass(frozen=True)
class Limits:
    """When a search has to end (`deadline`, of `time.perf_counter`), the seed and the number of workers."""

    deadline: float
    seed: int
    workers: int

    @property
    def seconds(self) -> float:
        return max(self.deadline - perf_counter(), 0.0)


def cp_solver(limits: Limits) -> CpSolver:
    """A solver within limits; workers take turns in fixed steps, so that the answer depends on their number alone."""
    from ortools.sat.python.cp_model import CpSolver

    solver = CpSolver()
    solver.parameters.max_time_in_seconds = limits.seconds
    solver.parameters.random_seed = limits.seed % 2**31
    solver.parameters.num_workers = limits.workers
    solver.parameters.interleave_search = limits.workers > 1
    return solver
