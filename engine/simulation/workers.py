"""Where draws are made: in this process, in processes of this machine, or on a Dask cluster.

All three take a number and promise the record of the draw (`concurrent.futures.Future`); which one was asked changes
no byte of it. A process or machine that is lost costs the draws it was making, which are made again.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import connection

from loky import ProcessPoolExecutor

from engine.simulation.draw import draw
from engine.simulation.experiment import Experiment

Promise = Future[bytes]

ONE_THREAD = dict.fromkeys(
    ("POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)


@dataclass(frozen=True)
class Place:
    """Where draws are made: `submit` asks for one; `width` of them at a time keep everybody busy."""

    submit: Callable[[int], Promise]
    width: int


@contextmanager
def place_of(experiment: Experiment, workers: int, cluster: str | None) -> Iterator[Place]:
    """The place to make draws at: the cluster at an address, else so many processes, else this one.

    Raises
    ------
    engine.simulation.cluster.ClusterUnreachable
        If nothing answers at the address.
    """
    if cluster is not None:
        from engine.simulation.cluster import on_cluster

        with on_cluster(experiment, cluster) as (submit, width):
            yield Place(submit, width)
    elif workers > 1:
        with in_processes(experiment, workers) as place:
            yield place
    else:
        yield Place(partial(_at_once, experiment), 1)


def num_cores() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _at_once(experiment: Experiment, number: int) -> Promise:
    made: Promise = Future()
    made.set_result(draw(experiment, number))
    return made


@contextmanager
def in_processes(experiment: Experiment, workers: int) -> Iterator[Place]:
    """A pool of fresh processes, each with one thread and the campaign in its memory.

    The pool is loky's: that of the standard library may wait for ever where a process is lost as a draw is asked for.
    At an interruption the draws that are running are finished, which takes seconds; those that wait are given up.
    """
    context = multiprocessing.get_context("spawn")
    with _environment(ONE_THREAD):
        pool = ProcessPoolExecutor(workers, context=context, initializer=_begin, initargs=(experiment,))

        def submit(number: int) -> Promise:
            with _deaf():
                promise: Promise = pool.submit(_draw_here, number)
                return promise

        try:
            yield Place(submit, workers + 2)
        finally:
            pool.shutdown(wait=True)


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes started meanwhile hear no interruption from their first instant; this one hears it afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Variables that processes started meanwhile find, and this one has read long ago."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


_EXPERIMENT: list[Experiment] = []
"""The experiment of this process, where it is one of a pool."""


def _begin(experiment: Experiment) -> None:
    """Starts a process of the pool, which ends with its parent."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    _EXPERIMENT[:] = [experiment]


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _draw_here(number: int) -> bytes:
    return draw(_EXPERIMENT[0], number)
