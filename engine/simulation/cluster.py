"""Draws on a Dask cluster (extra ``cluster``).

The experiment goes to every worker as a plugin: those that join later, or come back, are given it too, and a draw that
was running on a worker that is lost is given to another by the scheduler.
"""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from typing import Any

from engine.simulation.draw import draw
from engine.simulation.experiment import Experiment
from engine.versions import versions

CONNECT_S = 10
"""Seconds in which a scheduler has to answer."""

RETRIES = 3
PER_THREAD = 2
"""Draws given to each thread of the cluster at a time, so that none waits for the next one."""


class ClusterUnreachable(Exception):
    """No cluster at the address, or none any more; the message says what to do."""


@contextmanager
def on_cluster(experiment: Experiment, address: str) -> Iterator[tuple[Callable[[int], Future[bytes]], int]]:
    """What asks the cluster for a draw, and how many to ask for at a time.

    Raises
    ------
    ClusterUnreachable
    """
    with _connected(address) as client, _told_in_a_sentence(address):
        width = PER_THREAD * _num_threads(client, address)
        _require_same_versions(client, address)
        with _given(client, experiment) as name:
            loop = client.loop.asyncio_loop

            def submit(number: int) -> Future[bytes]:
                draw_there = client.submit(_draw_there, name, number, retries=RETRIES, pure=False)
                return asyncio.run_coroutine_threadsafe(_awaited(draw_there), loop)

            yield submit, width


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """A client of the scheduler. Meanwhile it does not log, with its stack, what is told in a sentence."""
    client = _client(address)
    log = logging.getLogger("distributed.client")
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield client
    finally:
        with suppress(TimeoutError):
            client.close()
        log.setLevel(before)


@contextmanager
def _given(client: Any, experiment: Experiment) -> Iterator[str]:
    """The name under which every worker, now or later, holds the experiment."""
    name = f"mouvement-{uuid.uuid4().hex}"
    client.register_plugin(_plugin(experiment, name))
    try:
        yield name
    finally:
        with suppress(Exception):  # of a cluster that is gone nothing has to be taken back
            client.unregister_worker_plugin(name)


@contextmanager
def _told_in_a_sentence(address: str) -> Iterator[None]:
    """Says in a sentence that the cluster is lost."""
    from distributed import KilledWorker
    from distributed.comm.core import CommClosedError

    try:
        yield
    except (CancelledError, KilledWorker, CommClosedError) as error:
        raise ClusterUnreachable(
            f"--cluster {address}: lost ({type(error).__name__}). The finished draws are kept: give the same command "
            "again when it is back, or without --cluster."
        ) from None


def _require_same_versions(client: Any, address: str) -> None:
    """Raises ClusterUnreachable where a worker would not give the numbers of this machine."""
    here = versions()
    try:
        there = client.run(versions)
    except Exception as error:  # whatever another installation raises, it is not this one
        told = f"--cluster {address}: its workers cannot load this version of mouvement ({error})."
        raise ClusterUnreachable(f"{told} Install it there.") from None
    for worker, found in there.items():
        other = [f"{name} {found.get(name)} (here {here[name]})" for name in here if found.get(name) != here[name]]
        if other:
            told = f"--cluster {address}: worker {worker} has {', '.join(other)}."
            raise ClusterUnreachable(f"{told} The same draws need the same versions.")


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise ClusterUnreachable(
            "--cluster needs the library distributed, which is not installed: pip install 'mouvement[cluster]'."
        ) from None
    if not re.fullmatch(r"\w+://\S+|\S+:\d+", address):
        raise ClusterUnreachable(f"--cluster {address}: is no address; one is like tcp://10.0.0.1:8786.")
    try:
        connect: Any = Client
        return connect(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterUnreachable(
            f"--cluster {address}: no Dask scheduler answers there ({type(error).__name__}). "
            "An address is like tcp://10.0.0.1:8786."
        ) from None


def _num_threads(client: Any, address: str) -> int:
    threads = sum(client.nthreads().values())
    if not threads:
        raise ClusterUnreachable(f"--cluster {address}: the scheduler has no worker. Start one: dask worker {address}.")
    return int(threads)


def _plugin(experiment: Experiment, name: str) -> Any:
    from engine.simulation.plugin import ExperimentPlugin

    return ExperimentPlugin(experiment, name)


async def _awaited(draw_there: Any) -> bytes:
    """The record of a draw, or whatever went wrong: unlike the client's executor, it hides no error of fetching it."""
    record: bytes = await draw_there
    return record


def _draw_there(name: str, number: int) -> bytes:
    """A draw on a worker, from the experiment that its plugin holds."""
    from distributed import get_worker

    plugin: Any = get_worker().plugins[name]
    return draw(plugin.experiment, number)
